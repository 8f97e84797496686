//! The draw: what it found, and whether there is more to find.

use chrono::{DateTime, Utc};
use entity::{empty_slot, load_claim, suggestion, weekly_draw};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, sea_query::OnConflict,
};

use super::{
    OrgState, Snapshot, StoreError, Write,
    chart::BULK,
    claims::{Claim, claim_model},
    code::word,
    suggestions::{SuggestionRow, model},
    to_millis,
};
use crate::{
    auth::scope::{Grant, action::Draw},
    domain::{meeting::MeetingKind, peers::Edge, person::PersonKey, rotation::EmptySlot, week::Week},
};

/// What a draw leaves behind.
#[derive(Clone, Debug)]
pub struct DrawnWeek {
    /// The week.
    pub week: Week,
    /// When.
    pub at: DateTime<Utc>,
    /// New suggestions; a skip-level comes with its claim.
    pub suggestions: Vec<SuggestionRow>,
    /// New peer edges.
    pub peers: Vec<Edge>,
    /// New empty slots.
    pub empty: Vec<EmptySlot>,
    /// Version of the settings it used.
    pub settings_version: i64,
    /// Seed it used.
    pub seed: i64,
}

impl Snapshot {
    /// Whether `week` was drawn over the chart as it is now, so that drawing it again would change nothing.
    pub async fn is_settled(&self, week: Week, state: &OrgState) -> Result<bool, StoreError> {
        let row = weekly_draw::Entity::find_by_id(week.starts_on()).one(&self.tx).await?;
        Ok(row.is_some_and(|row| row.org_version == state.version))
    }

    /// Version of the settings by which the newest run over `week` that found something was made.
    pub async fn drawn_by(&self, _grant: &Grant<Draw>, week: Week) -> Result<Option<i64>, StoreError> {
        let row = weekly_draw::Entity::find_by_id(week.starts_on()).one(&self.tx).await?;
        Ok(row.map(|row| row.settings_version))
    }

    /// Everything that was suggested for `week`, whatever became of it, in the order of leaders.
    pub async fn drawn(&self, _grant: &Grant<Draw>, week: Week) -> Result<Vec<SuggestionRow>, StoreError> {
        use sea_orm::QueryOrder;
        let select = suggestion::Entity::find()
            .filter(suggestion::Column::Week.eq(week.starts_on()))
            .order_by_asc(suggestion::Column::LeaderId)
            .order_by_asc(suggestion::Column::CreatedAt)
            .order_by_asc(suggestion::Column::Id);
        select.all(&self.tx).await?.into_iter().map(TryInto::try_into).collect()
    }

    /// The slots of `week` that stayed empty, in the order of leaders.
    pub async fn empty_slots(&self, _grant: &Grant<Draw>, week: Week) -> Result<Vec<EmptySlot>, StoreError> {
        use sea_orm::QueryOrder;
        let select = empty_slot::Entity::find()
            .filter(empty_slot::Column::Week.eq(week.starts_on()))
            .order_by_asc(empty_slot::Column::LeaderId);
        let slot = |row: empty_slot::Model| {
            let next_week = row.next_week.map(Week::of);
            Ok(EmptySlot {
                leader: PersonKey(row.leader_id),
                code: super::code::value(&row.code)?,
                next_week,
            })
        };
        select.all(&self.tx).await?.into_iter().map(slot).collect()
    }
}

impl Write {
    /// Writes what a draw found. The primary key of the claims refuses a second skip-level of a person in the week.
    pub async fn save_draw(&self, grant: &Grant<Draw>, drawn: &DrawnWeek) -> Result<(), StoreError> {
        let version = self.org_state().await?.version;
        let row = weekly_draw::ActiveModel {
            week: Set(drawn.week.starts_on()),
            drawn_at: Set(to_millis(drawn.at)),
            org_version: Set(version),
            settings_version: Set(drawn.settings_version),
            seed: Set(drawn.seed),
        };
        let mut again = OnConflict::column(weekly_draw::Column::Week);
        again.update_column(weekly_draw::Column::OrgVersion);
        if !(drawn.suggestions.is_empty() && drawn.empty.is_empty()) {
            // What stands there already follows from the settings of its own run.
            again.update_column(weekly_draw::Column::SettingsVersion);
        }
        weekly_draw::Entity::insert(row)
            .on_conflict(again)
            .exec_without_returning(&self.tx)
            .await?;
        for rows in drawn.suggestions.chunks(BULK) {
            let models = rows
                .iter()
                .map(|row| model(row).map(IntoActiveModel::into_active_model));
            let models = models.collect::<Result<Vec<_>, _>>()?;
            suggestion::Entity::insert_many(models)
                .exec_without_returning(&self.tx)
                .await?;
        }
        // A claim that stands in that week belongs to a suggestion that expired unanswered: the draw saw it so.
        let stale = "DELETE FROM load_claim WHERE week = $1 AND meeting_id IS NULL AND suggestion_id IN \
                     (SELECT id FROM suggestion WHERE week = $1 AND expires_at <= $2)";
        let values = [drawn.week.starts_on().into(), to_millis(drawn.at).into()];
        self.tx.execute_raw(self.sql(stale, values)).await?;
        let skip_levels = drawn
            .suggestions
            .iter()
            .filter(|row| row.kind == MeetingKind::SkipLevel);
        for rows in skip_levels.collect::<Vec<_>>().chunks(BULK) {
            load_claim::Entity::insert_many(rows.iter().map(|row| claim_model(&claim_of(row))))
                .exec_without_returning(&self.tx)
                .await?;
        }
        self.add_peers(grant, &drawn.peers, drawn.at).await?;
        for slots in drawn.empty.chunks(BULK) {
            let models = slots.iter().map(|slot| slot_model(drawn.week, slot));
            empty_slot::Entity::insert_many(models)
                .exec_without_returning(&self.tx)
                .await?;
        }
        Ok(())
    }
}

/// The row that holds an empty slot of `week`.
pub(super) fn slot_model(week: Week, slot: &EmptySlot) -> empty_slot::ActiveModel {
    empty_slot::ActiveModel {
        week: Set(week.starts_on()),
        leader_id: Set(slot.leader.0),
        code: Set(word(&slot.code)),
        next_week: Set(slot.next_week.map(Week::starts_on)),
    }
}

/// The claim of a suggestion whose day is open.
pub(crate) fn claim_of(row: &SuggestionRow) -> Claim {
    Claim {
        person: row.counterpart,
        week: row.week,
        day: row.week.starts_on(),
        leader: row.leader,
        suggestion: Some(row.id),
        meeting: None,
    }
}
