//! The audit log: what was done to the organisation's data, by whom and when. Ids and codes, never contents, and nothing
//! that a person does for themselves alone.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Counts the entries from 1, without a gap.
    pub number: i64,
    /// When, to the millisecond.
    pub at: DateTime<Utc>,
    /// By which principal.
    pub actor: String,
    /// What was done.
    pub action: Action,
    /// The public id of the person, run, webhook or token it was done to.
    pub subject: Option<Uuid>,
    /// Codes, ids and numbers that belong to it, by name.
    pub details: Details,
}

/// Codes, ids and numbers, by name.
pub type Details = BTreeMap<String, String>;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Action {
    /// Somebody was given another manager by hand.
    SetManager,
    /// The organisation's settings were changed.
    UpdateSettings,
    /// People were imported; the subject is the run.
    SyncPeople,
    /// Absences were imported.
    SyncAbsences,
    /// Meetings were imported.
    ImportMeetings,
    /// A week was drawn by hand.
    DrawSuggestions,
    /// Somebody got everything that is kept of them.
    ExportMyData,
    /// Somebody who had left was made a pseudonym.
    ErasePerson,
    /// Somebody's tokens were taken back for them.
    RevokeTokens,
    /// Somebody took their own tokens back.
    RevokeOwnTokens,
    /// A webhook was made.
    CreateWebhook,
    /// A webhook was changed.
    UpdateWebhook,
    /// A webhook was given another secret.
    RotateWebhookSecret,
    /// A webhook was deleted.
    DeleteWebhook,
    /// A SCIM token was made.
    CreateScimToken,
    /// A SCIM token was taken back.
    RevokeScimToken,
}
