//! What comes before the longest wait, for the sake of reach.

use std::fmt::Write;

use super::*;

/// People in bob's team, whom ada alone can reach, and below the first of them x, whom bob can reach too and who has
/// waited longest.
fn team(of: usize) -> World {
    let mut picture = "ada\n  bob\n    m (from 2025-06-01)\n      x (from 2020-01-01)\n".to_owned();
    for nth in 1..of {
        writeln!(picture, "    n{nth} (from 2025-06-01)").unwrap();
    }
    World::new(&picture).filled(&["bob"])
}

#[test]
fn a_leader_who_falls_behind_leaves_people_to_those_who_will_get_to_them() {
    // In a year ada can meet 36 people.
    assert_eq!(team(18).always("ada"), "x");
    assert_eq!(team(19).always("ada"), "depends on the seed");
    let picks: Vec<_> = (0..24)
        .map(|seed| World { seed, ..team(19) }.draw().picks.remove(0))
        .collect();
    let world = team(19);
    assert!(picks.iter().all(|pick| world.name(pick.person) != "x"));
}

#[test]
fn nobody_is_left_to_a_leader_who_is_away() {
    let mut world = team(19);
    let bob = world.key("bob");
    world.facts.absences.push(Absent {
        person: bob,
        absence: Absence {
            start: world.week.starts_on(),
            end: None,
        },
    });
    assert_eq!(world.always("ada"), "x");
}

/// ada meets so many people of bob's; she met the first of them 40 weeks ago, and somebody else met all others later.
fn round_of(people: usize) -> World {
    let mut picture = "ada\n  bob\n".to_owned();
    for nth in 0..people {
        writeln!(picture, "    n{nth}").unwrap();
    }
    let mut world = World::new(&picture).held("ada", "n0", "2026-02-16");
    for nth in 1..people {
        world.facts.heard.push(Heard {
            person: world.key(&format!("n{nth}")),
            day: day("2026-06-01"),
            by: PersonKey(-1),
        });
    }
    world
}

#[test]
fn a_leader_with_more_people_than_slots_goes_round_before_meeting_anybody_again() {
    assert_eq!(round_of(51).always("ada"), "n0");
    assert_eq!(round_of(52).always("ada"), "depends on the seed");
    let picks = |seed| World { seed, ..round_of(52) }.draw().picks.remove(0).person;
    let first = round_of(52).key("n0");
    assert!((0..24).all(|seed| picks(seed) != first));
}

/// Five levels below ada, and twenty people whom she alone can reach.
const BELOW_ADA: &str = "
  bob
    b1
      b2
        b3
        b4
        b5
        b6
        b7
";

/// The bands of eight weeks of ada's, with everything held, under a head or as the head.
fn bands(head: &str) -> String {
    let indent = |text: &str, by: usize| -> String {
        let line = |line: &str| format!("{:by$}{line}\n", "");
        text.lines().filter(|text| !text.trim().is_empty()).map(line).collect()
    };
    let mut below = BELOW_ADA.to_owned();
    for nth in 0..20 {
        writeln!(below, "    n{nth}").unwrap();
    }
    let picture = if head.is_empty() {
        format!("ada\n{}", indent(&below, 0))
    } else {
        format!("{head}\n  ada\n{}", indent(&below, 2))
    };
    let mut world = World::new(&picture).filled(&["bob", "b1"]);
    let ada = world.key("ada");
    let mut bands = Vec::new();
    for _ in 0..8 {
        let pick = world.draw().picks.into_iter().find(|pick| pick.leader == ada).unwrap();
        bands.push(format!("{:?}", pick.band.unwrap()));
        world.hold(pick.leader, pick.person, world.week.starts_on());
        world.week = world.week.plus(1);
    }
    bands.join(" ")
}

#[test]
fn the_head_keeps_the_quotas_however_many_wait() {
    expect_test::expect!["Bottom Near Bottom Middle Bottom Near Bottom Near"].assert_eq(&bands(""));
}

#[test]
fn below_the_head_the_quotas_yield_to_those_whom_nobody_else_will_get_to() {
    // Once a month the bottom all the same, and the quotas again when few are left.
    expect_test::expect!["Bottom Near Near Near Bottom Bottom Middle Near"].assert_eq(&bands("zoe"));
}

/// A head whose week it is to go to the middle, where x alone stands.
fn week_of_the_middle() -> World {
    let mut picture = "ada\n  bob\n    m\n      x\n        y\n        z\n".to_owned();
    for nth in 0..60 {
        writeln!(picture, "    n{nth}").unwrap();
    }
    World::new(&picture)
        .filled(&["bob", "m"])
        .held("ada", "y", "2026-11-02")
        .held("ada", "n0", "2026-11-09")
        .held("ada", "z", "2026-11-16")
}

#[test]
fn a_band_with_nobody_new_yields() {
    let band = |world: &World| world.draw().picks[0].band;
    assert_eq!(week_of_the_middle().always("ada"), "x");
    // Whom she met half a year ago can wait for those whom she never met.
    let met = week_of_the_middle().held("ada", "x", "2026-05-04");
    assert_eq!(band(&met), Some(Band::Near));
    assert_ne!(met.always("ada"), "x");
    let long_ago = week_of_the_middle().held("ada", "x", "2025-11-03");
    assert_eq!(long_ago.always("ada"), "x");
}
