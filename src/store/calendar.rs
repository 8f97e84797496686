//! What calendars are told: meetings with a time, and the secret addresses of people's feeds.

use std::ops::Range;

use chrono::{DateTime, Utc};
use entity::{absence, calendar_feed, employment, meeting};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{ExprTrait, OnConflict},
};
use uuid::Uuid;

use super::{
    Snapshot, StoreError, Write,
    code::{value, word},
    meetings::own,
    to_millis,
    within::owned_within,
};
use crate::{
    auth::{
        calendar::CalendarHash,
        scope::{
            Grant, Scope,
            action::Subscribe,
            facet::{Calendars, FreeTimes, Meetings},
        },
        viewer::Place,
    },
    domain::{
        calendar::{Appointment, EventState, MOST_EVENTS, Window},
        meeting::MeetingStatus,
        person::{Absence, PersonKey, Spell},
    },
};

/// A meeting of the viewer's with an agreed time.
#[derive(Clone, Debug)]
pub struct AppointmentRow {
    /// What a calendar is told.
    pub appointment: Appointment,
    /// The senior side.
    pub leader: PersonKey,
    /// The other one.
    pub counterpart: PersonKey,
}

#[derive(FromQueryResult)]
struct PlaceRow {
    id: i64,
    path: String,
}

impl Snapshot {
    /// The place of whoever reads their feed by this secret; none once it was taken back, or they left the chart. It takes
    /// no scope: it is who asks.
    pub async fn calendar_reader(&self, hash: &CalendarHash) -> Result<Option<Place>, StoreError> {
        let sql = "SELECT p.id, p.path FROM calendar_feed f JOIN person p ON p.id = f.person_id AND p.path IS NOT NULL \
                   WHERE f.secret_hash = $1";
        let statement = self.sql(sql, [hash.as_str().into()]);
        let row = PlaceRow::find_by_statement(statement).one(&self.tx).await?;
        Ok(row.map(|row| Place::new(PersonKey(row.id), row.path)))
    }

    /// Since when the one person in reach has a feed.
    pub async fn calendar_feed_since(&self, scope: &Scope<Calendars>) -> Result<Option<DateTime<Utc>>, StoreError> {
        let own = calendar_feed::Entity::find().filter(owned_within(scope, calendar_feed::Column::PersonId));
        Ok(own.one(&self.tx).await?.map(|row| row.created_at))
    }

    /// The viewer's meeting with this public id, if a time is agreed for it. Of others' meetings there are none here, for
    /// HR admins neither: an invitation is for the two.
    pub async fn appointment(&self, scope: &Scope<Meetings>, id: Uuid) -> Result<Option<AppointmentRow>, StoreError> {
        let select = meeting::Entity::find()
            .filter(own(scope))
            .filter(meeting::Column::Id.eq(id));
        Ok(select.one(&self.tx).await?.map(read).transpose()?.flatten())
    }

    /// The viewer's meetings within a window, the last first, and at most [`MOST_EVENTS`].
    pub async fn appointments(
        &self,
        scope: &Scope<Meetings>,
        window: &Window,
    ) -> Result<Vec<AppointmentRow>, StoreError> {
        use meeting::Column;
        let told = Condition::any()
            .add(Column::ClosedOn.is_null())
            .add(Column::ClosedOn.gte(window.called_off_since));
        let select = meeting::Entity::find()
            .filter(own(scope))
            .filter(Column::StartsAt.gte(to_millis(window.starts.start)))
            .filter(Column::StartsAt.lt(to_millis(window.starts.end)))
            .filter(told)
            .order_by_desc(Column::StartsAt)
            .order_by_asc(Column::Id)
            .limit(MOST_EVENTS);
        let rows = select.all(&self.tx).await?.into_iter();
        rows.filter_map(|row| read(row).transpose()).collect()
    }
}

impl Snapshot {
    /// When `person` has a meeting between two instants, if they are in reach: with whom is not said.
    pub async fn busy(
        &self,
        scope: &Scope<FreeTimes>,
        person: PersonKey,
        between: &Range<DateTime<Utc>>,
    ) -> Result<Vec<Range<DateTime<Utc>>>, StoreError> {
        use meeting::Column;
        let side = |column: Column| column.eq(person.0).and(owned_within(scope, column));
        let select = meeting::Entity::find()
            .filter(side(Column::LeaderId).or(side(Column::CounterpartId)))
            .filter(Column::Status.eq(word(&MeetingStatus::Scheduled)))
            .filter(Column::StartsAt.lt(to_millis(between.end)))
            .filter(Column::EndsAt.gt(to_millis(between.start)));
        let rows = select.all(&self.tx).await?.into_iter();
        Ok(rows.filter_map(|row| Some(row.starts_at?..row.ends_at?)).collect())
    }

    /// When `person` is employed, and when they are on leave, if they are in reach.
    pub async fn at_work(
        &self,
        scope: &Scope<FreeTimes>,
        person: PersonKey,
    ) -> Result<(Vec<Spell>, Vec<Absence>), StoreError> {
        let spells = employment::Entity::find()
            .filter(employment::Column::PersonId.eq(person.0))
            .filter(owned_within(scope, employment::Column::PersonId));
        let absences = absence::Entity::find()
            .filter(absence::Column::PersonId.eq(person.0))
            .filter(owned_within(scope, absence::Column::PersonId));
        let spells = spells.all(&self.tx).await?.into_iter().map(|row| Spell {
            start: row.start_date,
            end: row.end_date,
        });
        let absences = absences.all(&self.tx).await?.into_iter().map(|row| Absence {
            start: row.start_date,
            end: row.end_date,
        });
        Ok((spells.collect(), absences.collect()))
    }
}

impl Write {
    /// Gives the viewer a feed, in place of the one they may have.
    pub async fn set_calendar_feed(
        &self,
        grant: &Grant<Subscribe>,
        hash: &CalendarHash,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        use calendar_feed::Column;
        let Some(me) = grant.person() else { return Ok(()) };
        let row = calendar_feed::ActiveModel {
            person_id: Set(me.0),
            secret_hash: Set(hash.as_str().to_owned()),
            created_at: Set(to_millis(now)),
        };
        let again = OnConflict::column(Column::PersonId)
            .update_columns([Column::SecretHash, Column::CreatedAt])
            .to_owned();
        calendar_feed::Entity::insert(row)
            .on_conflict(again)
            .exec_without_returning(&self.tx)
            .await?;
        Ok(())
    }

    /// Takes the viewer's feed back.
    pub async fn drop_calendar_feed(&self, grant: &Grant<Subscribe>) -> Result<(), StoreError> {
        let Some(me) = grant.person() else { return Ok(()) };
        let sql = "DELETE FROM calendar_feed WHERE person_id = $1";
        self.tx.execute_raw(self.sql(sql, [me.0.into()])).await?;
        Ok(())
    }
}

/// The appointment in a row; none while no time is agreed.
fn read(row: meeting::Model) -> Result<Option<AppointmentRow>, StoreError> {
    let Some((starts_at, ends_at)) = row.starts_at.zip(row.ends_at) else {
        return Ok(None);
    };
    Ok(Some(AppointmentRow {
        appointment: Appointment {
            meeting: row.id,
            sequence: row.sequence.try_into().unwrap_or(0),
            starts_at,
            ends_at,
            state: EventState::of(value(&row.status)?),
        },
        leader: PersonKey(row.leader_id),
        counterpart: PersonKey(row.counterpart_id),
    }))
}
