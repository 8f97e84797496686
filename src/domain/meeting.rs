//! 1:1 meetings: kinds, status and origin (product.md 3).

pub mod step;

use chrono::{DateTime, Datelike, Months, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{
    Date,
    settings::{BetweenVisibility, Settings},
};

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

/// Why a meeting was cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CancelReason {
    /// One of the two called it off.
    CalledOff,
    /// One of the two has left the organisation.
    PersonTerminated,
}

/// Why a meeting counts as held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Evidence {
    /// One of the two said so.
    Participant,
    /// A calendar or another tool said so.
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

/// What a manager between a leader and a person may know on `today` of a skip-level held on `day`: the first day of its
/// month, one month late, or nothing (product.md 6). The whole month after it must have gone by: a meeting of March is
/// known from the first of May.
pub fn published_heard(day: Date, today: Date, visibility: BetweenVisibility) -> Option<Date> {
    match visibility {
        BetweenVisibility::Month => {
            let month = day.with_day(1)?;
            (month + Months::new(2) <= today).then_some(month)
        }
        BetweenVisibility::None => None,
    }
}

/// The kind of a 1:1 between two people so many lines apart; none where neither is above the other.
pub fn kind_at(distance: Option<u32>) -> MeetingKind {
    match distance {
        None | Some(0) => MeetingKind::Peer,
        Some(1) => MeetingKind::Direct,
        Some(_) => MeetingKind::SkipLevel,
    }
}

/// What time has made of a meeting's stored status: SCHEDULED becomes UNCONFIRMED some days after its end. Time
/// alone never makes one HELD.
pub fn status_at(
    stored: MeetingStatus,
    ends_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    settings: &Settings,
) -> MeetingStatus {
    match (stored, ends_at) {
        (MeetingStatus::Scheduled, Some(end)) if end < unconfirmed_before(now, settings) => MeetingStatus::Unconfirmed,
        _ => stored,
    }
}

/// Scheduled meetings that ended before this are UNCONFIRMED at `now`.
pub fn unconfirmed_before(now: DateTime<Utc>, settings: &Settings) -> DateTime<Utc> {
    now - TimeDelta::days(settings.unconfirmed_after_days)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(month: u32, day: u32) -> Date {
        Date::from_ymd_opt(2026, month, day).unwrap()
    }

    #[test]
    fn a_month_is_published_when_the_next_one_has_gone_by() {
        let month = BetweenVisibility::Month;
        assert_eq!(published_heard(day(3, 1), day(4, 30), month), None);
        assert_eq!(published_heard(day(3, 31), day(4, 30), month), None);
        assert_eq!(published_heard(day(3, 1), day(5, 1), month), Some(day(3, 1)));
        assert_eq!(published_heard(day(3, 31), day(5, 1), month), Some(day(3, 1)));
    }

    #[test]
    fn nothing_is_published_where_managers_in_between_learn_nothing() {
        assert_eq!(published_heard(day(1, 1), day(12, 1), BetweenVisibility::None), None);
    }
}
