//! Errors as RFC 7644 section 3.12 writes them.

use scim_v2::models::errors::{ScimHttpError, ScimType};
use serde_json::{Value, json};

use crate::{
    app::{AccountRefusal, AppError},
    domain::sync::Code,
};

/// An answer that is an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScimError {
    /// The HTTP status.
    pub status: u16,
    kind: Option<ScimType>,
    detail: String,
    /// What `Allow` names where a method is refused.
    pub allow: Option<&'static str>,
}

impl ScimError {
    /// An error with this HTTP status and these words.
    pub fn new(status: u16, detail: impl Into<String>) -> Self {
        Self {
            status,
            kind: None,
            detail: detail.into(),
            allow: None,
        }
    }

    /// The JSON that says so.
    pub fn body(&self) -> Value {
        let error = ScimHttpError {
            scim_type: self.kind.clone(),
            detail: Some(self.detail.clone()),
            status: self.status.to_string(),
            ..ScimHttpError::default()
        };
        serde_json::to_value(error).unwrap_or_else(|_| json!({ "status": self.status.to_string() }))
    }

    pub(super) fn detail(&self) -> &str {
        &self.detail
    }

    pub(super) fn not_found() -> Self {
        Self::new(404, "there is nothing here")
    }

    pub(super) fn not_allowed(allow: &'static str) -> Self {
        Self {
            allow: Some(allow),
            ..Self::new(405, format!("use {allow}"))
        }
    }

    pub(super) fn syntax(detail: impl Into<String>) -> Self {
        Self::new(400, detail).of(ScimType::InvalidSyntax)
    }

    pub(super) fn value(detail: impl Into<String>) -> Self {
        Self::new(400, detail).of(ScimType::InvalidValue)
    }

    pub(super) fn filter(detail: impl Into<String>) -> Self {
        Self::new(400, detail).of(ScimType::InvalidFilter)
    }

    pub(super) fn path(detail: impl Into<String>) -> Self {
        Self::new(400, detail).of(ScimType::InvalidPath)
    }

    pub(super) fn no_target(detail: impl Into<String>) -> Self {
        Self::new(400, detail).of(ScimType::NoTarget)
    }

    pub(super) fn mutability(detail: impl Into<String>) -> Self {
        Self::new(400, detail).of(ScimType::Mutability)
    }

    fn of(self, kind: ScimType) -> Self {
        Self {
            kind: Some(kind),
            ..self
        }
    }
}

impl<E: Into<ScimError>> From<AccountRefusal<E>> for ScimError {
    fn from(refusal: AccountRefusal<E>) -> Self {
        match refusal {
            AccountRefusal::NotFound => Self::new(404, "there is no user with this id"),
            AccountRefusal::Taken(field) => {
                Self::new(409, format!("another user has this {field}")).of(ScimType::Uniqueness)
            }
            AccountRefusal::UnknownManager(manager) => {
                let detail = "is neither the id, nor the externalId, the userName or the e-mail address of a user; \
                              send the manager first";
                Self::value(format!("UNKNOWN_MANAGER: manager \"{manager}\" {detail}"))
            }
            AccountRefusal::Unfit(issue) => {
                let detail = format!("{}: {}", issue.code, issue.message);
                match issue.code {
                    Code::DuplicateEmail | Code::DuplicateExternalId => Self::new(409, detail).of(ScimType::Uniqueness),
                    _ => Self::value(detail),
                }
            }
            AccountRefusal::Blocked(block) => Self::new(403, format!("{}: {}", block.code, block.message)),
            AccountRefusal::Wrong(error) => error.into(),
        }
    }
}

impl From<std::convert::Infallible> for ScimError {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}

impl From<&AppError> for ScimError {
    fn from(error: &AppError) -> Self {
        match error {
            AppError::Unauthenticated => Self::new(401, "a valid bearer token is required"),
            AppError::Forbidden(_) => Self::new(403, error.to_string()),
            busy if busy.is_busy() => Self::new(503, "the server has too much to do, try again later"),
            AppError::Input(detail) => Self::value(detail.clone()),
            _ => Self::new(500, "internal server error"),
        }
    }
}
