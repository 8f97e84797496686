//! `/healthz`: the process lives. `/readyz`: it can serve, and whether its clock is held.

use std::time::Duration;

use actix_web::{HttpResponse, http::header::CACHE_CONTROL, web::Data};
use serde::Serialize;
use tokio::time::timeout;

use super::{Door, server::State};

/// Time for the database to answer.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Serialize)]
struct Health {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(rename = "clock held at", skip_serializing_if = "Option::is_none")]
    clock_held_at: Option<String>,
}

/// 200 for as long as there is anybody to answer.
pub(super) async fn live() -> HttpResponse {
    answer(
        HttpResponse::Ok(),
        &Health {
            status: "ok",
            reason: None,
            clock_held_at: None,
        },
    )
}

/// 200 if requests can be served, 503 with a reason if not.
pub(super) async fn ready<D: Door>(state: Data<State<D>>) -> HttpResponse {
    let clock_held_at = state.settings.clock.held_at();
    let door = std::sync::Arc::clone(&state.door);
    let asked = state
        .runtime
        .spawn(async move { timeout(PATIENCE, door.ready()).await });
    let reason = match asked.await {
        Ok(Ok(Ok(()))) => None,
        Ok(Ok(Err(reason))) => Some(reason.to_string()),
        Ok(Err(_)) => Some("the database did not answer within 2 seconds".to_owned()),
        Err(_) => Some("the check failed".to_owned()),
    };
    match reason {
        None => answer(
            HttpResponse::Ok(),
            &Health {
                status: "ready",
                reason: None,
                clock_held_at,
            },
        ),
        reason => answer(
            HttpResponse::ServiceUnavailable(),
            &Health {
                status: "not ready",
                reason,
                clock_held_at,
            },
        ),
    }
}

fn answer(mut builder: actix_web::HttpResponseBuilder, health: &Health) -> HttpResponse {
    builder.insert_header((CACHE_CONTROL, "no-store")).json(health)
}
