//! Answers: media type, status, headers, and JSON whose keys stand in the order of the query.

use std::collections::BTreeMap;

use actix_web::{
    HttpResponse, HttpResponseBuilder,
    http::{
        ConnectionType, StatusCode,
        header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, VARY, WWW_AUTHENTICATE},
    },
};
use async_graphql::{Response, ServerError, Value};
use serde::Serialize;

use super::{body::Unread, visit::Visit};
use crate::graphql::error::{ErrorCode, Fault, published};

/// The two media types of a GraphQL response.
///
/// Under `application/graphql-response+json` the status tells whether the request was carried out. Under the older
/// `application/json` a request that was understood as GraphQL is answered 200 even if its document is refused,
/// because clients of that type take any other status for a failure on the way. What never became a GraphQL request
/// (a wrong method, no token, no JSON, no place in flight) has the same status under both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MediaType {
    /// `application/graphql-response+json`
    GraphQl,
    /// `application/json`
    Json,
}

/// How answers to one request are made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reply<'a> {
    pub(super) media_type: MediaType,
    pub(super) visit: &'a Visit,
    /// What `Allow` names where a method is refused.
    pub(super) allow: &'static str,
}

impl Reply<'_> {
    /// Execution began: `data` is there, perhaps null, perhaps beside errors.
    pub(super) fn executed(self, response: &Response) -> HttpResponse {
        for error in &response.errors {
            self.visit.fails(code(error));
        }
        let envelope = Envelope {
            errors: &response.errors,
            data: Some(&response.data),
            extensions: &response.extensions,
        };
        let mut builder = self.builder(StatusCode::OK);
        let codes = response.errors.iter().filter_map(|error| error.source::<Fault>());
        if codes.map(Fault::code).any(|code| code == ErrorCode::ServiceUnavailable) {
            builder.insert_header((RETRY_AFTER, "1"));
        }
        json(builder, &envelope)
    }

    /// Execution never began: there is no `data`.
    pub(super) fn refused(self, errors: &[ServerError]) -> HttpResponse {
        let code = errors.first().map_or(ErrorCode::InternalServerError, code);
        for error in errors {
            self.visit.fails(self::code(error));
        }
        let mut builder = self.builder(self.status(code));
        match code {
            ErrorCode::Unauthenticated => builder.insert_header((WWW_AUTHENTICATE, "Bearer realm=\"skiplevel\"")),
            ErrorCode::MethodNotAllowed => builder.insert_header((ALLOW, self.allow)),
            _ => &mut builder,
        };
        json(
            builder,
            &Envelope {
                errors,
                data: None,
                extensions: &BTreeMap::new(),
            },
        )
    }

    /// The same for one fault, which is masked if it is a defect of ours.
    pub(super) fn fault(self, fault: Fault) -> HttpResponse {
        self.refused(&[published(fault.into_server_error(), self.visit.id())])
    }

    /// The body did not come as it should: said at once, and the connection closed.
    pub(super) fn unread(self, unread: Unread) -> HttpResponse {
        let late = matches!(unread, Unread::Late);
        let mut response = self.fault(unread.into());
        if late {
            *response.status_mut() = StatusCode::REQUEST_TIMEOUT;
        }
        response.head_mut().set_connection_type(ConnectionType::Close);
        response
    }

    fn builder(self, status: StatusCode) -> HttpResponseBuilder {
        let mut builder = HttpResponse::build(status);
        builder
            .insert_header((
                CONTENT_TYPE,
                match self.media_type {
                    MediaType::GraphQl => "application/graphql-response+json; charset=utf-8",
                    MediaType::Json => "application/json; charset=utf-8",
                },
            ))
            .insert_header((CACHE_CONTROL, "no-store"))
            .insert_header((VARY, "Accept"))
            .insert_header(("X-Content-Type-Options", "nosniff"))
            .insert_header(("X-Request-Id", self.visit.id()));
        builder
    }

    fn status(self, code: ErrorCode) -> StatusCode {
        match code {
            ErrorCode::GraphqlParseFailed
            | ErrorCode::GraphqlValidationFailed
            | ErrorCode::BadUserInput
            | ErrorCode::OperationResolutionFailure
            | ErrorCode::PersistedQueryNotFound
            | ErrorCode::PersistedQueryNotSupported
            | ErrorCode::QueryNotInSafelist
            | ErrorCode::QueryTooLarge
            | ErrorCode::QueryTooComplex
            | ErrorCode::Forbidden
            | ErrorCode::IdempotencyKeyReused
            | ErrorCode::CursorExpired => match self.media_type {
                MediaType::GraphQl => StatusCode::BAD_REQUEST,
                MediaType::Json => StatusCode::OK,
            },
            ErrorCode::BadRequest => StatusCode::BAD_REQUEST,
            ErrorCode::Unauthenticated => StatusCode::UNAUTHORIZED,
            ErrorCode::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            ErrorCode::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            ErrorCode::PayloadTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            ErrorCode::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            ErrorCode::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            ErrorCode::ServiceUnavailable => StatusCode::SERVICE_UNAVAILABLE,
            ErrorCode::Timeout => StatusCode::GATEWAY_TIMEOUT,
            ErrorCode::NoteUnreadable | ErrorCode::InternalServerError => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

fn json(mut builder: HttpResponseBuilder, envelope: &Envelope<'_>) -> HttpResponse {
    match serde_json::to_vec(envelope) {
        Ok(body) => builder.body(body),
        Err(error) => {
            tracing::error!(cause = %error, "a response could not be written");
            HttpResponse::InternalServerError().finish()
        }
    }
}

/// What went wrong; whatever says nothing of itself is a defect of ours.
fn code(error: &ServerError) -> ErrorCode {
    error
        .source::<Fault>()
        .map_or(ErrorCode::InternalServerError, Fault::code)
}

/// Serialised as it stands: a detour through a JSON value would sort the keys.
#[derive(Serialize)]
struct Envelope<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    extensions: &'a BTreeMap<String, Value>,
}
