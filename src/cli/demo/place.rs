//! The file of a demonstration's database: a new one, never one that is there.

use std::{
    env,
    fs::{self, DirBuilder, File},
    io,
    path::{Path, PathBuf},
};

use uuid::Uuid;

use crate::{
    cli::keys,
    config::{ConfigError, DatabaseUrl, NoteKeyFile},
};

/// Why there is no demonstration.
#[derive(Debug, thiserror::Error)]
pub(in crate::cli) enum PlaceError {
    #[error("{0} is there already; a demonstration overwrites nothing: name another file, or remove this one")]
    Exists(PathBuf),
    #[error("{0} cannot be created")]
    Create(PathBuf, #[source] io::Error),
    #[error("the demonstration has no keys for its notes")]
    Keys(#[from] ConfigError),
}

/// Where the database of a demonstration is.
#[derive(Debug)]
pub(super) struct Place {
    /// The file, from the root on.
    file: PathBuf,
    /// The directory made for it, to be removed with it.
    directory: Option<PathBuf>,
}

impl Place {
    /// Makes `file`, which must not exist, with keys beside it, or else a temporary one, which goes with this value.
    pub fn new(file: Option<&Path>) -> Result<Self, PlaceError> {
        let (file, directory) = if let Some(file) = file {
            (file.to_owned(), None)
        } else {
            let directory = env::temp_dir().join(format!("skiplevel-demo-{}", Uuid::new_v4().simple()));
            private()
                .create(&directory)
                .map_err(|source| PlaceError::Create(directory.clone(), source))?;
            (directory.join("skiplevel.db"), Some(directory))
        };
        let file = std::path::absolute(&file).map_err(|source| PlaceError::Create(file.clone(), source))?;
        let place = Self { file, directory };
        match File::create_new(&place.file) {
            Ok(_) => match place.note_keys().create(&keys::new_key()) {
                Ok(()) => Ok(place),
                Err(error) => {
                    // If it cannot be removed, the next run says so.
                    let _ = fs::remove_file(&place.file);
                    Err(error.into())
                }
            },
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(PlaceError::Exists(place.file.clone())),
            Err(source) => Err(PlaceError::Create(place.file.clone(), source)),
        }
    }

    /// The URL of the database; has no quotes in it.
    pub fn url(&self) -> DatabaseUrl {
        DatabaseUrl::sqlite(&self.file)
    }

    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The file with its note keys, beside the database.
    pub fn note_keys(&self) -> NoteKeyFile {
        let mut name = self.file.clone().into_os_string();
        name.push(".keys");
        NoteKeyFile::new(name)
    }

    /// Whether nothing will be left of it.
    pub fn is_temporary(&self) -> bool {
        self.directory.is_some()
    }

    /// Leaves nothing, not even a file that was asked for.
    pub fn discard(self) {
        // Without connections to it, the database is this one file. If it cannot be removed, the next run says so.
        let _ = fs::remove_file(&self.file);
        let _ = fs::remove_file(self.note_keys().path());
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(directory) = &self.directory {
            // What cannot be removed now, whoever cleans the temporary directory will remove.
            let _ = fs::remove_dir_all(directory);
        }
    }
}

/// Nobody else may look into it.
fn private() -> DirBuilder {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}
