//! Which rows are to blame for rings of reporting lines.

use std::{collections::HashMap, fmt::Write};

use chrono::Days;

use super::{
    issue::{Code, SyncIssue},
    managers::Move,
    ring::{Edge, Ring, rings},
    roster::{SolidLine, Stored},
    settle::{Scene, lines_of},
    slot::Slot,
};
use crate::domain::{Date, person::PersonKey};

/// How many people of a ring a message names.
const NAMED: usize = 20;

/// Rows whose new lines are part of a ring, on any day.
pub(super) fn cycles(scene: &Scene<'_, '_>, moves: &HashMap<usize, Move>) -> Vec<(usize, SyncIssue)> {
    let mut edges = Vec::new();
    let mut since: Option<Date> = None;
    for (row, draft) in scene.drafts() {
        let lines = lines_of(draft, moves.get(&row));
        let stored = draft.stored.map_or(&[][..], |person| &person.lines);
        since = first_new_day(stored, lines).into_iter().chain(since).min();
        edges.extend(lines.iter().map(|slot| edge(draft.key(), &slot.value)));
    }
    let Some(since) = since else { return Vec::new() };
    for person in scene.bystanders() {
        edges.extend(person.lines.iter().map(|line| edge(person.record.key, &line.value)));
    }
    rings(edges, since).iter().flat_map(|ring| blame(scene, ring)).collect()
}

/// One finding for each row whose line is new in the ring.
fn blame(scene: &Scene<'_, '_>, ring: &Ring) -> Vec<(usize, SyncIssue)> {
    let is_new = |edge: &Edge| {
        let stored = scene.stored(edge.report).map_or(&[][..], |person| &person.lines);
        !stored.iter().any(|line| line.value.manager == edge.manager && contains(&line.value, ring))
    };
    let new = ring.edges.iter().filter(|edge| is_new(edge));
    let rows: Vec<_> = new.filter_map(|edge| scene.draft_of(edge.report)).collect();
    let message = message(scene, ring);
    let finding = |(row, line): (usize, u64)| {
        let related = rows.iter().map(|(_, draft)| draft.entry.line).filter(|other| *other != line);
        let issue = SyncIssue::error(Code::ManagerCycle, message.clone()).field("managerExternalId");
        (row, issue.related(related.take(NAMED).collect()))
    };
    rows.iter().map(|(row, draft)| finding((*row, draft.entry.line))).collect()
}

/// The loop from its first id on, the same for all its rows, and its days unless it holds from now on.
fn message(scene: &Scene<'_, '_>, ring: &Ring) -> String {
    let labels: Vec<String> = ring.edges.iter().map(|edge| scene.label(edge.report)).collect();
    let first = (0..labels.len()).min_by_key(|at| &labels[*at]).unwrap_or_default();
    let mut message = String::new();
    for at in 0..labels.len().min(NAMED) {
        message += &labels[(first + at) % labels.len()];
        message += " -> ";
    }
    if labels.len() > NAMED {
        let _ = write!(message, "... {} more -> ", labels.len() - NAMED);
    }
    message += labels.get(first).map_or("", String::as_str);
    match ring.to.map(|to| to - Days::new(1)) {
        Some(last) => {
            let _ = write!(message, " (from {} to {last})", ring.from);
        }
        None if ring.from > scene.as_of => {
            let _ = write!(message, " (from {})", ring.from);
        }
        None => {}
    }
    message
}

/// The first day on which a line holds that did not.
fn first_new_day(stored: &[Stored<SolidLine>], lines: &[Slot<SolidLine>]) -> Option<Date> {
    let first = |slot: &Slot<SolidLine>| {
        let old = stored.iter().find(|row| Some(row.id) == slot.id).map(|row| row.value);
        match old {
            None => Some(slot.value.valid_from),
            Some(old) if slot.value.valid_from < old.valid_from => Some(slot.value.valid_from),
            Some(old) => old.valid_to.filter(|to| slot.value.valid_to.is_none_or(|new| *to < new)),
        }
    };
    lines.iter().filter_map(first).min()
}

fn contains(line: &SolidLine, ring: &Ring) -> bool {
    line.valid_from <= ring.from && line.valid_to.is_none_or(|to| ring.to.is_some_and(|end| end <= to))
}

fn edge(report: PersonKey, line: &SolidLine) -> Edge {
    Edge { report, manager: line.manager, from: line.valid_from, to: line.valid_to }
}
