//! SCIM tokens: what is kept of each secret, and for which source it speaks.

use chrono::{DateTime, TimeDelta, Utc};
use entity::scim_token;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    Statement,
};
use uuid::Uuid;

use super::{Snapshot, Store, StoreError, Write, to_millis};
use crate::auth::{
    scim::SecretHash,
    scope::{Grant, Scope, action::Configure, facet::Settings},
};

/// A SCIM token without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScimTokenRow {
    /// Public id.
    pub id: Uuid,
    /// The source it speaks for.
    pub source: String,
    /// What whoever made it calls it.
    pub label: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// From when on it no longer holds.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was taken back.
    pub revoked_at: Option<DateTime<Utc>>,
    /// When it was last used, to the day.
    pub last_used_at: Option<DateTime<Utc>>,
}

impl ScimTokenRow {
    /// Whether its use at `now` is news: it is written down once a day.
    pub fn is_used_anew(&self, now: DateTime<Utc>) -> bool {
        self.last_used_at.is_none_or(|last| now - last >= TimeDelta::days(1))
    }
}

impl Snapshot {
    /// The token with this secret, if it holds at `now`. It takes no scope: it is who asks.
    pub async fn scim_token(&self, hash: &SecretHash, now: DateTime<Utc>) -> Result<Option<ScimTokenRow>, StoreError> {
        let unexpired = Condition::any()
            .add(scim_token::Column::ExpiresAt.is_null())
            .add(scim_token::Column::ExpiresAt.gt(to_millis(now)));
        let select = scim_token::Entity::find()
            .filter(scim_token::Column::SecretHash.eq(hash.as_str()))
            .filter(scim_token::Column::RevokedAt.is_null())
            .filter(unexpired);
        Ok(select.one(&self.tx).await?.map(Into::into))
    }

    /// Every token there ever was, newest first; none unless everybody's settings are in reach.
    pub async fn scim_tokens(&self, scope: &Scope<Settings>) -> Result<Vec<ScimTokenRow>, StoreError> {
        if !scope.is_everyone() {
            return Ok(vec![]);
        }
        let select = scim_token::Entity::find()
            .order_by_desc(scim_token::Column::CreatedAt)
            .order_by_asc(scim_token::Column::Id);
        Ok(select.all(&self.tx).await?.into_iter().map(Into::into).collect())
    }
}

impl Write {
    /// Keeps a new token.
    pub async fn keep_scim_token(
        &self,
        _grant: &Grant<Configure>,
        token: &ScimTokenRow,
        hash: &SecretHash,
    ) -> Result<(), StoreError> {
        let row = scim_token::ActiveModel {
            id: Set(token.id),
            source: Set(token.source.clone()),
            label: Set(token.label.clone()),
            secret_hash: Set(hash.as_str().to_owned()),
            created_at: Set(to_millis(token.created_at)),
            expires_at: Set(token.expires_at.map(to_millis)),
            revoked_at: Set(token.revoked_at.map(to_millis)),
            last_used_at: Set(token.last_used_at.map(to_millis)),
        };
        row.insert(&self.tx).await?;
        Ok(())
    }

    /// Takes a token back; says whether there was one that had not been taken back yet.
    pub async fn revoke_scim_token(
        &self,
        _grant: &Grant<Configure>,
        id: Uuid,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE scim_token SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL";
        let values = [to_millis(now).into(), id.into()];
        let done = self.tx.execute_raw(self.sql(sql, values)).await?;
        Ok(done.rows_affected() == 1)
    }
}

impl Store {
    /// Writes down that a token was used, past the one writer's turn: nothing else depends on it.
    pub async fn scim_token_used(&self, id: Uuid, now: DateTime<Utc>) -> Result<(), StoreError> {
        let sql = "UPDATE scim_token SET last_used_at = $1 WHERE id = $2";
        let values = [to_millis(now).into(), id.into()];
        let statement = Statement::from_sql_and_values(self.writer.get_database_backend(), sql, values);
        self.writer.execute_raw(statement).await?;
        Ok(())
    }
}

impl From<scim_token::Model> for ScimTokenRow {
    fn from(row: scim_token::Model) -> Self {
        Self {
            id: row.id,
            source: row.source,
            label: row.label,
            created_at: row.created_at,
            expires_at: row.expires_at,
            revoked_at: row.revoked_at,
            last_used_at: row.last_used_at,
        }
    }
}
