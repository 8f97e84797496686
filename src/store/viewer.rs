//! The first statement of every request: who asks, where they stand, and which day the chart is derived for.

use sea_orm::{ConnectionTrait, FromQueryResult};

use super::{Snapshot, StoreError};
use crate::{
    auth::{subject::SubjectRule, viewer::Place},
    domain::{Date, person::PersonKey},
};

/// The one row of `org_state`, as far as readers need it.
#[derive(Clone, Debug)]
pub struct OrgState {
    /// Rises with every change of people, lines, employments or absences, and with every day on which a planned one happens.
    pub version: i64,
    /// The derived columns of people hold from this day ...
    pub derived_from: Option<Date>,
    /// ... to the day before this one.
    pub next_boundary: Option<Date>,
    /// Signs cursors.
    pub cursor_key: Vec<u8>,
    /// Seeds the last tie-break of the draw.
    pub draw_seed: i64,
}

impl OrgState {
    /// Whether the derived columns hold on `today`.
    pub fn holds_on(&self, today: Date) -> bool {
        self.derived_from.is_some_and(|from| from <= today) && self.next_boundary.is_none_or(|until| today < until)
    }
}

#[derive(FromQueryResult)]
struct ViewerRow {
    version: i64,
    derived_from: Option<Date>,
    next_boundary: Option<Date>,
    cursor_key: Vec<u8>,
    draw_seed: i64,
    id: Option<i64>,
    path: Option<String>,
}

const STATE: &str =
    "SELECT o.version, o.derived_from, o.next_boundary, o.cursor_key, o.draw_seed, p.id, p.path FROM org_state o";

impl Snapshot {
    /// The state of the organisation and the subject's place in the chart it is derived for. A subject who is not
    /// in the chart, or not exactly one person, has none.
    pub async fn viewer(&self, by: &SubjectRule, subject: &str) -> Result<(OrgState, Option<Place>), StoreError> {
        let statement = match by {
            SubjectRule::ExternalId { source } => self.sql(
                &format!(
                    "{STATE} LEFT JOIN external_identity i ON i.source = $1 AND i.external_id = $2 \
                     LEFT JOIN person p ON p.id = i.person_id AND p.path IS NOT NULL"
                ),
                [source.as_str().into(), subject.into()],
            ),
            SubjectRule::Email => self.sql(
                &format!("{STATE} LEFT JOIN person p ON p.email_key = $1 AND p.path IS NOT NULL LIMIT 2"),
                [subject.to_lowercase().into()],
            ),
        };
        let mut rows = ViewerRow::find_by_statement(statement).all(&self.tx).await?;
        let ambiguous = rows.len() > 1;
        let row = rows
            .pop()
            .ok_or_else(|| StoreError::Row("org_state is empty".to_owned()))?;
        let place = match (row.id, row.path) {
            (Some(id), Some(path)) if !ambiguous => Some(Place::new(PersonKey(id), path)),
            _ => None,
        };
        let state = OrgState {
            version: row.version,
            derived_from: row.derived_from,
            next_boundary: row.next_boundary,
            cursor_key: row.cursor_key,
            draw_seed: row.draw_seed,
        };
        Ok((state, place))
    }

    /// The state of the organisation alone.
    pub async fn org_state(&self) -> Result<OrgState, StoreError> {
        let row = self
            .tx
            .query_one_raw(self.sql(
                "SELECT version, derived_from, next_boundary, cursor_key, draw_seed FROM org_state",
                [],
            ))
            .await?
            .ok_or_else(|| StoreError::Row("org_state is empty".to_owned()))?;
        Ok(OrgState {
            version: row.try_get("", "version")?,
            derived_from: row.try_get("", "derived_from")?,
            next_boundary: row.try_get("", "next_boundary")?,
            cursor_key: row.try_get("", "cursor_key")?,
            draw_seed: row.try_get("", "draw_seed")?,
        })
    }
}
