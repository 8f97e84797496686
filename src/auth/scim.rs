//! SCIM tokens: long-lived secrets for identity providers that cannot sign tokens of their own. They are random, so that a
//! plain hash of them can be kept and looked up: who has the hash has nothing, and how long a look-up takes tells nothing.

use std::fmt;

use sha2::{Digest, Sha256};

use super::token::bearer;

/// What every secret begins with, so that scanners for secrets find those that went astray.
pub const PREFIX: &str = "skls_";

/// A secret, shown once.
#[derive(Clone, PartialEq, Eq)]
pub struct ScimSecret(String);

/// What is kept of a secret.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SecretHash(String);

impl ScimSecret {
    /// The secret made of 256 random bits.
    pub fn new(random: [u8; 32]) -> Self {
        Self(format!("{PREFIX}{}", hex(&random)))
    }

    /// The secret itself.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    pub fn hash(&self) -> SecretHash {
        SecretHash::of(&self.0)
    }
}

impl fmt::Debug for ScimSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ScimSecret")
    }
}

impl SecretHash {
    /// The hash of what one `Authorization` header bears, if it looks like a SCIM token.
    pub fn presented<'a>(headers: impl IntoIterator<Item = &'a [u8]>) -> Option<Self> {
        let token = bearer(headers).ok()?;
        token.starts_with(PREFIX).then(|| Self::of(token))
    }

    /// Lower case hex.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn of(secret: &str) -> Self {
        Self(hash(secret))
    }
}

/// What is kept of a secret: its SHA-256, in lower case hex.
pub(super) fn hash(secret: &str) -> String {
    hex(&Sha256::digest(secret))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_known_by_its_hash() {
        let secret = ScimSecret::new([7; 32]);
        assert_eq!(secret.expose().len(), PREFIX.len() + 64);
        assert_eq!(format!("{secret:?}"), "ScimSecret");
        let header = format!("Bearer {}", secret.expose());
        assert_eq!(SecretHash::presented([header.as_bytes()]), Some(secret.hash()));
        assert_ne!(ScimSecret::new([8; 32]).hash(), secret.hash());
    }

    #[test]
    fn what_does_not_look_like_one_is_none() {
        for headers in [
            &[][..],
            &["Bearer eyJhbGciOiJub25lIn0.e30."],
            &["skls_00"],
            &["Basic skls_00"],
            &["Bearer skls_00", "Bearer skls_00"],
        ] {
            let headers = headers.iter().map(|header| header.as_bytes());
            assert_eq!(SecretHash::presented(headers), None);
        }
    }
}
