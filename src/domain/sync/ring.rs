//! Rings of reporting lines, on any day: found over all intervals at once, in time linear in the lines for all but the
//! people who could be in one.
//!
//! Lines of different days can look like a ring without being one (two people who swapped places). So first everybody
//! is set aside who has nobody above, or nobody below, among those left, whatever the day: this ends with the few who
//! might be in a ring. A ring begins on a day on which one of its lines begins; on each day the walks begin with the
//! lines that do.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::domain::{Date, person::PersonKey};

/// A line; it holds in `[from, to)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edge {
    pub(super) report: PersonKey,
    pub(super) manager: PersonKey,
    pub(super) from: Date,
    pub(super) to: Option<Date>,
}

impl Edge {
    fn covers(&self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|to| day < to)
    }
}

/// People who report to each other in a ring, over the days `[from, to)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ring {
    /// The lines, each one's manager being the next one's report, the last one's the first one's.
    pub(super) edges: Vec<Edge>,
    pub(super) from: Date,
    pub(super) to: Option<Date>,
}

/// Every ring of `edges` that begins on `since` or later; two lines of one person never hold on the same day.
pub(super) fn rings(mut edges: Vec<Edge>, since: Date) -> Vec<Ring> {
    edges.retain(|edge| edge.to.is_none_or(|to| since < to));
    let edges = without_ends(edges, |edge| (edge.report, edge.manager));
    let edges = without_ends(edges, |edge| (edge.manager, edge.report));
    let mut above: HashMap<PersonKey, Vec<Edge>> = HashMap::new();
    let mut beginning: BTreeMap<Date, Vec<PersonKey>> = BTreeMap::new();
    for edge in &edges {
        above.entry(edge.report).or_default().push(*edge);
        if since <= edge.from {
            beginning.entry(edge.from).or_default().push(edge.report);
        }
    }
    beginning.into_iter().flat_map(|(day, reports)| rings_from(day, reports, &above)).collect()
}

/// Drops, again and again, the edges that lead to somebody from whom none goes on; `ends` tells from whom to whom an
/// edge leads.
fn without_ends(edges: Vec<Edge>, ends: impl Fn(&Edge) -> (PersonKey, PersonKey)) -> Vec<Edge> {
    let mut going_on: HashMap<PersonKey, usize> = HashMap::with_capacity(edges.len());
    let mut coming_from: HashMap<PersonKey, Vec<PersonKey>> = HashMap::new();
    for edge in &edges {
        let (from, to) = ends(edge);
        *going_on.entry(from).or_default() += 1;
        coming_from.entry(to).or_default().push(from);
    }
    let mut last: Vec<PersonKey> = coming_from.keys().filter(|person| !going_on.contains_key(person)).copied().collect();
    while let Some(person) = last.pop() {
        for before in coming_from.get(&person).into_iter().flatten() {
            if let Some(left) = going_on.get_mut(before) {
                *left -= 1;
                if *left == 0 {
                    going_on.remove(before);
                    last.push(*before);
                }
            }
        }
    }
    edges.into_iter().filter(|edge| going_on.contains_key(&ends(edge).1)).collect()
}

/// The rings that begin on `day`, on which lines of `reports` do.
fn rings_from(day: Date, mut reports: Vec<PersonKey>, above: &HashMap<PersonKey, Vec<Edge>>) -> Vec<Ring> {
    let mut found = Vec::new();
    let mut passed = HashSet::new();
    reports.sort_unstable();
    for start in reports {
        let mut walk: Vec<Edge> = Vec::new();
        let mut here = start;
        while passed.insert(here) {
            let holds = above.get(&here).and_then(|edges| edges.iter().find(|edge| edge.covers(day)));
            let Some(edge) = holds else { break };
            walk.push(*edge);
            here = edge.manager;
        }
        // A ring if the walk came back to somebody it had passed itself, and could go on from there.
        let Some(entry) = walk.iter().position(|edge| edge.report == here) else { continue };
        let edges = walk.split_off(entry);
        if edges.iter().any(|edge| edge.from == day) {
            let to = edges.iter().filter_map(|edge| edge.to).min();
            found.push(Ring { edges, from: day, to });
        }
    }
    found
}
