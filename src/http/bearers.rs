//! Who bears a token: checked with a key that never changes, or with those that an issuer publishes.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{NotReady, Refused, jwks::Jwks};
use crate::auth::token::{TokenError, TokenRules, VerifiedToken, Verifier};

/// Checks tokens.
#[derive(Clone, Debug)]
pub struct Bearers {
    verifier: Verifier,
    jwks: Option<Arc<Jwks>>,
}

impl From<Verifier> for Bearers {
    /// With a key that never changes.
    fn from(verifier: Verifier) -> Self {
        Self { verifier, jwks: None }
    }
}

impl Bearers {
    /// With the keys that are fetched by `jwks`.
    pub fn fetched(jwks: Arc<Jwks>, rules: TokenRules) -> Self {
        Self {
            verifier: jwks.verifier(rules),
            jwks: Some(jwks),
        }
    }

    /// What fetches the keys, if they are fetched; somebody has to keep them fresh.
    pub fn jwks(&self) -> Option<&Arc<Jwks>> {
        self.jwks.as_ref()
    }

    /// Checks all `Authorization` headers of one request, as of `now`. The reason of a refusal goes to the log.
    pub(super) async fn verify(&self, headers: &[&[u8]], now: DateTime<Utc>) -> Result<VerifiedToken, Refused> {
        let judge = || self.verifier.verify(headers.iter().copied(), now);
        let mut judged = judge();
        if let (Err(TokenError::UnknownKey | TokenError::NoKeys), Some(jwks)) = (&judged, &self.jwks)
            && jwks.refetched().await
        {
            judged = judge();
        }
        judged.map_err(|reason| {
            tracing::info!(%reason, "a token was refused");
            match reason {
                TokenError::NoKeys => Refused::Unjudged,
                _ => Refused::Token,
            }
        })
    }

    /// Whether tokens can be checked.
    pub(super) fn ready(&self) -> Result<(), NotReady> {
        match self.jwks.as_ref().and_then(|jwks| jwks.lack()) {
            None => Ok(()),
            Some(lack) => Err(NotReady(lack)),
        }
    }
}
