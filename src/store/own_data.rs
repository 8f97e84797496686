//! What is kept of the viewer and shown by no other read: by which ids and names sources know them, their leave, and what
//! was done to them.

use chrono::{DateTime, Utc};
use entity::{absence, audit_entry, external_identity, person};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use super::{
    Snapshot, StoreError,
    code::value,
    within::{owned_within, within},
};
use crate::{
    auth::scope::{Scope, facet::OwnData},
    domain::{
        Date,
        audit::{Action, Details},
    },
};

/// By what a source knows somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityRow {
    /// The source.
    pub source: String,
    /// Their id there.
    pub external_id: String,
    /// Their user name there.
    pub user_name: Option<String>,
    /// Their given name.
    pub given_name: Option<String>,
    /// Their family name.
    pub family_name: Option<String>,
    /// Their number there.
    pub employee_number: Option<String>,
}

/// Leave of somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnAbsence {
    /// The first absent day.
    pub start: Date,
    /// The last one; none until further notice.
    pub end: Option<Date>,
    /// The time-off system that told of it.
    pub source: Option<String>,
}

/// Something that was done to somebody: by whom is not theirs to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditedRow {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub action: Action,
    /// From which day on, where that was said.
    pub from: Option<Date>,
}

impl Snapshot {
    /// By what sources know the viewer.
    pub async fn own_identities(&self, scope: &Scope<OwnData>) -> Result<Vec<IdentityRow>, StoreError> {
        use external_identity::{Column, Entity};
        let select = Entity::find()
            .filter(owned_within(scope, Column::PersonId))
            .order_by_asc(Column::Source)
            .order_by_asc(Column::ExternalId);
        let rows = select.all(&self.tx).await?.into_iter().map(|row| IdentityRow {
            source: row.source,
            external_id: row.external_id,
            user_name: row.user_name,
            given_name: row.given_name,
            family_name: row.family_name,
            employee_number: row.employee_number,
        });
        Ok(rows.collect())
    }

    /// The viewer's leave, oldest first.
    pub async fn own_absences(&self, scope: &Scope<OwnData>) -> Result<Vec<OwnAbsence>, StoreError> {
        use absence::{Column, Entity};
        let select = Entity::find()
            .filter(owned_within(scope, Column::PersonId))
            .order_by_asc(Column::StartDate)
            .order_by_asc(Column::Id);
        let rows = select.all(&self.tx).await?.into_iter().map(|row| OwnAbsence {
            start: row.start_date,
            end: row.end_date,
            source: row.source,
        });
        Ok(rows.collect())
    }

    /// What was done to the viewer, oldest first, as the audit log has it.
    pub async fn done_to(&self, scope: &Scope<OwnData>) -> Result<Vec<AuditedRow>, StoreError> {
        use audit_entry::{Column, Entity};
        let own = person::Entity::find()
            .select_only()
            .column(person::Column::Uid)
            .filter(within(scope));
        let select = Entity::find()
            .filter(Column::Subject.in_subquery(own.into_query()))
            .order_by_asc(Column::Number);
        let rows = select.all(&self.tx).await?.into_iter();
        let done = rows.map(|row| {
            let details: Details =
                serde_json::from_str(&row.details).map_err(|cause| StoreError::Row(cause.to_string()))?;
            Ok(AuditedRow {
                at: row.at,
                action: value(&row.action)?,
                from: details.get("from").and_then(|day| day.parse().ok()),
            })
        });
        done.collect()
    }
}
