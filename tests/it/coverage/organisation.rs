//! Organisations at random, as rows: large enough for groups that are told, with leave, exits, re-orgs and frozen meetings.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use entity::{absence, employment, external_identity, meeting, org_state, person, reporting_line, suggestion};
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseConnection, EntityTrait, IntoActiveModel};
use uuid::Uuid;

use super::count::Count;
use crate::walls::organisation::{NOW, external, read};

/// Writes the organisation of `seed` into an empty, migrated database; the program derives the chart by itself.
pub async fn plant(database: &DatabaseConnection, seed: u64) {
    let mut dice = Dice(StdRng::seed_from_u64(seed));
    let people = dice.0.random_range(35..=60);
    // Who reports to whom at first: a smaller key, so that no two lines of any day close a ring.
    let managers: Vec<Option<i64>> = (1..=people).map(|key| dice.manager(key)).collect();
    macro_rules! insert {
        ($entity:ident, $rows:expr) => {
            let rows: Vec<_> = $rows.map(IntoActiveModel::into_active_model).collect();
            $entity::Entity::insert_many(rows)
                .exec_without_returning(database)
                .await
                .unwrap();
        };
    }
    insert!(person, (1..=people).map(|key| dice.person(key)));
    insert!(external_identity, (1..=people).map(identity));
    insert!(employment, (1..=people).flat_map(|key| dice.spells(key)));
    insert!(absence, (1..=people).flat_map(|key| dice.absences(key)));
    insert!(
        reporting_line,
        (1..=people).flat_map(|key| dice.lines(key, managers[usize::try_from(key).unwrap() - 1]))
    );
    insert!(suggestion, (0..people * 4).map(|_| dice.suggestion(people)));
    insert!(meeting, (0..people * 4).map(|_| dice.meeting(&managers)));
    // Nothing is derived yet: the first request has to do it.
    let state = org_state::ActiveModel {
        id: Set(1),
        derived_from: Set(None),
        next_person_key: Set(1000),
        ..Default::default()
    };
    state.update(database).await.unwrap();
}

/// Everything that reports are counted from.
pub async fn count(database: &DatabaseConnection) -> Count {
    Count {
        rows: read(database).await,
        absences: absence::Entity::find().all(database).await.unwrap(),
    }
}

struct Dice(StdRng);

impl Dice {
    /// True so many times in a hundred.
    fn chance(&mut self, percent: u32) -> bool {
        self.0.random_range(0..100) < percent
    }

    fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        *choices.choose(&mut self.0).unwrap()
    }

    /// A day so many days before today.
    fn ago(&mut self, days: std::ops::Range<u64>) -> NaiveDate {
        today() - Days::new(self.0.random_range(days))
    }

    fn manager(&mut self, key: i64) -> Option<i64> {
        let about = key / 3;
        let manager = self
            .0
            .random_range((about - 1).max(1)..=(about + 1).max(1))
            .min(key - 1);
        (manager > 0 && !self.chance(3)).then_some(manager)
    }

    fn person(&mut self, key: i64) -> person::Model {
        let departments = ["north", "south", "west"];
        let department = departments[usize::try_from(key % 3).unwrap()];
        let department = if self.chance(80) {
            department
        } else {
            self.pick(&departments)
        };
        person::Model {
            id: key,
            uid: Uuid::new_v4(),
            name_key: external(key),
            name: external(key),
            email: None,
            email_key: None,
            title: None,
            department: (!self.chance(8)).then(|| department.to_owned()),
            location: (!self.chance(8)).then(|| self.pick(&["hill", "dale"]).to_owned()),
            time_zone: None,
            status: "PRE_HIRE".to_owned(),
            path: None,
            depth: None,
            manager_id: None,
            interim: false,
            report_count: 0,
            below_count: 0,
            created_at: now(),
            updated_at: now(),
            tokens_valid_after: None,
        }
    }

    /// Old hands, newcomers, leavers, people who came back, people still to come.
    fn spells(&mut self, key: i64) -> Vec<employment::Model> {
        let spell = |start_date, end_date| employment::Model {
            id: Uuid::new_v4(),
            person_id: key,
            start_date,
            end_date,
        };
        let long = self.ago(700..2800);
        match self.0.random_range(0..100) {
            0..10 => vec![spell(long, Some(self.ago(1..400)))],
            10..30 => vec![spell(self.ago(0..700), None)],
            30..34 => vec![spell(today() + Days::new(20), None)],
            34..40 => vec![spell(long, Some(self.ago(400..600))), spell(self.ago(1..300), None)],
            _ => vec![spell(long, None)],
        }
    }

    fn absences(&mut self, key: i64) -> Vec<absence::Model> {
        let mut absences = Vec::new();
        for _ in 0..self.0.random_range(0..3) {
            let start_date = self.ago(0..600);
            let end_date = start_date + Days::new(self.0.random_range(0..90));
            if self.chance(40) {
                absences.push(absence::Model {
                    id: Uuid::new_v4(),
                    person_id: key,
                    start_date,
                    end_date: (!self.chance(15)).then_some(end_date),
                    source: None,
                    external_id: None,
                });
            }
        }
        absences
    }

    fn lines(&mut self, key: i64, manager: Option<i64>) -> Vec<reporting_line::Model> {
        let Some(first) = manager else { return Vec::new() };
        let began: NaiveDate = "2010-01-01".parse().unwrap();
        let line = |manager_id, valid_from, valid_to| reporting_line::Model {
            id: Uuid::new_v4(),
            report_id: key,
            manager_id,
            kind: "SOLID".to_owned(),
            valid_from,
            valid_to,
        };
        let moved = match self.0.random_range(0..100) {
            0..25 => self.ago(0..500),
            25..30 => today() + Days::new(9),
            _ => return vec![line(first, began, None)],
        };
        let second = self.0.random_range(1..key);
        vec![line(first, began, Some(moved)), line(second, moved, None)]
    }

    fn suggestion(&mut self, people: i64) -> suggestion::Model {
        let leader_id = self.0.random_range(1..=people / 3);
        let week = self.ago(0..500).week(chrono::Weekday::Mon).first_day();
        let status = ["OPEN", "ACCEPTED", "SKIPPED", "SWAPPED", "EXPIRED", "INVALIDATED"];
        let what = (self.pick(&["SKIP_LEVEL", "SKIP_LEVEL", "PEER"]), self.pick(&status));
        suggestion((leader_id, self.0.random_range(leader_id + 1..=people)), what, week)
    }

    /// Mostly a skip-level with somebody above at first, whatever became of the two since; or one with a peer.
    fn meeting(&mut self, managers: &[Option<i64>]) -> meeting::Model {
        let people = i64::try_from(managers.len()).unwrap();
        let counterpart_id = self.0.random_range(2..=people);
        let manager = |of: i64| managers[usize::try_from(of).unwrap() - 1];
        let line: Vec<i64> = std::iter::successors(Some(counterpart_id), |at| manager(*at)).collect();
        let (kind, leader_id, branch_id) = if line.len() > 2 && !self.chance(15) {
            let place = self.0.random_range(2..line.len());
            ("SKIP_LEVEL", line[place], Some(line[place - 1]))
        } else {
            let other = self.0.random_range(1..counterpart_id);
            (self.pick(&["PEER", "PEER", "DIRECT"]), other, None)
        };
        let status = if self.chance(75) {
            "HELD"
        } else {
            self.pick(&["SCHEDULED", "CANCELLED", "DECLINED", "UNCONFIRMED"])
        };
        let band = self.pick(&[None, None, Some("BOTTOM"), Some("MIDDLE"), Some("NEAR")]);
        meeting::Model {
            branch_id,
            band: band.filter(|_| kind == "SKIP_LEVEL").map(str::to_owned),
            ..meeting((leader_id, counterpart_id), (kind, status), self.ago(0..800))
        }
    }
}

/// A meeting of the two with this kind and status.
pub fn meeting(
    (leader_id, counterpart_id): (i64, i64),
    (kind, status): (&str, &str),
    day: NaiveDate,
) -> meeting::Model {
    let start = day.and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(8);
    meeting::Model {
        id: Uuid::new_v4(),
        leader_id,
        counterpart_id,
        kind: kind.to_owned(),
        status: status.to_owned(),
        origin: "LEADER_CHOICE".to_owned(),
        distance: None,
        branch_id: None,
        band: None,
        day: Some(day),
        starts_at: Some(start),
        ends_at: Some(start + TimeDelta::minutes(30)),
        held_at: (status == "HELD").then_some(start),
        suggestion_id: None,
        closed_on: None,
        cancel_reason: None,
        evidence: None,
        source: None,
        external_id: None,
        created_at: start,
        sequence: 0,
    }
}

/// A suggestion of the week that begins with this day.
pub fn suggestion(
    (leader_id, counterpart_id): (i64, i64),
    (kind, status): (&str, &str),
    week: NaiveDate,
) -> suggestion::Model {
    let monday = week.and_time(NaiveTime::MIN).and_utc();
    suggestion::Model {
        id: Uuid::new_v4(),
        week,
        leader_id,
        counterpart_id,
        kind: kind.to_owned(),
        status: status.to_owned(),
        distance: Some(2),
        branch_id: None,
        band: None,
        reasons: "[]".to_owned(),
        invalid_reason: None,
        replaces_id: None,
        twin_id: None,
        created_at: monday,
        expires_at: monday + TimeDelta::days(7),
    }
}

fn identity(key: i64) -> external_identity::Model {
    external_identity::Model {
        source: "hr".to_owned(),
        external_id: external(key),
        person_id: key,
        uid: Some(Uuid::new_v4()),
        user_name: None,
        user_name_key: None,
        given_name: None,
        family_name: None,
        employee_number: None,
        email_primary: None,
        created_at: None,
        updated_at: None,
        deleted_at: None,
    }
}

fn now() -> DateTime<Utc> {
    NOW.parse().unwrap()
}

fn today() -> NaiveDate {
    now().date_naive()
}
