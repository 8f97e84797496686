//! What every made-up organisation and its year must be like.

use std::collections::{HashMap, HashSet};

use chrono::{Datelike, Timelike, Weekday};
use chrono_tz::Tz;
use expect_test::expect;

use super::*;
use crate::domain::{load::is_too_near, person::PersonStatus, settings::Settings, week::Week};

fn today() -> Date {
    Date::from_ymd_opt(2026, 11, 26).unwrap()
}

fn plan(people: usize, levels: usize, seed: u64) -> Plan {
    Plan {
        people,
        levels,
        seed,
        today: today(),
    }
}

fn demo() -> Organisation {
    organisation(&plan(400, 6, 1)).unwrap()
}

/// Everything that holds for any organisation.
fn check(people: usize, levels: usize, seed: u64) {
    let found = organisation(&plan(people, levels, seed)).unwrap();
    let chart = found.chart_on(today());
    let case = format!("{people} people, {levels} levels, seed {seed}");
    assert_eq!(chart.len(), people, "{case}");
    let roots = chart.keys().filter(|&key| chart.manager(key).is_none()).count();
    assert_eq!(roots, 1, "{case}");
    let deepest = chart.keys().filter_map(|key| chart.depth(key)).max();
    assert_eq!(deepest, u32::try_from(levels - 1).ok(), "{case}");
    let spans: HashSet<usize> = chart.keys().map(|key| chart.reports(key).count()).collect();
    assert!(
        spans.iter().all(|span| [0, 5, 6, 7, 8, 9].contains(span)),
        "{case}: {spans:?}"
    );
    let distinct = |read: fn(&MadeUpPerson) -> &str| found.people.iter().map(read).collect::<HashSet<_>>().len();
    assert_eq!(distinct(|person| &person.external_id), people, "{case}");
    assert_eq!(distinct(|person| &person.name), people, "{case}");
    assert_eq!(distinct(|person| &person.email), people, "{case}");
    for person in &found.people {
        assert_eq!(found.person(person.key), Some(person));
        let manager = person.manager.and_then(|key| found.person(key));
        assert!(
            manager.is_none_or(|manager| manager.start <= person.start),
            "{case}: {person:?}"
        );
        assert!(
            person.absences.iter().all(|absence| absence.start > person.start),
            "{case}: {person:?}"
        );
    }
}

#[test]
fn organisations_of_any_size_are_as_planned() {
    for seed in 0..5 {
        check(400, 6, seed);
    }
    check(1, 1, 1);
    check(6, 2, 1);
    check(16, 4, 1);
    check(400, 5, 1);
    check(400, 40, 1);
    check(10_000, 8, 1);
    check(MOST_PEOPLE, 9, 1);
}

#[test]
fn what_cannot_be_is_refused_with_a_way_out() {
    let refusal = |people, levels| organisation(&plan(people, levels, 1)).unwrap_err().to_string();
    expect!["an organisation needs somebody"].assert_eq(&refusal(0, 1));
    expect!["4 people cannot be split into teams of 5 to 9 and their managers"].assert_eq(&refusal(4, 2));
    expect!["400 people in teams of 5 to 9 stand on 4 to 80 levels, not on 3"].assert_eq(&refusal(400, 3));
    expect!["20 people in teams of 5 to 9 stand on 3 to 4 levels, not on 9"].assert_eq(&refusal(20, 9));
    expect!["at most 100000 people can be made up"].assert_eq(&refusal(MOST_PEOPLE + 1, 9));
}

#[test]
fn the_seed_decides_and_nothing_else() {
    assert_eq!(demo(), demo());
    let other = organisation(&plan(400, 6, 2)).unwrap();
    assert_ne!(demo(), other);
    // A later day moves days, not people.
    let later = organisation(&Plan {
        today: today() + chrono::Days::new(100),
        ..plan(400, 6, 1)
    });
    let names = |organisation: &Organisation| {
        organisation
            .people
            .iter()
            .map(|person| person.name.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&demo()), names(&later.unwrap()));
}

#[test]
fn branches_end_on_different_levels() {
    let chart = demo().chart_on(today());
    let mut on_level = [0; 6];
    let mut ends_on_level = [0; 6];
    for key in chart.keys() {
        let depth = chart.depth(key).unwrap() as usize;
        on_level[depth] += 1;
        ends_on_level[depth] += usize::from(!chart.has_reports(key));
    }
    expect!["people [1, 8, 53, 198, 133, 7], of them without reports [0, 0, 25, 179, 132, 7]"].assert_eq(&format!(
        "people {on_level:?}, of them without reports {ends_on_level:?}"
    ));
}

#[test]
fn people_look_like_people() {
    let demo = demo();
    let line = |person: &MadeUpPerson| {
        let MadeUpPerson {
            external_id,
            name,
            email,
            title,
            department,
            location,
            start,
            ..
        } = person;
        format!("{external_id} {name}, {title}, {department}, {location}, {email}, since {start}\n")
    };
    let some = [0, 1, 2, 12, 60, 150, 399].map(|at| line(&demo.people[at])).concat();
    expect![[r#"
        P0001 Apricot Edelweiss, Chief Executive, Head Office, Lanternbridge, apricot.edelweiss@demo.example, since 2014-11-24
        P0002 Viridian Cowslip, Head of Engineering, Engineering, Lanternbridge, viridian.cowslip@demo.example, since 2016-06-06
        P0003 Ultramarine Cedar, Head of Operations, Operations, Lanternbridge, ultramarine.cedar@demo.example, since 2018-07-09
        P0013 Cerulean Fern, Manager, Research, Research, Lanternbridge, cerulean.fern@demo.example, since 2025-01-27
        P0061 Vermilion Mistletoe, Manager, Marketing, Marketing, Papaya Bay, vermilion.mistletoe@demo.example, since 2022-08-01
        P0151 Taupe Larch, Copywriter, Marketing, Lanternbridge, taupe.larch@demo.example, since 2022-02-21
        P0400 Tawny Bracken, Researcher, Research, Lanternbridge, tawny.bracken@demo.example, since 2026-11-16
    "#]].assert_eq(&some);
    let status = |person: &MadeUpPerson| {
        let spell = crate::domain::person::Spell {
            start: person.start,
            end: None,
        };
        PersonStatus::on(today(), &[spell], &person.absences)
    };
    let on_leave = demo
        .people
        .iter()
        .filter(|person| status(person) == PersonStatus::OnLeave)
        .count();
    let joined = demo
        .people
        .iter()
        .filter(|person| (today() - person.start).num_days() < 365)
        .count();
    let places: HashSet<_> = demo.people.iter().map(|person| person.location).collect();
    let departments: HashSet<_> = demo.people.iter().map(|person| person.department).collect();
    expect!["10 on leave, 31 joined within a year, 5 places, 9 departments"].assert_eq(&format!(
        "{on_leave} on leave, {joined} joined within a year, {} places, {} departments",
        places.len(),
        departments.len()
    ));
    assert!((today() - demo.newcomer().unwrap().start).num_days() < 30);
}

fn played(organisation: &Organisation) -> Vec<PlayedWeek> {
    year(&Year {
        organisation,
        settings: &Settings::default(),
        zone: Tz::Europe__Berlin,
        seed: 1,
        today: today(),
    })
}

/// Every suggestion with its week.
fn picks(played: &[PlayedWeek]) -> impl Iterator<Item = (Week, &PlayedPick)> {
    played
        .iter()
        .flat_map(|played| played.picks.iter().map(|pick| (played.week, pick)))
}

#[test]
fn a_year_is_played_week_by_week_up_to_this_one() {
    let played = played(&demo());
    let weeks: Vec<Week> = played.iter().map(|played| played.week).collect();
    let expected: Vec<Week> = (1..=WEEKS).rev().map(|back| Week::of(today()).plus(-back)).collect();
    assert_eq!(weeks, expected);
    assert!(
        played
            .iter()
            .all(|played| played.drawn_on + chrono::Days::new(7) == played.week.starts_on())
    );
}

#[test]
fn the_same_year_again() {
    assert_eq!(played(&demo()), played(&demo()));
}

#[test]
fn most_suggestions_become_meetings() {
    let played = played(&demo());
    let count = |what: fn(&Answer) -> bool| picks(&played).filter(|(_, played)| what(&played.answer)).count();
    expect!["779 held, 71 unconfirmed, 76 cancelled, 18 declined, 162 skipped, 59 unanswered, 83 slots empty"]
        .assert_eq(&format!(
            "{} held, {} unconfirmed, {} cancelled, {} declined, {} skipped, {} unanswered, {} slots empty",
            count(|answer| matches!(answer, Answer::Accepted(_, Ending::Held))),
            count(|answer| matches!(answer, Answer::Accepted(_, Ending::Unconfirmed))),
            count(|answer| matches!(answer, Answer::Accepted(_, Ending::Cancelled(_)))),
            count(|answer| matches!(answer, Answer::Accepted(_, Ending::Declined(_)))),
            count(|answer| *answer == Answer::Skipped),
            count(|answer| *answer == Answer::None),
            played.iter().map(|played| played.empty.len()).sum::<usize>(),
        ));
}

#[test]
fn meetings_lie_in_office_hours_of_their_week() {
    let demo = demo();
    let played = played(&demo);
    for (
        week,
        PlayedPick {
            pick,
            answered_on,
            answer,
        },
    ) in picks(&played)
    {
        let Answer::Accepted(agreed, ending) = answer else {
            continue;
        };
        let zone_of = |key| demo.person(key).unwrap().time_zone;
        let (here, there) = (zone_of(pick.leader), zone_of(pick.person));
        assert!((8..19).contains(&agreed.starts_at.with_timezone(&here).hour()));
        let (start, end) = (
            agreed.starts_at.with_timezone(&there),
            agreed.ends_at.with_timezone(&there),
        );
        assert!(week.contains(agreed.day) && *answered_on < agreed.day);
        assert!(!matches!(start.weekday(), Weekday::Sat | Weekday::Sun), "{start}");
        assert!(
            (9..17).contains(&start.hour()) && (start.hour(), start.day()) <= (end.hour(), end.day()),
            "{start}"
        );
        if let Ending::Cancelled(on) | Ending::Declined(on) = *ending {
            assert!(*answered_on <= on && on < agreed.day);
        }
    }
}

#[test]
fn nobody_is_picked_who_is_away_or_new_or_near() {
    let demo = demo();
    for (week, PlayedPick { pick, .. }) in picks(&played(&demo)) {
        let chart = demo.chart_on(week.plus(-1).starts_on());
        let person = demo.person(pick.person).unwrap();
        assert!(
            chart
                .distance(pick.leader, pick.person)
                .is_some_and(|distance| distance >= 2)
        );
        assert!((week.starts_on() - person.start).num_days() >= 30);
        for one in [pick.leader, pick.person] {
            let absences = &demo.person(one).unwrap().absences;
            assert!(
                !absences
                    .iter()
                    .any(|absence| absence.touches(week.starts_on(), week.ends_on()))
            );
        }
    }
}

#[test]
fn the_load_cap_the_cooldown_and_the_rest_after_a_decline_hold_all_year() {
    let played = played(&demo());
    let settings = Settings::default();
    let mut asked: HashMap<PersonKey, Vec<Date>> = HashMap::new();
    let mut met: HashMap<(PersonKey, PersonKey), Date> = HashMap::new();
    let mut rests: HashMap<(PersonKey, PersonKey), Date> = HashMap::new();
    let mut unanswered: HashSet<(PersonKey, Week)> = HashSet::new();
    let mut checked = 0;
    for (week, PlayedPick { pick, answer, .. }) in picks(&played) {
        let pair = (pick.leader, pick.person);
        let days = asked.entry(pick.person).or_default();
        assert!(
            days.iter().all(|&day| !is_too_near(day, week.starts_on(), &settings)),
            "{pick:?}"
        );
        assert!(
            met.get(&pair)
                .is_none_or(|&day| week.starts_on() - day >= chrono::Duration::weeks(8)),
            "{pick:?}"
        );
        assert!(
            rests
                .get(&pair)
                .is_none_or(|&day| week.starts_on() - day >= chrono::Duration::weeks(12)),
            "{pick:?}"
        );
        // When this week was drawn, what is never answered was still open for the week before.
        assert!(!unanswered.contains(&(pick.person, week.plus(-1))), "{pick:?}");
        match *answer {
            Answer::Accepted(_, Ending::Cancelled(_)) | Answer::Skipped => {}
            Answer::None => {
                unanswered.insert((pick.person, week));
            }
            Answer::Accepted(_, Ending::Declined(on)) => {
                rests.insert(pair, on);
            }
            Answer::Accepted(agreed, ending) => {
                checked += days.len();
                days.push(agreed.day);
                // What nobody confirms binds the pair no longer than the load cap binds the person.
                if ending == Ending::Held {
                    met.insert(pair, agreed.day);
                }
            }
        }
    }
    assert!(checked > 500, "{checked}");
}
