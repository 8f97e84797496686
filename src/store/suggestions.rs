//! Suggestions, in reach, and the load claims behind them.

use std::ops::RangeInclusive;

use chrono::{DateTime, Utc};
use entity::{empty_slot, suggestion};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, Select, sea_query::Expr,
};
use uuid::Uuid;

use super::{
    PageRequest, Slice, Snapshot, StoreError, Write,
    code::{maybe, value, word},
    order::{Key, KeyKind},
    to_millis,
    within::owned_within,
};
use crate::{
    auth::scope::{
        Grant, Scope,
        action::Meet,
        facet::{Cards, Suggestions},
    },
    domain::{
        meeting::{Band, MeetingKind},
        person::PersonKey,
        suggestion::{InvalidReason, NoSuggestionCode, Reason, SuggestionStatus},
        week::Week,
    },
};

/// One suggestion. Its status is the stored one; past `expires_at` an OPEN one is EXPIRED.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuggestionRow {
    /// Public id.
    pub id: Uuid,
    /// The week it is for.
    pub week: Week,
    /// Whom it is made to.
    pub leader: PersonKey,
    /// Whom they should meet.
    pub counterpart: PersonKey,
    /// Kind of the 1:1.
    pub kind: MeetingKind,
    /// As stored.
    pub status: SuggestionStatus,
    /// Lines between the two at the draw.
    pub distance: Option<u32>,
    /// The direct report of the leader through whom the counterpart is reached.
    pub branch: Option<PersonKey>,
    /// Band, where the leader has bands.
    pub band: Option<Band>,
    /// Why, with numbers as of the draw.
    pub reasons: Vec<Reason>,
    /// Why it was taken away.
    pub invalid_reason: Option<InvalidReason>,
    /// The suggestion that this one replaced.
    pub replaces: Option<Uuid>,
    /// Of a PEER suggestion: the one made to the other side. Both are answered by one.
    pub twin: Option<Uuid>,
    /// When it was drawn.
    pub created_at: DateTime<Utc>,
    /// The end of its week.
    pub expires_at: DateTime<Utc>,
}

impl SuggestionRow {
    /// What time has made of the stored status.
    pub fn status_at(&self, now: DateTime<Utc>) -> SuggestionStatus {
        match self.status {
            SuggestionStatus::Open if self.expires_at <= now => SuggestionStatus::Expired,
            status => status,
        }
    }
}

/// Which suggestions; all conditions hold together.
#[derive(Clone, Debug, Default)]
pub struct SuggestionFilter {
    /// For this week.
    pub week: Option<Week>,
    /// Of this kind.
    pub kind: Option<MeetingKind>,
    /// Of this status at `now`.
    pub status: Option<(SuggestionStatus, DateTime<Utc>)>,
    /// Made to this leader.
    pub leader: Option<PersonKey>,
}

impl Snapshot {
    /// One page of the suggestions in reach, newest week first.
    pub async fn suggestions(
        &self,
        scope: &Scope<Suggestions>,
        cards: &Scope<Cards>,
        filter: &SuggestionFilter,
        page: &PageRequest,
    ) -> Result<Slice<SuggestionRow>, StoreError> {
        let week = Expr::col((suggestion::Entity, suggestion::Column::Week));
        let id = Expr::col((suggestion::Entity, suggestion::Column::Id));
        let keys = vec![Key::descending_by(week, KeyKind::Day), Key::ascending(id, KeyKind::Id)];
        let slice = self.page(select(scope, cards, filter), keys, page).await?;
        let rows = slice
            .rows
            .into_iter()
            .map(|(cursor, row)| Ok((cursor, row.try_into()?)));
        let rows = rows.collect::<Result<_, StoreError>>()?;
        Ok(Slice {
            rows,
            has_next: slice.has_next,
            has_previous: slice.has_previous,
        })
    }

    /// How many suggestions are in reach.
    pub async fn suggestions_count(
        &self,
        scope: &Scope<Suggestions>,
        cards: &Scope<Cards>,
        filter: &SuggestionFilter,
    ) -> Result<u64, StoreError> {
        Ok(select(scope, cards, filter).count(&self.tx).await?)
    }

    /// The suggestions with these public ids, as far as they are in reach; in no order.
    pub async fn suggestions_by_id(
        &self,
        scope: &Scope<Suggestions>,
        cards: &Scope<Cards>,
        ids: Vec<Uuid>,
    ) -> Result<Vec<SuggestionRow>, StoreError> {
        let select = select(scope, cards, &SuggestionFilter::default()).filter(suggestion::Column::Id.is_in(ids));
        rows(select.all(&self.tx).await?)
    }

    /// What a leader was told in these weeks, week by week in the order it was drawn: suggestions, in reach.
    pub async fn told(
        &self,
        scope: &Scope<Suggestions>,
        cards: &Scope<Cards>,
        leader: PersonKey,
        weeks: RangeInclusive<Week>,
    ) -> Result<Vec<SuggestionRow>, StoreError> {
        let filter = SuggestionFilter {
            leader: Some(leader),
            ..Default::default()
        };
        let (first, last) = (weeks.start().starts_on(), weeks.end().starts_on());
        let select = select(scope, cards, &filter)
            .filter(suggestion::Column::Week.between(first, last))
            .order_by_asc(suggestion::Column::Week)
            .order_by_asc(suggestion::Column::CreatedAt)
            .order_by_asc(suggestion::Column::Id);
        rows(select.all(&self.tx).await?)
    }

    /// In which of these weeks the draw found nobody for `leader`, why, and the next week in which there will be somebody.
    pub async fn told_nobody(
        &self,
        scope: &Scope<Suggestions>,
        leader: PersonKey,
        weeks: RangeInclusive<Week>,
    ) -> Result<Vec<(Week, NoSuggestionCode, Option<Week>)>, StoreError> {
        if scope.viewer() != Some(leader) && !scope.is_everyone() {
            return Ok(vec![]);
        }
        let (first, last) = (weeks.start().starts_on(), weeks.end().starts_on());
        let slots = empty_slot::Entity::find()
            .filter(empty_slot::Column::LeaderId.eq(leader.0))
            .filter(empty_slot::Column::Week.between(first, last))
            .order_by_asc(empty_slot::Column::Week);
        let slot = |row: empty_slot::Model| {
            let next = row.next_week.map(Week::of);
            Ok((Week::of(row.week), value(&row.code)?, next))
        };
        slots.all(&self.tx).await?.into_iter().map(slot).collect()
    }
}

impl Write {
    /// Sets the status of a suggestion of the viewer's own, or of its twin.
    pub async fn change_suggestion(
        &self,
        _grant: &Grant<Meet>,
        id: Uuid,
        status: SuggestionStatus,
    ) -> Result<(), StoreError> {
        let row = suggestion::ActiveModel {
            id: Set(id),
            status: Set(word(&status)),
            ..Default::default()
        };
        row.update(&self.tx).await?;
        Ok(())
    }

    /// Writes a suggestion that replaces another one.
    pub async fn add_suggestion(&self, _grant: &Grant<Meet>, row: &SuggestionRow) -> Result<(), StoreError> {
        model(row)?.into_active_model().insert(&self.tx).await?;
        Ok(())
    }

    /// The OPEN suggestion of these two that comes first, if any.
    pub async fn open_suggestion(
        &self,
        _grant: &Grant<Meet>,
        leader: PersonKey,
        counterpart: PersonKey,
        now: DateTime<Utc>,
    ) -> Result<Option<SuggestionRow>, StoreError> {
        let select = suggestion::Entity::find()
            .filter(suggestion::Column::LeaderId.eq(leader.0))
            .filter(suggestion::Column::CounterpartId.eq(counterpart.0))
            .filter(status_is(SuggestionStatus::Open, now))
            .order_by_asc(suggestion::Column::Week);
        select.one(&self.tx).await?.map(TryInto::try_into).transpose()
    }

    /// Takes away an OPEN suggestion made to somebody else than the viewer, because of what the viewer does.
    pub async fn take_away(&self, _grant: &Grant<Meet>, id: Uuid, reason: InvalidReason) -> Result<(), StoreError> {
        let row = suggestion::ActiveModel {
            id: Set(id),
            status: Set(word(&SuggestionStatus::Invalidated)),
            invalid_reason: Set(Some(word(&reason))),
            ..Default::default()
        };
        row.update(&self.tx).await?;
        Ok(())
    }
}

impl TryFrom<suggestion::Model> for SuggestionRow {
    type Error = StoreError;

    fn try_from(row: suggestion::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            week: Week::of(row.week),
            leader: PersonKey(row.leader_id),
            counterpart: PersonKey(row.counterpart_id),
            kind: value(&row.kind)?,
            status: value(&row.status)?,
            distance: row.distance.and_then(|distance| distance.try_into().ok()),
            branch: row.branch_id.map(PersonKey),
            band: maybe(row.band.as_deref())?,
            reasons: serde_json::from_str(&row.reasons).map_err(|cause| StoreError::Row(cause.to_string()))?,
            invalid_reason: maybe(row.invalid_reason.as_deref())?,
            replaces: row.replaces_id,
            twin: row.twin_id,
            created_at: row.created_at,
            expires_at: row.expires_at,
        })
    }
}

/// The row that holds `row`.
pub(super) fn model(row: &SuggestionRow) -> Result<suggestion::Model, StoreError> {
    Ok(suggestion::Model {
        id: row.id,
        week: row.week.starts_on(),
        leader_id: row.leader.0,
        counterpart_id: row.counterpart.0,
        kind: word(&row.kind),
        status: word(&row.status),
        distance: row.distance.and_then(|distance| distance.try_into().ok()),
        branch_id: row.branch.map(|key| key.0),
        band: row.band.map(|band| word(&band)),
        reasons: serde_json::to_string(&row.reasons).map_err(|cause| StoreError::Row(cause.to_string()))?,
        invalid_reason: row.invalid_reason.map(|reason| word(&reason)),
        replaces_id: row.replaces,
        twin_id: row.twin,
        created_at: to_millis(row.created_at),
        expires_at: to_millis(row.expires_at),
    })
}

fn rows(rows: Vec<suggestion::Model>) -> Result<Vec<SuggestionRow>, StoreError> {
    rows.into_iter().map(TryInto::try_into).collect()
}

/// The viewer's own suggestions; an HR admin's are everybody's. One is shown only while its counterpart is in reach,
/// because it shows their card; while it is live, it puts them in reach itself.
fn in_reach(scope: &Scope<Suggestions>, cards: &Scope<Cards>) -> Condition {
    use suggestion::Column;
    if scope.is_everyone() {
        return Condition::all();
    }
    let Some(me) = scope.viewer() else {
        return Condition::all().add(Expr::value(false));
    };
    Condition::all()
        .add(Column::LeaderId.eq(me.0))
        .add(owned_within(cards, Column::CounterpartId))
}

fn select(scope: &Scope<Suggestions>, cards: &Scope<Cards>, filter: &SuggestionFilter) -> Select<suggestion::Entity> {
    use suggestion::Column;
    let mut all = Condition::all().add(in_reach(scope, cards));
    all = all.add_option(filter.week.map(|week| Column::Week.eq(week.starts_on())));
    all = all.add_option(filter.kind.map(|kind| Column::Kind.eq(word(&kind))));
    all = all.add_option(filter.leader.map(|leader| Column::LeaderId.eq(leader.0)));
    if let Some((status, now)) = filter.status {
        all = all.add(status_is(status, now));
    }
    suggestion::Entity::find().filter(all)
}

fn status_is(status: SuggestionStatus, now: DateTime<Utc>) -> Condition {
    use suggestion::Column;
    let now = to_millis(now);
    let open = || Condition::all().add(Column::Status.eq(word(&SuggestionStatus::Open)));
    match status {
        SuggestionStatus::Open => open().add(Column::ExpiresAt.gt(now)),
        SuggestionStatus::Expired => Condition::any()
            .add(Column::Status.eq(word(&SuggestionStatus::Expired)))
            .add(open().add(Column::ExpiresAt.lte(now))),
        status => Condition::all().add(Column::Status.eq(word(&status))),
    }
}
