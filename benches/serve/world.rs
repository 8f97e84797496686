//! The organisation that is measured, made up with a year behind it, and the leaders who ask.

use std::collections::HashSet;

use chrono::TimeDelta;
use skiplevel::{
    app::{App, AppOptions, DemoInput, DrawInput, Keyed, Keyring},
    auth::{
        audit::AuditChain,
        token::{NewToken, Role, sign},
    },
    config::Config,
    domain::{
        made_up::{Organisation, Plan, organisation},
        person::PersonKey,
        sync::Thresholds,
        week::{Week, day_of},
    },
    http::Clock,
    store::{Store, StoreOptions},
};

use super::{Args, Failure, place::Place, process::SECRET, say};

/// Decides what is made up.
const SEED: u32 = 1;

/// Fewest people below a leader who asks, so that a page of theirs is full.
const FULL_PAGE: usize = 50;

/// Deepest organisation that is made up; small ones are flatter.
const LEVELS: usize = 8;

/// What stands in a database.
pub struct World {
    /// The present week, which is drawn.
    pub week: Week,
    /// A token for each connection, of a leader each.
    pub tokens: Vec<String>,
}

/// Fills the database.
pub fn make_up(args: &Args, people: usize, place: &Place) -> Result<World, Failure> {
    say(&format!("making up {people} people on {}", place.name()));
    block_on(async {
        let now = Clock::System.now();
        let config = config()?;
        let store = Store::open(&StoreOptions::new(place.url())).await?;
        store.migrate().await?;
        let options = AppOptions {
            notes: Keyring::off(),
            note_characters: 10_000,
            zone: config.time_zone,
            subject: config.tokens.subject.clone(),
            page_max: 100,
            ids_max: 100,
            feed_days: 90,
            private_networks: skiplevel::domain::webhook::PrivateNetworks::Refused,
            sync_rows_max: 5000,
            scim_leavers: skiplevel::domain::sync::Limits::default(),
            audit: AuditChain::default(),
            thresholds: Thresholds::default(),
        };
        let app = App::new(store, options);
        let plan = plan(people)?;
        let input = DemoInput {
            people: plan.people,
            levels: plan.levels,
            seed: SEED,
        };
        app.make_up(&input, now).await?;
        let week = Week::of(plan.today);
        let session = app.operator("bench", now).await?;
        let input = DrawInput { week, dry_run: false };
        let drawn = session.draw(&Keyed { key: None, input }).await?;
        drop(session);
        app.close().await?;
        let suggested: HashSet<PersonKey> = drawn.suggestions.iter().map(|row| row.leader).collect();
        let subjects = leaders(&organisation(&plan)?, &plan, &suggested, args.connections);
        let tokens = subjects.iter().map(|subject| token(subject, &[]));
        let tokens = tokens.collect::<Result<Vec<_>, Failure>>()?;
        if tokens.len() < args.connections {
            return Err("there are not so many leaders with enough people below and a suggestion".into());
        }
        Ok(World { week, tokens })
    })
}

/// An organisation of so many people, as of today.
pub fn plan(people: usize) -> Result<Plan, Failure> {
    let today = day_of(Clock::System.now(), config()?.time_zone);
    let plan = |levels| Plan {
        people,
        levels,
        seed: SEED.into(),
        today,
    };
    let possible = (1..=LEVELS).rev().map(plan).find(|plan| organisation(plan).is_ok());
    possible.ok_or_else(|| format!("{people} people cannot be made up").into())
}

/// A token that servers under measurement accept.
pub fn token(subject: &str, roles: &[Role]) -> Result<String, Failure> {
    let config = config()?;
    let token = NewToken {
        subject,
        roles,
        source: None,
        lifetime: TimeDelta::hours(8),
    };
    Ok(sign(
        config.tokens.secret()?,
        &config.tokens.rules,
        &token,
        Clock::System.now(),
    )?)
}

/// The seed of everything that is made up.
pub fn seed() -> u64 {
    SEED.into()
}

/// The configuration of the server under measurement, as far as both sides need it.
pub fn config() -> Result<Config, Failure> {
    let secret = |name: &str| (name == "SKIPLEVEL_JWT_SECRET").then(|| SECRET.to_owned());
    Ok(Config::from_text("", secret)?)
}

/// Runs a future of the library.
pub fn block_on<T>(future: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(future)
}

/// External ids of so many leaders with a suggestion and a full page below them, from the head to small teams.
fn leaders(organisation: &Organisation, plan: &Plan, suggested: &HashSet<PersonKey>, wanted: usize) -> Vec<String> {
    let chart = organisation.chart_on(plan.today);
    let fit = |key: &PersonKey| suggested.contains(key) && chart.below_count(*key) >= FULL_PAGE;
    let mut leaders: Vec<PersonKey> = chart.keys().filter(fit).collect();
    leaders.sort_by_key(|&key| (std::cmp::Reverse(chart.below_count(key)), key));
    let spread = (0..wanted).filter_map(|at| leaders.get(at * leaders.len() / wanted.max(1)));
    let mut spread: Vec<PersonKey> = spread.copied().collect();
    spread.dedup();
    let person = |key| organisation.person(key).map(|person| person.external_id.clone());
    spread.into_iter().filter_map(person).collect()
}
