//! What can be wrong with a configuration, said so that whoever reads it can mend it. Secrets are never repeated.

use std::{fmt, io, path::PathBuf};

use super::note_keys::NoteKeyFileError;
use crate::{auth::keys::KeyError, http::outbound::NoClient};

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("the configuration file {} cannot be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file is no TOML. The parser's own message would quote the line, which may hold a secret.
    #[error("the configuration file is no TOML: line {line}: {message}")]
    Syntax {
        /// Where, counting from 1.
        line: usize,
        /// What the parser expected.
        message: String,
    },
    /// Settings that are wrong, all of them at once.
    #[error("the configuration is wrong:{}", listed(.0))]
    Wrong(Vec<Problem>),
    /// There is nothing to check tokens with.
    #[error(
        "set SKIPLEVEL_OIDC_DISCOVERY=on, SKIPLEVEL_JWKS_URL, SKIPLEVEL_JWT_PUBLIC_KEY (a PEM file) or \
         SKIPLEVEL_JWT_SECRET (at least 32 bytes) to check tokens with"
    )]
    NoKey,
    /// Published keys cannot be fetched.
    #[error("the issuer's keys cannot be fetched")]
    NoClient(#[from] NoClient),
    /// The command signs tokens, and only a secret can.
    #[error("set SKIPLEVEL_JWT_SECRET (at least 32 bytes): tokens can be signed with a secret only")]
    NoSecret,
    /// The file with the public key cannot be read.
    #[error("SKIPLEVEL_JWT_PUBLIC_KEY is {}, which cannot be read", path.display())]
    UnreadableKey {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file with the note keys is no use.
    #[error("the file with the note keys is {}", path.display())]
    NoteKeys {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: NoteKeyFileError,
    },
    /// The public key is weak, private or of an unknown kind.
    #[error("SKIPLEVEL_JWT_PUBLIC_KEY is {}, which cannot be used", path.display())]
    UnusableKey {
        /// The file.
        path: PathBuf,
        /// What is wrong with the key.
        source: KeyError,
    },
}

/// One thing wrong with a configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// A setting has a value it must not have.
    #[error("{variable}{} should be {expected}", shown(value.as_deref()))]
    Value {
        /// The setting's variable.
        variable: &'static str,
        /// The value it has; none where it is a secret.
        value: Option<String>,
        /// What it should be.
        expected: String,
    },
    /// The file has a key that nothing reads.
    #[error("the file has no setting `{key}`{}", suggestion(near))]
    Unknown {
        /// The key as written.
        key: String,
        /// Keys that read alike, the nearest first.
        near: Vec<String>,
    },
    /// Two settings of which only one can hold.
    #[error("{0} and {1} are both set; set one of them")]
    Both(&'static str, &'static str),
    /// A setting that says nothing without another.
    #[error("{0} is on, and {1} is not set")]
    Alone(&'static str, &'static str),
}

fn listed(problems: &[Problem]) -> String {
    problems
        .iter()
        .fold(String::new(), |text, problem| text + "\n  " + &problem.to_string())
}

fn shown(value: Option<&str>) -> impl fmt::Display {
    value.map(|value| format!(" is {value:?}, it")).unwrap_or_default()
}

fn suggestion(near: &[String]) -> String {
    match near {
        [] => String::new(),
        near => format!(
            "; did you mean {}?",
            near.iter()
                .map(|key| format!("`{key}`"))
                .collect::<Vec<_>>()
                .join(" or ")
        ),
    }
}
