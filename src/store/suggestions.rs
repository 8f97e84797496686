//! Suggestions, in reach, and the load claims behind them.

use chrono::{DateTime, Utc};
use entity::{empty_slot, load_claim, suggestion, weekly_draw};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
    sea_query::{Expr, OnConflict},
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
        Date,
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

    /// What a leader was told in `week` in the order it was drawn: suggestions, in reach.
    pub async fn week_of(
        &self,
        scope: &Scope<Suggestions>,
        cards: &Scope<Cards>,
        leader: PersonKey,
        week: Week,
    ) -> Result<Vec<SuggestionRow>, StoreError> {
        let filter = SuggestionFilter {
            week: Some(week),
            leader: Some(leader),
            ..Default::default()
        };
        let select = select(scope, cards, &filter)
            .order_by_asc(suggestion::Column::CreatedAt)
            .order_by_asc(suggestion::Column::Id);
        rows(select.all(&self.tx).await?)
    }

    /// Why the draw found nobody for `leader` in `week`, and the next week in which there will be somebody.
    pub async fn empty_slot(
        &self,
        scope: &Scope<Suggestions>,
        leader: PersonKey,
        week: Week,
    ) -> Result<Option<(NoSuggestionCode, Option<Week>)>, StoreError> {
        if scope.viewer() != Some(leader) && !scope.is_everyone() {
            return Ok(None);
        }
        let row = empty_slot::Entity::find_by_id((week.starts_on(), leader.0))
            .one(&self.tx)
            .await?;
        row.map(|row| Ok((value(&row.code)?, row.next_week.map(Week::of))))
            .transpose()
    }

    /// Whether `week` has been drawn.
    pub async fn is_drawn(&self, week: Week) -> Result<bool, StoreError> {
        Ok(weekly_draw::Entity::find_by_id(week.starts_on())
            .one(&self.tx)
            .await?
            .is_some())
    }
}

impl Write {
    /// Sets the status of a suggestion of the viewer's own.
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

    /// Takes away an OPEN suggestion of another leader, because a skip-level that took place comes before it.
    pub async fn give_way(&self, _grant: &Grant<Meet>, suggestion: Uuid) -> Result<(), StoreError> {
        let row = suggestion::ActiveModel {
            id: Set(suggestion),
            status: Set(word(&SuggestionStatus::Invalidated)),
            invalid_reason: Set(Some(word(&InvalidReason::LoadCap))),
            ..Default::default()
        };
        row.update(&self.tx).await?;
        Ok(())
    }

    /// Acts on leave, exits and re-orgs in force today: takes away the OPEN suggestions and cancels the scheduled
    /// meetings that they concern, and gives up their claims.
    pub(super) async fn invalidate(&self, today: Date) -> Result<(), StoreError> {
        let sql = |text: &str, values: Vec<sea_orm::Value>| self.sql(text, values);
        let this_week = Week::of(today).starts_on();
        let mark = |reason: InvalidReason, condition: &str| {
            format!(
                "UPDATE suggestion SET status = '{}', invalid_reason = '{}' WHERE status = '{}' AND kind = '{}' AND week >= $1 AND ({condition})",
                word(&SuggestionStatus::Invalidated),
                word(&reason),
                word(&SuggestionStatus::Open),
                word(&MeetingKind::SkipLevel),
            )
        };
        let either_absent = "EXISTS (SELECT 1 FROM person p WHERE p.id IN (suggestion.leader_id, suggestion.counterpart_id) AND p.path IS NULL)";
        let either_on_leave = "EXISTS (SELECT 1 FROM absence a WHERE a.person_id IN (suggestion.leader_id, suggestion.counterpart_id) \
             AND a.start_date <= suggestion.week + 6 AND (a.end_date IS NULL OR a.end_date >= suggestion.week))";
        let on_leave_sqlite = either_on_leave.replace("suggestion.week + 6", "date(suggestion.week, '+6 days')");
        let on_leave = if self.backend() == sea_orm::DbBackend::Sqlite {
            on_leave_sqlite.as_str()
        } else {
            either_on_leave
        };
        let not_far_below = "NOT EXISTS (SELECT 1 FROM person l JOIN person p ON p.path >= l.path || '.' AND p.path < l.path || '/' \
             AND p.depth >= l.depth + 2 WHERE l.id = suggestion.leader_id AND p.id = suggestion.counterpart_id)";
        for (reason, condition) in [
            (InvalidReason::Left, either_absent),
            (InvalidReason::OnLeave, on_leave),
            (InvalidReason::Reorganised, not_far_below),
        ] {
            self.tx
                .execute_raw(sql(&mark(reason, condition), vec![this_week.into()]))
                .await?;
        }
        let cancel = "UPDATE meeting SET status = 'CANCELLED', closed_on = $1 WHERE status = 'SCHEDULED' AND (day IS NULL OR day >= $2) \
             AND EXISTS (SELECT 1 FROM person p WHERE p.id IN (meeting.leader_id, meeting.counterpart_id) AND p.status = 'TERMINATED')";
        self.tx
            .execute_raw(sql(cancel, vec![today.into(), today.into()]))
            .await?;
        let free = "DELETE FROM load_claim WHERE week >= $1 AND (\
             EXISTS (SELECT 1 FROM suggestion s WHERE s.id = load_claim.suggestion_id AND load_claim.meeting_id IS NULL AND s.status = 'INVALIDATED') \
             OR EXISTS (SELECT 1 FROM meeting m WHERE m.id = load_claim.meeting_id AND m.status = 'CANCELLED'))";
        self.tx.execute_raw(sql(free, vec![this_week.into()])).await?;
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
        created_at: to_millis(row.created_at),
        expires_at: to_millis(row.expires_at),
    })
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
