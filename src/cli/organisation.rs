//! Opening the organisation that a command works on.

use super::Failure;
use crate::{
    app::{App, AppOptions},
    config::Config,
    store::{Store, StoreOptions},
};

/// Opens the configured database, brings it to this program's schema, and puts the application over it.
pub(super) async fn open(config: &Config) -> Result<App, Failure> {
    let store = store(config).await?;
    store.migrate().await?;
    let options = AppOptions {
        zone: config.time_zone,
        subject: config.tokens.subject.clone(),
        page_max: u32::try_from(config.limits.page).unwrap_or(u32::MAX),
    };
    Ok(App::new(store, options))
}

/// Opens the configured database as it is.
pub(super) async fn store(config: &Config) -> Result<Store, Failure> {
    let options = StoreOptions {
        url: config.database.url.expose().to_owned(),
        readers: config.database.connections,
        statement_timeout: config.limits.statement,
        acquire_timeout: config.limits.acquire,
    };
    Ok(Store::open(&options).await?)
}
