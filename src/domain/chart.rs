//! The org chart: the forest of solid lines on one day, with the gaps of absent people closed (product.md 2).
//!
//! A manager who has left or not yet started leaves a gap; their reports hang on the nearest present person above, by an
//! `interim` line. The forest lies in arrays in pre-order, so everybody below a person is one slice and a chart of a
//! million people is a handful of allocations. The same people and lines give the same chart, whatever their order.

mod build;
mod place;
#[cfg(test)]
mod tests;

pub use place::{Place, path_key};

use std::{fmt, iter::successors, ops::Range};

use super::person::PersonKey;

/// The standing SOLID line of one person on the day of the chart, also of people who are absent that day.
///
/// A leaver's last line and a newcomer's first line tell where the gap they leave is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Line {
    /// Who reports.
    pub report: PersonKey,
    /// To whom.
    pub manager: PersonKey,
}

/// Present people report to each other in a ring.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Ring {
    /// Each reports to the next and the last to the first, which has the smallest key.
    pub people: Vec<PersonKey>,
}

impl fmt::Display for Ring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for person in &self.people {
            write!(f, "{person} -> ")?;
        }
        self.people.first().map_or(Ok(()), |first| first.fmt(f))
    }
}

/// The forest of reporting lines on one day; people are addressed by key, strangers are nowhere and have nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrgChart {
    /// Everybody, in pre-order: each person right before everybody below them, siblings by key.
    keys: Vec<PersonKey>,
    /// Positions in `keys`, in the order of the keys themselves.
    by_key: Vec<u32>,
    /// The manager's position, or `NOBODY`.
    parent: Vec<u32>,
    /// The position behind the last person below.
    end: Vec<u32>,
    depth: Vec<u32>,
    /// The greatest depth at or below.
    deepest: Vec<u32>,
    interim: Vec<bool>,
}

/// Stands for a root's manager in `parent`.
const NOBODY: u32 = u32::MAX;

impl OrgChart {
    /// The chart of `present` people (ACTIVE or `ON_LEAVE` on the day) by everybody's standing lines.
    ///
    /// A person with several lines keeps the one to the smallest key. A walk that loops among absent people ends at a
    /// root; a ring that closes only by interim lines is cut at the interim line of its smallest key. Fails with the
    /// ring of the smallest key if lines among present people alone close one.
    pub fn new(
        present: impl IntoIterator<Item = PersonKey>,
        lines: impl IntoIterator<Item = Line>,
    ) -> Result<Self, Ring> {
        build::chart(present.into_iter().collect(), lines.into_iter().collect())
    }

    /// How many people are present.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether nobody is present.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Whether `person` is present.
    pub fn contains(&self, person: PersonKey) -> bool {
        self.position(person).is_some()
    }

    /// Everybody, in pre-order: each person right before everybody below them, siblings by key.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = PersonKey> + '_ {
        self.keys.iter().copied()
    }

    /// The nearest present person above.
    pub fn manager(&self, person: PersonKey) -> Option<PersonKey> {
        self.managers(person).next()
    }

    /// Whether the line to the manager closes a gap of absent people.
    pub fn is_interim(&self, person: PersonKey) -> bool {
        self.position(person).is_some_and(|at| self.interim[at])
    }

    /// Everybody above, nearest first.
    pub fn managers(&self, person: PersonKey) -> impl Iterator<Item = PersonKey> + '_ {
        let from = self.position(person).and_then(|at| self.parent_at(at));
        successors(from, |&at| self.parent_at(at)).map(|at| self.keys[at])
    }

    /// The people who report to `person`, by key.
    pub fn reports(&self, person: PersonKey) -> impl Iterator<Item = PersonKey> + '_ {
        self.position(person)
            .into_iter()
            .flat_map(|at| self.reports_at(at))
            .map(|at| self.keys[at])
    }

    /// Whether anybody reports to `person`.
    pub fn has_reports(&self, person: PersonKey) -> bool {
        self.below_count(person) > 0
    }

    /// Everybody below, in pre-order.
    pub fn below(&self, person: PersonKey) -> impl ExactSizeIterator<Item = PersonKey> + '_ {
        self.keys[self.position(person).map_or(0..0, |at| self.below_at(at))]
            .iter()
            .copied()
    }

    /// How many people are below.
    pub fn below_count(&self, person: PersonKey) -> usize {
        self.position(person).map_or(0, |at| self.below_at(at).len())
    }

    /// How many people are above; 0 for a root.
    pub fn depth(&self, person: PersonKey) -> Option<u32> {
        self.position(person).map(|at| self.depth[at])
    }

    /// How many levels of people are below; 0 for somebody without reports.
    pub fn levels_below(&self, person: PersonKey) -> u32 {
        self.position(person).map_or(0, |at| self.levels_below_at(at))
    }

    /// The number of lines between two people of whom one is above the other, in either order; 0 from a person to themselves.
    pub fn distance(&self, a: PersonKey, b: PersonKey) -> Option<u32> {
        let (a, b) = (self.position(a)?, self.position(b)?);
        let (above, below) = (a.min(b), a.max(b));
        (above == below || self.below_at(above).contains(&below)).then(|| self.depth[below] - self.depth[above])
    }

    /// Whether `leader` is above `person`; nobody is above themselves.
    pub fn is_above(&self, leader: PersonKey, person: PersonKey) -> bool {
        let (leader, person) = (self.position(leader), self.position(person));
        leader
            .zip(person)
            .is_some_and(|(leader, person)| self.below_at(leader).contains(&person))
    }

    /// The direct report of `leader` through whom `person` is reached; the person themselves when they report to `leader`.
    pub fn branch(&self, leader: PersonKey, person: PersonKey) -> Option<PersonKey> {
        let (leader, person) = (self.position(leader)?, self.position(person)?);
        if !self.below_at(leader).contains(&person) {
            return None;
        }
        successors(Some(person), |&at| self.parent_at(at))
            .find(|&at| self.parent_at(at) == Some(leader))
            .map(|at| self.keys[at])
    }
}

/// Positions: the arithmetic of the domain works on these, and turns them into keys at its edge.
impl OrgChart {
    pub(super) fn position(&self, person: PersonKey) -> Option<usize> {
        let found = self.by_key.binary_search_by_key(&person, |&at| self.keys[at as usize]);
        found.ok().map(|rank| self.by_key[rank] as usize)
    }

    pub(super) fn key_at(&self, at: usize) -> PersonKey {
        self.keys[at]
    }

    pub(super) fn parent_at(&self, at: usize) -> Option<usize> {
        (self.parent[at] != NOBODY).then_some(self.parent[at] as usize)
    }

    pub(super) fn below_at(&self, at: usize) -> Range<usize> {
        at + 1..self.end[at] as usize
    }

    pub(super) fn depth_at(&self, at: usize) -> u32 {
        self.depth[at]
    }

    pub(super) fn levels_below_at(&self, at: usize) -> u32 {
        self.deepest[at] - self.depth[at]
    }

    pub(super) fn reports_at(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        let end = self.end[at];
        let at_or_end = move |next: u32| (next < end).then_some(next);
        let first = u32::try_from(at + 1).ok().and_then(at_or_end);
        successors(first, move |&report| at_or_end(self.end[report as usize])).map(|report| report as usize)
    }
}
