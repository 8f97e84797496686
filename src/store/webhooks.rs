//! Webhooks and their deliveries. A delivery is claimed for a while by whichever server comes first: writes are serial, so
//! no two of them claim the same, and what a server that died had in hand is claimed again when its time is up.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{webhook, webhook_delivery};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use super::{
    Cause, PageRequest, Slice, Snapshot, StoreError, Write,
    code::{value, word},
    order::{Key, KeyKind},
    to_millis,
};
use crate::{
    auth::scope::{
        Grant, Scope,
        action::{Integrate, Upkeep},
        facet::Webhooks,
    },
    domain::{
        change::{Change, ChangeType},
        webhook::DeliveryStatus,
    },
};

/// One webhook, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookRow {
    /// Public id.
    pub id: Uuid,
    /// Where messages go.
    pub url: String,
    /// What it is for.
    pub description: Option<String>,
    /// Whether messages are sent.
    pub enabled: bool,
    /// When the first attempt failed of those since the last success.
    pub failing_since: Option<DateTime<Utc>>,
    /// Up to where in the feed it was told.
    pub told: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// One message to a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryRow {
    /// Id of the message.
    pub id: Uuid,
    /// To which webhook.
    pub webhook: Uuid,
    /// Up to where in the feed it tells.
    pub up_to: i64,
    /// How far it has come.
    pub status: DeliveryStatus,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it is tried next; none once it is done.
    pub next_attempt_at: Option<DateTime<Utc>>,
    /// HTTP status of the last answer.
    pub response_status: Option<u16>,
    /// Why there was none, in a word.
    pub error: Option<String>,
}

/// A delivery in the hands of one server.
#[derive(Clone, Debug)]
pub struct ClaimedDelivery {
    /// The message, the attempt under way counted.
    pub delivery: DeliveryRow,
    /// Where it goes.
    pub url: String,
    /// What signs it.
    pub secret: Vec<u8>,
}

/// Which deliveries.
#[derive(Clone, Debug, Default)]
pub struct DeliveryFilter {
    /// Of this webhook.
    pub webhook: Uuid,
}

impl Snapshot {
    /// One page of the webhooks in reach, oldest first.
    pub async fn webhooks(&self, scope: &Scope<Webhooks>, page: &PageRequest) -> Result<Slice<WebhookRow>, StoreError> {
        if !scope.is_everyone() {
            return Ok(Slice::empty());
        }
        // Instants are cursors as little as floating numbers: the id decides.
        let id = Expr::col((webhook::Entity, webhook::Column::Id));
        let keys = vec![Key::ascending(id, KeyKind::Id)];
        Ok(self.page(webhook::Entity::find(), keys, page).await?.map(Into::into))
    }

    /// How many webhooks are in reach.
    pub async fn webhooks_count(&self, scope: &Scope<Webhooks>) -> Result<u64, StoreError> {
        if !scope.is_everyone() {
            return Ok(0);
        }
        Ok(webhook::Entity::find().count(&self.tx).await?)
    }

    /// The webhooks with these public ids, as far as they are in reach; in no order.
    pub async fn webhooks_by_id(&self, scope: &Scope<Webhooks>, ids: Vec<Uuid>) -> Result<Vec<WebhookRow>, StoreError> {
        if !scope.is_everyone() {
            return Ok(vec![]);
        }
        let select = webhook::Entity::find().filter(webhook::Column::Id.is_in(ids));
        Ok(select.all(&self.tx).await?.into_iter().map(Into::into).collect())
    }

    /// One page of the messages to a webhook in reach, newest first.
    pub async fn deliveries(
        &self,
        scope: &Scope<Webhooks>,
        filter: &DeliveryFilter,
        page: &PageRequest,
    ) -> Result<Slice<DeliveryRow>, StoreError> {
        if !scope.is_everyone() {
            return Ok(Slice::empty());
        }
        let select = webhook_delivery::Entity::find().filter(webhook_delivery::Column::WebhookId.eq(filter.webhook));
        let number = Expr::col((webhook_delivery::Entity, webhook_delivery::Column::Number));
        let keys = vec![Key::descending_by(number, KeyKind::Number)];
        self.page(select, keys, page).await?.try_map(TryInto::try_into)
    }

    /// How many messages that is.
    pub async fn deliveries_count(&self, scope: &Scope<Webhooks>, filter: &DeliveryFilter) -> Result<u64, StoreError> {
        if !scope.is_everyone() {
            return Ok(0);
        }
        let select = webhook_delivery::Entity::find().filter(webhook_delivery::Column::WebhookId.eq(filter.webhook));
        Ok(select.count(&self.tx).await?)
    }

    /// Whether there is anything to send at `now`. Costs two reads; taking the writer's turn for nothing costs everybody.
    pub async fn is_delivery_due(&self, _grant: &Grant<Upkeep>, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let due = webhook_delivery::Entity::find().filter(due(now)).limit(1);
        if due.one(&self.tx).await?.is_some() {
            return Ok(true);
        }
        Ok(!self.untold().await?.is_empty())
    }

    /// Enabled webhooks for which the feed has gone on and no message is on its way, with how far the feed has gone.
    async fn untold(&self) -> Result<Vec<(Uuid, i64)>, StoreError> {
        let newest = self.feed_bounds().await?.newest;
        let pending = webhook_delivery::Entity::find()
            .select_only()
            .column(webhook_delivery::Column::WebhookId)
            .filter(webhook_delivery::Column::Status.eq(word(&DeliveryStatus::Pending)));
        let select = webhook::Entity::find()
            .select_only()
            .column(webhook::Column::Id)
            .filter(webhook::Column::Enabled.eq(true))
            .filter(webhook::Column::Told.lt(newest))
            .filter(webhook::Column::Id.not_in_subquery(pending.into_query()));
        let ids: Vec<Uuid> = select.into_tuple().all(&self.tx).await?;
        Ok(ids.into_iter().map(|id| (id, newest)).collect())
    }
}

impl Write {
    /// Writes a new webhook, to be told of what happens from now on, with a new secret; returns the secret.
    pub async fn add_webhook(&self, grant: &Grant<Integrate>, new: &WebhookRow) -> Result<Vec<u8>, StoreError> {
        let secret = new_secret();
        let row = webhook::Model {
            id: new.id,
            url: new.url.clone(),
            description: new.description.clone(),
            secret: secret.clone(),
            enabled: new.enabled,
            failing_since: new.failing_since,
            told: new.told,
            created_at: to_millis(new.created_at),
            created_by: grant.principal().to_owned(),
        };
        row.into_active_model().insert(&self.tx).await?;
        Ok(secret)
    }

    /// Writes what has changed of a webhook.
    pub async fn save_webhook(&self, _grant: &Grant<Integrate>, row: &WebhookRow) -> Result<(), StoreError> {
        self.write_webhook(row).await
    }

    /// Gives a webhook a new secret, and returns it.
    pub async fn renew_secret(&self, _grant: &Grant<Integrate>, id: Uuid) -> Result<Vec<u8>, StoreError> {
        let secret = new_secret();
        let row = webhook::ActiveModel {
            id: Set(id),
            secret: Set(secret.clone()),
            ..Default::default()
        };
        row.update(&self.tx).await?;
        Ok(secret)
    }

    /// Tries the message that is on its way to a webhook at `now`, as if it never had been.
    pub async fn retry_now(&self, _grant: &Grant<Integrate>, id: Uuid, now: DateTime<Utc>) -> Result<(), StoreError> {
        webhook_delivery::Entity::update_many()
            .col_expr(webhook_delivery::Column::Attempts, Expr::value(0))
            .col_expr(webhook_delivery::Column::NextAttemptAt, Expr::value(to_millis(now)))
            .filter(webhook_delivery::Column::WebhookId.eq(id))
            .filter(webhook_delivery::Column::Status.eq(word(&DeliveryStatus::Pending)))
            .exec(&self.tx)
            .await?;
        Ok(())
    }

    /// Removes a webhook and its deliveries.
    pub async fn remove_webhook(&self, _grant: &Grant<Integrate>, id: Uuid) -> Result<(), StoreError> {
        webhook_delivery::Entity::delete_many()
            .filter(webhook_delivery::Column::WebhookId.eq(id))
            .exec(&self.tx)
            .await?;
        webhook::Entity::delete_by_id(id).exec(&self.tx).await?;
        Ok(())
    }

    /// Makes a message for each webhook that has something to be told and none on its way: however much has happened, it is
    /// one message.
    pub async fn make_deliveries(&self, _grant: &Grant<Upkeep>, now: DateTime<Utc>) -> Result<(), StoreError> {
        for (id, up_to) in self.untold().await? {
            let newest = webhook_delivery::Entity::find()
                .filter(webhook_delivery::Column::WebhookId.eq(id))
                .order_by_desc(webhook_delivery::Column::Number);
            let number = newest.one(&self.tx).await?.map_or(0, |row| row.number) + 1;
            let row = webhook_delivery::Model {
                id: Self::new_id(),
                webhook_id: id,
                number,
                up_to,
                status: word(&DeliveryStatus::Pending),
                attempts: 0,
                created_at: to_millis(now),
                next_attempt_at: Some(to_millis(now)),
                leased_until: None,
                response_status: None,
                error: None,
            };
            row.into_active_model().insert(&self.tx).await?;
        }
        Ok(())
    }

    /// Takes at most `most` messages that are due into one's own hands for the time of `lease`.
    pub async fn claim_deliveries(
        &self,
        _grant: &Grant<Upkeep>,
        now: DateTime<Utc>,
        lease: TimeDelta,
        most: u64,
    ) -> Result<Vec<ClaimedDelivery>, StoreError> {
        let select = webhook_delivery::Entity::find()
            .filter(due(now))
            .order_by_asc(webhook_delivery::Column::NextAttemptAt)
            .limit(most);
        let mut claimed = Vec::new();
        for mut row in select.all(&self.tx).await? {
            let Some(webhook) = webhook::Entity::find_by_id(row.webhook_id).one(&self.tx).await? else {
                continue;
            };
            row.attempts += 1;
            row.leased_until = Some(to_millis(now + lease));
            let change = webhook_delivery::ActiveModel {
                id: Set(row.id),
                attempts: Set(row.attempts),
                leased_until: Set(row.leased_until),
                ..Default::default()
            };
            change.update(&self.tx).await?;
            claimed.push(ClaimedDelivery {
                delivery: row.try_into()?,
                url: webhook.url,
                secret: webhook.secret,
            });
        }
        Ok(claimed)
    }

    /// A message that is on its way, with its webhook; none if it is done or gone.
    pub async fn delivery_under_way(
        &self,
        _grant: &Grant<Upkeep>,
        id: Uuid,
    ) -> Result<Option<(DeliveryRow, WebhookRow)>, StoreError> {
        let pending = webhook_delivery::Column::Status.eq(word(&DeliveryStatus::Pending));
        let select = webhook_delivery::Entity::find_by_id(id).filter(pending);
        let Some(row) = select.one(&self.tx).await? else {
            return Ok(None);
        };
        let webhook = webhook::Entity::find_by_id(row.webhook_id).one(&self.tx).await?;
        let read = |webhook: webhook::Model| Ok((row.try_into()?, webhook.into()));
        webhook.map(read).transpose()
    }

    /// Writes what became of an attempt, and gives the message out of hand. Tells of a webhook that this disables.
    pub async fn settle_delivery(
        &self,
        _grant: &Grant<Upkeep>,
        (delivery, webhook): (&DeliveryRow, &WebhookRow),
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let row = webhook_delivery::ActiveModel {
            id: Set(delivery.id),
            status: Set(word(&delivery.status)),
            next_attempt_at: Set(delivery.next_attempt_at.map(to_millis)),
            leased_until: Set(None),
            response_status: Set(delivery.response_status.map(Into::into)),
            error: Set(delivery.error.clone()),
            ..Default::default()
        };
        row.update(&self.tx).await?;
        self.write_webhook(webhook).await?;
        if webhook.enabled {
            return Ok(());
        }
        let told = Change {
            webhook: Some(webhook.id),
            ..Change::of(ChangeType::WebhookDisabled)
        };
        self.tell(&Cause::itself(now), vec![told]).await
    }

    /// Forgets messages that were done before `before`.
    pub async fn prune_deliveries(&self, _grant: &Grant<Upkeep>, before: DateTime<Utc>) -> Result<(), StoreError> {
        webhook_delivery::Entity::delete_many()
            .filter(webhook_delivery::Column::Status.ne(word(&DeliveryStatus::Pending)))
            .filter(webhook_delivery::Column::CreatedAt.lt(before))
            .exec(&self.tx)
            .await?;
        Ok(())
    }

    async fn write_webhook(&self, row: &WebhookRow) -> Result<(), StoreError> {
        let row = webhook::ActiveModel {
            id: Set(row.id),
            url: Set(row.url.clone()),
            description: Set(row.description.clone()),
            enabled: Set(row.enabled),
            failing_since: Set(row.failing_since.map(to_millis)),
            told: Set(row.told),
            ..Default::default()
        };
        row.update(&self.tx).await?;
        Ok(())
    }
}

/// Deliveries to be tried at `now` that nobody has in hand, to webhooks that are enabled.
fn due(now: DateTime<Utc>) -> Condition {
    use webhook_delivery::Column;
    let enabled = webhook::Entity::find()
        .select_only()
        .column(webhook::Column::Id)
        .filter(webhook::Column::Enabled.eq(true));
    Condition::all()
        .add(Column::Status.eq(word(&DeliveryStatus::Pending)))
        .add(Column::NextAttemptAt.lte(to_millis(now)))
        .add(
            Column::LeasedUntil
                .is_null()
                .or(Column::LeasedUntil.lte(to_millis(now))),
        )
        .add(Column::WebhookId.in_subquery(enabled.into_query()))
}

/// 32 random bytes.
fn new_secret() -> Vec<u8> {
    rand::random::<[u8; 32]>().to_vec()
}

impl From<webhook::Model> for WebhookRow {
    fn from(row: webhook::Model) -> Self {
        Self {
            id: row.id,
            url: row.url,
            description: row.description,
            enabled: row.enabled,
            failing_since: row.failing_since,
            told: row.told,
            created_at: row.created_at,
        }
    }
}

impl TryFrom<webhook_delivery::Model> for DeliveryRow {
    type Error = StoreError;

    fn try_from(row: webhook_delivery::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            webhook: row.webhook_id,
            up_to: row.up_to,
            status: value(&row.status)?,
            attempts: u32::try_from(row.attempts).unwrap_or_default(),
            created_at: row.created_at,
            next_attempt_at: row.next_attempt_at,
            response_status: row.response_status.and_then(|status| status.try_into().ok()),
            error: row.error,
        })
    }
}
