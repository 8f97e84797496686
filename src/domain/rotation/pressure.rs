//! Who else will get to a person, and how much they have to do (product.md 4, rule 5).
//!
//! The people below leaders are nested sets: the leader with the smallest Pop that has a person is the nearest one who
//! is at work. What a year of meetings can do follows from that: leaders furthest down meet as many of those who wait
//! below them as they can, and the rest is left to whoever is next above them. A leader to whom many are left falls
//! behind, and spends no slot on somebody whom a leader in between will get to anyway.

use super::roster::Roster;
use crate::domain::chart::OrgChart;

/// Of a hundred slots, how many become held meetings, by experience: what a leader's year comes to.
const HELD_OF_100_SLOTS: usize = 70;
/// Weeks that make up a year of slots.
pub(super) const WEEKS_OF_YEAR: usize = 52;

pub(super) struct Pressure {
    waiting: PopCount,
    /// The nearest person at work above, or the person themselves.
    at_work: Vec<Option<usize>>,
    /// How many people each leader meets in a year.
    year: Vec<usize>,
    /// Of those who wait in each Pop, how many the leaders further down will not get to within a year.
    left: Vec<usize>,
}

/// How urgent it is that a leader meets somebody, in thousandths: what is left to the leader in between who has least to
/// do, by what they can do in a year. Nothing where somebody in between will get to them; most where nobody stands
/// in between.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Urgency(usize);

impl Urgency {
    pub fn is_urgent(self) -> bool {
        self.0 > 0
    }
}

impl Pressure {
    pub fn new(roster: &Roster<'_>) -> Self {
        let chart = roster.round.chart;
        let mut at_work: Vec<Option<usize>> = Vec::with_capacity(chart.len());
        for at in 0..chart.len() {
            let nearest = if roster.is_at_work(at) {
                Some(at)
            } else {
                chart.parent_at(at).and_then(|up| at_work[up])
            };
            at_work.push(nearest);
        }
        let slots_of_year = roster.round.settings.slots_per_week as usize * WEEKS_OF_YEAR;
        let leads = |at| chart.levels_below_at(at) >= 2 && roster.is_at_work(at);
        let meets = |at| {
            if leads(at) {
                slots_of_year * HELD_OF_100_SLOTS / 100
            } else {
                0
            }
        };
        let year: Vec<usize> = (0..chart.len()).map(meets).collect();
        let waiting = PopCount::new((0..chart.len()).map(|at| roster.is_waiting(at)));
        let (mut left, mut reached) = (vec![0; chart.len()], vec![0; chart.len()]);
        // In pre-order backwards everybody comes after all who stand below them.
        for at in (0..chart.len()).rev() {
            let pop = waiting.below(chart, at);
            let further_down: usize = chart.reports_at(at).map(|report| reached[report]).sum();
            left[at] = pop - further_down;
            reached[at] = pop.min(further_down + year[at]);
        }
        Self {
            waiting,
            at_work,
            year,
            left,
        }
    }

    /// How many people wait in the smallest Pop of another leader that has this person; none if nobody else can reach them.
    pub fn of_others(&self, chart: &OrgChart, leader: usize, person: usize) -> Option<usize> {
        let above = |at| chart.parent_at(at);
        let nearest = above(person).and_then(above).and_then(|at| self.at_work[at])?;
        let other = if nearest == leader {
            above(nearest).and_then(|at| self.at_work[at])?
        } else {
            nearest
        };
        Some(self.waiting.below(chart, other))
    }

    /// Whether more is left to a leader than half of what they can do in a year.
    pub fn is_behind(&self, leader: usize) -> bool {
        self.left[leader] * 2 > self.year[leader]
    }

    /// How urgent it is that `leader` meets `person`, who waits.
    pub fn urgency(&self, chart: &OrgChart, leader: usize, person: usize) -> Urgency {
        let nearest = chart.parent_at(person).and_then(|up| chart.parent_at(up));
        let between = std::iter::successors(nearest, |&at| chart.parent_at(at)).take_while(|&at| at != leader);
        let load = |at: usize| {
            let (left, year) = (self.left[at], self.year[at]);
            if left > year { left * 1000 / year } else { 0 }
        };
        let least = between.filter(|&at| self.year[at] > 0).map(load).min();
        Urgency(least.unwrap_or(usize::MAX))
    }
}

/// Counts people of one sort in any Pop without walking through it.
pub(super) struct PopCount {
    /// How many stand before each position.
    before: Vec<usize>,
}

impl PopCount {
    pub fn new(counted: impl Iterator<Item = bool>) -> Self {
        let mut before = vec![0];
        let mut sum = 0;
        before.extend(counted.map(|counts| {
            sum += usize::from(counts);
            sum
        }));
        Self { before }
    }

    /// How many are at distance two or more below a leader.
    pub fn below(&self, chart: &OrgChart, leader: usize) -> usize {
        let branches = chart.reports_at(leader).map(|report| chart.below_at(report));
        branches
            .map(|branch| self.before[branch.end] - self.before[branch.start])
            .sum()
    }
}
