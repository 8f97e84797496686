//! The walls: on organisations at random every door of the API shows each viewer exactly what an oracle of a few plain
//! lines says, and what is out of reach answers, byte for byte and statement for statement, like what does not exist.

mod audit;
mod barrier;
mod calendar;
pub mod doors;
mod inbox;
pub mod oracle;
pub mod organisation;
mod paths;
mod visit;

use std::{sync::Arc, time::Duration};

use sea_orm::DbBackend;
use serde_json::json;
use skiplevel::{graphql::preflight::QueryLimits, http::Limits};

use self::{
    oracle::{Asker, Rows},
    organisation::{
        DOTTED, FUTURE_HIRE, LEAVER, MANAGER, NOW, ORPHAN, PEER, VACANT, external, plant, plant_every_kind, read,
    },
    visit::Visit,
};
use crate::support::{Options, TestDatabase, World, both, sdl::Sdl};

/// How much was checked. Tests that find nothing to deny, or nothing to show, prove nothing.
#[derive(Debug, Default)]
struct Tally {
    profiles: usize,
    cards: usize,
    walls: usize,
    meetings: usize,
    hidden_meetings: usize,
    suggestions: usize,
    hidden_suggestions: usize,
    peers: usize,
    hidden_peers: usize,
    notes: usize,
    hidden_notes: usize,
    kudos: usize,
    hidden_kudos: usize,
    lines: usize,
    interim_lines: usize,
    hidden_lines: usize,
    events: usize,
    hidden_events: usize,
    times: usize,
    hidden_times: usize,
    inbox: usize,
    hidden_inbox: usize,
    /// People named by reports.
    reported: usize,
    /// Units of somebody whose card alone is in reach.
    unreported: usize,
}

impl Tally {
    fn check(&self) {
        let people = [self.profiles, self.cards, self.walls];
        let meetings = [
            self.meetings,
            self.hidden_meetings,
            self.suggestions,
            self.hidden_suggestions,
            self.peers,
            self.hidden_peers,
        ];
        let beside = [self.notes, self.hidden_notes, self.kudos, self.hidden_kudos];
        let lines = [self.lines, self.hidden_lines, self.events, self.hidden_events];
        let own = [self.times, self.hidden_times, self.hidden_inbox];
        let reports = [self.reported, self.unreported];
        let all = people.iter().chain(&meetings).chain(&beside).chain(&lines).chain(&own);
        let rare = all.chain(&reports).min();
        // Little waits for anybody at a time.
        let some = self.interim_lines > 0 && self.inbox >= 5;
        assert!(rare >= Some(&20) && some, "{self:?}");
    }
}

macro_rules! organisations {
    ($($name:ident: $database:expr, $seeds:expr;)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            let mut tally = Tally::default();
            for seed in $seeds {
                visit_all($database, seed, &mut tally).await;
            }
            tally.check();
        }
    )*};
}

organisations! {
    every_door_agrees_with_the_oracle_1: TestDatabase::sqlite(), 1..9;
    every_door_agrees_with_the_oracle_2: TestDatabase::sqlite(), 9..17;
    every_door_agrees_with_the_oracle_3: TestDatabase::sqlite(), 17..25;
    every_door_agrees_with_the_oracle_on_postgres: TestDatabase::postgres().await, 28..33;
}

both!(every_kind_of_viewer_keeps_to_the_oracle_six_steps_deep);

/// Whoever there is to ask: in every place of the chart, HR admins in it and outside, integrations of two sources and of none.
/// All walk every path of four steps. A path of six steps more is one in a hundred thousand objects: those whose neighbourhoods
/// are the richest walk all of these, each on one of the databases.
async fn every_kind_of_viewer_keeps_to_the_oracle_six_steps_deep(database: TestDatabase) {
    let world = World::start(Arc::new(database), NOW, &wide_open()).await;
    let raw = world.database.raw().await;
    plant_every_kind(&raw).await;
    world.admin("{ viewer { roles } }", json!({})).await;
    let rows = read(&raw).await;
    let visit = |me, admin| Visit::new(&world, &rows, Asker { me, admin }, 0);
    let walk = async |visit: &Visit<'_>, steps| {
        let leaving_out: &[&str] = if visit.asker.admin { &[] } else { &FOR_ADMINS };
        visit.data(&paths::all(&Sdl::served(), steps, leaving_out)).await;
    };
    let of_source = |source| Visit {
        token: world.integration(source),
        ..visit(None, false)
    };
    for me in [1, 4, 5, DOTTED, PEER, 8, ORPHAN, 12, 13, 14] {
        walk(&visit(Some(me), false), 4).await;
    }
    for visit in [
        visit(Some(MANAGER), true),
        visit(None, false),
        of_source("hr"),
        of_source("okta"),
    ] {
        walk(&visit, 4).await;
    }
    let deep = match raw.get_database_backend() {
        DbBackend::Sqlite => visit(Some(MANAGER), false),
        _ => visit(None, true),
    };
    walk(&deep, 6).await;
    for gone in [VACANT, LEAVER, FUTURE_HIRE] {
        let (status, _) = world
            .body_as(&world.token(&external(gone), &[]), "{ viewer { roles } }", json!({}))
            .await;
        assert_eq!(status, 401, "{gone}");
    }
}

/// Fields of the root that are an error to everybody else, not empty.
const FOR_ADMINS: [&str; 1] = ["changes"];

async fn visit_all(database: TestDatabase, seed: u64, tally: &mut Tally) {
    let world = World::start(Arc::new(database), NOW, &wide_open()).await;
    let raw = world.database.raw().await;
    plant(&raw, seed).await;
    // The first request derives the chart of today, and acts on leavers and moves.
    world.admin("{ viewer { roles } }", json!({})).await;
    let rows = read(&raw).await;
    let (paths, of_admins) = (
        paths::all(&Sdl::served(), 3, &FOR_ADMINS),
        paths::all(&Sdl::served(), 3, &[]),
    );
    let askers = askers(&rows);
    let last = askers.len() - 1;
    for (number, asker) in askers.iter().enumerate() {
        let visit = Visit::new(&world, &rows, *asker, seed);
        visit.at_people(tally).await;
        visit.at_objects(tally).await;
        visit.at_lists().await;
        visit.at_calendars(tally).await;
        visit.at_inbox(tally).await;
        if number % 4 == 2 || number == last {
            // A path is long: a few viewers of each organisation walk them all.
            visit.data(if asker.admin { &of_admins } else { &paths }).await;
        }
    }
    // Each mutation takes a transaction: a few viewers of each organisation will do. They come last, because what is
    // in reach they change.
    for number in [0, 1, 2, 3, last] {
        let visit = Visit::new(&world, &rows, askers[number.min(last)], seed);
        visit.cannot_touch_what_is_out_of_reach().await;
    }
    nobody_is_told_apart(&world, &rows).await;
}

/// Limits on size have tests of their own; here one document knocks at every door.
fn wide_open() -> Options {
    let query = QueryLimits {
        bytes: 1 << 20,
        fragments: 1000,
        nodes: 1 << 20,
        depth: 100,
        root_fields: 1000,
        aliases: 1000,
        cost: 1 << 30,
        ..QueryLimits::default()
    };
    let limits = Limits {
        query,
        body: 1 << 20,
        request: Duration::from_mins(5),
        cost_per_minute: 0,
        ..Limits::default()
    };
    Options {
        limits,
        ..Options::default()
    }
}

/// An HR admin outside the chart, an integration, everybody present, and the last of them as HR admin too.
fn askers(rows: &Rows) -> Vec<Asker> {
    let asker = |me, admin| Asker { me, admin };
    let present = rows.people.iter().map(|person| person.id);
    let present: Vec<_> = present.filter(|p| rows.is_present(*p)).map(Some).collect();
    let mut askers = vec![asker(None, true), asker(None, false)];
    askers.extend(present.iter().map(|me| asker(*me, false)));
    askers.extend(present.last().map(|me| asker(*me, true)));
    askers
}

/// A token of a leaver, of a future hire and of nobody at all: one answer.
async fn nobody_is_told_apart(world: &World, rows: &Rows) {
    let ask = async |subject: &str| {
        world
            .body_as(&world.token(subject, &[]), "{ viewer { roles } }", json!({}))
            .await
    };
    let (status, body) = ask("q99").await;
    assert!(status == 401 && body.contains("UNAUTHENTICATED"), "{status} {body}");
    for person in rows.people.iter().filter(|person| !rows.is_present(person.id)) {
        assert_eq!(
            ask(&external(person.id)).await,
            (status, body.clone()),
            "{}",
            person.name
        );
    }
}
