//! The configuration: `skiplevel.toml` and the environment, read once at the start; the environment wins.
//!
//! Every setting is read in one place, [`Config::from_text`] and what it calls, by the name of its variable. That one
//! list also decides which keys a file may have and what `skiplevel config` prints.

use std::{fmt, fs, io, path::Path};

use chrono_tz::Tz;
use toml::Table;
use tracing_subscriber::EnvFilter;

use crate::{
    auth::{audit::AuditChain, keys::Secret},
    domain::sync::Thresholds,
    domain::webhook::PrivateNetworks,
};

mod database;
mod error;
mod http;
mod limits;
mod note_keys;
mod source;
#[cfg(test)]
mod tests;
mod tokens;

pub use database::{Database, DatabaseUrl};
pub use error::{ConfigError, Problem};
pub use http::{Documents, Http, Metrics};
pub use limits::Limits;
pub use note_keys::{NoteKeyFile, NoteKeyFileError};
use source::{Effective, Setting, Shown, Source};
pub use tokens::{TokenKey, Tokens};

/// The file that is read when no other is named and it exists.
pub const DEFAULT_FILE: &str = "skiplevel.toml";

/// Everything that is decided outside the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Where the data is.
    pub database: Database,
    /// How the server is reached.
    pub http: Http,
    /// How tokens are checked and signed.
    pub tokens: Tokens,
    /// The organisation's time zone.
    pub time_zone: Tz,
    /// How many days the change feed reaches back.
    pub feed_days: u32,
    /// Whether webhooks may lead to private networks.
    pub private_networks: PrivateNetworks,
    /// How many people of a source an import may dismiss, or leave without a manager, unseen.
    pub thresholds: Thresholds,
    /// The file with the keys that notes are sealed with, if one is named.
    pub notes_keys: Option<NoteKeyFile>,
    /// What seals the audit log.
    pub audit: AuditChain,
    /// What is logged, in the words of `tracing_subscriber::EnvFilter`.
    pub log: String,
    /// How much may be asked for.
    pub limits: Limits,
    effective: Vec<Effective>,
}

/// Something that is on or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    /// It is there.
    On,
    /// It is not.
    Off,
}

impl Config {
    /// Reads `file`, or [`DEFAULT_FILE`] of the working directory if there is one, and the variables that `env` answers.
    pub fn load(file: Option<&Path>, env: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let path = file.unwrap_or(Path::new(DEFAULT_FILE));
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if file.is_none() && error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(source) => {
                return Err(ConfigError::Unreadable {
                    path: path.to_owned(),
                    source,
                });
            }
        };
        Self::from_text(&text, env)
    }

    /// As [`Config::load`], with the text of the file.
    pub fn from_text(text: &str, env: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let file: Table = text.parse().map_err(|error| syntax_error(text, &error))?;
        let mut source = Source::new(file, &env);
        let database = read_database(&mut source);
        let http = Http::read(&mut source);
        let tokens = Tokens::read(&mut source);
        let zone = Setting::new("SKIPLEVEL_TIME_ZONE", "an IANA time zone such as Europe/Berlin");
        let time_zone = source.read(&zone, Tz::UTC, |text| text.parse().ok());
        let feed_days = source.number("SKIPLEVEL_CHANGES_DAYS", 90, 1..=3650);
        let private = Setting::new("SKIPLEVEL_WEBHOOK_ALLOW_PRIVATE", "on or off");
        let private_networks = match source.read(&private, Switch::Off, Switch::read) {
            Switch::On => PrivateNetworks::Allowed,
            Switch::Off => PrivateNetworks::Refused,
        };
        let expected = "people and percent like 5/10%, and sources with others behind it like 5/10%,okta=50/20%";
        let setting = Setting::new("SKIPLEVEL_SYNC_THRESHOLDS", expected);
        let thresholds = source.read(&setting, Thresholds::default(), |text| text.parse().ok());
        let keys = Setting::new("SKIPLEVEL_NOTES_KEYS", "a file made by `skiplevel keys generate`");
        let notes_keys = source.read_optional(
            &keys,
            |text| Some(NoteKeyFile::new(text)),
            |file| Shown::Value(file.path().display().to_string()),
        );
        let setting = Setting {
            show: |_| None,
            ..Setting::new(
                "SKIPLEVEL_AUDIT_KEY",
                "at least 32 bytes; `openssl rand -base64 48` makes one",
            )
        };
        let key = source.read_optional(&setting, |text| Secret::new(text).ok(), |_| Shown::Secret);
        let filter = Setting::new("SKIPLEVEL_LOG", "a log filter such as info or skiplevel=debug,warn");
        let log = source.read(&filter, "info".to_owned(), |text| {
            EnvFilter::try_new(text).ok().map(|_| text.to_owned())
        });
        let limits = Limits::read(&mut source, database.connections);
        Ok(Self {
            database,
            http,
            tokens,
            time_zone,
            feed_days,
            private_networks,
            thresholds,
            notes_keys,
            audit: AuditChain::new(key),
            log,
            limits,
            effective: source.finish()?,
        })
    }

    /// The effective configuration as a `skiplevel.toml`: secrets left out, passwords masked.
    pub fn to_toml(&self) -> String {
        self.effective.iter().map(|setting| setting.to_toml() + "\n").collect()
    }
}

impl Switch {
    fn read(text: &str) -> Option<Self> {
        match text {
            "on" | "true" => Some(Self::On),
            "off" | "false" => Some(Self::Off),
            _ => None,
        }
    }
}

impl fmt::Display for Switch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::On => "on",
            Self::Off => "off",
        })
    }
}

fn read_database(source: &mut Source<'_>) -> Database {
    let setting = Setting {
        show: |text| Some(database::masked(text)),
        ..Setting::new("DATABASE_URL", "a URL that starts with sqlite: or postgres://")
    };
    Database {
        url: source.read(&setting, DatabaseUrl::default(), DatabaseUrl::new),
        connections: source.number("SKIPLEVEL_DB_CONNECTIONS", 8, 1..=1000),
    }
}

fn syntax_error(text: &str, error: &toml::de::Error) -> ConfigError {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    ConfigError::Syntax {
        line: before.matches('\n').count() + 1,
        message: error.message().to_owned(),
    }
}
