//! Notes on meetings, sealed. Their author reads them, and the other one of the meeting those that are SHARED; nobody
//! else, by whatever role: no statement here knows everybody.

use chrono::{DateTime, Utc};
use entity::{meeting, note};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select, sea_query::Expr,
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
        scope::{Grant, Scope, action::Note, facet::Notes},
        sealing::{Kind, Label, Sealed},
    },
    domain::{note::Visibility, person::PersonKey},
};

/// One note, its text sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteRow {
    /// Public id.
    pub id: Uuid,
    /// The meeting it is about.
    pub meeting: Uuid,
    /// Who wrote it.
    pub author: PersonKey,
    /// Who reads it.
    pub visibility: Visibility,
    /// What it says.
    pub sealed: Sealed,
    /// How often it was written.
    pub version: i32,
    /// When it was first written.
    pub created_at: DateTime<Utc>,
    /// When it was last written.
    pub updated_at: DateTime<Utc>,
}

impl NoteRow {
    /// What its text is sealed with.
    pub fn label(&self) -> Label {
        Label {
            kind: kind(self.visibility),
            row: self.id,
            meeting: self.meeting,
            author: Some(self.author),
            about: None,
            version: self.version,
        }
    }
}

impl Snapshot {
    /// One page of the notes on a meeting that the viewer reads, oldest first.
    pub async fn notes(
        &self,
        scope: &Scope<Notes>,
        meeting: Uuid,
        page: &PageRequest,
    ) -> Result<Slice<NoteRow>, StoreError> {
        let column = |column: note::Column| Expr::col((note::Entity, column));
        let keys = vec![
            Key::ascending(column(note::Column::CreatedAt), KeyKind::Instant),
            Key::ascending(column(note::Column::Id), KeyKind::Id),
        ];
        self.page(on(scope, meeting), keys, page)
            .await?
            .try_map(TryInto::try_into)
    }

    /// How many notes on a meeting the viewer reads.
    pub async fn notes_count(&self, scope: &Scope<Notes>, meeting: Uuid) -> Result<u64, StoreError> {
        Ok(on(scope, meeting).count(&self.tx).await?)
    }

    /// The notes on these meetings that the viewer reads, oldest first.
    pub async fn notes_on(&self, scope: &Scope<Notes>, meetings: Vec<Uuid>) -> Result<Vec<NoteRow>, StoreError> {
        let select = readable(scope)
            .filter(note::Column::MeetingId.is_in(meetings))
            .order_by_asc(note::Column::CreatedAt)
            .order_by_asc(note::Column::Id);
        select.all(&self.tx).await?.into_iter().map(TryInto::try_into).collect()
    }

    /// The notes with these public ids, as far as the viewer reads them; in no order.
    pub async fn notes_by_id(&self, scope: &Scope<Notes>, ids: Vec<Uuid>) -> Result<Vec<NoteRow>, StoreError> {
        let select = readable(scope).filter(note::Column::Id.is_in(ids));
        select.all(&self.tx).await?.into_iter().map(TryInto::try_into).collect()
    }
}

impl Write {
    /// How many notes the viewer has written on a meeting.
    pub async fn own_notes_count(&self, grant: &Grant<Note>, meeting: Uuid) -> Result<u64, StoreError> {
        let select = note::Entity::find()
            .filter(note::Column::MeetingId.eq(meeting))
            .filter(is_author(grant));
        Ok(select.count(&self.tx).await?)
    }

    /// Writes a new note.
    pub async fn add_note(&self, _grant: &Grant<Note>, row: &NoteRow) -> Result<(), StoreError> {
        let model = note::ActiveModel {
            id: Set(row.id),
            meeting_id: Set(row.meeting),
            author_id: Set(row.author.0),
            visibility: Set(word(&row.visibility)),
            key_id: Set(row.sealed.key.clone()),
            sealed: Set(row.sealed.bytes.clone()),
            version: Set(row.version),
            created_at: Set(to_millis(row.created_at)),
            updated_at: Set(to_millis(row.updated_at)),
        };
        model.insert(&self.tx).await?;
        Ok(())
    }

    /// Writes what has changed of a note of the viewer's: text, version, instant.
    pub async fn change_note(&self, grant: &Grant<Note>, row: &NoteRow) -> Result<(), StoreError> {
        let changed = note::ActiveModel {
            key_id: Set(row.sealed.key.clone()),
            sealed: Set(row.sealed.bytes.clone()),
            version: Set(row.version),
            updated_at: Set(to_millis(row.updated_at)),
            ..Default::default()
        };
        note::Entity::update_many()
            .set(changed)
            .filter(note::Column::Id.eq(row.id))
            .filter(is_author(grant))
            .exec(&self.tx)
            .await?;
        Ok(())
    }

    /// Deletes a note of the viewer's.
    pub async fn delete_note(&self, grant: &Grant<Note>, id: Uuid) -> Result<(), StoreError> {
        note::Entity::delete_many()
            .filter(note::Column::Id.eq(id))
            .filter(is_author(grant))
            .exec(&self.tx)
            .await?;
        Ok(())
    }
}

impl TryFrom<note::Model> for NoteRow {
    type Error = StoreError;

    fn try_from(row: note::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            meeting: row.meeting_id,
            author: PersonKey(row.author_id),
            visibility: value(&row.visibility)?,
            sealed: Sealed {
                key: row.key_id,
                bytes: row.sealed,
            },
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

/// What a note's text is sealed as.
pub(super) fn kind(visibility: Visibility) -> Kind {
    match visibility {
        Visibility::Private => Kind::PrivateNote,
        Visibility::Shared => Kind::SharedNote,
    }
}

/// Whose meetings these are: the ids of those in which the reader is one of the two.
pub(super) fn own_meetings(me: PersonKey) -> sea_orm::sea_query::SelectStatement {
    let one_of_two = Condition::any()
        .add(meeting::Column::LeaderId.eq(me.0))
        .add(meeting::Column::CounterpartId.eq(me.0));
    meeting::Entity::find()
        .select_only()
        .column(meeting::Column::Id)
        .filter(one_of_two)
        .into_query()
}

/// The reader, if they read anything at all.
pub(super) fn reader(scope: &Scope<Notes>) -> Option<PersonKey> {
    scope.viewer().filter(|_| !scope.reaches().is_empty())
}

fn is_author(grant: &Grant<Note>) -> Expr {
    note::Column::AuthorId.eq(grant.person().map(|me| me.0))
}

fn readable(scope: &Scope<Notes>) -> Select<note::Entity> {
    let Some(me) = reader(scope) else {
        return note::Entity::find().filter(Expr::value(false));
    };
    let shared = Condition::all()
        .add(note::Column::Visibility.eq(word(&Visibility::Shared)))
        .add(note::Column::MeetingId.in_subquery(own_meetings(me)));
    let readable = Condition::any().add(note::Column::AuthorId.eq(me.0)).add(shared);
    note::Entity::find().filter(readable)
}

fn on(scope: &Scope<Notes>, meeting: Uuid) -> Select<note::Entity> {
    readable(scope).filter(note::Column::MeetingId.eq(meeting))
}
