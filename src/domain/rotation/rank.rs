//! Who of two people comes first (product.md 4, rule 5).
//!
//! Three things come before the longest wait, for the sake of reach. A leader with more people in Pop than slots in a year
//! goes round before meeting anybody again. A leader who falls behind first meets those whom nobody in between will get
//! to. And whoever has not been heard for a year, or ever, comes before all who have.

use std::cmp::Reverse;

use chrono::Datelike;

use super::{
    pressure::{Pressure, Urgency},
    roster::Roster,
};
use crate::domain::{person::PersonKey, week::Week};

/// Days after which a pair counts as new again.
const YEAR: i64 = 364;

/// What it adds to reach that a leader meets somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Gain {
    /// Whether the two have not met within a year; of leaders with fewer people than slots, everybody counts as new.
    pub new: bool,
    /// Of leaders who fall behind; nothing for people who have been heard within a year.
    pub urgency: Urgency,
}

/// The leader for whom people are ranked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seeker {
    pub leader: usize,
    /// Whether there are more people in Pop than slots in a year.
    pub goes_round: bool,
    pub is_behind: bool,
}

/// A person's place in a leader's order, by the fields from the top; the greatest comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    pub gain: Gain,
    /// Whether nobody has heard them for a year, or ever.
    pub unheard: bool,
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
    pub fn new(roster: &Roster<'_>, pressure: &Pressure, seeker: Seeker, person: usize) -> Self {
        let round = roster.round;
        let leader = seeker.leader;
        let (leader_key, key) = (round.chart.key_at(leader), round.chart.key_at(person));
        let met = roster.pair(leader, person).met;
        let since_met = met.map_or(i64::MAX, |met| (roster.monday() - met).num_days());
        let unheard = roster.is_waiting(person);
        let gain = Gain {
            new: !seeker.goes_round || since_met >= YEAR,
            urgency: if unheard && seeker.is_behind {
                pressure.urgency(round.chart, leader, person)
            } else {
                Urgency::default()
            },
        };
        Self {
            gain,
            unheard,
            wait: roster.wait(person),
            never_heard: roster.heard(person).is_none(),
            pressure: pressure.of_others(round.chart, leader, person).unwrap_or(usize::MAX),
            since_met,
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
