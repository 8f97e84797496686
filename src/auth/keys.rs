//! The keys that tokens are checked with: one from the configuration, or a set that somebody else publishes. The key decides
//! the algorithm, a token never does; a weak key or the private half of one does not get past its constructor.

use std::fmt;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, crypto};
use rsa::{BigUint, pkcs1};

mod discovery;
mod jwk;
mod set;
#[cfg(test)]
mod tests;

pub use discovery::{DiscoveryError, jwks_uri};
pub use jwk::Unusable;
pub use set::{KeySet, KeySetError, LeftOut, MAX_SET_BYTES, MAX_SET_KEYS, SharedKeys};

/// Fewest bytes of an HS256 secret: as many as the hash is long, less would weaken it (RFC 7518, 3.2).
pub const MIN_SECRET_BYTES: usize = 32;

/// Fewest bits of an RSA modulus.
pub const MIN_RSA_BITS: usize = 2048;

/// Most bits of an RSA modulus: the library checks no longer ones.
pub const MAX_RSA_BITS: usize = 4096;

/// A secret that tokens are signed and checked with (HS256); never shown, not even by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// Takes at least [`MIN_SECRET_BYTES`] bytes, fewer are [`KeyError::ShortSecret`].
    pub fn new(bytes: impl Into<Vec<u8>>) -> Result<Self, KeyError> {
        let bytes = bytes.into();
        if bytes.len() < MIN_SECRET_BYTES {
            return Err(KeyError::ShortSecret { bytes: bytes.len() });
        }
        Ok(Self(bytes))
    }

    /// The bytes, for keyed hashes.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl From<[u8; MIN_SECRET_BYTES]> for Secret {
    /// As many bytes as it needs.
    fn from(bytes: [u8; MIN_SECRET_BYTES]) -> Self {
        Self(bytes.into())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// What the configuration gives to check tokens with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyMaterial {
    /// A shared secret: HS256.
    Secret(Secret),
    /// The text of a PEM file with one public key: RS256, ES256 or EdDSA, whatever the key is made for.
    PublicPem(String),
}

/// Why a key cannot be used; says nothing of the key's contents.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The secret is too short to resist guessing.
    #[error(
        "the secret has {bytes} bytes, it needs at least {MIN_SECRET_BYTES}; make one with `openssl rand -base64 48`"
    )]
    ShortSecret {
        /// How many bytes it has.
        bytes: usize,
    },
    /// The file holds a private key, which only the issuer of tokens should have.
    #[error("the file holds a private key; give the public half, made with `openssl pkey -in FILE -pubout`")]
    Private,
    /// The file holds no PEM block, or several, or something else than a key.
    #[error("the file must hold one PEM block, `PUBLIC KEY` or `RSA PUBLIC KEY`, and nothing else")]
    NotOnePublicKey,
    /// The key is of a kind that no accepted algorithm uses, or damaged.
    #[error("the key is damaged or of an unknown kind; accepted are RSA, elliptic curve P-256 and Ed25519")]
    Unsupported,
    /// The RSA key is too short, or longer than the library checks.
    #[error("the RSA key has {bits} bits, it needs {MIN_RSA_BITS} to {MAX_RSA_BITS}")]
    RsaSize {
        /// How many bits its modulus has.
        bits: usize,
    },
}

/// A usable key with the one algorithm it is for.
#[derive(Clone)]
pub(super) struct VerifyingKey {
    key: DecodingKey,
    algorithm: Algorithm,
    name: &'static str,
}

impl VerifyingKey {
    /// Refuses weak, private and unknown keys.
    pub(super) fn new(material: &KeyMaterial) -> Result<Self, KeyError> {
        match material {
            KeyMaterial::Secret(Secret(bytes)) => Ok(Self {
                key: DecodingKey::from_secret(bytes),
                algorithm: Algorithm::HS256,
                name: "HS256",
            }),
            KeyMaterial::PublicPem(text) => public_key(text),
        }
    }

    /// The public half of an RSA key: modulus and exponent, big-endian.
    fn rsa(modulus: &[u8], exponent: &[u8]) -> Result<Self, KeyError> {
        let bits = bit_length(modulus);
        if !(MIN_RSA_BITS..=MAX_RSA_BITS).contains(&bits) {
            return Err(KeyError::RsaSize { bits });
        }
        // What else can be wrong with a key (a tiny or even exponent) would otherwise show at the first token.
        rsa::RsaPublicKey::new(BigUint::from_bytes_be(modulus), BigUint::from_bytes_be(exponent))
            .map_err(|_| KeyError::Unsupported)?;
        Ok(Self {
            key: DecodingKey::from_rsa_raw_components(modulus, exponent),
            algorithm: Algorithm::RS256,
            name: "RS256",
        })
    }

    /// A point of P-256; none if it is no point of that curve.
    fn elliptic(key: DecodingKey) -> Option<Self> {
        // Any check of a signature reads the point, which fails on other curves than P-256.
        crypto::verify("", b"", &key, Algorithm::ES256).ok()?;
        Some(Self {
            key,
            algorithm: Algorithm::ES256,
            name: "ES256",
        })
    }

    /// A key of Ed25519; none if it is not one.
    fn edwards(key: DecodingKey) -> Option<Self> {
        // The library cuts 32 bytes off without looking whether there are as many.
        (key.try_get_as_bytes().ok()?.len() == 32).then_some(())?;
        crypto::verify("", b"", &key, Algorithm::EdDSA).ok()?;
        Some(Self {
            key,
            algorithm: Algorithm::EdDSA,
            name: "EdDSA",
        })
    }

    /// The `alg` that a token must name.
    pub(super) fn algorithm(&self) -> &'static str {
        self.name
    }

    /// Whether `signature` (base64url) is this key's over `message`.
    pub(super) fn signed(&self, message: &str, signature: &str) -> bool {
        crypto::verify(signature, message.as_bytes(), &self.key, self.algorithm).unwrap_or(false)
    }
}

/// The HS256 signature (base64url) of `secret` over `message`.
pub(super) fn sign_hs256(secret: &Secret, message: &str) -> Result<String, jsonwebtoken::errors::Error> {
    crypto::sign(
        message.as_bytes(),
        &EncodingKey::from_secret(&secret.0),
        Algorithm::HS256,
    )
}

fn public_key(text: &str) -> Result<VerifyingKey, KeyError> {
    // The library would take a private key or a certificate for a public key, hence the look at the label first.
    let labels: Vec<_> = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("-----BEGIN "))
        .collect();
    if labels.iter().any(|label| label.contains("PRIVATE KEY")) {
        return Err(KeyError::Private);
    }
    match labels[..] {
        ["PUBLIC KEY-----"] => {
            let elliptic = DecodingKey::from_ec_pem(text.as_bytes()).ok();
            let edwards = DecodingKey::from_ed_pem(text.as_bytes()).ok();
            let key = elliptic.and_then(VerifyingKey::elliptic);
            key.or_else(|| edwards.and_then(VerifyingKey::edwards))
                .map_or_else(|| rsa_key(text), Ok)
        }
        ["RSA PUBLIC KEY-----"] => rsa_key(text),
        _ => Err(KeyError::NotOnePublicKey),
    }
}

fn rsa_key(text: &str) -> Result<VerifyingKey, KeyError> {
    let unsupported = |_| KeyError::Unsupported;
    let key = DecodingKey::from_rsa_pem(text.as_bytes()).map_err(unsupported)?;
    let der = key.try_get_as_bytes().map_err(unsupported)?;
    let key = pkcs1::RsaPublicKey::try_from(der).map_err(|_| KeyError::Unsupported)?;
    VerifyingKey::rsa(key.modulus.as_bytes(), key.public_exponent.as_bytes())
}

/// Whether `text` can name a key: what issuers use, which is base64 of either alphabet, host names, labels with colons.
pub(super) fn is_plain_key_id(text: &str) -> bool {
    (1..=128).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_.:=+/".contains(&b))
}

/// Bits of a number written big-endian without leading zero bytes.
fn bit_length(number: &[u8]) -> usize {
    let unused = number.first().map_or(0, |byte| byte.leading_zeros() as usize);
    number.len() * 8 - unused
}
