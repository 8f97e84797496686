//! Writing events, beside what they tell.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::{change_event, external_identity, person};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::Detail;
use crate::{
    auth::scope::{Grant, action::Sync},
    domain::{
        Date,
        change::{Change, ChangeType, Edit, Life, edited, linked, passed, record_changes},
        person::PersonKey,
        sync::{PersonRecord, PlannedRow, Writes},
    },
    store::{
        StoreError, Write,
        chart::{BULK, Records},
        code::word,
        to_millis,
    },
};

/// Why something happens: what its events say beside what happened.
#[derive(Clone, Debug)]
pub struct Cause {
    now: DateTime<Utc>,
    source: Option<String>,
    run: Option<i64>,
    lines: HashMap<PersonKey, u64>,
}

impl Cause {
    /// By hand, or because its day has come.
    pub fn itself(now: DateTime<Utc>) -> Self {
        Self {
            now,
            source: None,
            run: None,
            lines: HashMap::new(),
        }
    }

    /// In the name of a source.
    pub fn source(source: &str, now: DateTime<Utc>) -> Self {
        Self {
            source: Some(source.to_owned()),
            ..Self::itself(now)
        }
    }

    /// A kept run of a source.
    pub(in crate::store) fn of_run(source: &str, run: i64, now: DateTime<Utc>) -> Self {
        Self {
            run: Some(run),
            ..Self::source(source, now)
        }
    }

    /// The source in whose name it is.
    pub(in crate::store) fn named_source(&self) -> Option<&str> {
        self.source.as_deref()
    }

    /// The instant.
    pub(in crate::store) fn now(&self) -> DateTime<Utc> {
        self.now
    }
}

/// What the database held before a write.
pub(in crate::store) struct Before {
    records: Records,
    people: HashMap<PersonKey, PersonRecord>,
    former_ids: HashMap<PersonKey, String>,
}

impl Write {
    /// The cause of what the run does that this turn is about to keep.
    pub async fn cause(
        &self,
        _grant: &Grant<Sync>,
        source: &str,
        rows: &[PlannedRow],
        now: DateTime<Utc>,
    ) -> Result<Cause, StoreError> {
        let lines = rows.iter().filter(|row| row.line > 0);
        Ok(Cause {
            lines: lines.filter_map(|row| Some((row.person?, row.line))).collect(),
            ..Cause::of_run(source, self.next_run().await?, now)
        })
    }

    /// Looks at what `writes` is about to change.
    pub(in crate::store) async fn before(&self, writes: &Writes) -> Result<Before, StoreError> {
        let mut people = HashMap::new();
        for changing in writes.people.chunks(BULK) {
            let keys = changing.iter().map(|record| record.key.0);
            let select = person::Entity::find().filter(person::Column::Id.is_in(keys));
            for row in select.all(&self.tx).await? {
                let record = PersonRecord {
                    key: PersonKey(row.id),
                    name: row.name,
                    email: row.email,
                    title: row.title,
                    department: row.department,
                    location: row.location,
                };
                people.insert(record.key, record);
            }
        }
        let mut former_ids = HashMap::new();
        for gone in &writes.gone_identities {
            let id = (gone.source.clone(), gone.external_id.clone());
            let row = external_identity::Entity::find_by_id(id).one(&self.tx).await?;
            former_ids.extend(row.map(|row| (PersonKey(row.person_id), row.external_id)));
        }
        Ok(Before {
            records: self.records().await?,
            people,
            former_ids,
        })
    }

    /// Tells what `writes` changed: people first, then ids, then lines.
    pub(in crate::store) async fn tell_writes(
        &self,
        cause: &Cause,
        before: &Before,
        writes: &Writes,
        (after, today): (&Records, Date),
    ) -> Result<(), StoreError> {
        let new: HashMap<_, _> = writes.new_people.iter().map(|record| (record.key, record)).collect();
        let changed: HashMap<_, _> = writes.people.iter().map(|record| (record.key, record)).collect();
        let everybody: HashSet<_> = after.people.keys().chain(new.keys()).chain(changed.keys()).collect();
        let mut everybody: Vec<PersonKey> = everybody.into_iter().copied().collect();
        everybody.sort_unstable();
        let (mut people, mut lines) = (Vec::new(), Vec::new());
        for key in everybody {
            let fields = match (new.get(&key), changed.get(&key)) {
                (Some(record), _) => record_changes(None, record),
                (None, Some(record)) => record_changes(before.people.get(&key), record),
                (None, None) => Vec::new(),
            };
            let changes = edited(Edit {
                person: key,
                before: (!new.contains_key(&key)).then(|| before.records.life(key)),
                after: after.life(key),
                fields,
                today,
            });
            let (of_line, of_person) = changes.into_iter().partition(|change| {
                matches!(
                    change.kind,
                    ChangeType::LineStarted | ChangeType::LineEnded | ChangeType::LineCorrected
                )
            });
            let (of_line, of_person): (Vec<Change>, Vec<Change>) = (of_line, of_person);
            people.extend(of_person);
            lines.extend(of_line);
        }
        let identities = writes
            .new_identities
            .iter()
            .filter(|row| !new.contains_key(&row.person));
        people.extend(identities.map(|row| {
            let former = before.former_ids.get(&row.person).cloned();
            linked(row.person, former, row.value.external_id.clone())
        }));
        people.extend(lines);
        self.tell(cause, people).await
    }

    /// Tells what the days after `from` up to `to` brought.
    pub(in crate::store) async fn tell_days(
        &self,
        cause: &Cause,
        records: &Records,
        (from, to): (Date, Date),
    ) -> Result<(), StoreError> {
        let mut everybody: Vec<_> = records.people.keys().copied().collect();
        everybody.sort_unstable();
        let changes = everybody
            .into_iter()
            .flat_map(|key| passed(key, records.life(key), from, to));
        self.tell(cause, changes.collect()).await
    }

    /// Appends events to the feed.
    pub(in crate::store) async fn tell(&self, cause: &Cause, changes: Vec<Change>) -> Result<(), StoreError> {
        if changes.is_empty() {
            return Ok(());
        }
        // Nobody else takes a number before this transaction has ended: the row of `org_state` is ours.
        let newest = self.feed_bounds().await?.newest;
        let mut rows = (newest + 1..).zip(changes).map(|(seq, change)| row(cause, seq, change));
        loop {
            let bulk = rows.by_ref().take(BULK).collect::<Result<Vec<_>, StoreError>>()?;
            if bulk.is_empty() {
                return Ok(());
            }
            change_event::Entity::insert_many(bulk)
                .exec_without_returning(&self.tx)
                .await?;
        }
    }
}

impl Records {
    fn life(&self, key: PersonKey) -> Life<'_> {
        self.people.get(&key).map_or_else(Life::default, |record| Life {
            spells: &record.spells,
            absences: &record.absences,
            lines: &record.lines,
        })
    }
}

/// That a meeting will not take place.
pub(in crate::store) fn cancelled(meeting: Uuid, leader: PersonKey, counterpart: PersonKey) -> Change {
    Change {
        person: Some(leader),
        related: Some(counterpart),
        meeting: Some(meeting),
        ..Change::of(ChangeType::MeetingCancelled)
    }
}

fn row(cause: &Cause, seq: i64, change: Change) -> Result<change_event::ActiveModel, StoreError> {
    let line = change.person.and_then(|person| cause.lines.get(&person));
    let detail = Detail {
        changes: change.fields,
        meeting: change.meeting,
        webhook: change.webhook,
    };
    let detail = serde_json::to_string(&detail).map_err(|cause| StoreError::Row(cause.to_string()))?;
    Ok(change_event::ActiveModel {
        seq: Set(seq),
        uid: Set(Write::new_id()),
        at: Set(to_millis(cause.now)),
        kind: Set(word(&change.kind)),
        person_id: Set(change.person.map(|key| key.0)),
        related_person_id: Set(change.related.map(|key| key.0)),
        run: Set(cause.run),
        line: Set(line.and_then(|line| i64::try_from(*line).ok())),
        source: Set(cause.source.clone()),
        detail: Set(detail),
    })
}
