//! Imports from an HR system.

use super::{AppError, Session};
use crate::domain::{
    Date,
    sync::{Plan, Row, Run, SyncStatus, export, plan},
};

impl Session {
    /// Plans a run and writes nothing.
    pub async fn plan_sync(&self, run: &Run) -> Result<Plan, AppError> {
        let current = self.current().await?;
        let grant = current.viewer.may_sync(&run.source)?;
        let roster = current.snapshot.roster(&grant).await?;
        Ok(plan(&roster, run))
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
        self.viewer().await?.may_sync(&run.source)?;
        let turn = self.turn().await?;
        let grant = turn.viewer.may_sync(&run.source)?;
        let roster = turn.write.roster(&grant).await?;
        let mut plan = plan(&roster, run);
        if plan.status != SyncStatus::Planned {
            turn.write.rollback().await?;
            return Ok(plan);
        }
        turn.write.apply(&grant, &plan.writes, self.now(), self.today()).await?;
        turn.write.commit().await?;
        plan.status = plan.applied_status();
        Ok(plan)
    }
}
