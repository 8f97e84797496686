//! What an import is planned on: everybody, or a page of the people of one source.

use std::collections::{BTreeSet, HashMap};

use entity::{absence, employment, external_identity, pending_manager, person, reporting_line};
use futures_util::TryStreamExt;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, ExprTrait, SimpleExpr},
};

use crate::{
    auth::scope::{
        Grant,
        action::{ManageChart, Sync},
    },
    domain::{
        line::{LineKind, SolidLine},
        person::{Absence, PersonKey, Spell},
        sync::{Identity, ManagerReference, PendingManager, PersonRecord, Roster, RosterPerson, Stored},
    },
    store::{
        PageRequest, Slice, Snapshot, StoreError,
        code::word,
        order::{Key, KeyKind},
    },
};

#[derive(FromQueryResult)]
struct RecordRow {
    id: i64,
    name: String,
    email: Option<String>,
    title: Option<String>,
    department: Option<String>,
    location: Option<String>,
}

#[derive(FromQueryResult)]
struct IdentityRow {
    source: String,
    external_id: String,
    person_id: i64,
}

impl Snapshot {
    /// Everybody as an import needs them: records, identities, employment, absences and SOLID lines.
    pub async fn roster(&self, _grant: &Grant<Sync>) -> Result<Roster, StoreError> {
        let row = self
            .tx
            .query_one_raw(self.sql("SELECT next_person_key FROM org_state", []))
            .await?;
        let row = row.ok_or_else(|| StoreError::Row("org_state is empty".to_owned()))?;
        Ok(Roster {
            people: self.roster_people(None).await?,
            snapshots: self.snapshots().await?,
            erased: self.erased().await?,
            next_key: row.try_get("", "next_person_key")?,
        })
    }

    /// One page of the people of a source by their ids there, as a roster of them and of those whom they report to; with
    /// the ids in their order.
    pub async fn roster_page(
        &self,
        _grant: &Grant<Sync>,
        source: &str,
        page: &PageRequest,
    ) -> Result<(Slice<String>, Roster), StoreError> {
        let select = external_identity::Entity::find().filter(external_identity::Column::Source.eq(source));
        let id = Expr::col((external_identity::Entity, external_identity::Column::ExternalId));
        let slice = self.page(select, vec![Key::ascending(id, KeyKind::Text)], page).await?;
        let keys: Vec<i64> = slice.rows.iter().map(|(_, row)| row.person_id).collect();
        let mut people = self.roster_people(Some(&keys)).await?;
        let lines = people.iter().flat_map(|person| &person.lines);
        let managers: BTreeSet<i64> = lines.map(|line| line.value.manager.0).collect();
        let managers: Vec<i64> = managers.into_iter().filter(|key| !keys.contains(key)).collect();
        people.extend(self.roster_people(Some(&managers)).await?);
        let roster = Roster {
            people,
            ..Roster::default()
        };
        Ok((slice.map(|row: external_identity::Model| row.external_id), roster))
    }

    /// How many people a source knows.
    pub async fn roster_count(&self, _grant: &Grant<Sync>, source: &str) -> Result<u64, StoreError> {
        let select = external_identity::Entity::find().filter(external_identity::Column::Source.eq(source));
        Ok(select.count(&self.tx).await?)
    }

    /// These people, or everybody, as an import needs them. Rows come one by one: a driver's row takes several times the
    /// room of what it says.
    async fn roster_people(&self, keys: Option<&[i64]>) -> Result<Vec<RosterPerson>, StoreError> {
        use person::Column;
        let of = |column: SimpleExpr| Condition::all().add_option(keys.map(|keys| column.is_in(keys.iter().copied())));
        let records = person::Entity::find()
            .select_only()
            .columns([
                Column::Id,
                Column::Name,
                Column::Email,
                Column::Title,
                Column::Department,
                Column::Location,
            ])
            .filter(of(Column::Id.into_expr()))
            .order_by_asc(Column::Id);
        let rows = records.into_model::<RecordRow>().stream(&self.tx).await?;
        let mut people: Vec<RosterPerson> = rows.map_ok(Into::into).try_collect().await?;
        let at = people
            .iter()
            .enumerate()
            .map(|(at, person)| (person.record.key.0, at))
            .collect();
        let mut named = Named {
            people: &mut people,
            at,
        };
        let mut rows = external_identity::Entity::find()
            .select_only()
            .columns([
                external_identity::Column::Source,
                external_identity::Column::ExternalId,
                external_identity::Column::PersonId,
            ])
            .filter(of(external_identity::Column::PersonId.into_expr()))
            .into_model::<IdentityRow>()
            .stream(&self.tx)
            .await?;
        while let Some(row) = rows.try_next().await? {
            if let Some(person) = named.person(row.person_id) {
                person.identities.push(Identity {
                    source: row.source,
                    external_id: row.external_id,
                });
            }
        }
        drop(rows);
        let mut rows = employment::Entity::find()
            .filter(of(employment::Column::PersonId.into_expr()))
            .order_by_asc(employment::Column::StartDate)
            .stream(&self.tx)
            .await?;
        while let Some(row) = rows.try_next().await? {
            if let Some(person) = named.person(row.person_id) {
                let value = Spell {
                    start: row.start_date,
                    end: row.end_date,
                };
                person.spells.push(Stored { id: row.id, value });
            }
        }
        // What a time-off system told is not the HR system's to change.
        drop(rows);
        let mut rows = absence::Entity::find()
            .filter(absence::Column::Source.is_null())
            .filter(of(absence::Column::PersonId.into_expr()))
            .order_by_asc(absence::Column::StartDate)
            .stream(&self.tx)
            .await?;
        while let Some(row) = rows.try_next().await? {
            if let Some(person) = named.person(row.person_id) {
                let value = Absence {
                    start: row.start_date,
                    end: row.end_date,
                };
                person.absences.push(Stored { id: row.id, value });
            }
        }
        drop(rows);
        for (report, line) in self.lines_of(of(reporting_line::Column::ReportId.into_expr())).await? {
            if let Some(person) = named.person(report.0) {
                person.lines.push(line);
            }
        }
        for row in pending_manager::Entity::find()
            .filter(of(pending_manager::Column::PersonId.into_expr()))
            .all(&self.tx)
            .await?
        {
            let reference = row.external_id.map(ManagerReference::ExternalId);
            let reference = reference.or(row.email.map(ManagerReference::Email));
            if let Some((person, reference)) = named.person(row.person_id).zip(reference) {
                person.pending.push(PendingManager {
                    source: row.source,
                    reference,
                    valid_from: row.valid_from,
                });
            }
        }
        Ok(people)
    }

    /// Everybody's SOLID lines, with who reports along them.
    pub async fn solid_lines(
        &self,
        _grant: &Grant<ManageChart>,
    ) -> Result<Vec<(PersonKey, Stored<SolidLine>)>, StoreError> {
        self.lines_of(Condition::all()).await
    }

    async fn lines_of(&self, reports: Condition) -> Result<Vec<(PersonKey, Stored<SolidLine>)>, StoreError> {
        let select = reporting_line::Entity::find()
            .filter(reports)
            .filter(reporting_line::Column::Kind.eq(word(&LineKind::Solid)))
            .order_by_asc(reporting_line::Column::ValidFrom);
        let line = |row: reporting_line::Model| {
            let value = SolidLine {
                manager: PersonKey(row.manager_id),
                valid_from: row.valid_from,
                valid_to: row.valid_to,
            };
            (PersonKey(row.report_id), Stored { id: row.id, value })
        };
        Ok(select.stream(&self.tx).await?.map_ok(line).try_collect().await?)
    }
}

impl From<RecordRow> for RosterPerson {
    fn from(row: RecordRow) -> Self {
        Self {
            record: PersonRecord {
                key: PersonKey(row.id),
                name: row.name,
                email: row.email,
                title: row.title,
                department: row.department,
                location: row.location,
            },
            identities: vec![],
            spells: vec![],
            absences: vec![],
            lines: vec![],
            pending: vec![],
        }
    }
}

/// People by their keys.
struct Named<'a> {
    people: &'a mut [RosterPerson],
    at: HashMap<i64, usize>,
}

impl Named<'_> {
    fn person(&mut self, key: i64) -> Option<&mut RosterPerson> {
        self.people.get_mut(*self.at.get(&key)?)
    }
}
