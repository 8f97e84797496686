//! Orders of people, each total: the last key is always the person's id, so pages never overlap.

use entity::person;
use sea_orm::{
    IntoSimpleExpr, Order, Value,
    sea_query::{Expr, ExprTrait, SimpleExpr},
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
    Id,
}

impl KeyKind {
    /// The value of a cursor's text, as the database compares it.
    pub(super) fn read(self, text: &str) -> Option<Value> {
        match self {
            Self::Text => Some(text.into()),
            Self::Number => text.parse::<i64>().ok().map(Into::into),
            Self::Day => text.parse::<chrono::NaiveDate>().ok().map(Into::into),
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
                let last_met = "COALESCE((SELECT MAX(m.day) FROM meeting m WHERE m.status = $1 AND \
                     ((m.leader_id = $2 AND m.counterpart_id = person.id) OR \
                      (m.counterpart_id = $3 AND m.leader_id = person.id))), $4)";
                let me = viewer.map_or(0, |key| key.0);
                let held = word(&MeetingStatus::Held);
                let values: [Value; 4] = [held.into(), me.into(), me.into(), never.into()];
                vec![
                    Key::ascending(Expr::cust_with_values(last_met, values), KeyKind::Day),
                    id,
                ]
            }
        }
    }
}
