//! Absences of a time-off system and meetings of a calendar: what is sent, and what became of it.

use async_graphql::{Enum, InputObject, OneofObject, SimpleObject};

use super::{
    payload::{UserError, user_errors},
    scalar::{Date, DateTime},
    sync::{SyncIssue, count},
    words::{OnError, SyncStatus},
};
use crate::{
    app::{self, ImportDone, Keyed, Outcome, SyncIntent},
    domain::sync::{self, PersonReference, ToldAbsence, ToldMeeting},
};

/// Whom a row speaks of, by exactly one of the two.
#[derive(Debug, OneofObject)]
pub enum PersonReferenceInput {
    /// Whom the source knows by this id.
    ExternalId(String),
    /// Who has this e-mail address, without regard to case.
    Email(String),
}

/// One absence as a time-off system has it.
#[derive(Debug, InputObject)]
pub struct AbsenceRowInput {
    /// Its id at the source.
    external_id: String,
    /// Who is absent; needed unless it is cancelled.
    person: Option<PersonReferenceInput>,
    /// The first absent day; needed unless it is cancelled.
    start_date: Option<Date>,
    /// The last absent day; null until further notice.
    end_date: Option<Date>,
    /// Whether it is taken back.
    #[graphql(default = false)]
    cancelled: bool,
}

/// Import absences.
#[derive(Debug, InputObject)]
pub struct SyncAbsencesInput {
    /// The system the rows come from: 1 to 64 letters, digits, dots, hyphens or underscores.
    source: String,
    /// The rows, in any order; 5,000 at most unless the server is set up otherwise. Absences that they do not name stay.
    rows: Vec<AbsenceRowInput>,
    /// Only say what the rows would do.
    #[graphql(default = true)]
    dry_run: bool,
    /// Up to 128 characters of the client's choice, kept for 30 days: the same key with the same input repeats the
    /// answer and changes nothing; with another input it is IDEMPOTENCY_KEY_REUSED. Required when dryRun is false.
    idempotency_key: Option<String>,
    /// What a row with an error does to the others.
    #[graphql(default_with = "OnError::Abort")]
    on_error: OnError,
}

/// How far a calendar says that a meeting is.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "ToldMeeting")]
pub enum ImportedMeetingStatus {
    /// It is agreed.
    Scheduled,
    /// It took place.
    Held,
    /// It was called off.
    Cancelled,
}

/// One 1:1 as a calendar has it.
#[derive(Debug, InputObject)]
pub struct MeetingRowInput {
    /// Its id at the source.
    external_id: String,
    /// The two; of peers the one who arranged it comes first. Who leads is seen from the chart of the day.
    participants: Vec<PersonReferenceInput>,
    /// When it begins, or began.
    starts_at: DateTime,
    /// How long it is, in minutes: 5 to 480.
    #[graphql(default = 30)]
    duration_minutes: i32,
    /// How far it is. Time alone makes no meeting HELD: say so only if the tool knows that it took place.
    status: ImportedMeetingStatus,
}

/// Import 1:1 meetings.
#[derive(Debug, InputObject)]
pub struct ImportMeetingsInput {
    /// The system the rows come from: 1 to 64 letters, digits, dots, hyphens or underscores.
    source: String,
    /// The rows, in any order; 5,000 at most unless the server is set up otherwise. Meetings that they do not name stay.
    rows: Vec<MeetingRowInput>,
    /// Only say what the rows would do.
    #[graphql(default = true)]
    dry_run: bool,
    /// Up to 128 characters of the client's choice, kept for 30 days: the same key with the same input repeats the
    /// answer and changes nothing; with another input it is IDEMPOTENCY_KEY_REUSED. Required when dryRun is false.
    idempotency_key: Option<String>,
    /// What a row with an error does to the others.
    #[graphql(default_with = "OnError::Abort")]
    on_error: OnError,
}

/// What an import of absences or meetings led to.
#[derive(Debug, SimpleObject)]
pub struct ImportPayload {
    /// What became of the rows; null if there was a mistake.
    import: Option<Import>,
    /// What is to be mended before there can be an import; empty if there is one.
    user_errors: Vec<UserError>,
}

impl ImportPayload {
    pub(super) fn of(outcome: Outcome<ImportDone>, dry_run: bool) -> Self {
        match outcome {
            Ok(done) => Self {
                import: Some(Import::of(done, dry_run)),
                user_errors: vec![],
            },
            Err(mistakes) => Self {
                import: None,
                user_errors: user_errors(mistakes),
            },
        }
    }
}

/// Absences or meetings that were imported, or would be.
#[derive(Debug, SimpleObject)]
pub struct Import {
    /// PLANNED, APPLIED, `APPLIED_WITH_ERRORS` or REJECTED.
    status: SyncStatus,
    /// Whether it was planned only.
    dry_run: bool,
    /// Whether it is the answer of an earlier call with the same key.
    replayed: bool,
    /// How many rows, of each action.
    counts: ImportCounts,
    /// Every finding, by row.
    issues: Vec<SyncIssue>,
    /// What became of each row, in their order.
    rows: Vec<ImportedRow>,
}

/// How many rows, of each action.
#[derive(Debug, SimpleObject)]
pub struct ImportCounts {
    /// Rows sent.
    rows: i32,
    /// New ones.
    created: i32,
    /// Changed ones.
    updated: i32,
    /// Those that stood already.
    unchanged: i32,
    /// Those that were here, and are known by the source's id from now on.
    linked: i32,
    /// Those that were taken back.
    removed: i32,
    /// Repetitions, and what was taken back without being here.
    skipped: i32,
    /// Rows with an error.
    failed: i32,
}

/// What became of one row.
#[derive(Debug, SimpleObject)]
pub struct ImportedRow {
    /// The number of the row, counted from 1.
    line: i32,
    /// Its id at the source; null if the row has none.
    external_id: Option<String>,
    /// What became of it.
    action: ImportAction,
    /// What there is to say about it.
    issues: Vec<SyncIssue>,
}

/// What becomes of an absence or a meeting.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "sync::ImportAction")]
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

impl Import {
    fn of(done: ImportDone, dry_run: bool) -> Self {
        let of = |action: sync::ImportAction| count(done.rows.iter().filter(|row| row.action == action).count());
        let counts = ImportCounts {
            rows: count(done.rows.len()),
            created: of(sync::ImportAction::Created),
            updated: of(sync::ImportAction::Updated),
            unchanged: of(sync::ImportAction::Unchanged),
            linked: of(sync::ImportAction::Linked),
            removed: of(sync::ImportAction::Removed),
            skipped: of(sync::ImportAction::Skipped),
            failed: of(sync::ImportAction::Failed),
        };
        let issues = done.rows.iter().flat_map(|row| row.issues.iter().cloned());
        let issues = issues.map(Into::into).collect();
        let row = |row: sync::ImportedRow| ImportedRow {
            line: count(row.line),
            external_id: row.external_id,
            action: row.action.into(),
            issues: row.issues.into_iter().map(Into::into).collect(),
        };
        Self {
            status: done.status.into(),
            dry_run,
            replayed: done.replayed,
            counts,
            issues,
            rows: done.rows.into_iter().map(row).collect(),
        }
    }
}

impl SyncAbsencesInput {
    /// Whether nothing is to be written, and the rows.
    pub(super) fn read(self) -> (bool, Keyed<app::ImportInput<sync::AbsenceRow>>) {
        let row = |(line, row): (u64, AbsenceRowInput)| sync::AbsenceRow {
            line,
            external_id: row.external_id,
            told: match (row.cancelled, row.person, row.start_date) {
                (true, ..) => ToldAbsence::Cancelled,
                (false, Some(person), Some(start)) => ToldAbsence::Absent {
                    person: person.into(),
                    start: start.0,
                    end: row.end_date.map(|day| day.0),
                },
                (false, ..) => ToldAbsence::Unsaid,
            },
        };
        let rows = (1..).zip(self.rows).map(row).collect();
        let input = app::ImportInput {
            source: self.source,
            rows,
            on_error: self.on_error.into(),
            intent: intent(self.dry_run),
        };
        let key = self.idempotency_key;
        (self.dry_run, Keyed { key, input })
    }
}

impl ImportMeetingsInput {
    /// Whether nothing is to be written, and the rows.
    pub(super) fn read(self) -> (bool, Keyed<app::ImportInput<sync::MeetingRow>>) {
        let row = |(line, row): (u64, MeetingRowInput)| sync::MeetingRow {
            line,
            external_id: row.external_id,
            participants: row.participants.into_iter().map(Into::into).collect(),
            starts_at: row.starts_at.0,
            minutes: row.duration_minutes,
            told: row.status.into(),
        };
        let rows = (1..).zip(self.rows).map(row).collect();
        let input = app::ImportInput {
            source: self.source,
            rows,
            on_error: self.on_error.into(),
            intent: intent(self.dry_run),
        };
        let key = self.idempotency_key;
        (self.dry_run, Keyed { key, input })
    }
}

impl From<PersonReferenceInput> for PersonReference {
    fn from(reference: PersonReferenceInput) -> Self {
        match reference {
            PersonReferenceInput::ExternalId(id) => Self::ExternalId(id),
            PersonReferenceInput::Email(email) => Self::Email(email),
        }
    }
}

fn intent(dry_run: bool) -> SyncIntent {
    if dry_run { SyncIntent::Plan } else { SyncIntent::Apply }
}
