//! What an import reads and writes: everybody at once, and a handful of bulk statements.

mod roster;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{absence, employment, external_identity, pending_manager, person, reporting_line};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    ModelTrait, QueryFilter, sea_query::OnConflict,
};
use uuid::Uuid;

use super::{
    Cause, StoreError, Write,
    chart::{BULK, values_list},
    code::word,
    people::name_key,
    to_millis,
};
use crate::{
    auth::scope::{
        Grant,
        action::{ManageChart, Sync},
    },
    domain::{
        Date,
        line::{LineKind, SolidLine},
        person::{Absence, PersonKey, PersonStatus, Spell},
        sync::{Edits, Identity, ManagerReference, NewRow, PendingManager, PersonRecord, Writes},
    },
};

/// Told how many rows have been written, bulk by bulk.
pub type Wrote<'a> = &'a (dyn Fn(usize) + Send + std::marker::Sync);

/// What a plan has to write, in whose name and when.
#[derive(Clone, Copy)]
pub struct Apply<'a> {
    /// The source of the run.
    pub source: &'a str,
    /// What to write.
    pub writes: &'a Writes,
    /// Why.
    pub cause: &'a Cause,
    /// The day of the request.
    pub today: Date,
    /// Told how far it is.
    pub wrote: Wrote<'a>,
}

impl Write {
    /// Writes what a plan says, derives what follows from it today, and tells of both.
    pub async fn apply(&self, _grant: &Grant<Sync>, apply: Apply<'_>) -> Result<(), StoreError> {
        let Apply {
            source,
            writes,
            cause,
            today,
            wrote,
        } = apply;
        if writes.is_empty() {
            return Ok(());
        }
        let now = to_millis(cause.now());
        let before = self.before(writes).await?;
        for people in writes.new_people.chunks(BULK) {
            let rows = people.iter().map(|record| new_person(record, now));
            person::Entity::insert_many(rows)
                .exec_without_returning(&self.tx)
                .await?;
            wrote(people.len());
        }
        if let Some(last) = writes.new_people.iter().map(|record| record.key.0).max() {
            let sql = "UPDATE org_state SET next_person_key = $1 WHERE next_person_key < $1";
            self.tx.execute_raw(self.sql(sql, [(last + 1).into()])).await?;
        }
        for people in writes.people.chunks(BULK) {
            self.update_people(people, now).await?;
            wrote(people.len());
        }
        self.edit_identities(writes, now, wrote).await?;
        self.edit_spells(&writes.spells, wrote).await?;
        self.edit_absences(&writes.absences, wrote).await?;
        self.edit_solid_lines(&writes.lines, wrote).await?;
        for people in writes.gone_pending.chunks(BULK) {
            self.end_waiting(Some(source), people).await?;
        }
        for pending in writes.new_pending.chunks(BULK) {
            self.wait_for(pending).await?;
        }
        self.revive_the_employed(now, today).await?;
        let after = self.chart_changed(today).await?;
        self.tell_writes(cause, &before, writes, (&after, today)).await?;
        self.invalidate(today, cause).await
    }

    /// Writes the changed SOLID lines of somebody, who waits for no manager any more, derives what follows from them today,
    /// and tells of both.
    pub async fn edit_lines(
        &self,
        _grant: &Grant<ManageChart>,
        (person, edits): (PersonKey, &Edits<SolidLine>),
        cause: &Cause,
        today: Date,
    ) -> Result<(), StoreError> {
        let none = Writes::default();
        let before = self.before(&none).await?;
        self.end_waiting(None, &[person]).await?;
        self.edit_solid_lines(edits, &|_| {}).await?;
        let after = self.chart_changed(today).await?;
        self.tell_writes(cause, &before, &none, (&after, today)).await?;
        self.invalidate(today, cause).await
    }

    /// Whoever gets another id from their source keeps what else it keeps of them.
    async fn edit_identities(&self, writes: &Writes, now: DateTime<Utc>, wrote: Wrote<'_>) -> Result<(), StoreError> {
        let mut former = HashMap::new();
        for gone in &writes.gone_identities {
            let id = (gone.source.clone(), gone.external_id.clone());
            if let Some(row) = external_identity::Entity::find_by_id(id).one(&self.tx).await? {
                former.insert((row.source.clone(), row.person_id), row.clone());
                row.delete(&self.tx).await?;
            }
        }
        for identities in writes.new_identities.chunks(BULK) {
            let rows = identities.iter().map(|new| {
                let Identity { source, external_id } = new.value.clone();
                let kept = former.remove(&(source.clone(), new.person.0));
                let row = match kept {
                    Some(kept) => external_identity::Model { external_id, ..kept },
                    None => new_identity(source, external_id, new.person, now),
                };
                row.into_active_model().reset_all()
            });
            external_identity::Entity::insert_many(rows)
                .exec_without_returning(&self.tx)
                .await?;
            wrote(identities.len());
        }
        Ok(())
    }

    /// Forgets for whom these people wait, in the name of one source or of all.
    async fn end_waiting(&self, source: Option<&str>, people: &[PersonKey]) -> Result<(), StoreError> {
        use pending_manager::{Column, Entity};
        let people = Column::PersonId.is_in(people.iter().map(|key| key.0));
        let gone = Condition::all()
            .add(people)
            .add_option(source.map(|source| Column::Source.eq(source)));
        Entity::delete_many().filter(gone).exec(&self.tx).await?;
        Ok(())
    }

    async fn wait_for(&self, pending: &[NewRow<PendingManager>]) -> Result<(), StoreError> {
        let rows = pending.iter().map(|row| {
            let (external_id, email) = match &row.value.reference {
                ManagerReference::ExternalId(id) => (Some(id.clone()), None),
                ManagerReference::Email(email) => (None, Some(email.clone())),
            };
            pending_manager::ActiveModel {
                person_id: Set(row.person.0),
                source: Set(row.value.source.clone()),
                external_id: Set(external_id),
                email: Set(email),
                valid_from: Set(row.value.valid_from),
            }
        });
        pending_manager::Entity::insert_many(rows)
            .exec_without_returning(&self.tx)
            .await?;
        Ok(())
    }

    async fn update_people(&self, people: &[PersonRecord], now: DateTime<Utc>) -> Result<(), StoreError> {
        let sql = format!(
            "WITH v(id, name, name_key, email, email_key, title, department, location, updated_at) AS ({}) \
             UPDATE person SET name = v.name, name_key = v.name_key, email = v.email, email_key = v.email_key, \
             title = v.title, department = v.department, location = v.location, updated_at = v.updated_at \
             FROM v WHERE person.id = v.id",
            values_list(people.len(), 9)
        );
        let values = people.iter().flat_map(|record| -> [sea_orm::Value; 9] {
            [
                record.key.0.into(),
                record.name.clone().into(),
                name_key(&record.name).into(),
                record.email.clone().into(),
                email_key(record).into(),
                record.title.clone().into(),
                record.department.clone().into(),
                record.location.clone().into(),
                now.into(),
            ]
        });
        let values: Vec<_> = values.collect();
        self.tx.execute_raw(self.sql(&sql, values)).await?;
        Ok(())
    }

    async fn edit_spells(&self, edits: &Edits<Spell>, wrote: Wrote<'_>) -> Result<(), StoreError> {
        use employment::{ActiveModel, Column, Entity};
        let table = Dated::<Entity, Spell> {
            name: "employment",
            owner: "person_id",
            id: Column::Id,
            changing: &[Column::StartDate, Column::EndDate],
            row: |id, person, spell| ActiveModel {
                id: Set(id),
                person_id: Set(person),
                start_date: Set(spell.start),
                end_date: Set(spell.end),
            },
        };
        self.edit(&table, edits, wrote).await
    }

    async fn edit_absences(&self, edits: &Edits<Absence>, wrote: Wrote<'_>) -> Result<(), StoreError> {
        use absence::{ActiveModel, Column, Entity};
        let table = Dated::<Entity, Absence> {
            name: "absence",
            owner: "person_id",
            id: Column::Id,
            changing: &[Column::StartDate, Column::EndDate],
            row: |id, person, absence| ActiveModel {
                id: Set(id),
                person_id: Set(person),
                start_date: Set(absence.start),
                end_date: Set(absence.end),
                source: Set(None),
                external_id: Set(None),
            },
        };
        self.edit(&table, edits, wrote).await
    }

    async fn edit_solid_lines(&self, edits: &Edits<SolidLine>, wrote: Wrote<'_>) -> Result<(), StoreError> {
        use reporting_line::{ActiveModel, Column, Entity};
        let table = Dated::<Entity, SolidLine> {
            name: "reporting_line",
            owner: "report_id",
            id: Column::Id,
            changing: &[Column::ManagerId, Column::ValidFrom, Column::ValidTo],
            row: |id, report, line| ActiveModel {
                id: Set(id),
                report_id: Set(report),
                manager_id: Set(line.manager.0),
                kind: Set(word(&LineKind::Solid)),
                valid_from: Set(line.valid_from),
                valid_to: Set(line.valid_to),
            },
        };
        self.edit(&table, edits, wrote).await
    }

    /// Deletes, then updates, then inserts, as [`Edits`] says.
    async fn edit<E, T>(&self, table: &Dated<E, T>, edits: &Edits<T>, wrote: Wrote<'_>) -> Result<(), StoreError>
    where
        E: EntityTrait,
        E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
        T: Copy,
    {
        for ids in edits.deleted.chunks(BULK) {
            let gone = table.id.is_in(ids.iter().copied());
            E::delete_many().filter(gone).exec(&self.tx).await?;
        }
        let changes = OnConflict::column(table.id)
            .update_columns(table.changing.iter().copied())
            .to_owned();
        for rows in edits.updated.chunks(BULK) {
            let owners = self
                .owners(table.name, table.owner, rows.iter().map(|row| row.id))
                .await?;
            let rows = rows
                .iter()
                .filter_map(|edit| Some((table.row)(edit.id, *owners.get(&edit.id)?, edit.value)));
            let rows: Vec<_> = rows.collect();
            E::insert_many(rows)
                .on_conflict(changes.clone())
                .exec_without_returning(&self.tx)
                .await?;
            wrote(owners.len());
        }
        for rows in edits.inserted.chunks(BULK) {
            let rows: Vec<_> = rows
                .iter()
                .map(|new| (table.row)(Self::new_id(), new.person.0, new.value))
                .collect();
            let count = rows.len();
            E::insert_many(rows).exec_without_returning(&self.tx).await?;
            wrote(count);
        }
        Ok(())
    }

    /// Whose rows these are: an upsert names every column that cannot be null.
    async fn owners(
        &self,
        table: &str,
        column: &str,
        ids: impl Iterator<Item = Uuid>,
    ) -> Result<HashMap<Uuid, i64>, StoreError> {
        let ids: Vec<sea_orm::Value> = ids.map(Into::into).collect();
        let marks: Vec<_> = (1..=ids.len()).map(|number| format!("${number}")).collect();
        let sql = format!(
            "SELECT id, {column} AS owner FROM {table} WHERE id IN ({})",
            marks.join(",")
        );
        let rows = self.tx.query_all_raw(self.sql(&sql, ids)).await?;
        rows.iter()
            .map(|row| Ok((row.try_get("", "id")?, row.try_get("", "owner")?)))
            .collect()
    }
}

/// A table of dated rows, each of which belongs to a person.
struct Dated<E: EntityTrait, T> {
    name: &'static str,
    /// The column that names the person.
    owner: &'static str,
    id: E::Column,
    /// What an update may change.
    changing: &'static [E::Column],
    row: fn(Uuid, i64, T) -> E::ActiveModel,
}

fn new_identity(
    source: String,
    external_id: String,
    person: PersonKey,
    now: DateTime<Utc>,
) -> external_identity::Model {
    external_identity::Model {
        source,
        external_id,
        person_id: person.0,
        uid: Some(Write::new_id()),
        user_name: None,
        user_name_key: None,
        given_name: None,
        family_name: None,
        employee_number: None,
        email_primary: None,
        created_at: Some(now),
        updated_at: Some(now),
        deleted_at: None,
    }
}

fn new_person(record: &PersonRecord, now: DateTime<Utc>) -> person::ActiveModel {
    person::ActiveModel {
        id: Set(record.key.0),
        uid: Set(Write::new_id()),
        name: Set(record.name.clone()),
        name_key: Set(name_key(&record.name)),
        email: Set(record.email.clone()),
        email_key: Set(email_key(record)),
        title: Set(record.title.clone()),
        department: Set(record.department.clone()),
        location: Set(record.location.clone()),
        time_zone: Set(None),
        // The place follows when the whole import is written.
        status: Set(word(&PersonStatus::PreHire)),
        path: Set(None),
        depth: Set(None),
        manager_id: Set(None),
        interim: Set(false),
        report_count: Set(0),
        below_count: Set(0),
        created_at: Set(now),
        updated_at: Set(now),
        tokens_valid_after: Set(None),
    }
}

fn email_key(record: &PersonRecord) -> Option<String> {
    record.email.as_ref().map(|email| email.to_lowercase())
}
