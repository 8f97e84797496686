//! When people work, in their own time: as the organisation has it, or as they say themselves.

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

/// What somebody says of their own hours; what they do not say is as the organisation has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OwnHours {
    /// From when on, like `09:00`; given with the end, or not at all.
    pub start: Option<String>,
    /// Until when, on the same day.
    pub end: Option<String>,
    /// On which days.
    pub days: Option<Vec<Weekday>>,
}

/// A field of somebody's own hours that does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoHours {
    /// Its name.
    pub field: &'static str,
    /// What it should be.
    pub should_be: &'static str,
}

impl OwnHours {
    /// Whether anything is said.
    pub fn say_anything(&self) -> bool {
        *self != Self::default()
    }

    /// The first field that does not fit.
    pub fn misfit(&self) -> Option<NoHours> {
        let wrong = |field, should_be| Some(NoHours { field, should_be });
        let (start, end) = (self.start.as_deref(), self.end.as_deref());
        match (start.map(time_of_day), end.map(time_of_day)) {
            (Some(None), _) => return wrong("start", "a time of day such as 09:00"),
            (_, Some(None)) => return wrong("end", "a time of day such as 17:00"),
            (None, Some(_)) => return wrong("start", "given with the end, or neither of the two"),
            (Some(_), None) => return wrong("end", "given with the start, or neither of the two"),
            (start, end) if start.is_some() && start >= end => return wrong("end", "later than the start"),
            _ => {}
        }
        if self.days.as_deref().is_some_and(|days| !is_week(days)) {
            return wrong("days", "one day of the week or more, each once");
        }
        None
    }

    /// The hours that hold for them, in an organisation that has `usual` ones.
    pub fn over(&self, usual: WorkingHours) -> WorkingHours {
        let time = |own: &Option<String>, usual| own.as_deref().and_then(time_of_day).unwrap_or(usual);
        WorkingHours {
            start: time(&self.start, usual.start),
            end: time(&self.end, usual.end),
            days: self.days.clone().unwrap_or(usual.days),
        }
    }
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

/// Whether these are some days of a week, each once.
pub fn is_week(days: &[Weekday]) -> bool {
    let once = |day: &Weekday| days.iter().filter(|other| *other == day).count() == 1;
    !days.is_empty() && days.iter().all(once)
}

/// A time of day written like `09:00`.
pub fn time_of_day(text: &str) -> Option<NaiveTime> {
    let plain = text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b':');
    plain.then(|| NaiveTime::parse_from_str(text, "%H:%M").ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(start: Option<&str>, end: Option<&str>, days: Option<&[Weekday]>) -> OwnHours {
        OwnHours {
            start: start.map(str::to_owned),
            end: end.map(str::to_owned),
            days: days.map(<[_]>::to_vec),
        }
    }

    #[test]
    fn what_does_not_fit_is_named() {
        use Weekday::{Monday, Tuesday};
        let wrong = |own: OwnHours| own.misfit().map(|misfit| misfit.field);
        assert_eq!(wrong(OwnHours::default()), None);
        assert_eq!(wrong(own(Some("07:30"), Some("15:00"), None)), None);
        assert_eq!(wrong(own(None, None, Some(&[Tuesday, Monday]))), None);
        for (start, end, field) in [
            (Some("7:30"), Some("15:00"), "start"),
            (Some("07:30"), Some("24:00"), "end"),
            (Some("07:30"), None, "end"),
            (None, Some("15:00"), "start"),
            (Some("15:00"), Some("15:00"), "end"),
        ] {
            assert_eq!(wrong(own(start, end, None)), Some(field), "{start:?} {end:?}");
        }
        assert_eq!(wrong(own(None, None, Some(&[]))), Some("days"));
        assert_eq!(wrong(own(None, None, Some(&[Monday, Monday]))), Some("days"));
    }

    #[test]
    fn what_is_not_said_is_as_usual() {
        let usual = WorkingHours {
            days: vec![Weekday::Monday],
            start: NaiveTime::from_hms_opt(9, 0, 0).unwrap(),
            end: NaiveTime::from_hms_opt(17, 0, 0).unwrap(),
        };
        assert_eq!(OwnHours::default().over(usual.clone()), usual);
        let early = own(Some("06:00"), Some("12:00"), None).over(usual.clone());
        assert_eq!(
            (early.start.to_string().as_str(), early.days),
            ("06:00:00", usual.days.clone())
        );
        let late = own(None, None, Some(&[Weekday::Sunday])).over(usual.clone());
        assert_eq!((late.start, late.days), (usual.start, vec![Weekday::Sunday]));
    }
}
