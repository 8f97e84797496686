//! What there is to say about the state that a run leads to, though every row is fine.

use std::collections::{HashMap, HashSet};

use chrono::Days;

use super::{
    draft::Draft,
    employment::Step,
    issue::{Code, SyncIssue},
    lines::manager_on,
    managers::Move,
    roster::RosterPerson,
    settle::{Scene, lines_of},
    slot::slots,
};
use crate::domain::{
    Date,
    person::{PersonKey, Spell},
};

/// How many people a message names.
const NAMED: usize = 20;

/// Warnings about people whose manager has left, by row.
pub(super) fn managers_gone(scene: &Scene<'_, '_>, moves: &HashMap<usize, Move>) -> Vec<(usize, SyncIssue)> {
    let mut findings = Vec::new();
    for (row, draft) in scene.drafts().filter(|(_, draft)| !draft.has_left(scene.as_of)) {
        let day = scene.as_of.max(draft.employment.current.start);
        let lines = lines_of(draft, moves.get(&row));
        // Whoever skips a level on the day after has been told that by the change.
        let stays = |manager: &PersonKey| {
            let exit = scene.exit_of(*manager);
            exit.is_some_and(|exit| manager_on(lines, day.max(exit + Days::new(1))) == Some(*manager))
        };
        if let Some(manager) = manager_on(lines, day).filter(stays) {
            let label = scene.label(manager);
            let message = format!("the manager {label} has left; the line stays, and the gap is closed above");
            let related = scene.draft_of(manager).map(|(_, draft)| draft.entry.line);
            let issue = SyncIssue::warning(Code::ManagerTerminated, message)
                .field("managerExternalId")
                .value(label);
            findings.push((row, issue.related(related.into_iter().collect())));
        }
    }
    findings.extend(reports_without_rows(scene));
    findings
}

/// A warning about the run if it adds a head of the organisation to others, or a second one to the first.
pub(super) fn roots(scene: &Scene<'_, '_>, moves: &HashMap<usize, Move>) -> Option<SyncIssue> {
    let day = scene.as_of;
    let is_root = |person: &RosterPerson| {
        let spells = person.spells.iter().map(|row| &row.value);
        covered(spells, day) && manager_on(&slots(&person.lines), day).is_none()
    };
    let new = |row: usize, draft: &Draft<'_>| {
        let spells = draft.employment.spells.iter().map(|slot| &slot.value);
        covered(spells, day) && manager_on(lines_of(draft, moves.get(&row)), day).is_none()
    };
    let drafted: Vec<(usize, &Draft<'_>)> = scene.drafts().filter(|(row, draft)| new(*row, draft)).collect();
    let before = |draft: &Draft<'_>| draft.stored.is_some_and(is_root);
    if drafted.iter().all(|(_, draft)| before(draft)) {
        return None;
    }
    let bystanders = scene
        .bystanders()
        .filter(|person| is_root(person))
        .map(|person| scene.known.label(person));
    let ids = drafted.iter().map(|(_, draft)| scene.label(draft.key()));
    let mut labels: Vec<String> = bystanders.chain(ids).collect();
    let count = labels.len();
    if count < 2 {
        return None;
    }
    labels.sort_unstable();
    labels.truncate(NAMED);
    let message = format!("{count} people have no manager: {}", labels.join(", "));
    let lines = drafted.iter().map(|(_, draft)| draft.entry.line).take(NAMED).collect();
    Some(
        SyncIssue::warning(Code::MultipleRoots, message)
            .field("managerExternalId")
            .related(lines),
    )
}

/// The rows of leavers to whom people report of whom the run does not speak.
fn reports_without_rows(scene: &Scene<'_, '_>) -> Vec<(usize, SyncIssue)> {
    let goes = |(_, draft): &(usize, &Draft<'_>)| draft.employment.step == Step::Left;
    let leavers: HashSet<PersonKey> = scene.drafts().filter(goes).map(|(_, draft)| draft.key()).collect();
    if leavers.is_empty() {
        return Vec::new();
    }
    let mut reports: HashMap<PersonKey, Vec<String>> = HashMap::new();
    for person in scene.bystanders().filter(|person| !left(scene, person.record.key)) {
        let manager = manager_on(&slots(&person.lines), scene.as_of);
        if let Some(manager) = manager.filter(|manager| leavers.contains(manager)) {
            reports.entry(manager).or_default().push(scene.known.label(person));
        }
    }
    let finding = |(row, draft): (usize, &Draft<'_>)| {
        let mut labels = reports.get(&draft.key())?.clone();
        labels.sort_unstable();
        let count = labels.len();
        labels.truncate(NAMED);
        let message = format!(
            "people whom the run does not name report to the leaver ({count}): {}",
            labels.join(", ")
        );
        Some((row, SyncIssue::warning(Code::ManagerTerminated, message)))
    };
    scene.drafts().filter_map(finding).collect()
}

fn left(scene: &Scene<'_, '_>, person: PersonKey) -> bool {
    scene.exit_of(person).is_some()
}

fn covered<'a>(mut spells: impl Iterator<Item = &'a Spell>, day: Date) -> bool {
    spells.any(|spell| spell.covers(day))
}
