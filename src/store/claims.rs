//! Load claims: one row for a person's skip-level in an ISO week. The primary key is the load cap.

use chrono::{DateTime, Utc};
use entity::{load_claim, suggestion};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::OnConflict,
};
use uuid::Uuid;

use super::{StoreError, Write, to_millis};
use crate::{
    auth::scope::{Grant, action::Meet},
    domain::{Date, person::PersonKey, week::Week},
};

/// A person's skip-level in one ISO week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Whose load it is.
    pub person: PersonKey,
    /// In which week.
    pub week: Week,
    /// On which day; the Monday while only the week is known.
    pub day: Date,
    /// With whom.
    pub leader: PersonKey,
    /// By which suggestion.
    pub suggestion: Option<Uuid>,
    /// By which meeting.
    pub meeting: Option<Uuid>,
}

impl Write {
    /// The claims on `person` between two weeks, both included, but those of suggestions that expired unanswered.
    pub async fn claims(
        &self,
        _grant: &Grant<Meet>,
        person: PersonKey,
        weeks: (Week, Week),
        now: DateTime<Utc>,
    ) -> Result<Vec<Claim>, StoreError> {
        let open = suggestion::Entity::find()
            .select_only()
            .column(suggestion::Column::Id)
            .filter(suggestion::Column::ExpiresAt.gt(to_millis(now)));
        let alive = Condition::any()
            .add(load_claim::Column::MeetingId.is_not_null())
            .add(load_claim::Column::SuggestionId.in_subquery(open.into_query()));
        let select = load_claim::Entity::find()
            .filter(load_claim::Column::PersonId.eq(person.0))
            .filter(load_claim::Column::Week.between(weeks.0.starts_on(), weeks.1.starts_on()))
            .filter(alive)
            .order_by_asc(load_claim::Column::Week);
        let claim = |row: load_claim::Model| Claim {
            person,
            week: Week::of(row.week),
            day: row.day,
            leader: PersonKey(row.leader_id),
            suggestion: row.suggestion_id,
            meeting: row.meeting_id,
        };
        Ok(select.all(&self.tx).await?.into_iter().map(claim).collect())
    }

    /// Puts a claim in the place of whatever the caller has decided may give way in that week.
    pub async fn put_claim(&self, _grant: &Grant<Meet>, claim: &Claim) -> Result<(), StoreError> {
        use load_claim::Column;
        let replace = OnConflict::columns([Column::PersonId, Column::Week])
            .update_columns([Column::Day, Column::LeaderId, Column::SuggestionId, Column::MeetingId])
            .to_owned();
        load_claim::Entity::insert(claim_model(claim))
            .on_conflict(replace)
            .exec_without_returning(&self.tx)
            .await?;
        Ok(())
    }

    /// Gives up the claim of a suggestion or a meeting.
    pub async fn drop_claim(&self, _grant: &Grant<Meet>, of: Uuid) -> Result<(), StoreError> {
        let either = Condition::any()
            .add(load_claim::Column::SuggestionId.eq(of))
            .add(load_claim::Column::MeetingId.eq(of));
        load_claim::Entity::delete_many().filter(either).exec(&self.tx).await?;
        Ok(())
    }
}

/// The row that holds `claim`.
pub(super) fn claim_model(claim: &Claim) -> load_claim::ActiveModel {
    load_claim::ActiveModel {
        person_id: Set(claim.person.0),
        week: Set(claim.week.starts_on()),
        day: Set(claim.day),
        leader_id: Set(claim.leader.0),
        suggestion_id: Set(claim.suggestion),
        meeting_id: Set(claim.meeting),
    }
}
