//! Imports that were planned or applied, with what became of each row. Kept for good: who changed what is answered from
//! them, and a retention would belong here.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::{sync_row, sync_run};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait,
    QueryFilter, QuerySelect, sea_query::Expr,
};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use super::{
    Cause, PageRequest, Slice, Snapshot, StoreError, Write,
    chart::BULK,
    code::{value, word},
    order::{Key, KeyKind},
    sync::Wrote,
    to_millis,
};
use crate::{
    auth::scope::{Grant, Reach, Scope, action::Sync, facet::SyncRuns},
    domain::{
        Date,
        change::{Change, ChangeType},
        person::PersonKey,
        sync::{
            Mode, Naming, Plan, PlannedRow, RowAction, Run, Severity, SyncBlock, SyncCounts, SyncIssue, SyncStatus,
        },
    },
};

/// One import, without its rows.
#[derive(Clone, Debug)]
pub struct SyncRunRow {
    /// Counts the runs.
    pub number: i64,
    /// Public id.
    pub uid: Uuid,
    /// The source it speaks for.
    pub source: String,
    /// Whether its rows were all there is.
    pub mode: Mode,
    /// How far it came.
    pub status: SyncStatus,
    /// Whether it was planned only.
    pub dry_run: bool,
    /// The day for which it speaks.
    pub as_of: Date,
    /// Hash of the plan.
    pub plan_hash: String,
    /// How many of what.
    pub counts: SyncCounts,
    /// Why it is BLOCKED.
    pub blocked: Vec<SyncBlock>,
    /// Every finding.
    pub issues: Vec<SyncIssue>,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// By which principal.
    pub made_by: String,
}

/// A run to keep.
#[derive(Clone, Copy)]
pub struct NewSyncRun<'a> {
    /// What was asked.
    pub run: &'a Run,
    /// What came of it.
    pub plan: &'a Plan,
    /// Whether it was planned only.
    pub dry_run: bool,
    /// When.
    pub now: DateTime<Utc>,
    /// Told how many rows are kept.
    pub wrote: Wrote<'a>,
}

/// Which rows of which run; all conditions hold together.
#[derive(Clone, Debug)]
pub struct SyncRowFilter {
    /// Number of the run.
    pub run: i64,
    /// With one of these actions.
    pub actions: Option<Vec<RowAction>>,
    /// Whose gravest finding is this.
    pub severity: Option<Severity>,
}

impl Snapshot {
    /// One page of the runs in reach, of one source if it is given, newest first.
    pub async fn sync_runs(
        &self,
        scope: &Scope<SyncRuns>,
        source: Option<&str>,
        page: &PageRequest,
    ) -> Result<Slice<SyncRunRow>, StoreError> {
        let select = sync_run::Entity::find().filter(runs(scope, source));
        let number = Expr::col((sync_run::Entity, sync_run::Column::Number));
        let slice = self
            .page(select, vec![Key::descending_by(number, KeyKind::Number)], page)
            .await?;
        slice.try_map(read)
    }

    /// How many runs are in reach.
    pub async fn sync_runs_count(&self, scope: &Scope<SyncRuns>, source: Option<&str>) -> Result<u64, StoreError> {
        let select = sync_run::Entity::find().filter(runs(scope, source));
        Ok(select.count(&self.tx).await?)
    }

    /// The runs with these public ids, as far as they are in reach; in no order.
    pub async fn sync_runs_by_id(
        &self,
        scope: &Scope<SyncRuns>,
        uids: Vec<Uuid>,
    ) -> Result<Vec<SyncRunRow>, StoreError> {
        let select = sync_run::Entity::find().filter(runs(scope, None));
        let rows = select.filter(sync_run::Column::Uid.is_in(uids)).all(&self.tx).await?;
        rows.into_iter().map(read).collect()
    }

    /// The runs with these numbers, as far as they are in reach; in no order.
    pub async fn sync_runs_by_number(
        &self,
        scope: &Scope<SyncRuns>,
        numbers: Vec<i64>,
    ) -> Result<Vec<SyncRunRow>, StoreError> {
        let select = sync_run::Entity::find().filter(runs(scope, None));
        let rows = select.filter(sync_run::Column::Number.is_in(numbers));
        rows.all(&self.tx).await?.into_iter().map(read).collect()
    }

    /// One page of the rows of a run in reach, in the order of their lines.
    pub async fn sync_rows(
        &self,
        scope: &Scope<SyncRuns>,
        filter: &SyncRowFilter,
        page: &PageRequest,
    ) -> Result<Slice<PlannedRow>, StoreError> {
        let select = sync_row::Entity::find().filter(rows(scope, filter));
        let number = Expr::col((sync_row::Entity, sync_row::Column::Number));
        let slice = self
            .page(select, vec![Key::ascending(number, KeyKind::Number)], page)
            .await?;
        let planned = |row: sync_row::Model| -> Result<PlannedRow, StoreError> {
            Ok(PlannedRow {
                person: row.person_id.map(PersonKey),
                ..from_json(&row.detail)?
            })
        };
        slice.try_map(planned)
    }

    /// How many rows that is.
    pub async fn sync_rows_count(&self, scope: &Scope<SyncRuns>, filter: &SyncRowFilter) -> Result<u64, StoreError> {
        let select = sync_row::Entity::find().filter(rows(scope, filter));
        Ok(select.count(&self.tx).await?)
    }

    /// The day of each source's newest full snapshot that was applied.
    pub(super) async fn snapshots(&self) -> Result<BTreeMap<String, Date>, StoreError> {
        let applied = [SyncStatus::Applied, SyncStatus::AppliedWithErrors];
        let newest = sync_run::Entity::find()
            .select_only()
            .column(sync_run::Column::Source)
            .column_as(sync_run::Column::AsOf.max(), "newest")
            .filter(sync_run::Column::Mode.eq(word(&Mode::Full)))
            .filter(sync_run::Column::Status.is_in(applied.iter().map(word)))
            .group_by(sync_run::Column::Source);
        let rows: Vec<(String, Date)> = newest.into_tuple().all(&self.tx).await?;
        Ok(rows.into_iter().collect())
    }
}

impl Write {
    /// Keeps a run with its rows, and tells of it; returns its public id.
    pub async fn keep_run(&self, grant: &Grant<Sync>, new: NewSyncRun<'_>) -> Result<Uuid, StoreError> {
        let NewSyncRun {
            run,
            plan,
            dry_run,
            now,
            wrote,
        } = new;
        let (number, uid) = (self.next_run().await?, Self::new_id());
        let kept = sync_run::ActiveModel {
            number: Set(number),
            uid: Set(uid),
            source: Set(run.source.clone()),
            mode: Set(word(&run.mode)),
            status: Set(word(&plan.status)),
            dry_run: Set(dry_run),
            admins_only: Set(run.naming == Naming::Everybody),
            as_of: Set(run.as_of),
            plan_hash: Set(plan.plan_hash.clone()),
            counts: Set(json(&plan.counts)?),
            blocked: Set(json(&plan.blocked)?),
            issues: Set(json(&plan.issues)?),
            made_at: Set(to_millis(now)),
            made_by: Set(grant.principal().to_owned()),
        };
        kept.insert(&self.tx).await?;
        let is_applied = matches!(plan.status, SyncStatus::Applied | SyncStatus::AppliedWithErrors);
        let numbered: Vec<_> = plan.rows.iter().zip(1_i64..).collect();
        for rows in numbered.chunks(BULK) {
            let rows = rows.iter().map(|(row, at)| {
                let severity = row.issues.iter().map(|issue| issue.severity).min();
                let is_there = is_applied || row.action != RowAction::Created;
                Ok(sync_row::ActiveModel {
                    run: Set(number),
                    number: Set(*at),
                    action: Set(word(&row.action)),
                    severity: Set(severity.as_ref().map(word)),
                    person_id: Set(row.person.filter(|_| is_there).map(|key| key.0)),
                    detail: Set(json(row)?),
                })
            });
            let rows = rows.collect::<Result<Vec<_>, StoreError>>()?;
            let count = rows.len();
            sync_row::Entity::insert_many(rows)
                .exec_without_returning(&self.tx)
                .await?;
            wrote(count);
        }
        let wrote = is_applied && !plan.writes.is_empty();
        let told = match plan.status {
            _ if dry_run => None,
            SyncStatus::Blocked => Some(ChangeType::SyncBlocked),
            _ => wrote.then_some(ChangeType::SyncApplied),
        };
        let cause = Cause::of_run(&run.source, number, now);
        self.tell(&cause, told.map(Change::of).into_iter().collect()).await?;
        Ok(uid)
    }

    /// The number of the next run. There is one writer, so nobody else takes it meanwhile.
    pub(super) async fn next_run(&self) -> Result<i64, StoreError> {
        let row = self
            .tx
            .query_one_raw(self.sql("SELECT COALESCE(MAX(number), 0) AS newest FROM sync_run", []))
            .await?;
        let newest: i64 = row.map_or(Ok(0), |row| row.try_get("", "newest"))?;
        Ok(newest + 1)
    }
}

fn runs(scope: &Scope<SyncRuns>, source: Option<&str>) -> Condition {
    let reach = |reach: &Reach| match reach {
        Reach::Everyone => Some(Condition::all()),
        Reach::Source(source) => Some(
            Condition::all()
                .add(sync_run::Column::Source.eq(source.as_str()))
                .add(sync_run::Column::AdminsOnly.eq(false)),
        ),
        _ => None,
    };
    // A union of nothing would be everything.
    let nothing = Condition::all().add(sync_run::Column::Number.is_null());
    let union = scope
        .reaches()
        .iter()
        .filter_map(reach)
        .fold(Condition::any().add(nothing), Condition::add);
    Condition::all()
        .add(union)
        .add_option(source.map(|source| sync_run::Column::Source.eq(source)))
}

fn rows(scope: &Scope<SyncRuns>, filter: &SyncRowFilter) -> Condition {
    let in_reach = sync_run::Entity::find()
        .select_only()
        .column(sync_run::Column::Number)
        .filter(runs(scope, None));
    let actions = filter.actions.as_ref();
    Condition::all()
        .add(sync_row::Column::Run.eq(filter.run))
        .add(sync_row::Column::Run.in_subquery(sea_orm::QueryTrait::into_query(in_reach)))
        .add_option(actions.map(|actions| sync_row::Column::Action.is_in(actions.iter().map(word))))
        .add_option(
            filter
                .severity
                .map(|severity| sync_row::Column::Severity.eq(word(&severity))),
        )
}

fn read(row: sync_run::Model) -> Result<SyncRunRow, StoreError> {
    Ok(SyncRunRow {
        number: row.number,
        uid: row.uid,
        mode: value(&row.mode)?,
        status: value(&row.status)?,
        dry_run: row.dry_run,
        as_of: row.as_of,
        plan_hash: row.plan_hash,
        counts: from_json(&row.counts)?,
        blocked: from_json(&row.blocked)?,
        issues: from_json(&row.issues)?,
        made_at: row.made_at,
        made_by: row.made_by,
        source: row.source,
    })
}

fn json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|cause| StoreError::Row(cause.to_string()))
}

fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|cause| StoreError::Row(cause.to_string()))
}
