//! SCIM tokens: made, listed and taken back by whoever runs the organisation's server.

use chrono::TimeDelta;
use uuid::Uuid;

use super::{AppError, Session};
use crate::{
    auth::scim::ScimSecret,
    domain::{audit::Action, sync::is_source},
    store::ScimTokenRow,
};

/// A token to make.
#[derive(Clone, Debug)]
pub struct ScimTokenInput {
    /// The source it speaks for.
    pub source: String,
    /// What to call it.
    pub label: Option<String>,
    /// How long it holds; until it is taken back if none.
    pub lifetime: Option<TimeDelta>,
}

/// A token that was made. Its secret is nowhere else.
#[derive(Clone, Debug)]
pub struct NewScimToken {
    /// The token.
    pub token: ScimTokenRow,
    /// What its bearer sends.
    pub secret: ScimSecret,
}

impl Session {
    /// Makes a token.
    pub async fn create_scim_token(&self, input: ScimTokenInput) -> Result<NewScimToken, AppError> {
        if !is_source(&input.source) {
            let message = "source should be 1 to 64 letters, digits, dots, hyphens or underscores";
            return Err(AppError::Input(message.to_owned()));
        }
        if input.lifetime.is_some_and(|lifetime| lifetime <= TimeDelta::zero()) {
            return Err(AppError::Input("the time to live should be positive".to_owned()));
        }
        let turn = self.turn().await?;
        let grant = turn.viewer.may_configure()?;
        let secret = ScimSecret::new(rand::random());
        let token = ScimTokenRow {
            id: Uuid::new_v4(),
            source: input.source,
            label: input.label,
            created_at: self.now(),
            expires_at: input.lifetime.map(|lifetime| self.now() + lifetime),
            revoked_at: None,
            last_used_at: None,
        };
        turn.write.keep_scim_token(&grant, &token, &secret.hash()).await?;
        let details = [("source", token.source.clone())];
        self.audit(&turn, Action::CreateScimToken, Some(token.id), details)
            .await?;
        turn.write.commit().await?;
        Ok(NewScimToken { token, secret })
    }

    /// Every token there ever was, newest first.
    pub async fn scim_tokens(&self) -> Result<Vec<ScimTokenRow>, AppError> {
        let current = self.current().await?;
        Ok(current.snapshot.scim_tokens(&current.viewer.settings()).await?)
    }

    /// Takes a token back, from the next request on; says whether there was one that had not been taken back yet.
    pub async fn revoke_scim_token(&self, id: Uuid) -> Result<bool, AppError> {
        let turn = self.turn().await?;
        let grant = turn.viewer.may_configure()?;
        let revoked = turn.write.revoke_scim_token(&grant, id, self.now()).await?;
        if revoked {
            self.audit(&turn, Action::RevokeScimToken, Some(id), []).await?;
        }
        turn.write.commit().await?;
        Ok(revoked)
    }
}
