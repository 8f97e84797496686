//! The settings: those in force, and what became of them. A version is never rewritten.

use chrono::{DateTime, Utc};
use entity::{settings, suggestion};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, sea_query::Expr,
};

use super::{
    Moment, PageRequest, Slice, Snapshot, StoreError, Write,
    code::word,
    order::{Key, KeyKind},
    to_millis,
};
use crate::{
    auth::scope::{Grant, Scope, action::Configure, facet},
    domain::{
        settings::Settings,
        suggestion::SuggestionStatus,
        week::{Week, start_of_day},
    },
};

/// One version of the settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeptSettings {
    /// Counts the changes; 0 are the defaults that nobody has changed.
    pub version: i64,
    /// The settings.
    pub settings: Settings,
    /// When and by which principal they were made so; none for version 0.
    pub changed: Option<(DateTime<Utc>, String)>,
}

impl Snapshot {
    /// The settings in force. Takes no scope: they say nothing of anybody, and everything follows from them.
    pub async fn settings(&self) -> Result<KeptSettings, StoreError> {
        let newest = settings::Entity::find().order_by_desc(settings::Column::Version);
        Ok(newest.one(&self.tx).await?.map(Into::into).unwrap_or_default())
    }

    /// One page of the versions of the settings, newest first.
    pub async fn settings_versions(
        &self,
        scope: &Scope<facet::Settings>,
        page: &PageRequest,
    ) -> Result<Slice<KeptSettings>, StoreError> {
        if !scope.is_everyone() {
            return Ok(Slice::empty());
        }
        let version = Expr::col((settings::Entity, settings::Column::Version));
        let keys = vec![Key::descending_by(version, KeyKind::Number)];
        Ok(self.page(settings::Entity::find(), keys, page).await?.map(Into::into))
    }

    /// These versions of the settings, as far as they were ever made.
    pub async fn settings_by_version(
        &self,
        scope: &Scope<facet::Settings>,
        versions: Vec<i64>,
    ) -> Result<Vec<KeptSettings>, StoreError> {
        if !scope.is_everyone() {
            return Ok(vec![]);
        }
        let select = settings::Entity::find().filter(settings::Column::Version.is_in(versions));
        Ok(select.all(&self.tx).await?.into_iter().map(Into::into).collect())
    }

    /// How often the settings were changed.
    pub async fn settings_count(&self, scope: &Scope<facet::Settings>) -> Result<u64, StoreError> {
        if !scope.is_everyone() {
            return Ok(0);
        }
        Ok(settings::Entity::find().count(&self.tx).await?)
    }
}

impl Write {
    /// Writes the next version of the settings. With another time zone another day may have begun: the chart is brought
    /// to it, and what is open ends with its week as it ends now. Days that are written already stay.
    pub async fn save_settings(
        &self,
        grant: &Grant<Configure>,
        next: &KeptSettings,
        moment: Moment,
    ) -> Result<(), StoreError> {
        let row = settings::ActiveModel {
            version: Set(next.version),
            value: Set(serde_json::to_string(&next.settings).map_err(|cause| StoreError::Row(cause.to_string()))?),
            changed_at: Set(to_millis(moment.now)),
            changed_by: Set(grant.principal().to_owned()),
        };
        row.insert(&self.tx).await?;
        let zone = next.settings.zone();
        if zone == self.org_state().await?.zone {
            return Ok(());
        }
        let name = zone.map(chrono_tz::Tz::name);
        self.tx
            .execute_raw(self.sql("UPDATE org_state SET time_zone = $1", [name.into()]))
            .await?;
        self.roll_to(moment).await?;
        let open = || suggestion::Column::Status.eq(word(&SuggestionStatus::Open));
        let weeks = suggestion::Entity::find()
            .select_only()
            .column(suggestion::Column::Week)
            .distinct()
            .filter(open())
            .filter(suggestion::Column::ExpiresAt.gt(to_millis(moment.now)));
        for monday in weeks.into_tuple::<chrono::NaiveDate>().all(&self.tx).await? {
            let end = start_of_day(Week::of(monday).plus(1).starts_on(), zone.unwrap_or(moment.zone));
            suggestion::Entity::update_many()
                .col_expr(suggestion::Column::ExpiresAt, Expr::value(to_millis(end)))
                .filter(suggestion::Column::Week.eq(monday))
                .filter(open())
                .exec(&self.tx)
                .await?;
        }
        Ok(())
    }
}

impl From<settings::Model> for KeptSettings {
    fn from(row: settings::Model) -> Self {
        Self {
            version: row.version,
            settings: Settings::read(&row.value),
            changed: Some((row.changed_at, row.changed_by)),
        }
    }
}
