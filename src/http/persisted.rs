//! Documents that are asked by their hash: trusted ones, which are known from the start, and where that is allowed those that
//! clients have sent together with their hash.
//!
//! What is found here goes through the same limits as what was sent, and what a client sent was within them. Nobody can put a
//! document under another one's hash. A hash gives no permission, unless others than trusted documents are refused.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use super::trusted::{TrustedDocuments, hash};
use crate::graphql::error::{ErrorCode, Fault};

/// Bytes of the documents that clients sent.
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// What becomes of documents that are not trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Others {
    /// They are refused.
    Refused,
    /// They are answered, and so many of those that came with their hash are remembered.
    Answered {
        /// With 0, clients have to send theirs each time.
        remembered: usize,
    },
}

/// Which hash a request names its document by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// That of `documentId`, which the server has to know already.
    Id(String),
    /// That of `extensions.persistedQuery`, which a client makes known by sending the document beside it.
    Sent(String),
}

impl Named {
    /// By a `documentId`: `sha256:` and the hash, or the hash alone.
    pub(super) fn by_id(id: &str) -> Self {
        Self::Id(id.strip_prefix("sha256:").unwrap_or(id).to_ascii_lowercase())
    }

    /// By the hash of an automatic persisted query.
    pub(super) fn sent(hash: &str) -> Self {
        Self::Sent(hash.to_ascii_lowercase())
    }

    fn hash(&self) -> &str {
        match self {
            Self::Id(hash) | Self::Sent(hash) => hash,
        }
    }
}

/// Every document that is known by its hash.
#[derive(Debug)]
pub(super) struct Persisted {
    trusted: TrustedDocuments,
    others: Others,
    sent: Mutex<Sent>,
}

/// What clients sent; the oldest go first.
#[derive(Debug, Default)]
struct Sent {
    documents: HashMap<String, Arc<str>>,
    order: VecDeque<String>,
    bytes: usize,
}

impl Persisted {
    /// Knows the trusted documents, and none that clients sent yet.
    pub(super) fn new(trusted: TrustedDocuments, others: Others) -> Self {
        Self {
            trusted,
            others,
            sent: Mutex::default(),
        }
    }

    /// The document of a request that may name it by its hash.
    pub(super) fn find(&self, query: Option<String>, named: Option<&Named>) -> Result<Arc<str>, Fault> {
        let Some(query) = query else {
            return self.known(named);
        };
        if named.is_some_and(|named| named.hash() != hash(&query)) {
            return Err(Fault::new(ErrorCode::BadRequest, "the hash is not that of the query"));
        }
        match self.others {
            Others::Refused => self.trusted.get(&hash(&query)).ok_or_else(not_trusted),
            Others::Answered { .. } => Ok(query.into()),
        }
    }

    /// Remembers a document that was found to be within its limits, under the hash that [`find`](Self::find) checked.
    pub(super) fn keep(&self, named: &Named, query: &Arc<str>) {
        let (Named::Sent(hash), Others::Answered { remembered }) = (named, self.others) else {
            return;
        };
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        if self.trusted.get(hash).is_some() || sent.documents.contains_key(hash) {
            return;
        }
        sent.bytes += query.len();
        sent.documents.insert(hash.clone(), Arc::clone(query));
        sent.order.push_back(hash.clone());
        while sent.order.len() > remembered || sent.bytes > MOST_BYTES {
            let oldest = sent.order.pop_front().and_then(|oldest| sent.documents.remove(&oldest));
            sent.bytes -= oldest.map_or(0, |oldest| oldest.len());
        }
    }

    fn known(&self, named: Option<&Named>) -> Result<Arc<str>, Fault> {
        let sent = |hash: &str| {
            let sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
            sent.documents.get(hash).cloned()
        };
        let found = named
            .map(Named::hash)
            .and_then(|hash| self.trusted.get(hash).or_else(|| sent(hash)));
        // Both messages are the words that clients look for.
        found.ok_or_else(|| match (self.others, named) {
            (Others::Refused, _) => not_trusted(),
            (Others::Answered { remembered: 0 }, Some(Named::Sent(_))) => {
                Fault::new(ErrorCode::PersistedQueryNotSupported, "PersistedQueryNotSupported")
            }
            _ => Fault::new(ErrorCode::PersistedQueryNotFound, "PersistedQueryNotFound"),
        })
    }
}

fn not_trusted() -> Fault {
    Fault::new(
        ErrorCode::QueryNotInSafelist,
        "only trusted documents are answered, and this is none",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remembering(remembered: usize) -> Persisted {
        Persisted::new(TrustedDocuments::default(), Others::Answered { remembered })
    }

    fn trusting(document: &str, others: Others) -> Persisted {
        let mut trusted = TrustedDocuments::default();
        trusted.add(document);
        Persisted::new(trusted, others)
    }

    fn code(persisted: &Persisted, query: Option<&str>, named: Option<&Named>) -> Result<String, ErrorCode> {
        let found = persisted.find(query.map(str::to_owned), named);
        found.map(|document| document.to_string()).map_err(|fault| fault.code())
    }

    fn sent(document: &str) -> Named {
        Named::sent(&hash(document))
    }

    fn id(document: &str) -> Named {
        Named::by_id(&format!("sha256:{}", hash(document)))
    }

    fn send(persisted: &Persisted, document: &str) {
        let named = sent(document);
        let found = persisted.find(Some(document.to_owned()), Some(&named)).unwrap();
        persisted.keep(&named, &found);
    }

    #[test]
    fn a_document_is_known_by_its_hash_alone_once_it_came_with_it() {
        let persisted = remembering(1);
        let named = Named::sent(&hash("{a}").to_uppercase());
        assert_eq!(
            code(&persisted, None, Some(&named)),
            Err(ErrorCode::PersistedQueryNotFound)
        );
        assert_eq!(code(&persisted, Some("{b}"), Some(&named)), Err(ErrorCode::BadRequest));
        send(&persisted, "{a}");
        assert_eq!(code(&persisted, None, Some(&named)), Ok("{a}".to_owned()));
        assert_eq!(code(&persisted, None, Some(&id("{a}"))), Ok("{a}".to_owned()));

        send(&persisted, "{b}");
        assert!(code(&persisted, None, Some(&sent("{b}"))).is_ok());
        assert_eq!(
            code(&persisted, None, Some(&named)),
            Err(ErrorCode::PersistedQueryNotFound)
        );
    }

    #[test]
    fn what_clients_send_takes_no_more_than_its_bytes() {
        let persisted = remembering(1000);
        let large = |number: usize| format!("{number}{}", " ".repeat(MOST_BYTES / 4));
        (0..4).for_each(|number| send(&persisted, &large(number)));
        let known = (0..4).filter(|number| code(&persisted, None, Some(&sent(&large(*number)))).is_ok());
        assert_eq!(known.collect::<Vec<_>>(), [1, 2, 3]);
    }

    #[test]
    fn where_none_is_remembered_only_trusted_ones_are_known() {
        let persisted = trusting("{a}", Others::Answered { remembered: 0 });
        send(&persisted, "{b}");
        assert_eq!(code(&persisted, Some("{b}"), None), Ok("{b}".to_owned()));
        assert_eq!(
            code(&persisted, None, Some(&sent("{b}"))),
            Err(ErrorCode::PersistedQueryNotSupported)
        );
        assert_eq!(
            code(&persisted, None, Some(&id("{b}"))),
            Err(ErrorCode::PersistedQueryNotFound)
        );
        for named in [sent("{a}"), id("{a}"), Named::by_id(&hash("{a}"))] {
            assert_eq!(code(&persisted, None, Some(&named)), Ok("{a}".to_owned()), "{named:?}");
        }
    }

    #[test]
    fn where_others_are_refused_a_document_is_trusted_or_nothing() {
        let persisted = trusting("{a}", Others::Refused);
        assert_eq!(code(&persisted, Some("{a}"), None), Ok("{a}".to_owned()));
        assert_eq!(code(&persisted, None, Some(&id("{a}"))), Ok("{a}".to_owned()));
        for (query, named) in [
            (Some("{ a }"), None),
            (Some("{b}"), Some(sent("{b}"))),
            (None, Some(sent("{b}"))),
            (None, Some(id("{b}"))),
        ] {
            let refused = code(&persisted, query, named.as_ref());
            assert_eq!(refused, Err(ErrorCode::QueryNotInSafelist), "{query:?} {named:?}");
        }
    }
}
