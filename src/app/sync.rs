//! Imports from an HR system: planned, applied, and looked at afterwards.
//!
//! Writes are serial, so that a run never finds another one of its source under way: it waits for its turn, or is told
//! that the server is busy.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    AppError, Keyed, Mistake, MistakeCode, Outcome, Session,
    act::Begun,
    session::{Current, Turn},
};
use crate::{
    domain::{
        Date,
        sync::{Naming, Plan, PlannedRow, Row, Run, SyncStatus, export, is_source, plan},
    },
    store::{NewSyncRun, PageRequest, Slice, SyncRowFilter, SyncRunRow},
};

/// A run that a client asks for.
#[derive(Clone, Debug, Serialize)]
pub struct SyncPeopleInput {
    /// The rows and their rules. Its day and whom it may name are decided here.
    pub run: Run,
    /// The day for which it speaks; today if none.
    pub as_of: Option<Date>,
    /// Plan or apply.
    pub intent: SyncIntent,
}

/// How far a run is to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum SyncIntent {
    /// Keep what it would do, and do nothing.
    Plan,
    /// Do it, whole or not at all.
    Apply,
}

/// A run that was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncDone {
    /// Its public id.
    pub run: Uuid,
    /// Whether it was made by an earlier call with the same key.
    #[serde(skip)]
    pub replayed: bool,
}

/// Which runs.
#[derive(Clone, Debug, Default)]
pub struct SyncRunQuery {
    /// Of this source.
    pub source: Option<String>,
}

impl Session {
    /// Plans or applies a run for a client; an applied one needs a key, because a retry must not be another run.
    pub async fn sync_people(&self, keyed: &Keyed<SyncPeopleInput>) -> Result<Outcome<SyncDone>, AppError> {
        let SyncPeopleInput { run, as_of, intent } = &keyed.input;
        self.viewer().await?.may_sync(&run.source)?;
        if !is_source(&run.source) {
            let message = "source should be 1 to 64 letters, digits, dots, hyphens or underscores";
            return Err(AppError::Input(message.to_owned()));
        }
        let most = self.inner.app.options.sync_rows_max;
        if run.rows.len() > most {
            let message = format!("rows has more than {most} entries; send them in parts, or by the command line");
            return Err(AppError::Input(message));
        }
        let run = Run {
            as_of: as_of.unwrap_or(self.today()),
            ..run.clone()
        };
        if *intent == SyncIntent::Plan {
            let turn = self.turn().await?;
            let (run, _) = self.carry(&turn, run, *intent).await?;
            turn.write.commit().await?;
            return Ok(Ok(SyncDone { run, replayed: false }));
        }
        if keyed.key.is_none() {
            let message = "a run that is applied needs a key, by which a repeated call is known";
            let mistake = Mistake::at("idempotencyKey", MistakeCode::Required, message);
            return Ok(Err(vec![mistake]));
        }
        match self.begin::<_, SyncDone>("syncPeople", keyed).await? {
            Begun::Replayed(answer) => Ok(answer.map(|done| SyncDone { replayed: true, ..done })),
            Begun::Turn(open) => {
                let (run, _) = self.carry(&open.turn, run, *intent).await?;
                self.finish(*open, Ok(SyncDone { run, replayed: false })).await
            }
        }
    }

    /// Plans a run and keeps what it would do, nothing else.
    pub async fn plan_sync(&self, run: &Run) -> Result<Plan, AppError> {
        self.sync(run, SyncIntent::Plan).await
    }

    /// The people of a source as rows that it could send again, as they are on a day; today if none.
    pub async fn export_people(&self, source: &str, as_of: Option<Date>) -> Result<Vec<Row>, AppError> {
        let current = self.current().await?;
        let grant = current.viewer.may_sync(source)?;
        let roster = current.snapshot.roster(&grant).await?;
        Ok(export(&roster, source, as_of.unwrap_or(self.today())))
    }

    /// Plans a run on what the database holds now and writes it, whole or not at all. The plan's status says which.
    pub async fn apply_sync(&self, run: &Run) -> Result<Plan, AppError> {
        self.sync(run, SyncIntent::Apply).await
    }

    /// The runs with these public ids, as far as they are in reach.
    pub async fn sync_runs_by_id(&self, uids: Vec<Uuid>) -> Result<HashMap<Uuid, SyncRunRow>, AppError> {
        let current = self.current().await?;
        let rows = current
            .snapshot
            .sync_runs_by_id(&current.viewer.sync_runs(), uids)
            .await?;
        Ok(rows.into_iter().map(|row| (row.uid, row)).collect())
    }

    /// One page of the runs in reach, newest first.
    pub async fn sync_runs(&self, query: &SyncRunQuery, page: &PageRequest) -> Result<Slice<SyncRunRow>, AppError> {
        let Current { snapshot, viewer, .. } = &*self.current().await?;
        let source = query.source.as_deref();
        Ok(snapshot.sync_runs(&viewer.sync_runs(), source, page).await?)
    }

    /// How many runs are in reach.
    pub async fn sync_runs_count(&self, query: &SyncRunQuery) -> Result<u64, AppError> {
        let Current { snapshot, viewer, .. } = &*self.current().await?;
        let source = query.source.as_deref();
        Ok(snapshot.sync_runs_count(&viewer.sync_runs(), source).await?)
    }

    /// One page of the rows of a run in reach, in the order of their lines.
    pub async fn sync_rows(&self, query: &SyncRowFilter, page: &PageRequest) -> Result<Slice<PlannedRow>, AppError> {
        let Current { snapshot, viewer, .. } = &*self.current().await?;
        Ok(snapshot.sync_rows(&viewer.sync_runs(), query, page).await?)
    }

    /// How many rows that is.
    pub async fn sync_rows_count(&self, query: &SyncRowFilter) -> Result<u64, AppError> {
        let Current { snapshot, viewer, .. } = &*self.current().await?;
        Ok(snapshot.sync_rows_count(&viewer.sync_runs(), query).await?)
    }

    async fn sync(&self, run: &Run, intent: SyncIntent) -> Result<Plan, AppError> {
        self.viewer().await?.may_sync(&run.source)?;
        let turn = self.turn().await?;
        let (_, plan) = self.carry(&turn, run.clone(), intent).await?;
        turn.write.commit().await?;
        Ok(plan)
    }

    /// Plans, applies if that is what is wanted and may be, and keeps the run. What is refused leaves the run alone.
    async fn carry(&self, turn: &Turn, run: Run, intent: SyncIntent) -> Result<(Uuid, Plan), AppError> {
        let grant = turn.viewer.may_sync(&run.source)?;
        let naming = if turn.viewer.sync_runs().is_everyone() {
            Naming::Everybody
        } else {
            Naming::OwnSource
        };
        let run = Run { naming, ..run };
        let roster = turn.write.roster(&grant).await?;
        let mut plan = plan(&roster, &run);
        if intent == SyncIntent::Apply && plan.status == SyncStatus::Planned {
            let cause = turn.write.cause(&grant, &run.source, &plan.rows, self.now()).await?;
            turn.write.apply(&grant, &plan.writes, &cause, self.today()).await?;
            plan.status = plan.applied_status();
        }
        let kept = NewSyncRun {
            run: &run,
            plan: &plan,
            dry_run: intent == SyncIntent::Plan,
            now: self.now(),
        };
        let uid = turn.write.keep_run(&grant, kept).await?;
        Ok((uid, plan))
    }
}
