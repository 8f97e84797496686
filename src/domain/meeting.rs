//! 1:1 meetings: kinds, status and origin (product.md 3).

use serde::{Deserialize, Serialize};

/// What a 1:1 is, derived from the chart when it is created and frozen then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MeetingKind {
    /// Distance 1: a manager and their report.
    Direct,
    /// Distance 2 or more: a leader and somebody far below them.
    SkipLevel,
    /// Neither stands above the other.
    Peer,
}

/// How far a meeting has come; only HELD counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MeetingStatus {
    /// Agreed for a time.
    Scheduled,
    /// Took place and was confirmed by a participant.
    Held,
    /// Called off.
    Cancelled,
    /// The counterpart said no; carries no reason.
    Declined,
    /// Its time went by and nobody confirmed it.
    Unconfirmed,
}

/// Where a meeting came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MeetingOrigin {
    /// An accepted suggestion.
    Rotation,
    /// The leader scheduled or recorded it without a suggestion.
    LeaderChoice,
    /// The counterpart asked for it.
    CounterpartRequest,
    /// An import told of it.
    Import,
}

/// Where a person stands below a leader that has four or more levels below (product.md 4, rule 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Band {
    /// No reports, distance 3 or more.
    Bottom,
    /// Everybody else below.
    Middle,
    /// Distance 2.
    Near,
}
