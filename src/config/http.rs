//! How the server is reached, and which documents it answers.

use std::{fmt, net::SocketAddr, path::PathBuf};

use super::{
    Switch,
    error::Problem,
    source::{Setting, Shown, Source},
};

/// How the server is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Http {
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// Which documents it answers.
    pub documents: Documents,
    /// Whether browsers get `GraphiQL`.
    pub graphiql: Switch,
    /// Where metrics are shown.
    pub metrics: Metrics,
}

/// Where metrics are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metrics {
    /// Beside everything else, or nowhere.
    Switch(Switch),
    /// At an address of their own.
    At(SocketAddr),
}

/// Which GraphQL documents are answered, and which of them are known by their hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Documents {
    /// How many of those that clients send with their hash are remembered.
    pub remembered: usize,
    /// The directory with those that are known from the start.
    pub trusted: Option<PathBuf>,
    /// Whether all others are refused.
    pub trusted_only: Switch,
}

impl Http {
    /// `GraphiQL`, which asks what nobody foresaw, is of no use where only trusted documents are answered.
    pub(super) fn read(source: &mut Source<'_>) -> Self {
        let listen = Setting::new("SKIPLEVEL_LISTEN", "an address and port such as 127.0.0.1:8080");
        let listen = source.read(&listen, SocketAddr::from(([127, 0, 0, 1], 8080)), |text| {
            text.parse().ok()
        });
        let documents = Documents::read(source);
        let default = match documents.trusted_only {
            Switch::On => Switch::Off,
            Switch::Off => Switch::On,
        };
        let graphiql = Setting::new("SKIPLEVEL_GRAPHIQL", "on or off");
        let metrics = Setting::new(
            "SKIPLEVEL_METRICS",
            "on, off, or an address and port such as 127.0.0.1:9464",
        );
        Self {
            listen,
            documents,
            graphiql: source.read(&graphiql, default, Switch::read),
            metrics: source.read(&metrics, Metrics::Switch(Switch::On), Metrics::read),
        }
    }
}

impl Metrics {
    fn read(text: &str) -> Option<Self> {
        let switch = Switch::read(text).map(Self::Switch);
        switch.or_else(|| text.parse().ok().map(Self::At))
    }
}

impl fmt::Display for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Switch(switch) => switch.fmt(f),
            Self::At(address) => address.fmt(f),
        }
    }
}

impl Documents {
    fn read(source: &mut Source<'_>) -> Self {
        const DIRECTORY: &str = "SKIPLEVEL_TRUSTED_DOCUMENTS";
        const ONLY: &str = "SKIPLEVEL_TRUSTED_DOCUMENTS_ONLY";
        let remembered = source.number("SKIPLEVEL_PERSISTED_QUERIES", 0, 0..=100_000) as usize;
        let trusted = source.read_optional(
            &Setting::new(DIRECTORY, "a directory"),
            |text| Some(PathBuf::from(text)),
            |path| Shown::Value(path.display().to_string()),
        );
        let trusted_only = source.read(&Setting::new(ONLY, "on or off"), Switch::Off, Switch::read);
        if trusted_only == Switch::On && trusted.is_none() {
            source.object(Problem::Alone(ONLY, DIRECTORY));
        }
        Self {
            remembered,
            trusted,
            trusted_only,
        }
    }
}
