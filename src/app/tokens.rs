//! Taking tokens back.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{AppError, Keyed, Mistake, MistakeCode, Outcome, Session, act::act, session::Turn};
use crate::{
    auth::scope::{Grant, action::RevokeTokens},
    domain::audit::Action,
};

/// Whose tokens to take back.
#[derive(Clone, Debug, Serialize)]
pub struct RevokeTokensInput {
    /// Public id; the viewer's own if none.
    pub person: Option<Uuid>,
}

/// Whose tokens were taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokensRevoked {
    /// Public id.
    pub person: Uuid,
    /// Tokens that were issued up to then do not hold.
    pub valid_after: DateTime<Utc>,
}

impl Session {
    /// Takes back every token that somebody was issued up to now. It holds from the next request on.
    pub async fn revoke_tokens(&self, keyed: &Keyed<RevokeTokensInput>) -> Result<Outcome<TokensRevoked>, AppError> {
        let grant = self.viewer().await?.may_revoke_tokens()?;
        act!(self, "revokeTokens", keyed, |turn| self
            .revoke(turn, &grant, &keyed.input)
            .await?)
    }

    async fn revoke(
        &self,
        turn: &Turn,
        grant: &Grant<RevokeTokens>,
        input: &RevokeTokensInput,
    ) -> Result<Outcome<TokensRevoked>, AppError> {
        let scope = turn.viewer.tokens();
        let revoked = turn.write.revoke_tokens(grant, &scope, input.person, self.now());
        let Some(revoked) = revoked.await? else {
            return Ok(Err(vec![match input.person {
                Some(_) => Mistake::not_found("personId"),
                None => Mistake::at(
                    "personId",
                    MistakeCode::Required,
                    "say whose: you have no place in today's chart",
                ),
            }]));
        };
        let action = if turn.viewer.key() == Some(revoked.person.key) {
            Action::RevokeOwnTokens
        } else {
            Action::RevokeTokens
        };
        let person = revoked.person.uid;
        self.audit(turn, action, Some(person), []).await?;
        Ok(Ok(TokensRevoked {
            person,
            valid_after: revoked.valid_after,
        }))
    }
}
