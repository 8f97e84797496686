//! Documents that are read by GET: one request, within the limits of all, and what it is refused with.

use std::{rc::Rc, sync::Arc};

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    http::{
        Method, StatusCode,
        header::{ALLOW, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HeaderValue, REFERRER_POLICY, WWW_AUTHENTICATE},
    },
    web::Data,
};
use chrono::{DateTime, Utc};

use super::{
    Door, Front, Refused,
    limits::FLAT_COST,
    server::State,
    task::{Orphan, Unfinished, run},
    visit::{Entrance, Visit},
};
use crate::{
    app::{AppError, Session},
    graphql::error::{ErrorCode, Fault},
};

/// One request for a document.
pub(super) struct Call<'a> {
    pub(super) request: &'a HttpRequest,
    pub(super) state: &'a Data<State<Front>>,
    /// What is asked for, for the log and for people: `calendar`, `report`.
    what: &'static str,
    visit: Rc<Visit>,
}

/// Why there is no document.
pub(super) enum Refusal {
    /// The same for what is not there, what is somebody else's, and what was taken back.
    NotFound,
    Method,
    Refused(Refused),
    Crowded(Fault),
    Late,
    /// The client's mistake, busy, or a defect of ours.
    Failed(AppError),
    Lost(Unfinished),
}

impl<'a> Call<'a> {
    pub(super) fn new(request: &'a HttpRequest, state: &'a Data<State<Front>>, entrance: Entrance) -> Self {
        Self {
            request,
            state,
            what: match entrance {
                Entrance::Calendar => "calendar",
                _ => "report",
            },
            visit: Visit::of(request, entrance),
        }
    }

    /// The instant of the request.
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.state.settings.clock.now()
    }

    /// Does `work` in the session of the request's bearer, within the limits of all requests.
    pub(super) async fn as_bearer<T: Send + 'static, W>(
        &self,
        work: impl FnOnce(Session) -> W + Send + 'static,
    ) -> Result<T, Refusal>
    where
        W: Future<Output = Result<T, AppError>> + Send + 'static,
    {
        let now = self.now();
        let headers = self.request.headers().get_all(AUTHORIZATION);
        let headers: Vec<&[u8]> = headers.map(HeaderValue::as_bytes).collect();
        let door = Arc::clone(&self.state.door);
        let token = door.authenticate(&headers, now).await.map_err(Refusal::Refused)?;
        let principal = door.principal(&token);
        let read = async move { work(door.open_reader(token, now).await?).await };
        Box::pin(self.work(principal, read)).await
    }

    /// Does `work` within the limits of all requests.
    pub(super) async fn work<T: Send + 'static>(
        &self,
        principal: String,
        work: impl Future<Output = Result<T, AppError>> + Send + 'static,
    ) -> Result<T, Refusal> {
        let admitted = self.state.admit(&principal, FLAT_COST, &self.visit);
        let place = admitted.map_err(Refusal::Crowded)?;
        let work = async move {
            let _place = place;
            work.await
        };
        let time = self.state.settings.limits.request;
        match run(self.state, Orphan::Dropped, time, self.visit.accompany(work)).await {
            Ok(done) => done.map_err(Refusal::Failed),
            Err(Unfinished::Late(_)) => Err(Refusal::Late),
            Err(lost) => Err(Refusal::Lost(lost)),
        }
    }

    pub(super) fn check_method(&self) -> Result<(), Refusal> {
        let reads = [Method::GET, Method::HEAD].contains(self.request.method());
        if reads { Ok(()) } else { Err(Refusal::Method) }
    }

    /// The answer.
    pub(super) fn answer(&self, answered: Result<HttpResponse, Refusal>) -> HttpResponse {
        answered.unwrap_or_else(|refusal| self.refused(&refusal))
    }

    fn refused(&self, refusal: &Refusal) -> HttpResponse {
        let (status, words) = match refusal {
            Refusal::NotFound => (StatusCode::NOT_FOUND, format!("there is no such {}", self.what)),
            Refusal::Method => {
                let words = format!("{}s are read by GET and HEAD", self.what);
                (StatusCode::METHOD_NOT_ALLOWED, words)
            }
            Refusal::Refused(Refused::Token) | Refusal::Failed(AppError::Unauthenticated) => {
                (StatusCode::UNAUTHORIZED, Refused::Token.to_string())
            }
            Refusal::Refused(unjudged) => (StatusCode::SERVICE_UNAVAILABLE, unjudged.to_string()),
            Refusal::Crowded(fault) if fault.code() == ErrorCode::RateLimited => {
                (StatusCode::TOO_MANY_REQUESTS, fault.to_string())
            }
            Refusal::Crowded(_) => (StatusCode::SERVICE_UNAVAILABLE, BUSY.to_owned()),
            Refusal::Failed(cause) if cause.is_busy() => {
                self.visit.found_no_connection();
                tracing::warn!(?cause, "a {} failed for a reason that may pass", self.what);
                (StatusCode::SERVICE_UNAVAILABLE, BUSY.to_owned())
            }
            Refusal::Failed(AppError::Input(message)) => (StatusCode::BAD_REQUEST, message.clone()),
            Refusal::Late => (StatusCode::GATEWAY_TIMEOUT, "the request took too long".to_owned()),
            Refusal::Failed(cause) => {
                tracing::error!(?cause, "a {} failed", self.what);
                (StatusCode::INTERNAL_SERVER_ERROR, "internal server error".to_owned())
            }
            Refusal::Lost(cause) => {
                tracing::error!(%cause, "a {} failed", self.what);
                (StatusCode::INTERNAL_SERVER_ERROR, "internal server error".to_owned())
            }
        };
        let mut builder = self.builder(status);
        match status {
            StatusCode::METHOD_NOT_ALLOWED => builder.insert_header((ALLOW, "GET, HEAD")),
            StatusCode::UNAUTHORIZED => builder.insert_header((WWW_AUTHENTICATE, "Bearer realm=\"skiplevel\"")),
            _ => &mut builder,
        };
        builder
            .insert_header((CONTENT_TYPE, "text/plain; charset=utf-8"))
            .body(format!("{words}\n"))
    }

    /// Nobody else is to keep it, find it or learn its address from it.
    pub(super) fn builder(&self, status: StatusCode) -> HttpResponseBuilder {
        let mut builder = HttpResponse::build(status);
        builder
            .insert_header((CACHE_CONTROL, "no-store"))
            .insert_header((REFERRER_POLICY, "no-referrer"))
            .insert_header(("X-Robots-Tag", "noindex"))
            .insert_header(("X-Content-Type-Options", "nosniff"))
            .insert_header(("X-Request-Id", self.visit.id()));
        builder
    }
}

const BUSY: &str = "the server has too much to do, try again later";
