//! What reports are counted from: keys, days and what places people in groups, no names of people.

use std::collections::HashMap;

use chrono::Days;
use futures_util::TryStreamExt;
use sea_orm::{DbBackend, FromQueryResult};

mod packed;

use packed::{Number, day, packed, unpacked};

use super::{
    Snapshot, StoreError,
    code::{maybe, word},
};
use crate::{
    auth::scope::{Scope, facet::Reports},
    domain::{
        Date,
        chart::{Line, OrgChart},
        coverage::{Facts, Held, LeaderFacts, Member, PeerMeetings, Visit},
        meeting::{MeetingKind, MeetingStatus},
        person::{Absence, PersonKey, PersonStatus},
        suggestion::SuggestionStatus,
        week::Week,
    },
};

/// People of one department and location, packed.
#[derive(FromQueryResult)]
struct MemberRow {
    department: Option<String>,
    location: Option<String>,
    status: String,
    people: Vec<u8>,
}

#[derive(FromQueryResult)]
struct GroupRow {
    id: i64,
    department: Option<String>,
    location: Option<String>,
}

#[derive(FromQueryResult)]
struct HeldRow {
    held: Vec<u8>,
}

#[derive(FromQueryResult)]
struct VisitRow {
    leader_id: i64,
    counterpart_id: i64,
    day: Date,
    branch_id: Option<i64>,
    band: Option<String>,
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

    /// What the figures of these leaders follow from: the weeks from `from` on in which each was given a slot, which is that
    /// somebody was suggested and not taken away again, and the skip-levels that each held from then on, up to `to`.
    pub async fn report_leaders(
        &self,
        _scope: &Scope<Reports>,
        leaders: &[PersonKey],
        (from, to): (Date, Date),
    ) -> Result<LeaderFacts, StoreError> {
        let mut facts = LeaderFacts::default();
        if leaders.is_empty() {
            return Ok(facts);
        }
        // Keys are numbers of ours: they can stand in the text.
        let keys: Vec<String> = leaders.iter().map(|leader| leader.0.to_string()).collect();
        let keys = keys.join(",");
        let sql = format!(
            "SELECT DISTINCT leader_id, week FROM suggestion WHERE kind = $1 AND status <> $2 AND week >= $3 \
             AND leader_id IN ({keys})"
        );
        let values = [
            word(&MeetingKind::SkipLevel).into(),
            word(&SuggestionStatus::Invalidated).into(),
            (from - Days::new(6)).into(),
        ];
        for row in self.all::<SlotRow>(&sql, values).await? {
            let weeks = facts.slots.entry(PersonKey(row.leader_id)).or_default();
            weeks.insert(Week::of(row.week));
        }
        let sql = format!(
            "SELECT leader_id, counterpart_id, day, branch_id, band FROM meeting WHERE kind = $1 AND status = $2 \
             AND day BETWEEN $3 AND $4 AND leader_id IN ({keys})"
        );
        let values = [
            word(&MeetingKind::SkipLevel).into(),
            word(&MeetingStatus::Held).into(),
            from.into(),
            to.into(),
        ];
        for row in self.all::<VisitRow>(&sql, values).await? {
            let visits = facts.visits.entry(PersonKey(row.leader_id)).or_default();
            visits.push(Visit {
                day: row.day,
                counterpart: PersonKey(row.counterpart_id),
                branch: row.branch_id.map(PersonKey),
                band: maybe(row.band.as_deref())?,
            });
        }
        Ok(facts)
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
        let people = packed(
            self.backend(),
            &[
                Number::Key("p.id"),
                Number::Key("p.manager_id"),
                Number::Day("e.start_date"),
            ],
        );
        let sql = format!(
            "SELECT p.department, p.location, p.status, {people} AS people FROM person p \
             JOIN employment e ON e.person_id = p.id AND e.start_date <= $1 \
             AND (e.end_date IS NULL OR e.end_date >= $1) WHERE p.path IS NOT NULL \
             GROUP BY p.department, p.location, p.status"
        );
        let active = word(&PersonStatus::Active);
        let (mut members, mut lines) = (Vec::new(), Vec::new());
        for row in self.all::<MemberRow>(&sql, [today.into()]).await? {
            let (department, location) = (departments.number(row.department), locations.number(row.location));
            let active = row.status == active;
            for [person, manager, started] in self.unpacked(&row.people)? {
                let person = key(person);
                if manager > 0 {
                    lines.push(Line {
                        report: person,
                        manager: key(manager),
                    });
                }
                members.push(Member {
                    person,
                    department,
                    location,
                    started: day(started).ok_or_else(damaged)?,
                    active,
                });
            }
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

    async fn held_skip_levels(&self, as_of: Date) -> Result<Vec<Held>, StoreError> {
        let held = packed(
            self.backend(),
            &[
                Number::Key("leader_id"),
                Number::Key("counterpart_id"),
                Number::Day("day"),
            ],
        );
        // However they are grouped, it is for speed alone: SQLite reads in the order of an index, PostgreSQL does without one.
        let by = match self.backend() {
            DbBackend::Postgres => "day",
            _ => "leader_id",
        };
        let sql =
            format!("SELECT {held} AS held FROM meeting WHERE kind = $1 AND status = $2 AND day <= $3 GROUP BY {by}");
        let values = [
            word(&MeetingKind::SkipLevel).into(),
            word(&MeetingStatus::Held).into(),
            as_of.into(),
        ];
        let rows = HeldRow::find_by_statement(self.sql(&sql, values));
        let mut rows = rows.stream(&self.tx).await?;
        let mut all = Vec::new();
        while let Some(row) = rows.try_next().await? {
            for [leader, counterpart, held] in self.unpacked(&row.held)? {
                all.push(Held {
                    day: day(held).ok_or_else(damaged)?,
                    leader: key(leader),
                    counterpart: key(counterpart),
                });
            }
        }
        Ok(all)
    }

    fn unpacked<const N: usize>(&self, value: &[u8]) -> Result<Vec<[u32; N]>, StoreError> {
        unpacked(self.backend(), value).ok_or_else(damaged)
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

fn key(number: u32) -> PersonKey {
    PersonKey(number.into())
}

fn damaged() -> StoreError {
    StoreError::Row("a packed row of a report".to_owned())
}
