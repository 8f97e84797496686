//! The clock of the command line: the real one, or an instant that is held.

use chrono::{DateTime, Utc};

/// Where `now` comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// The system's clock.
    Real,
    /// Stands still at an instant: `--now`.
    Held(DateTime<Utc>),
}

impl Clock {
    /// The held instant, or the real clock without one.
    pub fn new(held: Option<DateTime<Utc>>) -> Self {
        held.map_or(Self::Real, Self::Held)
    }

    /// The present instant.
    pub fn now(self) -> DateTime<Utc> {
        match self {
            #[expect(clippy::disallowed_methods, reason = "everything else is handed `now` from here")]
            Self::Real => Utc::now(),
            Self::Held(instant) => instant,
        }
    }
}
