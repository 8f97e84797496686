//! ISO weeks in the organisation's time zone: the rhythm of the draw.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeZone, Utc, Weekday};
use chrono_tz::Tz;

use super::Date;

/// An ISO week, named like `2026-W47`; Monday to Sunday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Week(Date);

impl Week {
    /// The week that `day` lies in.
    pub fn of(day: Date) -> Self {
        Self(day.week(Weekday::Mon).first_day())
    }

    /// Its Monday.
    pub fn starts_on(self) -> Date {
        self.0
    }

    /// Its Sunday.
    pub fn ends_on(self) -> Date {
        self.0 + Days::new(6)
    }

    /// Whether `day` lies in it.
    pub fn contains(self, day: Date) -> bool {
        Self::of(day) == self
    }

    /// The week `weeks` later (earlier when negative).
    #[must_use]
    pub fn plus(self, weeks: i64) -> Self {
        Self(self.0 + chrono::Duration::weeks(weeks))
    }

    /// The first day of the calendar month this week counts for: the month of its Thursday, as ISO counts years.
    pub fn month(self) -> Date {
        let thursday = self.0 + Days::new(3);
        thursday.with_day(1).unwrap_or(thursday)
    }
}

impl fmt::Display for Week {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let week = self.0.iso_week();
        write!(f, "{:04}-W{:02}", week.year(), week.week())
    }
}

/// The text is no ISO week.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no ISO week; write it like 2026-W47")]
pub struct WeekError(String);

impl FromStr for Week {
    type Err = WeekError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parse = || {
            let (year, week) = text.split_once("-W")?;
            let plain = |part: &str, len| part.len() == len && part.bytes().all(|b| b.is_ascii_digit());
            (plain(year, 4) && plain(week, 2)).then_some(())?;
            NaiveDate::from_isoywd_opt(year.parse().ok()?, week.parse().ok()?, Weekday::Mon)
        };
        parse().map(Self).ok_or_else(|| WeekError(text.to_owned()))
    }
}

/// The day that `instant` falls on in `zone`.
pub fn day_of(instant: DateTime<Utc>, zone: Tz) -> Date {
    instant.with_timezone(&zone).date_naive()
}

/// The first instant of `day` in `zone`; where the clock skips midnight, the first that exists.
pub fn start_of_day(day: Date, zone: Tz) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    zone.from_local_datetime(&midnight)
        .earliest()
        .or_else(|| {
            (1..=24).find_map(|half| {
                zone.from_local_datetime(&(midnight + chrono::Duration::minutes(30 * half)))
                    .earliest()
            })
        })
        .map_or_else(|| midnight.and_utc(), |local| local.to_utc())
}
