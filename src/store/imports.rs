//! What a time-off system and a calendar tell: absences and meetings by the ids they have there.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use entity::{absence, external_identity, load_claim, meeting, person, suggestion};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use super::{
    Cause, Claim, MeetingRow, StoreError, Write, chart::BULK, claims::claim_model, code::word, meetings::model,
    to_millis,
};
use crate::{
    auth::scope::{Grant, action::Sync},
    domain::{
        Date,
        person::{Absence, PersonKey, PersonStatus},
        suggestion::{InvalidReason, SuggestionStatus},
        sync::{AbsenceWrite, Directory, StoredAbsence, Writes},
        week::Week,
    },
};

/// What an import of meetings writes.
#[derive(Clone, Debug, Default)]
pub struct MeetingWrites {
    /// New meetings with their ids at the source.
    pub added: Vec<(MeetingRow, String)>,
    /// Meetings whose state is another one.
    pub changed: Vec<MeetingRow>,
    /// Meetings that the source knows from now on, by these ids.
    pub linked: Vec<(Uuid, String)>,
    /// Meetings whose claims go.
    pub unclaimed: Vec<Uuid>,
    /// Claims that come, or take the place of others.
    pub claims: Vec<Claim>,
    /// OPEN suggestions that a meeting answers.
    pub accepted: Vec<Uuid>,
    /// OPEN suggestions whose counterpart meets another leader in that week.
    pub taken_away: Vec<Uuid>,
}

impl Write {
    /// Everybody by what `source` may call them.
    pub async fn directory(&self, _grant: &Grant<Sync>, source: &str) -> Result<Directory, StoreError> {
        use external_identity::Column as Id;
        use person::Column;
        let by_id: Vec<(String, i64)> = external_identity::Entity::find()
            .select_only()
            .columns([Id::ExternalId, Id::PersonId])
            .filter(Id::Source.eq(source))
            .into_tuple()
            .all(&self.tx)
            .await?;
        let people: Vec<(String, i64, String)> = person::Entity::find()
            .select_only()
            .columns([Column::EmailKey, Column::Id, Column::Status])
            .filter(Column::EmailKey.is_not_null())
            .into_tuple()
            .all(&self.tx)
            .await?;
        let left = word(&PersonStatus::Terminated);
        let mut by_email: HashMap<String, PersonKey> = HashMap::with_capacity(people.len());
        for (email, key, status) in people {
            if status == left {
                by_email.entry(email).or_insert(PersonKey(key));
            } else {
                by_email.insert(email, PersonKey(key));
            }
        }
        Ok(Directory {
            source: source.to_owned(),
            erased: self.erased().await?,
            by_id: by_id.into_iter().map(|(id, key)| (id, PersonKey(key))).collect(),
            by_email,
        })
    }

    /// The absences that `source` told of, by their ids there.
    pub async fn absences_of(
        &self,
        _grant: &Grant<Sync>,
        source: &str,
    ) -> Result<BTreeMap<String, StoredAbsence>, StoreError> {
        let rows = absence::Entity::find().filter(absence::Column::Source.eq(source));
        let stored = |row: absence::Model| {
            let absence = Absence {
                start: row.start_date,
                end: row.end_date,
            };
            let person = PersonKey(row.person_id);
            Some((
                row.external_id?,
                StoredAbsence {
                    id: row.id,
                    person,
                    absence,
                },
            ))
        };
        Ok(rows.all(&self.tx).await?.into_iter().filter_map(stored).collect())
    }

    /// Writes absences that the source of `cause` told of, derives what follows from them today, and tells of that.
    pub async fn write_absences(
        &self,
        _grant: &Grant<Sync>,
        cause: &Cause,
        writes: &[AbsenceWrite],
        today: Date,
    ) -> Result<(), StoreError> {
        use absence::{ActiveModel, Column, Entity};
        if writes.is_empty() {
            return Ok(());
        }
        let none = Writes::default();
        let before = self.before(&none).await?;
        let mut added = Vec::new();
        let mut removed = Vec::new();
        for write in writes {
            match write {
                AbsenceWrite::Add {
                    external_id,
                    person,
                    absence,
                } => added.push(ActiveModel {
                    id: Set(Self::new_id()),
                    person_id: Set(person.0),
                    start_date: Set(absence.start),
                    end_date: Set(absence.end),
                    source: Set(cause.named_source().map(str::to_owned)),
                    external_id: Set(Some(external_id.clone())),
                }),
                AbsenceWrite::Change(StoredAbsence { id, person, absence }) => {
                    let row = ActiveModel {
                        id: Set(*id),
                        person_id: Set(person.0),
                        start_date: Set(absence.start),
                        end_date: Set(absence.end),
                        ..Default::default()
                    };
                    row.update(&self.tx).await?;
                }
                AbsenceWrite::Remove(id) => removed.push(*id),
            }
        }
        for ids in removed.chunks(BULK) {
            let gone = Column::Id.is_in(ids.iter().copied());
            Entity::delete_many().filter(gone).exec(&self.tx).await?;
        }
        while !added.is_empty() {
            let rows = added.split_off(added.len().saturating_sub(BULK));
            Entity::insert_many(rows).exec_without_returning(&self.tx).await?;
        }
        let after = self.chart_changed(today).await?;
        self.tell_writes(cause, &before, &none, (&after, today)).await?;
        self.invalidate(today, cause).await
    }

    /// The meetings that `source` knows by these ids.
    pub async fn meetings_of(
        &self,
        _grant: &Grant<Sync>,
        source: &str,
        ids: &[String],
    ) -> Result<HashMap<String, MeetingRow>, StoreError> {
        let mut found = HashMap::new();
        for ids in ids.chunks(BULK) {
            let rows = meeting::Entity::find()
                .filter(meeting::Column::Source.eq(source))
                .filter(meeting::Column::ExternalId.is_in(ids));
            for row in rows.all(&self.tx).await? {
                if let Some(id) = row.external_id.clone() {
                    found.insert(id, row.try_into()?);
                }
            }
        }
        Ok(found)
    }

    /// The meetings of these leaders on the days between two, both included, that no source knows yet.
    pub async fn unlinked_meetings(
        &self,
        _grant: &Grant<Sync>,
        leaders: &[PersonKey],
        days: (Date, Date),
    ) -> Result<Vec<MeetingRow>, StoreError> {
        let mut found = Vec::new();
        for leaders in leaders.chunks(BULK) {
            let rows = meeting::Entity::find()
                .filter(meeting::Column::LeaderId.is_in(leaders.iter().map(|key| key.0)))
                .filter(meeting::Column::Day.between(days.0, days.1))
                .filter(meeting::Column::Source.is_null());
            for row in rows.all(&self.tx).await? {
                found.push(row.try_into()?);
            }
        }
        Ok(found)
    }

    /// The claims on these people in the weeks between two, both included.
    pub async fn claims_on(
        &self,
        _grant: &Grant<Sync>,
        people: &[PersonKey],
        weeks: (Week, Week),
    ) -> Result<Vec<Claim>, StoreError> {
        let mut found = Vec::new();
        for people in people.chunks(BULK) {
            let rows = load_claim::Entity::find()
                .filter(load_claim::Column::PersonId.is_in(people.iter().map(|key| key.0)))
                .filter(load_claim::Column::Week.between(weeks.0.starts_on(), weeks.1.starts_on()));
            found.extend(rows.all(&self.tx).await?.into_iter().map(|row| Claim {
                person: PersonKey(row.person_id),
                week: Week::of(row.week),
                day: row.day,
                leader: PersonKey(row.leader_id),
                suggestion: row.suggestion_id,
                meeting: row.meeting_id,
            }));
        }
        Ok(found)
    }

    /// Writes what an import of meetings amounts to.
    pub async fn write_meetings(
        &self,
        _grant: &Grant<Sync>,
        source: &str,
        writes: &MeetingWrites,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        for ids in writes.accepted.chunks(BULK) {
            self.answer(ids, SuggestionStatus::Accepted, None).await?;
        }
        for ids in writes.taken_away.chunks(BULK) {
            let reason = Some(word(&InvalidReason::LoadCap));
            self.answer(ids, SuggestionStatus::Invalidated, reason).await?;
        }
        for added in writes.added.chunks(BULK) {
            let rows = added.iter().map(|(row, external_id)| {
                let mut row = model(row).into_active_model();
                row.source = Set(Some(source.to_owned()));
                row.external_id = Set(Some(external_id.clone()));
                row.created_at = Set(to_millis(now));
                row
            });
            meeting::Entity::insert_many(rows)
                .exec_without_returning(&self.tx)
                .await?;
        }
        for row in &writes.changed {
            self.update_meeting(row, &Cause::source(source, now)).await?;
        }
        for (id, external_id) in &writes.linked {
            let row = meeting::ActiveModel {
                id: Set(*id),
                source: Set(Some(source.to_owned())),
                external_id: Set(Some(external_id.clone())),
                ..Default::default()
            };
            row.update(&self.tx).await?;
        }
        for ids in writes.unclaimed.chunks(BULK) {
            let gone = load_claim::Column::MeetingId.is_in(ids.iter().copied());
            load_claim::Entity::delete_many().filter(gone).exec(&self.tx).await?;
        }
        for claims in writes.claims.chunks(BULK) {
            use load_claim::Column;
            let replace = OnConflict::columns([Column::PersonId, Column::Week])
                .update_columns([Column::Day, Column::LeaderId, Column::SuggestionId, Column::MeetingId])
                .to_owned();
            load_claim::Entity::insert_many(claims.iter().map(claim_model))
                .on_conflict(replace)
                .exec_without_returning(&self.tx)
                .await?;
        }
        Ok(())
    }

    async fn answer(&self, ids: &[Uuid], status: SuggestionStatus, reason: Option<String>) -> Result<(), StoreError> {
        use suggestion::Column;
        suggestion::Entity::update_many()
            .col_expr(Column::Status, Expr::value(word(&status)))
            .col_expr(Column::InvalidReason, Expr::value(reason))
            .filter(Column::Id.is_in(ids.iter().copied()))
            .exec(&self.tx)
            .await?;
        Ok(())
    }
}
