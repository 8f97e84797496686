//! Closed sets of the domain as the words that stand in rows: the same words as in the API.

use serde::{Serialize, de::DeserializeOwned};

use super::StoreError;

/// The word for `value`.
pub(super) fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        // A closed set without fields always serialises to its word.
        _ => String::new(),
    }
}

/// The value that `word` stands for.
pub(super) fn value<T: DeserializeOwned>(word: &str) -> Result<T, StoreError> {
    use serde::de::{IntoDeserializer, value::StrDeserializer};
    let deserializer: StrDeserializer<'_, serde::de::value::Error> = word.into_deserializer();
    T::deserialize(deserializer).map_err(|cause| StoreError::Row(cause.to_string()))
}

/// The value that an optional word stands for.
pub(super) fn maybe<T: DeserializeOwned>(word: Option<&str>) -> Result<Option<T>, StoreError> {
    word.map(value).transpose()
}
