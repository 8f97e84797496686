//! Documents that are known before anybody asks them: an operator's, read from a directory when the server starts.

use std::{
    collections::{BTreeMap, HashMap},
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::graphql::error::Fault;

/// Bytes of all files together: documents stay in memory.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// Documents by their SHA-256.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedDocuments(HashMap<String, Arc<str>>);

impl TrustedDocuments {
    /// Reads the files of a directory, not those of directories in it: every `*.graphql` is a document, and every `*.json`
    /// lists documents by their hash, as the compilers of clients write it. A document that `check` refuses, like all else that
    /// is not as it should be, refuses the directory.
    pub async fn read(
        directory: &Path,
        check: impl AsyncFn(&str) -> Result<(), Fault>,
    ) -> Result<Self, TrustedDocumentsError> {
        let mut trusted = Self::default();
        for path in files(directory)? {
            for document in documents(&path)? {
                if let Err(fault) = check(&document).await {
                    let (hash, source) = (hash(&document), Box::new(fault));
                    return Err(TrustedDocumentsError::Refused { path, hash, source });
                }
                trusted.add(document);
            }
        }
        if trusted.0.is_empty() {
            return Err(TrustedDocumentsError::None(directory.to_owned()));
        }
        Ok(trusted)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Each of them.
    pub(super) fn documents(&self) -> impl Iterator<Item = &str> {
        self.0.values().map(AsRef::as_ref)
    }

    /// One more.
    pub(super) fn add(&mut self, document: impl Into<Arc<str>>) {
        let document = document.into();
        self.0.insert(hash(&document), document);
    }

    /// The document with this hash.
    pub(super) fn get(&self, hash: &str) -> Option<Arc<str>> {
        self.0.get(hash).cloned()
    }
}

/// Why a directory of trusted documents is no use.
#[derive(Debug, thiserror::Error)]
pub enum TrustedDocumentsError {
    /// The directory, or a file in it, cannot be read.
    #[error("the trusted documents of {} cannot be read", path.display())]
    Unreadable {
        /// The directory or the file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The directory has no documents, so it is hardly the one that was meant.
    #[error("{} holds no trusted documents (*.graphql, or *.json that lists them)", .0.display())]
    None(PathBuf),
    /// The files are too large to be kept in memory.
    #[error("the trusted documents of {} have more than {MOST_BYTES} bytes", .0.display())]
    TooLarge(PathBuf),
    /// A file does not list documents.
    #[error("{} does not list trusted documents by their SHA-256", path.display())]
    NoList {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// A file lists a document by something else than its hash.
    #[error("{} lists a trusted document as {id:?}, and its SHA-256 is {hash}", path.display())]
    WrongHash {
        /// The file.
        path: PathBuf,
        /// What it says.
        id: String,
        /// What is so.
        hash: String,
    },
    /// A document could never be answered.
    #[error("the trusted document of {} with the SHA-256 {hash} would be refused", path.display())]
    Refused {
        /// The file.
        path: PathBuf,
        /// Which of its documents.
        hash: String,
        /// Why.
        source: Box<Fault>,
    },
}

/// The hash by which a document is known.
pub(super) fn hash(document: &str) -> String {
    format!("{:x}", Sha256::digest(document))
}

/// Documents by hash, in the shapes that there are.
#[derive(Deserialize)]
#[serde(untagged, expecting = "an object of documents by hash, or one with `operations`")]
enum List {
    /// Apollo's manifest.
    Operations { operations: Vec<Operation> },
    /// That of Relay's compiler and of GraphQL Code Generator.
    Documents(BTreeMap<String, String>),
}

#[derive(Deserialize)]
struct Operation {
    id: String,
    body: String,
}

/// The files with documents, in the order of their names.
fn files(directory: &Path) -> Result<Vec<PathBuf>, TrustedDocumentsError> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        |source| TrustedDocumentsError::Unreadable { path, source }
    };
    let mut files = Vec::new();
    let mut bytes = 0_u64;
    for entry in fs::read_dir(directory).map_err(unreadable(directory))? {
        let path = entry.map_err(unreadable(directory))?.path();
        if extension(&path) == "graphql" || extension(&path) == "json" {
            let size = fs::metadata(&path).map_err(unreadable(&path))?.len();
            bytes = bytes.saturating_add(size);
            files.push(path);
        }
    }
    if bytes > MOST_BYTES {
        return Err(TrustedDocumentsError::TooLarge(directory.to_owned()));
    }
    files.sort();
    Ok(files)
}

/// The documents of a file.
fn documents(path: &Path) -> Result<Vec<String>, TrustedDocumentsError> {
    let path = path.to_owned();
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(source) => return Err(TrustedDocumentsError::Unreadable { path, source }),
    };
    if extension(&path) == "graphql" {
        return Ok(vec![text]);
    }
    let listed: Vec<(String, String)> = match serde_json::from_str(&text) {
        Ok(List::Documents(documents)) => documents.into_iter().collect(),
        Ok(List::Operations { operations }) => operations.into_iter().map(|one| (one.id, one.body)).collect(),
        Err(source) => return Err(TrustedDocumentsError::NoList { path, source }),
    };
    let wrong = listed.iter().find(|(id, document)| *id != hash(document));
    if let Some((id, document)) = wrong {
        let (id, hash) = (id.clone(), hash(document));
        return Err(TrustedDocumentsError::WrongHash { path, id, hash });
    }
    Ok(listed.into_iter().map(|(_, document)| document).collect())
}

fn extension(path: &Path) -> &str {
    path.extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::error::ErrorCode;

    /// Reads a directory with these files; documents with an `x` are refused.
    async fn read(files: &[(&str, &str)]) -> Result<TrustedDocuments, String> {
        let directory = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(directory.path().join(name), text).unwrap();
        }
        let check = async |document: &str| {
            if document.contains('x') {
                return Err(Fault::new(ErrorCode::GraphqlValidationFailed, "there is no x"));
            }
            Ok(())
        };
        let read = TrustedDocuments::read(directory.path(), check).await;
        read.map_err(|error| {
            let (cause, place) = (
                std::error::Error::source(&error),
                directory.path().display().to_string(),
            );
            let cause = cause.map(|cause| format!(": {cause}")).unwrap_or_default();
            (error.to_string() + &cause)
                .replace(&format!("{place}/"), "")
                .replace(&place, "DIR")
        })
    }

    #[tokio::test]
    async fn files_and_lists_of_the_three_shapes_there_are() {
        let relay = format!(r#"{{"{}":"{{b}}"}}"#, hash("{b}"));
        let apollo = format!(
            r#"{{"format":"apollo-persisted-query-manifest","version":1,"operations":[{{"id":"{}","name":"C","type":"query","body":"{{c}}"}}]}}"#,
            hash("{c}")
        );
        let files = [
            ("a.graphql", "{a}\n"),
            ("relay.json", &relay),
            ("apollo.json", &apollo),
            ("README", "x"),
        ];
        let trusted = read(&files).await.unwrap();
        assert_eq!(trusted.count(), 3);
        for document in ["{a}\n", "{b}", "{c}"] {
            assert_eq!(trusted.get(&hash(document)).as_deref(), Some(document));
        }
        assert_eq!(trusted.get(&hash("{a}")), None, "bytes are taken as they are");
    }

    #[tokio::test]
    async fn what_is_wrong_names_its_file() {
        let wrong = r#"{"5c2d":"{b}"}"#;
        let large = " ".repeat(usize::try_from(MOST_BYTES).unwrap() + 1);
        let (refused, hashed) = (hash("{x}"), hash("{b}"));
        for (name, text, why) in [
            ("a.graphql", "{x}", format!("the trusted document of a.graphql with the SHA-256 {refused} would be refused: there is no x")),
            ("a.gql", "{a}", "DIR holds no trusted documents (*.graphql, or *.json that lists them)".to_owned()),
            ("a.json", "{}", "DIR holds no trusted documents (*.graphql, or *.json that lists them)".to_owned()),
            ("a.json", "[1]", "a.json does not list trusted documents by their SHA-256: an object of documents by hash, or one with `operations`".to_owned()),
            ("a.json", wrong, format!("a.json lists a trusted document as \"5c2d\", and its SHA-256 is {hashed}")),
            ("a.graphql", &large, "the trusted documents of DIR have more than 16777216 bytes".to_owned()),
        ] {
            assert_eq!(read(&[(name, text)]).await.unwrap_err(), why);
        }
    }

    #[tokio::test]
    async fn a_directory_has_to_be_there() {
        let error = TrustedDocuments::read(Path::new("no/such"), async |_| Ok(()))
            .await
            .unwrap_err();
        assert_eq!(error.to_string(), "the trusted documents of no/such cannot be read");
    }
}
