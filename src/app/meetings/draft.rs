//! What a meeting of two people would be, by the chart of now; once it is written, all of this is frozen.

use uuid::Uuid;

use crate::{
    app::{AppError, Mistake, MistakeCode, Session, session::Turn},
    auth::scope::{Grant, action::Meet},
    domain::{
        meeting::{Band, Evidence, MeetingKind, MeetingOrigin, MeetingStatus, kind_at},
        person::PersonKey,
        rotation::band_from,
    },
    store::{MeetingRow, PersonKeyed, PersonRow},
};

impl Session {
    /// The meeting of the viewer with `other` as the chart is now: kind, distance, branch and band are frozen here.
    pub(in crate::app) async fn draft(
        &self,
        turn: &Turn,
        grant: &Grant<Meet>,
        field: &str,
        other: Uuid,
    ) -> Result<Result<Draft, Vec<Mistake>>, AppError> {
        let other = turn
            .write
            .person(&turn.viewer.cards(), &PersonKeyed::Uid(other))
            .await?;
        let (Some(me), Some(PersonRow { key, place, .. })) = (turn.viewer.place(), other) else {
            return Ok(Err(vec![Mistake::not_found(field)]));
        };
        if key == me.key() {
            let message = "a 1:1 is between two people: this is you";
            return Ok(Err(vec![Mistake::at(field, MistakeCode::Invalid, message)]));
        }
        let Some(place) = place else {
            let message = "this person is not in today's chart";
            return Ok(Err(vec![Mistake::at(field, MistakeCode::NotAllowed, message)]));
        };
        let distance = me.distance(&place);
        let (leader, counterpart) = if place.is_above(me) { (&place, me) } else { (me, &place) };
        let kind = kind_at(distance);
        let (mut branch, mut band) = (None, None);
        if kind == MeetingKind::SkipLevel {
            branch = counterpart.above().into_iter().rev().nth(leader.above().len() + 1);
            band = band_from(&turn.write.standing(grant, leader, counterpart).await?);
        }
        let (leader, counterpart) = (leader.key(), counterpart.key());
        Ok(Ok(Draft {
            me: me.key(),
            leader,
            counterpart,
            kind,
            distance,
            branch,
            band,
        }))
    }
}

/// What a meeting of two people would be, by the chart of now.
pub(in crate::app) struct Draft {
    pub(in crate::app) me: PersonKey,
    pub(in crate::app) leader: PersonKey,
    pub(in crate::app) counterpart: PersonKey,
    pub(in crate::app) kind: MeetingKind,
    pub(in crate::app) distance: Option<u32>,
    pub(in crate::app) branch: Option<PersonKey>,
    pub(in crate::app) band: Option<Band>,
}

impl Draft {
    /// The meeting, without a time.
    pub(super) fn meeting(&self, status: MeetingStatus, origin: MeetingOrigin) -> MeetingRow {
        MeetingRow {
            id: Uuid::new_v4(),
            leader: self.leader,
            counterpart: self.counterpart,
            kind: self.kind,
            status,
            origin,
            distance: self.distance,
            branch: self.branch,
            band: self.band,
            day: None,
            starts_at: None,
            ends_at: None,
            held_at: None,
            suggestion: None,
            closed_on: None,
            cancel_reason: None,
            evidence: (status == MeetingStatus::Held).then_some(Evidence::Participant),
        }
    }
}
