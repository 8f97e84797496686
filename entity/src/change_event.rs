//! Something that happened, for those who follow the organisation from outside.

use sea_orm::entity::prelude::*;

/// Something that happened, for those who follow the organisation from outside.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "change_event")]
pub struct Model {
    /// Counts the events in the order of their commits, without a gap.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    /// Random public id.
    #[sea_orm(unique)]
    pub uid: Uuid,
    pub at: DateTimeUtc,
    /// What happened: `person.created` and so on.
    pub kind: String,
    /// Whom it is about; of a meeting its leader.
    pub person_id: Option<i64>,
    /// The manager of a line, the counterpart of a meeting.
    pub related_person_id: Option<i64>,
    /// `sync_run.number` of the import that did it.
    pub run: Option<i64>,
    /// The line of that import.
    pub line: Option<i64>,
    /// In the name of which source.
    pub source: Option<String>,
    /// JSON: changed fields, the meeting, the webhook.
    pub detail: String,
}

impl ActiveModelBehavior for ActiveModel {}
