//! What reports are counted from: keys, days and what places people in groups, no names of people.

use std::collections::{BTreeSet, HashMap};

use chrono::Days;
use futures_util::TryStreamExt;
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Value};

use super::{Snapshot, StoreError, code::word};
use crate::{
    auth::scope::{Scope, facet::Reports},
    domain::{
        Date,
        chart::{Line, OrgChart},
        coverage::{Facts, Held, Member, PeerMeetings, Slots},
        meeting::{Band, MeetingKind, MeetingStatus},
        person::{Absence, PersonKey, PersonStatus},
        suggestion::SuggestionStatus,
        week::Week,
    },
};

#[derive(FromQueryResult)]
struct MemberRow {
    id: i64,
    manager_id: Option<i64>,
    status: String,
    department: Option<String>,
    location: Option<String>,
    start_date: Date,
}

#[derive(FromQueryResult)]
struct GroupRow {
    id: i64,
    department: Option<String>,
    location: Option<String>,
}

#[derive(FromQueryResult)]
struct HeldRow {
    leader_id: i64,
    held: String,
}

#[derive(FromQueryResult)]
struct SlotRow {
    leader_id: i64,
    week: Date,
}

#[derive(FromQueryResult)]
struct PeerRow {
    person: i64,
    day: Date,
}

/// Names, each once.
#[derive(Default)]
struct Names {
    names: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Names {
    fn number(&mut self, name: Option<String>) -> Option<u32> {
        let name = name?;
        if let Some(&known) = self.numbers.get(&name) {
            return Some(known);
        }
        let number = u32::try_from(self.names.len()).ok()?;
        self.names.push(name.clone());
        self.numbers.insert(name, number);
        Some(number)
    }
}

/// The day from which the days of skip-levels are counted on their way here.
const EPOCH: Date = match Date::from_ymd_opt(2000, 1, 1) {
    Some(day) => day,
    None => Date::MIN,
};

impl Snapshot {
    /// What the reports of a day follow from. Today's chart stands in the derived columns; that of another day is made from
    /// the records of that day. Departments and locations are always today's: their past is not kept.
    ///
    /// The whole organisation, whatever the scope: what of it may be told depends on all of it.
    pub async fn report_facts(&self, _scope: &Scope<Reports>, as_of: Date, today: Date) -> Result<Facts, StoreError> {
        let (mut departments, mut locations) = (Names::default(), Names::default());
        let (chart, members) = if as_of == today {
            self.members(today, (&mut departments, &mut locations)).await?
        } else {
            self.members_on(as_of, (&mut departments, &mut locations)).await?
        };
        Ok(Facts {
            chart,
            members,
            departments: departments.names,
            locations: locations.names,
            held: self.held_skip_levels(as_of).await?,
            absences: self.report_absences(as_of).await?,
        })
    }

    /// The weeks from `from` on in which these leaders were given a slot: somebody was suggested, and not taken away again.
    pub async fn report_slots(
        &self,
        _scope: &Scope<Reports>,
        leaders: &[PersonKey],
        from: Date,
    ) -> Result<Slots, StoreError> {
        let mut slots = Slots::new();
        if leaders.is_empty() {
            return Ok(slots);
        }
        // Keys are numbers of ours: they can stand in the text.
        let keys: Vec<String> = leaders.iter().map(|leader| leader.0.to_string()).collect();
        let sql = format!(
            "SELECT DISTINCT leader_id, week FROM suggestion WHERE kind = $1 AND status <> $2 AND week >= $3 \
             AND leader_id IN ({})",
            keys.join(",")
        );
        let invalidated: Value = word(&SuggestionStatus::Invalidated).into();
        let values = [
            word(&MeetingKind::SkipLevel).into(),
            invalidated,
            (from - Days::new(6)).into(),
        ];
        for row in self.all::<SlotRow>(&sql, values).await? {
            let weeks: &mut BTreeSet<Week> = slots.entry(PersonKey(row.leader_id)).or_default();
            weeks.insert(Week::of(row.week));
        }
        Ok(slots)
    }

    /// When each person last had a HELD 1:1 with a peer, up to a day.
    pub async fn report_peers(&self, _scope: &Scope<Reports>, as_of: Date) -> Result<PeerMeetings, StoreError> {
        let sql = "SELECT person, MAX(day) AS day FROM (SELECT leader_id AS person, day FROM meeting \
                   WHERE kind = $1 AND status = $2 AND day <= $3 UNION ALL SELECT counterpart_id AS person, day FROM meeting \
                   WHERE kind = $1 AND status = $2 AND day <= $3) met GROUP BY person";
        let values = [
            word(&MeetingKind::Peer).into(),
            word(&MeetingStatus::Held).into(),
            as_of.into(),
        ];
        let rows = self.all::<PeerRow>(sql, values).await?.into_iter();
        Ok(rows.map(|row| (PersonKey(row.person), row.day)).collect())
    }

    async fn members(
        &self,
        today: Date,
        (departments, locations): (&mut Names, &mut Names),
    ) -> Result<(OrgChart, Vec<Member>), StoreError> {
        let sql = "SELECT p.id, p.manager_id, p.status, p.department, p.location, e.start_date FROM person p \
                   JOIN employment e ON e.person_id = p.id AND e.start_date <= $1 \
                   AND (e.end_date IS NULL OR e.end_date >= $1) WHERE p.path IS NOT NULL";
        let active = word(&PersonStatus::Active);
        let statement = self.sql(sql, [today.into()]);
        let mut rows = MemberRow::find_by_statement(statement).stream(&self.tx).await?;
        let (mut members, mut lines) = (Vec::new(), Vec::new());
        while let Some(row) = rows.try_next().await? {
            let person = PersonKey(row.id);
            lines.extend(row.manager_id.map(|manager| Line {
                report: person,
                manager: PersonKey(manager),
            }));
            members.push(Member {
                person,
                department: departments.number(row.department),
                location: locations.number(row.location),
                started: row.start_date,
                active: row.status == active,
            });
        }
        let chart = OrgChart::new(members.iter().map(|member| member.person), lines).map_err(StoreError::Ring)?;
        Ok((chart, members))
    }

    async fn members_on(
        &self,
        day: Date,
        (departments, locations): (&mut Names, &mut Names),
    ) -> Result<(OrgChart, Vec<Member>), StoreError> {
        let records = self.records().await?;
        let chart = records.chart_on(day)?;
        let sql = "SELECT id, department, location FROM person";
        let mut members = Vec::with_capacity(chart.len());
        for row in self.all::<GroupRow>(sql, []).await? {
            let person = PersonKey(row.id);
            let Some(record) = records.people.get(&person).filter(|_| chart.contains(person)) else {
                continue;
            };
            let Some(spell) = record.spells.iter().find(|spell| spell.covers(day)) else {
                continue;
            };
            members.push(Member {
                person,
                department: departments.number(row.department),
                location: locations.number(row.location),
                started: spell.start,
                active: PersonStatus::on(day, &record.spells, &record.absences) == PersonStatus::Active,
            });
        }
        Ok((chart, members))
    }

    /// Skip-levels come as one text a leader: a driver's row costs more than reading twenty of them out of a text.
    async fn held_skip_levels(&self, as_of: Date) -> Result<Vec<Held>, StoreError> {
        let (gather, day) = match self.tx.get_database_backend() {
            DbBackend::Postgres => ("string_agg", "CAST(day - DATE '2000-01-01' AS TEXT)"),
            _ => ("group_concat", "CAST(julianday(day) - 2451544.5 AS INTEGER)"),
        };
        let sql = format!(
            "SELECT leader_id, {gather}(CAST(counterpart_id AS TEXT) || ' ' || {day} || ' ' || \
             COALESCE(CAST(branch_id AS TEXT), '') || ' ' || COALESCE(substr(band, 1, 1), ''), ',') AS held \
             FROM meeting WHERE kind = $1 AND status = $2 AND day <= $3 GROUP BY leader_id"
        );
        let values = [
            word(&MeetingKind::SkipLevel).into(),
            word(&MeetingStatus::Held).into(),
            as_of.into(),
        ];
        let rows = HeldRow::find_by_statement(self.sql(&sql, values));
        let mut rows = rows.stream(&self.tx).await?;
        let mut held = Vec::new();
        while let Some(row) = rows.try_next().await? {
            for text in row.held.split(',') {
                let read = read_held(PersonKey(row.leader_id), text);
                held.push(read.ok_or_else(|| StoreError::Row(format!("skip-level {text:?}")))?);
            }
        }
        Ok(held)
    }

    async fn report_absences(&self, as_of: Date) -> Result<Vec<(PersonKey, Absence)>, StoreError> {
        #[derive(FromQueryResult)]
        struct Row {
            person_id: i64,
            start_date: Date,
            end_date: Option<Date>,
        }
        let sql = "SELECT person_id, start_date, end_date FROM absence WHERE start_date <= $1";
        let rows = self.all::<Row>(sql, [as_of.into()]).await?.into_iter();
        let absence = |row: Row| {
            let absence = Absence {
                start: row.start_date,
                end: row.end_date,
            };
            (PersonKey(row.person_id), absence)
        };
        Ok(rows.map(absence).collect())
    }
}

/// One skip-level: counterpart, day, branch and band, parted by blanks.
fn read_held(leader: PersonKey, text: &str) -> Option<Held> {
    let mut parts = text.split(' ');
    let counterpart = PersonKey(parts.next()?.parse().ok()?);
    let day = EPOCH.checked_add_signed(chrono::TimeDelta::days(parts.next()?.parse().ok()?))?;
    let branch = match parts.next()? {
        "" => None,
        key => Some(PersonKey(key.parse().ok()?)),
    };
    let band = match parts.next()? {
        "" => None,
        "B" => Some(Band::Bottom),
        "M" => Some(Band::Middle),
        "N" => Some(Band::Near),
        _ => return None,
    };
    Some(Held {
        day,
        leader,
        counterpart,
        branch,
        band,
    })
}
