//! What the viewer says of being suggested.

use async_graphql::{Context, InputObject, MaybeUndefined, SimpleObject};

use super::{
    error::Fault,
    payload::{UserError, user_errors},
    scalar::Date,
    session,
};
use crate::{
    app::{Outcome, ParticipationChanged, SetParticipationInput as Saying},
    domain::participation::{self, Snooze},
};

/// What the viewer says of being suggested. Shown to nobody else: leaders, managers and HR admins see what they would
/// see of somebody whom other leaders have asked.
#[derive(Clone, Debug, SimpleObject)]
pub struct Participation {
    /// Whether the viewer is not to be suggested at all.
    opted_out: bool,
    /// The first day on which the viewer may be suggested again; null without a snooze.
    snoozed_until: Option<Date>,
}

impl From<participation::Participation> for Participation {
    fn from(said: participation::Participation) -> Self {
        Self {
            opted_out: said.opted_out,
            snoozed_until: said.snoozed_until.map(Date),
        }
    }
}

/// Say whether one wants to be suggested; what is absent stays as it is.
#[derive(Debug, InputObject)]
pub struct SetParticipationInput {
    /// Whether the viewer is not to be suggested at all.
    opted_out: Option<bool>,
    /// The first day on which the viewer may be suggested again, at most a year from now; null ends a snooze.
    snoozed_until: MaybeUndefined<Date>,
    /// Up to 128 characters of the client's choice, kept for 30 days: the same key with the same input repeats
    /// the answer and changes nothing; with another input it is IDEMPOTENCY_KEY_REUSED.
    pub(super) idempotency_key: Option<String>,
}

impl SetParticipationInput {
    /// What is said.
    pub(super) fn saying(&self) -> Saying {
        Saying {
            opted_out: self.opted_out,
            snooze: match self.snoozed_until {
                MaybeUndefined::Undefined => None,
                MaybeUndefined::Null => Some(Snooze::End),
                MaybeUndefined::Value(day) => Some(Snooze::Until(day.0)),
            },
        }
    }
}

/// What the viewer says of being suggested now.
#[derive(Debug, SimpleObject)]
pub struct ParticipationPayload {
    /// What the viewer says now; null if there was a mistake.
    participation: Option<Participation>,
    /// What is to be mended; empty if it was done.
    user_errors: Vec<UserError>,
}

impl ParticipationPayload {
    pub(super) async fn of(ctx: &Context<'_>, outcome: Outcome<ParticipationChanged>) -> Result<Self, Fault> {
        Ok(match outcome {
            Ok(ParticipationChanged) => Self {
                participation: session(ctx)?.participation().await?.map(Into::into),
                user_errors: vec![],
            },
            Err(mistakes) => Self {
                participation: None,
                user_errors: user_errors(mistakes),
            },
        })
    }
}
