//! When people work, in their own time.

use chrono::{DateTime, Datelike, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::domain::Date;

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Weekday {
    /// The first day of an ISO week.
    Monday,
    /// The second.
    Tuesday,
    /// The third.
    Wednesday,
    /// The fourth.
    Thursday,
    /// The fifth.
    Friday,
    /// The sixth.
    Saturday,
    /// The last.
    Sunday,
}

/// The days and hours of work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkingHours {
    /// On which days.
    pub days: Vec<Weekday>,
    /// From when on, on the clock where somebody is.
    pub start: NaiveTime,
    /// Until when, on the same day.
    pub end: NaiveTime,
}

impl WorkingHours {
    /// The day of somebody in `zone` on which they work from `start` for so long without a break; none if they do not.
    pub fn day_of(&self, start: DateTime<Utc>, length: TimeDelta, zone: Tz) -> Option<Date> {
        let (from, to) = (start.with_timezone(&zone), (start + length).with_timezone(&zone));
        let day = from.date_naive();
        let within = self.start <= from.time() && to.time() <= self.end && to.date_naive() == day;
        (within && self.days.contains(&Weekday::of(day))).then_some(day)
    }
}

impl Weekday {
    fn of(day: Date) -> Self {
        match day.weekday() {
            chrono::Weekday::Mon => Self::Monday,
            chrono::Weekday::Tue => Self::Tuesday,
            chrono::Weekday::Wed => Self::Wednesday,
            chrono::Weekday::Thu => Self::Thursday,
            chrono::Weekday::Fri => Self::Friday,
            chrono::Weekday::Sat => Self::Saturday,
            chrono::Weekday::Sun => Self::Sunday,
        }
    }
}

/// A time of day written like `09:00`.
pub fn time_of_day(text: &str) -> Option<NaiveTime> {
    let plain = text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b':');
    plain.then(|| NaiveTime::parse_from_str(text, "%H:%M").ok()).flatten()
}
