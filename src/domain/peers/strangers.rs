//! Leaders who could meet without ever having done so: they stand side by side in different branches.
//!
//! They lie in cells of one level and one function, and of one level whatever the function, each cell by branch. So
//! somebody's partner is found without looking at everybody: in a few cells, in the branch with most people left, past
//! those whom they know already.

use std::collections::{BTreeSet, HashMap};

use super::{beside::Beside, people::People};
use crate::domain::rotation::{Round, lot};

/// Somebody's position behind a lot that changes from week to week.
type Drawn = (u64, usize);

/// Which level, and which function if not any.
type Place = (u32, Option<i64>);

/// Leaders of one level, by branch.
#[derive(Default)]
struct Cell {
    branches: HashMap<Drawn, BTreeSet<Drawn>>,
    /// The branches with somebody left.
    by_size: BTreeSet<(usize, Drawn)>,
}

/// A leader who may still be suggested.
#[derive(Clone, Copy)]
struct Stranger {
    drawn: Drawn,
    branch: Drawn,
}

/// The leaders who may still be suggested.
#[derive(Default)]
pub(super) struct Strangers {
    cells: HashMap<Place, Cell>,
    waiting: HashMap<usize, Stranger>,
}

impl Strangers {
    pub fn new(round: &Round<'_>, people: &People<'_>) -> Self {
        let Beside { chart, .. } = people.beside;
        let drawn = |at| (lot(round.seed, round.week, chart.key_at(at), chart.key_at(at)), at);
        let mut strangers = Self::default();
        for at in (0..chart.len()).filter(|&at| people.beside.leads(at) && people.is_free(at)) {
            let stranger = Stranger {
                drawn: drawn(at),
                branch: drawn(people.beside.branch(at)),
            };
            strangers.waiting.insert(at, stranger);
            for place in places(people, at) {
                let cell = strangers.cells.entry(place).or_default();
                cell.change(stranger.branch, |others| others.insert(stranger.drawn));
            }
        }
        strangers
    }

    /// Everybody who waits here, each behind a lot.
    pub fn all(&self) -> impl Iterator<Item = Drawn> + '_ {
        self.waiting.values().map(|stranger| stranger.drawn)
    }

    /// Takes somebody out who is served.
    pub fn remove(&mut self, people: &People<'_>, at: usize) {
        let Some(stranger) = self.waiting.remove(&at) else {
            return;
        };
        for place in places(people, at) {
            let cell = self.cells.entry(place).or_default();
            cell.change(stranger.branch, |others| others.remove(&stranger.drawn));
        }
    }

    /// Somebody for `at` to meet whom `suits` lets through: of their own function first, and then of their own level.
    ///
    /// The largest branch goes first, as in any pairing of groups: else its people are left over without partners.
    pub fn partner(&self, people: &People<'_>, at: usize, suits: impl Fn(usize) -> bool) -> Option<usize> {
        let level = people.beside.chart.depth_at(at);
        let levels = [Some(level), level.checked_sub(1), level.checked_add(1)];
        let levels = || levels.into_iter().flatten();
        let functions = people.function(at).map(Some).into_iter().chain([None]);
        let mut places = functions.flat_map(|function| levels().map(move |level| (level, function)));
        let own = people.beside.branch(at);
        let suits = |other: &usize| people.beside.are_peers(at, *other) && suits(*other);
        places.find_map(|place| {
            let cell = self.cells.get(&place)?;
            let branches = cell.by_size.iter().rev().map(|(_, branch)| branch);
            let others = branches.filter(|(_, branch)| *branch != own);
            let mut people = others
                .flat_map(|branch| &cell.branches[branch])
                .map(|&(_, other)| other);
            people.find(suits)
        })
    }
}

impl Cell {
    fn change(&mut self, branch: Drawn, change: impl FnOnce(&mut BTreeSet<Drawn>) -> bool) {
        let people = self.branches.entry(branch).or_default();
        self.by_size.remove(&(people.len(), branch));
        change(people);
        if !people.is_empty() {
            self.by_size.insert((people.len(), branch));
        }
    }
}

/// The cells in which somebody lies.
fn places(people: &People<'_>, at: usize) -> impl Iterator<Item = Place> {
    let level = people.beside.chart.depth_at(at);
    let own = people.function(at).map(|function| (level, Some(function)));
    own.into_iter().chain([(level, None)])
}
