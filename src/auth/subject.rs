//! How the subject of a token finds its person.

use std::{fmt, str::FromStr};

/// What `sub` is to the people of the organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubjectRule {
    /// The external id of a person in one source, written `external_id:hr`.
    ExternalId {
        /// The source, `hr` for example.
        source: String,
    },
    /// The work e-mail of a present person, without regard to case, written `email`.
    Email,
}

impl Default for SubjectRule {
    fn default() -> Self {
        Self::ExternalId {
            source: "hr".to_owned(),
        }
    }
}

impl fmt::Display for SubjectRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ExternalId { source } => write!(f, "external_id:{source}"),
            Self::Email => f.write_str("email"),
        }
    }
}

/// The text is no rule for subjects.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a subject is found by `external_id:` and a source, or by `email`")]
pub struct SubjectRuleError;

impl FromStr for SubjectRule {
    type Err = SubjectRuleError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            Some(("external_id", source)) if !source.trim().is_empty() => Ok(Self::ExternalId {
                source: source.to_owned(),
            }),
            None if text == "email" => Ok(Self::Email),
            _ => Err(SubjectRuleError),
        }
    }
}
