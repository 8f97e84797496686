//! Opening the organisation that a command works on.

use crate::{
    app::{App, AppError, AppOptions},
    config::Config,
    domain::sync::Limits,
    store::{Store, StoreOptions},
};

/// Opens the configured database, brings it to this program's schema, and puts the application over it.
pub(super) async fn open(config: &Config) -> Result<App, AppError> {
    let store = store(config).await?;
    store.migrate().await?;
    Ok(over(store, config))
}

/// Opens the configured database to look at it: it must have this program's schema, and nothing is written.
pub(super) async fn look(config: &Config) -> Result<App, AppError> {
    let store = store(config).await?;
    store.require_schema().await?;
    Ok(over(store, config))
}

fn over(store: Store, config: &Config) -> App {
    let options = AppOptions {
        zone: config.time_zone,
        subject: config.tokens.subject.clone(),
        page_max: u32::try_from(config.limits.page).unwrap_or(u32::MAX),
        feed_days: config.feed_days,
        private_networks: config.private_networks,
        sync_rows_max: config.limits.sync_rows,
        scim_leavers: Limits {
            people: config.limits.scim_leavers,
            percent: config.limits.scim_leavers_percent,
        },
        thresholds: config.thresholds.clone(),
        audit: config.audit.clone(),
        ids_max: u32::try_from(config.limits.ids).unwrap_or(u32::MAX),
    };
    App::new(store, options)
}

/// Brings the configured database to this program's schema.
pub(super) async fn migrate(config: &Config) -> Result<(), AppError> {
    let store = store(config).await?;
    store.migrate().await?;
    Ok(store.close().await?)
}

/// Opens the configured database as it is.
async fn store(config: &Config) -> Result<Store, AppError> {
    let options = StoreOptions {
        url: config.database.url.expose().to_owned(),
        readers: config.database.connections,
        statement_timeout: config.limits.statement,
        acquire_timeout: config.limits.acquire,
    };
    Ok(Store::open(&options).await?)
}
