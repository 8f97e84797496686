//! The clock: one of the two places of the program that read it.

use chrono::{DateTime, SecondsFormat, Utc};

/// What time it is: really, or pretended for demonstrations, tests and replays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// The system's clock.
    System,
    /// Always this instant.
    Held(DateTime<Utc>),
}

impl Clock {
    /// The present instant.
    #[expect(clippy::disallowed_methods, reason = "everything else is handed `now` from here")]
    pub fn now(self) -> DateTime<Utc> {
        match self {
            Self::System => Utc::now(),
            Self::Held(instant) => instant,
        }
    }

    /// The instant at which the clock is held, in RFC 3339.
    pub fn held_at(self) -> Option<String> {
        match self {
            Self::System => None,
            Self::Held(instant) => Some(instant.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
        }
    }
}
