//! Organisations at random, as rows: leavers, gaps, future hires, people on leave, several roots, moves behind and ahead,
//! dotted lines; meetings, suggestions and peer edges of every status between anybody and anybody.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use entity::{
    absence, agenda_item, employment, external_identity, kudos, meeting, note, org_state, peer_edge, person,
    reporting_line, suggestion,
};
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseConnection, EntityTrait, IntoActiveModel};
use skiplevel::{
    auth::sealing::{Kind, Label, Sealed, Text},
    domain::person::PersonKey,
};
use uuid::Uuid;

use super::oracle::Rows;
use crate::support::note_keys;

/// The instant of every question: a Wednesday.
pub const NOW: &str = "2026-06-10T09:00:00Z";

const MEETINGS: [&str; 6] = ["SCHEDULED", "SCHEDULED", "HELD", "CANCELLED", "DECLINED", "UNCONFIRMED"];
const SUGGESTIONS: [&str; 6] = ["OPEN", "ACCEPTED", "SKIPPED", "SWAPPED", "EXPIRED", "INVALIDATED"];

/// The external id of the person with this key; the name begins with it.
pub fn external(key: i64) -> String {
    format!("p{key:02}")
}

/// Writes the organisation of `seed` into an empty, migrated database; the program derives the chart by itself.
pub async fn plant(database: &DatabaseConnection, seed: u64) {
    let mut dice = Dice {
        rng: StdRng::seed_from_u64(seed),
        people: 0,
    };
    dice.people = if seed.is_multiple_of(9) {
        20
    } else {
        dice.rng.random_range(3..=10)
    };
    let (spells, absences): (Vec<_>, Vec<_>) = (1..=dice.people).map(|key| dice.presence(key)).unzip();
    let lines = (1..=dice.people).flat_map(|key| dice.lines(key)).collect::<Vec<_>>();
    let chart = Chart {
        spells: spells.into_iter().flatten().collect(),
        absences: absences.into_iter().flatten().collect(),
        lines,
        peers: vec![],
    };
    fill(database, dice, chart).await;
}

/// Somebody of every kind that there is, by hand; what happens between them is at random.
pub async fn plant_every_kind(database: &DatabaseConnection) {
    let mut dice = Dice {
        rng: StdRng::seed_from_u64(6),
        people: 14,
    };
    let (left, to_come) = (Some("2026-05-29"), Some("2026-08-01"));
    let long = "2020-01-01";
    let spell = |dice: &mut Dice, person_id: i64| employment::Model {
        id: dice.id(),
        person_id,
        start_date: day(if person_id == FUTURE_HIRE { "2026-07-01" } else { long }),
        end_date: [VACANT, LEAVER].contains(&person_id).then_some(left).flatten().map(day),
    };
    let mut line =
        |report_id: i64, manager_id: i64, kind: &str, (from, to): (&str, Option<&str>)| reporting_line::Model {
            id: dice.id(),
            report_id,
            manager_id,
            kind: kind.to_owned(),
            valid_from: day(from),
            valid_to: to.map(day),
        };
    let lines = vec![
        line(MANAGER, 1, "SOLID", (long, None)),
        line(VACANT, MANAGER, "SOLID", (long, None)),
        line(4, VACANT, "SOLID", (long, None)),
        line(5, VACANT, "SOLID", (long, None)),
        line(DOTTED, MANAGER, "SOLID", (long, None)),
        line(DOTTED, PEER, "DOTTED", (long, None)),
        line(FUTURE_HIRE, MANAGER, "SOLID", (long, None)),
        line(PEER, 1, "SOLID", (long, None)),
        line(8, PEER, "SOLID", (long, to_come)),
        line(8, MANAGER, "SOLID", ("2026-08-01", None)),
        line(LEAVER, PEER, "SOLID", (long, None)),
        line(12, MANAGER, "SOLID", (long, Some("2026-02-01"))),
        line(12, PEER, "SOLID", ("2026-02-01", None)),
        line(13, 8, "SOLID", (long, None)),
        line(14, 13, "SOLID", (long, None)),
    ];
    let on_leave = absence::Model {
        id: dice.id(),
        person_id: 5,
        start_date: day("2026-06-01"),
        end_date: None,
        source: None,
        external_id: None,
    };
    let edge = peer_edge::Model {
        low_id: MANAGER,
        high_id: PEER,
        state: "CONFIRMED".to_owned(),
        ..dice.peer()
    };
    let chart = Chart {
        spells: (1..=dice.people).map(|key| spell(&mut dice, key)).collect(),
        absences: vec![on_leave],
        lines,
        peers: vec![edge],
    };
    fill(database, dice, chart).await;
}

/// Of [`plant_every_kind`]: somebody with a vacancy below, whose reports they stand in for.
pub const MANAGER: i64 = 2;
/// A manager who left, and whose reports stayed.
pub const VACANT: i64 = 3;
/// Somebody with a dotted line to [`PEER`].
pub const DOTTED: i64 = 6;
/// A peer of [`MANAGER`], who will take over one of their reports.
pub const PEER: i64 = 7;
/// Somebody who left.
pub const LEAVER: i64 = 9;
/// Somebody with nobody above or below.
pub const ORPHAN: i64 = 10;
/// Somebody who starts next month.
pub const FUTURE_HIRE: i64 = 11;

/// Who is there, and who reports to whom.
struct Chart {
    spells: Vec<employment::Model>,
    absences: Vec<absence::Model>,
    lines: Vec<reporting_line::Model>,
    /// Peer edges besides those at random.
    peers: Vec<peer_edge::Model>,
}

/// Writes the people of a chart, and what happens between them.
async fn fill(database: &DatabaseConnection, mut dice: Dice, chart: Chart) {
    macro_rules! insert {
        ($entity:ident, $rows:expr) => {
            let rows: Vec<_> = $rows
                .into_iter()
                .map(IntoActiveModel::into_active_model)
                .collect();
            if !rows.is_empty() {
                $entity::Entity::insert_many(rows)
                    .exec_without_returning(database)
                    .await
                    .unwrap();
            }
        };
    }
    insert!(
        person,
        (1..=dice.people).map(|key| dice.person(key)).collect::<Vec<_>>()
    );
    insert!(external_identity, (1..=dice.people).map(identity));
    insert!(employment, chart.spells);
    insert!(absence, chart.absences);
    insert!(reporting_line, chart.lines);
    let suggestions: Vec<_> = (0..dice.people).map(|_| dice.suggestion()).collect();
    let accepted = suggestions.iter().filter(|s| s.status == "ACCEPTED");
    let mut meetings: Vec<_> = accepted
        .map(|s| dice.meeting(s.leader_id, s.counterpart_id, Some(s.id)))
        .collect();
    for _ in 0..dice.people / 2 {
        let (a, b) = dice.pair();
        meetings.push(dice.meeting(a, b, None));
    }
    insert!(suggestion, suggestions);
    let beside: Vec<_> = meetings.iter().flat_map(|m| dice.notes(m)).collect();
    let agendas: Vec<_> = meetings.iter().filter_map(|m| dice.agenda_item(m)).collect();
    let thanks: Vec<_> = meetings.iter().flat_map(|m| dice.kudos(m)).collect();
    insert!(meeting, meetings);
    insert!(note, beside);
    insert!(agenda_item, agendas);
    insert!(kudos, thanks);
    let peers: Vec<_> = (0..dice.people).map(|_| dice.peer()).collect();
    let peers = peers.into_iter().chain(chart.peers);
    // A pair has one edge.
    let peers: BTreeMap<_, _> = peers.map(|edge| ((edge.low_id, edge.high_id), edge)).collect();
    insert!(peer_edge, peers.into_values());
    // Nothing is derived yet: the first request has to do it.
    let state = org_state::ActiveModel {
        id: Set(1),
        derived_from: Set(None),
        next_person_key: Set(1000),
        ..Default::default()
    };
    state.update(database).await.unwrap();
}

/// Everything as it lies there now.
pub async fn read(database: &DatabaseConnection) -> Rows {
    let mut rows = Rows {
        above: HashMap::new(),
        now: now(),
        today: today(),
        people: person::Entity::find().all(database).await.unwrap(),
        spells: employment::Entity::find().all(database).await.unwrap(),
        lines: reporting_line::Entity::find().all(database).await.unwrap(),
        meetings: meeting::Entity::find().all(database).await.unwrap(),
        suggestions: suggestion::Entity::find().all(database).await.unwrap(),
        peers: peer_edge::Entity::find().all(database).await.unwrap(),
        notes: note::Entity::find().all(database).await.unwrap(),
        agendas: agenda_item::Entity::find().all(database).await.unwrap(),
        kudos: kudos::Entity::find().all(database).await.unwrap(),
    };
    rows.above = rows
        .people
        .iter()
        .map(|person| (person.id, rows.line_up(person.id)))
        .collect();
    rows
}

struct Dice {
    rng: StdRng,
    people: i64,
}

impl Dice {
    /// True so many times in a hundred.
    fn chance(&mut self, percent: u32) -> bool {
        self.rng.random_range(0..100) < percent
    }

    fn id(&mut self) -> Uuid {
        Uuid::from_u128(self.rng.random())
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words.choose(&mut self.rng).unwrap()
    }

    fn pair(&mut self) -> (i64, i64) {
        let a = self.rng.random_range(1..=self.people);
        let b = self.rng.random_range(1..self.people);
        (a, if b >= a { b + 1 } else { b })
    }

    fn person(&mut self, key: i64) -> person::Model {
        let surname = self.pick(&["abe", "Ångström", "o'neil", "Zed"]);
        let name = format!("{} {surname}", external(key));
        person::Model {
            id: key,
            uid: self.id(),
            name_key: name.to_lowercase().replace('å', "a").replace('ö', "o"),
            name,
            email: Some(format!("{}@Example.org", external(key))),
            email_key: Some(format!("{}@example.org", external(key))),
            title: None,
            department: Some(self.pick(&["north", "south"]).to_owned()),
            location: Some(self.pick(&["hill", "dale"]).to_owned()),
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

    fn presence(&mut self, key: i64) -> (Vec<employment::Model>, Option<absence::Model>) {
        let mut spell = |start: &str, end: Option<&str>| employment::Model {
            id: self.id(),
            person_id: key,
            start_date: day(start),
            end_date: end.map(day),
        };
        let long = spell("2020-01-01", None);
        let spells = match self.rng.random_range(0..100) {
            0..10 => vec![employment::Model {
                end_date: Some(day("2026-05-29")),
                ..long
            }],
            10..15 => vec![employment::Model {
                start_date: day("2026-07-01"),
                ..long
            }],
            15..18 => vec![employment::Model {
                end_date: Some(today()),
                ..long
            }],
            18..21 => vec![employment::Model {
                start_date: today(),
                ..long
            }],
            21..25 => {
                let before = employment::Model {
                    id: self.id(),
                    end_date: Some(day("2023-01-31")),
                    ..long.clone()
                };
                vec![
                    before,
                    employment::Model {
                        start_date: day("2025-03-01"),
                        ..long
                    },
                ]
            }
            _ => vec![long],
        };
        let absence = absence::Model {
            id: self.id(),
            person_id: key,
            start_date: day("2026-06-01"),
            end_date: None,
            source: None,
            external_id: None,
        };
        (spells, self.chance(10).then_some(absence))
    }

    /// A line leads to somebody of a smaller key, so no two lines of any day close a ring.
    fn lines(&mut self, key: i64) -> Vec<reporting_line::Model> {
        let nearest = (key - 5).max(1);
        let mut lines = Vec::new();
        let mut line = |dice: &mut Self, kind: &str, from: &str, to: Option<&str>| {
            let manager_id = dice.rng.random_range(nearest..key);
            let (valid_from, valid_to) = (day(from), to.map(day));
            let (id, kind) = (dice.id(), kind.to_owned());
            lines.push(reporting_line::Model {
                id,
                report_id: key,
                manager_id,
                kind,
                valid_from,
                valid_to,
            });
        };
        if key == 1 || self.chance(8) {
            return lines;
        }
        match self.rng.random_range(0..100) {
            0..20 => {
                line(self, "SOLID", "2020-01-01", Some("2026-02-01"));
                line(self, "SOLID", "2026-02-01", None);
            }
            20..30 => {
                line(self, "SOLID", "2020-01-01", Some("2026-08-01"));
                line(self, "SOLID", "2026-08-01", None);
            }
            30..35 => {
                line(self, "SOLID", "2020-01-01", Some("2026-06-10"));
                line(self, "SOLID", "2026-06-10", None);
            }
            35..38 => line(self, "SOLID", "2020-01-01", Some("2026-06-10")),
            _ => line(self, "SOLID", "2020-01-01", None),
        }
        if self.chance(15) {
            line(self, "DOTTED", "2020-01-01", None);
        }
        lines
    }

    fn suggestion(&mut self) -> suggestion::Model {
        let (leader_id, counterpart_id) = self.pair();
        let week = day(self.pick(&["2026-05-25", "2026-06-01", "2026-06-08", "2026-06-15"]));
        suggestion::Model {
            id: self.id(),
            week,
            leader_id,
            counterpart_id,
            kind: self.pick(&["SKIP_LEVEL", "PEER"]).to_owned(),
            status: self.pick(&SUGGESTIONS).to_owned(),
            distance: Some(2),
            branch_id: None,
            band: None,
            reasons: "[]".to_owned(),
            invalid_reason: None,
            replaces_id: None,
            twin_id: None,
            created_at: now(),
            expires_at: (week + Days::new(7)).and_time(chrono::NaiveTime::MIN).and_utc(),
        }
    }

    fn peer(&mut self) -> peer_edge::Model {
        let (a, b) = self.pair();
        peer_edge::Model {
            id: self.id(),
            low_id: a.min(b),
            high_id: a.max(b),
            state: self.pick(&["PROPOSED", "CONFIRMED", "ENDED"]).to_owned(),
            origin: self.pick(&["IMPORT", "PERSON", "DISCOVERY"]).to_owned(),
            low_word: None,
            high_word: None,
            skips: self.rng.random_range(0..4),
            created_at: now(),
            changed_at: now(),
        }
    }

    /// What is sealed says where it belongs, so that a test can tell.
    fn sealed(&mut self, label: &Label) -> Sealed {
        let keys = note_keys();
        let text = Text::new(label.row.to_string());
        keys.seal(keys.newest(), label, &text, self.rng.random()).unwrap()
    }

    /// Notes of both, private ones and shared ones.
    fn notes(&mut self, m: &meeting::Model) -> Vec<note::Model> {
        let mut notes = Vec::new();
        for author_id in [m.leader_id, m.counterpart_id] {
            for (visibility, kind) in [("PRIVATE", Kind::PrivateNote), ("SHARED", Kind::SharedNote)] {
                if self.chance(60) {
                    continue;
                }
                let id = self.id();
                let sealed = self.sealed(&label(kind, id, m, Some(author_id)));
                notes.push(note::Model {
                    id,
                    meeting_id: m.id,
                    author_id,
                    visibility: visibility.to_owned(),
                    key_id: sealed.key,
                    sealed: sealed.bytes,
                    version: 1,
                    created_at: now(),
                    updated_at: now(),
                });
            }
        }
        notes
    }

    fn agenda_item(&mut self, m: &meeting::Model) -> Option<agenda_item::Model> {
        let id = self.id();
        let sealed = self.sealed(&label(Kind::AgendaItem, id, m, None));
        let item = agenda_item::Model {
            id,
            meeting_id: m.id,
            author_id: None,
            number: 0,
            done: false,
            removed: false,
            key_id: sealed.key,
            sealed: sealed.bytes,
            version: 1,
            updated_at: now(),
        };
        self.chance(50).then_some(item)
    }

    /// Thank-yous of both to anybody, some of them sent.
    fn kudos(&mut self, m: &meeting::Model) -> Vec<kudos::Model> {
        let mut thanks = Vec::new();
        for author_id in [m.leader_id, m.counterpart_id] {
            let (id, person_id) = (self.id(), self.rng.random_range(1..=self.people));
            let label = Label {
                about: Some(PersonKey(person_id)),
                ..label(Kind::Kudos, id, m, Some(author_id))
            };
            let sealed = self.sealed(&label);
            thanks.push(kudos::Model {
                id,
                meeting_id: m.id,
                author_id,
                person_id,
                key_id: sealed.key,
                sealed: sealed.bytes,
                version: 1,
                created_at: now(),
                sent_at: self.chance(60).then(now),
            });
        }
        thanks
    }

    fn meeting(&mut self, leader_id: i64, counterpart_id: i64, suggestion_id: Option<Uuid>) -> meeting::Model {
        let status = self.pick(&MEETINGS).to_owned();
        // Minutes of its own, so that the newest of a pair is one; and near enough to be confirmed still.
        let most = if status == "SCHEDULED" { 43_000 } else { 200_000 };
        let start = now() - TimeDelta::minutes(self.rng.random_range(60..most));
        let timed = status == "HELD" || self.chance(80);
        meeting::Model {
            id: self.id(),
            leader_id,
            counterpart_id,
            kind: self.pick(&["DIRECT", "SKIP_LEVEL", "PEER"]).to_owned(),
            origin: self
                .pick(&["ROTATION", "LEADER_CHOICE", "COUNTERPART_REQUEST", "IMPORT"])
                .to_owned(),
            distance: None,
            branch_id: None,
            band: None,
            day: timed.then(|| start.date_naive()),
            starts_at: timed.then_some(start),
            ends_at: timed.then(|| start + TimeDelta::minutes(30)),
            held_at: (status == "HELD").then_some(start),
            status,
            suggestion_id,
            closed_on: None,
            cancel_reason: None,
            evidence: None,
            source: None,
            external_id: None,
            created_at: now(),
            sequence: 0,
        }
    }
}

fn label(kind: Kind, row: Uuid, m: &meeting::Model, author: Option<i64>) -> Label {
    Label {
        kind,
        row,
        meeting: m.id,
        author: author.map(PersonKey),
        about: None,
        version: 1,
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

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}
