//! The page itself. The database is asked at most every few seconds, however often the page is read: it has no password.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use actix_web::{
    App, HttpResponse, HttpServer,
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    web::{self, Data, ServiceConfig},
};
use tokio::time::{Instant, timeout};

use super::super::{Door, server::State};

const TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// How old what the database said may be.
const FRESH: Duration = Duration::from_secs(5);

/// Time for the database to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// The route.
pub(in crate::http) fn routes<D: Door>(config: &mut ServiceConfig) {
    config.route("/metrics", web::get().to(page::<D>));
}

/// Serves the page, and nothing else, at an address of its own.
pub(in crate::http) fn serve<D: Door>(
    address: SocketAddr,
    state: Data<State<D>>,
) -> io::Result<actix_web::dev::Server> {
    let server = HttpServer::new(move || App::new().app_data(state.clone()).configure(routes::<D>))
        .workers(1)
        .max_connections(16)
        .disable_signals()
        .bind(address);
    let told = |error: io::Error| io::Error::new(error.kind(), format!("{address}, for metrics: {error}"));
    Ok(server.map_err(told)?.run())
}

async fn page<D: Door>(state: Data<State<D>>) -> HttpResponse {
    refresh(&state).await;
    match state.settings.metrics.text() {
        Ok(text) => HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, TYPE))
            .insert_header((CACHE_CONTROL, "no-store"))
            .body(text),
        Err(error) => {
            tracing::error!(%error, "the metrics could not be written");
            HttpResponse::InternalServerError().finish()
        }
    }
}

async fn refresh<D: Door>(state: &Data<State<D>>) {
    let kept = &state.settings.metrics.0;
    kept.in_flight
        .set(i64::try_from(state.flights.count()).unwrap_or(i64::MAX));
    let now = state.settings.clock.now();
    let mut asked = kept.asked.lock().await;
    if asked.is_some_and(|asked| Instant::from_std(asked).elapsed() < FRESH) {
        return;
    }
    let door = Arc::clone(&state.door);
    let work = async move { timeout(PATIENCE, door.vitals(now)).await };
    let vitals = match state.runtime.spawn(work).await {
        Ok(Ok(vitals)) => vitals,
        Ok(Err(_)) | Err(_) => state.door.pulse(),
    };
    kept.vitals.set(&vitals, now);
    *asked = Some(Instant::now().into_std());
}
