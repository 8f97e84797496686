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

/// A SOLID line of one person over time, `[from, to)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The manager.
    pub manager: PersonKey,
    /// First day.
    pub from: Date,
    /// First day after it; open when none.
    pub to: Option<Date>,
}

impl Span {
    /// Whether the line is valid on `day`.
    pub fn covers(&self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|to| day < to)
    }
}

/// The manager that somebody's line leads to on `day`. A present person has the valid line or none. An absent one
/// keeps the last line (a leaver) or has the first to come (a future hire): their reports are reached along it.
pub fn standing_manager(spans: &[Span], day: Date, present: Presence) -> Option<PersonKey> {
    let valid = spans.iter().find(|span| span.covers(day));
    let standing = match present {
        Presence::Present => valid,
        Presence::Absent => valid
            .or_else(|| {
                spans
                    .iter()
                    .filter(|span| span.from <= day)
                    .max_by_key(|span| span.from)
            })
            .or_else(|| spans.iter().min_by_key(|span| span.from)),
    };
    standing.map(|span| span.manager)
}

/// Whether somebody stands in the chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// ACTIVE or ON_LEAVE.
    Present,
    /// PRE_HIRE or TERMINATED.
    Absent,
}
