//! When people work, where they say it themselves.

use entity::working_hours::{ActiveModel, Column, Entity};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, sea_query::OnConflict};

use super::{Snapshot, StoreError, Write, within::owned_within};
use crate::{
    auth::scope::{Grant, Scope, action::KeepHours, facet::FreeTimes},
    domain::{calendar::hours::OwnHours, person::PersonKey},
};

impl Snapshot {
    /// What `person` says of their hours, if they are in reach; nothing of whoever is not.
    pub async fn own_hours(&self, scope: &Scope<FreeTimes>, person: PersonKey) -> Result<OwnHours, StoreError> {
        let select = Entity::find_by_id(person.0).filter(owned_within(scope, Column::PersonId));
        let Some(row) = select.one(&self.tx).await? else {
            return Ok(OwnHours::default());
        };
        let days = row.days.map(|days| serde_json::from_str(&days));
        Ok(OwnHours {
            start: row.start_time,
            end: row.end_time,
            days: days.transpose().map_err(|cause| StoreError::Row(cause.to_string()))?,
        })
    }
}

impl Write {
    /// Writes down what the viewer says of their hours, in place of what they said before.
    pub async fn set_hours(&self, grant: &Grant<KeepHours>, said: &OwnHours) -> Result<(), StoreError> {
        let Some(me) = grant.person() else { return Ok(()) };
        if !said.say_anything() {
            Entity::delete_many()
                .filter(Column::PersonId.eq(me.0))
                .exec(&self.tx)
                .await?;
            return Ok(());
        }
        let days = said.days.as_ref().map(serde_json::to_string);
        let row = ActiveModel {
            person_id: Set(me.0),
            start_time: Set(said.start.clone()),
            end_time: Set(said.end.clone()),
            days: Set(days.transpose().map_err(|cause| StoreError::Row(cause.to_string()))?),
        };
        let again = OnConflict::column(Column::PersonId)
            .update_columns([Column::StartTime, Column::EndTime, Column::Days])
            .to_owned();
        Entity::insert(row)
            .on_conflict(again)
            .exec_without_returning(&self.tx)
            .await?;
        Ok(())
    }
}
