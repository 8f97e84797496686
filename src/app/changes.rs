//! The change feed, and forgetting what is too old in it.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{App, AppError, Session, session::Current};
use crate::{
    domain::change::ChangeType,
    store::{ChangeFilter, ChangeRow, Cursor, PageRequest, Slice, SyncRunRow},
};

/// Events forgotten in one transaction: it holds everybody else's writes up.
const BATCH: u32 = 1000;

/// A page of the feed.
#[derive(Clone, Debug)]
pub struct ChangePage {
    /// The events.
    pub slice: Slice<ChangeRow>,
    /// The place up to which was looked, whether or not anything was there.
    pub end: Cursor,
}

impl Session {
    /// One page of the feed, oldest first, to those who may follow it. A place whose next event is forgotten already is
    /// [`AppError::CursorExpired`].
    pub async fn changes(&self, filter: &ChangeFilter, page: &PageRequest) -> Result<ChangePage, AppError> {
        let Current { snapshot, viewer, .. } = &*self.current().await?;
        let scope = viewer.changes()?;
        let bounds = snapshot.feed_bounds().await?;
        if let Some(after) = page.after.as_ref() {
            let place: i64 = after.0.first().and_then(|text| text.parse().ok()).unwrap_or(-1);
            // Beyond the newest: the database was put back to an earlier state, and its numbers come again.
            if place + 1 < bounds.oldest || place > bounds.newest {
                return Err(AppError::CursorExpired);
            }
        }
        let slice = snapshot.changes(&scope, filter, page).await?;
        let last = slice.rows.last().map(|(cursor, _)| cursor.clone());
        let end = last.filter(|_| slice.has_next);
        Ok(ChangePage {
            slice,
            end: end.unwrap_or_else(|| Cursor(vec![bounds.newest.to_string()])),
        })
    }

    /// How many events the feed has.
    pub async fn changes_count(&self, filter: &ChangeFilter) -> Result<u64, AppError> {
        let Current { snapshot, viewer, .. } = &*self.current().await?;
        Ok(snapshot.changes_count(&viewer.changes()?, filter).await?)
    }

    /// The events with these public ids; none for those who may not follow the feed.
    pub async fn changes_by_id(&self, uids: Vec<Uuid>) -> Result<HashMap<Uuid, ChangeRow>, AppError> {
        let Current { snapshot, viewer, .. } = &*self.current().await?;
        let Ok(scope) = viewer.changes() else {
            return Ok(HashMap::new());
        };
        let rows = snapshot.changes_by_id(&scope, uids).await?;
        Ok(rows.into_iter().map(|row| (row.uid, row)).collect())
    }

    /// The imports with these numbers, as far as they are in reach.
    pub async fn sync_runs_by_number(&self, numbers: Vec<i64>) -> Result<HashMap<i64, SyncRunRow>, AppError> {
        let Current { snapshot, viewer, .. } = &*self.current().await?;
        let rows = snapshot.sync_runs_by_number(&viewer.sync_runs(), numbers).await?;
        Ok(rows.into_iter().map(|row| (row.number, row)).collect())
    }
}

impl App {
    /// Forgets the events, and the messages of webhooks, that are older at `now` than the feed reaches back, some at a
    /// time. Returns how many events.
    pub async fn prune_changes(&self, now: DateTime<Utc>) -> Result<u64, AppError> {
        let before = now - TimeDelta::days(self.options.feed_days.into());
        let mut gone = 0;
        loop {
            let session = self.operator("prune", now).await?;
            let grant = session.viewer().await?.may_keep_up()?;
            let turn = session.turn().await?;
            let batch = turn.write.prune_changes(&grant, before, BATCH).await?;
            turn.write.prune_deliveries(&grant, before).await?;
            turn.write.commit().await?;
            gone += batch;
            if batch < BATCH.into() {
                return Ok(gone);
            }
        }
    }
}

/// The kinds of these names, or a mistake that names the known ones.
pub fn change_types(names: &[String]) -> Result<Vec<ChangeType>, AppError> {
    let read = |name: &String| {
        ChangeType::named(name).ok_or_else(|| {
            let known = ChangeType::ALL.map(ChangeType::as_str).join(", ");
            AppError::Input(format!("types has {name:?}, which is none of: {known}"))
        })
    };
    names.iter().map(read).collect()
}
