//! What the viewer says of being suggested: for themselves alone, and shown to nobody else.

use serde::{Deserialize, Serialize};

use super::{AppError, Keyed, Mistake, MistakeCode, Outcome, Session, act::act, session::Turn};
use crate::{
    auth::scope::{Grant, action::TakePart},
    domain::participation::{Participation, Saying},
};

/// What to say.
pub type SetParticipationInput = Saying;

/// What a mutation changed: the rest is in the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParticipationChanged;

impl Session {
    /// What the viewer says of being suggested; none for whoever is not in today's chart.
    pub async fn participation(&self) -> Result<Option<Participation>, AppError> {
        let current = self.current().await?;
        if current.viewer.key().is_none() {
            return Ok(None);
        }
        let said = current.snapshot.participation(&current.viewer.participation()).await?;
        Ok(Some(said.on(self.today())))
    }

    /// Says whether the viewer wants to be suggested. Holds from the next draw or swap on: were something open to vanish,
    /// its leader would know why.
    pub async fn set_participation(
        &self,
        keyed: &Keyed<SetParticipationInput>,
    ) -> Result<Outcome<ParticipationChanged>, AppError> {
        let grant = self.viewer().await?.may_take_part()?;
        act!(self, "setParticipation", keyed, |turn| self
            .say(turn, &grant, keyed.input)
            .await?)
    }

    async fn say(
        &self,
        turn: &Turn,
        grant: &Grant<TakePart>,
        saying: Saying,
    ) -> Result<Outcome<ParticipationChanged>, AppError> {
        let today = self.today();
        let before = turn.write.participation(&turn.viewer.participation()).await?;
        match before.after(saying, today) {
            Ok(said) => {
                turn.write.set_participation(grant, &said, today).await?;
                Ok(Ok(ParticipationChanged))
            }
            Err(no_snooze) => {
                let mistake = Mistake::at("snoozedUntil", MistakeCode::Invalid, no_snooze.to_string());
                Ok(Err(vec![mistake]))
            }
        }
    }
}
