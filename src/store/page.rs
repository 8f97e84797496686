//! Keyset paging: pages follow the keys of an order, so inserts neither repeat nor hide a row.

use sea_orm::{
    Condition, ConnectionTrait, EntityTrait, FromQueryResult, Order, QueryFilter, QueryOrder, QueryResult, QuerySelect,
    QueryTrait, Select, Value,
    sea_query::{Expr, ExprTrait},
};

use super::{
    Snapshot, StoreError,
    order::{Key, KeyKind},
};

/// The place of a row in its order: the text of each key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor(pub Vec<String>);

/// Which rows: the first ones after a cursor, or the last ones before one.
#[derive(Clone, Debug)]
pub struct PageRequest {
    /// How many, at most.
    pub size: u64,
    /// Whether the page is counted from the end.
    pub backward: bool,
    /// Only rows after this place.
    pub after: Option<Cursor>,
    /// Only rows before this place.
    pub before: Option<Cursor>,
}

/// One page.
#[derive(Clone, Debug)]
pub struct Slice<T> {
    /// Rows in the order asked for, each with its place.
    pub rows: Vec<(Cursor, T)>,
    /// Whether there are rows after this page.
    pub has_next: bool,
    /// Whether there are rows before this page.
    pub has_previous: bool,
}

impl<T> Slice<T> {
    /// No rows at all.
    pub fn empty() -> Self {
        Self {
            rows: vec![],
            has_next: false,
            has_previous: false,
        }
    }

    /// The same page of what rows say, unless one cannot be read.
    pub(super) fn try_map<U>(self, read: impl Fn(T) -> Result<U, StoreError>) -> Result<Slice<U>, StoreError> {
        let rows = self.rows.into_iter().map(|(cursor, row)| Ok((cursor, read(row)?)));
        Ok(Slice {
            rows: rows.collect::<Result<_, StoreError>>()?,
            has_next: self.has_next,
            has_previous: self.has_previous,
        })
    }

    /// The same page of something else.
    pub fn map<U>(self, f: impl Fn(T) -> U) -> Slice<U> {
        let rows = self.rows.into_iter().map(|(cursor, row)| (cursor, f(row))).collect();
        Slice {
            rows,
            has_next: self.has_next,
            has_previous: self.has_previous,
        }
    }
}

impl Snapshot {
    /// The page of `select` in the order of `keys`. A cursor of another order is no place here: an empty page.
    pub(super) async fn page<E: EntityTrait<Model = M>, M: FromQueryResult>(
        &self,
        select: Select<E>,
        keys: Vec<Key>,
        request: &PageRequest,
    ) -> Result<Slice<M>, StoreError> {
        let mut select = select;
        for (cursor, backward) in [(&request.after, false), (&request.before, true)] {
            let Some(cursor) = cursor else { continue };
            let Some(values) = read(&keys, cursor) else {
                return Ok(Slice::empty());
            };
            select = select.filter(beyond(&keys, &values, backward));
        }
        for (number, key) in keys.iter().enumerate() {
            let order = if key.descending() == request.backward {
                Order::Asc
            } else {
                Order::Desc
            };
            select = select.order_by(key.expr.clone(), order);
            select = select.expr_as(key.expr.clone(), name(number));
        }
        let rows = self.tx.query_all(&select.limit(request.size + 1).into_query()).await?;
        let more = rows.len() as u64 > request.size;
        let rows = rows.iter().take(usize::try_from(request.size).unwrap_or(usize::MAX));
        let mut rows = rows
            .map(|row| Ok((place(&keys, row)?, M::from_query_result(row, "")?)))
            .collect::<Result<Vec<_>, StoreError>>()?;
        if request.backward {
            rows.reverse();
        }
        let (has_next, has_previous) = if request.backward {
            (request.before.is_some(), more)
        } else {
            (more, request.after.is_some())
        };
        Ok(Slice {
            rows,
            has_next,
            has_previous,
        })
    }
}

fn name(number: usize) -> String {
    format!("key_{number}")
}

fn read(keys: &[Key], cursor: &Cursor) -> Option<Vec<Value>> {
    if keys.len() != cursor.0.len() {
        return None;
    }
    keys.iter()
        .zip(&cursor.0)
        .map(|(key, text)| key.kind.read(text))
        .collect()
}

/// Rows after `values` (before them when `backward`): lexicographic, spelled out because the keys are expressions.
fn beyond(keys: &[Key], values: &[Value], backward: bool) -> Condition {
    let mut any = Condition::any();
    for last in 0..keys.len() {
        let mut all = Condition::all();
        for (number, (key, value)) in keys.iter().zip(values).enumerate().take(last + 1) {
            let value = Expr::value(value.clone());
            all = all.add(if number < last {
                key.expr.clone().eq(value)
            } else if backward != key.descending() {
                key.expr.clone().lt(value)
            } else {
                key.expr.clone().gt(value)
            });
        }
        any = any.add(all);
    }
    any
}

fn place(keys: &[Key], row: &QueryResult) -> Result<Cursor, StoreError> {
    let text = |(number, key): (usize, &Key)| {
        let column = name(number);
        Ok(match key.kind {
            KeyKind::Text => row.try_get::<String>("", &column)?,
            KeyKind::Number => number_text(row, &column)?,
            KeyKind::Day => row.try_get::<chrono::NaiveDate>("", &column)?.to_string(),
            KeyKind::Instant => row.try_get::<chrono::DateTime<chrono::Utc>>("", &column)?.to_rfc3339(),
            KeyKind::Id => row.try_get::<uuid::Uuid>("", &column)?.to_string(),
        })
    };
    keys.iter()
        .enumerate()
        .map(text)
        .collect::<Result<_, StoreError>>()
        .map(Cursor)
}

/// PostgreSQL keeps the width of an integer, SQLite has one.
fn number_text(row: &QueryResult, column: &str) -> Result<String, StoreError> {
    match row.try_get::<i64>("", column) {
        Ok(number) => Ok(number.to_string()),
        Err(_) => Ok(row.try_get::<i32>("", column)?.to_string()),
    }
}
