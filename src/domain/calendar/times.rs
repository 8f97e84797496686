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
    /// When they work.
    pub hours: WorkingHours,
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
pub fn meeting_times(wanted: &Wanted, one: &Diary, other: &Diary) -> Vec<DateTime<Utc>> {
    let mut days: Vec<(Date, Vec<DateTime<Utc>>)> = Vec::new();
    for start in starts(wanted) {
        let Some(day) = one.is_free(start, wanted.length) else {
            continue;
        };
        if other.is_free(start, wanted.length).is_none() {
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
    fn is_free(&self, start: DateTime<Utc>, length: TimeDelta) -> Option<Date> {
        let day = self.hours.day_of(start, length, self.zone)?;
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
    use std::collections::BTreeMap;

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
            hours: hours(),
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
        let times = meeting_times(wanted, one, other);
        let line = |at: &DateTime<Utc>| {
            let there = at.with_timezone(&other.zone).format("%a %H:%M");
            format!("{} / {there}\n", at.with_timezone(&one.zone).format("%a %d %b %H:%M"))
        };
        expected.assert_eq(&times.iter().map(line).collect::<String>());
    }

    /// The times on both clocks, which have to be the same on all of five days.
    fn daily(wanted: &Wanted, one: &Diary, other: &Diary) -> String {
        let mut days: BTreeMap<Date, Vec<String>> = BTreeMap::new();
        for at in meeting_times(wanted, one, other) {
            let (here, there) = (at.with_timezone(&one.zone), at.with_timezone(&other.zone));
            let times = days.entry(here.date_naive()).or_default();
            times.push(format!("{} / {}", here.format("%H:%M"), there.format("%H:%M")));
        }
        let days: Vec<String> = days.into_values().map(|times| times.join(", ")).collect();
        assert!(days.len() == 5 && days.iter().all(|day| *day == days[0]), "{days:?}");
        days[0].clone()
    }

    #[test]
    fn times_lie_in_the_hours_of_both_spread_over_the_week() {
        let berlin = free(Berlin);
        let half_an_hour = daily(&week("2026-W09", 30), &berlin, &free(New_York));
        assert_eq!(half_an_hour, "15:00 / 09:00, 16:30 / 10:30");
        let an_hour = daily(&week("2026-W09", 60), &berlin, &free(Kathmandu));
        assert_eq!(an_hour, "09:00 / 13:45, 11:00 / 15:45");
    }

    /// New York changes its clocks on Sunday the 8th, Berlin on Sunday the 29th: between, there is an hour more.
    #[test]
    fn clocks_change_for_each_on_their_own_day() {
        let times = |number| daily(&week(number, 120), &free(Berlin), &free(New_York));
        assert_eq!(times("2026-W10"), "15:00 / 09:00");
        assert_eq!(times("2026-W11"), "14:00 / 09:00");
        assert_eq!(times("2026-W14"), "15:00 / 09:00");
    }

    #[test]
    fn hours_of_ones_own_are_kept_to() {
        let early = Diary {
            hours: WorkingHours {
                end: time_of_day("12:00").unwrap(),
                days: vec![Weekday::Tuesday, Weekday::Saturday],
                ..hours()
            },
            ..free(Berlin)
        };
        let expected = expect![[r#"
            Tue 24 Feb 09:00 / Tue 09:00
            Tue 24 Feb 10:00 / Tue 10:00
            Tue 24 Feb 11:00 / Tue 11:00
        "#]];
        check(&week("2026-W09", 60), &early, &free(Berlin), &expected);
        check(&week("2026-W09", 60), &free(Berlin), &early, &expected);
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
