//! A scope as SQL: the permission fact sits in the row that is returned (security.md 2.2, 2.4).

use entity::{meeting, person, suggestion};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait},
};

use super::code::word;
use crate::{
    auth::{
        scope::{Reach, Scope},
        viewer::Place,
    },
    domain::{person::PersonKey, suggestion::SuggestionStatus},
};

/// The people in `scope`; to be filtered by before paging and before counting.
pub(super) fn within<F>(scope: &Scope<F>) -> Condition {
    if scope.is_everyone() {
        return Condition::all();
    }
    // An empty union is nobody, not everybody.
    let nobody = Condition::any().add(Expr::value(false));
    scope
        .reaches()
        .iter()
        .fold(nobody, |union, reach| union.add(people(reach)))
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

fn people(reach: &Reach) -> Condition {
    match reach {
        Reach::Only(key) => person::Column::Id.eq(key.0).into_condition(),
        Reach::Below(place) => below(place),
        Reach::Above(place) => person::Column::Id
            .is_in(place.above().into_iter().map(|key| key.0))
            .into_condition(),
        Reach::CounterpartsOf(key) => counterparts(*key),
        Reach::Everyone => Condition::all(),
    }
}

/// Whom the person has a meeting or a live suggestion with. An OPEN suggestion shows its leader the counterpart
/// and not the other way round; once it is accepted there is a meeting.
fn counterparts(me: PersonKey) -> Condition {
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
        .filter(suggestion::Column::Status.is_in(live()));
    Condition::any()
        .add(person::Column::Id.in_subquery(met.into_query()))
        .add(person::Column::Id.in_subquery(met_by.into_query()))
        .add(person::Column::Id.in_subquery(suggested.into_query()))
}

/// The status in which a suggestion shows its leader the counterpart's card.
pub(super) fn live() -> [String; 2] {
    [word(&SuggestionStatus::Open), word(&SuggestionStatus::Accepted)]
}

trait IntoCondition {
    fn into_condition(self) -> Condition;
}

impl<T: Into<sea_orm::sea_query::SimpleExpr>> IntoCondition for T {
    fn into_condition(self) -> Condition {
        Condition::all().add(self.into())
    }
}
