//! The audit log: written behind its newest entry, never changed.

use chrono::{DateTime, Utc};
use entity::audit_entry;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};
use uuid::Uuid;

use super::{
    PageRequest, Slice, Snapshot, StoreError, Write,
    code::{value, word},
    order::{Key, KeyKind},
    to_millis,
};
use crate::{
    auth::{
        audit::{ROOT, Seal, Sealed},
        scope::{Grant, Scope, action::Record, facet::Audit},
    },
    domain::audit::{Action, Entry},
};

/// Which entries; all conditions hold together.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// Of this action.
    pub action: Option<Action>,
    /// By this principal.
    pub actor: Option<String>,
    /// Done to this person, run, webhook or token.
    pub subject: Option<Uuid>,
    /// At this instant or later.
    pub from: Option<DateTime<Utc>>,
    /// Before this instant.
    pub to: Option<DateTime<Utc>>,
}

impl Snapshot {
    /// One page of the log, newest first.
    pub async fn audit_page(
        &self,
        scope: &Scope<Audit>,
        filter: &AuditFilter,
        page: &PageRequest,
    ) -> Result<Slice<Entry>, StoreError> {
        let number = Expr::col((audit_entry::Entity, audit_entry::Column::Number));
        let select = audit_entry::Entity::find().filter(entries(scope, filter));
        let slice = self
            .page(select, vec![Key::descending_by(number, KeyKind::Number)], page)
            .await?;
        slice.try_map(|row| Ok(sealed(row)?.entry))
    }

    /// How many entries that are.
    pub async fn audit_count(&self, scope: &Scope<Audit>, filter: &AuditFilter) -> Result<u64, StoreError> {
        let select = audit_entry::Entity::find().filter(entries(scope, filter));
        Ok(select.count(&self.tx).await?)
    }

    /// Some entries with their seals, in their order, behind the one of this number.
    pub async fn audit_after(&self, scope: &Scope<Audit>, number: i64, most: u64) -> Result<Vec<Sealed>, StoreError> {
        let select = audit_entry::Entity::find()
            .filter(entries(scope, &AuditFilter::default()))
            .filter(audit_entry::Column::Number.gt(number))
            .order_by_asc(audit_entry::Column::Number)
            .limit(most);
        select.all(&self.tx).await?.into_iter().map(sealed).collect()
    }
}

impl Write {
    /// Number and seal of the newest entry, behind which the next one is sealed. There is one writer, so nobody else takes
    /// the number meanwhile.
    pub async fn audit_head(&self, _grant: &Grant<Record>) -> Result<(i64, [u8; 32]), StoreError> {
        let newest = audit_entry::Entity::find().order_by_desc(audit_entry::Column::Number);
        match newest.one(&self.tx).await? {
            None => Ok((0, ROOT)),
            Some(row) => Ok((row.number, mac(row.mac)?)),
        }
    }

    /// Writes the next entry.
    pub async fn add_audit(&self, _grant: &Grant<Record>, sealed: &Sealed) -> Result<(), StoreError> {
        let Sealed { entry, seal } = sealed;
        let row = audit_entry::ActiveModel {
            number: Set(entry.number),
            at: Set(to_millis(entry.at)),
            actor: Set(entry.actor.clone()),
            action: Set(word(&entry.action)),
            subject: Set(entry.subject),
            details: Set(serde_json::to_string(&entry.details).map_err(|cause| StoreError::Row(cause.to_string()))?),
            key: Set(seal.key.clone()),
            mac: Set(seal.mac.to_vec()),
        };
        row.insert(&self.tx).await?;
        Ok(())
    }
}

fn entries(scope: &Scope<Audit>, filter: &AuditFilter) -> Condition {
    use audit_entry::Column;
    let nothing = (!scope.is_everyone()).then(|| Column::Number.is_null());
    Condition::all()
        .add_option(nothing)
        .add_option(filter.action.map(|action| Column::Action.eq(word(&action))))
        .add_option(filter.actor.as_ref().map(|actor| Column::Actor.eq(actor.as_str())))
        .add_option(filter.subject.map(|subject| Column::Subject.eq(subject)))
        .add_option(filter.from.map(|from| Column::At.gte(to_millis(from))))
        .add_option(filter.to.map(|to| Column::At.lt(to_millis(to))))
}

fn sealed(row: audit_entry::Model) -> Result<Sealed, StoreError> {
    let details = serde_json::from_str(&row.details).map_err(|cause| StoreError::Row(cause.to_string()))?;
    Ok(Sealed {
        entry: Entry {
            number: row.number,
            at: row.at,
            actor: row.actor,
            action: value(&row.action)?,
            subject: row.subject,
            details,
        },
        seal: Seal {
            key: row.key,
            mac: mac(row.mac)?,
        },
    })
}

fn mac(bytes: Vec<u8>) -> Result<[u8; 32], StoreError> {
    bytes
        .try_into()
        .map_err(|_| StoreError::Row("a seal of the audit log has another length".to_owned()))
}
