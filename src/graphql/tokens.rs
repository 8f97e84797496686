//! Taking tokens back.

use async_graphql::{Context, ID, SimpleObject};

use super::{
    error::Fault,
    payload::{UserError, input, user_errors},
    person::Person,
    scalar::DateTime,
    session,
};
use crate::app::{Outcome, TokensRevoked};

input! {
    /// Take somebody's tokens back.
    RevokeTokensInput {
        /// Whose; the viewer's own if not given. Those of others are for HR admins.
        person_id: Option<ID>,
    }
}

/// Whose tokens were taken back.
#[derive(Debug, SimpleObject)]
pub struct RevokeTokensPayload {
    /// Whose; null if there was a mistake.
    person: Option<Person>,
    /// Tokens that were issued up to then do not hold; null if there was a mistake.
    tokens_valid_after: Option<DateTime>,
    /// What is to be mended; empty if it was done.
    user_errors: Vec<UserError>,
}

impl RevokeTokensPayload {
    pub(super) async fn of(ctx: &Context<'_>, outcome: Outcome<TokensRevoked>) -> Result<Self, Fault> {
        match outcome {
            Ok(revoked) => {
                let mut rows = session(ctx)?.people_by_uid(vec![revoked.person]).await?;
                Ok(Self {
                    person: rows.remove(&revoked.person).map(Person),
                    tokens_valid_after: Some(DateTime(revoked.valid_after)),
                    user_errors: vec![],
                })
            }
            Err(mistakes) => Ok(Self {
                person: None,
                tokens_valid_after: None,
                user_errors: user_errors(mistakes),
            }),
        }
    }
}
