//! The chart: read for a day from the lines, and kept as derived columns of `person` for today (security.md 2.2, 2.3).

use std::collections::HashMap;

use chrono::Days;
use futures_util::TryStreamExt;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, FromQueryResult, Value, sea_query::OnConflict};
use uuid::Uuid;

use super::{Cause, Moment, Snapshot, Store, StoreError, Write, code};
use crate::domain::{
    Date,
    chart::{Line, OrgChart},
    line::{LineKind, Presence, SolidLine, standing_manager},
    person::{Absence, PersonKey, PersonStatus, Spell},
};

/// Rows a bulk statement carries: the same text each time, so that it is prepared once, and far from either
/// database's limit of parameters.
pub(super) const BULK: usize = 500;

/// Employment, absences and SOLID lines of everybody: what the chart of any day follows from.
#[derive(Debug, Default)]
pub struct Records {
    pub(super) people: HashMap<PersonKey, Record>,
}

#[derive(Debug, Default)]
pub(super) struct Record {
    pub(super) spells: Vec<Spell>,
    pub(super) absences: Vec<Absence>,
    pub(super) lines: Vec<SolidLine>,
}

impl Records {
    /// The chart of `day`.
    pub fn chart_on(&self, day: Date) -> Result<OrgChart, StoreError> {
        let mut present = Vec::with_capacity(self.people.len());
        let mut lines = Vec::with_capacity(self.people.len());
        for (&key, record) in &self.people {
            let here = record.spells.iter().any(|spell| spell.covers(day));
            if here {
                present.push(key);
            }
            let presence = if here { Presence::Present } else { Presence::Absent };
            if let Some(manager) = standing_manager(&record.lines, day, presence) {
                lines.push(Line { report: key, manager });
            }
        }
        OrgChart::new(present, lines).map_err(StoreError::Ring)
    }

    /// The chart of `day`, and the first day after it for which it may not hold any more.
    pub fn chart_from(&self, day: Date) -> Result<(OrgChart, Option<Date>), StoreError> {
        Ok((self.chart_on(day)?, self.boundaries(day).1))
    }

    /// The days from and to which the chart of `day` and everybody's status hold: the last boundary and the next.
    fn boundaries(&self, day: Date) -> (Date, Option<Date>) {
        let after = |end: Option<Date>| end.map(|end| end + Days::new(1));
        let dates = self.people.values().flat_map(|record| {
            let spells = record
                .spells
                .iter()
                .flat_map(move |spell| [Some(spell.start), after(spell.end)]);
            let absences = record
                .absences
                .iter()
                .flat_map(move |absence| [Some(absence.start), after(absence.end)]);
            spells
                .chain(absences)
                .chain(
                    record
                        .lines
                        .iter()
                        .flat_map(|line| [Some(line.valid_from), line.valid_to]),
                )
                .flatten()
        });
        dates.fold((Date::MIN, None), |(from, until), date| {
            if date <= day {
                (from.max(date), until)
            } else {
                (from, Some(until.map_or(date, |until: Date| until.min(date))))
            }
        })
    }

    fn status_on(&self, key: PersonKey, day: Date) -> PersonStatus {
        self.people.get(&key).map_or(PersonStatus::PreHire, |record| {
            PersonStatus::on(day, &record.spells, &record.absences)
        })
    }
}

#[derive(FromQueryResult)]
struct PeriodRow {
    person_id: i64,
    start_date: Date,
    end_date: Option<Date>,
}

#[derive(FromQueryResult)]
struct LineRow {
    report_id: i64,
    manager_id: i64,
    valid_from: Date,
    valid_to: Option<Date>,
}

#[derive(FromQueryResult, PartialEq)]
struct Derived {
    id: i64,
    status: String,
    path: Option<String>,
    depth: Option<i32>,
    manager_id: Option<i64>,
    interim: bool,
    report_count: i32,
    below_count: i32,
}

impl Snapshot {
    /// Employment, absences and lines of everybody. Takes no scope: no names, for the draw, the reports and the
    /// derived columns only; it never decides what one request may see.
    pub async fn records(&self) -> Result<Records, StoreError> {
        let mut records = Records::default();
        let rows = PeriodRow::find_by_statement(self.sql("SELECT person_id, start_date, end_date FROM employment", []));
        let mut rows = rows.stream(&self.tx).await?;
        while let Some(row) = rows.try_next().await? {
            let record = records.people.entry(PersonKey(row.person_id)).or_default();
            record.spells.push(Spell {
                start: row.start_date,
                end: row.end_date,
            });
        }
        drop(rows);
        let rows = PeriodRow::find_by_statement(self.sql("SELECT person_id, start_date, end_date FROM absence", []));
        let mut rows = rows.stream(&self.tx).await?;
        while let Some(row) = rows.try_next().await? {
            let record = records.people.entry(PersonKey(row.person_id)).or_default();
            record.absences.push(Absence {
                start: row.start_date,
                end: row.end_date,
            });
        }
        let sql = "SELECT report_id, manager_id, valid_from, valid_to FROM reporting_line WHERE kind = $1";
        drop(rows);
        let rows = LineRow::find_by_statement(self.sql(sql, [code::word(&LineKind::Solid).into()]));
        let mut rows = rows.stream(&self.tx).await?;
        while let Some(row) = rows.try_next().await? {
            let record = records.people.entry(PersonKey(row.report_id)).or_default();
            record.lines.push(SolidLine {
                manager: PersonKey(row.manager_id),
                valid_from: row.valid_from,
                valid_to: row.valid_to,
            });
        }
        drop(rows);
        Ok(records)
    }

    /// The chart of `day`: ids and lines, no names. Takes no scope, as [`Snapshot::records`].
    pub async fn org_chart(&self, day: Date) -> Result<OrgChart, StoreError> {
        self.records().await?.chart_on(day)
    }
}

impl Store {
    /// Brings the derived columns to the day of `moment`, unless somebody else just did.
    pub async fn roll_to(&self, moment: Moment) -> Result<(), StoreError> {
        self.write(moment).await?.commit().await
    }

    /// The one row of `org_state`, with this database's own random keys.
    pub(super) async fn ensure_org_state(&self) -> Result<(), StoreError> {
        use entity::org_state::{ActiveModel, Column, Entity};
        let row = ActiveModel {
            id: Set(1),
            version: Set(0),
            derived_from: Set(None),
            next_boundary: Set(None),
            next_person_key: Set(1),
            cursor_key: Set(rand::random::<[u8; 32]>().to_vec()),
            draw_seed: Set(rand::random::<i64>()),
            time_zone: Set(None),
        };
        let insert = Entity::insert(row).on_conflict(OnConflict::column(Column::Id).do_nothing().to_owned());
        insert.exec_without_returning(&self.writer).await?;
        Ok(())
    }
}

impl Write {
    /// Takes the row that every writer takes first; a second writer waits here (mine L10).
    pub(super) async fn take_org_state(&self) -> Result<(), StoreError> {
        self.tx
            .execute_raw(self.sql("UPDATE org_state SET version = version WHERE id = 1", []))
            .await?;
        Ok(())
    }

    /// Brings the derived columns to the day of `moment` if they hold for another. What was planned for the days between
    /// has happened then: a change like any other.
    pub(super) async fn roll_to(&self, moment: Moment) -> Result<(), StoreError> {
        let state = self.org_state().await?;
        let today = state.today(moment);
        if state.holds_on(today) {
            return Ok(());
        }
        let cause = Cause::itself(moment.now);
        let records = self.chart_changed(today).await?;
        // Every day for which the chart was derived was alike: the last of them is as good as any, and the nearest.
        let last = state
            .next_boundary
            .filter(|next| *next <= today)
            .and_then(|next| next.pred_opt());
        if let Some(from) = last.or(state.derived_from) {
            self.tell_days(&cause, &records, (from, today)).await?;
        }
        self.invalidate(today, &cause).await
    }

    /// Counts a change of people, lines, employments or absences, or of the day, and derives status and place of
    /// everybody from what it returns. What becomes of suggestions and meetings is [`Write::invalidate`]'s.
    pub(super) async fn chart_changed(&self, today: Date) -> Result<Records, StoreError> {
        self.tx
            .execute_raw(self.sql("UPDATE org_state SET version = version + 1 WHERE id = 1", []))
            .await?;
        self.derive(today).await
    }

    async fn derive(&self, today: Date) -> Result<Records, StoreError> {
        let records = self.records().await?;
        let chart = records.chart_on(today)?;
        let sql = "SELECT id, status, path, depth, manager_id, interim, report_count, below_count FROM person";
        let mut places: HashMap<_, _> = chart.places().map(|place| (place.key, place)).collect();
        let count = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
        let derived = |old: Derived| {
            let status = code::word(&records.status_on(PersonKey(old.id), today));
            let new = match places.remove(&PersonKey(old.id)) {
                Some(place) => Derived {
                    id: old.id,
                    status,
                    path: Some(place.path),
                    depth: Some(count(place.depth)),
                    manager_id: place.manager.map(|manager| manager.0),
                    interim: place.interim,
                    report_count: count(place.reports),
                    below_count: count(place.below),
                },
                None => Derived {
                    id: old.id,
                    status,
                    path: None,
                    depth: None,
                    manager_id: None,
                    interim: false,
                    report_count: 0,
                    below_count: 0,
                },
            };
            (new != old).then_some(new)
        };
        let stored = Derived::find_by_statement(self.sql(sql, [])).stream(&self.tx).await?;
        let changed = stored.map_ok(derived).try_filter_map(async |new| Ok(new));
        let changed: Vec<Derived> = changed.try_collect().await?;
        self.write_derived(changed).await?;
        let (from, until) = records.boundaries(today);
        let sql = "UPDATE org_state SET derived_from = $1, next_boundary = $2 WHERE id = 1";
        let from = from.max(Date::from_ymd_opt(1, 1, 1).unwrap_or(today));
        self.tx.execute_raw(self.sql(sql, [from.into(), until.into()])).await?;
        Ok(records)
    }

    async fn write_derived(&self, mut rows: Vec<Derived>) -> Result<(), StoreError> {
        while !rows.is_empty() {
            let chunk = rows.split_off(rows.len().saturating_sub(BULK));
            let sql = format!(
                "WITH v(id, status, path, depth, manager_id, interim, report_count, below_count) AS ({}) \
                 UPDATE person SET status = v.status, path = v.path, depth = v.depth, manager_id = v.manager_id, \
                 interim = v.interim, report_count = v.report_count, below_count = v.below_count \
                 FROM v WHERE person.id = v.id",
                values_list(chunk.len(), 8)
            );
            let values = chunk.into_iter().flat_map(|row| -> [Value; 8] {
                [
                    row.id.into(),
                    row.status.into(),
                    row.path.into(),
                    row.depth.into(),
                    row.manager_id.into(),
                    row.interim.into(),
                    row.report_count.into(),
                    row.below_count.into(),
                ]
            });
            let values: Vec<Value> = values.collect();
            self.tx.execute_raw(self.sql(&sql, values)).await?;
        }
        Ok(())
    }

    /// Draws a random id that betrays nothing of when it was made.
    pub(super) fn new_id() -> Uuid {
        Uuid::new_v4()
    }
}

/// `VALUES ($1, ...), (...)` for `rows` rows of `columns` columns.
pub(super) fn values_list(rows: usize, columns: usize) -> String {
    let row = |row: usize| {
        let cells: Vec<_> = (1..=columns)
            .map(|column| format!("${}", row * columns + column))
            .collect();
        format!("({})", cells.join(","))
    };
    let rows: Vec<_> = (0..rows).map(row).collect();
    format!("VALUES {}", rows.join(","))
}
