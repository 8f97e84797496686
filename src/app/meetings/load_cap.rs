//! The load cap at work: nobody is asked for two skip-levels in a week, or within 28 days (product.md 4, rule 2).

use chrono::Days;

use crate::{
    app::{AppError, Mistake, MistakeCode, Session, session::Turn},
    auth::scope::{Grant, action::Meet},
    domain::{
        Date, load,
        meeting::MeetingKind,
        suggestion::{InvalidReason, SuggestionStatus},
        week::Week,
    },
    store::{Claim, MeetingRow},
};

impl Session {
    /// Whether a skip-level on `day` keeps the load cap of its counterpart.
    pub(in crate::app) async fn within_cap(
        &self,
        turn: &Turn,
        grant: &Grant<Meet>,
        meeting: &MeetingRow,
        day: Date,
        field: &str,
    ) -> Result<Result<(), Mistake>, AppError> {
        if meeting.kind != MeetingKind::SkipLevel {
            return Ok(Ok(()));
        }
        let weeks = load::weeks_around(day, &turn.settings);
        let claims = turn.write.claims(grant, meeting.counterpart, weeks, self.now()).await?;
        let others = claims.iter().filter(|claim| {
            claim.meeting != Some(meeting.id)
                && (meeting.suggestion.is_none() || claim.suggestion != meeting.suggestion)
        });
        let near = others
            .map(|claim| claim.day)
            .filter(|claimed| load::is_too_near(*claimed, day, &turn.settings))
            .max();
        Ok(near.map_or(Ok(()), |near| {
            let days = turn.settings.load_cap_days;
            // The week, not the day: on which day others meet is theirs to know.
            let free = Week::of(near + Days::new(days.max(7).unsigned_abs() + 6));
            let message = format!(
                "this person has another skip-level too near to that day: nobody has two within {days} days; \
                 try {free} or later"
            );
            Err(Mistake::at(field, MistakeCode::LoadCap, message))
        }))
    }

    /// Makes way for a skip-level that took place on `day`: an open suggestion of another leader gives way, another
    /// skip-level that is agreed or took place in that week does not.
    pub(super) async fn make_way(
        &self,
        turn: &Turn,
        grant: &Grant<Meet>,
        meeting: &MeetingRow,
        day: Date,
    ) -> Result<Result<(), Mistake>, AppError> {
        if meeting.kind != MeetingKind::SkipLevel {
            return Ok(Ok(()));
        }
        let week = Week::of(day);
        let claims = turn
            .write
            .claims(grant, meeting.counterpart, (week, week), self.now())
            .await?;
        for claim in claims.iter().filter(|claim| claim.meeting != Some(meeting.id)) {
            match (claim.meeting, claim.suggestion) {
                (None, Some(suggestion)) if claim.leader == meeting.leader => {
                    turn.write
                        .change_suggestion(grant, suggestion, SuggestionStatus::Accepted)
                        .await?;
                }
                (None, Some(suggestion)) => turn.write.take_away(grant, suggestion, InvalidReason::LoadCap).await?,
                _ => {
                    let message =
                        "this person has another skip-level in that week; one a week is the most there can be";
                    return Ok(Err(Mistake::at("heldAt", MistakeCode::LoadCap, message)));
                }
            }
        }
        Ok(Ok(()))
    }

    /// Moves the meeting's claim to `day`.
    pub(in crate::app) async fn claim(
        &self,
        turn: &Turn,
        grant: &Grant<Meet>,
        meeting: &MeetingRow,
        day: Date,
    ) -> Result<(), AppError> {
        if meeting.kind != MeetingKind::SkipLevel {
            return Ok(());
        }
        turn.write.drop_claim(grant, meeting.id).await?;
        if let Some(suggestion) = meeting.suggestion {
            turn.write.drop_claim(grant, suggestion).await?;
        }
        let claim = Claim {
            person: meeting.counterpart,
            week: Week::of(day),
            day,
            leader: meeting.leader,
            suggestion: meeting.suggestion,
            meeting: Some(meeting.id),
        };
        Ok(turn.write.put_claim(grant, &claim).await?)
    }
}
