//! The steps of a meeting's life: arranged, confirmed, recorded, called off, asked for (product.md 3).

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{
    ConfirmMeetingInput, MeetingChanged, RecordMeetingInput, RequestMeetingInput, RescheduleMeetingInput,
    ScheduleMeetingInput,
};
use crate::{
    app::{AppError, Mistake, MistakeCode, Outcome, Session, answers, session::Turn},
    auth::scope::{Grant, action::Meet},
    domain::{
        Date,
        meeting::{
            Evidence, MeetingKind, MeetingOrigin, MeetingStatus,
            step::{Actor, NoStep, Step, after, arranger},
        },
        week::{Week, day_of},
    },
    store::MeetingRow,
};

impl Session {
    pub(super) async fn schedule(
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
            turn.write.change_meeting(grant, &meeting, self.now()).await?;
        } else {
            turn.write.add_meeting(grant, &meeting, self.now()).await?;
        }
        self.claim(turn, grant, &meeting, times.day).await?;
        Ok(Ok(MeetingChanged { meeting: meeting.id }))
    }

    pub(super) async fn confirm(
        &self,
        turn: &Turn,
        grant: &Grant<Meet>,
        input: &ConfirmMeetingInput,
    ) -> Result<Outcome<MeetingChanged>, AppError> {
        let Some(mut meeting) = self.own_meeting(turn, input.meeting).await? else {
            return Ok(Err(vec![Mistake::not_found("meetingId")]));
        };
        let status = match step_of(Step::Confirm, grant, &meeting) {
            Ok(status) => status,
            Err(mistake) => return Ok(Err(vec![mistake])),
        };
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
        (meeting.status, meeting.held_at, meeting.day) = (status, Some(held_at), Some(day));
        meeting.evidence = Some(Evidence::Participant);
        turn.write.change_meeting(grant, &meeting, self.now()).await?;
        self.claim(turn, grant, &meeting, day).await?;
        self.peers_met(turn, grant, &meeting).await?;
        Ok(Ok(MeetingChanged { meeting: meeting.id }))
    }

    pub(super) async fn record(
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
        self.peers_met(turn, grant, &meeting).await?;
        Ok(Ok(MeetingChanged { meeting: meeting.id }))
    }

    /// Agrees on another time. The meeting stays what it was when it was created.
    pub(super) async fn reschedule(
        &self,
        turn: &Turn,
        grant: &Grant<Meet>,
        input: &RescheduleMeetingInput,
    ) -> Result<Outcome<MeetingChanged>, AppError> {
        let Some(mut meeting) = self.own_meeting(turn, input.meeting).await? else {
            return Ok(Err(vec![Mistake::not_found("meetingId")]));
        };
        if let Err(mistake) = step_of(Step::Reschedule, grant, &meeting) {
            return Ok(Err(vec![mistake]));
        }
        let times = match self.times("startsAt", input.starts_at, input.duration_minutes) {
            Ok(times) => times,
            Err(mistake) => return Ok(Err(vec![mistake])),
        };
        if times.starts_at < self.now() {
            let message = "startsAt lies in the past; say with confirmMeeting that it took place";
            return Ok(Err(vec![Mistake::at("startsAt", MistakeCode::Invalid, message)]));
        }
        let asked = meeting.origin == MeetingOrigin::CounterpartRequest && meeting.starts_at.is_none();
        if asked && grant.person() != Some(meeting.leader) {
            let message = "the leader who was asked says when";
            return Ok(Err(vec![Mistake::at("meetingId", MistakeCode::NotAllowed, message)]));
        }
        if let Err(mistake) = self.within_cap(turn, grant, &meeting, times.day, "startsAt").await? {
            return Ok(Err(vec![mistake]));
        }
        (meeting.starts_at, meeting.ends_at, meeting.day) =
            (Some(times.starts_at), Some(times.ends_at), Some(times.day));
        turn.write.change_meeting(grant, &meeting, self.now()).await?;
        self.claim(turn, grant, &meeting, times.day).await?;
        Ok(Ok(MeetingChanged { meeting: meeting.id }))
    }

    pub(super) async fn close(
        &self,
        turn: &Turn,
        grant: &Grant<Meet>,
        close: Close,
    ) -> Result<Outcome<MeetingChanged>, AppError> {
        let Some(mut meeting) = self.own_meeting(turn, close.meeting).await? else {
            return Ok(Err(vec![Mistake::not_found("meetingId")]));
        };
        let status = match step_of(close.step, grant, &meeting) {
            Ok(status) => status,
            Err(mistake) => return Ok(Err(vec![mistake])),
        };
        (meeting.status, meeting.closed_on) = (status, Some(self.today()));
        turn.write.change_meeting(grant, &meeting, self.now()).await?;
        turn.write.drop_claim(grant, meeting.id).await?;
        Ok(Ok(MeetingChanged { meeting: meeting.id }))
    }

    pub(super) async fn request(
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

    /// Start, end and day of a meeting, checked.
    pub(in crate::app) fn times(&self, field: &str, starts_at: DateTime<Utc>, minutes: i32) -> Result<Times, Mistake> {
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
}

/// When a meeting is, checked.
#[derive(Clone, Copy, Debug)]
pub(in crate::app) struct Times {
    pub(in crate::app) starts_at: DateTime<Utc>,
    pub(in crate::app) ends_at: DateTime<Utc>,
    pub(in crate::app) day: Date,
}

/// Which meeting ends, and how.
pub(super) struct Close {
    pub(super) meeting: Uuid,
    pub(super) step: Step,
}

/// The status of a meeting after a step of the viewer's.
fn step_of(step: Step, grant: &Grant<Meet>, meeting: &MeetingRow) -> Result<MeetingStatus, Mistake> {
    let actor = if grant.person() == Some(arranger(meeting.origin, meeting.leader, meeting.counterpart)) {
        Actor::Arranger
    } else {
        Actor::Other
    };
    after(step, meeting.status, actor).map_err(|why| match why {
        NoStep::Status => {
            let (name, past) = (answers::word(&meeting.status), step.past());
            let message = format!("this meeting is {name} and cannot be {past}");
            Mistake::at("meetingId", MistakeCode::WrongStatus, message)
        }
        NoStep::OwnMeeting => {
            let message = "you arranged this meeting yourself: call it off with cancelMeeting";
            Mistake::at("meetingId", MistakeCode::NotAllowed, message)
        }
    })
}
