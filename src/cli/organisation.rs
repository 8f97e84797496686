//! Opening the organisation that a command works on.

use std::path::Path;

use super::Failure;
use crate::{
    app::{App, AppError, AppOptions, Keyring},
    config::Config,
    domain::sync::Limits,
    http::statement_counter,
    store::{Store, StoreOptions},
};

/// Opens the configured database, brings it to this program's schema, and puts the application over it.
pub(super) async fn open(config: &Config) -> Result<App, AppError> {
    open_with(config, Keyring::off()).await
}

/// As [`open`], with keys to read and write what is sealed.
pub(super) async fn open_with(config: &Config, keys: Keyring) -> Result<App, AppError> {
    let mut store = store(config).await?;
    store.observe(&statement_counter());
    store.migrate().await?;
    Ok(App::new(store, options(config, keys)))
}

/// Opens the configured database to look at it: it must have this program's schema, and nothing is written.
pub(super) async fn look(config: &Config) -> Result<App, AppError> {
    look_with(config, Keyring::off()).await
}

/// As [`look`], with keys to read what is sealed.
pub(super) async fn look_with(config: &Config, keys: Keyring) -> Result<App, AppError> {
    let store = store(config).await?;
    store.require_schema().await?;
    Ok(App::new(store, options(config, keys)))
}

/// The configured note keys; none where notes are off.
pub(super) fn note_keys(config: &Config) -> Result<Keyring, Failure> {
    match config.notes_keys.clone() {
        Some(file) => Ok(Keyring::new(move || file.read())?),
        None => Ok(Keyring::off()),
    }
}

fn options(config: &Config, notes: Keyring) -> AppOptions {
    AppOptions {
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
        notes,
        note_characters: config.limits.note_characters,
    }
}

/// Brings the configured database to this program's schema.
pub(super) async fn migrate(config: &Config) -> Result<(), AppError> {
    let store = store(config).await?;
    store.migrate().await?;
    Ok(store.close().await?)
}

/// Copies the configured database into a new file, whatever its schema.
pub(super) async fn back_up(config: &Config, file: &Path) -> Result<(), Failure> {
    let store = store(config).await?;
    store.back_up(file).await?;
    Ok(store.close().await.map_err(AppError::from)?)
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
