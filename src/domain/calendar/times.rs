//! When two people could meet: both at work, neither known to be busy. What keeps somebody from a time is not told: leave, a
//! meeting and the end of their employment look alike.

use std::ops::Range;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::hours::WorkingHours;
use crate::domain::{
    Date,
    person::{Absence, PersonStatus, Spell},
    week::{Week, start_of_day},
};

/// Most times that are suggested.
pub const MOST_TIMES: usize = 10;

/// Meetings begin at quarters of an hour, which are quarters in every time zone.
const GRID: TimeDelta = TimeDelta::minutes(15);

/// One of the two.
#[derive(Clone, Debug)]
pub struct Diary {
    /// Where they are.
    pub zone: Tz,
    /// When they are busy.
    pub busy: Vec<Range<DateTime<Utc>>>,
    /// When they are employed; days in their own time.
    pub spells: Vec<Spell>,
    /// When they are on leave.
    pub absences: Vec<Absence>,
}

/// What is looked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// In which week of the organisation, which is in this zone.
    pub week: (Week, Tz),
    /// How long it is to be.
    pub length: TimeDelta,
    /// Not before.
    pub now: DateTime<Utc>,
}

/// Times at which both could meet, in their order, at most [`MOST_TIMES`] and spread over the days of `one`.
pub fn meeting_times(wanted: &Wanted, hours: &WorkingHours, one: &Diary, other: &Diary) -> Vec<DateTime<Utc>> {
    let mut days: Vec<(Date, Vec<DateTime<Utc>>)> = Vec::new();
    for start in starts(wanted) {
        let Some(day) = one.is_free(start, wanted.length, hours) else {
            continue;
        };
        if other.is_free(start, wanted.length, hours).is_none() {
            continue;
        }
        match days.last_mut() {
            Some((last, times)) if *last == day => {
                // One after the other: of two that overlap, one says as much.
                if times.last().is_none_or(|before| *before + wanted.length <= start) {
                    times.push(start);
                }
            }
            _ => days.push((day, vec![start])),
        }
    }
    spread(days.into_iter().map(|(_, times)| times).collect())
}

/// Every start in the week that is not past.
fn starts(wanted: &Wanted) -> impl Iterator<Item = DateTime<Utc>> {
    let (week, zone) = wanted.week;
    let (first, end) = (
        start_of_day(week.starts_on(), zone),
        start_of_day(week.plus(1).starts_on(), zone),
    );
    let quarter = GRID.num_seconds();
    let aligned = (first.timestamp() + quarter - 1).div_euclid(quarter) * quarter;
    let aligned = DateTime::from_timestamp(aligned, 0).unwrap_or(first);
    let now = wanted.now;
    std::iter::successors(Some(aligned), |at| Some(*at + GRID))
        .take_while(move |at| *at < end)
        .filter(move |at| now <= *at)
}

/// Takes from each day in turn, from its morning and its evening alternately, until there are enough.
fn spread(mut days: Vec<Vec<DateTime<Utc>>>) -> Vec<DateTime<Utc>> {
    let mut taken = Vec::new();
    let mut from_the_morning = true;
    while taken.len() < MOST_TIMES && days.iter().any(|day| !day.is_empty()) {
        for day in days.iter_mut().filter(|day| !day.is_empty()) {
            if taken.len() < MOST_TIMES {
                taken.extend(if from_the_morning {
                    Some(day.remove(0))
                } else {
                    day.pop()
                });
            }
        }
        from_the_morning = !from_the_morning;
    }
    taken.sort_unstable();
    taken
}

impl Diary {
    /// Their day on which they are at work and free for so long; none if they are not.
    fn is_free(&self, start: DateTime<Utc>, length: TimeDelta, hours: &WorkingHours) -> Option<Date> {
        let day = hours.day_of(start, length, self.zone)?;
        let at_work = PersonStatus::on(day, &self.spells, &self.absences) == PersonStatus::Active;
        let busy = self
            .busy
            .iter()
            .any(|busy| busy.start < start + length && start < busy.end);
        (at_work && !busy).then_some(day)
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::{
        America::{Los_Angeles, New_York},
        Asia::{Kathmandu, Tokyo},
        Europe::Berlin,
    };
    use expect_test::{Expect, expect};

    use super::*;
    use crate::domain::calendar::hours::{Weekday, time_of_day};

    fn hours() -> WorkingHours {
        use Weekday::{Friday, Monday, Thursday, Tuesday, Wednesday};
        WorkingHours {
            days: vec![Monday, Tuesday, Wednesday, Thursday, Friday],
            start: time_of_day("09:00").unwrap(),
            end: time_of_day("17:00").unwrap(),
        }
    }

    fn free(zone: Tz) -> Diary {
        Diary {
            zone,
            busy: vec![],
            spells: vec![Spell {
                start: day("2020-01-01"),
                end: None,
            }],
            absences: vec![],
        }
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn week(week: &str, minutes: i64) -> Wanted {
        Wanted {
            week: (week.parse().unwrap(), Berlin),
            length: TimeDelta::minutes(minutes),
            now: at("2026-01-01T00:00:00Z"),
        }
    }

    /// A line a day of the first one, with the times on both clocks.
    fn check(wanted: &Wanted, one: &Diary, other: &Diary, expected: &Expect) {
        let times = meeting_times(wanted, &hours(), one, other);
        let line = |at: &DateTime<Utc>| {
            let there = at.with_timezone(&other.zone).format("%a %H:%M");
            format!("{} / {there}\n", at.with_timezone(&one.zone).format("%a %d %b %H:%M"))
        };
        expected.assert_eq(&times.iter().map(line).collect::<String>());
    }

    #[test]
    fn times_lie_in_the_hours_of_both_spread_over_the_week() {
        check(
            &week("2026-W09", 30),
            &free(Berlin),
            &free(New_York),
            &expect![[r#"
            Mon 23 Feb 15:00 / Mon 09:00
            Mon 23 Feb 16:30 / Mon 10:30
            Tue 24 Feb 15:00 / Tue 09:00
            Tue 24 Feb 16:30 / Tue 10:30
            Wed 25 Feb 15:00 / Wed 09:00
            Wed 25 Feb 16:30 / Wed 10:30
            Thu 26 Feb 15:00 / Thu 09:00
            Thu 26 Feb 16:30 / Thu 10:30
            Fri 27 Feb 15:00 / Fri 09:00
            Fri 27 Feb 16:30 / Fri 10:30
        "#]],
        );
        check(
            &week("2026-W09", 60),
            &free(Berlin),
            &free(Kathmandu),
            &expect![[r#"
                Mon 23 Feb 09:00 / Mon 13:45
                Mon 23 Feb 11:00 / Mon 15:45
                Tue 24 Feb 09:00 / Tue 13:45
                Tue 24 Feb 11:00 / Tue 15:45
                Wed 25 Feb 09:00 / Wed 13:45
                Wed 25 Feb 11:00 / Wed 15:45
                Thu 26 Feb 09:00 / Thu 13:45
                Thu 26 Feb 11:00 / Thu 15:45
                Fri 27 Feb 09:00 / Fri 13:45
                Fri 27 Feb 11:00 / Fri 15:45
            "#]],
        );
    }

    /// New York changes its clocks on Sunday the 8th, Berlin on Sunday the 29th: between, there is an hour more.
    #[test]
    fn clocks_change_for_each_on_their_own_day() {
        check(
            &week("2026-W11", 120),
            &free(Berlin),
            &free(New_York),
            &expect![[r#"
                Mon 09 Mar 14:00 / Mon 09:00
                Tue 10 Mar 14:00 / Tue 09:00
                Wed 11 Mar 14:00 / Wed 09:00
                Thu 12 Mar 14:00 / Thu 09:00
                Fri 13 Mar 14:00 / Fri 09:00
            "#]],
        );
        check(
            &week("2026-W14", 120),
            &free(Berlin),
            &free(New_York),
            &expect![[r#"
                Mon 30 Mar 15:00 / Mon 09:00
                Tue 31 Mar 15:00 / Tue 09:00
                Wed 01 Apr 15:00 / Wed 09:00
                Thu 02 Apr 15:00 / Thu 09:00
                Fri 03 Apr 15:00 / Fri 09:00
            "#]],
        );
    }

    #[test]
    fn who_never_works_at_the_same_time_finds_none() {
        check(&week("2026-W09", 30), &free(Berlin), &free(Los_Angeles), &expect![[""]]);
        check(&week("2026-W09", 15), &free(New_York), &free(Tokyo), &expect![[""]]);
    }

    #[test]
    fn nobody_is_disturbed() {
        let one = Diary {
            busy: vec![at("2026-02-23T08:00:00Z")..at("2026-02-23T15:00:00Z")],
            absences: vec![Absence {
                start: day("2026-02-24"),
                end: Some(day("2026-02-24")),
            }],
            spells: vec![Spell {
                start: day("2020-01-01"),
                end: Some(day("2026-02-26")),
            }],
            ..free(Berlin)
        };
        let other = Diary {
            busy: vec![
                at("2026-02-25T00:00:00Z")..at("2026-02-26T00:00:00Z"),
                at("2026-02-26T08:45:00Z")..at("2026-02-26T15:30:00Z"),
            ],
            ..free(Berlin)
        };
        // Side by side is not in the way.
        check(
            &week("2026-W09", 30),
            &one,
            &other,
            &expect![[r#"
            Mon 23 Feb 16:00 / Mon 16:00
            Mon 23 Feb 16:30 / Mon 16:30
            Thu 26 Feb 09:00 / Thu 09:00
            Thu 26 Feb 16:30 / Thu 16:30
        "#]],
        );
        // The same for whoever asks, in whichever order.
        check(
            &week("2026-W09", 30),
            &other,
            &one,
            &expect![[r#"
            Mon 23 Feb 16:00 / Mon 16:00
            Mon 23 Feb 16:30 / Mon 16:30
            Thu 26 Feb 09:00 / Thu 09:00
            Thu 26 Feb 16:30 / Thu 16:30
        "#]],
        );
    }

    #[test]
    fn what_is_past_is_past() {
        let wanted = Wanted {
            now: at("2026-02-27T14:46:00Z"),
            ..week("2026-W09", 30)
        };
        check(
            &wanted,
            &free(Berlin),
            &free(Berlin),
            &expect![[r#"
            Fri 27 Feb 16:00 / Fri 16:00
            Fri 27 Feb 16:30 / Fri 16:30
        "#]],
        );
        check(
            &Wanted {
                week: ("2026-W08".parse().unwrap(), Berlin),
                ..wanted
            },
            &free(Berlin),
            &free(Berlin),
            &expect![[""]],
        );
    }

    #[test]
    fn a_day_that_is_too_short_holds_nothing() {
        check(
            &week("2026-W09", 480),
            &free(Berlin),
            &free(Berlin),
            &expect![[r#"
            Mon 23 Feb 09:00 / Mon 09:00
            Tue 24 Feb 09:00 / Tue 09:00
            Wed 25 Feb 09:00 / Wed 09:00
            Thu 26 Feb 09:00 / Thu 09:00
            Fri 27 Feb 09:00 / Fri 09:00
        "#]],
        );
        check(&week("2026-W09", 481), &free(Berlin), &free(Berlin), &expect![[""]]);
    }
}
