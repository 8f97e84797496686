//! When the viewer works.

use async_graphql::{Context, InputObject, SimpleObject};

use super::{
    error::Fault,
    payload::{UserError, user_errors},
    session,
    words::Weekday,
};
use crate::app::{HoursChanged, HoursFound, Outcome, SetWorkingHoursInput as Saying};

/// When the viewer works, by the clock where they are. Of others nobody is shown this, only times at which two could meet.
#[derive(Clone, Debug, SimpleObject)]
pub struct WorkingHours {
    /// From when on, like `09:00`.
    start: String,
    /// Until when, on the same day.
    end: String,
    /// On which days.
    days: Vec<Weekday>,
    /// Whether the viewer has said any of it; all else is as the settings have it.
    is_own: bool,
}

impl From<HoursFound> for WorkingHours {
    fn from(HoursFound { hours, own }: HoursFound) -> Self {
        Self {
            start: hours.start.format("%H:%M").to_string(),
            end: hours.end.format("%H:%M").to_string(),
            days: hours.days.into_iter().map(Into::into).collect(),
            is_own: own.say_anything(),
        }
    }
}

/// Say when one works, in place of what one said before; what is null or absent is as the settings have it.
#[derive(Debug, InputObject)]
pub struct SetWorkingHoursInput {
    /// From when on, like `09:00`, by the clock where the viewer is; given with the end, or not at all.
    start: Option<String>,
    /// Until when, on the same day.
    end: Option<String>,
    /// On which days, each once.
    days: Option<Vec<Weekday>>,
    /// Up to 128 characters of the client's choice, kept for 30 days: the same key with the same input repeats
    /// the answer and changes nothing; with another input it is IDEMPOTENCY_KEY_REUSED.
    pub(super) idempotency_key: Option<String>,
}

impl SetWorkingHoursInput {
    /// What is said.
    pub(super) fn saying(&self) -> Saying {
        Saying {
            start: self.start.clone(),
            end: self.end.clone(),
            days: self
                .days
                .as_ref()
                .map(|days| days.iter().copied().map(Into::into).collect()),
        }
    }
}

/// When the viewer works now.
#[derive(Debug, SimpleObject)]
pub struct WorkingHoursPayload {
    /// The viewer's hours now; null if there was a mistake.
    working_hours: Option<WorkingHours>,
    /// What is to be mended; empty if it was done.
    user_errors: Vec<UserError>,
}

impl WorkingHoursPayload {
    pub(super) async fn of(ctx: &Context<'_>, outcome: Outcome<HoursChanged>) -> Result<Self, Fault> {
        Ok(match outcome {
            Ok(HoursChanged) => Self {
                working_hours: session(ctx)?.working_hours().await?.map(Into::into),
                user_errors: vec![],
            },
            Err(mistakes) => Self {
                working_hours: None,
                user_errors: user_errors(mistakes),
            },
        })
    }
}
