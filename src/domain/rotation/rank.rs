//! Who of two people comes first (product.md 4, rule 5).

use std::cmp::Reverse;

use chrono::Datelike;

use super::{pressure::Pressure, roster::Roster};
use crate::domain::{person::PersonKey, week::Week};

/// A person's place in a leader's order, by the fields from the top; the greatest comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    /// Days waited to be heard by anybody.
    wait: i64,
    never_heard: bool,
    /// People waiting for the smallest other leader; nobody else at all is the strongest pressure.
    pressure: usize,
    /// Days since the two met.
    since_met: i64,
    lot: u64,
    /// No two people are equal, whatever the lot.
    key: Reverse<PersonKey>,
}

impl Rank {
    pub fn new(roster: &Roster<'_>, pressure: &Pressure, leader: usize, person: usize) -> Self {
        let round = roster.round;
        let (leader_key, key) = (round.chart.key_at(leader), round.chart.key_at(person));
        let met = roster.pair(leader, person).met;
        Self {
            wait: roster.wait(person),
            never_heard: roster.heard(person).is_none(),
            pressure: pressure.of_others(round.chart, leader, person).unwrap_or(usize::MAX),
            since_met: met.map_or(i64::MAX, |met| (roster.monday() - met).num_days()),
            lot: lot(round.seed, round.week, leader_key, key),
            key: Reverse(key),
        }
    }
}

/// A number that follows from its arguments alone, today and in any later version: `SplitMix64`'s finaliser
/// over the seed, the Monday counted in days of the common era, and the two keys, one after the other.
pub(in crate::domain) fn lot(seed: u64, week: Week, leader: PersonKey, person: PersonKey) -> u64 {
    let monday = i64::from(week.starts_on().num_days_from_ce());
    [monday, leader.0, person.0]
        .into_iter()
        .fold(mix(seed), |state, part| mix(state ^ part.cast_unsigned()))
}

/// A number that looks unlike `state` and is no other state's.
pub(in crate::domain) fn mix(state: u64) -> u64 {
    let mut mixed = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
