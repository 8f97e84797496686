//! The file with the note keys: read, made and rewritten so that nobody but its owner ever sees it.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use super::ConfigError;
use crate::auth::sealing::{NoteKey, NoteKeys, NoteKeysError};

/// The file with the note keys, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteKeyFile(PathBuf);

/// Why the file with the note keys is no use.
#[derive(Debug, thiserror::Error)]
pub enum NoteKeyFileError {
    /// It cannot be read.
    #[error("it cannot be read")]
    Unreadable(#[source] io::Error),
    /// Others than its owner may read or change it.
    #[error("others than its owner may read or change it: `chmod 600` it")]
    Open,
    /// What it holds are no keys.
    #[error(transparent)]
    Keys(#[from] NoteKeysError),
    /// It is there already.
    #[error("it is there already, and keys are never overwritten")]
    Exists,
    /// It cannot be written.
    #[error("it cannot be written")]
    Unwritten(#[source] io::Error),
}

impl NoteKeyFile {
    /// The file at `path`, whether or not it is there.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The keys in it.
    pub fn read(&self) -> Result<NoteKeys, ConfigError> {
        let keys = self.text().and_then(|text| Ok(NoteKeys::parse(&text)?));
        keys.map_err(|source| self.fault(source))
    }

    /// Makes the file with this one key; one that is there stays as it is.
    pub fn create(&self, key: &NoteKey) -> Result<(), ConfigError> {
        let written = write_new(&self.0, &format!("{}\n", key.line()));
        written.map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => self.fault(NoteKeyFileError::Exists),
            _ => self.fault(NoteKeyFileError::Unwritten(error)),
        })
    }

    /// Puts this key before all others. Whoever reads the file at the same time reads it before or after.
    pub fn put_first(&self, key: &NoteKey) -> Result<(), ConfigError> {
        let text = self.text().map_err(|source| self.fault(source))?;
        let mut name = self.0.clone().into_os_string();
        name.push(format!(".{}", key.id()));
        let beside = PathBuf::from(name);
        let replaced =
            write_new(&beside, &format!("{}\n{text}", key.line())).and_then(|()| fs::rename(&beside, &self.0));
        replaced.map_err(|error| {
            // What was written beside it is of no use; that it stays would be the lesser fault.
            let _ = fs::remove_file(&beside);
            self.fault(NoteKeyFileError::Unwritten(error))
        })
    }

    fn text(&self) -> Result<String, NoteKeyFileError> {
        let mut file = File::open(&self.0).map_err(NoteKeyFileError::Unreadable)?;
        if is_open_to_others(&file).map_err(NoteKeyFileError::Unreadable)? {
            return Err(NoteKeyFileError::Open);
        }
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(NoteKeyFileError::Unreadable)?;
        Ok(text)
    }

    fn fault(&self, source: NoteKeyFileError) -> ConfigError {
        let path = self.0.clone();
        ConfigError::NoteKeys { path, source }
    }
}

/// Writes a file that was not there, for its owner alone.
fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(unix)]
fn is_open_to_others(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(file.metadata()?.permissions().mode() & 0o077 != 0)
}

/// Elsewhere than on Unix the owner of a file cannot be told by its mode.
#[cfg(not(unix))]
fn is_open_to_others(_: &File) -> io::Result<bool> {
    Ok(false)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn key(name: u8) -> NoteKey {
        NoteKey::new([0, 0, 0, name], [name; 32])
    }

    fn message(result: Result<impl Sized, ConfigError>) -> String {
        let error = result.map(|_| ()).unwrap_err();
        std::error::Error::source(&error).unwrap().to_string()
    }

    #[test]
    fn a_file_is_made_once_and_grows_at_its_head() {
        let directory = tempfile::tempdir().unwrap();
        let file = NoteKeyFile::new(directory.path().join("notes.keys"));
        assert_eq!(message(file.read()), "it cannot be read");
        file.create(&key(1)).unwrap();
        assert_eq!(file.read().unwrap().newest(), "k00000001");
        assert_eq!(
            message(file.create(&key(2))),
            "it is there already, and keys are never overwritten"
        );
        file.put_first(&key(2)).unwrap();
        let keys = file.read().unwrap();
        assert!(keys.newest() == "k00000002" && keys.have("k00000001"));
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1, "nothing beside it");
    }

    #[test]
    fn a_file_that_others_may_read_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let file = NoteKeyFile::new(directory.path().join("notes.keys"));
        file.create(&key(1)).unwrap();
        for mode in [0o640, 0o604, 0o620] {
            fs::set_permissions(file.path(), fs::Permissions::from_mode(mode)).unwrap();
            let refused = "others than its owner may read or change it: `chmod 600` it";
            assert_eq!(message(file.read()), refused, "{mode:o}");
            assert_eq!(message(file.put_first(&key(2))), refused, "{mode:o}");
        }
        fs::set_permissions(file.path(), fs::Permissions::from_mode(0o400)).unwrap();
        file.read().unwrap();
    }
}
