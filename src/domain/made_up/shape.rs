//! The bare tree of a made-up organisation: who reports to whom, as numbers.
//!
//! One spine reaches the lowest level, everybody right below the head leads a department, and then people become
//! managers at random, those nearer to the top more often and few below the levels that so many people need. So branches
//! end on different levels, as they do in life: most where the usual spans lead, some earlier, a few later.

use std::ops::RangeInclusive;

use super::{Impossible, dice::Dice};

/// Fewest reports of a manager.
pub(super) const MIN_SPAN: usize = 5;
/// Most reports of a manager.
pub(super) const MAX_SPAN: usize = 9;
/// What spans come to on average, where the number of levels allows it.
const USUAL_SPAN: usize = 7;

/// How many of a hundred new managers stand below the usual levels.
const DEEPER: i64 = 1;

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
    let (fewest, usual) = managers(people, levels)?;
    // Where so many managers find no place above the lowest level, fewer have larger spans.
    for managers in (fewest..=usual).rev() {
        let mut spans = spans(managers, people - 1, dice);
        if managers == fewest {
            // Whoever leads first leads most: this way the last place is found, if there is one.
            spans.sort_unstable();
        }
        let tree = Tree::grow(spans, levels, dice);
        if tree.nodes.len() == people {
            return Ok(by_level(&tree.nodes));
        }
    }
    Err(impossible(people, levels))
}

/// The fewest levels on which so many people stand in teams of the usual span.
pub(super) fn usual_levels(people: usize) -> usize {
    let mut levels = 1;
    while room(levels, USUAL_SPAN) < people {
        levels += 1;
    }
    levels
}

struct Tree {
    /// The head, then everybody in the order of being hired.
    nodes: Vec<Node>,
    levels: usize,
    /// The spans of the managers still to come.
    spans: Vec<usize>,
    /// Who has no reports and stands above the lowest of the usual levels.
    candidates: Vec<usize>,
    /// Who has no reports and stands further down, but not on the lowest level of all.
    deep: Vec<usize>,
    /// Whoever stands less deep than this is a candidate, others are deep.
    usual: usize,
}

impl Tree {
    fn grow(spans: Vec<usize>, levels: usize, dice: &mut Dice) -> Self {
        let people = spans.iter().sum::<usize>() + 1;
        let head = Node {
            manager: None,
            depth: 0,
        };
        let mut tree = Self {
            nodes: vec![head],
            levels,
            spans,
            candidates: vec![0],
            deep: vec![],
            usual: usual_levels(people).max(levels - 1) - 1,
        };
        for _ in 1..levels {
            tree.lengthen_spine();
        }
        tree.lead_departments();
        while !tree.spans.is_empty() && tree.promote_somebody(dice) {}
        tree
    }

    fn lengthen_spine(&mut self) {
        // The newest is the deepest one.
        if let Some(deepest) = self.deep.pop().or_else(|| self.candidates.pop()) {
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

    /// Gives somebody reports; false if nobody is left who could have some.
    fn promote_somebody(&mut self, dice: &mut Dice) -> bool {
        let goes_deeper = dice.happens(DEEPER);
        let deep = self.candidates.is_empty() || (goes_deeper && !self.deep.is_empty());
        let from = if deep { &mut self.deep } else { &mut self.candidates };
        if from.is_empty() {
            return false;
        }
        let depth = |&nth: &usize| self.nodes[from[nth]].depth;
        let some = [0; 3].map(|_| dice.index(from.len()));
        let nearest = some.into_iter().min_by_key(depth).unwrap_or_default();
        let at = from.swap_remove(nearest);
        self.promote(at);
        true
    }

    /// Gives somebody the reports of the next span.
    fn promote(&mut self, at: usize) {
        let report = Node {
            manager: Some(at),
            depth: self.nodes[at].depth + 1,
        };
        for _ in 0..self.spans.pop().unwrap_or(0) {
            if report.depth < self.usual.min(self.levels - 1) {
                self.candidates.push(self.nodes.len());
            } else if report.depth + 1 < self.levels {
                self.deep.push(self.nodes.len());
            }
            self.nodes.push(report);
        }
    }
}

/// How many people have reports: at the fewest, and usually.
fn managers(people: usize, levels: usize) -> Result<(usize, usize), Impossible> {
    let reports = people.checked_sub(1).ok_or(Impossible::Nobody)?;
    let (fewest, most) = (reports.div_ceil(MAX_SPAN), reports / MIN_SPAN);
    if fewest > most {
        return Err(Impossible::Spans { people });
    }
    if !levels_of(people).contains(&levels) {
        return Err(impossible(people, levels));
    }
    let usual = (reports + USUAL_SPAN / 2) / USUAL_SPAN;
    let fewest = fewest.max(levels - 1);
    Ok((fewest, usual.clamp(fewest, most)))
}

/// On how many levels so many people can stand.
fn levels_of(people: usize) -> RangeInclusive<usize> {
    let mut shallowest = 1;
    while room(shallowest, MAX_SPAN) < people {
        shallowest += 1;
    }
    shallowest..=(people - 1) / MIN_SPAN + 1
}

fn impossible(people: usize, levels: usize) -> Impossible {
    let (shallowest, deepest) = levels_of(people).into_inner();
    Impossible::Levels {
        people,
        levels,
        shallowest,
        deepest,
    }
}

/// How many people stand on so many levels where everybody but those on the lowest has so many reports.
fn room(levels: usize, span: usize) -> usize {
    let mut on_level = 1_usize;
    (0..levels).fold(0_usize, |sum, _| {
        let sum = sum.saturating_add(on_level);
        on_level = on_level.saturating_mul(span);
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
