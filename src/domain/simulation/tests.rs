//! Years that did not happen, and what the draw came to in them.

use super::*;
use crate::domain::{
    Date,
    made_up::{Plan, organisation, usual_levels},
    outline::Outline,
    person::{PersonKey, Spell},
    reach,
    rotation::{Absent, Employed},
};

/// An organisation with what is known of it.
struct World {
    chart: OrgChart,
    facts: Facts,
    settings: Settings,
    rates: Rates,
}

impl World {
    fn made_up(people: usize, levels: usize, seed: u64) -> Self {
        let plan = Plan {
            people,
            levels,
            seed,
            today: today(),
        };
        let organisation = organisation(&plan).unwrap();
        Self::new(organisation.chart_on(today()), organisation.facts())
    }

    fn drawn(picture: &str) -> Self {
        let outline: Outline = picture.parse().unwrap();
        let started = "2020-01-01".parse().unwrap();
        let facts = Facts {
            employed: outline.people.iter().map(|one| employed(one.key, started)).collect(),
            ..Facts::default()
        };
        Self::new(outline.chart(today()).unwrap(), facts)
    }

    fn new(chart: OrgChart, facts: Facts) -> Self {
        Self {
            chart,
            facts,
            settings: Settings::default(),
            rates: Rates::default(),
        }
    }

    /// A tenth is on leave at any time, and in a year 15 of a hundred leave and as many join.
    fn in_motion(mut self) -> Self {
        self.rates.on_leave = Rate::percent(10);
        self.rates.exits = Rate::percent(15);
        self.rates.hires = Rate::percent(15);
        self
    }

    fn programme<'a>(&'a self, policies: &'a [Policy]) -> Programme<'a> {
        Programme {
            chart: &self.chart,
            facts: &self.facts,
            settings: &self.settings,
            rates: self.rates,
            first: Week::of(today()).plus(1),
            weeks: 52,
            seed: 7,
            policies,
        }
    }

    fn play(&self, policies: &[Policy]) -> Vec<Played> {
        let played = simulate(&self.programme(policies), |_| ControlFlow::Continue(()));
        played.unwrap().policies
    }

    /// A year of the weekly draw.
    fn year(&self) -> Played {
        self.play(&[Policy::Skiplevel]).remove(0)
    }
}

fn today() -> Date {
    "2026-01-05".parse().unwrap()
}

fn employed(person: PersonKey, start: Date) -> Employed {
    let spell = Spell { start, end: None };
    Employed { person, spell }
}

/// What holds of any year: nobody asked twice within 28 days, and nobody met again by a leader who has others to meet.
fn check(played: &Played, least: f64) {
    assert!(played.reach() >= least, "{} of {}", played.heard(), played.bound());
    assert_eq!(played.most_asked_in_28_days, 1);
    assert_eq!(played.needless_repeats, 0);
    assert!(played.held > 0);
}

#[test]
fn three_hundred_people() {
    for seed in 1..=4 {
        let world = World::made_up(300, usual_levels(300), seed);
        check(&world.year(), 0.96);
        check(&world.in_motion().year(), 0.95);
    }
}

#[test]
fn two_thousand_people() {
    for (levels, seed) in [(5, 1), (6, 2), (6, 3)] {
        check(&World::made_up(2_000, levels, seed).year(), 0.98);
    }
}

#[test]
fn two_thousand_people_in_motion() {
    for (levels, seed) in [(5, 1), (6, 2)] {
        check(&World::made_up(2_000, levels, seed).in_motion().year(), 0.95);
    }
}

#[test]
fn ten_thousand_people_and_their_head() {
    let year = World::made_up(10_000, 7, 3).year();
    check(&year, 0.98);
    let head = year.head;
    assert!(head.bottom >= 24 && head.near >= 10 && head.middle >= 10, "{head:?}");
    assert_eq!(head.branches_visited, head.branches);
}

#[test]
fn ten_thousand_people_in_motion() {
    check(&World::made_up(10_000, 7, 1).in_motion().year(), 0.95);
}

#[test]
fn the_draw_reaches_more_than_leaders_alone_and_they_more_than_chance() {
    let world = World::made_up(2_000, 5, 1);
    let shares: Vec<String> = world
        .play(&Policy::ALL)
        .iter()
        .map(|played| format!("{} {:.2}", played.policy.word(), played.reach()))
        .collect();
    expect_test::expect!["random 0.67, alone 0.83, skiplevel 1.00"].assert_eq(&shares.join(", "));
}

#[test]
fn every_policy_holds_its_meetings_in_the_same_slots() {
    let world = World::made_up(300, 4, 1);
    let [random, alone, _] = &world.play(&Policy::ALL)[..] else {
        panic!("three policies")
    };
    assert_eq!((random.held, random.bound()), (alone.held, alone.bound()));
    assert_ne!(random.heard(), alone.heard());
}

#[test]
fn on_a_chart_that_stands_still_the_bound_is_that_of_the_nested_sets() {
    let mut world = World::made_up(300, 5, 2);
    world.rates.accepted = Rate::percent(100);
    world.rates.held = Rate::percent(100);
    world.facts.absences.clear();
    for spell in &mut world.facts.employed {
        spell.spell.start = "2020-01-01".parse().unwrap();
    }
    let alone = world.play(&[Policy::Alone]).remove(0);
    let leads = |key| usize::from(world.chart.levels_below(key) >= 2);
    for (week, reached) in alone.by_week.iter().enumerate() {
        let most = reach::most(&world.chart, |leader| leads(leader) * (week + 1), |_| true);
        assert_eq!(reached.bound, most, "week {week}");
    }
}

#[test]
fn nobody_is_asked_who_is_not_there() {
    // Of the three whom ada can meet, cyd is away all year and dee leaves in March.
    let mut world = World::drawn("ada\n  bob\n    cyd\n    dee\n    eve");
    let key = |nth: usize| world.chart.keys().nth(nth).unwrap();
    let (cyd, dee) = (key(2), key(3));
    world.facts.absences.push(Absent {
        person: cyd,
        absence: crate::domain::person::Absence {
            start: today(),
            end: None,
        },
    });
    let spell = world.facts.employed.iter_mut().find(|one| one.person == dee).unwrap();
    spell.spell.end = "2026-03-13".parse().ok();
    for policy in Policy::ALL {
        let played = world.play(&[policy]).remove(0);
        assert_eq!((played.heard(), played.bound()), (2, 2), "{policy:?}");
    }
}

#[test]
fn a_play_can_be_stopped() {
    let world = World::made_up(300, 4, 1);
    let mut weeks = 0;
    let stopped = simulate(&world.programme(&[Policy::Alone]), |done| {
        weeks = done;
        if done == 3 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    assert_eq!((stopped, weeks), (Err(Stopped), 3));
}

#[test]
fn people_come_go_are_away_and_move_at_the_rates_asked_for() {
    let mut world = World::made_up(2_000, 5, 1).in_motion();
    world.rates.moves = Rate::percent(20);
    let programme = world.programme(&[]);
    let mut timeline = Timeline::new(&programme);
    let mut away = 0;
    for week in 0..52 {
        timeline.enter(week);
        let stage = timeline.stage();
        away += (0..stage.chart.len()).filter(|&at| !stage.is_at_work(at)).count() * 100 / stage.chart.len();
    }
    let joined = timeline.members() - world.chart.len();
    let stayed = timeline.stage().chart.len();
    assert!((8..=13).contains(&(away / 52)), "{} of a hundred away", away / 52);
    assert!((240..=300).contains(&joined), "{joined} joined");
    assert!((1_950..=2_050).contains(&stayed), "{stayed} at the end");
    let (before, after) = (&world.chart, &timeline.stage().chart);
    let moved = before
        .keys()
        .filter(|&key| before.has_reports(key) && after.contains(key))
        .filter(|&key| {
            after
                .manager(key)
                .is_some_and(|now| before.contains(now) && before.manager(key) != Some(now))
        })
        .count();
    assert!((20..=90).contains(&moved), "{moved} moved");
}

#[test]
fn the_same_programme_gives_the_same_year() {
    let world = World::made_up(300, 4, 1).in_motion();
    assert_eq!(world.play(&Policy::ALL), world.play(&Policy::ALL));
}
