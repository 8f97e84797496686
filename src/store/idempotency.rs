//! Answers kept under a client's key, for 30 days: the same key with the same input repeats the answer.

use chrono::{DateTime, Days, Utc};
use entity::idempotency_key;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use super::{StoreError, Write, to_millis};

/// How long an answer is kept.
const KEPT: Days = Days::new(30);

/// Under which key an answer stands; it belongs to one principal and operation.
#[derive(Clone, Debug)]
pub struct IdempotencyKey<'a> {
    /// Who asked.
    pub principal: &'a str,
    /// Name of the mutation.
    pub operation: &'a str,
    /// The client's key.
    pub key: &'a str,
}

/// What was answered under a key.
#[derive(Clone, Debug)]
pub struct Remembered {
    /// Hash of the input it answered.
    pub input_hash: String,
    /// The answer, as JSON.
    pub answer: String,
}

impl Write {
    /// What was answered under `key`, if anything was within the last 30 days.
    pub async fn recall(&self, key: &IdempotencyKey<'_>, now: DateTime<Utc>) -> Result<Option<Remembered>, StoreError> {
        let old = idempotency_key::Column::CreatedAt.lt(to_millis(now - KEPT));
        idempotency_key::Entity::delete_many()
            .filter(old)
            .exec(&self.tx)
            .await?;
        let id = (key.principal.to_owned(), key.operation.to_owned(), key.key.to_owned());
        let row = idempotency_key::Entity::find_by_id(id).one(&self.tx).await?;
        Ok(row.map(|row| Remembered {
            input_hash: row.input_hash,
            answer: row.answer,
        }))
    }

    /// Keeps `answer` under `key`, in the same transaction as what it answers for.
    pub async fn remember(
        &self,
        key: &IdempotencyKey<'_>,
        answer: Remembered,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let row = idempotency_key::ActiveModel {
            principal: Set(key.principal.to_owned()),
            operation: Set(key.operation.to_owned()),
            key: Set(key.key.to_owned()),
            input_hash: Set(answer.input_hash),
            answer: Set(answer.answer),
            created_at: Set(to_millis(now)),
        };
        row.insert(&self.tx).await?;
        Ok(())
    }
}
