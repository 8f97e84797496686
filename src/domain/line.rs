//! Effective-dated reporting lines, and which of them stands on a day (product.md 2).

use serde::{Deserialize, Serialize};

use super::{Date, person::PersonKey};

/// What a line means; DOTTED lines never grant sight and never count for distance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LineKind {
    /// The reporting line.
    Solid,
    /// A secondary one.
    Dotted,
}

/// A SOLID reporting line of one person: `[valid_from, valid_to)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SolidLine {
    /// The senior end.
    pub manager: PersonKey,
    /// First day.
    pub valid_from: Date,
    /// First day on which it no longer holds; none means until further notice.
    pub valid_to: Option<Date>,
}

impl SolidLine {
    /// Whether it holds on `day`.
    pub fn covers(&self, day: Date) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|to| day < to)
    }
}

/// The manager that somebody's line leads to on `day`. A present person has the valid line or none. An absent one
/// keeps the last line (a leaver) or has the first to come (a future hire): their reports are reached along it.
pub fn standing_manager(lines: &[SolidLine], day: Date, present: Presence) -> Option<PersonKey> {
    let valid = lines.iter().find(|line| line.covers(day));
    let standing = match present {
        Presence::Present => valid,
        Presence::Absent => valid
            .or_else(|| {
                lines
                    .iter()
                    .filter(|line| line.valid_from <= day)
                    .max_by_key(|line| line.valid_from)
            })
            .or_else(|| lines.iter().min_by_key(|line| line.valid_from)),
    };
    standing.map(|line| line.manager)
}

/// Whether somebody stands in the chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// ACTIVE or ON_LEAVE.
    Present,
    /// PRE_HIRE or TERMINATED.
    Absent,
}
