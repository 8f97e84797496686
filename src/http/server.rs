//! The server: routes, threads, and how it stops.

use std::{
    io,
    net::TcpListener,
    sync::Arc,
    time::{Duration, Instant},
};

use actix_web::{App, HttpServer, middleware::from_fn, web};
use tokio::{runtime::Handle, time::timeout};
use tokio_util::task::TaskTracker;

use super::{
    Door, Exposure, GraphiQl, Settings,
    budget::Budgets,
    flight::{Flights, Place},
    graphiql, graphql, health,
    metrics::{self, Answered, Known},
    persisted::Persisted,
    reports,
    trusted::TrustedDocuments,
    visit::{Visit, accompanied},
};
use crate::graphql::error::{ErrorCode, Fault};

/// How long an idle connection is kept open.
pub const KEEP_ALIVE: Duration = Duration::from_secs(30);

/// What the handlers share.
pub(super) struct State<D> {
    pub(super) door: Arc<D>,
    pub(super) settings: Settings,
    pub(super) flights: Arc<Flights>,
    budgets: Budgets,
    pub(super) persisted: Persisted,
    known: Known,
    /// The runtime of sessions and resolvers: the one that called [`serve`], not that of a worker thread.
    pub(super) runtime: Handle,
    /// What has to end before the server may.
    pub(super) tasks: TaskTracker,
}

impl<D> State<D> {
    /// A place in flight for a request of `principal`, which costs so much at least.
    pub(super) fn admit(&self, principal: &str, cost: usize, visit: &Visit) -> Result<Place, Fault> {
        self.spend(principal, cost, visit)?;
        self.flights.enter(principal.to_owned())
    }

    /// Takes `cost` from the budget of `principal`.
    pub(super) fn spend(&self, principal: &str, cost: usize, visit: &Visit) -> Result<(), Fault> {
        match self.budgets.spend(principal, cost, Instant::now()) {
            None => Ok(()),
            Some(Ok(standing)) => {
                visit.stands(standing);
                Ok(())
            }
            Some(Err(overdrawn)) => {
                visit.stands(overdrawn.standing);
                visit.must_wait(overdrawn.wait);
                let limit = overdrawn.standing.limit;
                let message = format!("more than {limit} a minute, counted in cost; wait as `Retry-After` says");
                Err(Fault::new(ErrorCode::RateLimited, message)
                    .with("limitName", "costPerMinute")
                    .with("limit", limit)
                    .with("cost", cost))
            }
        }
    }

    /// Counts a request that was answered.
    pub(super) fn count(&self, answered: &Answered<'_>) {
        let operation = self.known.name(answered.told.operation.as_deref());
        self.settings.metrics.count(answered, operation);
    }
}

/// Serves until `stop` resolves, then ends in good order: accepts nothing more, lets requests in flight end within
/// [`Settings::grace`], and waits for the mutations that are still running, which are never cut off, for at most
/// [`Limits::bulk_request`](super::Limits::bulk_request).
///
/// The listener is the caller's, who therefore knows its address even where the port was 0. Needs a multi-threaded
/// runtime: it is what sessions and resolvers run on.
pub async fn serve<D: Door>(
    listener: TcpListener,
    door: Arc<D>,
    settings: Settings,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let tasks = TaskTracker::new();
    let (grace, patience) = (settings.grace, settings.limits.bulk_request);
    let (connections, head_deadline) = (settings.limits.connections, settings.limits.head_deadline);
    let exposure = settings.exposure;
    if let Some(instant) = settings.clock.held_at() {
        tracing::warn!(instant, "the clock is held");
    }
    let mut trusted = settings.documents.trusted.clone();
    reports::documents().for_each(|document| trusted.add(document));
    let state = web::Data::new(State {
        door,
        flights: Flights::new(&settings.limits),
        budgets: Budgets::new(settings.limits.cost_per_minute),
        known: known(&trusted, &settings),
        persisted: Persisted::new(trusted, settings.documents.others),
        runtime: Handle::current(),
        tasks: tasks.clone(),
        settings,
    });
    let apart = match exposure {
        Exposure::At(address) => Some(metrics::serve(address, state.clone())?),
        Exposure::Here | Exposure::Off => None,
    };
    let server = HttpServer::new(move || {
        let state = state.clone();
        App::new()
            .wrap(from_fn(accompanied::<D, _>))
            .configure(|config| routes(config, state))
    })
    .keep_alive(KEEP_ALIVE)
    .client_request_timeout(head_deadline)
    .max_connections(connections)
    .shutdown_timeout(grace.as_secs())
    .disable_signals()
    .listen(listener)?
    .run();
    let handle = server.handle();
    let apart = apart.map(|apart| (apart.handle(), tokio::spawn(apart)));
    let mut running = tokio::spawn(server);
    tokio::select! {
        ended = &mut running => return ended.map_err(io::Error::other)?,
        () = stop => {}
    }
    tracing::info!("stopping: nothing more is accepted");
    handle.stop(true).await;
    running.await.map_err(io::Error::other)??;
    if let Some((handle, running)) = apart {
        handle.stop(false).await;
        running.await.map_err(io::Error::other)??;
    }
    tasks.close();
    if timeout(patience, tasks.wait()).await.is_err() {
        tracing::warn!(tasks = tasks.len(), "stopped before every mutation had ended");
    }
    Ok(())
}

/// Resolves when the process is asked to end: SIGTERM, or an interrupt from the keyboard.
pub async fn stop_signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            },
            Err(error) => {
                tracing::warn!(%error, "SIGTERM will end the process at once");
                let _ = tokio::signal::ctrl_c().await;
            }
        }
    }
    #[cfg(not(unix))]
    {
        let _ = tokio::signal::ctrl_c().await;
    }
}

/// The names of operations that are known from the start.
fn known(trusted: &TrustedDocuments, settings: &Settings) -> Known {
    let page = match &settings.graphiql {
        GraphiQl::On { query } => Some(query.as_str()),
        GraphiQl::Off => None,
    };
    Known::new(trusted.documents().chain(page))
}

fn routes<D: Door>(config: &mut web::ServiceConfig, state: web::Data<State<D>>) {
    if state.settings.graphiql != GraphiQl::Off {
        config.route("/graphql/assets/{hash}/{name}", web::get().to(graphiql::asset));
    }
    if state.settings.exposure == Exposure::Here {
        metrics::routes::<D>(config);
    }
    Arc::clone(&state.door).routes(config);
    config
        .route("/reports", web::get().to(reports::page))
        .route("/reports/assets/{hash}/{name}", web::get().to(reports::asset))
        .route("/graphql", web::route().to(graphql::handle::<D>))
        .route("/healthz", web::get().to(health::live))
        .route("/readyz", web::get().to(health::ready::<D>))
        .app_data(state);
}
