//! What people say of being suggested.

use entity::participation;
use sea_orm::{ActiveValue::Set, EntityTrait, QueryFilter, sea_query::OnConflict};

use super::{Snapshot, StoreError, Write, within::owned_within};
use crate::{
    auth::scope::{Grant, Scope, action::TakePart, facet},
    domain::{Date, participation::Participation},
};

impl Snapshot {
    /// What the one person in reach has said, as it was said.
    pub async fn participation(&self, scope: &Scope<facet::Participation>) -> Result<Participation, StoreError> {
        let own = participation::Entity::find().filter(owned_within(scope, participation::Column::PersonId));
        let row = own.one(&self.tx).await?;
        Ok(row.map_or_else(Participation::default, |row| Participation {
            opted_out: row.opted_out,
            snoozed_until: row.snoozed_until,
            silent_since: Some(row.silent_since),
        }))
    }
}

impl Write {
    /// Writes down what the viewer says of themselves on `today`.
    pub async fn set_participation(
        &self,
        grant: &Grant<TakePart>,
        said: &Participation,
        today: Date,
    ) -> Result<(), StoreError> {
        use participation::Column;
        let Some(me) = grant.person() else { return Ok(()) };
        let row = participation::ActiveModel {
            person_id: Set(me.0),
            opted_out: Set(said.opted_out),
            snoozed_until: Set(said.snoozed_until),
            silent_since: Set(said.silent_since.unwrap_or(today)),
        };
        let again = OnConflict::column(Column::PersonId)
            .update_columns([Column::OptedOut, Column::SnoozedUntil, Column::SilentSince])
            .to_owned();
        participation::Entity::insert(row)
            .on_conflict(again)
            .exec_without_returning(&self.tx)
            .await?;
        Ok(())
    }
}
