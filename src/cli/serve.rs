//! `skiplevel serve`: the server, and beside it the weekly draw and what else recurs.

use std::{
    io::{self, Write as _},
    net::TcpListener,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::time::{Interval, MissedTickBehavior, interval};

use super::{Failure, organisation};
use crate::{
    app::App,
    config::{self, Config, Switch},
    graphql::{preflight::QueryLimits, review::Reviewer},
    http::{
        self, Clock, Documents, Exposure, Front, GraphiQl, Limits, Metrics, Others, Settings, TrustedDocuments,
        outbound::Outbound, webhook,
    },
};

/// What stands in `GraphiQL` when it opens.
pub(super) const EXAMPLE: &str = "\
# Whom should I meet this week, and why?
query ThisWeek {
  viewer {
    person { name title }
    week {
      week
      startsOn
      suggestions {
        id
        kind
        status
        counterpart { name title department location }
        distance
        band
        reasons { code message }
        meeting { status startsAt }
      }
      noSuggestion { code message nextWeek }
    }
  }
}
";

/// How often the server looks whether a week is due. Looking costs one read.
const DRAW_EVERY: Duration = Duration::from_secs(30);

/// How often the server looks whether a webhook is to be told something.
const DELIVER_EVERY: Duration = Duration::from_secs(5);

/// How often the server forgets what is too old.
const PRUNE_EVERY: Duration = Duration::from_hours(1);

/// Migrates if needed and serves until a signal to stop.
pub(super) async fn run(config: &Config, clock: Clock) -> Result<(), Failure> {
    // Said before the database is touched.
    config.tokens.bearers()?;
    let settings = settings(config, clock).await?;
    let keys = organisation::note_keys(config)?;
    let app = organisation::open_with(config, keys).await?;
    app.check_note_keys(clock.now()).await?;
    let listener = listen(config)?;
    writeln!(
        io::stdout(),
        "skiplevel listens on http://{}/graphql",
        listener.local_addr()?
    )?;
    on(listener, app, config, settings).await
}

/// How often the server looks whether notes are too old to be kept. Looking costs three reads.
const CLEAN_EVERY: Duration = Duration::from_hours(1);

/// The configured address, taken.
pub(super) fn listen(config: &Config) -> Result<TcpListener, Failure> {
    let address = config.http.listen;
    TcpListener::bind(address).map_err(|source| Failure::Listen(address, source))
}

/// Serves on `listener` until a signal to stop, then closes the application.
pub(super) async fn on(listener: TcpListener, app: App, config: &Config, settings: Settings) -> Result<(), Failure> {
    let clock = settings.clock;
    let bearers = config.tokens.bearers()?;
    let fetching = bearers.jwks().map(|jwks| tokio::spawn(Arc::clone(jwks).keep_fresh()));
    let recurring = [
        tokio::spawn(draw_weekly(app.clone(), clock, settings.metrics.clone())),
        tokio::spawn(prune(app.clone(), clock)),
        tokio::spawn(delete_old_notes(app.clone(), clock)),
        tokio::spawn(deliver(app.clone(), clock)),
    ];
    let door = Arc::new(Front::new(app.clone(), bearers));
    let served = http::serve(listener, door, settings, http::stop_signal()).await;
    // What is under way ends whole, or its transaction is gone: closing the database waits for neither.
    recurring
        .iter()
        .chain(&fetching)
        .for_each(tokio::task::JoinHandle::abort);
    app.close().await?;
    Ok(served?)
}

/// Tells webhooks what is due, again and again. Failing once is no reason to stop.
async fn deliver(app: App, clock: Clock) {
    let outbound = match Outbound::new(app.private_networks()) {
        Ok(outbound) => outbound,
        Err(error) => return tracing::error!(error = %super::with_causes(&error), "webhooks are told nothing"),
    };
    let mut looks = every(DELIVER_EVERY);
    loop {
        looks.tick().await;
        if let Err(error) = webhook::deliver_due(&app, &outbound, clock).await {
            tracing::error!(error = %super::with_causes(&error), "telling webhooks failed");
        }
    }
}

/// Forgets events that are too old, again and again, and what of them and of all else that is gone the database's own log
/// still holds.
async fn prune(app: App, clock: Clock) {
    let mut looks = every(PRUNE_EVERY);
    loop {
        looks.tick().await;
        match app.prune_changes(clock.now()).await {
            Ok(0) => {}
            Ok(gone) => tracing::info!(gone, "forgot old events"),
            Err(error) => tracing::error!(error = %super::with_causes(&error), "forgetting old events failed"),
        }
        if let Err(error) = app.cut_log().await {
            tracing::error!(error = %super::with_causes(&error), "the database's log of changes could not be emptied");
        }
    }
}

fn every(period: Duration) -> Interval {
    let mut looks = interval(period);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    looks
}

/// Draws what is due, again and again. Failing once is no reason to stop: the next look comes soon.
async fn draw_weekly(app: App, clock: Clock, metrics: Metrics) {
    let mut looks = every(DRAW_EVERY);
    loop {
        looks.tick().await;
        let (now, begun) = (clock.now(), Instant::now());
        match app.draw_due(now).await {
            Ok(weeks) => {
                metrics.saw_to_draws(now, (!weeks.is_empty()).then(|| begun.elapsed()));
                for week in weeks {
                    tracing::info!(%week, "drew a week");
                }
            }
            Err(error) => tracing::error!(error = %super::with_causes(&error), "the weekly draw failed"),
        }
    }
}

/// Deletes notes that are too old, again and again.
async fn delete_old_notes(app: App, clock: Clock) {
    let mut looks = interval(CLEAN_EVERY);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        looks.tick().await;
        match app.delete_old_notes(clock.now()).await {
            Ok(0) => {}
            Ok(texts) => tracing::info!(texts, "deleted notes, agendas and kudos that are too old"),
            Err(error) => tracing::error!(error = %super::with_causes(&error), "old notes could not be deleted"),
        }
    }
}

/// How the door is set up; reads the trusted documents.
pub(super) async fn settings(config: &Config, clock: Clock) -> Result<Settings, Failure> {
    let limits = limits(&config.limits);
    let documents = documents(&config.http.documents, &limits.query).await?;
    let graphiql = match config.http.graphiql {
        Switch::On => GraphiQl::On {
            query: EXAMPLE.to_owned(),
        },
        Switch::Off => GraphiQl::Off,
    };
    let exposure = match config.http.metrics {
        config::Metrics::Switch(Switch::On) => Exposure::Here,
        config::Metrics::Switch(Switch::Off) => Exposure::Off,
        config::Metrics::At(address) => Exposure::At(address),
    };
    Ok(Settings {
        limits,
        documents,
        clock,
        graphiql,
        exposure,
        ..Settings::default()
    })
}

async fn documents(config: &config::Documents, limits: &QueryLimits) -> Result<Documents, Failure> {
    let trusted = match &config.trusted {
        Some(directory) => {
            let reviewer = Reviewer::new(limits.clone());
            let trusted = TrustedDocuments::read(directory, async |text| reviewer.review(text).await).await?;
            tracing::info!(documents = trusted.count(), "read the trusted documents");
            trusted
        }
        None => TrustedDocuments::default(),
    };
    let others = match config.trusted_only {
        Switch::On => Others::Refused,
        Switch::Off => Others::Answered {
            remembered: config.remembered,
        },
    };
    Ok(Documents { trusted, others })
}

fn limits(config: &config::Limits) -> Limits {
    Limits {
        body: config.body_bytes,
        bulk_body: config.sync_body_bytes,
        request: config.request,
        bulk_request: config.sync,
        per_principal: config.in_flight_per_principal,
        in_flight: config.in_flight,
        cost_per_minute: config.cost_per_minute,
        query: QueryLimits {
            bytes: config.query_bytes,
            fragments: config.fragments,
            nodes: config.expanded_nodes,
            depth: config.depth,
            variables: config.variables,
            root_fields: config.root_fields,
            aliases: config.aliases,
            directives: config.directives,
            cost: config.complexity,
            largest_page: config.page,
            ..QueryLimits::default()
        },
        ..Limits::default()
    }
}
