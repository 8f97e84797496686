//! Rows of skiplevel's database: one module a table, columns only. Rules live in the `skiplevel` crate.
//!
//! Closed sets (status, kind, band, ...) are stored as the words that the API uses.

pub mod absence;
pub mod agenda_item;
pub mod audit_entry;
pub mod calendar_feed;
pub mod change_event;
pub mod employment;
pub mod empty_slot;
pub mod erased_identity;
pub mod external_identity;
pub mod idempotency_key;
pub mod kudos;
pub mod load_claim;
pub mod meeting;
pub mod note;
pub mod note_key;
pub mod org_state;
pub mod participation;
pub mod peer_edge;
pub mod pending_manager;
pub mod person;
pub mod reporting_line;
pub mod scim_token;
pub mod settings;
pub mod suggestion;
pub mod sync_row;
pub mod sync_run;
pub mod webhook;
pub mod webhook_delivery;
pub mod weekly_draw;
pub mod working_hours;
