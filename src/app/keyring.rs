//! The keys that this server has for what people write, and sealing and opening by them.

use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use serde::{Serialize, de::DeserializeOwned};

use super::{
    AppError, Keyed, Mistake, MistakeCode, Session,
    act::{Begun, Open},
    session::Turn,
};
use crate::auth::{
    scope::{Grant, action::Note},
    sealing::{Label, NoteKeys, Sealed, Text, Unopened},
};

/// The keys of this server. Its copies share what they know.
#[derive(Clone, Default)]
pub struct Keyring(Option<Arc<Keys>>);

struct Keys {
    known: RwLock<Arc<NoteKeys>>,
    again: Box<dyn Fn() -> Option<NoteKeys> + Send + Sync>,
}

/// A text that cannot be shown: it was changed or moved in the database, or its key is not there. The log says which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this text cannot be opened: it was changed in the database, or the server lacks its key")]
pub struct Unreadable;

impl Keyring {
    /// No keys: nothing is written or read.
    pub fn off() -> Self {
        Self::default()
    }

    /// The keys that `read` gives. It is asked again when a key turns up that is not known.
    pub fn new<E: std::error::Error>(
        read: impl Fn() -> Result<NoteKeys, E> + Send + Sync + 'static,
    ) -> Result<Self, E> {
        let known = RwLock::new(Arc::new(read()?));
        let again = move || {
            let failed = |error: &E| tracing::error!(%error, "the note keys cannot be read again");
            read().inspect_err(failed).ok()
        };
        Ok(Self(Some(Arc::new(Keys {
            known,
            again: Box::new(again),
        }))))
    }

    /// The keys as they were last read; none where notes are off.
    pub fn known(&self) -> Option<Arc<NoteKeys>> {
        let keys = self.0.as_ref()?;
        Some(keys.known.read().unwrap_or_else(PoisonError::into_inner).clone())
    }

    /// The keys, among them the one of this name; read again if need be.
    fn with(&self, id: &str) -> Option<Arc<NoteKeys>> {
        let known = self.known()?;
        if known.have(id) {
            return Some(known);
        }
        self.read_again().filter(|fresh| fresh.have(id))
    }

    /// The keys as they are in their file now; none where that cannot be read.
    pub(super) fn read_again(&self) -> Option<Arc<NoteKeys>> {
        let keys = self.0.as_ref()?;
        let fresh = Arc::new((keys.again)()?);
        *keys.known.write().unwrap_or_else(PoisonError::into_inner) = fresh.clone();
        Some(fresh)
    }

    /// Opens a sealed text.
    pub(super) fn open(&self, label: &Label, sealed: &Sealed) -> Result<Text, Unopened> {
        let unknown = || Unopened::UnknownKey(sealed.key.clone());
        self.with(&sealed.key).ok_or_else(unknown)?.open(label, sealed)
    }

    /// Opens a sealed text for somebody who may read it. Why one does not open is for the log.
    pub(super) fn show(&self, label: &Label, sealed: &Sealed) -> Result<Text, Unreadable> {
        self.open(label, sealed).map_err(|reason| {
            tracing::error!(table = label.kind.table(), id = %label.row, %reason, "a sealed text does not open");
            Unreadable
        })
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Keyring").field(&self.known()).finish()
    }
}

/// Seals by the key that every server seals by now.
pub(super) struct Sealer {
    keys: Arc<NoteKeys>,
    id: String,
}

impl Sealer {
    /// By the key of this name, which is one of `keys`.
    pub(super) fn new(keys: Arc<NoteKeys>, id: String) -> Self {
        Self { keys, id }
    }

    /// Seals `text` with `label`.
    pub(super) fn seal(&self, label: &Label, text: &Text) -> Result<Sealed, AppError> {
        let sealed = self.keys.seal(&self.id, label, text, rand::random());
        sealed.map_err(|_| AppError::Broken("a text cannot be sealed"))
    }
}

/// How a mutation that seals begins.
pub(super) enum Sealing<T> {
    /// It may go on.
    Turn(Box<Open>, Sealer),
    /// It ends here, with an answer given before or with what is to be mended.
    Done(super::Outcome<T>),
}

impl Session {
    /// Takes the writer's turn for a mutation that seals `text`, as `begin` does. What is kept under the key tells nothing
    /// of the text.
    pub(super) async fn begin_sealing<I: Serialize, T: DeserializeOwned>(
        &self,
        operation: &'static str,
        grant: &Grant<Note>,
        (keyed, text): (&Keyed<I>, &Text),
    ) -> Result<Sealing<T>, AppError> {
        keyed.check()?;
        let turn = self.turn().await?;
        let Some(sealer) = self.sealer(&turn, grant).await? else {
            turn.write.rollback().await?;
            return Ok(Sealing::Done(Err(vec![off()])));
        };
        let input = serde_json::to_vec(&keyed.input).map_err(|_| AppError::Broken("an input cannot be hashed"))?;
        let hashes = sealer.keys.marks(&sealer.id, &input, text);
        Ok(
            match self.recalled(turn, operation, keyed.key.as_ref(), hashes).await? {
                Begun::Turn(open) => Sealing::Turn(open, sealer),
                Begun::Replayed(answer) => Sealing::Done(answer),
            },
        )
    }

    /// What every server seals by now; none where this one cannot.
    async fn sealer(&self, turn: &Turn, grant: &Grant<Note>) -> Result<Option<Sealer>, AppError> {
        let keyring = &self.inner.app.options.notes;
        if keyring.0.is_none() {
            return Ok(None);
        }
        let Some(id) = turn.write.newest_note_key(grant).await? else {
            return Ok(None);
        };
        let keys = keyring.with(&id);
        if keys.is_none() {
            tracing::error!(
                key = id,
                "the newest note key is not in the key file: nothing can be sealed"
            );
        }
        Ok(keys.map(|keys| Sealer::new(keys, id)))
    }
}

/// Nothing can be written.
fn off() -> Mistake {
    Mistake {
        code: MistakeCode::NotesOff,
        message: "this server has no key to keep what you write: its operator sets SKIPLEVEL_NOTES_KEYS".to_owned(),
        path: vec!["input".to_owned()],
    }
}

/// `begin_sealing`, the body, `finish`: a mutation that seals in three lines.
macro_rules! seal {
    ($session:expr, $operation:literal, $grant:expr, $keyed:expr, $text:expr, |$turn:ident, $sealer:ident| $body:expr) => {{
        let begun = $session.begin_sealing($operation, $grant, ($keyed, $text)).await?;
        let (open, $sealer) = match begun {
            $crate::app::keyring::Sealing::Done(answer) => return Ok(answer),
            $crate::app::keyring::Sealing::Turn(open, sealer) => (*open, sealer),
        };
        let outcome = {
            let $turn = &open.turn;
            $body
        };
        $session.finish(open, outcome).await
    }};
}
pub(super) use seal;
