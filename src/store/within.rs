//! A scope as SQL: the permission fact sits in the row that is returned (security.md 2.2, 2.4).

use chrono::{DateTime, Utc};
use entity::{meeting, peer_edge, person, suggestion};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait},
};

use super::{code::word, to_millis};
use crate::{
    auth::{
        scope::{Reach, Scope},
        viewer::Place,
    },
    domain::{peers::PeerState, person::PersonKey, suggestion::SuggestionStatus},
};

/// The people in `scope`; to be filtered by before paging and before counting.
pub(super) fn within<F>(scope: &Scope<F>) -> Condition {
    if scope.is_everyone() {
        return Condition::all();
    }
    let reaches = scope.reaches();
    if reaches.is_empty() {
        // An empty union is nobody, not everybody.
        return Condition::all().add(Expr::value(false));
    }
    let below_too = |key: PersonKey| {
        let below = |reach: &Reach| matches!(reach, Reach::Below(place) if place.key() == key);
        reaches.iter().any(below)
    };
    let add = |union: Condition, reach: &Reach| match reach {
        // Somebody and everybody below are one range, which one index answers; of two alternatives SQLite makes a walk
        // through everybody.
        Reach::Only(key) if below_too(*key) => union,
        Reach::Below(place) if reaches.contains(&Reach::Only(place.key())) => union.add(from(place)),
        reach => union.add(people(reach)),
    };
    reaches.iter().fold(Condition::any(), add)
}

/// Whether the person whose key stands in `owner` is in `scope`. Looked up row by row, so that it costs what the rows
/// cost and not what the scope does.
pub(super) fn owned_within<F>(scope: &Scope<F>, owner: impl ColumnTrait) -> Expr {
    let person = person::Entity::find()
        .select_only()
        .column(person::Column::Id)
        .filter(Expr::col((person::Entity, person::Column::Id)).equals(owner.as_column_ref()))
        .filter(within(scope));
    Expr::exists(person.into_query())
}

/// Everybody strictly below `place`: a range of the materialised path.
pub(super) fn below(place: &Place) -> Condition {
    Condition::all()
        .add(person::Column::Path.gte(format!("{}.", place.path())))
        .add(person::Column::Path.lt(format!("{}/", place.path())))
}

/// Whoever stands at `place`, and everybody below.
fn from(place: &Place) -> Condition {
    Condition::all()
        .add(person::Column::Path.gte(place.path()))
        .add(person::Column::Path.lt(format!("{}/", place.path())))
}

fn people(reach: &Reach) -> Condition {
    match reach {
        Reach::Only(key) => person::Column::Id.eq(key.0).into_condition(),
        Reach::Below(place) => below(place),
        Reach::Above(place) => person::Column::Id
            .is_in(place.above().into_iter().map(|key| key.0))
            .into_condition(),
        Reach::CounterpartsOf(key, now) => counterparts(*key, *now),
        // Of people, a source has none: nobody's id is null.
        Reach::Source(_) => person::Column::Id.is_null().into_condition(),
        Reach::Everyone => Condition::all(),
    }
}

/// Whom the person has a meeting or a live suggestion with, and confirmed peers. An OPEN suggestion shows its leader the
/// counterpart and not the other way round; once it is accepted there is a meeting. Of peers each has a suggestion.
fn counterparts(me: PersonKey, now: DateTime<Utc>) -> Condition {
    let met = meeting::Entity::find()
        .select_only()
        .column(meeting::Column::CounterpartId)
        .filter(meeting::Column::LeaderId.eq(me.0));
    let met_by = meeting::Entity::find()
        .select_only()
        .column(meeting::Column::LeaderId)
        .filter(meeting::Column::CounterpartId.eq(me.0));
    let suggested = suggestion::Entity::find()
        .select_only()
        .column(suggestion::Column::CounterpartId)
        .filter(suggestion::Column::LeaderId.eq(me.0))
        .filter(live(now));
    let peers = |own: peer_edge::Column, other: peer_edge::Column| {
        let confirmed = peer_edge::Column::State.eq(word(&PeerState::Confirmed));
        let select = peer_edge::Entity::find().select_only().column(other);
        select.filter(own.eq(me.0)).filter(confirmed).into_query()
    };
    Condition::any()
        .add(person::Column::Id.in_subquery(met.into_query()))
        .add(person::Column::Id.in_subquery(met_by.into_query()))
        .add(person::Column::Id.in_subquery(suggested.into_query()))
        .add(person::Column::Id.in_subquery(peers(peer_edge::Column::LowId, peer_edge::Column::HighId)))
        .add(person::Column::Id.in_subquery(peers(peer_edge::Column::HighId, peer_edge::Column::LowId)))
}

/// Suggestions that show their leader the counterpart's card: accepted, or waiting for an answer.
fn live(now: DateTime<Utc>) -> Condition {
    use suggestion::Column;
    let open = Condition::all()
        .add(Column::Status.eq(word(&SuggestionStatus::Open)))
        .add(Column::ExpiresAt.gt(to_millis(now)));
    Condition::any()
        .add(Column::Status.eq(word(&SuggestionStatus::Accepted)))
        .add(open)
}

trait IntoCondition {
    fn into_condition(self) -> Condition;
}

impl<T: Into<sea_orm::sea_query::SimpleExpr>> IntoCondition for T {
    fn into_condition(self) -> Condition {
        Condition::all().add(self.into())
    }
}
