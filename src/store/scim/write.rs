//! What is written of accounts beside what an import writes.

use chrono::{DateTime, Utc};
use entity::external_identity;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait};

use crate::{
    auth::scope::{Grant, action::Sync},
    domain::{Date, account::Profile, person::PersonKey},
    store::{StoreError, Write, chart::BULK, to_millis},
};

impl Write {
    /// Keeps what imports do not keep of an account, that of `source` with this id in imports.
    pub async fn keep_account(
        &self,
        _grant: &Grant<Sync>,
        (source, profile): (&str, &Profile),
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let row = external_identity::ActiveModel {
            source: Set(source.to_owned()),
            external_id: Set(profile.key().to_owned()),
            user_name: Set(Some(profile.user_name.clone())),
            user_name_key: Set(Some(profile.user_name.to_lowercase())),
            given_name: Set(profile.given_name.clone()),
            family_name: Set(profile.family_name.clone()),
            employee_number: Set(profile.employee_number.clone()),
            email_primary: Set(profile.email_primary),
            updated_at: Set(Some(to_millis(now))),
            ..Default::default()
        };
        row.update(&self.tx).await?;
        Ok(())
    }

    /// Deletes an account of `source`; the person stays.
    pub async fn delete_account(
        &self,
        _grant: &Grant<Sync>,
        (source, external_id): (&str, &str),
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let row = external_identity::ActiveModel {
            source: Set(source.to_owned()),
            external_id: Set(external_id.to_owned()),
            deleted_at: Set(Some(to_millis(now))),
            ..Default::default()
        };
        row.update(&self.tx).await?;
        Ok(())
    }

    /// Lets a deleted account be there again, as a new one of the same person.
    pub async fn revive_account(
        &self,
        _grant: &Grant<Sync>,
        (source, external_id): (&str, &str),
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.revive((source, external_id), now).await
    }

    /// Lets accounts say that something about these people has changed.
    pub async fn touch_accounts(
        &self,
        _grant: &Grant<Sync>,
        people: &[PersonKey],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        for people in people.chunks(BULK) {
            // Keys are numbers of ours: they can stand in the text.
            let keys: Vec<String> = people.iter().map(|key| key.0.to_string()).collect();
            let sql = format!(
                "UPDATE external_identity SET updated_at = $1 WHERE person_id IN ({})",
                keys.join(",")
            );
            self.tx.execute_raw(self.sql(&sql, [to_millis(now).into()])).await?;
        }
        Ok(())
    }

    /// Lets the deleted accounts of everybody who is employed again be there again.
    pub(in crate::store) async fn revive_the_employed(
        &self,
        now: DateTime<Utc>,
        today: Date,
    ) -> Result<(), StoreError> {
        let sql = "SELECT i.source, i.external_id FROM external_identity i WHERE i.deleted_at IS NOT NULL AND EXISTS \
                   (SELECT 1 FROM employment e WHERE e.person_id = i.person_id \
                   AND (e.end_date IS NULL OR e.end_date > $1))";
        for row in self.tx.query_all_raw(self.sql(sql, [today.into()])).await? {
            let (source, external_id): (String, String) = (row.try_get("", "source")?, row.try_get("", "external_id")?);
            self.revive((&source, &external_id), now).await?;
        }
        Ok(())
    }

    async fn revive(&self, (source, external_id): (&str, &str), now: DateTime<Utc>) -> Result<(), StoreError> {
        let row = external_identity::ActiveModel {
            source: Set(source.to_owned()),
            external_id: Set(external_id.to_owned()),
            uid: Set(Some(Self::new_id())),
            created_at: Set(Some(to_millis(now))),
            updated_at: Set(Some(to_millis(now))),
            deleted_at: Set(None),
            ..Default::default()
        };
        row.update(&self.tx).await?;
        Ok(())
    }
}
