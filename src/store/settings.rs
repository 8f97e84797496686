//! The settings in force.

use entity::settings;
use sea_orm::{EntityTrait, QueryOrder};

use super::{Snapshot, StoreError};
use crate::domain::settings::Settings;

impl Snapshot {
    /// The settings in force and their version; the defaults are version 0.
    pub async fn settings(&self) -> Result<(i64, Settings), StoreError> {
        let row = settings::Entity::find()
            .order_by_desc(settings::Column::Version)
            .one(&self.tx)
            .await?;
        let Some(row) = row else {
            return Ok((0, Settings::default()));
        };
        let settings = serde_json::from_str(&row.value).map_err(|cause| StoreError::Row(cause.to_string()))?;
        Ok((row.version, settings))
    }
}
