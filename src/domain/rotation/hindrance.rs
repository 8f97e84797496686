//! Why two people cannot meet in a week, and when they can.

use crate::domain::{Date, week::Week};

/// Why somebody cannot be met in a week; days are the first on which this no longer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hindrance {
    /// Not employed to the end of the week, or not at all.
    Gone,
    /// Absent on a day of the week, perhaps until further notice.
    OnLeave(Option<Date>),
    TooNew(Date),
    Resting(Date),
    Cooldown(Date),
    LoadCap(Date),
}

impl Hindrance {
    /// The first day on which it no longer holds, if it is known to end.
    fn until(self) -> Option<Date> {
        match self {
            Self::Gone => None,
            Self::OnLeave(until) => until,
            Self::TooNew(until) | Self::Resting(until) | Self::Cooldown(until) | Self::LoadCap(until) => Some(until),
        }
    }
}

/// The first week from `from` on without a hindrance; every hindrance ends after the Monday of the week it is found in.
pub(super) fn first_free(from: Week, hindrance: impl Fn(Week) -> Option<Hindrance>) -> Option<Week> {
    let mut week = from;
    while let Some(found) = hindrance(week) {
        week = Week::of(found.until()? + chrono::Duration::days(6));
    }
    Some(week)
}
