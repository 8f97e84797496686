//! Tokens that were taken back: of each person all that were issued up to an instant.

use chrono::{DateTime, Utc};
use entity::person;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use super::{PersonRow, StoreError, Write, to_millis, within::within};
use crate::auth::scope::{Grant, Scope, action::RevokeTokens, facet::Tokens};

/// Whose tokens were taken back.
#[derive(Clone, Debug)]
pub struct Revoked {
    /// The person.
    pub person: PersonRow,
    /// Tokens that were issued up to then do not hold.
    pub valid_after: DateTime<Utc>,
}

impl Write {
    /// Takes back the tokens that were issued up to `now` to whoever has this public id, or to the viewer if there is none;
    /// nobody's if that person is out of reach. What was taken back before stays so.
    pub async fn revoke_tokens(
        &self,
        grant: &Grant<RevokeTokens>,
        scope: &Scope<Tokens>,
        person: Option<Uuid>,
        now: DateTime<Utc>,
    ) -> Result<Option<Revoked>, StoreError> {
        let who = match person {
            Some(uid) => person::Column::Uid.eq(uid),
            None => person::Column::Id.eq(grant.person().map(|me| me.0)),
        };
        let select = person::Entity::find().filter(within(scope)).filter(who);
        let Some(row) = select.one(&self.tx).await? else {
            return Ok(None);
        };
        let valid_after = row.tokens_valid_after.max(Some(to_millis(now))).unwrap_or(now);
        let mut changed = row.clone().into_active_model();
        changed.tokens_valid_after = Set(Some(valid_after));
        changed.update(&self.tx).await?;
        Ok(Some(Revoked {
            person: row.try_into()?,
            valid_after,
        }))
    }
}
