//! Everybody by position in the chart: what they need, and what they have been given.

use super::{
    beside::Beside,
    facts::PeerFacts,
    need::{Need, needs},
};
use crate::domain::rotation::Round;

/// Everybody by position in the chart.
pub(super) struct People<'a> {
    pub beside: Beside<'a>,
    needs: Vec<Option<Need>>,
    functions: Vec<Option<i64>>,
    /// How many more suggestions each may have this week.
    left: Vec<u32>,
    /// Whether they have one of this turn.
    served: Vec<bool>,
}

impl<'a> People<'a> {
    pub fn new(round: &Round<'a>, facts: &PeerFacts) -> Self {
        let chart = round.chart;
        let mut functions = vec![None; chart.len()];
        for function in &facts.functions {
            if let Some(at) = chart.position(function.person) {
                functions[at] = functions[at].max(Some(function.number));
            }
        }
        let mut left = vec![round.settings.peer_suggestions_per_week; chart.len()];
        for person in facts.told.iter().flat_map(|pair| [pair.low(), pair.high()]) {
            if let Some(at) = chart.position(person) {
                left[at] = left[at].saturating_sub(1);
            }
        }
        Self {
            beside: Beside::new(chart),
            needs: needs(round, facts),
            functions,
            left,
            served: vec![false; chart.len()],
        }
    }

    /// What somebody needs whom this week could still bring a peer.
    pub fn need(&self, at: usize) -> Option<Need> {
        self.needs[at].filter(|_| self.left[at] > 0)
    }

    /// Days since somebody who may be suggested last held one; none without any.
    pub fn since(&self, at: usize) -> Option<i64> {
        self.needs[at].and_then(|need| need.since)
    }

    pub fn function(&self, at: usize) -> Option<i64> {
        self.functions[at]
    }

    /// Whether two work in the same function, where both are known.
    pub fn same_function(&self, (a, b): (usize, usize)) -> Option<bool> {
        self.functions[a].zip(self.functions[b]).map(|(a, b)| a == b)
    }

    pub fn is_free(&self, at: usize) -> bool {
        self.need(at).is_some() && !self.served[at]
    }

    /// Lets everybody have one more, as far as the week has room for it.
    pub fn begin_turn(&mut self) {
        self.served.fill(false);
    }

    pub fn serve(&mut self, at: usize) {
        self.served[at] = true;
        self.left[at] -= 1;
    }
}
