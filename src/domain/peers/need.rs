//! Who needs a peer 1:1 in the target week, and how much. The rhythm is a person's own, with whomever they meet.

use std::cmp::Reverse;

use super::facts::{PeerFacts, PeersMet};
use crate::domain::{
    Date,
    rotation::{Round, at_work, silent},
    week::Week,
};

/// Days after the last HELD peer 1:1 before which there is no other one.
pub const WINDOW_DAYS: i64 = 21;
/// Days after which there should be another one.
pub const TARGET_DAYS: i64 = 28;
/// Days after which it is late.
pub const LATE_DAYS: i64 = 35;

/// How much somebody needs a peer 1:1; the most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Urgency {
    /// Never had one, or too long ago.
    Late,
    /// The target falls into the week or went by.
    Due,
    /// They may have one, when somebody else needs it.
    Open,
}

/// What somebody needs who may be suggested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Need {
    pub urgency: Urgency,
    /// Days from the last HELD one to the Monday of the week; none without any.
    pub since: Option<i64>,
}

impl Need {
    fn on(week: Week, last: Option<Date>) -> Self {
        let since = last.map(|day| (week.starts_on() - day).num_days());
        let by_sunday = last.map(|day| (week.ends_on() - day).num_days());
        let urgency = match (since, by_sunday) {
            (None, _) => Urgency::Late,
            (Some(since), _) if since >= LATE_DAYS => Urgency::Late,
            (_, Some(days)) if days >= TARGET_DAYS => Urgency::Due,
            _ => Urgency::Open,
        };
        Self { urgency, since }
    }

    /// Longest ago first; never before all others.
    pub fn order(self) -> (Urgency, Reverse<i64>) {
        (self.urgency, Reverse(self.since.unwrap_or(i64::MAX)))
    }
}

/// The need of everybody by position in the chart; none of whoever is not to be suggested this week.
pub(super) fn needs(round: &Round<'_>, facts: &PeerFacts) -> Vec<Option<Need>> {
    let chart = round.chart;
    let monday = round.week.starts_on();
    let is_near = |day: Date| (monday - day).num_days().abs() < WINDOW_DAYS;
    let mut last = vec![None; chart.len()];
    let mut asked = at_work(round);
    for silent in silent(round) {
        if let Some(at) = chart.position(silent.person) {
            asked[at] = false;
        }
    }
    let sides = |meeting: &PeersMet| [(meeting.pair.low(), meeting.day), (meeting.pair.high(), meeting.day)];
    for (person, day) in facts.met.iter().flat_map(sides) {
        if let Some(at) = chart.position(person) {
            last[at] = last[at].max(Some(day));
            asked[at] &= !is_near(day);
        }
    }
    for (person, day) in facts.pending.iter().flat_map(sides) {
        if let Some(at) = chart.position(person) {
            asked[at] &= !is_near(day);
        }
    }
    let need = |(asked, last): (bool, Option<Date>)| asked.then(|| Need::on(round.week, last));
    asked.into_iter().zip(last).map(need).collect()
}
