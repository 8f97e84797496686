//! Meetings, in reach.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::meeting;
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, FromQueryResult, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
    sea_query::{CaseStatement, Expr, ExprTrait, SimpleExpr, UnionType},
};
use uuid::Uuid;

use super::{
    Cause, PageRequest, Slice, Snapshot, StoreError, Write,
    changes::cancelled,
    code::{maybe, value, word},
    order::{Key, KeyKind},
    to_millis,
    within::owned_within,
};
use crate::{
    auth::scope::{
        Grant, Scope,
        action::Meet,
        facet::{Meetings, Profiles},
    },
    domain::{
        Date,
        calendar::EventState,
        meeting::{Band, CancelReason, Evidence, MeetingKind, MeetingOrigin, MeetingStatus},
        person::PersonKey,
    },
};

/// One meeting. Its status is the stored one: [`status_at`](crate::domain::meeting::status_at) tells what time made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeetingRow {
    /// Public id.
    pub id: Uuid,
    /// The senior side; of a PEER meeting the one who arranged it.
    pub leader: PersonKey,
    /// The other one.
    pub counterpart: PersonKey,
    /// Frozen.
    pub kind: MeetingKind,
    /// As stored.
    pub status: MeetingStatus,
    /// Where it came from.
    pub origin: MeetingOrigin,
    /// Lines between the two when it was created; none for peers.
    pub distance: Option<u32>,
    /// The direct report of the leader through whom the counterpart was reached.
    pub branch: Option<PersonKey>,
    /// Frozen; none where the leader has no bands.
    pub band: Option<Band>,
    /// Its day in the organisation's time zone.
    pub day: Option<Date>,
    /// Agreed start.
    pub starts_at: Option<DateTime<Utc>>,
    /// Agreed end; of a meeting agreed for a week, the end of the week.
    pub ends_at: Option<DateTime<Utc>>,
    /// When it took place.
    pub held_at: Option<DateTime<Utc>>,
    /// The suggestion it was accepted from.
    pub suggestion: Option<Uuid>,
    /// When it was cancelled or declined.
    pub closed_on: Option<Date>,
    /// Why it was cancelled, where neither of the two did it.
    pub cancel_reason: Option<CancelReason>,
    /// Why it counts as held; none until it does.
    pub evidence: Option<Evidence>,
}

impl MeetingRow {
    /// Whether `person` is one of the two.
    pub fn involves(&self, person: PersonKey) -> bool {
        self.leader == person || self.counterpart == person
    }
}

/// A meeting to be written.
pub type NewMeeting = MeetingRow;

/// Which meetings; all conditions hold together.
#[derive(Clone, Debug, Default)]
pub struct MeetingFilter {
    /// Status at the instant given beside it.
    pub status: Option<MeetingStatus>,
    /// Kind.
    pub kind: Option<MeetingKind>,
    /// Each of these people is one of the two.
    pub people: Vec<PersonKey>,
    /// On this day or later.
    pub from: Option<Date>,
    /// On this day or earlier.
    pub to: Option<Date>,
    /// Scheduled meetings that ended before this count as UNCONFIRMED.
    pub unconfirmed_before: Option<DateTime<Utc>>,
}

/// When somebody was last heard, in three readings; who may read which, `app` decides.
#[derive(Clone, Copy, Debug, Default, FromQueryResult)]
pub struct Heard {
    /// Newest HELD skip-level with anybody.
    pub newest: Option<Date>,
    /// Newest one with the viewer.
    pub by_viewer: Option<Date>,
    /// Newest one before the day given.
    pub before: Option<Date>,
}

impl Snapshot {
    /// One page of the meetings in reach, newest day first; those without a day before all others.
    pub async fn meetings(
        &self,
        scope: &Scope<Meetings>,
        filter: &MeetingFilter,
        page: &PageRequest,
    ) -> Result<Slice<MeetingRow>, StoreError> {
        let never = Date::from_ymd_opt(9999, 12, 31).unwrap_or(Date::MAX);
        let day = Expr::col((meeting::Entity, meeting::Column::Day)).if_null(never);
        let id = Expr::col((meeting::Entity, meeting::Column::Id));
        let keys = vec![
            Key::descending_by(day, KeyKind::Day),
            Key::descending_by(id, KeyKind::Id),
        ];
        let slice = self.page(select(scope, filter), keys, page).await?;
        let rows = slice
            .rows
            .into_iter()
            .map(|(cursor, row)| Ok((cursor, shown(scope, row)?)));
        let rows = rows.collect::<Result<_, StoreError>>()?;
        Ok(Slice {
            rows,
            has_next: slice.has_next,
            has_previous: slice.has_previous,
        })
    }

    /// The viewer's own SCHEDULED meetings that have no time yet, or whose time has gone by; with the instants at which they
    /// were agreed or asked for. Those that ended last come first.
    pub async fn open_meetings(
        &self,
        scope: &Scope<Meetings>,
        now: DateTime<Utc>,
        most: u64,
    ) -> Result<Vec<(MeetingRow, DateTime<Utc>)>, StoreError> {
        use meeting::Column;
        let due = Condition::any()
            .add(Column::StartsAt.is_null())
            .add(Column::EndsAt.lte(to_millis(now)));
        let select = meeting::Entity::find()
            .filter(own(scope))
            .filter(Column::Status.eq(word(&MeetingStatus::Scheduled)))
            .filter(due)
            .order_by_desc(Column::EndsAt)
            .order_by_asc(Column::Id)
            .limit(most);
        let rows = select.all(&self.tx).await?.into_iter();
        rows.map(|row| {
            let created_at = row.created_at;
            Ok((row.try_into()?, created_at))
        })
        .collect()
    }

    /// How many meetings are in reach.
    pub async fn meetings_count(&self, scope: &Scope<Meetings>, filter: &MeetingFilter) -> Result<u64, StoreError> {
        Ok(select(scope, filter).count(&self.tx).await?)
    }

    /// The meetings with these public ids, as far as they are in reach; in no order.
    pub async fn meetings_by_id(&self, scope: &Scope<Meetings>, ids: Vec<Uuid>) -> Result<Vec<MeetingRow>, StoreError> {
        let select = select(scope, &MeetingFilter::default()).filter(meeting::Column::Id.is_in(ids));
        let rows = select.all(&self.tx).await?.into_iter();
        rows.map(|row| shown(scope, row)).collect()
    }

    /// The meetings that these suggestions became, as far as they are in reach.
    pub async fn meetings_of_suggestions(
        &self,
        scope: &Scope<Meetings>,
        suggestions: Vec<Uuid>,
    ) -> Result<Vec<MeetingRow>, StoreError> {
        let select = select(scope, &MeetingFilter::default()).filter(meeting::Column::SuggestionId.is_in(suggestions));
        let rows = select.all(&self.tx).await?.into_iter();
        rows.map(|row| shown(scope, row)).collect()
    }

    /// The newest HELD meeting of the viewer with each of these people.
    pub async fn last_met(
        &self,
        scope: &Scope<Meetings>,
        people: &[PersonKey],
    ) -> Result<HashMap<PersonKey, MeetingRow>, StoreError> {
        let Some(me) = scope.viewer() else {
            return Ok(HashMap::new());
        };
        let keys: Vec<i64> = people.iter().map(|key| key.0).collect();
        let held = || meeting::Entity::find().filter(meeting::Column::Status.eq(word(&MeetingStatus::Held)));
        // The newest of each pair, found by its rank, so that years of weekly meetings stay in the database.
        let ranked = |mine: meeting::Column, theirs: meeting::Column| {
            let rank = Expr::cust(format!(
                "ROW_NUMBER() OVER (PARTITION BY {} ORDER BY held_at DESC, id DESC)",
                sea_orm::IdenStatic::as_str(&theirs)
            ));
            let inner = held()
                .select_only()
                .column(meeting::Column::Id)
                .expr_as(rank, "rank")
                .filter(mine.eq(me.0))
                .filter(theirs.is_in(keys.clone()));
            let mut newest = sea_orm::sea_query::Query::select();
            newest
                .column("id")
                .from_subquery(inner.into_query(), "ranked")
                .and_where(Expr::col("rank").eq(1));
            newest
        };
        // One list of ids: of two alternatives the databases make a walk through all meetings.
        let mut newest = ranked(meeting::Column::LeaderId, meeting::Column::CounterpartId);
        newest.union(
            UnionType::All,
            ranked(meeting::Column::CounterpartId, meeting::Column::LeaderId),
        );
        let ids = meeting::Column::Id.in_subquery(newest);
        let mut last: HashMap<PersonKey, MeetingRow> = HashMap::new();
        for row in rows(meeting::Entity::find().filter(ids).all(&self.tx).await?)? {
            let other = if row.leader == me { row.counterpart } else { row.leader };
            let newer = last.get(&other).is_none_or(|known| known.held_at < row.held_at);
            if newer {
                last.insert(other, row);
            }
        }
        Ok(last)
    }

    /// When each of these people was last heard, as far as their profile is in reach. `before` limits the third reading.
    pub async fn last_heard(
        &self,
        scope: &Scope<Profiles>,
        people: &[PersonKey],
        before: Date,
    ) -> Result<HashMap<PersonKey, Heard>, StoreError> {
        // Built, not spelled: a custom text with values numbers its parameters on one database only.
        let day = || Expr::col((meeting::Entity, meeting::Column::Day));
        let case = |condition: SimpleExpr| Expr::expr(CaseStatement::new().case(condition, day())).max();
        let me = scope.viewer().map_or(0, |key| key.0);
        let select = meeting::Entity::find()
            .select_only()
            .column(meeting::Column::CounterpartId)
            .expr_as(day().max(), "newest")
            .expr_as(case(meeting::Column::LeaderId.eq(me)), "by_viewer")
            .expr_as(case(meeting::Column::Day.lt(before)), "before")
            .filter(meeting::Column::Kind.eq(word(&MeetingKind::SkipLevel)))
            .filter(meeting::Column::Status.eq(word(&MeetingStatus::Held)))
            .filter(meeting::Column::CounterpartId.is_in(people.iter().map(|key| key.0)))
            .filter(owned_within(scope, meeting::Column::CounterpartId))
            .group_by(meeting::Column::CounterpartId);
        let rows = sea_orm::ConnectionTrait::query_all(&self.tx, &select.into_query()).await?;
        let row = |row: sea_orm::QueryResult| {
            Ok((
                PersonKey(row.try_get("", "counterpart_id")?),
                Heard::from_query_result(&row, "")?,
            ))
        };
        rows.into_iter().map(row).collect()
    }

    /// The SCHEDULED meeting of these two for which no time is agreed; of peers either may have accepted it.
    pub async fn untimed_meeting(
        &self,
        _grant: &Grant<Meet>,
        leader: PersonKey,
        counterpart: PersonKey,
    ) -> Result<Option<MeetingRow>, StoreError> {
        use meeting::Column;
        let pair = |leader: PersonKey, counterpart: PersonKey| {
            Column::LeaderId
                .eq(leader.0)
                .and(Column::CounterpartId.eq(counterpart.0))
        };
        let of_peers = Column::Kind.eq(word(&MeetingKind::Peer)).and(pair(counterpart, leader));
        let select = meeting::Entity::find()
            .filter(pair(leader, counterpart).or(of_peers))
            .filter(Column::Status.eq(word(&MeetingStatus::Scheduled)))
            .filter(Column::StartsAt.is_null())
            .order_by_asc(Column::CreatedAt);
        select.one(&self.tx).await?.map(TryInto::try_into).transpose()
    }
}

impl Write {
    /// Writes a new meeting.
    pub async fn add_meeting(
        &self,
        _grant: &Grant<Meet>,
        meeting: &NewMeeting,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut row = model(meeting).into_active_model();
        row.created_at = Set(to_millis(now));
        row.insert(&self.tx).await?;
        Ok(())
    }

    /// Writes what has changed of a meeting: status, evidence, times, closing day, the suggestion it answers.
    pub async fn change_meeting(
        &self,
        _grant: &Grant<Meet>,
        meeting: &MeetingRow,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.update_meeting(meeting, &Cause::itself(now)).await
    }

    /// As [`Write::change_meeting`]. A decline is told as what it looks like to everybody but the two: called off.
    pub(super) async fn update_meeting(&self, meeting: &MeetingRow, cause: &Cause) -> Result<(), StoreError> {
        let stored = meeting::Entity::find_by_id(meeting.id).one(&self.tx).await?;
        let stored = stored.ok_or_else(|| StoreError::Row("a meeting to change is not there".to_owned()))?;
        let (before, after) = (EventState::of(value(&stored.status)?), EventState::of(meeting.status));
        if (before, after) == (EventState::Confirmed, EventState::Cancelled) {
            let told = cancelled(meeting.id, meeting.leader, meeting.counterpart);
            self.tell(cause, vec![told]).await?;
        }
        let (starts_at, ends_at) = (meeting.starts_at.map(to_millis), meeting.ends_at.map(to_millis));
        // Calendars go by the newest number: whatever they were told has to be told anew.
        let is_news = before != after || (stored.starts_at, stored.ends_at) != (starts_at, ends_at);
        let row = meeting::ActiveModel {
            id: Set(meeting.id),
            status: Set(word(&meeting.status)),
            day: Set(meeting.day),
            starts_at: Set(starts_at),
            ends_at: Set(ends_at),
            held_at: Set(meeting.held_at.map(to_millis)),
            closed_on: Set(meeting.closed_on),
            suggestion_id: Set(meeting.suggestion),
            cancel_reason: Set(meeting.cancel_reason.map(|reason| word(&reason))),
            evidence: Set(meeting.evidence.map(|evidence| word(&evidence))),
            sequence: Set(stored.sequence + i32::from(is_news)),
            ..Default::default()
        };
        row.update(&self.tx).await?;
        Ok(())
    }
}

impl TryFrom<meeting::Model> for MeetingRow {
    type Error = StoreError;

    fn try_from(row: meeting::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            leader: PersonKey(row.leader_id),
            counterpart: PersonKey(row.counterpart_id),
            kind: value(&row.kind)?,
            status: value(&row.status)?,
            origin: value(&row.origin)?,
            distance: row.distance.and_then(|distance| distance.try_into().ok()),
            branch: row.branch_id.map(PersonKey),
            band: maybe(row.band.as_deref())?,
            day: row.day,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            held_at: row.held_at,
            suggestion: row.suggestion_id,
            closed_on: row.closed_on,
            cancel_reason: maybe(row.cancel_reason.as_deref())?,
            evidence: maybe(row.evidence.as_deref())?,
        })
    }
}

/// The row that holds `meeting`; when it was agreed, the caller knows.
pub(super) fn model(meeting: &NewMeeting) -> meeting::Model {
    meeting::Model {
        id: meeting.id,
        leader_id: meeting.leader.0,
        counterpart_id: meeting.counterpart.0,
        kind: word(&meeting.kind),
        status: word(&meeting.status),
        origin: word(&meeting.origin),
        distance: meeting.distance.and_then(|distance| distance.try_into().ok()),
        branch_id: meeting.branch.map(|key| key.0),
        band: meeting.band.map(|band| word(&band)),
        day: meeting.day,
        starts_at: meeting.starts_at.map(to_millis),
        ends_at: meeting.ends_at.map(to_millis),
        held_at: meeting.held_at.map(to_millis),
        suggestion_id: meeting.suggestion,
        closed_on: meeting.closed_on,
        cancel_reason: meeting.cancel_reason.map(|reason| word(&reason)),
        evidence: meeting.evidence.map(|evidence| word(&evidence)),
        source: None,
        external_id: None,
        created_at: DateTime::UNIX_EPOCH,
        sequence: 0,
    }
}

fn rows(rows: Vec<meeting::Model>) -> Result<Vec<MeetingRow>, StoreError> {
    rows.into_iter().map(TryInto::try_into).collect()
}

/// A meeting as the viewer may see it: to whoever is not one of the two, a declined one was called off. Were it hidden,
/// the accepted suggestion that lacks its meeting would tell.
fn shown(scope: &Scope<Meetings>, row: meeting::Model) -> Result<MeetingRow, StoreError> {
    let mut row = MeetingRow::try_from(row)?;
    let own = scope.viewer().is_some_and(|me| row.involves(me));
    if row.status == MeetingStatus::Declined && !own {
        row.status = MeetingStatus::Cancelled;
    }
    Ok(row)
}

/// Meetings of the viewer; for HR admins everybody's.
fn in_reach(scope: &Scope<Meetings>) -> Condition {
    if scope.is_everyone() {
        Condition::all()
    } else {
        own(scope)
    }
}

/// Meetings in which the viewer is one of the two.
pub(super) fn own(scope: &Scope<Meetings>) -> Condition {
    use meeting::Column;
    let any = Condition::any().add(Expr::value(false));
    match scope.viewer() {
        Some(me) => any.add(Column::LeaderId.eq(me.0)).add(Column::CounterpartId.eq(me.0)),
        None => any,
    }
}

fn select(scope: &Scope<Meetings>, filter: &MeetingFilter) -> Select<meeting::Entity> {
    use meeting::Column;
    let mut all = Condition::all().add(in_reach(scope));
    if let Some(status) = filter.status {
        all = all.add(status_is(scope, status, filter.unconfirmed_before));
    }
    all = all.add_option(filter.kind.map(|kind| Column::Kind.eq(word(&kind))));
    for person in &filter.people {
        all = all.add(
            Condition::any()
                .add(Column::LeaderId.eq(person.0))
                .add(Column::CounterpartId.eq(person.0)),
        );
    }
    all = all.add_option(filter.from.map(|day| Column::Day.gte(day)));
    all = all.add_option(filter.to.map(|day| Column::Day.lte(day)));
    meeting::Entity::find().filter(all)
}

/// The status that time has made of the stored one, as in `domain::meeting::status_at`, as far as it is [`shown`].
fn status_is(scope: &Scope<Meetings>, status: MeetingStatus, unconfirmed_before: Option<DateTime<Utc>>) -> Condition {
    use meeting::Column;
    let stored = Condition::all().add(Column::Status.eq(word(&status)));
    let declined = || Condition::all().add(Column::Status.eq(word(&MeetingStatus::Declined)));
    match status {
        MeetingStatus::Declined => return declined().add(own(scope)),
        MeetingStatus::Cancelled => return Condition::any().add(stored).add(declined().add(own(scope).not())),
        MeetingStatus::Scheduled | MeetingStatus::Held | MeetingStatus::Unconfirmed => {}
    }
    let (MeetingStatus::Scheduled | MeetingStatus::Unconfirmed, Some(before)) = (status, unconfirmed_before) else {
        return stored;
    };
    let past = Condition::all()
        .add(Column::Status.eq(word(&MeetingStatus::Scheduled)))
        .add(Column::EndsAt.is_not_null())
        .add(Column::EndsAt.lt(to_millis(before)));
    if status == MeetingStatus::Unconfirmed {
        Condition::any().add(stored).add(past)
    } else {
        stored.add(past.not())
    }
}
