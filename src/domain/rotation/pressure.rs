//! Who else could hear a person, and how much they have to do (product.md 4, rule 5).
//!
//! The people below leaders are nested sets: the leader with the smallest Pop that has a person is the nearest one who
//! is at work. All leaders have the same number of slots, so the waiting people of a Pop alone tell its pressure.

use super::roster::Roster;
use crate::domain::chart::OrgChart;

pub(super) struct Pressure {
    waiting: PopCount,
    /// The nearest person at work above, or the person themselves.
    at_work: Vec<Option<usize>>,
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
        Self {
            waiting: PopCount::new((0..chart.len()).map(|at| roster.is_waiting(at))),
            at_work,
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
