//! What can go wrong in a use case, in the words that every door translates.

use super::NoteKeysFault;
use crate::{auth::policy::Forbidden, store::StoreError};

/// A use case did not answer.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The token is valid, but its subject has no place here.
    #[error("the token's subject is nobody in today's chart")]
    Unauthenticated,
    /// The viewer's role does not include this.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The arguments do not fit; the message says what, where and how to mend it.
    #[error("{0}")]
    Input(String),
    /// The idempotency key was used for another input.
    #[error("this idempotency key was used with another input; take a new key for a new input")]
    IdempotencyKeyReused,
    /// What comes after the cursor is no longer there.
    #[error(
        "the feed does not reach back to this cursor: read everything anew, then follow the feed from a new cursor"
    )]
    CursorExpired,
    /// The server is busy with the like of it; the message says with what.
    #[error("{0}")]
    Occupied(&'static str),
    /// The keys of this server are not those of the database.
    #[error(transparent)]
    NoteKeys(#[from] NoteKeysFault),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Something of ours is broken.
    #[error("{0}")]
    Broken(&'static str),
}

impl AppError {
    /// Whether a later try may succeed without any change.
    pub fn is_busy(&self) -> bool {
        match self {
            Self::Occupied(_) => true,
            Self::Store(error) => error.is_passing(),
            _ => false,
        }
    }
}
