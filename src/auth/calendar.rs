//! The secret in the address of a person's calendar. Calendar programs cannot send a token, so the address is the key: random
//! through and through, so that a plain hash of it can be kept and looked up.

use std::fmt;

use super::scim::{hash, hex};

/// What every secret begins with, so that scanners for secrets find those that went astray.
const PREFIX: &str = "sklc_";

/// A secret, shown once.
#[derive(Clone, PartialEq, Eq)]
pub struct CalendarSecret(String);

/// What is kept of a secret.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CalendarHash(String);

impl CalendarSecret {
    /// The secret made of 256 random bits.
    pub fn new(random: [u8; 32]) -> Self {
        Self(format!("{PREFIX}{}", hex(&random)))
    }

    /// The secret itself.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    pub fn hash(&self) -> CalendarHash {
        CalendarHash(hash(&self.0))
    }
}

impl fmt::Debug for CalendarSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CalendarSecret")
    }
}

impl CalendarHash {
    /// The hash of what somebody presents, if it looks like a secret at all.
    pub fn presented(secret: &str) -> Option<Self> {
        let random = secret.strip_prefix(PREFIX)?;
        let plain = random.len() == 64 && random.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        plain.then(|| Self(hash(secret)))
    }

    /// Lower case hex.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_known_by_its_hash() {
        let secret = CalendarSecret::new([7; 32]);
        assert_eq!(format!("{secret:?}"), "CalendarSecret");
        assert_eq!(CalendarHash::presented(secret.expose()), Some(secret.hash()));
        assert_ne!(CalendarSecret::new([8; 32]).hash(), secret.hash());
    }

    #[test]
    fn what_does_not_look_like_one_is_none() {
        let right = CalendarSecret::new([0xab; 32]).expose().to_owned();
        for wrong in [
            "",
            "sklc_",
            &right[1..],
            &right[..68],
            &right.to_uppercase(),
            &format!("{right}0"),
        ] {
            assert_eq!(CalendarHash::presented(wrong), None, "{wrong}");
        }
    }
}
