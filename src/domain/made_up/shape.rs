//! The bare tree of a made-up organisation: who reports to whom, as numbers.
//!
//! One spine reaches the lowest level, everybody right below the head leads a department, and then people become
//! managers at random, those nearer to the top more often. So branches end on different levels, as they do in life.

use super::{Impossible, dice::Dice};

/// Fewest reports of a manager.
pub(super) const MIN_SPAN: usize = 5;
/// Most reports of a manager.
pub(super) const MAX_SPAN: usize = 9;
/// What spans come to on average, where the number of levels allows it.
const USUAL_SPAN: usize = 7;

/// One person of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Node {
    /// The number of the manager, smaller than the own one; none for the head, who has number 0.
    pub manager: Option<usize>,
    /// How many people are above.
    pub depth: usize,
}

/// A tree of so many people on so many levels, level by level from the head.
pub(super) fn grow(people: usize, levels: usize, dice: &mut Dice) -> Result<Vec<Node>, Impossible> {
    let managers = managers(people, levels)?;
    let head = Node {
        manager: None,
        depth: 0,
    };
    let mut tree = Tree {
        nodes: vec![head],
        levels,
        spans: spans(managers, people - 1, dice),
        candidates: vec![0],
    };
    for _ in 1..levels {
        tree.lengthen_spine();
    }
    tree.lead_departments();
    while !tree.spans.is_empty() && !tree.candidates.is_empty() {
        tree.promote_somebody(dice);
    }
    Ok(by_level(&tree.nodes))
}

struct Tree {
    /// The head, then everybody in the order of being hired.
    nodes: Vec<Node>,
    levels: usize,
    /// The spans of the managers still to come.
    spans: Vec<usize>,
    /// Who has no reports and does not stand on the lowest level.
    candidates: Vec<usize>,
}

impl Tree {
    fn lengthen_spine(&mut self) {
        // The newest candidate is the deepest one.
        if let Some(deepest) = self.candidates.pop() {
            self.promote(deepest);
        }
    }

    fn lead_departments(&mut self) {
        let depth_of = |&at: &usize| self.nodes[at].depth;
        let (first, others): (Vec<usize>, Vec<usize>) = self.candidates.iter().partition(|at| depth_of(at) == 1);
        self.candidates = others;
        for at in first {
            self.promote(at);
        }
    }

    fn promote_somebody(&mut self, dice: &mut Dice) {
        let depth = |&nth: &usize| self.nodes[self.candidates[nth]].depth;
        let pair = [0; 2].map(|_| dice.index(self.candidates.len()));
        let nearer = pair.into_iter().min_by_key(depth).unwrap_or_default();
        let at = self.candidates.swap_remove(nearer);
        self.promote(at);
    }

    /// Gives somebody the reports of the next span.
    fn promote(&mut self, at: usize) {
        let report = Node {
            manager: Some(at),
            depth: self.nodes[at].depth + 1,
        };
        for _ in 0..self.spans.pop().unwrap_or(0) {
            if report.depth + 1 < self.levels {
                self.candidates.push(self.nodes.len());
            }
            self.nodes.push(report);
        }
    }
}

/// How many people have reports.
fn managers(people: usize, levels: usize) -> Result<usize, Impossible> {
    let reports = people.checked_sub(1).ok_or(Impossible::Nobody)?;
    let (fewest, most) = (reports.div_ceil(MAX_SPAN), reports / MIN_SPAN);
    let deepest = most + 1;
    let shallowest = (1..=deepest).find(|&levels| room(levels) >= fewest);
    let shallowest = shallowest.ok_or(Impossible::Spans { people })?;
    if !(shallowest..=deepest).contains(&levels) {
        return Err(Impossible::Levels {
            people,
            levels,
            shallowest,
            deepest,
        });
    }
    let usual = (reports + USUAL_SPAN / 2) / USUAL_SPAN;
    Ok(usual.clamp(fewest.max(levels - 1), most.min(room(levels))))
}

/// How many managers always find a place above the lowest level, however small their spans are.
fn room(levels: usize) -> usize {
    let mut on_level = 1_usize;
    (1..levels).fold(0_usize, |sum, _| {
        let sum = sum.saturating_add(on_level);
        on_level = on_level.saturating_mul(MIN_SPAN);
        sum
    })
}

/// Spans of so many managers that sum up to so many reports.
fn spans(managers: usize, reports: usize, dice: &mut Dice) -> Vec<usize> {
    let mut spans = vec![MIN_SPAN; managers];
    let mut left = reports - managers * MIN_SPAN;
    while left > 0 {
        let span = &mut spans[dice.index(managers)];
        if *span < MAX_SPAN {
            *span += 1;
            left -= 1;
        }
    }
    spans
}

/// The same tree, numbered level by level.
fn by_level(nodes: &[Node]) -> Vec<Node> {
    let mut order: Vec<usize> = (0..nodes.len()).collect();
    order.sort_by_key(|&at| nodes[at].depth);
    let mut number = vec![0; nodes.len()];
    for (new, &old) in order.iter().enumerate() {
        number[old] = new;
    }
    let renumbered = |&old: &usize| Node {
        manager: nodes[old].manager.map(|manager| number[manager]),
        ..nodes[old]
    };
    order.iter().map(renumbered).collect()
}
