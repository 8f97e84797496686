//! Webhooks: who is told that the change feed has gone on.

use async_graphql::{Context, Description, ID, InputObject, MaybeUndefined, Object, SimpleObject};

use super::{
    error::Fault,
    id::NodeKind,
    page::{PageArgs, connection, seal},
    payload::{UserError, user_errors},
    scalar::DateTime,
    session,
    words::WebhookDeliveryStatus,
};
use crate::app::{
    self, AboutWebhook, DeliveryFilter, DeliveryRow, Keyed, Outcome, WebhookChanged, WebhookQuery, WebhookRow,
    message_id,
};

/// Where a message is sent when the change feed has gone on. The message says up to where and nothing else: whoever gets
/// it reads the feed.
#[derive(Clone, Debug, Description)]
pub struct Webhook(pub(super) WebhookRow);

#[Object(use_type_description)]
impl Webhook {
    /// Global id.
    pub(super) async fn id(&self) -> ID {
        NodeKind::Webhook.id(self.0.id)
    }

    /// Where messages go.
    async fn url(&self) -> &str {
        &self.0.url
    }

    /// What it is for.
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// Whether messages are sent. The server disables a webhook that has failed for 24 hours, or that answers 410.
    async fn enabled(&self) -> bool {
        self.0.enabled
    }

    /// Since when every attempt has failed; null if the last one did not.
    async fn failing_since(&self) -> Option<DateTime> {
        self.0.failing_since.map(DateTime)
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// The messages to it, newest first, kept as long as the feed reaches back.
    async fn deliveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 if neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Go on after this cursor of the same list.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Go back before this cursor of the same list.")] before: Option<String>,
    ) -> Result<WebhookDeliveryConnection, Fault> {
        let session = session(ctx)?;
        let filter = DeliveryFilter { webhook: self.0.id };
        let shape = format!("deliveries {}", self.0.id);
        let page = PageArgs::of((first, after), (last, before)).read(session, &shape)?;
        let slice = session.deliveries(&filter, &page).await?;
        Ok(WebhookDeliveryConnection::new(
            seal(session, &shape, slice),
            Some(filter),
            WebhookDelivery,
        ))
    }
}

/// One message to a webhook.
#[derive(Clone, Debug, Description)]
pub struct WebhookDelivery(DeliveryRow);

#[Object(use_type_description)]
impl WebhookDelivery {
    /// What stands in the header `webhook-id`, the same in each attempt.
    async fn message_id(&self) -> String {
        message_id(self.0.id)
    }

    /// How far it has come.
    async fn status(&self) -> WebhookDeliveryStatus {
        self.0.status.into()
    }

    /// How often it was tried, the attempt under way among them.
    async fn attempts(&self) -> i32 {
        self.0.attempts.try_into().unwrap_or(i32::MAX)
    }

    /// HTTP status of the last answer; null if there was none.
    async fn response_status(&self) -> Option<i32> {
        self.0.response_status.map(Into::into)
    }

    /// Why there was no answer: `ADDRESS_REFUSED`, `TIMEOUT`, `CONNECTION` or `FAILED`.
    async fn error(&self) -> Option<&str> {
        self.0.error.as_deref()
    }

    /// When it is tried next; null once it is done.
    async fn next_attempt_at(&self) -> Option<DateTime> {
        self.0.next_attempt_at.map(DateTime)
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }
}

connection!(
    WebhookConnection,
    WebhookEdge,
    Webhook,
    WebhookQuery,
    webhooks_count,
    "A page of webhooks."
);

connection!(
    WebhookDeliveryConnection,
    WebhookDeliveryEdge,
    WebhookDelivery,
    DeliveryFilter,
    deliveries_count,
    "A page of the messages to a webhook."
);

impl WebhookConnection {
    pub(super) async fn of(ctx: &Context<'_>, page: PageArgs) -> Result<Self, Fault> {
        const SHAPE: &str = "webhooks";
        let session = session(ctx)?;
        let slice = session.webhooks(&page.read(session, SHAPE)?).await?;
        Ok(Self::new(seal(session, SHAPE, slice), Some(WebhookQuery), Webhook))
    }
}

/// A webhook to make.
#[derive(Debug, InputObject)]
pub struct CreateWebhookInput {
    /// An `https` address of at most 2000 characters, without user, password or fragment, and not in a private network; or
    /// an `http` one of this machine (`localhost`, `127.0.0.1`, `[::1]`).
    url: String,
    /// What it is for, in at most 200 characters.
    description: Option<String>,
    /// Up to 128 characters of the client's choice, kept for 30 days: the same key with the same input repeats
    /// the answer, without the secret, and changes nothing; with another input it is IDEMPOTENCY_KEY_REUSED.
    idempotency_key: Option<String>,
}

/// What to change of a webhook; what is not given stays.
#[derive(Debug, InputObject)]
pub struct UpdateWebhookInput {
    /// Which one.
    webhook_id: ID,
    /// As in `CreateWebhookInput`.
    url: Option<String>,
    /// What it is for; null clears it.
    description: MaybeUndefined<String>,
    /// Whether messages are sent. Enabling it again forgets its failures.
    enabled: Option<bool>,
    /// Up to 128 characters of the client's choice, kept for 30 days: the same key with the same input repeats
    /// the answer and changes nothing; with another input it is IDEMPOTENCY_KEY_REUSED.
    idempotency_key: Option<String>,
}

/// A webhook that gets another secret.
#[derive(Debug, InputObject)]
pub struct RotateWebhookSecretInput {
    /// Which one.
    webhook_id: ID,
    /// Up to 128 characters of the client's choice, kept for 30 days: the same key with the same input repeats
    /// the answer, without the secret, and changes nothing; with another input it is IDEMPOTENCY_KEY_REUSED.
    idempotency_key: Option<String>,
}

/// A webhook to remove.
#[derive(Debug, InputObject)]
pub struct DeleteWebhookInput {
    /// Which one.
    webhook_id: ID,
    /// Up to 128 characters of the client's choice, kept for 30 days: the same key with the same input repeats
    /// the answer and changes nothing; with another input it is IDEMPOTENCY_KEY_REUSED.
    idempotency_key: Option<String>,
}

impl CreateWebhookInput {
    pub(super) fn keyed(self) -> Keyed<app::CreateWebhookInput> {
        Keyed {
            key: self.idempotency_key,
            input: app::CreateWebhookInput {
                url: self.url,
                description: self.description,
            },
        }
    }
}

impl UpdateWebhookInput {
    pub(super) fn keyed(self) -> Keyed<app::UpdateWebhookInput> {
        Keyed {
            key: self.idempotency_key,
            input: app::UpdateWebhookInput {
                webhook: uid(&self.webhook_id),
                url: self.url,
                description: match self.description {
                    MaybeUndefined::Undefined => None,
                    MaybeUndefined::Null => Some(None),
                    MaybeUndefined::Value(text) => Some(Some(text)),
                },
                enabled: self.enabled,
            },
        }
    }
}

impl RotateWebhookSecretInput {
    pub(super) fn keyed(self) -> Keyed<AboutWebhook> {
        about(&self.webhook_id, self.idempotency_key)
    }
}

impl DeleteWebhookInput {
    pub(super) fn keyed(self) -> Keyed<AboutWebhook> {
        about(&self.webhook_id, self.idempotency_key)
    }
}

/// What became of a webhook.
#[derive(Debug, SimpleObject)]
pub struct WebhookPayload {
    /// The webhook; null if there was a mistake.
    webhook: Option<Webhook>,
    /// What verifies messages, where it is new: `whsec_` and base64. It is shown this once.
    secret: Option<String>,
    /// What is to be mended; empty if it was done.
    user_errors: Vec<UserError>,
}

impl WebhookPayload {
    pub(super) async fn of(ctx: &Context<'_>, outcome: Outcome<WebhookChanged>) -> Result<Self, Fault> {
        Ok(match outcome {
            Ok(changed) => {
                let mut rows = session(ctx)?.webhooks_by_id(vec![changed.webhook]).await?;
                Self {
                    webhook: rows.remove(&changed.webhook).map(Webhook),
                    secret: changed.secret,
                    user_errors: vec![],
                }
            }
            Err(mistakes) => Self {
                webhook: None,
                secret: None,
                user_errors: user_errors(mistakes),
            },
        })
    }
}

/// That a webhook is gone.
#[derive(Debug, SimpleObject)]
pub struct DeleteWebhookPayload {
    /// The id that it had; null if there was a mistake.
    deleted_webhook_id: Option<ID>,
    /// What is to be mended; empty if it was done.
    user_errors: Vec<UserError>,
}

impl From<Outcome<WebhookChanged>> for DeleteWebhookPayload {
    fn from(outcome: Outcome<WebhookChanged>) -> Self {
        match outcome {
            Ok(changed) => Self {
                deleted_webhook_id: Some(NodeKind::Webhook.id(changed.webhook)),
                user_errors: vec![],
            },
            Err(mistakes) => Self {
                deleted_webhook_id: None,
                user_errors: user_errors(mistakes),
            },
        }
    }
}

fn about(id: &ID, key: Option<String>) -> Keyed<AboutWebhook> {
    Keyed {
        key,
        input: AboutWebhook { webhook: uid(id) },
    }
}

fn uid(id: &ID) -> uuid::Uuid {
    NodeKind::Webhook.read(id).unwrap_or_default()
}
