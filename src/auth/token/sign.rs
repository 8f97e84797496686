//! Signing tokens of our own, for the command line: nothing is signed that a [`Verifier`](super::Verifier) with the same
//! secret and rules would refuse.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{Role, TokenRules, claims};
use crate::auth::keys::{Secret, sign_hs256};

/// What a new token shall say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewToken<'a> {
    /// Who will bear it: `sub`.
    pub subject: &'a str,
    /// What they may be; none for an ordinary person.
    pub roles: &'a [Role],
    /// The source an integration speaks for.
    pub source: Option<&'a str>,
    /// How long it lives, in whole seconds.
    pub lifetime: TimeDelta,
}

/// Why a token was not signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// The subject or source cannot stand in a token.
    #[error("{0} must have 1 to {max} characters and no control characters", max = claims::MAX_NAME_CHARS)]
    Name(&'static str),
    /// The lifetime is not between a second and the longest allowed.
    #[error("the lifetime must be between 1 second and {} hours", max.num_hours())]
    Lifetime {
        /// The longest allowed.
        max: TimeDelta,
    },
    /// The library refused to sign.
    #[error("signing the token failed")]
    Crypto(#[from] jsonwebtoken::errors::Error),
}

/// Signs `token` with HS256 as issued at `now`.
pub fn sign(
    secret: &Secret,
    rules: &TokenRules,
    token: &NewToken<'_>,
    now: DateTime<Utc>,
) -> Result<String, SignError> {
    if !claims::is_name(token.subject) {
        return Err(SignError::Name("the subject"));
    }
    if token.source.is_some_and(|source| !claims::is_name(source)) {
        return Err(SignError::Name("the source"));
    }
    if token.lifetime < TimeDelta::seconds(1) || token.lifetime > rules.max_lifetime {
        return Err(SignError::Lifetime {
            max: rules.max_lifetime,
        });
    }
    let message = format!(
        "{}.{}",
        encode(&json!({"alg": "HS256", "typ": "JWT"})),
        encode(&claims_of(token, rules, now))
    );
    let signature = sign_hs256(secret, &message)?;
    Ok(format!("{message}.{signature}"))
}

fn claims_of(token: &NewToken<'_>, rules: &TokenRules, now: DateTime<Utc>) -> Value {
    let mut claims = json!({
        "iss": rules.issuer,
        "aud": rules.audience,
        "sub": token.subject,
        "iat": now.timestamp(),
        "exp": (now + token.lifetime).timestamp(),
    });
    if !token.roles.is_empty() {
        claims[&rules.roles_claim] = json!(token.roles);
    }
    if let Some(source) = token.source {
        claims["source"] = json!(source);
    }
    claims
}

fn encode(json: &Value) -> String {
    URL_SAFE_NO_PAD.encode(json.to_string())
}
