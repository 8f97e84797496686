//! `/calendar`: the invitation to one meeting for the bearer of a token, and a person's feed for whoever has its secret
//! address. The address is a key, so no path is ever logged here, and whatever leads nowhere is answered alike.

mod text;

use std::{sync::Arc, time::Instant};

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    http::{
        Method, StatusCode,
        header::{
            ALLOW, AUTHORIZATION, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, HeaderValue, IF_NONE_MATCH,
            REFERRER_POLICY, RETRY_AFTER, WWW_AUTHENTICATE,
        },
    },
    web::{Data, Path, ServiceConfig, route},
};
use uuid::Uuid;

use self::text::{etag, method, write};
use super::{
    Door, Front,
    server::State,
    task::{Orphan, Unfinished, run},
};
use crate::{
    app::AppError,
    auth::calendar::CalendarHash,
    domain::calendar::Calendar,
    graphql::{
        error::{ErrorCode, Fault},
        meeting_id,
    },
};

/// The routes.
pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .route("/calendar/meetings/{id}.ics", route().to(meeting))
        .route("/calendar/{secret}.ics", route().to(feed));
}

/// The invitation to one meeting.
async fn meeting(request: HttpRequest, id: Path<String>, state: Data<State<Front>>) -> HttpResponse {
    let call = Call::new(&request, &state);
    let answered = call.invitation(&id).await;
    call.answer(answered, "meeting.ics")
}

/// Everything in a person's calendar.
async fn feed(request: HttpRequest, secret: Path<String>, state: Data<State<Front>>) -> HttpResponse {
    let call = Call::new(&request, &state);
    let answered = call.feed(&secret).await;
    call.answer(answered, "skiplevel.ics")
}

/// One request.
struct Call<'a> {
    request: &'a HttpRequest,
    state: &'a Data<State<Front>>,
    request_id: String,
    begun: Instant,
}

/// A calendar as it is sent.
struct Sent {
    calendar: Calendar,
    text: String,
    /// How long it may be kept: a feed until the next look, with its tag; an invitation not at all.
    caching: Caching,
}

enum Caching {
    /// With a tag, by which the next look is short where nothing has changed.
    Tagged(String),
    Never,
}

/// Why there is no calendar.
enum Refusal {
    /// The same for what is not there, what is somebody else's, and what was taken back.
    NotFound,
    Method,
    Unauthenticated,
    Crowded(Fault),
    Late,
    /// Busy, or a defect of ours.
    Failed(AppError),
    Lost(Unfinished),
}

impl<'a> Call<'a> {
    fn new(request: &'a HttpRequest, state: &'a Data<State<Front>>) -> Self {
        Self {
            request,
            state,
            request_id: Uuid::new_v4().to_string(),
            begun: Instant::now(),
        }
    }

    async fn invitation(&self, id: &str) -> Result<Sent, Refusal> {
        self.check_method()?;
        let now = self.state.settings.clock.now();
        let headers = self.request.headers().get_all(AUTHORIZATION);
        let headers: Vec<&[u8]> = headers.map(HeaderValue::as_bytes).collect();
        let door = Arc::clone(&self.state.door);
        let token = door.authenticate(&headers, now).map_err(|_| Refusal::Unauthenticated)?;
        let principal = door.principal(&token);
        // A text that is no meeting's id is that of a meeting out of reach.
        let id = meeting_id(id).unwrap_or_default();
        let found = self
            .work(principal, async move {
                door.open_reader(token, now).await?.invitation(id).await
            })
            .await?;
        let calendar = found.ok_or(Refusal::NotFound)?;
        Ok(Sent {
            text: write(&calendar, now),
            calendar,
            caching: Caching::Never,
        })
    }

    async fn feed(&self, secret: &str) -> Result<Sent, Refusal> {
        self.check_method()?;
        let now = self.state.settings.clock.now();
        let hash = CalendarHash::presented(secret).ok_or(Refusal::NotFound)?;
        let door = Arc::clone(&self.state.door);
        let principal = format!("calendar:{}", hash.as_str());
        let read = self.work(principal, async move {
            door.open_calendar(hash, now).await?.calendar_feed().await
        });
        let calendar = match read.await {
            Err(Refusal::Failed(AppError::Unauthenticated)) => return Err(Refusal::NotFound),
            read => read?,
        };
        Ok(Sent {
            text: write(&calendar, now),
            caching: Caching::Tagged(etag(&calendar)),
            calendar,
        })
    }

    /// Does `work` within the limits of all requests.
    async fn work<T: Send + 'static>(
        &self,
        principal: String,
        work: impl Future<Output = Result<T, AppError>> + Send + 'static,
    ) -> Result<T, Refusal> {
        let place = self.state.flights.enter(principal).map_err(Refusal::Crowded)?;
        let work = async move {
            let _place = place;
            work.await
        };
        match run(self.state, Orphan::Dropped, self.state.settings.limits.request, work).await {
            Ok(done) => done.map_err(Refusal::Failed),
            Err(Unfinished::Late(_)) => Err(Refusal::Late),
            Err(lost) => Err(Refusal::Lost(lost)),
        }
    }

    fn check_method(&self) -> Result<(), Refusal> {
        let reads = [Method::GET, Method::HEAD].contains(self.request.method());
        if reads { Ok(()) } else { Err(Refusal::Method) }
    }

    /// The answer, of which the log is told everything but the address.
    fn answer(&self, answered: Result<Sent, Refusal>, file: &str) -> HttpResponse {
        let response = match answered {
            Ok(sent) => self.sent(sent, file),
            Err(refusal) => self.refused(&refusal),
        };
        tracing::info!(
            request_id = self.request_id,
            method = self.request.method().as_str(),
            status = response.status().as_u16(),
            milliseconds = self.begun.elapsed().as_millis(),
            "answered with a calendar"
        );
        response
    }

    fn sent(&self, sent: Sent, file: &str) -> HttpResponse {
        let mut builder = self.builder(StatusCode::OK);
        if let Caching::Tagged(tag) = &sent.caching {
            builder.insert_header((ETAG, tag.as_str()));
            builder.insert_header((CACHE_CONTROL, "private, no-cache"));
            let known = self.request.headers().get_all(IF_NONE_MATCH);
            if known
                .filter_map(|known| known.to_str().ok())
                .any(|known| names(known, tag))
            {
                return builder.status(StatusCode::NOT_MODIFIED).finish();
            }
        }
        let kind = format!("text/calendar; charset=utf-8; method={}", method(sent.calendar.method));
        builder
            .insert_header((CONTENT_TYPE, kind))
            .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{file}\"")))
            .body(sent.text)
    }

    fn refused(&self, refusal: &Refusal) -> HttpResponse {
        let (status, words) = match refusal {
            Refusal::NotFound => (StatusCode::NOT_FOUND, "there is no such calendar"),
            Refusal::Method => (StatusCode::METHOD_NOT_ALLOWED, "calendars are read by GET and HEAD"),
            Refusal::Unauthenticated | Refusal::Failed(AppError::Unauthenticated) => {
                (StatusCode::UNAUTHORIZED, "a valid bearer token is required")
            }
            Refusal::Crowded(fault) if fault.code() == ErrorCode::RateLimited => {
                (StatusCode::TOO_MANY_REQUESTS, "too many requests at a time")
            }
            Refusal::Crowded(_) => (StatusCode::SERVICE_UNAVAILABLE, BUSY),
            Refusal::Failed(error) if error.is_busy() => (StatusCode::SERVICE_UNAVAILABLE, BUSY),
            Refusal::Late => (StatusCode::GATEWAY_TIMEOUT, "the request took too long"),
            Refusal::Failed(cause) => {
                tracing::error!(request_id = self.request_id, ?cause, "a calendar failed");
                (StatusCode::INTERNAL_SERVER_ERROR, "internal server error")
            }
            Refusal::Lost(cause) => {
                tracing::error!(request_id = self.request_id, %cause, "a calendar failed");
                (StatusCode::INTERNAL_SERVER_ERROR, "internal server error")
            }
        };
        let mut builder = self.builder(status);
        match status {
            StatusCode::METHOD_NOT_ALLOWED => builder.insert_header((ALLOW, "GET, HEAD")),
            StatusCode::UNAUTHORIZED => builder.insert_header((WWW_AUTHENTICATE, "Bearer realm=\"skiplevel\"")),
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
                builder.insert_header((RETRY_AFTER, "1"))
            }
            _ => &mut builder,
        };
        builder
            .insert_header((CONTENT_TYPE, "text/plain; charset=utf-8"))
            .body(format!("{words}\n"))
    }

    /// Nobody else is to keep it, find it or learn its address from it.
    fn builder(&self, status: StatusCode) -> HttpResponseBuilder {
        let mut builder = HttpResponse::build(status);
        builder
            .insert_header((CACHE_CONTROL, "no-store"))
            .insert_header((REFERRER_POLICY, "no-referrer"))
            .insert_header(("X-Robots-Tag", "noindex"))
            .insert_header(("X-Content-Type-Options", "nosniff"))
            .insert_header(("X-Request-Id", self.request_id.as_str()));
        builder
    }
}

const BUSY: &str = "the server has too much to do, try again later";

/// Whether an `If-None-Match` names `tag`. Our tags are weak, and weakly they are compared.
fn names(known: &str, tag: &str) -> bool {
    let opaque = tag.trim_start_matches("W/");
    known
        .split(',')
        .map(str::trim)
        .any(|known| known == "*" || known.trim_start_matches("W/") == opaque)
}
