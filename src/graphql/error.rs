//! Errors a client may read: a closed list of codes, and [`Fault`], the only error that is shown as it is.
//!
//! A resolver returns a `Fault` with `?`. Whatever else reaches the edge, a driver's text or a forgotten `anyhow`,
//! is taken for a defect of ours: the client gets `INTERNAL_SERVER_ERROR` and a request id, the log gets the cause.

use std::{error::Error as StdError, fmt, sync::Arc};

use async_graphql::{ErrorExtensionValues, Pos, ServerError, Value};

/// Every code that can stand in `errors[].extensions.code`. Clients may rely on the list being closed.
///
/// Where Apollo Server has a code for the same thing, ours is the same word, because clients and tools read them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// Cause: the document is not GraphQL. Remedy: mend it at the location given.
    GraphqlParseFailed,
    /// Cause: the document does not fit the schema. Remedy: mend the fields named, or fetch the schema anew.
    GraphqlValidationFailed,
    /// Cause: an argument or a variable has a value that its type or its range refuses. Remedy: mend the value.
    BadUserInput,
    /// Cause: the HTTP request is not a GraphQL request. Remedy: send JSON with `query`, and `variables` as an object.
    BadRequest,
    /// Cause: `operationName` names no operation of the document, or is missing where there are several, or names a
    /// subscription, which HTTP does not carry. Remedy: name one, or use `/graphql/ws`.
    OperationResolutionFailure,
    /// Cause: the server does not know the hash that stands for a document. Remedy: send hash and document together, once; a
    /// `documentId` has to be that of a trusted document.
    PersistedQueryNotFound,
    /// Cause: the server does not know the hash, and remembers no documents that clients send. Remedy: send the document itself.
    PersistedQueryNotSupported,
    /// Cause: the server answers trusted documents only, and this is none. Remedy: ask whoever runs the server to add it.
    QueryNotInSafelist,
    /// Cause: no token, or one that does not hold: the reason is in the server's log only. Remedy: get a new token.
    Unauthenticated,
    /// Cause: the field is for another role, whatever its arguments. Remedy: ask as somebody who has that role.
    Forbidden,
    /// Cause: the document is longer, or has more parts of a kind, than a limit allows. Remedy: split it; `limitName`,
    /// `limit` and `actual` say where.
    QueryTooLarge,
    /// Cause: the document asks for more than a limit allows: objects (`cost`), depth, nodes. Remedy: ask for smaller
    /// pages or fewer levels; `limitName`, `limit` and `cost` or `actual` say where.
    QueryTooComplex,
    /// Cause: too many requests of one principal at a time, or too much cost in a minute; `limitName` and `limit` say which.
    /// Remedy: wait as `Retry-After` says, then try again.
    RateLimited,
    /// Cause: the request took longer than it may. Remedy: ask for less. A mutation goes on and ends whole; the same
    /// idempotency key then repeats its answer.
    Timeout,
    /// Cause: the body is larger than a limit allows. Remedy: send less at a time.
    PayloadTooLarge,
    /// Cause: the body is not `application/json`, or is compressed. Remedy: send JSON as it is.
    UnsupportedMediaType,
    /// Cause: `Accept` allows neither `application/graphql-response+json` nor `application/json`. Remedy: allow one.
    NotAcceptable,
    /// Cause: the method cannot do this, for instance a mutation over GET. Remedy: one that `Allow` names.
    MethodNotAllowed,
    /// Cause: an idempotency key came again with another input. Remedy: a new key for a new input.
    IdempotencyKeyReused,
    /// Cause: what came after the cursor of the change feed has been forgotten. Remedy: read everything anew, then follow the
    /// feed from a new cursor.
    CursorExpired,
    /// Cause: the server has more to do than it can, or cannot reach its database. Remedy: wait as `Retry-After` says.
    ServiceUnavailable,
    /// Cause: a text was changed in the database, or the server lacks the key it is sealed with. Remedy: the operator looks
    /// with `skiplevel keys verify`; other texts are not concerned.
    NoteUnreadable,
    /// Cause: a defect of the server. Remedy: report it with its `requestId`.
    InternalServerError,
}

impl ErrorCode {
    /// Every code, in the order of their documentation.
    pub const ALL: [Self; 23] = [
        Self::GraphqlParseFailed,
        Self::GraphqlValidationFailed,
        Self::BadUserInput,
        Self::BadRequest,
        Self::OperationResolutionFailure,
        Self::PersistedQueryNotFound,
        Self::PersistedQueryNotSupported,
        Self::QueryNotInSafelist,
        Self::Unauthenticated,
        Self::Forbidden,
        Self::QueryTooLarge,
        Self::QueryTooComplex,
        Self::RateLimited,
        Self::Timeout,
        Self::PayloadTooLarge,
        Self::UnsupportedMediaType,
        Self::NotAcceptable,
        Self::MethodNotAllowed,
        Self::IdempotencyKeyReused,
        Self::CursorExpired,
        Self::ServiceUnavailable,
        Self::NoteUnreadable,
        Self::InternalServerError,
    ];

    /// The word in `extensions.code`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::GraphqlParseFailed => "GRAPHQL_PARSE_FAILED",
            Self::GraphqlValidationFailed => "GRAPHQL_VALIDATION_FAILED",
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::BadRequest => "BAD_REQUEST",
            Self::OperationResolutionFailure => "OPERATION_RESOLUTION_FAILURE",
            Self::PersistedQueryNotFound => "PERSISTED_QUERY_NOT_FOUND",
            Self::PersistedQueryNotSupported => "PERSISTED_QUERY_NOT_SUPPORTED",
            Self::QueryNotInSafelist => "QUERY_NOT_IN_SAFELIST",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::QueryTooLarge => "QUERY_TOO_LARGE",
            Self::QueryTooComplex => "QUERY_TOO_COMPLEX",
            Self::RateLimited => "RATE_LIMITED",
            Self::Timeout => "TIMEOUT",
            Self::PayloadTooLarge => "PAYLOAD_TOO_LARGE",
            Self::UnsupportedMediaType => "UNSUPPORTED_MEDIA_TYPE",
            Self::NotAcceptable => "NOT_ACCEPTABLE",
            Self::MethodNotAllowed => "METHOD_NOT_ALLOWED",
            Self::IdempotencyKeyReused => "IDEMPOTENCY_KEY_REUSED",
            Self::CursorExpired => "CURSOR_EXPIRED",
            Self::ServiceUnavailable => "SERVICE_UNAVAILABLE",
            Self::NoteUnreadable => "NOTE_UNREADABLE",
            Self::InternalServerError => "INTERNAL_SERVER_ERROR",
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An error that is meant for the client: its code, its words and its details are shown, its cause never is.
#[derive(Clone, Debug)]
pub struct Fault {
    code: ErrorCode,
    message: String,
    details: Vec<(&'static str, Value)>,
    location: Option<Pos>,
    cause: Option<Arc<dyn StdError + Send + Sync>>,
}

impl Fault {
    /// A fault in words that a client may read.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            details: Vec::new(),
            location: None,
            cause: None,
        }
    }

    /// A defect of ours or of something below us: masked for the client, logged once with `cause`.
    pub fn internal(cause: impl StdError + Send + Sync + 'static) -> Self {
        let mut fault = Self::new(ErrorCode::InternalServerError, "internal server error");
        fault.cause = Some(Arc::new(cause));
        fault
    }

    /// Something below us cannot do it now: the client is told to try again, and the log why.
    pub fn unavailable(cause: impl StdError + Send + Sync + 'static) -> Self {
        let words = "the server is busy; try again in a moment";
        let mut fault = Self::new(ErrorCode::ServiceUnavailable, words);
        fault.cause = Some(Arc::new(cause));
        fault
    }

    /// One more member of `extensions`.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.details.push((name, value.into()));
        self
    }

    /// Where in the document.
    #[must_use]
    pub fn at(mut self, location: Pos) -> Self {
        self.location = Some(location);
        self
    }

    /// The code.
    pub fn code(&self) -> ErrorCode {
        self.code
    }

    /// What `extensions` holds: the code first, then the details.
    pub fn extensions(&self) -> ErrorExtensionValues {
        let mut values = ErrorExtensionValues::default();
        values.set("code", self.code.as_str());
        for (name, value) in &self.details {
            values.set(name, value.clone());
        }
        values
    }

    /// The fault as an entry of `errors`, without a path.
    pub fn into_server_error(self) -> ServerError {
        let mut error = ServerError::new(self.message.clone(), self.location);
        error.extensions = Some(self.extensions());
        error.source = Some(Arc::new(self));
        error
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for Fault {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.cause.as_deref().map(|cause| cause as _)
    }
}

/// Makes one entry of `errors` fit for the client, and logs what the client may not read.
///
/// A [`Fault`] keeps its words. The library's own complaint about an argument's value becomes `BAD_USER_INPUT`.
/// Everything else is masked: `INTERNAL_SERVER_ERROR` with `requestId`.
pub fn published(error: ServerError, request_id: &str) -> ServerError {
    let fault = match error.source::<Fault>() {
        Some(fault) => fault.clone(),
        None if is_about_a_value(&error) => Fault::new(ErrorCode::BadUserInput, one_line(&error.message)),
        None => masked(&error.message, request_id),
    };
    let unmasked = fault.code == ErrorCode::InternalServerError && !fault.details.iter().any(|(name, _)| *name == ID);
    let mut fault = if unmasked {
        masked(&causes(&fault), request_id)
    } else {
        fault
    };
    if fault.cause.is_some() {
        tracing::warn!(request_id, code = %fault.code, cause = causes(&fault), "failed for a reason that may pass");
        fault.cause = None;
    }
    let mut shown = ServerError::new(fault.message.clone(), None);
    shown.locations = if error.locations.is_empty() {
        fault.location.into_iter().collect()
    } else {
        error.locations
    };
    shown.path = error.path;
    shown.extensions = Some(fault.extensions());
    shown.source = Some(Arc::new(fault));
    shown
}

/// The detail that every masked fault has, and no other.
const ID: &str = "requestId";

/// Everything on one line: messages are read in logs and in consoles.
pub(crate) fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn masked(cause: &str, request_id: &str) -> Fault {
    tracing::error!(request_id, cause, "failed for an internal reason");
    Fault::new(ErrorCode::InternalServerError, "internal server error").with(ID, request_id)
}

fn causes(fault: &Fault) -> String {
    let mut words = Vec::new();
    let mut next = StdError::source(fault);
    while let Some(cause) = next {
        words.push(cause.to_string());
        next = cause.source();
    }
    words.join(": ")
}

/// The library makes these itself while it reads arguments, and gives them no source and no type to know them by:
/// its words are all there is. What a resolver raises with `?` always carries a source.
fn is_about_a_value(error: &ServerError) -> bool {
    const OPENINGS: [&str; 3] = [
        "Failed to parse \"",
        "Expected input type \"",
        "Invalid value for argument \"",
    ];
    error.source.is_none() && OPENINGS.iter().any(|opening| error.message.starts_with(opening))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_codes_is_complete_and_without_doubles() {
        let mut words: Vec<_> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), ErrorCode::ALL.len());
    }

    #[test]
    fn a_fault_keeps_its_words_and_its_details() {
        let fault = Fault::new(ErrorCode::QueryTooComplex, "too much").with("cost", 7);
        let shown = published(fault.into_server_error(), "r1");
        assert_eq!(
            serde_json::to_string(&shown).unwrap(),
            r#"{"message":"too much","extensions":{"code":"QUERY_TOO_COMPLEX","cost":7}}"#
        );
    }

    #[test]
    fn what_is_not_ours_is_masked() {
        let driver = std::io::Error::other("UNIQUE constraint failed: person.email");
        let foreign = async_graphql::Error::from(driver).into_server_error(Pos { line: 1, column: 3 });
        let ours = Fault::internal(std::io::Error::other("disk full")).into_server_error();
        for error in [foreign, ours] {
            let shown = serde_json::to_string(&published(error, "r2")).unwrap();
            assert!(
                shown.contains(r#""code":"INTERNAL_SERVER_ERROR","requestId":"r2""#),
                "{shown}"
            );
            assert!(!shown.contains("UNIQUE") && !shown.contains("disk"), "{shown}");
        }
    }

    #[test]
    fn what_may_pass_is_said_without_its_cause() {
        let fault = Fault::unavailable(std::io::Error::other("disk full"));
        assert_eq!(
            serde_json::to_string(&published(fault.into_server_error(), "r4")).unwrap(),
            r#"{"message":"the server is busy; try again in a moment","extensions":{"code":"SERVICE_UNAVAILABLE"}}"#
        );
    }

    #[test]
    fn words_alone_do_not_unmask_an_error_with_a_source() {
        let imitation = std::io::Error::other("Failed to parse \"Int\": secret");
        let error = async_graphql::Error::from(imitation).into_server_error(Pos::default());
        assert_eq!(published(error, "r3").message, "internal server error");
    }
}
