//! Imports from an HR system: what is sent, and what became of it. All of a run's findings are data, never errors.

mod export;
mod input;

pub use export::ExportedPersonConnection;
pub use input::SyncPeopleInput;

use async_graphql::{Context, Description, ID, Object, SimpleObject};

use super::{
    error::Fault,
    id::NodeKind,
    page::{PageArgs, connection, seal},
    payload::{UserError, user_errors},
    person::{Person, person_in_reach},
    scalar::{Date, DateTime},
    session,
    words::{RowAction, Severity, SyncMode, SyncStatus},
};
use crate::{
    app::{Outcome, SyncDone, SyncRowFilter, SyncRunQuery, SyncRunRow},
    domain::sync::{self, PlannedRow},
};

/// Rows of one page of a run, where neither `first` nor `last` says otherwise.
const ROWS: i32 = 100;

/// What a run led to.
#[derive(Debug, SimpleObject)]
pub struct SyncPayload {
    /// The run, whatever became of it; null if there was a mistake.
    run: Option<SyncRun>,
    /// What is to be mended before there can be a run; empty if there is one.
    user_errors: Vec<UserError>,
}

impl SyncPayload {
    pub(super) async fn of(ctx: &Context<'_>, outcome: Outcome<SyncDone>) -> Result<Self, Fault> {
        Ok(match outcome {
            Ok(done) => {
                let row = session(ctx)?.sync_runs_by_id(vec![done.run]).await?.remove(&done.run);
                let replayed = done.replayed;
                Self {
                    run: row.map(|row| SyncRun { row, replayed }),
                    user_errors: vec![],
                }
            }
            Err(mistakes) => Self {
                run: None,
                user_errors: user_errors(mistakes),
            },
        })
    }
}

/// One import. For HR admins; an integration sees those of its own.
#[derive(Clone, Debug, Description)]
pub struct SyncRun {
    row: SyncRunRow,
    replayed: bool,
}

impl From<SyncRunRow> for SyncRun {
    fn from(row: SyncRunRow) -> Self {
        Self { row, replayed: false }
    }
}

#[Object(use_type_description)]
impl SyncRun {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        NodeKind::SyncRun.id(self.row.uid)
    }

    /// The system the rows came from.
    async fn source(&self) -> &str {
        &self.row.source
    }

    /// Whether the rows were all that the source has.
    async fn mode(&self) -> SyncMode {
        self.row.mode.into()
    }

    /// How far it came.
    async fn status(&self) -> SyncStatus {
        self.row.status.into()
    }

    /// Whether it was only to say what it would do.
    async fn dry_run(&self) -> bool {
        self.row.dry_run
    }

    /// Whether this answer repeats that of an earlier call with the same idempotency key.
    async fn replayed(&self) -> bool {
        self.replayed
    }

    /// The day for which it speaks.
    async fn as_of(&self) -> Date {
        Date(self.row.as_of)
    }

    /// When it was made.
    async fn made_at(&self) -> DateTime {
        DateTime(self.row.made_at)
    }

    /// By whom: `token:` and the subject of a token, or `operator:` and a command.
    async fn made_by(&self) -> &str {
        &self.row.made_by
    }

    /// Equal exactly if the plan does the same to people who are stored the same.
    async fn plan_hash(&self) -> &str {
        &self.row.plan_hash
    }

    /// How many of what.
    async fn counts(&self) -> SyncCounts {
        self.row.counts.into()
    }

    /// Why it is BLOCKED; empty otherwise.
    async fn blocked(&self) -> Vec<SyncBlock> {
        self.row.blocked.iter().cloned().map(Into::into).collect()
    }

    /// Every finding: those about the run first, then by line.
    async fn issues(&self) -> Vec<SyncIssue> {
        self.row.issues.iter().cloned().map(Into::into).collect()
    }

    /// What became of each row, by line; then of people whom a full snapshot did not name.
    async fn rows(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "With one of these actions.")] actions: Option<Vec<RowAction>>,
        #[graphql(desc = "Whose gravest finding is this.")] severity: Option<Severity>,
        #[graphql(default_with = "Some(ROWS)", desc = "How many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Go on after this cursor of the same list.")] after: Option<String>,
    ) -> Result<SyncRowConnection, Fault> {
        let session = session(ctx)?;
        let query = SyncRowFilter {
            run: self.row.number,
            actions: actions.map(|actions| actions.into_iter().map(Into::into).collect()),
            severity: severity.map(Into::into),
        };
        let shape = format!("syncRows {query:?}");
        let page = PageArgs::forward(first, after).read(session, &shape)?;
        let slice = session.sync_rows(&query, &page).await?;
        Ok(SyncRowConnection::new(
            seal(session, &shape, slice),
            Some(query),
            SyncRow,
        ))
    }
}

/// What became of one row.
#[derive(Clone, Debug, Description)]
pub struct SyncRow(PlannedRow);

#[Object(use_type_description)]
impl SyncRow {
    /// The number of the row, or in a file its line; 0 for somebody whom a full snapshot did not name.
    async fn line(&self) -> i32 {
        count(self.0.line)
    }

    /// The person's id at the source; null if the row has none.
    async fn external_id(&self) -> Option<&str> {
        self.0.external_id.as_deref()
    }

    /// The person, if in reach; null too for somebody who was not created after all.
    async fn person(&self, ctx: &Context<'_>) -> Result<Option<Person>, Fault> {
        match self.0.person {
            Some(key) => person_in_reach(ctx, key).await,
            None => Ok(None),
        }
    }

    /// What became of it.
    async fn action(&self) -> RowAction {
        self.0.action.into()
    }

    /// What changed.
    async fn changes(&self) -> Vec<FieldChange> {
        self.0.changes.iter().cloned().map(Into::into).collect()
    }

    /// What there is to say about it.
    async fn issues(&self) -> Vec<SyncIssue> {
        self.0.issues.iter().cloned().map(Into::into).collect()
    }
}

/// One field of a person that became another value.
#[derive(Clone, Debug, SimpleObject)]
pub struct FieldChange {
    /// Its name in `HrisRowInput`.
    field: String,
    /// What was stored; null for nothing, and to an integration for what another source may have said.
    before: Option<String>,
    /// What is stored now; null for nothing.
    after: Option<String>,
    /// From when on, for a manager or a status.
    effective_date: Option<Date>,
}

impl From<sync::FieldChange> for FieldChange {
    fn from(change: sync::FieldChange) -> Self {
        Self {
            field: change.field.into_owned(),
            before: change.before,
            after: change.after,
            effective_date: change.effective_date.map(Date),
        }
    }
}

/// A finding about a row or about the run.
#[derive(Clone, Debug, SimpleObject)]
pub struct SyncIssue {
    /// How much it weighs.
    severity: Severity,
    /// What it is about: a stable word, such as `MANAGER_CYCLE`.
    code: String,
    /// The same for people.
    message: String,
    /// The field concerned, by its name in `HrisRowInput`.
    field: Option<String>,
    /// The value concerned, as it was sent.
    value: Option<String>,
    /// The row; null for the whole run.
    line: Option<i32>,
    /// Other rows that have to do with it.
    related_lines: Vec<i32>,
}

impl From<sync::SyncIssue> for SyncIssue {
    fn from(issue: sync::SyncIssue) -> Self {
        Self {
            severity: issue.severity.into(),
            code: issue.code.as_str().to_owned(),
            message: issue.message,
            field: issue.field.map(Into::into),
            value: issue.value,
            line: issue.line.map(count),
            related_lines: issue.related_lines.into_iter().map(count).collect(),
        }
    }
}

/// Why a run is blocked: somebody has to look first.
#[derive(Clone, Debug, SimpleObject)]
pub struct SyncBlock {
    /// `TERMINATION_THRESHOLD`, `MANAGER_CLEAR_THRESHOLD`, `OVERRIDE_MISMATCH`, `STALE_SNAPSHOT` or `PLAN_CHANGED`.
    code: String,
    /// The same for people.
    message: String,
    /// How many people it concerns.
    count: Option<i32>,
    /// How many would have been let through.
    limit: Option<i32>,
    /// Names of the first 20 of them.
    names: Vec<String>,
}

impl From<sync::SyncBlock> for SyncBlock {
    fn from(block: sync::SyncBlock) -> Self {
        Self {
            code: block.code.as_str().to_owned(),
            message: block.message,
            count: block.count.map(count),
            limit: block.limit.map(count),
            names: block.names,
        }
    }
}

/// How many rows, of each action, and how many changes of manager.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct SyncCounts {
    /// Rows sent. Those who leave because a full snapshot does not name them are beside these.
    rows: i32,
    /// New people.
    created: i32,
    /// Changed people.
    updated: i32,
    /// People for whom everything stood already.
    unchanged: i32,
    /// People who leave.
    terminated: i32,
    /// People who come back.
    rehired: i32,
    /// People of other sources who are of this one too.
    linked: i32,
    /// Unfilled posts and repetitions.
    skipped: i32,
    /// Rows with an error.
    failed: i32,
    /// Known people whose manager becomes another one.
    manager_changes: i32,
    /// Known people who lose their manager.
    manager_clears: i32,
    /// Findings that are warnings.
    warnings: i32,
}

impl From<sync::SyncCounts> for SyncCounts {
    fn from(counts: sync::SyncCounts) -> Self {
        Self {
            rows: count(counts.rows),
            created: count(counts.created),
            updated: count(counts.updated),
            unchanged: count(counts.unchanged),
            terminated: count(counts.terminated),
            rehired: count(counts.rehired),
            linked: count(counts.linked),
            skipped: count(counts.skipped),
            failed: count(counts.failed),
            manager_changes: count(counts.manager_changes),
            manager_clears: count(counts.manager_clears),
            warnings: count(counts.warnings),
        }
    }
}

connection!(
    SyncRowConnection,
    SyncRowEdge,
    SyncRow,
    SyncRowFilter,
    sync_rows_count,
    "A page of the rows of an import."
);

connection!(
    SyncRunConnection,
    SyncRunEdge,
    SyncRun,
    SyncRunQuery,
    sync_runs_count,
    "A page of imports."
);

impl SyncRunConnection {
    pub(super) async fn of(ctx: &Context<'_>, query: SyncRunQuery, page: PageArgs) -> Result<Self, Fault> {
        let session = session(ctx)?;
        let shape = format!("syncRuns {query:?}");
        let slice = session.sync_runs(&query, &page.read(session, &shape)?).await?;
        Ok(Self::new(seal(session, &shape, slice), Some(query), SyncRun::from))
    }
}

/// The run with this global id, if it is in reach.
pub(super) async fn sync_run(ctx: &Context<'_>, id: &ID) -> Result<Option<SyncRun>, Fault> {
    let uid = NodeKind::SyncRun.read(id).unwrap_or_default();
    Ok(session(ctx)?
        .sync_runs_by_id(vec![uid])
        .await?
        .remove(&uid)
        .map(Into::into))
}

/// A number as the schema has them; no import comes near the end of them.
pub(super) fn count(number: impl TryInto<i32>) -> i32 {
    number.try_into().unwrap_or(i32::MAX)
}
