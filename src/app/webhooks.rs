//! Webhooks: who is told that the feed has gone on, and what becomes of telling them.

mod deliver;

use std::collections::HashMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use deliver::{Attempt, DueDelivery};

use super::{AppError, Keyed, Mistake, MistakeCode, Outcome, Session, act::act, session::Turn};
use crate::{
    auth::scope::{Grant, action::Integrate},
    domain::{audit::Action, webhook::Target},
    store::{DeliveryFilter, DeliveryRow, PageRequest, Slice, WebhookRow},
};

/// Most webhooks that there may be: each costs a message for each change.
const MOST: u64 = 20;

/// Most characters of a description.
const LONGEST_DESCRIPTION: usize = 200;

/// A webhook to make.
#[derive(Clone, Debug, Serialize)]
pub struct CreateWebhookInput {
    /// Where messages go.
    pub url: String,
    /// What it is for.
    pub description: Option<String>,
}

/// What to change of a webhook; what is none stays.
#[derive(Clone, Debug, Serialize)]
pub struct UpdateWebhookInput {
    /// Public id.
    pub webhook: Uuid,
    /// Where messages go.
    pub url: Option<String>,
    /// What it is for; none within clears it.
    pub description: Option<Option<String>>,
    /// Whether messages are sent. Enabling it begins anew: earlier failures do not count.
    pub enabled: Option<bool>,
}

/// A mutation of a webhook that says which one alone.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct AboutWebhook {
    /// Public id.
    pub webhook: Uuid,
}

/// What a mutation of a webhook changed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WebhookChanged {
    /// Public id.
    pub webhook: Uuid,
    /// The new secret, for this answer only: what repeats an answer does not have it.
    #[serde(skip)]
    pub secret: Option<String>,
}

/// Which webhooks: all.
#[derive(Clone, Copy, Debug, Default)]
pub struct WebhookQuery;

impl Session {
    /// One page of the webhooks in reach, oldest id first.
    pub async fn webhooks(&self, page: &PageRequest) -> Result<Slice<WebhookRow>, AppError> {
        let current = self.current().await?;
        Ok(current.snapshot.webhooks(&current.viewer.webhooks(), page).await?)
    }

    /// How many webhooks are in reach.
    pub async fn webhooks_count(&self, _all: &WebhookQuery) -> Result<u64, AppError> {
        let current = self.current().await?;
        Ok(current.snapshot.webhooks_count(&current.viewer.webhooks()).await?)
    }

    /// The webhooks with these public ids, as far as they are in reach.
    pub async fn webhooks_by_id(&self, ids: Vec<Uuid>) -> Result<HashMap<Uuid, WebhookRow>, AppError> {
        let current = self.current().await?;
        let rows = current.snapshot.webhooks_by_id(&current.viewer.webhooks(), ids).await?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }

    /// One page of the messages to a webhook in reach, newest first.
    pub async fn deliveries(
        &self,
        filter: &DeliveryFilter,
        page: &PageRequest,
    ) -> Result<Slice<DeliveryRow>, AppError> {
        let current = self.current().await?;
        let scope = current.viewer.webhooks();
        Ok(current.snapshot.deliveries(&scope, filter, page).await?)
    }

    /// How many messages that is.
    pub async fn deliveries_count(&self, filter: &DeliveryFilter) -> Result<u64, AppError> {
        let current = self.current().await?;
        let scope = current.viewer.webhooks();
        Ok(current.snapshot.deliveries_count(&scope, filter).await?)
    }

    /// Makes a webhook, to be told of what happens from now on.
    pub async fn create_webhook(&self, keyed: &Keyed<CreateWebhookInput>) -> Result<Outcome<WebhookChanged>, AppError> {
        let grant = self.viewer().await?.may_integrate()?;
        act!(self, "createWebhook", keyed, |turn| {
            let outcome = self.make_webhook(turn, &grant, &keyed.input).await?;
            self.audited(turn, outcome, Action::CreateWebhook, |done| Some(done.webhook))
                .await?
        })
    }

    /// Changes a webhook.
    pub async fn update_webhook(&self, keyed: &Keyed<UpdateWebhookInput>) -> Result<Outcome<WebhookChanged>, AppError> {
        let grant = self.viewer().await?.may_integrate()?;
        act!(self, "updateWebhook", keyed, |turn| {
            let outcome = self.change_webhook(turn, &grant, &keyed.input).await?;
            self.audited(turn, outcome, Action::UpdateWebhook, |done| Some(done.webhook))
                .await?
        })
    }

    /// Removes a webhook and what is on its way to it.
    pub async fn delete_webhook(&self, keyed: &Keyed<AboutWebhook>) -> Result<Outcome<WebhookChanged>, AppError> {
        let grant = self.viewer().await?.may_integrate()?;
        act!(self, "deleteWebhook", keyed, |turn| {
            match self.webhook(turn, keyed.input.webhook).await? {
                Some(row) => {
                    turn.write.remove_webhook(&grant, row.id).await?;
                    self.audit(turn, Action::DeleteWebhook, Some(row.id), []).await?;
                    Ok(changed(row.id))
                }
                None => Err(vec![Mistake::not_found("webhookId")]),
            }
        })
    }

    /// Gives a webhook another secret, which holds from the next attempt on.
    pub async fn rotate_webhook_secret(
        &self,
        keyed: &Keyed<AboutWebhook>,
    ) -> Result<Outcome<WebhookChanged>, AppError> {
        let grant = self.viewer().await?.may_integrate()?;
        act!(self, "rotateWebhookSecret", keyed, |turn| {
            match self.webhook(turn, keyed.input.webhook).await? {
                Some(row) => {
                    let secret = turn.write.renew_secret(&grant, row.id).await?;
                    self.audit(turn, Action::RotateWebhookSecret, Some(row.id), []).await?;
                    Ok(with_secret(row.id, &secret))
                }
                None => Err(vec![Mistake::not_found("webhookId")]),
            }
        })
    }

    async fn webhook(&self, turn: &Turn, id: Uuid) -> Result<Option<WebhookRow>, AppError> {
        let mut rows = turn.write.webhooks_by_id(&turn.viewer.webhooks(), vec![id]).await?;
        Ok(rows.pop())
    }

    async fn make_webhook(
        &self,
        turn: &Turn,
        grant: &Grant<Integrate>,
        input: &CreateWebhookInput,
    ) -> Result<Outcome<WebhookChanged>, AppError> {
        let description = input.description.as_deref();
        let mistakes: Vec<_> = self
            .wrong_url(&input.url)
            .into_iter()
            .chain(wrong_description(description))
            .collect();
        if !mistakes.is_empty() {
            return Ok(Err(mistakes));
        }
        if turn.write.webhooks_count(&turn.viewer.webhooks()).await? >= MOST {
            let message = format!("there are {MOST} webhooks already: delete one first");
            return Ok(Err(vec![Mistake::at("url", MistakeCode::Limit, message)]));
        }
        let row = WebhookRow {
            id: Uuid::new_v4(),
            url: input.url.clone(),
            description: input.description.clone(),
            enabled: true,
            failing_since: None,
            told: turn.write.feed_bounds().await?.newest,
            created_at: self.now(),
        };
        let secret = turn.write.add_webhook(grant, &row).await?;
        Ok(Ok(with_secret(row.id, &secret)))
    }

    async fn change_webhook(
        &self,
        turn: &Turn,
        grant: &Grant<Integrate>,
        input: &UpdateWebhookInput,
    ) -> Result<Outcome<WebhookChanged>, AppError> {
        let Some(mut row) = self.webhook(turn, input.webhook).await? else {
            return Ok(Err(vec![Mistake::not_found("webhookId")]));
        };
        let wrong_url = input.url.as_deref().and_then(|url| self.wrong_url(url));
        let description = input.description.as_ref().and_then(|text| text.as_deref());
        let mistakes: Vec<_> = wrong_url.into_iter().chain(wrong_description(description)).collect();
        if !mistakes.is_empty() {
            return Ok(Err(mistakes));
        }
        if let Some(url) = &input.url {
            row.url.clone_from(url);
        }
        if let Some(description) = &input.description {
            row.description.clone_from(description);
        }
        if let Some(enabled) = input.enabled {
            if enabled && !row.enabled {
                row.failing_since = None;
                turn.write.retry_now(grant, row.id, self.now()).await?;
            }
            row.enabled = enabled;
        }
        turn.write.save_webhook(grant, &row).await?;
        Ok(Ok(changed(row.id)))
    }

    fn wrong_url(&self, url: &str) -> Option<Mistake> {
        let refused = Target::parse(url, self.inner.app.options.private_networks).err()?;
        Some(Mistake::at("url", MistakeCode::Invalid, refused.to_string()))
    }
}

/// What a message to a webhook is called, in its header and everywhere else.
pub fn message_id(delivery: Uuid) -> String {
    format!("msg_{}", delivery.simple())
}

fn wrong_description(text: Option<&str>) -> Option<Mistake> {
    let text = text?;
    if text.chars().count() > LONGEST_DESCRIPTION {
        let message = format!("a description has at most {LONGEST_DESCRIPTION} characters");
        return Some(Mistake::at("description", MistakeCode::TooLong, message));
    }
    text.contains('\0')
        .then(|| Mistake::at("description", MistakeCode::Invalid, "a description is plain text"))
}

fn changed(webhook: Uuid) -> WebhookChanged {
    WebhookChanged { webhook, secret: None }
}

fn with_secret(webhook: Uuid, secret: &[u8]) -> WebhookChanged {
    WebhookChanged {
        webhook,
        secret: Some(format!("whsec_{}", STANDARD.encode(secret))),
    }
}
