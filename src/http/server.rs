//! The server: routes, threads, and how it stops.

use std::{io, net::TcpListener, sync::Arc, time::Duration};

use actix_web::{App, HttpServer, web};
use tokio::{runtime::Handle, time::timeout};
use tokio_util::task::TaskTracker;

use super::{Door, GraphiQl, Settings, flight::Flights, graphiql, graphql, health, persisted::Persisted, reports};

/// How long an idle connection is kept open.
pub const KEEP_ALIVE: Duration = Duration::from_secs(30);

/// Time for the head of a connection's first request.
const HEAD_DEADLINE: Duration = Duration::from_secs(5);

/// What the handlers share.
pub(super) struct State<D> {
    pub(super) door: Arc<D>,
    pub(super) settings: Settings,
    pub(super) flights: Arc<Flights>,
    pub(super) persisted: Persisted,
    /// The runtime of sessions and resolvers: the one that called [`serve`], not that of a worker thread.
    pub(super) runtime: Handle,
    /// What has to end before the server may.
    pub(super) tasks: TaskTracker,
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
    let connections = settings.limits.connections;
    if let Some(instant) = settings.clock.held_at() {
        tracing::warn!(instant, "the clock is held");
    }
    let mut trusted = settings.documents.trusted.clone();
    reports::documents().for_each(|document| trusted.add(document));
    let state = web::Data::new(State {
        door,
        flights: Flights::new(&settings.limits),
        persisted: Persisted::new(trusted, settings.documents.others),
        runtime: Handle::current(),
        tasks: tasks.clone(),
        settings,
    });
    let server = HttpServer::new(move || {
        let state = state.clone();
        App::new().configure(|config| routes(config, state))
    })
    .keep_alive(KEEP_ALIVE)
    .client_request_timeout(HEAD_DEADLINE)
    .max_connections(connections)
    .shutdown_timeout(grace.as_secs())
    .disable_signals()
    .listen(listener)?
    .run();
    let handle = server.handle();
    let mut running = tokio::spawn(server);
    tokio::select! {
        ended = &mut running => return ended.map_err(io::Error::other)?,
        () = stop => {}
    }
    tracing::info!("stopping: nothing more is accepted");
    handle.stop(true).await;
    running.await.map_err(io::Error::other)??;
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

fn routes<D: Door>(config: &mut web::ServiceConfig, state: web::Data<State<D>>) {
    if state.settings.graphiql != GraphiQl::Off {
        config.route("/graphql/assets/{hash}/{name}", web::get().to(graphiql::asset));
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
