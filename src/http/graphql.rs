//! `/graphql`: one request, from its head to its answer.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        Method,
        header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue},
    },
    web::{Data, Payload},
};
use async_graphql::{Executor as _, Request, parser::types::OperationType, value};

use super::{
    Door, Entry, GraphiQl, OpenError, Refused,
    accept::{Wanted, negotiate},
    body,
    flight::Place,
    graphiql,
    params::{self, Params},
    reply::{MediaType, Reply},
    server::State,
    task::{Orphan, Unfinished, run},
    visit::{Entrance, Visit},
};
use crate::graphql::{
    error::{ErrorCode, Fault},
    extension::Trace,
    preflight::{Checked, Question, preflight},
};

/// Answers whatever comes to `/graphql`.
pub(super) async fn handle<D: Door>(request: HttpRequest, payload: Payload, state: Data<State<D>>) -> HttpResponse {
    let visit = Visit::of(&request, Entrance::GraphQl);
    respond(&request, payload, &state, &visit).await
}

async fn respond<D: Door>(
    request: &HttpRequest,
    payload: Payload,
    state: &Data<State<D>>,
    visit: &Visit,
) -> HttpResponse {
    let wanted = negotiate(
        request
            .headers()
            .get_all(ACCEPT)
            .filter_map(|value| value.to_str().ok()),
    );
    let mut reply = Reply {
        media_type: MediaType::Json,
        visit,
        allow: "GET, POST",
    };
    match wanted {
        Wanted::Response(media_type) => reply.media_type = media_type,
        Wanted::Page if request.method() == Method::GET => {
            if let GraphiQl::On { query } = &state.settings.graphiql {
                return graphiql::page(query);
            }
            return reply.fault(not_acceptable());
        }
        Wanted::Page | Wanted::Nothing => return reply.fault(not_acceptable()),
    }
    let answered = match *request.method() {
        Method::POST => Call { request, state, reply }.post(payload).await,
        Method::GET => {
            reply.allow = "POST";
            Call { request, state, reply }.get().await
        }
        _ => Err(Fault::new(ErrorCode::MethodNotAllowed, "use POST, or GET for a query")),
    };
    answered.unwrap_or_else(|fault| reply.fault(fault))
}

/// One call of the door, past its method and its `Accept`.
struct Call<'a, D: Door> {
    request: &'a HttpRequest,
    state: &'a Data<State<D>>,
    reply: Reply<'a>,
}

impl<D: Door> Call<'_, D> {
    async fn post(&self, payload: Payload) -> Result<HttpResponse, Fault> {
        let limits = &self.state.settings.limits;
        body::check_type(self.request)?;
        body::check_announced(self.request, limits.bulk_body.max(limits.body))?;
        let token = self.authenticate().await?;
        let place = self.admit(&token)?;
        let most = self.state.door.bulk_body(&token, limits);
        body::check_announced(self.request, most)?;
        let body = match body::read(payload, most, limits).await {
            Ok(body) => body,
            Err(unread) => return Ok(self.reply.unread(unread)),
        };
        let checked = self.check(params::from_body(&body)?)?;
        if body.len() > limits.body && !limits.is_bulk(&checked.root_fields) {
            return Err(body::too_large(limits.body));
        }
        drop(body);
        self.execute(token, place, checked).await
    }

    async fn get(&self) -> Result<HttpResponse, Fault> {
        let token = self.authenticate().await?;
        let place = self.admit(&token)?;
        let checked = self.check(params::from_url(self.request.query_string())?)?;
        if checked.kind == OperationType::Mutation {
            return Err(Fault::new(
                ErrorCode::MethodNotAllowed,
                "a mutation must be sent by POST",
            ));
        }
        self.execute(token, place, checked).await
    }

    async fn authenticate(&self) -> Result<D::Token, Fault> {
        let headers: &HeaderMap = self.request.headers();
        let authorization: Vec<&[u8]> = headers.get_all(AUTHORIZATION).map(HeaderValue::as_bytes).collect();
        let now = self.state.settings.clock.now();
        self.state
            .door
            .authenticate(&authorization, now)
            .await
            .map_err(|refused| match refused {
                Refused::Token => unauthenticated(),
                Refused::Unjudged => Fault::new(ErrorCode::ServiceUnavailable, refused.to_string()),
            })
    }

    /// Whatever comes of it, a request costs something.
    fn admit(&self, token: &D::Token) -> Result<Place, Fault> {
        let principal = self.state.door.principal(token);
        self.state.admit(&principal, LEAST_COST, self.reply.visit)
    }

    fn check(&self, params: Params) -> Result<Operation, Fault> {
        let limits = &self.state.settings.limits.query;
        let query = self.state.persisted.find(params.query, params.named.as_ref())?;
        let operation_name = params.operation_name.as_deref();
        let checked = preflight(
            Question {
                query: &query,
                operation_name,
                variables: &params.variables,
            },
            limits,
        )?;
        if checked.kind == OperationType::Subscription {
            let message = "a subscription needs a WebSocket: connect to /graphql/ws";
            return Err(Fault::new(ErrorCode::OperationResolutionFailure, message));
        }
        if let Some(named) = &params.named {
            self.state.persisted.keep(named, &query);
        }
        let Checked {
            document,
            operation_name,
            kind,
            root_fields,
            cost,
        } = checked;
        let mut request = Request::new("").variables(params.variables);
        request.operation_name = operation_name;
        request.set_parsed_query(document);
        Ok(Operation {
            request,
            kind,
            root_fields,
            cost,
        })
    }

    async fn execute(&self, token: D::Token, place: Place, operation: Operation) -> Result<HttpResponse, Fault> {
        let limits = &self.state.settings.limits;
        let time = if limits.is_bulk(&operation.root_fields) {
            limits.bulk_request
        } else {
            limits.request
        };
        let (kind, cost, visit) = (operation.kind, operation.cost, self.reply.visit);
        visit.asks(operation.request.operation_name.as_deref(), cost);
        let principal = self.state.door.principal(&token);
        self.state.spend(&principal, cost.saturating_sub(LEAST_COST), visit)?;
        let trace = Trace::new(visit.id());
        let entry = Entry {
            token,
            now: self.state.settings.clock.now(),
            kind,
            request: operation.request.data(Arc::clone(&trace)),
        };
        let door = Arc::clone(&self.state.door);
        let work = async move {
            let _place = place;
            let request = door.open(entry).await?;
            Ok(door.schema().execute(request).await)
        };
        let orphan = match kind {
            OperationType::Mutation => Orphan::Ends,
            _ => Orphan::Dropped,
        };
        match run(self.state, orphan, time, visit.accompany(work)).await {
            Err(late @ Unfinished::Late(_)) => Err(Fault::new(ErrorCode::Timeout, late.to_string())
                .with("limitName", "request")
                .with("limit", time.as_secs())),
            Err(lost) => Err(Fault::internal(lost)),
            Ok(Err(OpenError::Unauthenticated)) => Err(unauthenticated()),
            Ok(Err(busy @ OpenError::Busy(_))) => {
                visit.found_no_connection();
                Err(Fault::unavailable(busy))
            }
            Ok(Err(error @ OpenError::Internal(_))) => Err(Fault::internal(error)),
            Ok(Ok(response)) if trace.began() => {
                let limit = limits.query.cost;
                // What is left of a budget stands in the headers alone: a body must not differ for what is not in it.
                let response = response.extension("cost", value!({ "requested": cost, "limit": limit }));
                Ok(self.reply.executed(&response))
            }
            Ok(Ok(response)) => Ok(self.reply.refused(&response.errors)),
        }
    }
}

/// What a request costs whose operation costs less, or that never becomes one.
const LEAST_COST: usize = 1;

/// A document within its limits, ready to be executed.
struct Operation {
    request: Request,
    kind: OperationType,
    root_fields: Vec<String>,
    cost: usize,
}

/// The same for every reason, so that it tells nothing about any.
fn unauthenticated() -> Fault {
    Fault::new(ErrorCode::Unauthenticated, Refused::Token.to_string())
}

fn not_acceptable() -> Fault {
    let message = "answers are `application/graphql-response+json` or `application/json`";
    Fault::new(ErrorCode::NotAcceptable, message)
}
