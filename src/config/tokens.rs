//! How tokens are checked and signed.

use std::{
    fs,
    path::{Path, PathBuf},
};

use chrono::TimeDelta;

use super::{
    ConfigError, Problem, Switch,
    source::{Setting, Shown, Source},
};
use crate::{
    auth::{
        keys::{KeyMaterial, Secret},
        subject::SubjectRule,
        token::{RESERVED_CLAIMS, TokenConfig, TokenRules, Verifier},
    },
    http::{
        Bearers,
        jwks::{Jwks, Rhythm, Source as KeySource},
    },
};

/// How tokens are checked and signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tokens {
    /// The key, if one is set.
    pub key: Option<TokenKey>,
    /// How a subject finds its person.
    pub subject: SubjectRule,
    /// What tokens must say.
    pub rules: TokenRules,
}

/// Where the key to check tokens comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenKey {
    /// A shared secret, which also signs.
    Secret(Secret),
    /// A PEM file with a public key, read when a [`Verifier`] is made.
    PublicKeyFile(PathBuf),
    /// The keys that the issuer publishes.
    Published(KeySource),
}

impl Tokens {
    /// Reads them.
    pub(super) fn read(source: &mut Source<'_>) -> Self {
        const ISSUER: &str = "SKIPLEVEL_JWT_ISSUER";
        const PUBLISHED_AT: &str = "a URL with https:// (http:// for this machine only), without user and password";
        const SECRET: &str = "SKIPLEVEL_JWT_SECRET";
        const PUBLIC_KEY: &str = "SKIPLEVEL_JWT_PUBLIC_KEY";
        const SET: &str = "SKIPLEVEL_JWKS_URL";
        const DISCOVERY: &str = "SKIPLEVEL_OIDC_DISCOVERY";
        let setting = Setting {
            show: |_| None,
            ..Setting::new(SECRET, "at least 32 bytes; `openssl rand -base64 48` makes one")
        };
        let secret = source.read_optional(&setting, |text| Secret::new(text).ok(), |_| Shown::Secret);
        let path = Setting::new(PUBLIC_KEY, "a PEM file");
        let path = source.read_optional(
            &path,
            |text| Some(PathBuf::from(text)),
            |path| Shown::Value(path.display().to_string()),
        );
        let setting = Setting {
            // A URL that is refused may have a password in it.
            show: |_| None,
            ..Setting::new(SET, PUBLISHED_AT)
        };
        let set = source.read_optional(
            &setting,
            |url| Some((KeySource::set(url).ok()?, url.to_owned())),
            |(_, url)| Shown::Value(url.clone()),
        );
        let discovery = source.read(&Setting::new(DISCOVERY, "on or off"), Switch::Off, Switch::read);
        let issuer = source.text(ISSUER, "skiplevel");
        let issued = match discovery {
            Switch::Off => None,
            Switch::On => KeySource::issuer(&issuer).map_or_else(
                |_| {
                    source.object(Problem::Value {
                        variable: ISSUER,
                        value: None,
                        expected: format!("{PUBLISHED_AT}, as {DISCOVERY} is on"),
                    });
                    None
                },
                Some,
            ),
        };
        let keys = [
            (SECRET, secret.map(TokenKey::Secret)),
            (PUBLIC_KEY, path.map(TokenKey::PublicKeyFile)),
            (SET, set.map(|(set, _)| TokenKey::Published(set))),
            (DISCOVERY, issued.map(TokenKey::Published)),
        ];
        let mut given = keys.into_iter().filter_map(|(variable, key)| Some((variable, key?)));
        let first = given.next();
        if let Some((one, _)) = &first {
            given.for_each(|(other, _)| source.object(Problem::Both(one, other)));
        }
        let key = first.map(|(_, key)| key);

        let audience = source.text("SKIPLEVEL_JWT_AUDIENCE", "skiplevel");
        let rule = Setting::new("SKIPLEVEL_JWT_SUBJECT", "`external_id:` and a source, or `email`");
        let subject = source.read(&rule, SubjectRule::default(), |text| text.parse().ok());
        let claim = Setting::new(
            "SKIPLEVEL_JWT_ROLES_CLAIM",
            "the name of a claim that has no other meaning",
        );
        let free = |text: &str| (!RESERVED_CLAIMS.contains(&text)).then(|| text.to_owned());
        let roles_claim = source.read(&claim, "roles".to_owned(), free);
        let max_lifetime = TimeDelta::hours(source.number("SKIPLEVEL_TOKEN_MAX_HOURS", 24, 1..=744).into());
        Self {
            key,
            subject,
            rules: TokenRules {
                issuer,
                audience,
                roles_claim,
                max_lifetime,
            },
        }
    }

    /// What checks tokens. Published keys are not fetched yet.
    pub fn bearers(&self) -> Result<Bearers, ConfigError> {
        match &self.key {
            Some(TokenKey::Published(source)) => {
                let jwks = Jwks::new(source.clone(), Rhythm::default())?;
                Ok(Bearers::fetched(jwks, self.rules.clone()))
            }
            _ => Ok(self.verifier()?.into()),
        }
    }

    /// Makes the verifier of the one key that is set, reading its file if it has one; [`ConfigError::NoKey`] if keys are
    /// published.
    pub fn verifier(&self) -> Result<Verifier, ConfigError> {
        let (key, path) = match &self.key {
            None | Some(TokenKey::Published(_)) => return Err(ConfigError::NoKey),
            Some(TokenKey::Secret(secret)) => (KeyMaterial::Secret(secret.clone()), Path::new("")),
            Some(TokenKey::PublicKeyFile(path)) => {
                let unreadable = |source| ConfigError::UnreadableKey {
                    path: path.clone(),
                    source,
                };
                (
                    KeyMaterial::PublicPem(fs::read_to_string(path).map_err(unreadable)?),
                    path.as_path(),
                )
            }
        };
        let unusable = |source| ConfigError::UnusableKey {
            path: path.to_owned(),
            source,
        };
        Verifier::new(&TokenConfig {
            key,
            rules: self.rules.clone(),
        })
        .map_err(unusable)
    }

    /// The secret that signs, or [`ConfigError::NoSecret`].
    pub fn secret(&self) -> Result<&Secret, ConfigError> {
        match &self.key {
            Some(TokenKey::Secret(secret)) => Ok(secret),
            _ => Err(ConfigError::NoSecret),
        }
    }
}
