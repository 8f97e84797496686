//! Relay connections: arguments in, pages out, cursors sealed for the viewer and the query they came from.

use async_graphql::SimpleObject;

use super::error::{ErrorCode, Fault};
use crate::app::{CursorKey, PageRequest, Session, Slice};

/// Page size where neither `first` nor `last` is given.
const DEFAULT: u32 = 20;

/// The arguments of a connection.
#[derive(Debug, Default)]
pub(super) struct PageArgs {
    pub(super) first: Option<i32>,
    pub(super) after: Option<String>,
    pub(super) last: Option<i32>,
    pub(super) before: Option<String>,
}

impl PageArgs {
    /// So many from the start, and so many from the end.
    pub(super) fn of(
        (first, after): (Option<i32>, Option<String>),
        (last, before): (Option<i32>, Option<String>),
    ) -> Self {
        Self {
            first,
            after,
            last,
            before,
        }
    }

    /// Forward only.
    pub(super) fn forward(first: Option<i32>, after: Option<String>) -> Self {
        Self {
            first,
            after,
            ..Self::default()
        }
    }

    /// The page these arguments ask for in the list named by `shape`.
    pub(super) fn read(&self, session: &Session, shape: &str) -> Result<PageRequest, Fault> {
        self.read_with(session, session.cursor_key(), shape)
    }

    /// As [`PageArgs::read`], of a list whose cursors `key` signs.
    pub(super) fn read_with(&self, session: &Session, key: &CursorKey, shape: &str) -> Result<PageRequest, Fault> {
        let bad = |message: String| Fault::new(ErrorCode::BadUserInput, message);
        if self.first.is_some() && self.last.is_some() {
            return Err(bad("first and last exclude each other: give one".to_owned()));
        }
        let size = |name: &str, size: i32| {
            let most = session.page_max();
            let size = u32::try_from(size).ok().filter(|size| (1..=most).contains(size));
            size.ok_or_else(|| bad(format!("{name} should be between 1 and {most}")))
        };
        let size = match (self.first, self.last) {
            (Some(first), _) => size("first", first)?,
            (None, Some(last)) => size("last", last)?,
            (None, None) => DEFAULT.min(session.page_max()),
        };
        let cursor = |name: &str, text: &Option<String>| {
            let Some(text) = text else { return Ok(None) };
            let cursor = key.open(shape, text);
            let foreign = || {
                bad(format!(
                    "{name} is no cursor of this list: take one from its own edges or pageInfo"
                ))
            };
            cursor.map(Some).ok_or_else(foreign)
        };
        Ok(PageRequest {
            size: size.into(),
            backward: self.last.is_some(),
            after: cursor("after", &self.after)?,
            before: cursor("before", &self.before)?,
        })
    }
}

/// Where a page lies in its list.
#[derive(Clone, Debug, SimpleObject)]
pub struct PageInfo {
    /// Whether there is more after this page.
    has_next_page: bool,
    /// Whether there is more before this page.
    has_previous_page: bool,
    /// The first edge's cursor; null on an empty page.
    start_cursor: Option<String>,
    /// The last edge's cursor; null on an empty page, but for the change feed.
    end_cursor: Option<String>,
}

/// A page with its cursors sealed.
pub(super) struct Sealed<T> {
    pub(super) rows: Vec<(String, T)>,
    pub(super) info: PageInfo,
}

impl<T> Sealed<T> {
    /// The same page of a list that was looked through up to `cursor`.
    pub(super) fn ending_at(mut self, cursor: String) -> Self {
        self.info.end_cursor = Some(cursor);
        self
    }
}

/// Seals the cursors of a page of the list named by `shape`.
pub(super) fn seal<T>(session: &Session, shape: &str, slice: Slice<T>) -> Sealed<T> {
    seal_with(session.cursor_key(), shape, slice)
}

/// Seals the cursors of a page of the list named by `shape` with `key`.
pub(super) fn seal_with<T>(key: &CursorKey, shape: &str, slice: Slice<T>) -> Sealed<T> {
    let rows: Vec<_> = slice
        .rows
        .into_iter()
        .map(|(cursor, row)| (key.seal(shape, &cursor), row))
        .collect();
    let info = PageInfo {
        has_next_page: slice.has_next,
        has_previous_page: slice.has_previous,
        start_cursor: rows.first().map(|(cursor, _)| cursor.clone()),
        end_cursor: rows.last().map(|(cursor, _)| cursor.clone()),
    };
    Sealed { rows, info }
}

/// A connection type and its edge type over `$node`, counted by `$count` with the `$query` it was made from.
macro_rules! connection {
    ($connection:ident, $edge:ident, $node:ident, $query:ty, $count:ident, $doc:literal) => {
        #[doc = $doc]
        #[derive(Debug, async_graphql::Description)]
        pub struct $connection {
            edges: Vec<$edge>,
            info: $crate::graphql::page::PageInfo,
            query: Option<$query>,
        }

        /// One entry of a page.
        #[derive(Clone, Debug, async_graphql::SimpleObject)]
        pub struct $edge {
            /// Its place in the list: give it as `after` or `before` to go on from here. It fits this list, viewer and order only.
            cursor: String,
            /// What the entry is about.
            node: $node,
        }

        impl $connection {
            pub(super) fn new<T>(
                sealed: $crate::graphql::page::Sealed<T>,
                query: Option<$query>,
                node: impl Fn(T) -> $node,
            ) -> Self {
                let edge = |(cursor, row)| $edge {
                    cursor,
                    node: node(row),
                };
                Self {
                    edges: sealed.rows.into_iter().map(edge).collect(),
                    info: sealed.info,
                    query,
                }
            }
        }

        #[async_graphql::Object(use_type_description)]
        impl $connection {
            /// The entries of this page.
            async fn edges(&self) -> &[$edge] {
                &self.edges
            }

            /// What the entries of this page are about, without their cursors.
            async fn nodes(&self) -> Vec<&$node> {
                self.edges.iter().map(|edge| &edge.node).collect()
            }

            /// Where this page lies in the list.
            async fn page_info(&self) -> &$crate::graphql::page::PageInfo {
                &self.info
            }

            /// How many entries the whole list has. Counted only when asked for.
            async fn total_count(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> Result<Option<i64>, $crate::graphql::error::Fault> {
                let Some(query) = &self.query else {
                    return Ok(Some(0));
                };
                let count = $crate::graphql::session(ctx)?.$count(query).await?;
                Ok(i64::try_from(count).ok())
            }
        }
    };
}
pub(super) use connection;
