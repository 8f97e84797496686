//! What two people write beside their meeting: notes, an agenda, thank-yous (product.md 3).

use chrono::Months;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::Date;

/// Most notes of one author on one meeting.
pub const NOTES_MAX: u64 = 50;

/// Most items on one agenda, those removed counted.
pub const AGENDA_MAX: usize = 50;

/// Most thank-yous of one author from one meeting.
pub const KUDOS_MAX: u64 = 10;

/// Most characters of an agenda's item and of a thank-you.
pub const LINE_MAX: usize = 500;

/// Who reads a note; never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Visibility {
    /// Its author alone.
    Private,
    /// Both of the meeting.
    Shared,
}

/// The id of the question of this number on the agenda of `meeting`, whether or not it was written down yet.
pub fn question_id(meeting: Uuid, number: usize) -> Uuid {
    let hash = Sha256::new()
        .chain_update(b"agenda question")
        .chain_update(meeting.as_bytes())
        .chain_update((number as u64).to_le_bytes())
        .finalize();
    let (bytes, _) = hash.split_first_chunk().unwrap_or((&[0; 16], &[]));
    uuid::Builder::from_custom_bytes(*bytes).into_uuid()
}

/// The first day whose meetings keep what was written beside them, where it is kept for `months`.
pub fn kept_since(today: Date, months: u32) -> Date {
    today.checked_sub_months(Months::new(months)).unwrap_or(Date::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_question_of_each_meeting_has_an_id_of_its_own() {
        let [a, b] = [Uuid::from_u128(1), Uuid::from_u128(2)];
        assert_eq!(question_id(a, 0), question_id(a, 0));
        assert_ne!(question_id(a, 0), question_id(a, 1));
        assert_ne!(question_id(a, 0), question_id(b, 0));
    }

    #[test]
    fn a_month_that_is_too_short_ends_with_its_last_day() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(kept_since(day("2026-06-10"), 12), day("2025-06-10"));
        assert_eq!(kept_since(day("2026-03-31"), 1), day("2026-02-28"));
    }
}
