//! One message to a webhook.

use sea_orm::entity::prelude::*;

/// One message to a webhook.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_delivery")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub webhook_id: Uuid,
    /// Counts the messages of the webhook.
    pub number: i64,
    /// `change_event.seq` up to which it tells.
    pub up_to: i64,
    pub status: String,
    /// How often it was tried; the number of the try under way is among them.
    pub attempts: i32,
    pub created_at: DateTimeUtc,
    /// None once it is done.
    pub next_attempt_at: Option<DateTimeUtc>,
    /// Until when a server has it in hand.
    pub leased_until: Option<DateTimeUtc>,
    pub response_status: Option<i32>,
    /// Why there was no response, in one word.
    pub error: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
