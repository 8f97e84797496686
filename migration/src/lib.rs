//! Migrations, one table each, up and down, the same on SQLite and PostgreSQL. They expand before they contract.

use sea_orm_migration::MigrationTrait;
pub use sea_orm_migration::MigratorTrait;

mod columns;
pub mod m20261122_000001_create_person;
pub mod m20261122_000002_create_external_identity;
pub mod m20261122_000003_create_employment;
pub mod m20261122_000004_create_absence;
pub mod m20261122_000005_create_reporting_line;
pub mod m20261122_000006_create_org_state;
pub mod m20261122_000007_create_settings;
pub mod m20261122_000008_create_suggestion;
pub mod m20261122_000009_create_meeting;
pub mod m20261122_000010_create_load_claim;
pub mod m20261122_000011_create_weekly_draw;
pub mod m20261122_000012_create_empty_slot;
pub mod m20261122_000013_create_idempotency_key;
pub mod m20261123_000001_add_time_zone_to_org_state;
pub mod m20261123_000002_create_participation;
pub mod m20261124_000001_create_peer_edge;
pub mod m20261124_000002_add_twin_to_suggestion;
pub mod m20261124_000003_create_sync_run;
pub mod m20261124_000004_create_sync_row;
pub mod m20261125_000101_add_account_to_external_identity;
pub mod m20261125_000102_create_scim_token;
pub mod m20261125_000201_create_change_event;
pub mod m20261125_000202_create_webhook;
pub mod m20261125_000203_create_webhook_delivery;
pub mod m20261125_000301_create_pending_manager;
pub mod m20261125_000302_add_source_to_absence;
pub mod m20261125_000303_add_evidence_to_meeting;
pub mod m20261126_000101_create_note_key;
pub mod m20261126_000102_create_note;
pub mod m20261126_000103_create_agenda_item;
pub mod m20261126_000104_create_kudos;
pub mod m20261126_000201_add_sequence_to_meeting;
pub mod m20261126_000202_create_calendar_feed;
pub mod m20261126_000301_add_cancel_reason_to_meeting;
pub mod m20261126_000302_create_audit_entry;
pub mod m20261127_000101_create_working_hours;
pub mod m20261127_000102_create_erased_identity;
pub mod m20261128_000101_add_tokens_valid_after_to_person;
pub mod m20261128_000201_cover_meetings_of_leaders;

/// Applies and takes back the migrations.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_create_person::Migration),
            Box::new(m20261122_000002_create_external_identity::Migration),
            Box::new(m20261122_000003_create_employment::Migration),
            Box::new(m20261122_000004_create_absence::Migration),
            Box::new(m20261122_000005_create_reporting_line::Migration),
            Box::new(m20261122_000006_create_org_state::Migration),
            Box::new(m20261122_000007_create_settings::Migration),
            Box::new(m20261122_000008_create_suggestion::Migration),
            Box::new(m20261122_000009_create_meeting::Migration),
            Box::new(m20261122_000010_create_load_claim::Migration),
            Box::new(m20261122_000011_create_weekly_draw::Migration),
            Box::new(m20261122_000012_create_empty_slot::Migration),
            Box::new(m20261122_000013_create_idempotency_key::Migration),
            Box::new(m20261123_000001_add_time_zone_to_org_state::Migration),
            Box::new(m20261123_000002_create_participation::Migration),
            Box::new(m20261124_000001_create_peer_edge::Migration),
            Box::new(m20261124_000002_add_twin_to_suggestion::Migration),
            Box::new(m20261124_000003_create_sync_run::Migration),
            Box::new(m20261124_000004_create_sync_row::Migration),
            Box::new(m20261125_000101_add_account_to_external_identity::Migration),
            Box::new(m20261125_000102_create_scim_token::Migration),
            Box::new(m20261125_000201_create_change_event::Migration),
            Box::new(m20261125_000202_create_webhook::Migration),
            Box::new(m20261125_000203_create_webhook_delivery::Migration),
            Box::new(m20261125_000301_create_pending_manager::Migration),
            Box::new(m20261125_000302_add_source_to_absence::Migration),
            Box::new(m20261125_000303_add_evidence_to_meeting::Migration),
            Box::new(m20261126_000101_create_note_key::Migration),
            Box::new(m20261126_000102_create_note::Migration),
            Box::new(m20261126_000103_create_agenda_item::Migration),
            Box::new(m20261126_000104_create_kudos::Migration),
            Box::new(m20261126_000201_add_sequence_to_meeting::Migration),
            Box::new(m20261126_000202_create_calendar_feed::Migration),
            Box::new(m20261126_000301_add_cancel_reason_to_meeting::Migration),
            Box::new(m20261126_000302_create_audit_entry::Migration),
            Box::new(m20261127_000101_create_working_hours::Migration),
            Box::new(m20261127_000102_create_erased_identity::Migration),
            Box::new(m20261128_000101_add_tokens_valid_after_to_person::Migration),
            Box::new(m20261128_000201_cover_meetings_of_leaders::Migration),
        ]
    }
}
