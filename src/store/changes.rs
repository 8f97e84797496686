//! The change feed: what happened, in the order in which it was committed.
//!
//! An event is written in the transaction of what it tells. Every writer holds the row of `org_state` from its first
//! statement to its commit, so whoever takes the next number has seen the commit of the number before: the order of
//! numbers is the order of commits, on both databases, and a reader who has read up to a number never misses a smaller
//! one. A database sequence would not do: it gives numbers out before it is known who commits first.

mod shown;
mod tell;

use chrono::{DateTime, Utc};
use entity::{change_event, external_identity};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, sea_query::Expr};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use uuid::Uuid;

pub use tell::Cause;
pub(super) use tell::cancelled;

use super::{
    PageRequest, Slice, Snapshot, StoreError, Write,
    code::word,
    order::{Key, KeyKind},
};
use crate::{
    auth::scope::{Grant, Scope, action::Upkeep, facet::Changes},
    domain::{
        change::{Change, ChangeType},
        person::PersonKey,
    },
};

/// One event, as the viewer may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeRow {
    /// Public id.
    pub uid: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// What happened, to whom; managers among its fields by what the viewer calls them.
    pub change: Change,
    /// The person's id at the viewer's source; to whom has none, at the source of the event.
    pub external_id: Option<String>,
    /// Number of the import that did it.
    pub run: Option<i64>,
    /// The line of that import.
    pub line: Option<i64>,
    /// Whether something was left out because it is not the viewer's to read.
    pub redacted: bool,
}

/// Which events.
#[derive(Clone, Debug, Default)]
pub struct ChangeFilter {
    /// Of these kinds; of any if none.
    pub kinds: Option<Vec<ChangeType>>,
}

/// How far the feed reaches; both 0 while nothing has happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeedBounds {
    /// Number of the oldest event that is kept.
    pub oldest: i64,
    /// Number of the newest event.
    pub newest: i64,
}

/// What an event holds beside its columns.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Detail {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    changes: Vec<crate::domain::sync::FieldChange>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    meeting: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    webhook: Option<Uuid>,
}

impl Snapshot {
    /// One page of the feed, oldest first: every event, with nothing in it that is not the viewer's to read.
    pub async fn changes(
        &self,
        scope: &Scope<Changes>,
        filter: &ChangeFilter,
        page: &PageRequest,
    ) -> Result<Slice<ChangeRow>, StoreError> {
        let select = change_event::Entity::find().filter(of(filter));
        let seq = Expr::col((change_event::Entity, change_event::Column::Seq));
        let slice = self
            .page(select, vec![Key::ascending(seq, KeyKind::Number)], page)
            .await?;
        let (places, rows): (Vec<_>, Vec<_>) = slice.rows.into_iter().unzip();
        let rows = self.shown(scope, rows).await?;
        Ok(Slice {
            rows: places.into_iter().zip(rows).collect(),
            has_next: slice.has_next,
            has_previous: slice.has_previous,
        })
    }

    /// How many events are kept.
    pub async fn changes_count(&self, _scope: &Scope<Changes>, filter: &ChangeFilter) -> Result<u64, StoreError> {
        Ok(change_event::Entity::find().filter(of(filter)).count(&self.tx).await?)
    }

    /// The events with these public ids; in no order.
    pub async fn changes_by_id(&self, scope: &Scope<Changes>, uids: Vec<Uuid>) -> Result<Vec<ChangeRow>, StoreError> {
        let select = change_event::Entity::find().filter(change_event::Column::Uid.is_in(uids));
        self.shown(scope, select.all(&self.tx).await?).await
    }

    /// How far the feed reaches. Takes no scope: it says nothing but how much has happened.
    pub async fn feed_bounds(&self) -> Result<FeedBounds, StoreError> {
        let sql = "SELECT COALESCE(MIN(seq), 0) AS oldest, COALESCE(MAX(seq), 0) AS newest FROM change_event";
        let row = self.tx.query_one_raw(self.sql(sql, [])).await?;
        let row = row.ok_or_else(|| StoreError::Row("a count has no row".to_owned()))?;
        Ok(FeedBounds {
            oldest: row.try_get("", "oldest")?,
            newest: row.try_get("", "newest")?,
        })
    }

    async fn shown(
        &self,
        scope: &Scope<Changes>,
        rows: Vec<change_event::Model>,
    ) -> Result<Vec<ChangeRow>, StoreError> {
        let rows = rows.into_iter().map(shown::read).collect::<Result<Vec<_>, _>>()?;
        let mut people: Vec<i64> = rows.iter().flat_map(shown::people).map(|key| key.0).collect();
        people.sort_unstable();
        people.dedup();
        let mut known: HashMap<PersonKey, Vec<(String, String)>> = HashMap::new();
        let ids = external_identity::Entity::find().filter(external_identity::Column::PersonId.is_in(people));
        for row in ids.all(&self.tx).await? {
            let ids = known.entry(PersonKey(row.person_id)).or_default();
            ids.push((row.source, row.external_id));
        }
        Ok(rows.into_iter().map(|row| shown::to(scope, &known, row)).collect())
    }
}

impl Write {
    /// Forgets at most `most` of the events that happened before `before`, oldest first. The newest event stays, and all
    /// that came after one that stays. Returns how many are gone.
    pub async fn prune_changes(
        &self,
        _grant: &Grant<Upkeep>,
        before: DateTime<Utc>,
        most: u32,
    ) -> Result<u64, StoreError> {
        let sql = "DELETE FROM change_event WHERE seq IN (SELECT seq FROM change_event WHERE seq < \
                   (SELECT COALESCE(MIN(CASE WHEN at >= $1 THEN seq END), MAX(seq)) FROM change_event) ORDER BY seq LIMIT $2)";
        let values = [before.into(), i64::from(most).into()];
        Ok(self.tx.execute_raw(self.sql(sql, values)).await?.rows_affected())
    }
}

fn of(filter: &ChangeFilter) -> Condition {
    let kinds = filter.kinds.as_ref();
    Condition::all().add_option(kinds.map(|kinds| change_event::Column::Kind.is_in(kinds.iter().map(word))))
}
