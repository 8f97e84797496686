//! Thank-yous, sealed. Their author reads them, and once they are sent whoever they thank; nobody else, by whatever role.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{kudos, person};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select, sea_query::Expr,
};
use uuid::Uuid;

use super::{
    PageRequest, Slice, Snapshot, StoreError, Write,
    notes::reader,
    order::{Key, KeyKind},
    to_millis,
};
use crate::{
    auth::{
        scope::{Grant, Scope, action::Note, facet::Notes},
        sealing::{Kind, Label, Sealed},
    },
    domain::person::PersonKey,
};

/// One thank-you, its text sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KudosRow {
    /// Public id.
    pub id: Uuid,
    /// The meeting in which it came up.
    pub meeting: Uuid,
    /// Who wrote it.
    pub author: PersonKey,
    /// Whom it thanks.
    pub person: PersonKey,
    /// What it says.
    pub sealed: Sealed,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When its author sent it on; none while it is theirs alone.
    pub sent_at: Option<DateTime<Utc>>,
}

impl KudosRow {
    /// What its text is sealed with.
    pub fn label(&self) -> Label {
        Label {
            kind: Kind::Kudos,
            row: self.id,
            meeting: self.meeting,
            author: Some(self.author),
            about: Some(self.person),
            version: VERSION,
        }
    }
}

/// A thank-you is written once.
const VERSION: i32 = 1;

impl Snapshot {
    /// The viewer's own thank-yous from these meetings, oldest first.
    pub async fn own_kudos(&self, scope: &Scope<Notes>, meetings: Vec<Uuid>) -> Result<Vec<KudosRow>, StoreError> {
        let select = kudos::Entity::find()
            .filter(written(scope))
            .filter(kudos::Column::MeetingId.is_in(meetings))
            .order_by_asc(kudos::Column::CreatedAt)
            .order_by_asc(kudos::Column::Id);
        Ok(select.all(&self.tx).await?.into_iter().map(Into::into).collect())
    }

    /// One page of the thank-yous that were sent to the viewer, newest first.
    pub async fn kudos(&self, scope: &Scope<Notes>, page: &PageRequest) -> Result<Slice<KudosRow>, StoreError> {
        let column = |column: kudos::Column| Expr::col((kudos::Entity, column));
        let keys = vec![
            Key::descending_by(column(kudos::Column::SentAt), KeyKind::Instant),
            Key::descending_by(column(kudos::Column::Id), KeyKind::Id),
        ];
        let slice: Slice<kudos::Model> = self.page(sent_to(scope), keys, page).await?;
        Ok(slice.map(Into::into))
    }

    /// How many those are.
    pub async fn kudos_count(&self, scope: &Scope<Notes>) -> Result<u64, StoreError> {
        Ok(sent_to(scope).count(&self.tx).await?)
    }

    /// The thank-yous with these public ids that the viewer reads; in no order.
    pub async fn kudos_by_id(&self, scope: &Scope<Notes>, ids: Vec<Uuid>) -> Result<Vec<KudosRow>, StoreError> {
        let select = kudos::Entity::find()
            .filter(Condition::any().add(received(scope)).add(written(scope)))
            .filter(kudos::Column::Id.is_in(ids));
        Ok(select.all(&self.tx).await?.into_iter().map(Into::into).collect())
    }

    /// The viewer's own thank-you with this public id.
    pub async fn own_kudos_by_id(&self, scope: &Scope<Notes>, id: Uuid) -> Result<Option<KudosRow>, StoreError> {
        let select = kudos::Entity::find_by_id(id).filter(written(scope));
        Ok(select.one(&self.tx).await?.map(Into::into))
    }

    /// The names of those who wrote thank-yous that the viewer reads. A name is part of what they sent, and no way to
    /// anything else of them.
    pub async fn kudos_authors(
        &self,
        scope: &Scope<Notes>,
        authors: Vec<PersonKey>,
    ) -> Result<HashMap<PersonKey, String>, StoreError> {
        let readable = Condition::any().add(received(scope)).add(written(scope));
        let wrote = kudos::Entity::find()
            .select_only()
            .column(kudos::Column::AuthorId)
            .filter(readable);
        let names: Vec<(i64, String)> = person::Entity::find()
            .select_only()
            .columns([person::Column::Id, person::Column::Name])
            .filter(person::Column::Id.is_in(authors.into_iter().map(|author| author.0)))
            .filter(person::Column::Id.in_subquery(sea_orm::QueryTrait::into_query(wrote)))
            .into_tuple()
            .all(&self.tx)
            .await?;
        Ok(names.into_iter().map(|(key, name)| (PersonKey(key), name)).collect())
    }
}

impl Write {
    /// How many thank-yous the viewer has written in a meeting.
    pub async fn own_kudos_count(&self, grant: &Grant<Note>, meeting: Uuid) -> Result<u64, StoreError> {
        let select = kudos::Entity::find()
            .filter(kudos::Column::MeetingId.eq(meeting))
            .filter(kudos::Column::AuthorId.eq(grant.person().map(|me| me.0)));
        Ok(select.count(&self.tx).await?)
    }

    /// Writes a new thank-you.
    pub async fn add_kudos(&self, _grant: &Grant<Note>, row: &KudosRow) -> Result<(), StoreError> {
        let model = kudos::ActiveModel {
            id: Set(row.id),
            meeting_id: Set(row.meeting),
            author_id: Set(row.author.0),
            person_id: Set(row.person.0),
            key_id: Set(row.sealed.key.clone()),
            sealed: Set(row.sealed.bytes.clone()),
            version: Set(VERSION),
            created_at: Set(to_millis(row.created_at)),
            sent_at: Set(row.sent_at.map(to_millis)),
        };
        model.insert(&self.tx).await?;
        Ok(())
    }

    /// Sends a thank-you of the viewer's on.
    pub async fn send_kudos(&self, grant: &Grant<Note>, id: Uuid, now: DateTime<Utc>) -> Result<(), StoreError> {
        let sent = kudos::ActiveModel {
            sent_at: Set(Some(to_millis(now))),
            ..Default::default()
        };
        kudos::Entity::update_many()
            .set(sent)
            .filter(kudos::Column::Id.eq(id))
            .filter(kudos::Column::AuthorId.eq(grant.person().map(|me| me.0)))
            .exec(&self.tx)
            .await?;
        Ok(())
    }

    /// Deletes a thank-you of the viewer's that was not sent.
    pub async fn delete_kudos(&self, grant: &Grant<Note>, id: Uuid) -> Result<(), StoreError> {
        kudos::Entity::delete_many()
            .filter(kudos::Column::Id.eq(id))
            .filter(kudos::Column::AuthorId.eq(grant.person().map(|me| me.0)))
            .filter(kudos::Column::SentAt.is_null())
            .exec(&self.tx)
            .await?;
        Ok(())
    }
}

impl From<kudos::Model> for KudosRow {
    fn from(row: kudos::Model) -> Self {
        Self {
            id: row.id,
            meeting: row.meeting_id,
            author: PersonKey(row.author_id),
            person: PersonKey(row.person_id),
            sealed: Sealed {
                key: row.key_id,
                bytes: row.sealed,
            },
            created_at: row.created_at,
            sent_at: row.sent_at,
        }
    }
}

/// Those that the reader wrote.
fn written(scope: &Scope<Notes>) -> Condition {
    match reader(scope) {
        Some(me) => Condition::all().add(kudos::Column::AuthorId.eq(me.0)),
        None => Condition::all().add(Expr::value(false)),
    }
}

/// Those that thank the reader, and were sent.
fn received(scope: &Scope<Notes>) -> Condition {
    match reader(scope) {
        Some(me) => Condition::all()
            .add(kudos::Column::PersonId.eq(me.0))
            .add(kudos::Column::SentAt.is_not_null()),
        None => Condition::all().add(Expr::value(false)),
    }
}

fn sent_to(scope: &Scope<Notes>) -> Select<kudos::Entity> {
    kudos::Entity::find().filter(received(scope))
}
