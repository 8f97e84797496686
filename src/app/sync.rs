//! Imports from an HR system: planned, applied, and looked at afterwards.
//!
//! Writes are serial, so that a run never finds another one of its source under way: it waits for its turn, or is told
//! that the server is busy.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    AppError, Keyed, Mistake, MistakeCode, Outcome, Session,
    act::Begun,
    session::{Current, Turn},
};
use crate::{
    auth::scope::{Grant, action},
    domain::{
        Date,
        audit::Action,
        sync::{
            Code, Field, Naming, Plan, PlannedRow, RosterPerson, Row, RowAction, Run, SyncStatus, export, is_source,
            plan,
        },
    },
    store::{Apply, NewSyncRun, PageRequest, Slice, SyncRowFilter, SyncRunRow, Wrote},
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

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncStep {
    /// It is planned; so many rows of the database follow.
    Planned {
        /// How many.
        rows: usize,
    },
    /// So many more of them are written.
    Wrote {
        /// How many.
        rows: usize,
    },
}

/// Told how far a run is, as it goes.
pub type Told<'a> = &'a (dyn Fn(SyncStep) + Send + Sync);

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

/// Whose people, and as of when.
#[derive(Clone, Debug)]
pub struct ExportQuery {
    /// The source.
    pub source: String,
    /// The day for which lines and employment are told; today if none.
    pub as_of: Option<Date>,
}

/// A person as a row that their source could send again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportedRow {
    /// The row.
    pub row: Row,
    /// Whether nothing but the id is told, because another source knows the person too.
    pub redacted: bool,
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
            let code = Code::TooManyRows;
            let message =
                format!("{code}: rows has more than {most} entries; send them in parts, or by the command line");
            return Err(AppError::Input(message));
        }
        let run = Run {
            as_of: as_of.unwrap_or(self.today()),
            ..run.clone()
        };
        if *intent == SyncIntent::Plan {
            let turn = self.turn().await?;
            let (run, _) = self.carry(&turn, run, *intent, &|_| {}).await?;
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
                let (run, _) = self.carry(&open.turn, run, *intent, &|_| {}).await?;
                self.finish(*open, Ok(SyncDone { run, replayed: false })).await
            }
        }
    }

    /// Plans a run and keeps what it would do, nothing else.
    pub async fn plan_sync(&self, run: Run, told: Told<'_>) -> Result<Plan, AppError> {
        self.sync(run, SyncIntent::Plan, told).await
    }

    /// The people of a source as rows that it could send again, as they are on a day; today if none.
    pub async fn export_people(&self, source: &str, as_of: Option<Date>) -> Result<Vec<Row>, AppError> {
        let current = self.current().await?;
        let grant = current.viewer.may_sync(source)?;
        let roster = current.snapshot.roster(&grant).await?;
        Ok(export(&roster, source, as_of.unwrap_or(self.today())))
    }

    /// One page of the people of a source as rows that it could send again. What another source may have said, an
    /// integration is not told.
    pub async fn exported_people(
        &self,
        query: &ExportQuery,
        page: &PageRequest,
    ) -> Result<Slice<ExportedRow>, AppError> {
        let Current { snapshot, viewer, .. } = &*self.current().await?;
        let grant = viewer.may_sync(&query.source)?;
        let (ids, roster) = snapshot.roster_page(&grant, &query.source, page).await?;
        let rows = export(&roster, &query.source, query.as_of.unwrap_or(self.today()));
        let rows: HashMap<String, Row> = rows.into_iter().map(|row| (row.external_id.clone(), row)).collect();
        let knows_all = viewer.sync_runs().is_everyone();
        let own = |person: &&RosterPerson| person.identities.iter().all(|id| id.source == query.source);
        let own = roster.people.iter().filter(own);
        let own: HashSet<&str> = own
            .flat_map(|person| &person.identities)
            .map(|id| id.external_id.as_str())
            .collect();
        Ok(ids.map(|id| {
            let told = rows.get(&id).filter(|_| knows_all || own.contains(id.as_str()));
            let redacted = told.is_none();
            let mut row = told.cloned().unwrap_or_else(|| Row {
                external_id: id,
                ..Row::default()
            });
            if !knows_all {
                row.manager_email = Field::Absent;
            }
            ExportedRow { row, redacted }
        }))
    }

    /// How many rows that is.
    pub async fn exported_people_count(&self, query: &ExportQuery) -> Result<u64, AppError> {
        let Current { snapshot, viewer, .. } = &*self.current().await?;
        let grant = viewer.may_sync(&query.source)?;
        Ok(snapshot.roster_count(&grant, &query.source).await?)
    }

    /// Plans a run on what the database holds now and writes it, whole or not at all. The plan's status says which.
    pub async fn apply_sync(&self, run: Run, told: Told<'_>) -> Result<Plan, AppError> {
        self.sync(run, SyncIntent::Apply, told).await
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

    async fn sync(&self, run: Run, intent: SyncIntent, told: Told<'_>) -> Result<Plan, AppError> {
        self.viewer().await?.may_sync(&run.source)?;
        let turn = self.turn().await?;
        let (_, plan) = self.carry(&turn, run, intent, told).await?;
        turn.write.commit().await?;
        Ok(plan)
    }

    /// Plans, applies if that is what is wanted and may be, and keeps the run. What is refused leaves the run alone.
    async fn carry(&self, turn: &Turn, run: Run, intent: SyncIntent, told: Told<'_>) -> Result<(Uuid, Plan), AppError> {
        let grant = turn.viewer.may_sync(&run.source)?;
        let naming = if turn.viewer.sync_runs().is_everyone() {
            Naming::Everybody
        } else {
            Naming::OwnSource
        };
        let limits = self.inner.app.options.thresholds.of(&run.source);
        let run = Run { limits, naming, ..run };
        let roster = turn.write.roster(&grant).await?;
        let mut plan = plan(&roster, &run);
        // What was read and sent is large, and all of it is in the plan by now.
        drop(roster);
        let run = Run {
            rows: Vec::new(),
            ..run
        };
        let applies = intent == SyncIntent::Apply && plan.status == SyncStatus::Planned;
        let rows = plan.rows.len() + if applies { plan.writes.rows() } else { 0 };
        told(SyncStep::Planned { rows });
        let wrote = |rows| told(SyncStep::Wrote { rows });
        if applies {
            self.carry_out(turn, &grant, (&run, &mut plan), &wrote).await?;
        }
        let kept = NewSyncRun {
            run: &run,
            plan: &plan,
            dry_run: intent == SyncIntent::Plan,
            now: self.now(),
            wrote: &wrote,
        };
        let uid = turn.write.keep_run(&grant, kept).await?;
        if applies {
            self.audit(turn, Action::SyncPeople, Some(uid), [("source", run.source)])
                .await?;
        }
        Ok((uid, plan))
    }

    /// Writes what a plan says that may be applied.
    pub(super) async fn carry_out(
        &self,
        turn: &Turn,
        grant: &Grant<action::Sync>,
        (run, plan): (&Run, &mut Plan),
        wrote: Wrote<'_>,
    ) -> Result<(), AppError> {
        let cause = turn.write.cause(grant, &run.source, &plan.rows, self.now()).await?;
        let apply = Apply {
            source: &run.source,
            writes: &plan.writes,
            cause: &cause,
            today: self.today(),
            wrote,
        };
        turn.write.apply(grant, apply).await?;
        // Accounts that were made just now say so already.
        let changed = plan
            .rows
            .iter()
            .filter(|row| !matches!(row.action, RowAction::Created | RowAction::Unchanged));
        let people: Vec<_> = changed.filter_map(|row| row.person).collect();
        turn.write.touch_accounts(grant, &people, self.now()).await?;
        plan.status = plan.applied_status();
        Ok(())
    }
}
