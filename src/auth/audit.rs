//! The chain of the audit log: each entry is sealed together with the seal of the one before it, with a key that is not in
//! the database. Whoever changes, moves or takes out an entry has to seal all that follow, and cannot without the key.
//!
//! Entries cut off at the end leave a whole chain behind: the number and seal of the newest one have to be kept elsewhere,
//! which is why `skiplevel audit verify` prints them. Without a key the chain shows damage, but stops nobody.

use std::fmt::Write;

use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

use super::keys::Secret;
use crate::domain::audit::Entry;

/// What precedes the first entry.
pub const ROOT: [u8; 32] = [0; 32];

/// Seals entries and checks their seals.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditChain {
    key: Option<Secret>,
}

/// The seal of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// Names the key, without telling it; empty for none.
    pub key: String,
    /// The seal.
    pub mac: [u8; 32],
}

/// An entry with the seal that was kept with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The entry.
    pub entry: Entry,
    /// Its seal.
    pub seal: Seal,
}

/// The first entry that does not fit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// An entry is not where it should be.
    #[error("entry {expected} is missing; {found} follows")]
    Missing {
        /// The number that should follow.
        expected: i64,
        /// The number that does.
        found: i64,
    },
    /// An entry was sealed with another key than the one given.
    #[error("entry {0} was sealed with another key; name the one of its time in SKIPLEVEL_AUDIT_KEY")]
    OtherKey(i64),
    /// An entry, or its seal, was changed.
    #[error("entry {0} is not what was sealed")]
    Changed(i64),
}

impl AuditChain {
    /// With a key; none only shows damage.
    pub fn new(key: Option<Secret>) -> Self {
        Self { key }
    }

    /// Seals an entry behind the one whose seal is `previous`.
    pub fn seal(&self, entry: &Entry, previous: &[u8; 32]) -> Seal {
        let mut mac = self.mac();
        mac.update(previous);
        let details = serde_json::to_string(&entry.details).unwrap_or_default();
        let action = serde_json::to_string(&entry.action).unwrap_or_default();
        let subject = entry.subject.map_or(String::new(), |id| id.to_string());
        let fields = [
            entry.number.to_string(),
            entry.at.timestamp_millis().to_string(),
            entry.actor.clone(),
            action,
            subject,
            details,
        ];
        for field in fields {
            // Lengths first, so that what ends one field cannot begin the next.
            mac.update(&(field.len() as u64).to_be_bytes());
            mac.update(field.as_bytes());
        }
        Seal {
            key: self.key_name(),
            mac: mac.finalize().into_bytes().into(),
        }
    }

    /// Checks an entry behind the one whose number and seal are given.
    pub fn check(&self, sealed: &Sealed, (number, previous): (i64, &[u8; 32])) -> Result<(), Broken> {
        let Sealed { entry, seal } = sealed;
        if entry.number != number + 1 {
            return Err(Broken::Missing {
                expected: number + 1,
                found: entry.number,
            });
        }
        if seal.key != self.key_name() {
            return Err(Broken::OtherKey(entry.number));
        }
        if self.seal(entry, previous) == *seal {
            Ok(())
        } else {
            Err(Broken::Changed(entry.number))
        }
    }

    fn mac(&self) -> Hmac<Sha256> {
        let key: &[u8] = self.key.as_ref().map_or(b"", Secret::bytes);
        // HMAC takes keys of any length.
        Hmac::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"))
    }

    fn key_name(&self) -> String {
        let name = |key: &Secret| {
            let digest = Sha256::new_with_prefix("skiplevel audit key\n")
                .chain_update(key.bytes())
                .finalize();
            digest[..4].iter().fold(String::new(), |mut name, byte| {
                let _ = write!(name, "{byte:02x}");
                name
            })
        };
        self.key.as_ref().map(name).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::audit::Action;

    fn chain(key: u8) -> AuditChain {
        AuditChain::new(Some(Secret::from([key; 32])))
    }

    fn log(chain: &AuditChain, length: i64) -> Vec<Sealed> {
        let mut previous = ROOT;
        let entry = |number| {
            let entry = Entry {
                number,
                at: "2026-03-02T09:00:00Z".parse().unwrap(),
                actor: "token:ada".to_owned(),
                action: Action::SetManager,
                subject: None,
                details: BTreeMap::from([("manager".to_owned(), number.to_string())]),
            };
            let seal = chain.seal(&entry, &previous);
            previous = seal.mac;
            Sealed { entry, seal }
        };
        (1..=length).map(entry).collect()
    }

    fn verify(chain: &AuditChain, log: &[Sealed]) -> Result<(), Broken> {
        let mut before = (0, ROOT);
        for sealed in log {
            chain.check(sealed, (before.0, &before.1))?;
            before = (sealed.entry.number, sealed.seal.mac);
        }
        Ok(())
    }

    #[test]
    fn a_whole_log_passes() {
        assert_eq!(verify(&chain(1), &log(&chain(1), 4)), Ok(()));
        let unkeyed = AuditChain::default();
        assert_eq!(verify(&unkeyed, &log(&unkeyed, 4)), Ok(()));
    }

    #[test]
    fn the_first_entry_that_does_not_fit_is_named() {
        let chain = chain(1);
        let whole = log(&chain, 4);
        let mut changed = whole.clone();
        changed[1].entry.actor = "token:bob".to_owned();
        assert_eq!(verify(&chain, &changed), Err(Broken::Changed(2)));
        let mut taken = whole.clone();
        taken.remove(2);
        assert_eq!(verify(&chain, &taken), Err(Broken::Missing { expected: 3, found: 4 }));
        let mut renumbered = taken;
        renumbered[2].entry.number = 3;
        assert_eq!(verify(&chain, &renumbered), Err(Broken::Changed(3)));
        let mut resealed = whole.clone();
        resealed[3].seal.mac[0] ^= 1;
        assert_eq!(verify(&chain, &resealed), Err(Broken::Changed(4)));
        assert_eq!(verify(&super::tests::chain(2), &whole), Err(Broken::OtherKey(1)));
    }
}
