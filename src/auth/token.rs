//! Bearer tokens (JWT): every check that stands between a header and an identity, and the signing of our own.
//!
//! The library only does the cryptography: it reads the clock, looks at header members that a stranger wrote and accepts
//! claims of the wrong type, so header, claims and times are read here. Nothing in an error repeats the token.

use std::{collections::BTreeSet, fmt, str::FromStr};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    json::strict_object,
    keys::{KeyError, KeyMaterial, SharedKeys, VerifyingKey, is_plain_key_id},
};

mod claims;
mod error;
mod sign;
#[cfg(test)]
mod tests;

pub use error::TokenError;
pub use sign::{NewToken, SignError, sign};

/// Most bytes of an `Authorization` header, its scheme included.
pub const MAX_HEADER_BYTES: usize = 8 * 1024;

/// How far the clocks of issuer and server may differ.
pub const LEEWAY: TimeDelta = TimeDelta::seconds(30);

/// Claims that have a meaning of their own, so roles cannot be read from them.
pub const RESERVED_CLAIMS: [&str; 8] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "source"];

/// What a token lets its bearer be; where they stand in the chart is not in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Somebody of the organisation: what everybody is whose token names no role.
    Person,
    /// Cares for people and settings of the whole organisation.
    HrAdmin,
    /// A system that writes what it knows as the source of people.
    Integration,
}

impl Role {
    /// Its name in tokens.
    pub fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::HrAdmin => "hr_admin",
            Self::Integration => "integration",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The text names no role.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no such role; roles are hr_admin and integration, everybody else is a person")]
pub struct UnknownRole;

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Person, Self::HrAdmin, Self::Integration]
            .into_iter()
            .find(|role| role.name() == text)
            .ok_or(UnknownRole)
    }
}

/// What a token must say to be one of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRules {
    /// The only accepted `iss`.
    pub issuer: String,
    /// What `aud` must be or contain.
    pub audience: String,
    /// The claim that roles are read from.
    pub roles_claim: String,
    /// Longest time from `iat` to `exp`.
    pub max_lifetime: TimeDelta,
}

/// All that a [`Verifier`] of one key needs to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenConfig {
    /// What signatures are checked with.
    pub key: KeyMaterial,
    /// What claims are checked against.
    pub rules: TokenRules,
}

/// Checks tokens against keys and rules.
#[derive(Clone)]
pub struct Verifier {
    keys: Keys,
    rules: TokenRules,
}

#[derive(Clone)]
enum Keys {
    /// One key: tokens need not name it, and what they call it does not matter.
    One(Box<VerifyingKey>),
    /// A set: a token names one of its keys.
    Set(SharedKeys),
}

/// What a token said that passed every check; only a [`Verifier`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedToken {
    subject: String,
    roles: BTreeSet<Role>,
    source: Option<String>,
    issued_at: Option<DateTime<Utc>>,
    expires_at: DateTime<Utc>,
}

impl VerifiedToken {
    /// Who asks, in the words of the issuer; 1 to 255 characters, no control characters among them.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The roles it names, unknown ones left out; [`Role::Person`] alone when it names none.
    pub fn roles(&self) -> &BTreeSet<Role> {
        &self.roles
    }

    /// The source of people that an integration speaks for; 1 to 255 characters, no control characters among them.
    pub fn source(&self) -> Option<&str> {
        self.source.as_deref()
    }

    /// When it was issued, if it says so.
    pub fn issued_at(&self) -> Option<DateTime<Utc>> {
        self.issued_at
    }

    /// Whether it still holds where tokens have been taken back up to an instant: it was issued after that. One that does
    /// not say when it was issued does not.
    pub fn outlives(&self, valid_after: Option<DateTime<Utc>>) -> bool {
        valid_after.is_none_or(|instant| self.issued_at.is_some_and(|issued_at| issued_at > instant))
    }

    /// When it ends; it is accepted for [`LEEWAY`] longer.
    pub fn expires_at(&self) -> DateTime<Utc> {
        self.expires_at
    }
}

impl Verifier {
    /// Checks tokens with one key. Refuses keys that are weak, private or of an unknown kind.
    pub fn new(config: &TokenConfig) -> Result<Self, KeyError> {
        Ok(Self {
            keys: Keys::One(Box::new(VerifyingKey::new(&config.key)?)),
            rules: config.rules.clone(),
        })
    }

    /// Checks tokens with the keys of a set, whichever it holds at that moment.
    pub fn with_set(keys: SharedKeys, rules: TokenRules) -> Self {
        Self {
            keys: Keys::Set(keys),
            rules,
        }
    }

    /// Checks the values of all `Authorization` headers of one request, as of `now`.
    pub fn verify<'a>(
        &self,
        headers: impl IntoIterator<Item = &'a [u8]>,
        now: DateTime<Utc>,
    ) -> Result<VerifiedToken, TokenError> {
        let token = bearer(headers)?;
        let (message, signature) = token.rsplit_once('.').ok_or(TokenError::Malformed)?;
        let (header, claims) = message.split_once('.').ok_or(TokenError::Malformed)?;
        let header = Header::read(&decode(header)?)?;
        let signed = Signed {
            header,
            message,
            signature,
        };
        match &self.keys {
            Keys::One(key) => signed.check(key)?,
            Keys::Set(keys) => {
                let key_id = signed.header.key_id.as_deref().ok_or(TokenError::NoKeyId)?;
                let set = keys.current().ok_or(TokenError::NoKeys)?;
                signed.check(set.get(key_id).ok_or(TokenError::UnknownKey)?)?;
            }
        }
        claims::check(&decode(claims)?, &self.rules, now)
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let algorithm = match &self.keys {
            Keys::One(key) => key.algorithm(),
            Keys::Set(_) => "each key's own",
        };
        f.debug_struct("Verifier")
            .field("algorithm", &algorithm)
            .field("rules", &self.rules)
            .finish()
    }
}

/// What a token's header says, as far as it is looked at: members that carry or point to a key are the bearer's own word.
struct Header {
    algorithm: Option<String>,
    key_id: Option<String>,
}

impl Header {
    fn read(header: &Map<String, Value>) -> Result<Self, TokenError> {
        if header.contains_key("crit") || header.contains_key("b64") {
            return Err(TokenError::Critical);
        }
        let key_id = match header.get("kid") {
            None => None,
            Some(kid) => {
                let plain = kid.as_str().filter(|kid| is_plain_key_id(kid));
                Some(plain.ok_or(TokenError::KeyId)?.to_owned())
            }
        };
        let algorithm = header.get("alg").and_then(Value::as_str).map(str::to_owned);
        Ok(Self { algorithm, key_id })
    }
}

/// A token whose signature is still to be checked.
struct Signed<'a> {
    header: Header,
    message: &'a str,
    signature: &'a str,
}

impl Signed<'_> {
    fn check(&self, key: &VerifyingKey) -> Result<(), TokenError> {
        if self.header.algorithm.as_deref() != Some(key.algorithm()) {
            return Err(TokenError::Algorithm);
        }
        if key.signed(self.message, self.signature) {
            Ok(())
        } else {
            Err(TokenError::Signature)
        }
    }
}

/// The one token of these headers.
pub(super) fn bearer<'a>(headers: impl IntoIterator<Item = &'a [u8]>) -> Result<&'a str, TokenError> {
    let mut headers = headers.into_iter();
    let header = headers.next().ok_or(TokenError::Missing)?;
    if headers.next().is_some() {
        return Err(TokenError::Repeated);
    }
    if header.len() > MAX_HEADER_BYTES {
        return Err(TokenError::TooLong);
    }
    let (scheme, token) = str::from_utf8(header)
        .ok()
        .and_then(|text| text.split_once(' '))
        .ok_or(TokenError::NotBearer)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(TokenError::NotBearer);
    }
    Ok(token)
}

fn decode(part: &str) -> Result<Map<String, Value>, TokenError> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| TokenError::Malformed)?;
    strict_object(&bytes).ok_or(TokenError::Malformed)
}
