//! Filling a new database with what has gone by, in bulk: for demonstrations and measurements.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::{empty_slot, load_claim, meeting, suggestion, weekly_draw};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, IntoActiveModel};

use super::{
    Claim, DrawnWeek, MeetingRow, StoreError, Write,
    chart::{BULK, values_list},
    draw, meetings, suggestions, to_millis,
};
use crate::{
    auth::scope::{
        Grant,
        action::{Draw, Sync},
    },
    domain::{person::PersonKey, rotation::EmptySlot, week::Week},
};

/// Weeks that have gone by.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// Draws, each with its empty slots and its suggestions as they stand now.
    pub weeks: Vec<DrawnWeek>,
    /// Meetings, each with the instant at which it was agreed.
    pub meetings: Vec<(MeetingRow, DateTime<Utc>)>,
    /// The claims of the meetings that took place or may have.
    pub claims: Vec<Claim>,
}

impl Write {
    /// Lets all draws from now on follow from `seed` instead of from the one the database made for itself.
    pub async fn seed_draws(&self, _grant: &Grant<Draw>, seed: i64) -> Result<(), StoreError> {
        self.tx
            .execute_raw(self.sql("UPDATE org_state SET draw_seed = $1", [seed.into()]))
            .await?;
        Ok(())
    }

    /// Says in which time zone people work.
    pub async fn set_time_zones(&self, _grant: &Grant<Sync>, zones: &[(PersonKey, Tz)]) -> Result<(), StoreError> {
        for zones in zones.chunks(BULK) {
            let sql = format!(
                "WITH v(id, time_zone) AS ({}) UPDATE person SET time_zone = v.time_zone FROM v WHERE person.id = v.id",
                values_list(zones.len(), 2)
            );
            let values = zones
                .iter()
                .flat_map(|(person, zone)| [person.0.into(), zone.name().into()]);
            let values: Vec<sea_orm::Value> = values.collect();
            self.tx.execute_raw(self.sql(&sql, values)).await?;
        }
        Ok(())
    }

    /// Writes weeks that nobody has drawn yet.
    pub async fn save_history(&self, _grant: &Grant<Draw>, history: &History) -> Result<(), StoreError> {
        let org_version = self.org_state().await?.version;
        for weeks in history.weeks.chunks(BULK) {
            let rows = weeks.iter().map(|drawn| weekly_draw::ActiveModel {
                week: Set(drawn.week.starts_on()),
                drawn_at: Set(to_millis(drawn.at)),
                org_version: Set(org_version),
                settings_version: Set(drawn.settings_version),
                seed: Set(drawn.seed),
            });
            weekly_draw::Entity::insert_many(rows)
                .exec_without_returning(&self.tx)
                .await?;
        }
        let empty: Vec<(Week, EmptySlot)> = history
            .weeks
            .iter()
            .flat_map(|drawn| drawn.empty.iter().map(|&slot| (drawn.week, slot)))
            .collect();
        for slots in empty.chunks(BULK) {
            let rows = slots.iter().map(|(week, slot)| draw::slot_model(*week, slot));
            empty_slot::Entity::insert_many(rows)
                .exec_without_returning(&self.tx)
                .await?;
        }
        let suggested: Vec<_> = history.weeks.iter().flat_map(|drawn| &drawn.suggestions).collect();
        for rows in suggested.chunks(BULK) {
            let rows = rows
                .iter()
                .map(|row| suggestions::model(row).map(IntoActiveModel::into_active_model));
            let rows = rows.collect::<Result<Vec<_>, _>>()?;
            suggestion::Entity::insert_many(rows)
                .exec_without_returning(&self.tx)
                .await?;
        }
        for rows in history.meetings.chunks(BULK) {
            let rows = rows.iter().map(|(row, agreed_at)| meeting::ActiveModel {
                created_at: Set(to_millis(*agreed_at)),
                ..meetings::model(row).into_active_model()
            });
            meeting::Entity::insert_many(rows)
                .exec_without_returning(&self.tx)
                .await?;
        }
        for claims in history.claims.chunks(BULK) {
            let rows = claims.iter().map(super::claims::claim_model);
            load_claim::Entity::insert_many(rows)
                .exec_without_returning(&self.tx)
                .await?;
        }
        Ok(())
    }
}
