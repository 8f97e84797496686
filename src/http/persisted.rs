//! Persisted queries: a client sends a document once, together with its hash, and from then on its hash alone.
//!
//! Only a saving of bytes, never a permission: what is found here goes through the same limits as what was sent, and
//! what is kept was within them. Nobody can put a document under another one's hash.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use sha2::{Digest, Sha256};

use crate::graphql::error::{ErrorCode, Fault};

/// Documents by hash; the oldest go first.
#[derive(Debug)]
pub(super) struct Persisted {
    most: usize,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    documents: HashMap<String, Arc<str>>,
    order: VecDeque<String>,
}

impl Persisted {
    /// Remembers at most `most` documents; with 0 none, so that clients send theirs each time.
    pub(super) fn new(most: usize) -> Self {
        Self {
            most,
            known: Mutex::default(),
        }
    }

    /// The document of a request that may name it by its hash.
    pub(super) fn find(&self, query: Option<String>, hash: Option<&str>) -> Result<Arc<str>, Fault> {
        match (query, hash) {
            (Some(query), None) => Ok(query.into()),
            (Some(query), Some(hash)) if hash_of(&query).eq_ignore_ascii_case(hash) => Ok(query.into()),
            (Some(_), Some(_)) => Err(Fault::new(ErrorCode::BadRequest, "the hash is not that of the query")),
            (None, hash) => {
                let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
                let found = hash.and_then(|hash| known.documents.get(&hash.to_ascii_lowercase()));
                // The words are those that clients look for.
                found
                    .cloned()
                    .ok_or_else(|| Fault::new(ErrorCode::PersistedQueryNotFound, "PersistedQueryNotFound"))
            }
        }
    }

    /// Keeps a document that was found to be within its limits, under the hash that [`find`](Self::find) checked.
    pub(super) fn keep(&self, hash: &str, query: &Arc<str>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let hash = hash.to_ascii_lowercase();
        if self.most == 0 || known.documents.contains_key(&hash) {
            return;
        }
        if known.order.len() >= self.most
            && let Some(oldest) = known.order.pop_front()
        {
            known.documents.remove(&oldest);
        }
        known.documents.insert(hash.clone(), Arc::clone(query));
        known.order.push_back(hash);
    }
}

fn hash_of(query: &str) -> String {
    format!("{:x}", Sha256::digest(query))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_known_by_its_hash_alone_once_it_came_with_it() {
        let persisted = Persisted::new(1);
        let hash = hash_of("{a}");
        let code = |result: Result<Arc<str>, Fault>| result.map_err(|fault| fault.code());
        assert_eq!(
            code(persisted.find(None, Some(&hash))),
            Err(ErrorCode::PersistedQueryNotFound)
        );
        assert_eq!(
            code(persisted.find(Some("{b}".to_owned()), Some(&hash))),
            Err(ErrorCode::BadRequest)
        );
        let document = persisted.find(Some("{a}".to_owned()), Some(&hash)).unwrap();
        persisted.keep(&hash, &document);
        assert_eq!(persisted.find(None, Some(&hash.to_uppercase())).unwrap(), document);

        let (other, second) = (hash_of("{b}"), Arc::from("{b}"));
        persisted.keep(&other, &second);
        assert!(persisted.find(None, Some(&other)).is_ok());
        assert_eq!(
            code(persisted.find(None, Some(&hash))),
            Err(ErrorCode::PersistedQueryNotFound)
        );
    }
}
