//! Settled rows, turned into what becomes of them and what has to be written for it.

use std::collections::HashMap;

use super::{
    changes::changes,
    draft::{Draft, Fate},
    employment::Step,
    guard::Weight,
    issue::{Code, SyncIssue},
    managers::Move,
    matching::By,
    outcome::{NewRow, PlannedRow, RowAction, SyncCounts, Writes},
    roster::{Identity, PendingManager},
    settle::{Scene, lines_of},
    slot::compare,
};

/// Turns settled rows into planned rows, and into what has to be written for them.
pub(super) struct Press<'s, 'a, 'r> {
    pub(super) scene: &'s Scene<'a, 'r>,
    pub(super) waits: &'s HashMap<usize, PendingManager>,
    pub(super) writes: Writes,
    pub(super) counts: SyncCounts,
    pub(super) weight: Weight,
}

impl Press<'_, '_, '_> {
    /// What becomes of a row; nothing if nobody sent it and nothing is to be said of it.
    pub(super) fn row(&mut self, row: usize, change: Option<&Move>, issues: Vec<SyncIssue>) -> Option<PlannedRow> {
        let scene = self.scene;
        let entry = &scene.entries[row];
        let mut planned = PlannedRow {
            line: entry.line,
            external_id: entry.external_id.clone(),
            name: entry.name.given().cloned(),
            person: None,
            action: RowAction::Skipped,
            changes: Vec::new(),
            issues,
        };
        match &scene.fates[row] {
            Fate::Skipped => {}
            Fate::Failed => {
                planned.action = RowAction::Failed;
                planned.person = scene.matches[row].map(|found| found.person.record.key);
            }
            Fate::Drafted(draft) => {
                planned.name = Some(draft.record.name.clone());
                planned.person = Some(draft.key());
                let waits = self.waits.get(&row);
                planned.changes = changes(scene, draft, change, waits);
                planned.action = self.draft(draft, change, waits);
            }
        }
        if !entry.was_sent() && planned.action == RowAction::Unchanged && planned.issues.is_empty() {
            return None;
        }
        self.count(planned.action);
        self.counts.rows += usize::from(entry.was_sent());
        Some(planned)
    }

    /// The row on this line is about somebody who was erased. Nothing of it is kept.
    pub(super) fn erased(&mut self, line: u64) -> PlannedRow {
        let message =
            "the row is about somebody who was erased, and is not used; if they work here again, send them by a new id";
        self.count(RowAction::Skipped);
        self.counts.rows += 1;
        PlannedRow {
            line,
            external_id: None,
            name: None,
            person: None,
            action: RowAction::Skipped,
            changes: Vec::new(),
            issues: vec![SyncIssue::warning(Code::Erased, message).field("externalId").line(line)],
        }
    }

    fn draft(&mut self, draft: &Draft<'_>, change: Option<&Move>, waits: Option<&PendingManager>) -> RowAction {
        let changed = self.write(draft, change) | self.wait(draft, waits);
        if let (Some(_), Some(change)) = (draft.stored, change) {
            if change.after.is_some() {
                self.counts.manager_changes += 1;
            } else {
                self.counts.manager_clears += 1;
                self.weight.manager_clears.push(draft.record.name.clone());
            }
        }
        match draft.employment.step {
            Step::Hired if draft.stored.is_none() => RowAction::Created,
            Step::Rehired => RowAction::Rehired,
            Step::Left => {
                self.weight.terminations.push(draft.record.name.clone());
                RowAction::Terminated
            }
            Step::Hired | Step::Kept if draft.by == By::Email => RowAction::Linked,
            Step::Hired | Step::Kept if changed => RowAction::Updated,
            Step::Hired | Step::Kept => RowAction::Unchanged,
        }
    }

    /// Adds what has to be written for a draft; says whether there is anything.
    fn write(&mut self, draft: &Draft<'_>, change: Option<&Move>) -> bool {
        let writes = &mut self.writes;
        let key = draft.key();
        let mut changed = match draft.stored {
            None => {
                writes.new_people.push(draft.record.clone());
                true
            }
            Some(person) if person.record != draft.record => {
                writes.people.push(draft.record.clone());
                true
            }
            Some(_) => false,
        };
        let identity = |external_id: &str| Identity {
            source: self.scene.known.source.to_owned(),
            external_id: external_id.to_owned(),
        };
        if let By::FormerId(former) = draft.by {
            writes.gone_identities.push(identity(former));
        }
        if draft.stored.is_none() || draft.by != By::Id {
            let value = identity(draft.entry.external_id.as_deref().unwrap_or_default());
            writes.new_identities.push(NewRow { person: key, value });
            changed = true;
        }
        let lines = lines_of(draft, change);
        let spells = draft.stored.map_or(&[][..], |person| &person.spells);
        changed |= compare(key, spells, &draft.employment.spells, &mut writes.spells);
        let absences = draft.stored.map_or(&[][..], |person| &person.absences);
        changed |= compare(key, absences, &draft.employment.absences, &mut writes.absences);
        let stored = draft.stored.map_or(&[][..], |person| &person.lines);
        changed |= compare(key, stored, lines, &mut writes.lines);
        changed
    }

    /// Adds what has to be written for the manager who is waited for; says whether there is anything.
    fn wait(&mut self, draft: &Draft<'_>, waits: Option<&PendingManager>) -> bool {
        let stored = draft.pending(self.scene.known.source);
        if stored == waits {
            return false;
        }
        let person = draft.key();
        self.writes.gone_pending.extend(stored.map(|_| person));
        self.writes.new_pending.extend(waits.map(|pending| NewRow {
            person,
            value: pending.clone(),
        }));
        true
    }

    fn count(&mut self, action: RowAction) {
        let counter = match action {
            RowAction::Created => &mut self.counts.created,
            RowAction::Updated => &mut self.counts.updated,
            RowAction::Unchanged => &mut self.counts.unchanged,
            RowAction::Terminated => &mut self.counts.terminated,
            RowAction::Rehired => &mut self.counts.rehired,
            RowAction::Linked => &mut self.counts.linked,
            RowAction::Skipped => &mut self.counts.skipped,
            RowAction::Failed => &mut self.counts.failed,
        };
        *counter += 1;
    }
}
