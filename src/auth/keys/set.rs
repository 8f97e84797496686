//! A set of keys (JWKS) as an issuer publishes it. One odd key among them spoils nothing: it is left out, with a reason.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use serde_json::Value;

use super::{
    VerifyingKey, is_plain_key_id,
    jwk::{self, Unusable},
};
use crate::auth::json::strict_object;

/// Most bytes of a set.
pub const MAX_SET_BYTES: usize = 64 * 1024;

/// Most keys of a set, usable or not.
pub const MAX_SET_KEYS: usize = 32;

/// The usable keys of a set by their ids, and what was left out of it.
#[derive(Clone)]
pub struct KeySet {
    pub(super) keys: BTreeMap<String, VerifyingKey>,
    left_out: Vec<LeftOut>,
}

/// A key of a set that is not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Its id, if it has one.
    pub key_id: Option<String>,
    /// Why it is not used.
    pub reason: Unusable,
}

/// Why there is no set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeySetError {
    /// It is longer than [`MAX_SET_BYTES`].
    #[error("the set is longer than {MAX_SET_BYTES} bytes")]
    TooLong,
    /// It is no JSON object with a list of keys, or repeats a member.
    #[error("the set is no JSON object with a list of keys, or repeats a member")]
    Malformed,
    /// It has more than [`MAX_SET_KEYS`] keys.
    #[error("the set has {keys} keys, it may have {MAX_SET_KEYS}")]
    TooMany {
        /// How many it has.
        keys: usize,
    },
    /// None of its keys can be used.
    #[error("the set has no key that can be used{}", listed(.0))]
    NoneUsable(Vec<LeftOut>),
}

impl KeySet {
    /// Reads a set; without a usable key it is an error.
    pub fn parse(text: &[u8]) -> Result<Self, KeySetError> {
        if text.len() > MAX_SET_BYTES {
            return Err(KeySetError::TooLong);
        }
        let set = strict_object(text).ok_or(KeySetError::Malformed)?;
        let Some(Value::Array(list)) = set.get("keys") else {
            return Err(KeySetError::Malformed);
        };
        if list.len() > MAX_SET_KEYS {
            return Err(KeySetError::TooMany { keys: list.len() });
        }
        let mut left_out = Vec::new();
        let mut found: BTreeMap<String, Vec<VerifyingKey>> = BTreeMap::new();
        for jwk in list {
            match read(jwk) {
                Ok((key_id, key)) => found.entry(key_id).or_default().push(key),
                Err(unusable) => left_out.push(unusable),
            }
        }
        let mut keys = BTreeMap::new();
        for (key_id, alike) in found {
            match <[VerifyingKey; 1]>::try_from(alike) {
                Ok([key]) => {
                    keys.insert(key_id, key);
                }
                Err(_) => left_out.push(LeftOut {
                    key_id: Some(key_id),
                    reason: Unusable::Repeated,
                }),
            }
        }
        if keys.is_empty() {
            return Err(KeySetError::NoneUsable(left_out));
        }
        Ok(Self { keys, left_out })
    }

    /// How many keys can be used; at least one.
    #[expect(clippy::len_without_is_empty, reason = "a set is never empty")]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// What is not used, and why.
    pub fn left_out(&self) -> &[LeftOut] {
        &self.left_out
    }

    /// The key of this id.
    pub(in crate::auth) fn get(&self, key_id: &str) -> Option<&VerifyingKey> {
        self.keys.get(key_id)
    }
}

impl fmt::Debug for KeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<_> = self.keys.iter().map(|(id, key)| (id, key.algorithm())).collect();
        f.debug_struct("KeySet")
            .field("keys", &keys)
            .field("left_out", &self.left_out)
            .finish()
    }
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key_id = self.key_id.as_deref().unwrap_or("without id");
        write!(f, "key {key_id}: {}", self.reason)
    }
}

/// The set that tokens are checked with at the moment, if there is one: filled by whoever fetches sets.
#[derive(Clone, Debug, Default)]
pub struct SharedKeys(Arc<RwLock<Option<Arc<KeySet>>>>);

impl SharedKeys {
    /// Checks tokens with `set` from now on.
    pub fn replace(&self, set: Option<KeySet>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = set.map(Arc::new);
    }

    /// The set in use.
    pub fn current(&self) -> Option<Arc<KeySet>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn read(jwk: &Value) -> Result<(String, VerifyingKey), LeftOut> {
    let key_id = jwk
        .get("kid")
        .and_then(Value::as_str)
        .filter(|id| is_plain_key_id(id))
        .map(str::to_owned);
    let key = match jwk {
        Value::Object(members) => jwk::read(members),
        _ => Err(Unusable::Malformed),
    };
    match (key, key_id) {
        (Ok(key), Some(key_id)) => Ok((key_id, key)),
        (Ok(_), None) => Err(LeftOut {
            key_id: None,
            reason: Unusable::KeyId,
        }),
        (Err(reason), key_id) => Err(LeftOut { key_id, reason }),
    }
}

fn listed(left_out: &[LeftOut]) -> String {
    let reasons: Vec<_> = left_out.iter().map(ToString::to_string).collect();
    if reasons.is_empty() {
        return String::new();
    }
    format!(": {}", reasons.join("; "))
}
