//! People: key, employment spells, absences and the status that follows from them on a day (product.md 2).

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Date;

/// A person's internal key: small, dense, never shown to a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PersonKey(pub i64);

impl fmt::Display for PersonKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Where a person stands on a day; only ACTIVE and ON_LEAVE are in the chart, only ACTIVE is suggested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PersonStatus {
    /// The first spell of employment has not begun.
    PreHire,
    /// Employed and at work.
    Active,
    /// Employed and absent; keeps their place in the chart.
    OnLeave,
    /// Employed once, not now.
    Terminated,
}

impl PersonStatus {
    /// The word for it, the same everywhere.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PreHire => "PRE_HIRE",
            Self::Active => "ACTIVE",
            Self::OnLeave => "ON_LEAVE",
            Self::Terminated => "TERMINATED",
        }
    }

    /// Whether a person of this status stands in the chart.
    pub fn is_present(self) -> bool {
        matches!(self, Self::Active | Self::OnLeave)
    }

    /// The status on `day` that follows from spells of employment and absences, in any order.
    pub fn on(day: Date, spells: &[Spell], absences: &[Absence]) -> Self {
        if spells.iter().any(|spell| spell.covers(day)) {
            if absences.iter().any(|absence| absence.covers(day)) {
                Self::OnLeave
            } else {
                Self::Active
            }
        } else if spells.iter().any(|spell| spell.start <= day) {
            Self::Terminated
        } else {
            Self::PreHire
        }
    }
}

/// One spell of employment; both days are worked, no end means it goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Spell {
    /// First working day.
    pub start: Date,
    /// Last working day.
    pub end: Option<Date>,
}

impl Spell {
    /// Whether the person is employed on `day` by this spell.
    pub fn covers(&self, day: Date) -> bool {
        self.start <= day && self.end.is_none_or(|end| day <= end)
    }
}

/// One absence (leave); both days are absent, no end means until further notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Absence {
    /// First absent day.
    pub start: Date,
    /// Last absent day.
    pub end: Option<Date>,
}

impl Absence {
    /// Whether the person is absent on `day`.
    pub fn covers(&self, day: Date) -> bool {
        self.start <= day && self.end.is_none_or(|end| day <= end)
    }

    /// Whether any day of `from..=to` is absent.
    pub fn touches(&self, from: Date, to: Date) -> bool {
        self.start <= to && self.end.is_none_or(|end| from <= end)
    }

    /// How many days of `from..=to` are absent.
    pub fn days_within(&self, from: Date, to: Date) -> i64 {
        let first = self.start.max(from);
        let last = self.end.map_or(to, |end| end.min(to));
        (last - first).num_days().saturating_add(1).max(0)
    }
}
