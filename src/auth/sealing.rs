//! Sealing: what people write beside their meetings lies in the database as ciphertext only (security.md 6).
//!
//! XChaCha20-Poly1305 under a key that is not in the database. What a ciphertext belongs to, row, meeting, author, kind,
//! version and key, is its associated data: moved, swapped or put back under another version, it opens no more.

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use uuid::Uuid;

use crate::domain::person::PersonKey;

/// Bytes of a key.
pub const KEY_BYTES: usize = 32;

/// Random bytes that each sealing takes. So many may be drawn at random: none comes twice.
pub const NONCE_BYTES: usize = 24;

/// What somebody wrote. It is shown by [`Text::expose`] alone: neither `Debug` nor a serialiser gets at it.
#[derive(Clone, PartialEq, Eq)]
pub struct Text(String);

impl Text {
    /// What was written.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// What was written.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Text(..)")
    }
}

/// What is sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A note of its author's alone.
    PrivateNote,
    /// A note of both.
    SharedNote,
    /// An item of a meeting's agenda.
    AgendaItem,
    /// A thank-you.
    Kudos,
    /// What is known of a key, to tell it from another of its name.
    Canary,
}

impl Kind {
    /// Where such things are kept.
    pub fn table(self) -> &'static str {
        match self {
            Self::PrivateNote | Self::SharedNote => "note",
            Self::AgendaItem => "agenda_item",
            Self::Kudos => "kudos",
            Self::Canary => "note_key",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::PrivateNote => "PRIVATE",
            Self::SharedNote => "SHARED",
            Self::AgendaItem => "AGENDA",
            Self::Kudos => "KUDOS",
            Self::Canary => "CANARY",
        }
    }
}

/// Where a text belongs. Sealed with one label, it opens with no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// What it is.
    pub kind: Kind,
    /// Its row.
    pub row: Uuid,
    /// The meeting it is about.
    pub meeting: Uuid,
    /// Who wrote it; none of what nobody wrote.
    pub author: Option<PersonKey>,
    /// Whom it thanks.
    pub about: Option<PersonKey>,
    /// How often it was written.
    pub version: i32,
}

impl Label {
    /// The label of a key's canary.
    pub const CANARY: Self = Self {
        kind: Kind::Canary,
        row: Uuid::nil(),
        meeting: Uuid::nil(),
        author: None,
        about: None,
        version: 1,
    };

    /// The label as bytes; lengths keep its parts apart.
    fn bound_to(&self, key: &str) -> Vec<u8> {
        let person = |key: Option<PersonKey>| key.map(|key| key.0.to_le_bytes());
        let (author, about) = (person(self.author), person(self.about));
        let parts: [&[u8]; 9] = [
            b"skiplevel 1",
            self.kind.table().as_bytes(),
            self.kind.word().as_bytes(),
            key.as_bytes(),
            self.row.as_bytes(),
            self.meeting.as_bytes(),
            author.as_ref().map_or(&[], |bytes| bytes),
            about.as_ref().map_or(&[], |bytes| bytes),
            &self.version.to_le_bytes(),
        ];
        let mut bytes = Vec::new();
        for part in parts {
            bytes.extend((part.len() as u64).to_le_bytes());
            bytes.extend(part);
        }
        bytes
    }
}

/// A text that nobody reads without its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Name of the key.
    pub key: String,
    /// The nonce, then the ciphertext with its tag.
    pub bytes: Vec<u8>,
}

/// Why a sealed text does not open.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unopened {
    /// Nobody here has the key of this name.
    #[error("the key {0} is not there")]
    UnknownKey(String),
    /// It was changed, belongs elsewhere, or was sealed by another key of this name.
    #[error("it was changed, moved or sealed by another key")]
    Forged,
}

/// One key.
#[derive(Clone, PartialEq, Eq)]
pub struct NoteKey {
    id: String,
    key: [u8; KEY_BYTES],
}

impl NoteKey {
    /// The key made of random bytes: of its name, and of itself.
    pub fn new(name: [u8; 4], key: [u8; KEY_BYTES]) -> Self {
        let id = format!("k{:08x}", u32::from_be_bytes(name));
        Self { id, key }
    }

    /// Its line in a key file.
    pub fn line(&self) -> String {
        format!("{}:{}", self.id, STANDARD.encode(self.key))
    }

    /// Its name, which is no secret.
    pub fn id(&self) -> &str {
        &self.id
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.key.into())
    }
}

impl fmt::Debug for NoteKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NoteKey({})", self.id)
    }
}

/// The keys of a key file, newest first; at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteKeys(Vec<NoteKey>);

/// What is wrong with a key file; says nothing of the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteKeysError {
    /// It has no key.
    #[error("there is no key in it; `skiplevel keys generate FILE` makes a file with one")]
    Empty,
    /// A line is no key.
    #[error("line {0} should be a name of 1 to 32 letters, digits or hyphens, a colon, and 32 bytes in base64")]
    Line(usize),
    /// A name or a key stands there twice.
    #[error("line {0} repeats a name or a key")]
    Repeated(usize),
}

impl NoteKeys {
    /// The keys of a file's text, one a line; blank lines and those that begin with `#` are skipped.
    pub fn parse(text: &str) -> Result<Self, NoteKeysError> {
        let mut keys: Vec<NoteKey> = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let key = read(line).ok_or(NoteKeysError::Line(number))?;
            if keys.iter().any(|known| known.id == key.id || known.key == key.key) {
                return Err(NoteKeysError::Repeated(number));
            }
            keys.push(key);
        }
        if keys.is_empty() {
            return Err(NoteKeysError::Empty);
        }
        Ok(Self(keys))
    }

    /// The first key's name.
    pub fn newest(&self) -> &str {
        self.0.first().map_or("", |key| &key.id)
    }

    /// Whether there is a key of this name.
    pub fn have(&self, id: &str) -> bool {
        self.0.iter().any(|key| key.id == id)
    }

    /// Seals a text by the key of this name.
    pub fn seal(&self, id: &str, label: &Label, text: &Text, nonce: [u8; NONCE_BYTES]) -> Result<Sealed, Unopened> {
        let key = self.key(id)?;
        let payload = Payload {
            msg: text.0.as_bytes(),
            aad: &label.bound_to(id),
        };
        // Fails for texts of many gigabytes only.
        let sealed = key.cipher().encrypt(&nonce.into(), payload);
        let mut bytes = nonce.to_vec();
        bytes.extend(sealed.map_err(|_| Unopened::Forged)?);
        Ok(Sealed {
            key: id.to_owned(),
            bytes,
        })
    }

    /// Opens what was sealed with the same label.
    pub fn open(&self, label: &Label, sealed: &Sealed) -> Result<Text, Unopened> {
        let key = self.key(&sealed.key)?;
        let (nonce, ciphertext) = sealed
            .bytes
            .split_first_chunk::<NONCE_BYTES>()
            .ok_or(Unopened::Forged)?;
        let payload = Payload {
            msg: ciphertext,
            aad: &label.bound_to(&sealed.key),
        };
        let opened = key.cipher().decrypt(&(*nonce).into(), payload);
        let text = String::from_utf8(opened.map_err(|_| Unopened::Forged)?);
        text.map(Text).map_err(|_| Unopened::Forged)
    }

    /// What tells one input from another without telling what it says, by each key, that of `id` first: a plain hash of
    /// a short text can be guessed, and the database's own keys lie beside it.
    pub fn marks(&self, id: &str, input: &[u8], text: &Text) -> Vec<String> {
        let mut keys: Vec<_> = self.0.iter().collect();
        keys.sort_by_key(|key| key.id != id);
        let mark = |key: &NoteKey| {
            let own = hmac(&key.key, &[b"skiplevel marks"]);
            let mark = hmac(&own, &[input, text.0.as_bytes()]);
            format!("{}:{}", key.id, STANDARD.encode(mark))
        };
        keys.into_iter().map(mark).collect()
    }

    fn key(&self, id: &str) -> Result<&NoteKey, Unopened> {
        let key = self.0.iter().find(|key| key.id == id);
        key.ok_or_else(|| Unopened::UnknownKey(id.to_owned()))
    }
}

fn read(line: &str) -> Option<NoteKey> {
    let (id, key) = line.split_once(':')?;
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if !(1..=32).contains(&id.len()) || !id.chars().all(plain) {
        return None;
    }
    let key = STANDARD.decode(key.trim()).ok()?.try_into().ok()?;
    Some(NoteKey { id: id.to_owned(), key })
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    #[expect(clippy::expect_used, reason = "HMAC accepts keys of every length")]
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(key).expect("any key length");
    for part in parts {
        mac.update(&(part.len() as u64).to_le_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests;
