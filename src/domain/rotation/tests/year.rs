//! A year of draws in which every meeting is held.

use std::collections::{BTreeMap, BTreeSet};

use super::{organisations::organisation, *};

struct Meeting {
    leader: PersonKey,
    person: PersonKey,
    band: Option<Band>,
    week: Week,
    day: Date,
}

/// Draws and holds `weeks` weeks, each meeting on a day of the week that the person's key decides.
fn play(world: &mut World, weeks: i64) -> Vec<Meeting> {
    let mut meetings = Vec::new();
    for _ in 0..weeks {
        let week = world.week;
        for Pick {
            leader, person, band, ..
        } in world.draw().picks
        {
            let day = week.starts_on() + Days::new(person.0.unsigned_abs() % 5);
            world.hold(leader, person, day);
            meetings.push(Meeting {
                leader,
                person,
                band,
                week,
                day,
            });
        }
        world.week = week.plus(1);
    }
    meetings
}

fn six_levels() -> World {
    let world = organisation(6, 2..=4, 3);
    assert!((200..600).contains(&world.chart.len()), "{} people", world.chart.len());
    world
}

/// Days between neighbouring meetings of each `whose`.
fn gaps<K: Ord>(meetings: &[Meeting], whose: impl Fn(&Meeting) -> K) -> Vec<i64> {
    let mut days: BTreeMap<K, Vec<Date>> = BTreeMap::new();
    for meeting in meetings {
        days.entry(whose(meeting)).or_default().push(meeting.day);
    }
    days.values()
        .flat_map(|days| days.windows(2).map(|pair| (pair[1] - pair[0]).num_days()))
        .collect()
}

#[test]
fn nobody_is_asked_twice_within_28_days_and_no_pair_meets_twice_within_8_weeks() {
    let meetings = play(&mut six_levels(), 52);
    assert!(gaps(&meetings, |meeting| meeting.person).into_iter().min().unwrap() >= 28);
    assert!(
        gaps(&meetings, |meeting| (meeting.leader, meeting.person))
            .into_iter()
            .min()
            .unwrap()
            >= 56
    );
}

#[test]
fn the_head_goes_to_the_bottom_in_two_of_any_four_weeks() {
    let mut world = six_levels();
    let head = world.chart.keys().next().unwrap();
    let first = world.week;
    let meetings = play(&mut world, 52);
    let bottom: Vec<bool> = (0..52)
        .map(|week| {
            let bottom = |meeting: &&Meeting| meeting.leader == head && meeting.week == first.plus(week);
            meetings.iter().find(bottom).unwrap().band == Some(Band::Bottom)
        })
        .collect();
    assert!(
        bottom
            .windows(4)
            .all(|weeks| weeks.iter().filter(|&&bottom| bottom).count() == 2),
        "{bottom:?}"
    );
}

#[test]
fn four_weeks_bring_leaders_of_a_dozen_to_four_people() {
    let mut world = six_levels();
    let meetings = play(&mut world, 4);
    let people: BTreeSet<_> = meetings.iter().map(|meeting| meeting.person).collect();
    assert_eq!(people.len(), meetings.len(), "nobody twice");
    for leader in world.chart.keys().filter(|&key| pop(&world.chart, key) >= 12) {
        let met = meetings.iter().filter(|meeting| meeting.leader == leader).count();
        assert_eq!(met, 4, "{leader}");
    }
}

/// How many people are at distance two or more below.
fn pop(chart: &OrgChart, leader: PersonKey) -> usize {
    chart.below_count(leader) - chart.reports(leader).count()
}

/// The most people that the leaders at or below `leader` can hear with so many slots: of nested sets, the inner first.
fn reachable(chart: &OrgChart, leader: PersonKey, slots: usize) -> usize {
    let inner: usize = chart
        .reports(leader)
        .map(|report| reachable(chart, report, slots))
        .sum();
    pop(chart, leader).min(slots + inner)
}

fn reach(mut world: World) -> f64 {
    let head = world.chart.keys().next().unwrap();
    let people: BTreeSet<_> = play(&mut world, 52).into_iter().map(|meeting| meeting.person).collect();
    let most = reachable(&world.chart, head, 52);
    f64::from(u32::try_from(people.len()).unwrap()) / f64::from(u32::try_from(most).unwrap())
}

#[test]
fn a_year_reaches_nearly_everybody_who_can_be_reached() {
    // Deep: many leaders. Wide: more people than slots. Lopsided: some leaders have more than they can hear.
    let organisations = [
        six_levels(),
        organisation(4, 7..=9, 1),
        organisation(4, 2..=12, 5),
        organisation(5, 1..=8, 2),
    ];
    let measured: Vec<_> = organisations
        .into_iter()
        .map(|world| (world.chart.len(), reach(world)))
        .collect();
    assert!(measured.iter().all(|&(_, reach)| reach >= 0.95), "{measured:?}");
}
