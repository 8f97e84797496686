//! Erasing somebody who has left: their row becomes a pseudonym, what they said and what was suggested goes, and wherever
//! else they were written down they are taken out. What is counted stays: meetings, lines, days of employment and leave.

mod records;
mod traces;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{erased_identity, external_identity, idempotency_key, person};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter};

use self::records::{holds_any, parsed};
use super::{Cause, PersonRow, Snapshot, Store, StoreError, Write, people::name_key, to_millis};
use crate::{
    auth::scope::{Grant, action::Erase},
    domain::{
        change::{Change, ChangeType},
        erasure::{Erased, Traces},
        person::PersonKey,
    },
};

/// What goes, and what is cut loose from it; `$1` is the person. First whatever points at something that goes.
const GOES: [&str; 13] = [
    "DELETE FROM kudos WHERE author_id = $1 OR person_id = $1",
    // What they wrote, and what the two had in common. What the other one wrote for themselves alone is that one's.
    "DELETE FROM note WHERE author_id = $1 OR (visibility = 'SHARED' AND meeting_id IN \
     (SELECT id FROM meeting WHERE leader_id = $1 OR counterpart_id = $1))",
    "DELETE FROM agenda_item WHERE meeting_id IN (SELECT id FROM meeting WHERE leader_id = $1 OR counterpart_id = $1)",
    "UPDATE meeting SET suggestion_id = NULL WHERE suggestion_id IN \
     (SELECT id FROM suggestion WHERE leader_id = $1 OR counterpart_id = $1)",
    "UPDATE load_claim SET suggestion_id = NULL WHERE suggestion_id IN \
     (SELECT id FROM suggestion WHERE leader_id = $1 OR counterpart_id = $1)",
    "UPDATE suggestion SET replaces_id = NULL WHERE replaces_id IN \
     (SELECT id FROM suggestion WHERE leader_id = $1 OR counterpart_id = $1)",
    "DELETE FROM suggestion WHERE leader_id = $1 OR counterpart_id = $1",
    "DELETE FROM empty_slot WHERE leader_id = $1",
    "DELETE FROM peer_edge WHERE low_id = $1 OR high_id = $1",
    "DELETE FROM participation WHERE person_id = $1",
    "DELETE FROM calendar_feed WHERE person_id = $1",
    "DELETE FROM working_hours WHERE person_id = $1",
    "DELETE FROM pending_manager WHERE person_id = $1",
];

/// What stays without the id by which another system knows it; `$1` is the person.
const CUT_LOOSE: [&str; 2] = [
    "UPDATE meeting SET source = NULL, external_id = NULL WHERE leader_id = $1 OR counterpart_id = $1",
    "UPDATE absence SET source = NULL, external_id = NULL WHERE person_id = $1",
];

/// Tables in which something of somebody may have been written over.
const TOUCHED: &str = "person, external_identity, pending_manager, meeting, absence, load_claim, suggestion, empty_slot, \
    peer_edge, participation, calendar_feed, working_hours, note, agenda_item, kudos, sync_run, sync_row, change_event, \
    idempotency_key, settings, webhook";

impl Store {
    /// Lets go of what was written over and deleted. SQLite's files are written anew, and none of it is in them afterwards;
    /// PostgreSQL may write over it from now on, and keeps it in its own log for as long as that is set up to reach back.
    pub async fn let_go(&self) -> Result<(), StoreError> {
        if self.writer.get_database_backend() == DbBackend::Sqlite {
            self.writer.execute_unprepared("VACUUM").await?;
            return self.cut_log().await;
        }
        self.writer.execute_unprepared(&format!("VACUUM {TOUCHED}")).await?;
        Ok(())
    }

    /// Empties SQLite's log of changes, as far as nobody reads from it; PostgreSQL looks after its own.
    pub async fn cut_log(&self) -> Result<(), StoreError> {
        if self.writer.get_database_backend() == DbBackend::Sqlite {
            self.writer
                .execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)")
                .await?;
        }
        Ok(())
    }
}

impl Snapshot {
    /// By what sources knew people who were erased.
    pub(super) async fn erased(&self) -> Result<Erased, StoreError> {
        let key = self.org_state().await?.cursor_key;
        let rows = erased_identity::Entity::find().all(&self.tx).await?;
        let people = rows.into_iter().map(|row| (row.mark, PersonKey(row.person_id)));
        Ok(Erased::new(key, people.collect()))
    }
}

impl Write {
    /// Whether somebody was erased before.
    pub async fn is_erased(&self, _grant: &Grant<Erase>, person: PersonKey) -> Result<bool, StoreError> {
        let marks = erased_identity::Entity::find().filter(erased_identity::Column::PersonId.eq(person.0));
        Ok(marks.one(&self.tx).await?.is_some())
    }

    /// Erases somebody, who is called `pseudonym` from now on, and tells that it was done.
    pub async fn erase(
        &self,
        _grant: &Grant<Erase>,
        row: &PersonRow,
        pseudonym: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let key = row.key;
        let traces = self.traces(row).await?;
        self.scrub_runs(key, &traces).await?;
        self.scrub_events(key).await?;
        self.forget_answers(row, &traces).await?;
        self.rename_principals(row, &traces).await?;
        self.forget_waiting(&traces).await?;
        for sql in GOES.iter().chain(&CUT_LOOSE) {
            self.tx.execute_raw(self.sql(sql, [key.0.into()])).await?;
        }
        self.mark_identities(key, now).await?;
        let nameless = person::ActiveModel {
            id: Set(key.0),
            name: Set(pseudonym.to_owned()),
            name_key: Set(name_key(pseudonym)),
            email: Set(None),
            email_key: Set(None),
            title: Set(None),
            department: Set(None),
            location: Set(None),
            time_zone: Set(None),
            updated_at: Set(to_millis(now)),
            ..Default::default()
        };
        nameless.update(&self.tx).await?;
        let sql = "UPDATE org_state SET version = version + 1 WHERE id = 1";
        self.tx.execute_raw(self.sql(sql, [])).await?;
        let told = Change::to(key, ChangeType::PersonErased, vec![]);
        self.tell(&Cause::itself(now), vec![told]).await
    }

    /// Puts marks in the place of the ids by which sources know somebody.
    async fn mark_identities(&self, person: PersonKey, now: DateTime<Utc>) -> Result<(), StoreError> {
        use external_identity::{Column, Entity};
        let erased = Erased::new(self.org_state().await?.cursor_key, HashMap::new());
        for row in Entity::find()
            .filter(Column::PersonId.eq(person.0))
            .all(&self.tx)
            .await?
        {
            let mark = erased_identity::ActiveModel {
                mark: Set(erased.mark(&row.source, &row.external_id)),
                person_id: Set(person.0),
                erased_at: Set(to_millis(now)),
            };
            mark.insert(&self.tx).await?;
        }
        let gone = Entity::delete_many().filter(Column::PersonId.eq(person.0));
        gone.exec(&self.tx).await?;
        Ok(())
    }

    /// Forgets who waits for somebody as their manager.
    async fn forget_waiting(&self, traces: &Traces) -> Result<(), StoreError> {
        use entity::pending_manager::{Column, Entity};
        for row in Entity::find().all(&self.tx).await? {
            let by_id = row
                .external_id
                .as_ref()
                .is_some_and(|id| traces.are_known_as(&row.source, id));
            let by_email = row.email.as_ref().is_some_and(|email| traces.are_in(None, email));
            if by_id || by_email {
                let gone = Entity::delete_many()
                    .filter(Column::PersonId.eq(row.person_id))
                    .filter(Column::Source.eq(row.source));
                gone.exec(&self.tx).await?;
            }
        }
        Ok(())
    }

    /// Forgets answers that were given to somebody, and those that name them.
    async fn forget_answers(&self, row: &PersonRow, traces: &Traces) -> Result<(), StoreError> {
        use idempotency_key::{Column, Entity};
        let uid = row.uid.to_string();
        let words = traces.words().chain([uid.as_str()]);
        let answers = Entity::find().filter(holds_any(Column::Answer, words));
        let mut gone: Vec<idempotency_key::Model> = answers.all(&self.tx).await?;
        gone.retain(|kept| {
            kept.answer.contains(&uid) || parsed(&kept.answer).is_ok_and(|answer| traces.are_within(None, &answer))
        });
        for principal in self.principals(row, traces, "idempotency_key", "principal").await? {
            let own = Entity::delete_many().filter(Column::Principal.eq(principal));
            own.exec(&self.tx).await?;
        }
        for kept in gone {
            let id = (kept.principal, kept.operation, kept.key);
            Entity::delete_by_id(id).exec(&self.tx).await?;
        }
        Ok(())
    }

    /// Puts somebody's public id where their token's name stands as that of whoever did something. The audit log alone
    /// keeps it: nothing in there can be changed.
    async fn rename_principals(&self, row: &PersonRow, traces: &Traces) -> Result<(), StoreError> {
        for (table, column) in [
            ("settings", "changed_by"),
            ("sync_run", "made_by"),
            ("webhook", "created_by"),
        ] {
            for principal in self.principals(row, traces, table, column).await? {
                let sql = format!("UPDATE {table} SET {column} = $1 WHERE {column} = $2");
                let values = [format!("person:{}", row.uid).into(), principal.into()];
                self.tx.execute_raw(self.sql(&sql, values)).await?;
            }
        }
        Ok(())
    }

    /// The names in a column under which somebody has asked for something.
    async fn principals(
        &self,
        row: &PersonRow,
        traces: &Traces,
        table: &str,
        column: &str,
    ) -> Result<Vec<String>, StoreError> {
        let calendar = format!("calendar:{}", row.key);
        let is_theirs = |principal: &String| {
            let subject = principal.strip_prefix("token:").map(str::to_lowercase);
            let own = |subject: String| traces.words().any(|word| word.to_lowercase() == subject);
            *principal == calendar || subject.is_some_and(own)
        };
        let sql = format!("SELECT DISTINCT {column} AS principal FROM {table}");
        let rows = self.tx.query_all_raw(self.sql(&sql, [])).await?;
        let principals: Result<Vec<String>, _> = rows.iter().map(|row| row.try_get("", "principal")).collect();
        Ok(principals?.into_iter().filter(is_theirs).collect())
    }
}
