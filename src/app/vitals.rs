//! How the program is doing, for whoever runs it.

use chrono::{DateTime, Utc};

use super::{App, AppError};
use crate::store::{Pool, Vitals};

impl App {
    /// What the database has to say of the program's own work at `now`.
    pub async fn vitals(&self, now: DateTime<Utc>) -> Result<Vitals, AppError> {
        let current = self.operator("metrics", now).await?.current().await?;
        let grant = current.viewer.may_keep_up()?;
        Ok(current.snapshot.vitals(&grant).await?)
    }

    /// The pools of connections, as they are at the moment.
    pub fn pools(&self) -> [Pool; 2] {
        self.store.pools()
    }

    /// Which database it is.
    pub fn database_kind(&self) -> &'static str {
        self.store.kind()
    }
}
