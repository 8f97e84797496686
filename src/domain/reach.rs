//! Reach, the measure of the draw: people heard at least once divided by the most that the same held meetings could
//! have reached (product.md 4).
//!
//! Two exact bounds. [`most`] is for a chart that stands still: the sets of people below leaders are nested or disjoint,
//! so letting the smallest set choose first wastes nothing, and one walk through the chart does it. [`Matching`] is for
//! an organisation in motion, where each held meeting could have reached those who were there in its week: a maximum
//! matching of meetings and people, grown meeting by meeting. On a chart that stands still the two agree.

#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use super::{chart::OrgChart, person::PersonKey};

/// The most people that can be heard when each leader holds `held` skip-levels, of the people that `counts` accepts.
pub fn most(chart: &OrgChart, held: impl Fn(PersonKey) -> usize, counts: impl Fn(PersonKey) -> bool) -> usize {
    most_at(chart, |at| held(chart.key_at(at)), |at| counts(chart.key_at(at)))
}

/// As [`most`], by positions in the chart.
pub(super) fn most_at(chart: &OrgChart, held: impl Fn(usize) -> usize, counts: impl Fn(usize) -> bool) -> usize {
    let mut counted = vec![0];
    counted.extend((0..chart.len()).scan(0, |sum, at| {
        *sum += usize::from(counts(at));
        Some(*sum)
    }));
    // In pre-order backwards everybody comes after all who stand below them.
    let mut reached = vec![0; chart.len()];
    let mut total = 0;
    for at in (0..chart.len()).rev() {
        let (mut pop, mut inner) = (0, 0);
        for report in chart.reports_at(at) {
            let below = chart.below_at(report);
            pop += counted[below.end] - counted[below.start];
            inner += reached[report];
        }
        reached[at] = pop.min(inner + held(at));
        if chart.parent_at(at).is_none() {
            total += reached[at];
        }
    }
    total
}

/// Held meetings, and whom each could have reached. Meetings and people are numbers from 0 on.
pub trait Meetings {
    /// Everybody whom a meeting could have reached; always the same people.
    fn candidates(&self, meeting: usize) -> impl Iterator<Item = usize> + '_;
}

/// A maximum matching of the meetings added so far and people: each meeting reaches one person, each person counts once.
#[derive(Clone, Debug)]
pub struct Matching {
    /// The meeting that reaches each person.
    by: Vec<Option<usize>>,
    size: usize,
    /// Who can be reached only in place of another who can be reached only so, now and ever: a search that got here
    /// found nobody free, and a later meeting adds no way out.
    closed: Vec<bool>,
    /// The search that last saw each person.
    seen: Vec<usize>,
    searches: usize,
}

impl Matching {
    /// No meeting yet, and so many people.
    pub fn new(people: usize) -> Self {
        Self {
            by: vec![None; people],
            size: 0,
            closed: vec![false; people],
            seen: vec![0; people],
            searches: 0,
        }
    }

    /// How many people the meetings reach at the most.
    pub fn size(&self) -> usize {
        self.size
    }

    /// From now on there are so many people, not fewer than before.
    pub fn admit(&mut self, people: usize) {
        self.by.resize(people, None);
        self.closed.resize(people, false);
        self.seen.resize(people, 0);
    }

    /// Adds one more meeting; each is added once.
    pub fn add(&mut self, meetings: &impl Meetings, meeting: usize) {
        self.searches += 1;
        // Each person seen, and the place in this list of the one whose meeting led to them.
        let mut trail: Vec<(usize, Option<usize>)> = Vec::new();
        let mut waiting = VecDeque::from([(meeting, None)]);
        while let Some((next, from)) = waiting.pop_front() {
            for person in meetings.candidates(next) {
                if self.closed[person] || self.seen[person] == self.searches {
                    continue;
                }
                self.seen[person] = self.searches;
                trail.push((person, from));
                match self.by[person] {
                    Some(taken_by) => waiting.push_back((taken_by, Some(trail.len() - 1))),
                    None => return self.shift(&trail, meeting),
                }
            }
        }
        for (person, _) in trail {
            self.closed[person] = true;
        }
    }

    /// Hands the last of the trail to the meeting that led there, whose person goes to the one before, and so on.
    fn shift(&mut self, trail: &[(usize, Option<usize>)], meeting: usize) {
        self.size += 1;
        let mut at = trail.len() - 1;
        loop {
            let (person, from) = trail[at];
            let Some(before) = from else {
                self.by[person] = Some(meeting);
                return;
            };
            self.by[person] = self.by[trail[before].0];
            at = before;
        }
    }
}
