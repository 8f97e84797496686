//! What a person says of being suggested. Confidential: nobody reads it but the person and the draw.

use sea_orm::entity::prelude::*;

/// What a person says of being suggested. Confidential: nobody reads it but the person and the draw.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "participation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: i64,
    pub opted_out: bool,
    /// The first day on which they may be suggested again.
    pub snoozed_until: Option<Date>,
    /// The day since which the one or the other holds without a break; of no meaning when neither does.
    pub silent_since: Date,
}

impl ActiveModelBehavior for ActiveModel {}
