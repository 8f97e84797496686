//! Orders of people, each total: the last key is always the person's id, so pages never overlap.

use entity::{meeting, person};
use sea_orm::{
    ColumnTrait, EntityTrait, IntoSimpleExpr, Order, QueryFilter, QuerySelect, QueryTrait, Value,
    sea_query::{Expr, ExprTrait, SelectStatement, SimpleExpr},
};
use serde::{Deserialize, Serialize};

use super::code::word;
use crate::domain::{meeting::MeetingStatus, person::PersonKey};

/// In which order people are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PersonOrder {
    /// By name, without regard to case and accents.
    Name,
    /// From the top of the chart downwards, then by name.
    Depth,
    /// Whom the viewer met longest ago first; whom they never met before all others.
    LeastRecentlyMet,
}

/// One key of an order.
pub(super) struct Key {
    pub(super) expr: SimpleExpr,
    pub(super) kind: KeyKind,
    direction: Order,
}

impl Key {
    /// Smallest first.
    pub(super) fn ascending(expr: impl Into<SimpleExpr>, kind: KeyKind) -> Self {
        Self {
            expr: expr.into(),
            kind,
            direction: Order::Asc,
        }
    }

    /// Largest first.
    pub(super) fn descending_by(expr: impl Into<SimpleExpr>, kind: KeyKind) -> Self {
        Self {
            expr: expr.into(),
            kind,
            direction: Order::Desc,
        }
    }

    pub(super) fn descending(&self) -> bool {
        self.direction == Order::Desc
    }
}

/// What a key compares.
#[derive(Clone, Copy)]
pub(super) enum KeyKind {
    Text,
    Number,
    Day,
    Instant,
    Id,
}

impl KeyKind {
    /// The value of a cursor's text, as the database compares it.
    pub(super) fn read(self, text: &str) -> Option<Value> {
        match self {
            Self::Text => Some(text.into()),
            Self::Number => text.parse::<i64>().ok().map(Into::into),
            Self::Day => text.parse::<chrono::NaiveDate>().ok().map(Into::into),
            Self::Instant => text.parse::<chrono::DateTime<chrono::Utc>>().ok().map(Into::into),
            Self::Id => text.parse::<uuid::Uuid>().ok().map(Into::into),
        }
    }
}

impl PersonOrder {
    /// The keys of this order, for `viewer`.
    pub(super) fn keys(self, viewer: Option<PersonKey>) -> Vec<Key> {
        let name = || Key::ascending(person::Column::NameKey.into_simple_expr(), KeyKind::Text);
        let id = Key::ascending(person::Column::Id.into_simple_expr(), KeyKind::Number);
        match self {
            Self::Name => vec![name(), id],
            Self::Depth => {
                let depth = Expr::col((person::Entity, person::Column::Depth)).if_null(i32::MAX);
                vec![Key::ascending(depth, KeyKind::Number), name(), id]
            }
            Self::LeastRecentlyMet => {
                let never = chrono::NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or_default();
                let last_met = last_met(viewer.map_or(0, |key| key.0));
                let last_met = Expr::expr(SimpleExpr::SubQuery(None, Box::new(last_met.into()))).if_null(never);
                vec![Key::ascending(last_met, KeyKind::Day), id]
            }
        }
    }
}

/// The day on which `me` last met the person of the outer query.
fn last_met(me: i64) -> SelectStatement {
    let person = || Expr::col((person::Entity, person::Column::Id));
    let pair = |mine: meeting::Column, theirs: meeting::Column| {
        mine.eq(me).and(Expr::col((meeting::Entity, theirs)).eq(person()))
    };
    let as_leader = pair(meeting::Column::LeaderId, meeting::Column::CounterpartId);
    let as_counterpart = pair(meeting::Column::CounterpartId, meeting::Column::LeaderId);
    meeting::Entity::find()
        .select_only()
        .expr(Expr::col((meeting::Entity, meeting::Column::Day)).max())
        .filter(meeting::Column::Status.eq(word(&MeetingStatus::Held)))
        .filter(as_leader.or(as_counterpart))
        .into_query()
}
