//! From people and lines in any order to a chart: close gaps, look for rings, lay out in pre-order.

use std::{collections::HashMap, iter::successors};

use super::{Line, NOBODY, OrgChart, Ring};
use crate::domain::person::PersonKey;

/// One present person's line to a present person; both are ranks in the sorted keys.
#[derive(Clone, Copy)]
struct Edge {
    manager: u32,
    interim: bool,
}

pub(super) fn chart(mut present: Vec<PersonKey>, mut lines: Vec<Line>) -> Result<OrgChart, Ring> {
    present.sort_unstable();
    present.dedup();
    lines.sort_unstable();
    lines.dedup_by_key(|line| line.report);
    let mut edges = close_gaps(&present, &lines);
    cut_rings(&present, &mut edges)?;
    Ok(lay_out(&present, &edges))
}

/// The edge of each present person; `lines` are sorted by report and have one for each.
fn close_gaps(present: &[PersonKey], lines: &[Line]) -> Vec<Option<Edge>> {
    let mut edges = vec![None; present.len()];
    let mut gaps = Vec::new();
    let mut absent = HashMap::new();
    let mut rank = 0;
    for line in lines {
        while rank < present.len() && present[rank] < line.report {
            rank += 1;
        }
        if present.get(rank) != Some(&line.report) {
            absent.insert(line.report, line.manager);
        } else if let Some(manager) = rank_of(present, line.manager) {
            edges[rank] = Some(Edge {
                manager,
                interim: false,
            });
        } else {
            gaps.push((rank, line.manager));
        }
    }
    let mut nearest = HashMap::new();
    for (rank, from) in gaps {
        let found = nearest_present(present, &absent, &mut nearest, from);
        edges[rank] = found.map(|manager| Edge { manager, interim: true });
    }
    edges
}

/// The first present person from the absent `from` upwards; remembers the answer for everybody on the way.
fn nearest_present(
    present: &[PersonKey],
    absent: &HashMap<PersonKey, PersonKey>,
    nearest: &mut HashMap<PersonKey, Option<u32>>,
    from: PersonKey,
) -> Option<u32> {
    let mut way = Vec::new();
    let mut at = from;
    let found = loop {
        if let Some(known) = nearest.get(&at) {
            break *known;
        }
        if let Some(rank) = rank_of(present, at) {
            break Some(rank);
        }
        // Until the end of the walk is known nobody is found from here: a walk that comes back ends at a root.
        nearest.insert(at, None);
        way.push(at);
        match absent.get(&at) {
            Some(&manager) => at = manager,
            None => break None,
        }
    };
    nearest.extend(way.into_iter().map(|person| (person, found)));
    found
}

/// Refuses a ring of solid lines and cuts every other one. Nobody has two managers, so rings never touch each other.
fn cut_rings(present: &[PersonKey], edges: &mut [Option<Edge>]) -> Result<(), Ring> {
    const UNSEEN: usize = usize::MAX;
    let mut seen_from = vec![UNSEEN; edges.len()];
    let mut refused: Option<Vec<usize>> = None;
    for start in 0..edges.len() {
        let mut at = start;
        while seen_from[at] == UNSEEN {
            seen_from[at] = start;
            let Some(edge) = edges[at] else { break };
            at = edge.manager as usize;
        }
        if seen_from[at] != start || edges[at].is_none() {
            continue;
        }
        let ring = ring_through(at, edges);
        match ring
            .iter()
            .copied()
            .filter(|&rank| edges[rank].is_some_and(|edge| edge.interim))
            .min()
        {
            Some(interim) => edges[interim] = None,
            None if refused.as_ref().is_none_or(|other| ring < *other) => refused = Some(ring),
            None => {}
        }
    }
    refused.map_or(Ok(()), |ring| {
        Err(Ring {
            people: ring.into_iter().map(|rank| present[rank]).collect(),
        })
    })
}

/// The ring that `on_it` lies on, from its smallest rank upwards.
fn ring_through(on_it: usize, edges: &[Option<Edge>]) -> Vec<usize> {
    let manager = |rank: &usize| edges[*rank].map(|edge| edge.manager as usize);
    let mut ring = vec![on_it];
    ring.extend(successors(manager(&on_it), manager).take_while(|&rank| rank != on_it));
    let smallest = ring
        .iter()
        .enumerate()
        .min_by_key(|&(_, rank)| rank)
        .map_or(0, |(index, _)| index);
    ring.rotate_left(smallest);
    ring
}

fn lay_out(present: &[PersonKey], edges: &[Option<Edge>]) -> OrgChart {
    let size = present.len();
    let mut chart = OrgChart {
        keys: Vec::with_capacity(size),
        by_key: vec![0; size],
        parent: Vec::with_capacity(size),
        end: Vec::with_capacity(size),
        depth: Vec::with_capacity(size),
        deepest: Vec::with_capacity(size),
        interim: Vec::with_capacity(size),
    };
    let reports = Reports::of(edges);
    // The smallest key lies on top of the stack: siblings come out by key.
    let mut next: Vec<(u32, u32, u32)> = Vec::new();
    let roots = (0_u32..)
        .zip(edges)
        .filter(|(_, edge)| edge.is_none())
        .map(|(rank, _)| (rank, NOBODY, 0));
    next.extend(roots);
    next.reverse();
    let mut at = 0_u32;
    while let Some((rank, parent, depth)) = next.pop() {
        chart.keys.push(present[rank as usize]);
        chart.by_key[rank as usize] = at;
        chart.parent.push(parent);
        chart.end.push(at + 1);
        chart.depth.push(depth);
        chart.deepest.push(depth);
        chart
            .interim
            .push(edges[rank as usize].is_some_and(|edge| edge.interim));
        next.extend(
            reports
                .of_rank(rank)
                .iter()
                .rev()
                .map(|&report| (report, at, depth + 1)),
        );
        at += 1;
    }
    // Backwards everybody below comes before the person, so one pass hands sizes and depths upwards.
    for at in (0..size).rev() {
        if let Some(parent) = chart.parent_at(at) {
            chart.end[parent] = chart.end[parent].max(chart.end[at]);
            chart.deepest[parent] = chart.deepest[parent].max(chart.deepest[at]);
        }
    }
    chart
}

/// The reports of every rank, by rank, in one array.
struct Reports {
    first: Vec<u32>,
    all: Vec<u32>,
}

impl Reports {
    fn of(edges: &[Option<Edge>]) -> Self {
        let mut first = vec![0_u32; edges.len() + 1];
        for edge in edges.iter().flatten() {
            first[edge.manager as usize + 1] += 1;
        }
        for rank in 1..first.len() {
            first[rank] += first[rank - 1];
        }
        let mut all = vec![0; first[edges.len()] as usize];
        let mut free = first.clone();
        for (rank, edge) in (0_u32..).zip(edges) {
            if let Some(edge) = edge {
                let slot = &mut free[edge.manager as usize];
                all[*slot as usize] = rank;
                *slot += 1;
            }
        }
        Self { first, all }
    }

    fn of_rank(&self, rank: u32) -> &[u32] {
        &self.all[self.first[rank as usize] as usize..self.first[rank as usize + 1] as usize]
    }
}

fn rank_of(present: &[PersonKey], person: PersonKey) -> Option<u32> {
    present
        .binary_search(&person)
        .ok()
        .and_then(|rank| u32::try_from(rank).ok())
}
