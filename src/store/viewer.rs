//! The first statement of every request: who asks, where they stand, and which day the chart is derived for.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use sea_orm::FromQueryResult;

use super::{Snapshot, StoreError};
use crate::{
    auth::{subject::SubjectRule, viewer::Place},
    domain::{Date, person::PersonKey, week::day_of},
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
    /// The time zone that the settings name, if they name one.
    pub zone: Option<Tz>,
}

/// An instant, and the time zone in which it falls on a day unless the settings name another.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// The instant.
    pub now: DateTime<Utc>,
    /// The time zone that the program is set up with.
    pub zone: Tz,
}

impl OrgState {
    /// The day on which `moment` falls where the organisation is.
    pub fn today(&self, moment: Moment) -> Date {
        day_of(moment.now, self.zone.unwrap_or(moment.zone))
    }

    /// Whether the derived columns hold on `today`.
    pub fn holds_on(&self, today: Date) -> bool {
        self.derived_from.is_some_and(|from| from <= today) && self.next_boundary.is_none_or(|until| today < until)
    }
}

#[derive(FromQueryResult)]
struct StateRow {
    version: i64,
    derived_from: Option<Date>,
    next_boundary: Option<Date>,
    cursor_key: Vec<u8>,
    draw_seed: i64,
    time_zone: Option<String>,
}

#[derive(FromQueryResult)]
struct ViewerRow {
    #[sea_orm(nested)]
    state: StateRow,
    id: Option<i64>,
    path: Option<String>,
    tokens_valid_after: Option<DateTime<Utc>>,
}

/// What the database has to say of a token's subject.
#[derive(Clone, Debug, Default)]
pub struct Subject {
    /// Their place in the chart; of somebody who is not in it, or not exactly one person, there is none.
    pub place: Option<Place>,
    /// Up to when their tokens were taken back. Whoever leaves does not get them again.
    pub tokens_valid_after: Option<DateTime<Utc>>,
}

const STATE: &str = "SELECT o.version, o.derived_from, o.next_boundary, o.cursor_key, o.draw_seed, o.time_zone, \
     p.id, p.path, p.tokens_valid_after FROM org_state o";

impl Snapshot {
    /// The state of the organisation, and what is known of the subject in the chart it is derived for.
    pub async fn viewer(&self, by: &SubjectRule, subject: &str) -> Result<(OrgState, Subject), StoreError> {
        let statement = match by {
            SubjectRule::ExternalId { source } => self.sql(
                &format!(
                    "{STATE} LEFT JOIN external_identity i ON i.source = $1 AND i.external_id = $2 \
                     LEFT JOIN person p ON p.id = i.person_id"
                ),
                [source.as_str().into(), subject.into()],
            ),
            SubjectRule::Email => self.sql(
                &format!("{STATE} LEFT JOIN person p ON p.email_key = $1"),
                [subject.to_lowercase().into()],
            ),
        };
        let rows = ViewerRow::find_by_statement(statement).all(&self.tx).await?;
        // An address may have been somebody else's before.
        let tokens_valid_after = rows.iter().filter_map(|row| row.tokens_valid_after).max();
        let place = |row: &ViewerRow| Some(Place::new(PersonKey(row.id?), row.path.clone()?));
        let mut places = rows.iter().filter_map(place);
        let place = places.next().filter(|_| places.next().is_none());
        let row = rows.into_iter().next().ok_or_else(empty)?;
        let subject = Subject {
            place,
            tokens_valid_after,
        };
        Ok((row.state.into(), subject))
    }

    /// The state of the organisation alone.
    pub async fn org_state(&self) -> Result<OrgState, StoreError> {
        let sql = "SELECT version, derived_from, next_boundary, cursor_key, draw_seed, time_zone FROM org_state";
        let row = StateRow::find_by_statement(self.sql(sql, [])).one(&self.tx).await?;
        row.map(Into::into).ok_or_else(empty)
    }
}

impl From<StateRow> for OrgState {
    fn from(row: StateRow) -> Self {
        Self {
            version: row.version,
            derived_from: row.derived_from,
            next_boundary: row.next_boundary,
            cursor_key: row.cursor_key,
            draw_seed: row.draw_seed,
            zone: row.time_zone.and_then(|name| name.parse().ok()),
        }
    }
}

fn empty() -> StoreError {
    StoreError::Row("org_state is empty".to_owned())
}
