//! Words of closed sets in sentences for people.

use serde::Serialize;

/// The word for `value`, as the API writes it.
pub(super) fn word<T: Serialize>(value: &T) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|word| word.as_str().map(str::to_owned))
        .unwrap_or_default()
}
