//! When the viewer works, by what they say themselves.

use serde::{Deserialize, Serialize};

use super::{AppError, Keyed, Mistake, MistakeCode, Outcome, Session, act::act};
use crate::domain::calendar::hours::{OwnHours, WorkingHours};

/// What to say; what is none is as the settings have it.
pub type SetWorkingHoursInput = OwnHours;

/// What a mutation changed: the rest is in the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoursChanged;

/// When the viewer works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoursFound {
    /// The hours that hold.
    pub hours: WorkingHours,
    /// What of them they say themselves.
    pub own: OwnHours,
}

impl Session {
    /// When the viewer works; none for whoever is not in today's chart.
    pub async fn working_hours(&self) -> Result<Option<HoursFound>, AppError> {
        let current = self.current().await?;
        let Some(me) = current.viewer.key() else {
            return Ok(None);
        };
        let own = current.snapshot.own_hours(&current.viewer.free_times(), me).await?;
        let hours = own.over(current.settings().await?.working_hours());
        Ok(Some(HoursFound { hours, own }))
    }

    /// Says when the viewer works, in place of what they said before.
    pub async fn set_working_hours(
        &self,
        keyed: &Keyed<SetWorkingHoursInput>,
    ) -> Result<Outcome<HoursChanged>, AppError> {
        let grant = self.viewer().await?.may_keep_hours()?;
        act!(self, "setWorkingHours", keyed, |turn| {
            if let Some(wrong) = keyed.input.misfit() {
                let message = format!("should be {}", wrong.should_be);
                Err(vec![Mistake::at(wrong.field, MistakeCode::Invalid, message)])
            } else {
                turn.write.set_hours(&grant, &keyed.input).await?;
                Ok(HoursChanged)
            }
        })
    }
}
