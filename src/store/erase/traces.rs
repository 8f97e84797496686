//! The words by which somebody is known, gathered from wherever they were written down.

use entity::{change_event, external_identity, sync_row};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::Value;

use super::records::parsed;
use crate::{
    domain::{erasure::Traces, person::PersonKey},
    store::{PersonRow, StoreError, Write},
};

impl Write {
    /// Every word by which somebody is known, or was: as they are kept now, and in what was written down of them.
    pub(super) async fn traces(&self, row: &PersonRow) -> Result<Traces, StoreError> {
        let mut traces = Traces::default();
        traces.add_name(&row.name);
        traces.add_name(row.email.as_deref().unwrap_or_default());
        let identities = external_identity::Entity::find().filter(external_identity::Column::PersonId.eq(row.key.0));
        for identity in identities.all(&self.tx).await? {
            traces.add_id(&identity.source, &identity.external_id);
            for name in [identity.user_name, identity.employee_number].into_iter().flatten() {
                traces.add_name(&name);
            }
        }
        self.trace_ids_of_others(row.key, &mut traces).await?;
        let sources = self.sources_of_runs().await?;
        let rows = sync_row::Entity::find().filter(sync_row::Column::PersonId.eq(row.key.0));
        for kept in rows.all(&self.tx).await? {
            let detail = parsed(&kept.detail)?;
            let source = sources.get(&kept.run).map(String::as_str);
            add_changes(&mut traces, source, &detail["changes"]);
            for field in ["externalId", "name"] {
                traces.add_field(source, field, detail[field].as_str().unwrap_or_default());
            }
        }
        let events = change_event::Entity::find().filter(change_event::Column::PersonId.eq(row.key.0));
        for event in events.all(&self.tx).await? {
            let detail = parsed(&event.detail)?;
            add_changes(&mut traces, event.source.as_deref(), &detail["changes"]);
        }
        Ok(traces)
    }

    /// The ids by which other systems know their leave and their meetings: answers to imports name them.
    async fn trace_ids_of_others(&self, person: PersonKey, traces: &mut Traces) -> Result<(), StoreError> {
        let sql = "SELECT source, external_id FROM absence WHERE person_id = $1 AND external_id IS NOT NULL \
                   UNION SELECT source, external_id FROM meeting \
                   WHERE (leader_id = $1 OR counterpart_id = $1) AND external_id IS NOT NULL";
        for row in self.tx.query_all_raw(self.sql(sql, [person.0.into()])).await? {
            let (source, id): (String, String) = (row.try_get("", "source")?, row.try_get("", "external_id")?);
            traces.add_id(&source, &id);
        }
        Ok(())
    }
}

fn add_changes(traces: &mut Traces, source: Option<&str>, changes: &Value) {
    for change in changes.as_array().into_iter().flatten() {
        for side in ["before", "after"] {
            let (field, value) = (change["field"].as_str(), change[side].as_str());
            traces.add_field(source, field.unwrap_or_default(), value.unwrap_or_default());
        }
    }
}
