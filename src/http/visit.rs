//! One request from its head to its answer, whichever entrance it takes: its id in every line of the log, what every answer of a
//! known principal and every refusal for want of room says, a line in the log, and its part of the numbers at `/metrics`.

use std::{
    cell::RefCell,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use actix_web::{
    Error, HttpMessage as _, HttpRequest,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{
        StatusCode,
        header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER},
    },
    middleware::Next,
    web::Data,
};
use tracing::{Instrument as _, Span};
use uuid::Uuid;

use super::{Door, budget::Standing, metrics::Answered, server::State, statements};
use crate::graphql::error::ErrorCode;

/// What stands behind an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Entrance {
    GraphQl,
    Scim,
    Calendar,
    Reports,
}

/// One request.
#[derive(Debug)]
pub(super) struct Visit {
    id: String,
    span: Span,
    begun: Instant,
    statements: Arc<AtomicU32>,
    told: RefCell<Told>,
}

/// What the way through the program had to say.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    /// None for what is neither counted nor logged: pages, health, what is not there.
    pub(super) entrance: Option<Entrance>,
    /// The name of the operation, as the client has it.
    pub(super) operation: Option<String>,
    pub(super) cost: Option<usize>,
    /// What was refused or went wrong, each once.
    pub(super) codes: Vec<ErrorCode>,
    pub(super) found_no_connection: bool,
    standing: Option<Standing>,
    wait: Option<Duration>,
}

impl Entrance {
    /// All of them.
    pub(super) const ALL: [Self; 4] = [Self::GraphQl, Self::Scim, Self::Calendar, Self::Reports];

    /// The word in labels and in the log.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::GraphQl => "graphql",
            Self::Scim => "scim",
            Self::Calendar => "calendar",
            Self::Reports => "reports",
        }
    }
}

impl Visit {
    /// That of `request`, which came to `entrance`.
    pub(super) fn of(request: &HttpRequest, entrance: Entrance) -> Rc<Self> {
        let known = request.extensions().get::<Rc<Self>>().cloned();
        let visit = known.unwrap_or_default();
        visit.told.borrow_mut().entrance = Some(entrance);
        visit
    }

    /// The id that stands in the log, in `X-Request-Id` and in masked errors.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Lets `work` go on elsewhere as part of this visit: its lines in the log have the id, its statements are counted.
    pub(super) fn accompany<W: Future>(&self, work: W) -> impl Future<Output = W::Output> + use<W> {
        statements::counted(Arc::clone(&self.statements), work).instrument(self.span.clone())
    }

    /// An operation of this name and cost is asked for.
    pub(super) fn asks(&self, operation: Option<&str>, cost: usize) {
        let mut told = self.told.borrow_mut();
        told.operation = operation.map(str::to_owned);
        told.cost = Some(cost);
    }

    /// Something was refused or went wrong.
    pub(super) fn fails(&self, code: ErrorCode) {
        let mut told = self.told.borrow_mut();
        if !told.codes.contains(&code) {
            told.codes.push(code);
        }
    }

    /// No connection to the database came free in time.
    pub(super) fn found_no_connection(&self) {
        self.told.borrow_mut().found_no_connection = true;
    }

    /// The principal's budget stands like this now.
    pub(super) fn stands(&self, standing: Standing) {
        self.told.borrow_mut().standing = Some(standing);
    }

    /// There is no use in asking again before this has passed.
    pub(super) fn must_wait(&self, wait: Duration) {
        self.told.borrow_mut().wait = Some(wait);
    }

    /// Says in the headers how the budget stands, and when to come again to whoever is sent away.
    fn sign(&self, status: StatusCode, headers: &mut HeaderMap) {
        let told = self.told.borrow();
        if let Some(Standing {
            limit,
            remaining,
            reset,
        }) = told.standing
        {
            headers.insert(HeaderName::from_static("ratelimit-limit"), limit.into());
            headers.insert(HeaderName::from_static("ratelimit-remaining"), remaining.into());
            headers.insert(HeaderName::from_static("ratelimit-reset"), seconds(reset));
        }
        if [StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE].contains(&status) {
            let wait = told.wait.unwrap_or_default().max(Duration::from_secs(1));
            headers.insert(RETRY_AFTER, seconds(wait));
        }
    }
}

impl Default for Visit {
    fn default() -> Self {
        let id = Uuid::new_v4().to_string();
        Self {
            // Of the highest level, so that whatever is logged at all carries the id.
            span: tracing::error_span!("request", request_id = id),
            id,
            begun: Instant::now(),
            statements: Arc::default(),
            told: RefCell::default(),
        }
    }
}

/// Goes along with every request.
pub(super) async fn accompanied<D: Door, B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let visit = Rc::new(Visit::default());
    request.extensions_mut().insert(Rc::clone(&visit));
    let mut response = next.call(request).instrument(visit.span.clone()).await?;
    let status = response.status();
    visit.sign(status, response.headers_mut());
    let told = visit.told.borrow();
    let Some(entrance) = told.entrance else {
        return Ok(response);
    };
    let took = visit.begun.elapsed();
    visit.span.in_scope(|| {
        tracing::info!(
            entrance = entrance.as_str(),
            method = response.request().method().as_str(),
            status = status.as_u16(),
            milliseconds = took.as_millis(),
            "answered"
        );
    });
    if let Some(state) = response.request().app_data::<Data<State<D>>>() {
        state.count(&Answered {
            entrance,
            status,
            took,
            told: &told,
            statements: visit.statements.load(Ordering::Relaxed),
        });
    }
    Ok(response)
}

/// Whole seconds, rounded up.
fn seconds(duration: Duration) -> HeaderValue {
    let started = u64::from(duration.subsec_nanos() > 0);
    (duration.as_secs() + started).into()
}
