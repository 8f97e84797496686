//! Meetings: reading one's own, and arranging, confirming and calling them off (product.md 3).

use std::collections::HashMap;

use chrono::{DateTime, Days, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{AppError, Keyed, Mistake, MistakeCode, Outcome, Session, act::act, session::Turn};
use crate::{
    auth::scope::{Grant, action::Meet},
    domain::{
        Date, load,
        meeting::{MeetingKind, MeetingOrigin, MeetingStatus, kind_at, status_at, unconfirmed_before},
        person::PersonKey,
        rotation::band_from,
        suggestion::SuggestionStatus,
        week::{Week, day_of},
    },
    store::{Claim, MeetingFilter, MeetingRow, PageRequest, PersonKeyed, PersonRow, Slice},
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

/// When a meeting is, checked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times {
    pub(super) starts_at: DateTime<Utc>,
    pub(super) ends_at: DateTime<Utc>,
    pub(super) day: Date,
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
            to: MeetingStatus::Cancelled,
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
            to: MeetingStatus::Declined,
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

    async fn schedule(
        &self,
        turn: &Turn,
        grant: &Grant<Meet>,
        input: &ScheduleMeetingInput,
    ) -> Result<Outcome<MeetingChanged>, AppError> {
        let times = match self.times("startsAt", input.starts_at, input.duration_minutes) {
            Ok(times) => times,
            Err(mistake) => return Ok(Err(vec![mistake])),
        };
        if times.day < Week::of(self.today()).starts_on() {
            let message = "startsAt lies before this week; record a meeting that took place with recordMeeting";
            return Ok(Err(vec![Mistake::at("startsAt", MistakeCode::Invalid, message)]));
        }
        let draft = match self.draft(turn, grant, "counterpartId", input.counterpart).await? {
            Ok(draft) => draft,
            Err(mistakes) => return Ok(Err(mistakes)),
        };
        if draft.leader != draft.me && draft.kind == MeetingKind::SkipLevel {
            let message = "this person stands above you: ask them with requestMeeting";
            return Ok(Err(vec![Mistake::at(
                "counterpartId",
                MistakeCode::NotAllowed,
                message,
            )]));
        }
        let open = turn
            .write
            .open_suggestion(grant, draft.leader, draft.counterpart, self.now())
            .await?;
        if let Some(suggestion) = open {
            return self.accept_at(turn, grant, &suggestion, Some(times)).await;
        }
        let untimed = turn
            .write
            .untimed_meeting(grant, draft.leader, draft.counterpart)
            .await?;
        let known = untimed.is_some();
        let mut meeting =
            untimed.unwrap_or_else(|| draft.meeting(MeetingStatus::Scheduled, MeetingOrigin::LeaderChoice));
        if let Err(mistake) = self.within_cap(turn, grant, &meeting, times.day, "startsAt").await? {
            return Ok(Err(vec![mistake]));
        }
        (meeting.starts_at, meeting.ends_at, meeting.day) =
            (Some(times.starts_at), Some(times.ends_at), Some(times.day));
        if known {
            turn.write.change_meeting(grant, &meeting).await?;
        } else {
            turn.write.add_meeting(grant, &meeting, self.now()).await?;
        }
        self.claim(turn, grant, &meeting, times.day).await?;
        Ok(Ok(MeetingChanged { meeting: meeting.id }))
    }

    async fn confirm(
        &self,
        turn: &Turn,
        grant: &Grant<Meet>,
        input: &ConfirmMeetingInput,
    ) -> Result<Outcome<MeetingChanged>, AppError> {
        let Some(mut meeting) = self.own_meeting(turn, input.meeting).await? else {
            return Ok(Err(vec![Mistake::not_found("meetingId")]));
        };
        if !matches!(meeting.status, MeetingStatus::Scheduled | MeetingStatus::Unconfirmed) {
            return Ok(Err(vec![wrong_status("meetingId", meeting.status, "confirmed")]));
        }
        let Some(held_at) = input.held_at.or(meeting.starts_at) else {
            let message = "no time was agreed for this meeting: say in heldAt when it took place";
            return Ok(Err(vec![Mistake::at("heldAt", MistakeCode::Required, message)]));
        };
        let within = turn.settings.confirm_within_days;
        let length = meeting.starts_at.zip(meeting.ends_at).map(|(start, end)| end - start);
        let end = meeting.ends_at.unwrap_or(held_at);
        if self.now() - end > TimeDelta::days(within) {
            let message =
                format!("a meeting can be confirmed for {within} days after its end; this one ended longer ago");
            return Ok(Err(vec![Mistake::at("meetingId", MistakeCode::Limit, message)]));
        }
        // The days count from the end: a meeting is as long ago as it was when it was over.
        let back = TimeDelta::days(within) + length.unwrap_or_default();
        if let Err(mistake) = self.past("heldAt", held_at, back) {
            return Ok(Err(vec![mistake]));
        }
        let day = day_of(held_at, self.zone());
        if let Err(mistake) = self.make_way(turn, grant, &meeting, day).await? {
            return Ok(Err(vec![mistake]));
        }
        (meeting.status, meeting.held_at, meeting.day) = (MeetingStatus::Held, Some(held_at), Some(day));
        turn.write.change_meeting(grant, &meeting).await?;
        self.claim(turn, grant, &meeting, day).await?;
        Ok(Ok(MeetingChanged { meeting: meeting.id }))
    }

    async fn record(
        &self,
        turn: &Turn,
        grant: &Grant<Meet>,
        input: &RecordMeetingInput,
    ) -> Result<Outcome<MeetingChanged>, AppError> {
        let times = match self.times("heldAt", input.held_at, input.duration_minutes) {
            Ok(times) => times,
            Err(mistake) => return Ok(Err(vec![mistake])),
        };
        if let Err(mistake) = self.past(
            "heldAt",
            input.held_at,
            TimeDelta::days(turn.settings.record_within_days),
        ) {
            return Ok(Err(vec![mistake]));
        }
        let draft = match self.draft(turn, grant, "counterpartId", input.counterpart).await? {
            Ok(draft) => draft,
            Err(mistakes) => return Ok(Err(mistakes)),
        };
        let origin = if draft.leader == draft.me {
            MeetingOrigin::LeaderChoice
        } else {
            MeetingOrigin::CounterpartRequest
        };
        let mut meeting = draft.meeting(MeetingStatus::Held, origin);
        if let Err(mistake) = self.make_way(turn, grant, &meeting, times.day).await? {
            return Ok(Err(vec![mistake]));
        }
        (meeting.starts_at, meeting.ends_at, meeting.day) =
            (Some(times.starts_at), Some(times.ends_at), Some(times.day));
        meeting.held_at = Some(times.starts_at);
        turn.write.add_meeting(grant, &meeting, self.now()).await?;
        self.claim(turn, grant, &meeting, times.day).await?;
        Ok(Ok(MeetingChanged { meeting: meeting.id }))
    }

    async fn close(&self, turn: &Turn, grant: &Grant<Meet>, close: Close) -> Result<Outcome<MeetingChanged>, AppError> {
        let Some(mut meeting) = self.own_meeting(turn, close.meeting).await? else {
            return Ok(Err(vec![Mistake::not_found("meetingId")]));
        };
        let step = if close.to == MeetingStatus::Declined {
            "declined"
        } else {
            "cancelled"
        };
        if meeting.status != MeetingStatus::Scheduled {
            return Ok(Err(vec![wrong_status("meetingId", meeting.status, step)]));
        }
        if close.to == MeetingStatus::Declined && grant.person() == Some(arranged_by(&meeting)) {
            let message = "you arranged this meeting yourself: call it off with cancelMeeting";
            return Ok(Err(vec![Mistake::at("meetingId", MistakeCode::NotAllowed, message)]));
        }
        (meeting.status, meeting.closed_on) = (close.to, Some(self.today()));
        turn.write.change_meeting(grant, &meeting).await?;
        turn.write.drop_claim(grant, meeting.id).await?;
        Ok(Ok(MeetingChanged { meeting: meeting.id }))
    }

    async fn request(
        &self,
        turn: &Turn,
        grant: &Grant<Meet>,
        input: &RequestMeetingInput,
    ) -> Result<Outcome<MeetingChanged>, AppError> {
        let draft = match self.draft(turn, grant, "leaderId", input.leader).await? {
            Ok(draft) => draft,
            Err(mistakes) => return Ok(Err(mistakes)),
        };
        if draft.kind != MeetingKind::SkipLevel || draft.leader == draft.me {
            let message = "a skip-level can be asked of somebody two or more levels above you";
            return Ok(Err(vec![Mistake::at("leaderId", MistakeCode::NotAllowed, message)]));
        }
        if turn
            .write
            .untimed_meeting(grant, draft.leader, draft.counterpart)
            .await?
            .is_some()
        {
            let message = "you have asked them already and they have not answered yet";
            return Ok(Err(vec![Mistake::at("leaderId", MistakeCode::Conflict, message)]));
        }
        let meeting = draft.meeting(MeetingStatus::Scheduled, MeetingOrigin::CounterpartRequest);
        turn.write.add_meeting(grant, &meeting, self.now()).await?;
        Ok(Ok(MeetingChanged { meeting: meeting.id }))
    }

    /// A meeting the viewer takes part in, with the status that time has made of it.
    async fn own_meeting(&self, turn: &Turn, id: Uuid) -> Result<Option<MeetingRow>, AppError> {
        let rows = turn.write.meetings_by_id(&turn.viewer.meetings(), vec![id]).await?;
        let own = rows
            .into_iter()
            .find(|row| turn.viewer.key().is_some_and(|me| row.involves(me)));
        Ok(own.map(|row| self.aged(row, &turn.settings)))
    }

    /// The meeting of the viewer with `other` as the chart is now: kind, distance, branch and band are frozen here.
    async fn draft(
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

    /// Whether a skip-level on `day` keeps the load cap of its counterpart.
    pub(super) async fn within_cap(
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
    async fn make_way(
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
                (None, Some(suggestion)) => turn.write.give_way(grant, suggestion).await?,
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
    pub(super) async fn claim(
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

    /// Start, end and day of a meeting, checked.
    pub(super) fn times(&self, field: &str, starts_at: DateTime<Utc>, minutes: i32) -> Result<Times, Mistake> {
        if !(5..=480).contains(&minutes) {
            let message = "durationMinutes should be between 5 and 480";
            return Err(Mistake::at("durationMinutes", MistakeCode::Invalid, message));
        }
        let ends_at = starts_at + TimeDelta::minutes(minutes.into());
        let day = day_of(starts_at, self.zone());
        if (day - self.today()).num_days().abs() > 366 {
            return Err(Mistake::at(
                field,
                MistakeCode::Invalid,
                format!("{field} lies more than a year away"),
            ));
        }
        Ok(Times {
            starts_at,
            ends_at,
            day,
        })
    }

    fn past(&self, field: &str, held_at: DateTime<Utc>, back: TimeDelta) -> Result<(), Mistake> {
        if held_at > self.now() {
            let message = format!("{field} lies in the future: a meeting counts once it took place");
            return Err(Mistake::at(field, MistakeCode::Invalid, message));
        }
        if self.now() - held_at > back {
            let message = format!("{field} lies more than {} days back", back.num_days());
            return Err(Mistake::at(field, MistakeCode::Limit, message));
        }
        Ok(())
    }

    fn aged(&self, mut row: MeetingRow, settings: &crate::domain::settings::Settings) -> MeetingRow {
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

struct Close {
    meeting: Uuid,
    to: MeetingStatus,
}

/// What a meeting of two people would be, by the chart of now.
struct Draft {
    me: PersonKey,
    leader: PersonKey,
    counterpart: PersonKey,
    kind: MeetingKind,
    distance: Option<u32>,
    branch: Option<PersonKey>,
    band: Option<crate::domain::meeting::Band>,
}

impl Draft {
    fn meeting(&self, status: MeetingStatus, origin: MeetingOrigin) -> MeetingRow {
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
        }
    }
}

/// Who arranged a meeting, and so cannot decline it.
fn arranged_by(meeting: &MeetingRow) -> PersonKey {
    match meeting.origin {
        MeetingOrigin::CounterpartRequest => meeting.counterpart,
        MeetingOrigin::Rotation | MeetingOrigin::LeaderChoice | MeetingOrigin::Import => meeting.leader,
    }
}

fn wrong_status(field: &str, status: MeetingStatus, step: &str) -> Mistake {
    let name = super::answers::word(&status);
    Mistake::at(
        field,
        MistakeCode::WrongStatus,
        format!("this meeting is {name} and cannot be {step}"),
    )
}
