//! What is to be sent now, and what became of sending it. Sending itself is somebody else's.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::{
    app::{App, AppError, CursorKey},
    domain::webhook::{DeliveryStatus, GIVE_UP_AFTER, next_attempt},
    store::{ClaimedDelivery, DeliveryRow, WebhookRow},
};

/// For how long a server has a message in hand: longer than any attempt.
const LEASE: TimeDelta = TimeDelta::seconds(60);

/// Most messages in hand at a time.
const MOST: u64 = 20;

/// A message to be sent now, in one's own hands for a minute.
#[derive(Clone, Debug)]
pub struct DueDelivery {
    /// Id of the message, the same in each attempt.
    pub id: Uuid,
    /// Which attempt, from 1.
    pub attempt: u32,
    /// Where it goes.
    pub url: String,
    /// What signs it.
    pub secret: Vec<u8>,
    /// When the message was made.
    pub created_at: DateTime<Utc>,
    /// The place in the feed up to which it tells, as a cursor.
    pub up_to: String,
}

/// What became of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// There was an answer with this HTTP status.
    Answered(u16),
    /// There was none, for a reason in one word.
    Unanswered(&'static str),
}

impl App {
    /// Whether messages may go to private networks.
    pub fn private_networks(&self) -> crate::domain::webhook::PrivateNetworks {
        self.options.private_networks
    }

    /// Makes messages of what has happened, and takes those that are due at `now` in hand.
    pub async fn due_deliveries(&self, now: DateTime<Utc>) -> Result<Vec<DueDelivery>, AppError> {
        let session = self.operator("webhooks", now).await?;
        let grant = session.viewer().await?.may_keep_up()?;
        if !session.current().await?.snapshot.is_delivery_due(&grant, now).await? {
            return Ok(vec![]);
        }
        let turn = session.turn().await?;
        turn.write.make_deliveries(&grant, now).await?;
        let claimed = turn.write.claim_deliveries(&grant, now, LEASE, MOST).await?;
        let key = CursorKey::of_feed(&turn.state.cursor_key);
        turn.write.commit().await?;
        let due = |claimed: ClaimedDelivery| DueDelivery {
            id: claimed.delivery.id,
            attempt: claimed.delivery.attempts,
            url: claimed.url,
            secret: claimed.secret,
            created_at: claimed.delivery.created_at,
            up_to: key.place(claimed.delivery.up_to),
        };
        Ok(claimed.into_iter().map(due).collect())
    }

    /// Writes down what became of attempt number `attempt` of a message. `jitter` out of 1000 spreads the next one.
    pub async fn settle_delivery(
        &self,
        (id, attempt): (Uuid, u32),
        outcome: Attempt,
        now: DateTime<Utc>,
        jitter: u32,
    ) -> Result<(), AppError> {
        let session = self.operator("webhooks", now).await?;
        let grant = session.viewer().await?.may_keep_up()?;
        let turn = session.turn().await?;
        if let Some((mut delivery, mut webhook)) = turn.write.delivery_under_way(&grant, id).await? {
            // Whoever was too slow has had the message taken out of hand; what it says of a success is true all the same.
            if delivery.attempts == attempt || is_success(outcome) {
                settle(&mut delivery, &mut webhook, outcome, (now, jitter));
                turn.write.settle_delivery(&grant, (&delivery, &webhook), now).await?;
            }
        }
        turn.write.commit().await?;
        Ok(())
    }
}

fn is_success(outcome: Attempt) -> bool {
    matches!(outcome, Attempt::Answered(200..=299))
}

/// What an attempt makes of a message and its webhook.
fn settle(delivery: &mut DeliveryRow, webhook: &mut WebhookRow, outcome: Attempt, (now, jitter): (DateTime<Utc>, u32)) {
    (delivery.response_status, delivery.error) = match outcome {
        Attempt::Answered(status) => (Some(status), None),
        Attempt::Unanswered(word) => (None, Some(word.to_owned())),
    };
    delivery.next_attempt_at = None;
    if is_success(outcome) {
        delivery.status = DeliveryStatus::Delivered;
        webhook.told = webhook.told.max(delivery.up_to);
        webhook.failing_since = None;
        return;
    }
    let since = *webhook.failing_since.get_or_insert(now);
    // 410 Gone: the receiver says that it will never want this again.
    if outcome == Attempt::Answered(410) || now - since >= GIVE_UP_AFTER {
        delivery.status = DeliveryStatus::Failed;
        webhook.enabled = false;
        return;
    }
    let next = next_attempt(now, delivery.attempts, jitter);
    delivery.next_attempt_at = Some(next.min(since + GIVE_UP_AFTER));
}
