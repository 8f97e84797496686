//! One JSON Web Key (RFC 7517) as a key to check tokens with, or why it is none.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::DecodingKey;
use serde_json::{Map, Value};

use super::{KeyError, VerifyingKey};

/// Members that only a key has which is not to be published (RFC 7518, 6).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// Bytes of a coordinate on P-256, and of a key of Ed25519.
const COORDINATE: usize = 32;

/// Why a key of a set is left out; says nothing of the key's contents.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// It is not written as keys are.
    #[error("it is malformed")]
    Malformed,
    /// It has no id that a token could name.
    #[error("it has no key id of 1 to 128 plain characters")]
    KeyId,
    /// Another usable key has the same id.
    #[error("several keys have its id")]
    Repeated,
    /// It is a shared secret, or has members of the private half.
    #[error("it is not public")]
    Private,
    /// It is for something else than signatures, encryption for example.
    #[error("it is not for checking signatures")]
    Use,
    /// Its kind or its curve is not that of an accepted algorithm.
    #[error("it is of another kind than RSA, elliptic curve P-256 and Ed25519")]
    Kind,
    /// It names another algorithm than the one that is accepted for its kind.
    #[error("its algorithm is another than {0}")]
    Algorithm(&'static str),
    /// It is weak or damaged.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// Reads a key, whatever its id.
pub(super) fn read(jwk: &Map<String, Value>) -> Result<VerifyingKey, Unusable> {
    if PRIVATE.iter().any(|member| jwk.contains_key(*member)) {
        return Err(Unusable::Private);
    }
    check_use(jwk)?;
    let key = match (text(jwk, "kty")?, jwk.get("crv").and_then(Value::as_str)) {
        ("RSA", _) => {
            let modulus = bytes(jwk, "n")?;
            let zeros = modulus.iter().take_while(|byte| **byte == 0).count();
            VerifyingKey::rsa(&modulus[zeros..], &bytes(jwk, "e")?)?
        }
        ("EC", Some("P-256")) => {
            let [x, y] = [coordinate(jwk, "x")?, coordinate(jwk, "y")?];
            let key = DecodingKey::from_ec_components(x, y).map_err(|_| Unusable::Malformed)?;
            VerifyingKey::elliptic(key).ok_or(KeyError::Unsupported)?
        }
        ("OKP", Some("Ed25519")) => {
            let key = DecodingKey::from_ed_components(coordinate(jwk, "x")?).map_err(|_| Unusable::Malformed)?;
            VerifyingKey::edwards(key).ok_or(KeyError::Unsupported)?
        }
        _ => return Err(Unusable::Kind),
    };
    match jwk.get("alg") {
        Some(alg) if alg != key.algorithm() => Err(Unusable::Algorithm(key.algorithm())),
        _ => Ok(key),
    }
}

fn check_use(jwk: &Map<String, Value>) -> Result<(), Unusable> {
    let signs = jwk.get("use").is_none_or(|what| what == "sig");
    let verifies = match jwk.get("key_ops") {
        None => true,
        Some(Value::Array(operations)) => operations.iter().any(|operation| operation == "verify"),
        Some(_) => return Err(Unusable::Malformed),
    };
    if signs && verifies { Ok(()) } else { Err(Unusable::Use) }
}

fn text<'a>(jwk: &'a Map<String, Value>, member: &str) -> Result<&'a str, Unusable> {
    jwk.get(member).and_then(Value::as_str).ok_or(Unusable::Malformed)
}

fn bytes(jwk: &Map<String, Value>, member: &str) -> Result<Vec<u8>, Unusable> {
    URL_SAFE_NO_PAD
        .decode(text(jwk, member)?)
        .map_err(|_| Unusable::Malformed)
}

/// A member of exactly as many bytes as it must have, still in base64url.
fn coordinate<'a>(jwk: &'a Map<String, Value>, member: &str) -> Result<&'a str, Unusable> {
    if bytes(jwk, member)?.len() == COORDINATE {
        text(jwk, member)
    } else {
        Err(Unusable::Malformed)
    }
}
