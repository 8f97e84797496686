//! Facts by position in the chart, without an allocation a person.

use crate::domain::{chart::OrgChart, person::PersonKey};

/// Values of each position, in their own order, in one array.
pub(super) struct Grouped<T> {
    first: Vec<usize>,
    all: Vec<T>,
}

impl<T: Copy + Ord> Grouped<T> {
    /// Groups what `read` finds in the facts; strangers to the chart are passed over.
    pub fn new<F>(chart: &OrgChart, facts: &[F], read: impl Fn(&F) -> (PersonKey, T)) -> Self {
        let place = |(person, value)| Some((chart.position(person)?, value));
        Self::of_rows(chart.len(), facts.iter().map(read).filter_map(place).collect())
    }

    /// Groups rows of a position and a value.
    pub fn of_rows(positions: usize, mut rows: Vec<(usize, T)>) -> Self {
        rows.sort_unstable();
        let mut first = vec![0; positions + 1];
        for &(at, _) in &rows {
            first[at + 1] += 1;
        }
        for at in 0..positions {
            first[at + 1] += first[at];
        }
        Self {
            first,
            all: rows.into_iter().map(|(_, value)| value).collect(),
        }
    }

    /// The values of one position.
    pub fn of(&self, at: usize) -> &[T] {
        &self.all[self.first[at]..self.first[at + 1]]
    }
}

/// The greatest value of each position.
pub(super) fn newest<F, T: Copy + Ord>(
    chart: &OrgChart,
    facts: &[F],
    read: impl Fn(&F) -> (PersonKey, T),
) -> Vec<Option<T>> {
    let mut newest = vec![None; chart.len()];
    for (person, value) in facts.iter().map(read) {
        if let Some(at) = chart.position(person) {
            newest[at] = newest[at].max(Some(value));
        }
    }
    newest
}
