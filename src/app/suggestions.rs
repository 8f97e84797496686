//! Suggestions: reading one's own, and answering them (product.md 4, life cycle).

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    AppError, Keyed, MeetingChanged, Mistake, MistakeCode, Outcome, Session, act::act, answers::word, meetings::Times,
    session::Turn,
};
use crate::{
    auth::scope::{Grant, action::Meet},
    domain::{
        meeting::{MeetingKind, MeetingOrigin, MeetingStatus},
        person::PersonKey,
        rotation::{Pick, Round, pick_for},
        suggestion::SuggestionStatus,
        week::{Week, start_of_day},
    },
    store::{MeetingRow, PageRequest, Slice, SuggestionFilter, SuggestionRow, claim_of},
};

/// Which suggestions; all conditions hold together.
#[derive(Clone, Debug, Default)]
pub struct SuggestionQuery {
    /// For this week.
    pub week: Option<Week>,
    /// Of this kind.
    pub kind: Option<MeetingKind>,
    /// Of this present status.
    pub status: Option<SuggestionStatus>,
}

/// Which suggestion to accept, and for when.
#[derive(Clone, Debug, Serialize)]
pub struct AcceptSuggestionInput {
    /// Public id.
    pub suggestion: Uuid,
    /// Agreed start; open when none.
    pub starts_at: Option<DateTime<Utc>>,
    /// Agreed length.
    pub duration_minutes: i32,
}

/// Which suggestion.
#[derive(Clone, Debug, Serialize)]
pub struct AboutSuggestion {
    /// Public id.
    pub suggestion: Uuid,
}

/// What a mutation changed: the id of the suggestion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuggestionChanged {
    /// Public id.
    pub suggestion: Uuid,
}

/// What a swap changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuggestionSwapped {
    /// The old one.
    pub suggestion: Uuid,
    /// The new one.
    pub replacement: Uuid,
}

impl Session {
    /// One page of the suggestions in reach, newest week first.
    pub async fn suggestions(
        &self,
        query: &SuggestionQuery,
        page: &PageRequest,
    ) -> Result<Slice<SuggestionRow>, AppError> {
        let current = self.current().await?;
        let (scope, cards) = (current.viewer.suggestions(), current.viewer.cards());
        let slice = current
            .snapshot
            .suggestions(&scope, &cards, &self.suggestion_filter(query), page)
            .await?;
        Ok(slice.map(|row| self.aged_suggestion(row)))
    }

    /// How many suggestions are in reach.
    pub async fn suggestions_count(&self, query: &SuggestionQuery) -> Result<u64, AppError> {
        let current = self.current().await?;
        let (scope, cards) = (current.viewer.suggestions(), current.viewer.cards());
        Ok(current
            .snapshot
            .suggestions_count(&scope, &cards, &self.suggestion_filter(query))
            .await?)
    }

    /// The suggestions with these public ids, as far as they are in reach.
    pub async fn suggestions_by_id(&self, ids: Vec<Uuid>) -> Result<HashMap<Uuid, SuggestionRow>, AppError> {
        let current = self.current().await?;
        let (scope, cards) = (current.viewer.suggestions(), current.viewer.cards());
        let rows = current.snapshot.suggestions_by_id(&scope, &cards, ids).await?;
        Ok(rows
            .into_iter()
            .map(|row| (row.id, self.aged_suggestion(row)))
            .collect())
    }

    /// Accepts a suggestion: schedules its meeting.
    pub async fn accept_suggestion(
        &self,
        keyed: &Keyed<AcceptSuggestionInput>,
    ) -> Result<Outcome<SuggestionChanged>, AppError> {
        let grant = self.viewer().await?.may_meet()?;
        act!(self, "acceptSuggestion", keyed, |turn| self
            .accept(turn, &grant, &keyed.input)
            .await?)
    }

    /// Skips a suggestion; the person keeps their place. Of two peers it is taken away from the other one, too.
    pub async fn skip_suggestion(
        &self,
        keyed: &Keyed<AboutSuggestion>,
    ) -> Result<Outcome<SuggestionChanged>, AppError> {
        let grant = self.viewer().await?.may_meet()?;
        act!(self, "skipSuggestion", keyed, |turn| self
            .skip(turn, &grant, &keyed.input)
            .await?)
    }

    /// Swaps a suggestion for the next one by the same rules.
    pub async fn swap_suggestion(
        &self,
        keyed: &Keyed<AboutSuggestion>,
    ) -> Result<Outcome<SuggestionSwapped>, AppError> {
        let grant = self.viewer().await?.may_meet()?;
        act!(self, "swapSuggestion", keyed, |turn| self
            .swap(turn, &grant, &keyed.input)
            .await?)
    }

    async fn accept(
        &self,
        turn: &Turn,
        grant: &Grant<Meet>,
        input: &AcceptSuggestionInput,
    ) -> Result<Outcome<SuggestionChanged>, AppError> {
        let suggestion = match self.open_suggestion(turn, input.suggestion, "accepted").await? {
            Ok(suggestion) => suggestion,
            Err(mistake) => return Ok(Err(vec![mistake])),
        };
        let times = input
            .starts_at
            .map(|at| self.times("startsAt", at, input.duration_minutes))
            .transpose();
        let times = match times {
            Ok(times) => times,
            Err(mistake) => return Ok(Err(vec![mistake])),
        };
        let first = suggestion.week.starts_on().min(Week::of(self.today()).starts_on());
        if times.is_some_and(|times| times.day < first) {
            let message = format!("startsAt lies before {first}; agree on a time in the week of the suggestion");
            return Ok(Err(vec![Mistake::at("startsAt", MistakeCode::Invalid, message)]));
        }
        let accepted = self.accept_at(turn, grant, &suggestion, times).await?;
        Ok(accepted.map(|_| SuggestionChanged {
            suggestion: suggestion.id,
        }))
    }

    /// Accepts an OPEN suggestion for a checked time, or for its week.
    pub(super) async fn accept_at(
        &self,
        turn: &Turn,
        grant: &Grant<Meet>,
        suggestion: &SuggestionRow,
        times: Option<Times>,
    ) -> Result<Outcome<MeetingChanged>, AppError> {
        let meeting = MeetingRow {
            id: Uuid::new_v4(),
            leader: suggestion.leader,
            counterpart: suggestion.counterpart,
            kind: suggestion.kind,
            status: MeetingStatus::Scheduled,
            origin: MeetingOrigin::Rotation,
            distance: suggestion.distance,
            branch: suggestion.branch,
            band: suggestion.band,
            day: times.map(|times| times.day),
            starts_at: times.map(|times| times.starts_at),
            // Agreed for the week alone, it ends with the week.
            ends_at: Some(times.map_or(suggestion.expires_at, |times| times.ends_at)),
            held_at: None,
            suggestion: Some(suggestion.id),
            closed_on: None,
            cancel_reason: None,
            evidence: None,
        };
        let day = times.map_or(suggestion.week.starts_on(), |times| times.day);
        if let Err(mistake) = self.within_cap(turn, grant, &meeting, day, "startsAt").await? {
            return Ok(Err(vec![mistake]));
        }
        self.accept_both(turn, grant, suggestion).await?;
        turn.write.add_meeting(grant, &meeting, self.now()).await?;
        self.claim(turn, grant, &meeting, day).await?;
        Ok(Ok(MeetingChanged { meeting: meeting.id }))
    }

    async fn skip(
        &self,
        turn: &Turn,
        grant: &Grant<Meet>,
        input: &AboutSuggestion,
    ) -> Result<Outcome<SuggestionChanged>, AppError> {
        let suggestion = match self.open_suggestion(turn, input.suggestion, "skipped").await? {
            Ok(suggestion) => suggestion,
            Err(mistake) => return Ok(Err(vec![mistake])),
        };
        if suggestion.kind == MeetingKind::Peer {
            self.skip_peer(turn, grant, &suggestion).await?;
        } else {
            turn.write
                .change_suggestion(grant, suggestion.id, SuggestionStatus::Skipped)
                .await?;
            turn.write.drop_claim(grant, suggestion.id).await?;
        }
        Ok(Ok(SuggestionChanged {
            suggestion: suggestion.id,
        }))
    }

    async fn swap(
        &self,
        turn: &Turn,
        grant: &Grant<Meet>,
        input: &AboutSuggestion,
    ) -> Result<Outcome<SuggestionSwapped>, AppError> {
        let old = match self.open_suggestion(turn, input.suggestion, "swapped").await? {
            Ok(suggestion) => suggestion,
            Err(mistake) => return Ok(Err(vec![mistake])),
        };
        if old.kind == MeetingKind::Peer {
            let message = "a peer cannot be swapped; skip them, and others come first the next time";
            return Ok(Err(vec![Mistake::at("suggestionId", MistakeCode::NotAllowed, message)]));
        }
        let (scope, cards) = (turn.viewer.suggestions(), turn.viewer.cards());
        let week = turn.write.told(&scope, &cards, old.leader, old.week..=old.week).await?;
        let swapped = week
            .iter()
            .filter(|row| row.status == SuggestionStatus::Swapped)
            .count();
        let most = turn.settings.swaps_per_week;
        if u32::try_from(swapped).unwrap_or(u32::MAX) >= most {
            let message = format!("a leader can swap {most} times a week; skip this one, or accept it");
            return Ok(Err(vec![Mistake::at("suggestionId", MistakeCode::Limit, message)]));
        }
        // Taken back first: the draw must not count the one that goes as a visit.
        turn.write
            .change_suggestion(grant, old.id, SuggestionStatus::Swapped)
            .await?;
        turn.write.drop_claim(grant, old.id).await?;
        let chart = turn.write.org_chart(self.today()).await?;
        let facts = turn
            .write
            .draw_facts(&turn.settings, old.week..=old.week, self.now())
            .await?;
        let round = Round {
            chart: &chart,
            facts: &facts,
            settings: &turn.settings,
            seed: turn.state.draw_seed.cast_unsigned(),
            today: self.today(),
            week: old.week,
        };
        let told: Vec<PersonKey> = week.iter().map(|row| row.counterpart).collect();
        match pick_for(&round, old.leader, &told) {
            Ok(pick) => {
                let replacement = SuggestionRow {
                    replaces: Some(old.id),
                    ..self.suggestion_of(&pick, old.week)
                };
                turn.write.add_suggestion(grant, &replacement).await?;
                turn.write.put_claim(grant, &claim_of(&replacement)).await?;
                Ok(Ok(SuggestionSwapped {
                    suggestion: old.id,
                    replacement: replacement.id,
                }))
            }
            Err(slot) => {
                turn.write
                    .change_suggestion(grant, old.id, SuggestionStatus::Open)
                    .await?;
                turn.write.put_claim(grant, &claim_of(&old)).await?;
                let message = format!(
                    "nobody else can be suggested this week ({}); this one stays open",
                    word(&slot.code)
                );
                Ok(Err(vec![Mistake::at("suggestionId", MistakeCode::NobodyLeft, message)]))
            }
        }
    }

    /// The suggestion that follows from a pick of the draw.
    pub(super) fn suggestion_of(&self, pick: &Pick, week: Week) -> SuggestionRow {
        SuggestionRow {
            id: Uuid::new_v4(),
            week,
            leader: pick.leader,
            counterpart: pick.person,
            kind: MeetingKind::SkipLevel,
            status: SuggestionStatus::Open,
            distance: Some(pick.distance),
            branch: Some(pick.branch),
            band: pick.band,
            reasons: pick.reasons.clone(),
            invalid_reason: None,
            replaces: None,
            twin: None,
            created_at: self.now(),
            expires_at: start_of_day(week.plus(1).starts_on(), self.zone()),
        }
    }

    /// A suggestion made to the viewer that still waits for an answer.
    async fn open_suggestion(
        &self,
        turn: &Turn,
        id: Uuid,
        step: &str,
    ) -> Result<Result<SuggestionRow, Mistake>, AppError> {
        let (scope, cards) = (turn.viewer.suggestions(), turn.viewer.cards());
        let rows = turn.write.suggestions_by_id(&scope, &cards, vec![id]).await?;
        let own = rows.into_iter().find(|row| turn.viewer.key() == Some(row.leader));
        let Some(row) = own.map(|row| self.aged_suggestion(row)) else {
            return Ok(Err(Mistake::not_found("suggestionId")));
        };
        if row.status != SuggestionStatus::Open {
            let message = format!("this suggestion is {} and cannot be {step}", word(&row.status));
            return Ok(Err(Mistake::at("suggestionId", MistakeCode::WrongStatus, message)));
        }
        Ok(Ok(row))
    }

    pub(super) fn aged_suggestion(&self, mut row: SuggestionRow) -> SuggestionRow {
        row.status = row.status_at(self.now());
        row
    }

    fn suggestion_filter(&self, query: &SuggestionQuery) -> SuggestionFilter {
        SuggestionFilter {
            week: query.week,
            kind: query.kind,
            status: query.status.map(|status| (status, self.now())),
            leader: None,
        }
    }
}
