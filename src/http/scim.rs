//! `/scim/v2`: a SCIM request from its head to its answer. Whatever goes wrong on the way is a SCIM error.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        ConnectionType, StatusCode,
        header::{ALLOW, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HeaderValue, LOCATION, WWW_AUTHENTICATE},
    },
    web::{Data, Payload, Query, ServiceConfig, route},
};

use super::{
    Front, Refused, body,
    front::ScimBearer,
    limits::FLAT_COST,
    server::State,
    task::{Orphan, Unfinished, run},
    visit::{Entrance, Visit},
};
use crate::{
    app::AppError,
    graphql::error::{ErrorCode, Fault},
    scim::{Answer, Call, ScimError, action, answer},
};

/// Where it is.
const ROOT: &str = "/scim/v2";

/// The type of everything that is sent.
const SCIM_JSON: &str = "application/scim+json";

/// The routes.
pub(super) fn routes(config: &mut ServiceConfig) {
    config.route("/scim/v2", route().to(handle));
    config.route("/scim/v2/{path:.*}", route().to(handle));
}

/// Answers whatever comes.
async fn handle(request: HttpRequest, payload: Payload, state: Data<State<Front>>) -> HttpResponse {
    let visit = Visit::of(&request, Entrance::Scim);
    let reply = Reply { visit: &visit };
    match respond(&request, payload, &state, reply).await {
        Ok(answer) => reply.answer(&answer),
        Err(Refusal::Error(error)) => reply.error(&error),
        Err(Refusal::Unread(error)) => {
            let mut response = reply.error(&error);
            response.head_mut().set_connection_type(ConnectionType::Close);
            response
        }
    }
}

async fn respond(
    request: &HttpRequest,
    payload: Payload,
    state: &Data<State<Front>>,
    reply: Reply<'_>,
) -> Result<Answer, Refusal> {
    let limits = &state.settings.limits;
    let now = state.settings.clock.now();
    let bearer = authenticate(request, state).await?;
    let admitted = state.admit(&bearer.principal(), FLAT_COST, reply.visit);
    let place = admitted.map_err(ScimError::from)?;
    let path = request.path().strip_prefix(ROOT).unwrap_or_default();
    let action = action(request.method().as_str(), path)?;
    let body = if action.has_body() {
        body::check_type_among(request, &[SCIM_JSON, "application/json"]).map_err(ScimError::from)?;
        body::check_announced(request, limits.body).map_err(ScimError::from)?;
        body::read(payload, limits.body, limits).await?.to_vec()
    } else {
        Vec::new()
    };
    let parameters = Query::<Vec<(String, String)>>::from_query(request.query_string())
        .map_err(|_| ScimError::new(400, "the parameters of the address could not be read"))?;
    let call = Call {
        parameters: parameters.into_inner(),
        body,
        base: base(request),
    };
    let orphan = if action.writes() { Orphan::Ends } else { Orphan::Dropped };
    let door = Arc::clone(&state.door);
    let work = async move {
        let _place = place;
        let session = door.open_scim(bearer, now).await?;
        answer(&session, action, &call).await
    };
    match run(state, orphan, limits.request, reply.visit.accompany(work)).await {
        Ok(Ok(answered)) => Ok(answered?),
        Ok(Err(error)) => Err(reply.failed(&error).into()),
        Err(late @ Unfinished::Late(_)) => Err(ScimError::new(504, late.to_string()).into()),
        Err(lost) => {
            tracing::error!(cause = %lost, "a SCIM request failed");
            Err(ScimError::new(500, "internal server error").into())
        }
    }
}

async fn authenticate(request: &HttpRequest, state: &State<Front>) -> Result<ScimBearer, ScimError> {
    let headers = request.headers().get_all(AUTHORIZATION);
    let headers: Vec<&[u8]> = headers.map(HeaderValue::as_bytes).collect();
    state
        .door
        .scim_bearer(&headers, state.settings.clock.now())
        .await
        .map_err(|refused| match refused {
            Refused::Token => ScimError::from(&AppError::Unauthenticated),
            Refused::Unjudged => ScimError::new(503, refused.to_string()),
        })
}

/// The address that the client used, as far as the proxies in between tell.
fn base(request: &HttpRequest) -> String {
    let connection = request.connection_info();
    format!("{}://{}{ROOT}", connection.scheme(), connection.host())
}

/// Why there is no answer.
enum Refusal {
    /// Said as it is.
    Error(ScimError),
    /// Said at once, and the connection closed: the rest of the body is in the way of its next request.
    Unread(ScimError),
}

impl From<ScimError> for Refusal {
    fn from(error: ScimError) -> Self {
        Self::Error(error)
    }
}

impl From<body::Unread> for Refusal {
    fn from(unread: body::Unread) -> Self {
        Self::Unread(match unread {
            body::Unread::Late => ScimError::new(408, "the body did not come in time"),
            other => Fault::from(other).into(),
        })
    }
}

impl From<Fault> for ScimError {
    fn from(fault: Fault) -> Self {
        let status = match fault.code() {
            ErrorCode::PayloadTooLarge => 413,
            ErrorCode::UnsupportedMediaType => 415,
            ErrorCode::RateLimited => 429,
            ErrorCode::ServiceUnavailable => 503,
            _ => 400,
        };
        Self::new(status, fault.to_string())
    }
}

/// How answers to one request are made.
#[derive(Clone, Copy)]
struct Reply<'a> {
    visit: &'a Visit,
}

impl Reply<'_> {
    fn answer(self, answer: &Answer) -> HttpResponse {
        let mut builder = self.builder(answer.status);
        if let Some(location) = &answer.location {
            builder.insert_header((LOCATION, location.as_str()));
        }
        match &answer.body {
            Some(body) => builder.insert_header((CONTENT_TYPE, SCIM_JSON)).body(body.to_string()),
            None => builder.finish(),
        }
    }

    fn error(self, error: &ScimError) -> HttpResponse {
        let mut builder = self.builder(error.status);
        match error.status {
            401 => builder.insert_header((WWW_AUTHENTICATE, "Bearer realm=\"skiplevel\"")),
            _ => &mut builder,
        };
        if let Some(allow) = error.allow {
            builder.insert_header((ALLOW, allow));
        }
        builder
            .insert_header((CONTENT_TYPE, SCIM_JSON))
            .body(error.body().to_string())
    }

    /// The error of a program that failed: the cause goes to the log.
    fn failed(self, cause: &AppError) -> ScimError {
        if cause.is_busy() {
            self.visit.found_no_connection();
        }
        let error = ScimError::from(cause);
        match error.status {
            500 => tracing::error!(?cause, "a SCIM request failed"),
            503 => tracing::warn!(?cause, "a SCIM request failed for a reason that may pass"),
            _ => {}
        }
        error
    }

    fn builder(self, status: u16) -> actix_web::HttpResponseBuilder {
        let mut builder =
            HttpResponse::build(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
        builder
            .insert_header((CACHE_CONTROL, "no-store"))
            .insert_header(("X-Content-Type-Options", "nosniff"))
            .insert_header(("X-Request-Id", self.visit.id()));
        builder
    }
}
