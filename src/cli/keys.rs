//! `skiplevel keys`: the keys that people's notes are sealed with.

use std::{fmt::Write as _, io, path::PathBuf};

use clap::Subcommand;

use super::{Failure, organisation, print};
use crate::{
    app::{Keyring, Resealed, UnopenedText, VerifiedNotes},
    auth::sealing::NoteKey,
    config::{Config, NoteKeyFile},
    http::Clock,
};

/// What to do about them.
#[derive(Debug, Subcommand)]
pub(super) enum Keys {
    /// Make a new key file with one key; a file that is there is never overwritten
    Generate {
        /// The file, which `SKIPLEVEL_NOTES_KEYS` then names
        file: PathBuf,
    },
    /// Put a new key first in the file and seal everything by it, while servers go on
    Rotate {
        /// The file, as servers read it
        file: PathBuf,
        /// Only put the new key in the file: copy it to every machine, then run this again without
        #[arg(long)]
        add_only: bool,
    },
    /// Open everything that is sealed, and name what does not open; 1 if anything does not
    Verify,
}

/// Whether everything opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opened {
    All,
    NotAll,
}

/// Does it, at the clock's instant.
pub(super) async fn run(
    command: Keys,
    config: &Config,
    clock: Clock,
    out: &mut impl io::Write,
) -> Result<Opened, Failure> {
    match command {
        Keys::Generate { file } => {
            let key = new_key();
            NoteKeyFile::new(&file).create(&key)?;
            print(out, &format!("made {} with the key {}", file.display(), key.id()))?;
            Ok(Opened::All)
        }
        Keys::Rotate { file, add_only } => {
            let file = NoteKeyFile::new(file);
            // A file that is not the one of this database is not touched, and a key that is waiting is used.
            let read = file.clone();
            let keys = Keyring::new(move || read.read())?;
            let app = organisation::open_with(config, keys).await?;
            let waiting = async {
                app.check_note_keys(clock.now()).await?;
                app.has_new_note_key(clock.now()).await
            };
            let waiting = waiting.await;
            if !waiting? {
                let key = new_key();
                file.put_first(&key)?;
                print(
                    out,
                    &format!("put the key {} first in {}", key.id(), file.path().display()),
                )?;
            }
            if add_only {
                app.close().await?;
                return Ok(Opened::All);
            }
            let done = app.rotate_note_keys(clock.now()).await;
            app.close().await?;
            let done = done?;
            print(out, resealed(&done).trim_end())?;
            Ok(all(&done.unopened))
        }
        Keys::Verify => {
            let app = organisation::look_with(config, organisation::note_keys(config)?).await?;
            let verified = app.verify_notes(clock.now()).await;
            app.close().await?;
            let verified = verified?;
            print(out, told(&verified).trim_end())?;
            Ok(all(&verified.unopened))
        }
    }
}

/// A key that nobody has.
pub(super) fn new_key() -> NoteKey {
    NoteKey::new(rand::random(), rand::random())
}

fn all(unopened: &[UnopenedText]) -> Opened {
    if unopened.is_empty() {
        Opened::All
    } else {
        Opened::NotAll
    }
}

fn resealed(done: &Resealed) -> String {
    let Resealed { key, texts, unopened } = done;
    named(unopened) + &format!("{texts} texts sealed by {key}, {} do not open\n", unopened.len())
}

fn told(verified: &VerifiedNotes) -> String {
    let mut text = named(&verified.unopened);
    for (key, texts) in &verified.by_key {
        let _ = writeln!(text, "{texts} texts sealed by {key}");
    }
    let _ = writeln!(text, "{} do not open", verified.unopened.len());
    text
}

/// A line for each text that does not open.
fn named(unopened: &[UnopenedText]) -> String {
    unopened.iter().fold(String::new(), |mut text, broken| {
        let _ = writeln!(text, "{} {} does not open: {}", broken.table, broken.id, broken.reason);
        text
    })
}
