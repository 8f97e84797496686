//! A year of draws in which everybody accepts, and every meeting is held.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use chrono::Days;

use super::*;

/// So many that nobody has a year's worth of peers in their own.
const FUNCTIONS: usize = 11;

/// One head, seven branches of different sizes with three more levels below, and functions that cross them.
fn organisation() -> World {
    let mut picture = String::from("head\n");
    let mut functions: Vec<Vec<String>> = vec![Vec::new(); FUNCTIONS];
    for branch in 0..7 {
        let _ = writeln!(picture, "  b{branch}");
        functions[branch % FUNCTIONS].push(format!("b{branch}"));
        for leader in 0..3 + 2 * branch {
            let _ = writeln!(picture, "    b{branch}l{leader}");
            functions[(branch + leader) % FUNCTIONS].push(format!("b{branch}l{leader}"));
            let _ = writeln!(picture, "      b{branch}l{leader}m\n        b{branch}l{leader}w");
        }
    }
    let functions: Vec<Vec<&str>> = functions
        .iter()
        .map(|people| people.iter().map(String::as_str).collect())
        .collect();
    let functions: Vec<&[&str]> = functions.iter().map(Vec::as_slice).collect();
    World::new(&picture).functions(&functions)
}

/// Draws and holds `weeks` weeks, each meeting on a working day that the pair decides.
fn play(world: &mut World, weeks: i64) -> Vec<PeersMet> {
    let mut held = Vec::new();
    for _ in 0..weeks {
        let draw = world.draw();
        world.peers.edges.extend(draw.edges);
        for PeerPick { pair, .. } in draw.picks {
            let weekday = (pair.low().0 + pair.high().0).unsigned_abs() % 5;
            let met = PeersMet {
                pair,
                day: world.week.starts_on() + Days::new(weekday),
            };
            world.peers.met.push(met);
            held.push(met);
        }
        world.week = world.week.plus(1);
    }
    held
}

#[test]
fn leaders_meet_a_peer_every_three_to_five_weeks_and_come_around() {
    let mut world = organisation();
    let head = world.key("head");
    let leaders: Vec<_> = world
        .chart
        .keys()
        .filter(|&key| world.chart.levels_below(key) >= 2)
        .collect();
    let held = play(&mut world, 52);
    let mut by_leader: BTreeMap<PersonKey, Vec<PeersMet>> = BTreeMap::new();
    for met in &held {
        for side in [met.pair.low(), met.pair.high()] {
            by_leader.entry(side).or_default().push(*met);
        }
    }
    let gaps: Vec<i64> = by_leader
        .values()
        .flat_map(|met| met.windows(2).map(|two| (two[1].day - two[0].day).num_days()))
        .collect();
    let kept = gaps.iter().filter(|days| (21..=35).contains(*days)).count();
    assert!(gaps.iter().all(|days| *days >= 21), "never before the window opens");
    assert!(kept * 100 >= gaps.len() * 95, "{kept} of {} gaps", gaps.len());
    let function = |person| {
        world
            .peers
            .functions
            .iter()
            .find(|f| f.person == person)
            .unwrap()
            .number
    };
    for leader in leaders.into_iter().filter(|&leader| leader != head) {
        let met = &by_leader[&leader];
        let others: BTreeSet<_> = met.iter().map(|met| met.pair.other(leader)).collect();
        let functions: BTreeSet<_> = others.iter().map(|&other| function(other)).collect();
        let name = world.name(leader);
        assert!(met.len() >= 10, "{name} met {} peers in a year", met.len());
        assert!(
            others.len() + 1 >= met.len(),
            "{name} met the same people again and again"
        );
        assert!(functions.len() >= 4, "{name} met {functions:?}");
    }
}

#[test]
fn confirmed_peers_meet_again_and_again() {
    let mut world = organisation().confirmed("b0l0", "b5l0");
    let held = play(&mut world, 52);
    let pair = world.pair("b0l0", "b5l0");
    let together = held.iter().filter(|met| met.pair == pair).count();
    assert!((12..=14).contains(&together), "{together} times");
}
