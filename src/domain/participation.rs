//! What people say of being suggested: opting out, or a snooze (product.md 4, rule 1). Confidential: neither is an answer
//! to anybody but themselves.

use chrono::Months;
use serde::Serialize;

use super::Date;

/// What a person says of being suggested. Nobody who has said nothing is silent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Participation {
    /// Whether they are not to be suggested at all.
    pub opted_out: bool,
    /// The first day on which they may be suggested again.
    pub snoozed_until: Option<Date>,
    /// The day since which the one or the other holds without a break.
    pub silent_since: Option<Date>,
}

/// What of it to change; what is none stays as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Saying {
    /// Whether they are not to be suggested at all.
    pub opted_out: Option<bool>,
    /// A snooze, or its end.
    pub snooze: Option<Snooze>,
}

/// A snooze, or its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Snooze {
    /// Not before this day.
    Until(Date),
    /// From now on.
    End,
}

/// The day lies in the past, or more than a year ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a snooze ends today or later, and at most a year from now")]
pub struct NoSnooze;

impl Participation {
    /// As it is on `day`: a snooze whose day has come is over.
    #[must_use]
    pub fn on(self, day: Date) -> Self {
        let snoozed_until = self.snoozed_until.filter(|until| day < *until);
        let silent = self.opted_out || snoozed_until.is_some();
        Self {
            opted_out: self.opted_out,
            snoozed_until,
            silent_since: self.silent_since.filter(|_| silent),
        }
    }

    /// As it is once somebody has said so on `today`.
    pub fn after(self, saying: Saying, today: Date) -> Result<Self, NoSnooze> {
        let now = self.on(today);
        let snoozed_until = match saying.snooze {
            None => now.snoozed_until,
            Some(Snooze::End) => None,
            Some(Snooze::Until(day)) if day < today || today + Months::new(12) < day => return Err(NoSnooze),
            Some(Snooze::Until(day)) => Some(day),
        };
        let said = Self {
            opted_out: saying.opted_out.unwrap_or(now.opted_out),
            snoozed_until,
            silent_since: now.silent_since.or(Some(today)),
        };
        Ok(said.on(today))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn snooze(until: &str) -> Saying {
        Saying {
            snooze: Some(Snooze::Until(day(until))),
            ..Saying::default()
        }
    }

    fn opt_out(opted_out: bool) -> Saying {
        Saying {
            opted_out: Some(opted_out),
            ..Saying::default()
        }
    }

    fn said(sayings: &[(&str, Saying)]) -> Participation {
        let say = |said: Participation, (today, saying): &(&str, Saying)| said.after(*saying, day(today)).unwrap();
        sayings.iter().fold(Participation::default(), say)
    }

    #[test]
    fn what_is_not_said_stays_as_it_is() {
        let both = said(&[("2026-01-05", opt_out(true)), ("2026-01-06", snooze("2026-02-02"))]);
        assert_eq!((both.opted_out, both.snoozed_until), (true, Some(day("2026-02-02"))));
        let back = both.after(opt_out(false), day("2026-01-07")).unwrap();
        assert_eq!((back.opted_out, back.snoozed_until), (false, Some(day("2026-02-02"))));
        let end = Saying {
            snooze: Some(Snooze::End),
            ..Saying::default()
        };
        assert_eq!(back.after(end, day("2026-01-07")), Ok(Participation::default()));
    }

    #[test]
    fn a_snooze_ends_by_itself() {
        let snoozed = said(&[("2026-01-05", snooze("2026-02-02"))]);
        assert_eq!(snoozed.on(day("2026-02-01")), snoozed);
        assert_eq!(snoozed.on(day("2026-02-02")), Participation::default());
    }

    #[test]
    fn silence_counts_from_its_first_day_and_anew_after_a_break() {
        let since = |sayings: &[(&str, Saying)]| said(sayings).silent_since;
        let longer = [
            ("2026-01-05", snooze("2026-02-02")),
            ("2026-01-20", snooze("2026-03-02")),
        ];
        assert_eq!(since(&longer), Some(day("2026-01-05")));
        let anew = [("2026-01-05", snooze("2026-02-02")), ("2026-02-02", opt_out(true))];
        assert_eq!(since(&anew), Some(day("2026-02-02")));
        assert_eq!(
            since(&[("2026-01-05", opt_out(true)), ("2026-01-06", opt_out(false))]),
            None
        );
    }

    #[test]
    fn a_snooze_is_at_most_a_year_long_and_never_past() {
        let snoozed = |until: &str| Participation::default().after(snooze(until), day("2026-01-05"));
        assert_eq!(snoozed("2026-01-04"), Err(NoSnooze));
        assert_eq!(snoozed("2026-01-05"), Ok(Participation::default()));
        assert!(snoozed("2027-01-05").is_ok());
        assert_eq!(snoozed("2027-01-06"), Err(NoSnooze));
    }
}
