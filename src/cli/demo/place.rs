//! The file of a demonstration's database: a new one, never one that is there.

use std::{
    env,
    fs::{self, DirBuilder, File},
    io,
    path::{Path, PathBuf},
};

use uuid::Uuid;

use crate::config::DatabaseUrl;

/// Why there is no demonstration.
#[derive(Debug, thiserror::Error)]
pub(in crate::cli) enum PlaceError {
    #[error("{0} is there already; a demonstration overwrites nothing: name another file, or remove this one")]
    Exists(PathBuf),
    #[error("{0} cannot be created")]
    Create(PathBuf, #[source] io::Error),
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
    /// Takes `file`, which must not exist, or else a new temporary one.
    pub fn new(file: Option<&Path>) -> Result<Self, PlaceError> {
        let (file, directory) = match file {
            Some(file) => (file.to_owned(), None),
            None => {
                let directory = env::temp_dir().join(format!("skiplevel-demo-{}", Uuid::new_v4().simple()));
                private()
                    .create(&directory)
                    .map_err(|source| PlaceError::Create(directory.clone(), source))?;
                (directory.join("skiplevel.db"), Some(directory))
            }
        };
        let file = std::path::absolute(&file).map_err(|source| PlaceError::Create(file.clone(), source))?;
        match File::create_new(&file) {
            Ok(_) => Ok(Self { file, directory }),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(PlaceError::Exists(file)),
            Err(source) => Err(PlaceError::Create(file, source)),
        }
    }

    /// The URL of the database; stands in a shell without quotes.
    pub fn url(&self) -> DatabaseUrl {
        DatabaseUrl::sqlite(&self.file)
    }

    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Whether nothing will be left of it.
    pub fn is_temporary(&self) -> bool {
        self.directory.is_some()
    }

    /// Goes, and leaves a file that was asked for.
    pub fn leave(self) {
        if let Some(directory) = self.directory {
            // What cannot be removed now, whoever cleans the temporary directory will remove.
            let _ = fs::remove_dir_all(directory);
        }
    }

    /// Goes, and leaves nothing.
    pub fn discard(self) {
        // Without connections to it, the database is this one file.
        let _ = fs::remove_file(&self.file);
        self.leave();
    }
}

/// Nobody else may look into it.
fn private() -> DirBuilder {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}
