//! The walls: on organisations at random every door of the API shows each viewer exactly what an oracle of a few plain
//! lines says, and what is out of reach answers, byte for byte and statement for statement, like what does not exist.

mod audit;
mod barrier;
mod doors;
mod oracle;
mod organisation;
mod paths;
mod visit;

use std::sync::Arc;

use serde_json::json;
use skiplevel::{auth::token::Role, graphql::preflight::QueryLimits, http::Limits};

use self::{
    doors::global,
    oracle::{Asker, Rows},
    organisation::{NOW, external, plant, read},
    visit::Visit,
};
use crate::support::{Options, TestDatabase, World, sdl::Sdl};

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
    lines: usize,
    interim_lines: usize,
    hidden_lines: usize,
}

impl Tally {
    fn check(&self) {
        let people = [self.profiles, self.cards, self.walls];
        let meetings = [
            self.meetings,
            self.hidden_meetings,
            self.suggestions,
            self.hidden_suggestions,
        ];
        let lines = [self.lines, self.hidden_lines];
        let rare = people.iter().chain(&meetings).chain(&lines).min();
        assert!(rare >= Some(&20) && self.interim_lines > 0, "{self:?}");
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

#[expect(clippy::too_many_lines, reason = "one door after the other")]
async fn visit_all(database: TestDatabase, seed: u64, tally: &mut Tally) {
    let database = Arc::new(database);
    // The limits on size have tests of their own; here one document knocks at every door.
    let query = QueryLimits {
        bytes: 1 << 20,
        nodes: 1 << 20,
        root_fields: 1000,
        aliases: 1000,
        cost: 1 << 30,
        fragments: 1000,
        depth: 100,
        ..QueryLimits::default()
    };
    let limits = Limits {
        query,
        body: 1 << 20,
        ..Limits::default()
    };
    let world = World::start(
        database.clone(),
        NOW,
        &Options {
            limits,
            ..Options::default()
        },
    )
    .await;
    let raw = database.raw().await;
    plant(&raw, seed).await;
    // The first request derives the chart of today, and acts on leavers and moves.
    world.admin("{ viewer { roles } }", json!({})).await;
    let rows = read(&raw).await;
    let visit = |asker: Asker, token: String| {
        let who = format!("organisation {seed}, {asker:?}");
        let sees = rows
            .people
            .iter()
            .map(|person| (person.id, rows.sees(asker, person.id)))
            .collect();
        let people = rows
            .people
            .iter()
            .map(|person| (global('p', person.uid), person.id))
            .collect();
        Visit {
            world: &world,
            rows: &rows,
            asker,
            token,
            who,
            sees,
            people,
        }
    };
    let mut visits = vec![
        visit(
            Asker { me: None, admin: true },
            world.token("hr-admin", &[Role::HrAdmin]),
        ),
        visit(
            Asker { me: None, admin: false },
            world.token("machine", &[Role::Integration]),
        ),
    ];
    let present: Vec<_> = rows
        .people
        .iter()
        .map(|person| person.id)
        .filter(|p| rows.is_present(*p))
        .collect();
    for p in &present {
        visits.push(visit(
            Asker {
                me: Some(*p),
                admin: false,
            },
            world.token(&external(*p), &[]),
        ));
    }
    let last = *present
        .last()
        .expect("the first person of every seed is present or somebody else is");
    visits.push(visit(
        Asker {
            me: Some(last),
            admin: true,
        },
        world.token(&external(last), &[Role::HrAdmin]),
    ));
    let paths = paths::all(&Sdl::served(), 3);
    for (number, visit) in visits.iter().enumerate() {
        visit.at_people(tally).await;
        visit.at_objects(tally).await;
        visit.at_lists().await;
        if number % 4 == 2 || number + 1 == visits.len() {
            // A path is long: a few viewers of each organisation walk them all.
            visit.data(&paths).await;
        }
    }
    for (number, visit) in visits.iter().enumerate() {
        // Each mutation takes a transaction: a few viewers of each organisation will do.
        if number < 4 || number + 1 == visits.len() {
            visit.cannot_touch_what_is_out_of_reach().await;
        }
    }
    nobody_is_told_apart(&world, &rows).await;
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
