//! Meetings: reading one's own, and arranging, confirming and calling them off (product.md 3).

mod draft;
mod load_cap;
mod steps;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use self::steps::Close;
pub(super) use self::steps::Times;
use super::{AppError, Keyed, Outcome, Session, act::act, session::Turn};
use crate::{
    domain::{
        Date,
        meeting::{MeetingKind, MeetingStatus, status_at, step::Step, unconfirmed_before},
        person::PersonKey,
        settings::Settings,
    },
    store::{MeetingFilter, MeetingRow, PageRequest, PersonKeyed, Slice},
};

/// Which meetings; all conditions hold together.
#[derive(Clone, Debug, Default)]
pub struct MeetingQuery {
    /// Present status.
    pub status: Option<MeetingStatus>,
    /// Kind.
    pub kind: Option<MeetingKind>,
    /// With this person, by public id.
    pub with: Option<Uuid>,
    /// On this day or later.
    pub from: Option<Date>,
    /// On this day or earlier.
    pub to: Option<Date>,
    /// Only the viewer's own, for HR admins too.
    pub own: bool,
}

/// What a mutation changed: the id of the meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeetingChanged {
    /// Public id.
    pub meeting: Uuid,
}

/// Whom to meet and when.
#[derive(Clone, Debug, Serialize)]
pub struct ScheduleMeetingInput {
    /// Public id of the counterpart.
    pub counterpart: Uuid,
    /// Agreed start.
    pub starts_at: DateTime<Utc>,
    /// Agreed length.
    pub duration_minutes: i32,
}

/// Which meeting moves, and to when.
#[derive(Clone, Debug, Serialize)]
pub struct RescheduleMeetingInput {
    /// Public id of the meeting.
    pub meeting: Uuid,
    /// Agreed start.
    pub starts_at: DateTime<Utc>,
    /// Agreed length.
    pub duration_minutes: i32,
}

/// Which meeting took place, and when.
#[derive(Clone, Debug, Serialize)]
pub struct ConfirmMeetingInput {
    /// Public id of the meeting.
    pub meeting: Uuid,
    /// When it took place; the agreed start when none.
    pub held_at: Option<DateTime<Utc>>,
}

/// A meeting that took place without having been scheduled.
#[derive(Clone, Debug, Serialize)]
pub struct RecordMeetingInput {
    /// Public id of the counterpart.
    pub counterpart: Uuid,
    /// When it took place.
    pub held_at: DateTime<Utc>,
    /// How long it took.
    pub duration_minutes: i32,
}

/// Which meeting.
#[derive(Clone, Debug, Serialize)]
pub struct AboutMeeting {
    /// Public id.
    pub meeting: Uuid,
}

/// Which leader to ask.
#[derive(Clone, Debug, Serialize)]
pub struct RequestMeetingInput {
    /// Public id of somebody above.
    pub leader: Uuid,
}

impl Session {
    /// One page of the meetings in reach, newest day first.
    pub async fn meetings(&self, query: &MeetingQuery, page: &PageRequest) -> Result<Slice<MeetingRow>, AppError> {
        let current = self.current().await?;
        let Some(filter) = self.meeting_filter(query).await? else {
            return Ok(Slice::empty());
        };
        let slice = current
            .snapshot
            .meetings(&current.viewer.meetings(), &filter, page)
            .await?;
        let settings = current.settings().await?;
        Ok(slice.map(|row| self.aged(row, settings)))
    }

    /// How many meetings are in reach.
    pub async fn meetings_count(&self, query: &MeetingQuery) -> Result<u64, AppError> {
        let current = self.current().await?;
        let Some(filter) = self.meeting_filter(query).await? else {
            return Ok(0);
        };
        Ok(current
            .snapshot
            .meetings_count(&current.viewer.meetings(), &filter)
            .await?)
    }

    /// The meetings with these public ids, as far as they are in reach.
    pub async fn meetings_by_id(&self, ids: Vec<Uuid>) -> Result<HashMap<Uuid, MeetingRow>, AppError> {
        let current = self.current().await?;
        let rows = current.snapshot.meetings_by_id(&current.viewer.meetings(), ids).await?;
        let settings = current.settings().await?;
        Ok(rows.into_iter().map(|row| (row.id, self.aged(row, settings))).collect())
    }

    /// The meetings that these suggestions became, by suggestion, as far as they are in reach.
    pub async fn meetings_of_suggestions(&self, ids: Vec<Uuid>) -> Result<HashMap<Uuid, MeetingRow>, AppError> {
        let current = self.current().await?;
        let rows = current
            .snapshot
            .meetings_of_suggestions(&current.viewer.meetings(), ids)
            .await?;
        let settings = current.settings().await?;
        let rows = rows.into_iter().map(|row| self.aged(row, settings));
        Ok(rows.filter_map(|row| Some((row.suggestion?, row))).collect())
    }

    /// The newest HELD 1:1 of the viewer with each of these people.
    pub async fn last_met(&self, people: &[PersonKey]) -> Result<HashMap<PersonKey, MeetingRow>, AppError> {
        let current = self.current().await?;
        Ok(current.snapshot.last_met(&current.viewer.meetings(), people).await?)
    }

    /// Arranges a 1:1 with somebody in reach. An open request, an open suggestion or an accepted one without a time for
    /// the same two is answered by it.
    pub async fn schedule_meeting(
        &self,
        keyed: &Keyed<ScheduleMeetingInput>,
    ) -> Result<Outcome<MeetingChanged>, AppError> {
        let grant = self.viewer().await?.may_meet()?;
        act!(self, "scheduleMeeting", keyed, |turn| self
            .schedule(turn, &grant, &keyed.input)
            .await?)
    }

    /// Moves a scheduled meeting to another time, or gives a request its first one; either of the two may move one that has
    /// a time.
    pub async fn reschedule_meeting(
        &self,
        keyed: &Keyed<RescheduleMeetingInput>,
    ) -> Result<Outcome<MeetingChanged>, AppError> {
        let grant = self.viewer().await?.may_meet()?;
        act!(self, "rescheduleMeeting", keyed, |turn| self
            .reschedule(turn, &grant, &keyed.input)
            .await?)
    }

    /// Says that a meeting took place.
    pub async fn confirm_meeting(
        &self,
        keyed: &Keyed<ConfirmMeetingInput>,
    ) -> Result<Outcome<MeetingChanged>, AppError> {
        let grant = self.viewer().await?.may_meet()?;
        act!(self, "confirmMeeting", keyed, |turn| self
            .confirm(turn, &grant, &keyed.input)
            .await?)
    }

    /// Records a meeting that took place without having been scheduled.
    pub async fn record_meeting(&self, keyed: &Keyed<RecordMeetingInput>) -> Result<Outcome<MeetingChanged>, AppError> {
        let grant = self.viewer().await?.may_meet()?;
        act!(self, "recordMeeting", keyed, |turn| self
            .record(turn, &grant, &keyed.input)
            .await?)
    }

    /// Calls a scheduled meeting off; either of the two may.
    pub async fn cancel_meeting(&self, keyed: &Keyed<AboutMeeting>) -> Result<Outcome<MeetingChanged>, AppError> {
        let grant = self.viewer().await?.may_meet()?;
        let close = Close {
            meeting: keyed.input.meeting,
            step: Step::Cancel,
        };
        act!(self, "cancelMeeting", keyed, |turn| self
            .close(turn, &grant, close)
            .await?)
    }

    /// Says no to a meeting the other one arranged or asked for; the pair rests.
    pub async fn decline_meeting(&self, keyed: &Keyed<AboutMeeting>) -> Result<Outcome<MeetingChanged>, AppError> {
        let grant = self.viewer().await?.may_meet()?;
        let close = Close {
            meeting: keyed.input.meeting,
            step: Step::Decline,
        };
        act!(self, "declineMeeting", keyed, |turn| self
            .close(turn, &grant, close)
            .await?)
    }

    /// Asks a leader two or more levels above for a skip-level.
    pub async fn request_meeting(
        &self,
        keyed: &Keyed<RequestMeetingInput>,
    ) -> Result<Outcome<MeetingChanged>, AppError> {
        let grant = self.viewer().await?.may_meet()?;
        act!(self, "requestMeeting", keyed, |turn| self
            .request(turn, &grant, &keyed.input)
            .await?)
    }

    /// A meeting the viewer takes part in, with the status that time has made of it.
    pub(super) async fn own_meeting(&self, turn: &Turn, id: Uuid) -> Result<Option<MeetingRow>, AppError> {
        let rows = turn.write.meetings_by_id(&turn.viewer.meetings(), vec![id]).await?;
        let own = rows
            .into_iter()
            .find(|row| turn.viewer.key().is_some_and(|me| row.involves(me)));
        Ok(own.map(|row| self.aged(row, &turn.settings)))
    }

    pub(super) fn aged(&self, mut row: MeetingRow, settings: &Settings) -> MeetingRow {
        row.status = status_at(row.status, row.ends_at, self.now(), settings);
        row
    }

    async fn meeting_filter(&self, query: &MeetingQuery) -> Result<Option<MeetingFilter>, AppError> {
        let current = self.current().await?;
        let mut person = None;
        if let Some(uid) = query.with {
            let row = current
                .snapshot
                .person(&current.viewer.cards(), &PersonKeyed::Uid(uid))
                .await?;
            let Some(row) = row else { return Ok(None) };
            person = Some(row.key);
        }
        let viewer = if query.own { current.viewer.key() } else { None };
        if query.own && viewer.is_none() {
            return Ok(None);
        }
        Ok(Some(MeetingFilter {
            status: query.status,
            kind: query.kind,
            people: person.into_iter().chain(viewer).collect(),
            from: query.from,
            to: query.to,
            unconfirmed_before: Some(unconfirmed_before(self.now(), current.settings().await?)),
        }))
    }
}
