//! The steps of a meeting's life: which one may follow on which status, and by whom (product.md 3).
//!
//! `SCHEDULED -> HELD | CANCELLED | DECLINED | UNCONFIRMED`, and `UNCONFIRMED -> HELD`. Time alone makes UNCONFIRMED of
//! what is SCHEDULED, and nothing else.

use super::{MeetingOrigin, MeetingStatus};
use crate::domain::person::PersonKey;

/// What one of the two does with a meeting that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Agrees on another time; a request is answered by its first one.
    Reschedule,
    /// Says that it took place.
    Confirm,
    /// Calls it off.
    Cancel,
    /// Says no to what the other one arranged or asked for; the pair rests.
    Decline,
}

impl Step {
    /// Every step.
    pub const ALL: [Self; 4] = [Self::Reschedule, Self::Confirm, Self::Cancel, Self::Decline];

    /// What the step makes of a meeting, in the words of an error.
    pub fn past(self) -> &'static str {
        match self {
            Self::Reschedule => "moved",
            Self::Confirm => "confirmed",
            Self::Cancel => "cancelled",
            Self::Decline => "declined",
        }
    }
}

/// Which of the two takes a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Actor {
    /// Who arranged the meeting, or asked for it.
    Arranger,
    /// The other one.
    Other,
}

/// Why a step cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoStep {
    /// Not from the present status.
    Status,
    /// Not by who arranged the meeting.
    OwnMeeting,
}

/// Whether `actor` may take `step` in a meeting of this status; the status it has then.
pub fn after(step: Step, status: MeetingStatus, actor: Actor) -> Result<MeetingStatus, NoStep> {
    match (status, step, actor) {
        (MeetingStatus::Scheduled, Step::Reschedule, _) => Ok(MeetingStatus::Scheduled),
        (MeetingStatus::Scheduled | MeetingStatus::Unconfirmed, Step::Confirm, _) => Ok(MeetingStatus::Held),
        (MeetingStatus::Scheduled, Step::Cancel, _) => Ok(MeetingStatus::Cancelled),
        (MeetingStatus::Scheduled, Step::Decline, Actor::Other) => Ok(MeetingStatus::Declined),
        (MeetingStatus::Scheduled, Step::Decline, Actor::Arranger) => Err(NoStep::OwnMeeting),
        (
            MeetingStatus::Held | MeetingStatus::Cancelled | MeetingStatus::Declined | MeetingStatus::Unconfirmed,
            Step::Reschedule | Step::Confirm | Step::Cancel | Step::Decline,
            _,
        ) => Err(NoStep::Status),
    }
}

/// Who arranged a meeting of this origin: the leader, or a counterpart who asked for it.
pub fn arranger(origin: MeetingOrigin, leader: PersonKey, counterpart: PersonKey) -> PersonKey {
    match origin {
        MeetingOrigin::CounterpartRequest => counterpart,
        MeetingOrigin::Rotation | MeetingOrigin::LeaderChoice | MeetingOrigin::Import => leader,
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use expect_test::expect;

    use super::*;

    #[test]
    fn every_step_from_every_status() {
        let mut table = String::new();
        for status in [
            MeetingStatus::Scheduled,
            MeetingStatus::Unconfirmed,
            MeetingStatus::Held,
            MeetingStatus::Cancelled,
            MeetingStatus::Declined,
        ] {
            for step in Step::ALL {
                let of = |actor| match after(step, status, actor) {
                    Ok(next) => format!("{next:?}"),
                    Err(why) => format!("no ({why:?})"),
                };
                let (arranger, other) = (of(Actor::Arranger), of(Actor::Other));
                let _ = write!(table, "{status:?} {step:?}: {arranger}");
                if arranger != other {
                    let _ = write!(table, ", by the other {other}");
                }
                table.push('\n');
            }
        }
        expect![[r#"
            Scheduled Reschedule: Scheduled
            Scheduled Confirm: Held
            Scheduled Cancel: Cancelled
            Scheduled Decline: no (OwnMeeting), by the other Declined
            Unconfirmed Reschedule: no (Status)
            Unconfirmed Confirm: Held
            Unconfirmed Cancel: no (Status)
            Unconfirmed Decline: no (Status)
            Held Reschedule: no (Status)
            Held Confirm: no (Status)
            Held Cancel: no (Status)
            Held Decline: no (Status)
            Cancelled Reschedule: no (Status)
            Cancelled Confirm: no (Status)
            Cancelled Cancel: no (Status)
            Cancelled Decline: no (Status)
            Declined Reschedule: no (Status)
            Declined Confirm: no (Status)
            Declined Cancel: no (Status)
            Declined Decline: no (Status)
        "#]]
        .assert_eq(&table);
    }
}
