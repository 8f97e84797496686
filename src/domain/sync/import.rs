//! What absences and meetings of another system have in common: each is known by that system's own id, and says of whom
//! it speaks by their ids there or by their addresses.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::{
    issue::{Code, SyncIssue},
    outcome::SyncStatus,
    run::{Field, OnError},
    text::{Texts, email_key},
};
use crate::domain::{erasure::Erased, person::PersonKey};

/// Whom a row speaks of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum PersonReference {
    /// Whom the source knows by this id.
    ExternalId(String),
    /// Who has this e-mail address.
    Email(String),
}

/// People by what a source may call them.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    /// The source.
    pub source: String,
    /// By what sources knew people who were erased.
    pub erased: Erased,
    /// By their ids at the source.
    pub by_id: HashMap<String, PersonKey>,
    /// By their addresses in lower case; of those who share one, whoever has not left.
    pub by_email: HashMap<String, PersonKey>,
}

impl Directory {
    /// Whom a reference means. Of somebody who was erased the issue is a warning: such a row is passed over.
    pub(super) fn find(&self, reference: &PersonReference) -> Result<PersonKey, SyncIssue> {
        let (found, value) = match reference {
            PersonReference::ExternalId(id) => (self.by_id.get(id.trim()), id),
            PersonReference::Email(email) => (self.by_email.get(&email_key(email.trim())), email),
        };
        if let (None, PersonReference::ExternalId(id)) = (found, reference)
            && self.erased.find(&self.source, id.trim()).is_some()
        {
            let message = "the row is about somebody who was erased, and is not used";
            return Err(SyncIssue::warning(Code::Erased, message));
        }
        let message = "nobody is known by this id or address: send the people first";
        found
            .copied()
            .ok_or_else(|| SyncIssue::error(Code::UnknownPerson, message).value(value))
    }
}

/// What becomes of one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedRow {
    /// The number of the row, counted from 1.
    pub line: u64,
    /// Its id at the source; none when the row has none.
    pub external_id: Option<String>,
    /// What becomes of it.
    pub action: ImportAction,
    /// What there is to say about it.
    pub issues: Vec<SyncIssue>,
}

/// What becomes of an absence or a meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ImportAction {
    /// It is new.
    Created,
    /// Something about it changes.
    Updated,
    /// It stands already.
    Unchanged,
    /// It was here before, without the source's id, and is known by it from now on.
    Linked,
    /// It is taken back.
    Removed,
    /// It repeats another row, or takes back what is not here.
    Skipped,
    /// It has an error.
    Failed,
}

/// What rows amount to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import<W> {
    /// PLANNED when it may be applied, else REJECTED.
    pub status: SyncStatus,
    /// What becomes of each row, in their order.
    pub rows: Vec<ImportedRow>,
    /// What has to be written; empty unless PLANNED.
    pub writes: Vec<W>,
}

impl<W> Import<W> {
    /// Puts judged rows together: one error rejects all of them, unless such rows are to be left out.
    pub fn of(on_error: OnError, judged: Vec<(ImportedRow, Option<W>)>) -> Self {
        let failed = judged.iter().any(|(row, _)| row.action == ImportAction::Failed);
        let status = if failed && on_error == OnError::Abort {
            SyncStatus::Rejected
        } else {
            SyncStatus::Planned
        };
        let mut import = Self {
            status,
            rows: Vec::with_capacity(judged.len()),
            writes: Vec::new(),
        };
        for (row, write) in judged {
            import.rows.push(row);
            import.writes.extend(write.filter(|_| status == SyncStatus::Planned));
        }
        import
    }

    /// The status once its writes are in the database.
    pub fn applied_status(&self) -> SyncStatus {
        let failed = self.rows.iter().any(|row| row.action == ImportAction::Failed);
        match self.status {
            SyncStatus::Planned if failed => SyncStatus::AppliedWithErrors,
            SyncStatus::Planned => SyncStatus::Applied,
            refused => refused,
        }
    }
}

/// A row while it is judged: its id read, its repetitions found.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) row: ImportedRow,
    /// Whether it is used at all; its action says why not.
    pub(super) used: bool,
}

impl Judged {
    /// Lets the row fail.
    pub(super) fn fail(mut self, issue: SyncIssue) -> ImportedRow {
        self.row.issues.push(issue.line(self.row.line));
        self.row.action = ImportAction::Failed;
        self.row
    }

    /// Lets the row fail, or passes it over if `issue` is but a warning.
    pub(super) fn refuse(mut self, issue: SyncIssue) -> ImportedRow {
        if issue.is_error() {
            return self.fail(issue);
        }
        self.warn(issue);
        self.end(ImportAction::Skipped)
    }

    /// Says what becomes of the row.
    pub(super) fn end(mut self, action: ImportAction) -> ImportedRow {
        self.row.action = action;
        self.row
    }

    /// Adds a warning.
    pub(super) fn warn(&mut self, issue: SyncIssue) {
        self.row.issues.push(issue.line(self.row.line));
    }
}

/// Reads the ids of rows. Of rows that say the same to the letter one is used, of rows that differ none.
pub(super) fn judge_ids<R: PartialEq>(
    rows: &[R],
    id_of: impl Fn(&R) -> (&str, u64),
    same: fn(&R, &R) -> bool,
) -> Vec<Judged> {
    let mut by_id: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut judged = Vec::with_capacity(rows.len());
    for (at, row) in rows.iter().enumerate() {
        let (raw, line) = id_of(row);
        let mut issues = Vec::new();
        let mut texts = Texts { issues: &mut issues };
        let id = texts
            .plain("externalId", &Field::Given(raw.to_owned()))
            .given()
            .cloned();
        if id.is_none() && issues.is_empty() {
            let message = "externalId is blank; every row needs its id at the source";
            issues.push(SyncIssue::error(Code::RequiredField, message).field("externalId"));
        }
        for issue in &mut issues {
            issue.line = Some(line);
        }
        if let Some(id) = &id {
            by_id.entry(id.clone()).or_default().push(at);
        }
        let used = id.is_some();
        let action = if used {
            ImportAction::Unchanged
        } else {
            ImportAction::Failed
        };
        judged.push(Judged {
            row: ImportedRow {
                line,
                external_id: id,
                action,
                issues,
            },
            used,
        });
    }
    for group in by_id.values().filter(|group| group.len() > 1) {
        let (first, others) = group.split_first().unwrap_or((&0, &[]));
        let alike = others.iter().all(|other| same(&rows[*first], &rows[*other]));
        for at in if alike { others } else { group } {
            let related = group
                .iter()
                .filter(|other| *other != at)
                .map(|other| judged[*other].row.line)
                .collect();
            let (action, issue) = if alike {
                let message = "the row repeats another one; it counts once";
                (ImportAction::Skipped, SyncIssue::warning(Code::DuplicateRow, message))
            } else {
                let message = "rows of one id say different things; none of them is used";
                (
                    ImportAction::Failed,
                    SyncIssue::error(Code::DuplicateExternalId, message),
                )
            };
            let judged = &mut judged[*at];
            judged.warn(issue.field("externalId").related(related));
            (judged.used, judged.row.action) = (false, action);
        }
    }
    judged
}
