//! One 1:1; kind, distance, branch and band are frozen when it is created.

use sea_orm::entity::prelude::*;

/// One 1:1; kind, distance, branch and band are frozen when it is created.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "meeting")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The senior side; of a PEER meeting the one who arranged it.
    pub leader_id: i64,
    pub counterpart_id: i64,
    pub kind: String,
    pub status: String,
    pub origin: String,
    pub distance: Option<i32>,
    /// The direct report of the leader through whom the counterpart is reached.
    pub branch_id: Option<i64>,
    pub band: Option<String>,
    /// Day in the organisation's time zone, of `held_at` or else `starts_at`; none while no time is agreed.
    pub day: Option<Date>,
    pub starts_at: Option<DateTimeUtc>,
    /// Agreed end; of a meeting agreed for a week, the end of the week.
    pub ends_at: Option<DateTimeUtc>,
    pub held_at: Option<DateTimeUtc>,
    pub suggestion_id: Option<Uuid>,
    /// Day on which it was cancelled or declined.
    pub closed_on: Option<Date>,
    /// Why it was cancelled, where neither of the two did it.
    pub cancel_reason: Option<String>,
    /// Why it counts as held; none until it does.
    pub evidence: Option<String>,
    /// The calendar that knows it.
    pub source: Option<String>,
    /// Its id there.
    pub external_id: Option<String>,
    pub created_at: DateTimeUtc,
    /// Counts how often it was moved or called off.
    pub sequence: i32,
}

impl ActiveModelBehavior for ActiveModel {}
