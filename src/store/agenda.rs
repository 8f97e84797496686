//! Agendas of meetings, sealed. The two of a meeting read and write them together; nobody else, by whatever role.

use entity::agenda_item;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::OnConflict};
use uuid::Uuid;

use super::{
    Snapshot, StoreError, Write,
    notes::{own_meetings, reader},
    to_millis,
};
use crate::{
    auth::{
        scope::{Grant, Scope, action::Note, facet::Notes},
        sealing::{Kind, Label, Sealed},
    },
    domain::person::PersonKey,
};

/// One item of an agenda, its text sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgendaRow {
    /// Public id.
    pub id: Uuid,
    /// The meeting it is for.
    pub meeting: Uuid,
    /// Who added it; none of the questions that the agenda starts from.
    pub author: Option<PersonKey>,
    /// Its place on the agenda.
    pub number: i32,
    /// Whether it has been talked about.
    pub done: bool,
    /// Whether it was taken off the agenda.
    pub removed: bool,
    /// What it says.
    pub sealed: Sealed,
    /// How often it was written.
    pub version: i32,
    /// When it was last written.
    pub updated_at: chrono::DateTime<chrono::Utc>,
}

impl AgendaRow {
    /// What its text is sealed with.
    pub fn label(&self) -> Label {
        Label {
            kind: Kind::AgendaItem,
            row: self.id,
            meeting: self.meeting,
            author: self.author,
            about: None,
            version: self.version,
        }
    }
}

impl Snapshot {
    /// The items of the agendas of these meetings that are the viewer's own, those removed too, in their order. A meeting
    /// without any has the agenda that all meetings start with.
    pub async fn agendas(&self, scope: &Scope<Notes>, meetings: Vec<Uuid>) -> Result<Vec<AgendaRow>, StoreError> {
        use agenda_item::Column;
        let Some(me) = reader(scope) else { return Ok(vec![]) };
        let select = agenda_item::Entity::find()
            .filter(Column::MeetingId.is_in(meetings))
            .filter(Column::MeetingId.in_subquery(own_meetings(me)))
            .order_by_asc(Column::Number);
        Ok(select.all(&self.tx).await?.into_iter().map(Into::into).collect())
    }
}

impl Write {
    /// Writes items of an agenda, new or changed; the meeting is one of whoever was granted this.
    pub async fn put_agenda(&self, _grant: &Grant<Note>, rows: &[AgendaRow]) -> Result<(), StoreError> {
        use agenda_item::Column;
        if rows.is_empty() {
            return Ok(());
        }
        let changed = OnConflict::column(Column::Id)
            .update_columns([
                Column::Done,
                Column::Removed,
                Column::KeyId,
                Column::Sealed,
                Column::Version,
                Column::UpdatedAt,
            ])
            .to_owned();
        agenda_item::Entity::insert_many(rows.iter().map(model))
            .on_conflict(changed)
            .exec_without_returning(&self.tx)
            .await?;
        Ok(())
    }
}

impl From<agenda_item::Model> for AgendaRow {
    fn from(row: agenda_item::Model) -> Self {
        Self {
            id: row.id,
            meeting: row.meeting_id,
            author: row.author_id.map(PersonKey),
            number: row.number,
            done: row.done,
            removed: row.removed,
            sealed: Sealed {
                key: row.key_id,
                bytes: row.sealed,
            },
            version: row.version,
            updated_at: row.updated_at,
        }
    }
}

fn model(row: &AgendaRow) -> agenda_item::ActiveModel {
    agenda_item::ActiveModel {
        id: Set(row.id),
        meeting_id: Set(row.meeting),
        author_id: Set(row.author.map(|author| author.0)),
        number: Set(row.number),
        done: Set(row.done),
        removed: Set(row.removed),
        key_id: Set(row.sealed.key.clone()),
        sealed: Set(row.sealed.bytes.clone()),
        version: Set(row.version),
        updated_at: Set(to_millis(row.updated_at)),
    }
}
