//! What is sealed, handled without being read: which keys there are, what lies under which, and what is too old.

use chrono::{DateTime, NaiveTime, Utc};
use entity::note_key;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait, FromQueryResult, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::{Snapshot, StoreError, Write, code::value, notes::kind, to_millis};
use crate::{
    auth::{
        scope::{
            Grant,
            action::{KeepNotes, Note},
        },
        sealing::{Kind, Label, Sealed},
    },
    domain::{Date, person::PersonKey},
};

/// A table with sealed texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealedTable {
    /// Notes.
    Note,
    /// Items of agendas.
    AgendaItem,
    /// Thank-yous.
    Kudos,
}

/// Which sealed texts of a table: a part of them, in the order of their ids.
#[derive(Clone, Copy, Debug)]
pub struct SealedPart<'a> {
    /// Only those after this row.
    pub after: Uuid,
    /// Only those that are not sealed by this key.
    pub not_by: &'a str,
    /// How many, at most.
    pub size: u32,
}

impl SealedTable {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Note, Self::AgendaItem, Self::Kudos];

    fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::AgendaItem => "agenda_item",
            Self::Kudos => "kudos",
        }
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    meeting_id: Uuid,
    author_id: Option<i64>,
    about: Option<i64>,
    visibility: Option<String>,
    key_id: String,
    sealed: Vec<u8>,
    version: i32,
}

#[derive(FromQueryResult)]
struct Count {
    key_id: String,
    texts: i64,
}

impl Snapshot {
    /// The canaries of all keys that were ever used, newest first.
    pub async fn note_keys(&self, _grant: &Grant<KeepNotes>) -> Result<Vec<Sealed>, StoreError> {
        let select = note_key::Entity::find().order_by_desc(note_key::Column::Number);
        let canary = |row: note_key::Model| Sealed {
            key: row.id,
            bytes: row.canary,
        };
        Ok(select.all(&self.tx).await?.into_iter().map(canary).collect())
    }

    /// The name of the key to seal with: the newest. None before the first server with keys has started.
    pub async fn newest_note_key(&self, _grant: &Grant<Note>) -> Result<Option<String>, StoreError> {
        let select = note_key::Entity::find()
            .select_only()
            .column(note_key::Column::Id)
            .order_by_desc(note_key::Column::Number);
        Ok(select.into_tuple().one(&self.tx).await?)
    }

    /// How many texts are sealed by which key.
    pub async fn sealed_by(&self, _grant: &Grant<KeepNotes>) -> Result<Vec<(String, u64)>, StoreError> {
        let sql = "SELECT key_id, COUNT(*) AS texts FROM (SELECT key_id FROM note UNION ALL SELECT key_id FROM agenda_item \
                   UNION ALL SELECT key_id FROM kudos) AS sealed GROUP BY key_id ORDER BY key_id";
        let rows = Count::find_by_statement(self.sql(sql, [])).all(&self.tx).await?;
        let count = |row: Count| (row.key_id, row.texts.unsigned_abs());
        Ok(rows.into_iter().map(count).collect())
    }

    /// Some sealed texts with what they are sealed with.
    pub async fn sealed(
        &self,
        _grant: &Grant<KeepNotes>,
        table: SealedTable,
        part: SealedPart<'_>,
    ) -> Result<Vec<(Label, Sealed)>, StoreError> {
        let (about, visibility) = match table {
            SealedTable::Note => ("CAST(NULL AS BIGINT)", "visibility"),
            SealedTable::AgendaItem => ("CAST(NULL AS BIGINT)", "CAST(NULL AS TEXT)"),
            SealedTable::Kudos => ("person_id", "CAST(NULL AS TEXT)"),
        };
        let (name, size) = (table.name(), part.size);
        let sql = format!(
            "SELECT id, meeting_id, author_id, {about} AS about, {visibility} AS visibility, key_id, sealed, version \
             FROM {name} WHERE id > $1 AND key_id <> $2 ORDER BY id LIMIT {size}"
        );
        let statement = self.sql(&sql, [part.after.into(), part.not_by.into()]);
        let rows = Row::find_by_statement(statement).all(&self.tx).await?;
        rows.into_iter().map(|row| labelled(table, row)).collect()
    }

    /// Whether anything lies beside meetings before `day`.
    pub async fn has_old_notes(&self, _grant: &Grant<KeepNotes>, day: Date) -> Result<bool, StoreError> {
        for table in SealedTable::ALL {
            let sql = format!("{} LIMIT 1", old(table));
            let statement = self.sql(&sql, [day.into(), midnight(day).into()]);
            if self.tx.query_one_raw(statement).await?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl Write {
    /// Keeps the canary of a key, which is the newest from now on.
    pub async fn keep_note_key(
        &self,
        _grant: &Grant<KeepNotes>,
        canary: &Sealed,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let newest: Option<i32> = note_key::Entity::find()
            .select_only()
            .column(note_key::Column::Number)
            .order_by_desc(note_key::Column::Number)
            .into_tuple()
            .one(&self.tx)
            .await?;
        let row = note_key::ActiveModel {
            id: Set(canary.key.clone()),
            number: Set(newest.unwrap_or(0) + 1),
            canary: Set(canary.bytes.clone()),
            created_at: Set(to_millis(now)),
        };
        row.insert(&self.tx).await?;
        Ok(())
    }

    /// Puts the same text back, sealed by another key.
    pub async fn reseal(&self, _grant: &Grant<KeepNotes>, label: &Label, sealed: &Sealed) -> Result<(), StoreError> {
        let sql = format!(
            "UPDATE {} SET key_id = $1, sealed = $2 WHERE id = $3",
            label.kind.table()
        );
        let values = [
            sealed.key.as_str().into(),
            sealed.bytes.clone().into(),
            label.row.into(),
        ];
        self.tx.execute_raw(self.sql(&sql, values)).await?;
        Ok(())
    }

    /// Deletes some of what lies beside meetings before `day`; says how much.
    pub async fn delete_old_notes(&self, _grant: &Grant<KeepNotes>, day: Date, size: u32) -> Result<u64, StoreError> {
        let mut deleted = 0;
        for table in SealedTable::ALL {
            let sql = format!("DELETE FROM {} WHERE id IN ({} LIMIT {size})", table.name(), old(table));
            let statement = self.sql(&sql, [day.into(), midnight(day).into()]);
            deleted += self.tx.execute_raw(statement).await?.rows_affected();
        }
        Ok(deleted)
    }
}

/// What lies beside meetings before `$1`; of those without a day, the instant `$2` at which they were agreed counts.
fn old(table: SealedTable) -> String {
    let name = table.name();
    format!(
        "SELECT t.id FROM {name} t JOIN meeting m ON m.id = t.meeting_id \
         WHERE m.day < $1 OR (m.day IS NULL AND m.created_at < $2)"
    )
}

fn midnight(day: Date) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}

fn labelled(table: SealedTable, row: Row) -> Result<(Label, Sealed), StoreError> {
    let kind = match (table, row.visibility) {
        (SealedTable::AgendaItem, _) => Kind::AgendaItem,
        (SealedTable::Kudos, _) => Kind::Kudos,
        (SealedTable::Note, visibility) => kind(value(&visibility.unwrap_or_default())?),
    };
    let label = Label {
        kind,
        row: row.id,
        meeting: row.meeting_id,
        author: row.author_id.map(PersonKey),
        about: row.about.map(PersonKey),
        version: row.version,
    };
    let sealed = Sealed {
        key: row.key_id,
        bytes: row.sealed,
    };
    Ok((label, sealed))
}
