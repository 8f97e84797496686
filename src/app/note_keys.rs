//! Keeping what is sealed: checking keys at the start, sealing everything by a new one, looking whether everything opens,
//! deleting what is too old. None of it shows a text.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{App, AppError, keyring::Sealer};
use crate::{
    auth::{
        scope::{Grant, action::KeepNotes},
        sealing::{Label, NoteKeys, Sealed, Text, Unopened},
    },
    domain::note::kept_since,
    store::{SealedPart, SealedTable, Write},
};

/// Texts that are handled in one transaction.
const PART: u32 = 200;

/// The known text of a key's canary.
const CANARY: &str = "skiplevel";

/// Why the keys of the key file are not those of the database.
#[derive(Debug, thiserror::Error)]
pub enum NoteKeysFault {
    /// There is no key file.
    #[error("set SKIPLEVEL_NOTES_KEYS to the file with the note keys")]
    Off,
    /// A key in the file has the name of one that the database knows, and is another.
    #[error("the key file has another key {0} than the one that this database is sealed with: it is the wrong file")]
    Wrong(String),
    /// A key that is in use is not in the file.
    #[error("the key file lacks the key {0}, which this database is sealed with: it is the wrong file, or an old one")]
    Missing(String),
}

/// What was sealed by a new key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resealed {
    /// Name of the key.
    pub key: String,
    /// How many texts.
    pub texts: u64,
    /// Texts that do not open and so stay as they are.
    pub unopened: Vec<UnopenedText>,
}

/// Whether everything opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedNotes {
    /// How many texts are sealed by which key, by name.
    pub by_key: Vec<(String, u64)>,
    /// Texts that do not open.
    pub unopened: Vec<UnopenedText>,
}

/// A text that does not open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnopenedText {
    /// Where it is kept.
    pub table: &'static str,
    /// Its row.
    pub id: Uuid,
    /// Why.
    pub reason: Unopened,
}

impl App {
    /// Holds the keys of this server against the database, which learns of the first of them if it knows none. A wrong
    /// file is an error: what it would seal, nobody else could open.
    pub async fn check_note_keys(&self, now: DateTime<Utc>) -> Result<(), AppError> {
        let session = self.operator("note keys", now).await?;
        let current = session.current().await?;
        let grant = current.viewer.may_keep_notes()?;
        let canaries = current.snapshot.note_keys(&grant).await?;
        let by_key = current.snapshot.sealed_by(&grant).await?;
        drop(current);
        let Some(keys) = self.options.notes.known() else {
            let texts: u64 = by_key.iter().map(|(_, texts)| texts).sum();
            tracing::info!(texts, "notes are off: SKIPLEVEL_NOTES_KEYS names no key file");
            return Ok(());
        };
        for (newer, canary) in canaries.iter().enumerate() {
            let in_use = newer == 0 || by_key.iter().any(|(key, _)| *key == canary.key);
            match keys.open(&Label::CANARY, canary) {
                Err(Unopened::UnknownKey(_)) if !in_use => {}
                Err(Unopened::UnknownKey(key)) => return Err(NoteKeysFault::Missing(key).into()),
                Ok(text) if text.expose() == CANARY => {}
                Ok(_) | Err(Unopened::Forged) => return Err(NoteKeysFault::Wrong(canary.key.clone()).into()),
            }
        }
        if canaries.is_empty() {
            let turn = session.turn().await?;
            // Another server may have been first.
            if turn.write.note_keys(&grant).await?.is_empty() {
                keep(&turn.write, &grant, (&keys, keys.newest()), now).await?;
            }
            turn.write.commit().await?;
        }
        Ok(())
    }

    /// Whether the first key of the key file is new to the database: a rotation that has not begun.
    pub async fn has_new_note_key(&self, now: DateTime<Utc>) -> Result<bool, AppError> {
        let keys = self.options.notes.known().ok_or(NoteKeysFault::Off)?;
        let session = self.operator("note keys", now).await?;
        let current = session.current().await?;
        let canaries = current.snapshot.note_keys(&current.viewer.may_keep_notes()?).await?;
        Ok(!canaries.is_empty() && canaries.iter().all(|canary| canary.key != keys.newest()))
    }

    /// Seals everything by the first key of the key file, part by part, while servers go on. From the first part on they
    /// seal by that key too; those that do not know it read their key file again.
    pub async fn rotate_note_keys(&self, now: DateTime<Utc>) -> Result<Resealed, AppError> {
        let keys = self.options.notes.read_again().ok_or(NoteKeysFault::Off)?;
        let new = keys.newest().to_owned();
        let session = self.operator("note keys", now).await?;
        let turn = session.turn().await?;
        let grant = turn.viewer.may_keep_notes()?;
        if turn.write.note_keys(&grant).await?.first().map(|canary| &canary.key) != Some(&new) {
            keep(&turn.write, &grant, (&keys, &new), now).await?;
        }
        turn.write.commit().await?;
        let sealer = Sealer::new(keys, new.clone());
        let mut done = Resealed {
            key: new,
            texts: 0,
            unopened: vec![],
        };
        for table in SealedTable::ALL {
            let mut after = Uuid::nil();
            loop {
                let turn = session.turn().await?;
                let part = SealedPart {
                    after,
                    not_by: &done.key,
                    size: PART,
                };
                let texts = turn.write.sealed(&grant, table, part).await?;
                let Some((last, _)) = texts.last() else { break };
                after = last.row;
                for (label, sealed) in &texts {
                    match self.options.notes.open(label, sealed) {
                        Ok(text) => {
                            let sealed = sealer.seal(label, &text)?;
                            turn.write.reseal(&grant, label, &sealed).await?;
                            done.texts += 1;
                        }
                        Err(reason) => done.unopened.push(unopened(label, reason)),
                    }
                }
                turn.write.commit().await?;
            }
        }
        Ok(done)
    }

    /// Opens everything and tells what does not open.
    pub async fn verify_notes(&self, now: DateTime<Utc>) -> Result<VerifiedNotes, AppError> {
        self.options.notes.known().ok_or(NoteKeysFault::Off)?;
        let session = self.operator("note keys", now).await?;
        let current = session.current().await?;
        let grant = current.viewer.may_keep_notes()?;
        let mut verified = VerifiedNotes {
            by_key: current.snapshot.sealed_by(&grant).await?,
            unopened: vec![],
        };
        for table in SealedTable::ALL {
            let mut after = Uuid::nil();
            loop {
                let part = SealedPart {
                    after,
                    not_by: "",
                    size: PART,
                };
                let texts = current.snapshot.sealed(&grant, table, part).await?;
                let Some((last, _)) = texts.last() else { break };
                after = last.row;
                verified.unopened.extend(self.broken(&texts));
            }
        }
        Ok(verified)
    }

    /// Deletes what lies beside meetings that are older than notes are kept, part by part. Says how much.
    pub async fn delete_old_notes(&self, now: DateTime<Utc>) -> Result<u64, AppError> {
        let session = self.operator("note retention", now).await?;
        let since = kept_since(session.today(), session.settings().await?.notes_retention_months);
        let mut deleted = 0;
        loop {
            let current = session.current().await?;
            let grant = current.viewer.may_keep_notes()?;
            let there = current.snapshot.has_old_notes(&grant, since).await?;
            drop(current);
            if !there {
                return Ok(deleted);
            }
            let turn = session.turn().await?;
            deleted += turn.write.delete_old_notes(&grant, since, PART).await?;
            turn.write.commit().await?;
        }
    }

    fn broken(&self, texts: &[(Label, Sealed)]) -> Vec<UnopenedText> {
        let open = |(label, sealed): &(Label, Sealed)| {
            let reason = self.options.notes.open(label, sealed).err()?;
            Some(unopened(label, reason))
        };
        texts.iter().filter_map(open).collect()
    }
}

/// Lets the database know a key.
async fn keep(
    write: &Write,
    grant: &Grant<KeepNotes>,
    (keys, id): (&NoteKeys, &str),
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let canary = keys.seal(id, &Label::CANARY, &Text::new(CANARY), rand::random());
    let canary = canary.map_err(|_| AppError::Broken("a canary cannot be sealed"))?;
    Ok(write.keep_note_key(grant, &canary, now).await?)
}

fn unopened(label: &Label, reason: Unopened) -> UnopenedText {
    UnopenedText {
        table: label.kind.table(),
        id: label.row,
        reason,
    }
}
