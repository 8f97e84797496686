//! The organisation's settings: reading and changing them, and what became of them.

use serde::{Deserialize, Serialize};

use super::{AppError, KeptSettings, Keyed, Mistake, MistakeCode, Outcome, Session, act::act, session::Turn};
use crate::{
    auth::scope::{Grant, action::Configure},
    domain::{
        audit::Action,
        settings::{ChangedSetting, SettingsPatch},
    },
    store::{PageRequest, Slice},
};

/// What of the settings to change.
#[derive(Clone, Debug, Serialize)]
pub struct UpdateSettingsInput {
    /// The version that this changes; whichever is in force when none.
    pub expected_version: Option<i64>,
    /// The settings to change.
    pub patch: SettingsPatch,
}

/// What a mutation changed: the version in force after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsChanged {
    /// Version.
    pub version: i64,
}

/// One change of the settings.
#[derive(Clone, Debug)]
pub struct SettingsChange {
    /// The version that it made.
    pub kept: KeptSettings,
    /// What became another value.
    pub changed: Vec<ChangedSetting>,
}

/// Which changes of the settings: all of them.
#[derive(Clone, Copy, Debug, Default)]
pub struct SettingsChangeQuery;

impl Session {
    /// The settings in force, for whoever may see them.
    pub async fn shown_settings(&self) -> Result<Option<KeptSettings>, AppError> {
        let current = self.current().await?;
        if !current.viewer.settings().is_everyone() {
            return Ok(None);
        }
        Ok(Some(current.kept_settings().await?.clone()))
    }

    /// One page of what became of the settings, newest first.
    pub async fn settings_changes(&self, page: &PageRequest) -> Result<Slice<SettingsChange>, AppError> {
        let current = self.current().await?;
        let scope = current.viewer.settings();
        let slice = current.snapshot.settings_versions(&scope, page).await?;
        let before = slice.rows.iter().map(|(_, kept)| kept.version - 1).collect();
        let before = current.snapshot.settings_by_version(&scope, before).await?;
        Ok(slice.map(|kept| {
            let former = before.iter().find(|former| former.version == kept.version - 1);
            let changed = kept
                .settings
                .changes_since(&former.cloned().unwrap_or_default().settings);
            SettingsChange { kept, changed }
        }))
    }

    /// How many changes of the settings there are to see.
    pub async fn settings_changes_count(&self, _all: &SettingsChangeQuery) -> Result<u64, AppError> {
        let current = self.current().await?;
        Ok(current.snapshot.settings_count(&current.viewer.settings()).await?)
    }

    /// Changes settings, all that are given or none. What is drawn already stays as it is.
    pub async fn update_settings(
        &self,
        keyed: &Keyed<UpdateSettingsInput>,
    ) -> Result<Outcome<SettingsChanged>, AppError> {
        let grant = self.viewer().await?.may_configure()?;
        act!(self, "updateSettings", keyed, |turn| self
            .configure(turn, &grant, &keyed.input)
            .await?)
    }

    async fn configure(
        &self,
        turn: &Turn,
        grant: &Grant<Configure>,
        input: &UpdateSettingsInput,
    ) -> Result<Outcome<SettingsChanged>, AppError> {
        let version = turn.settings_version;
        if input.expected_version.is_some_and(|expected| expected != version) {
            let message = format!("the settings are at version {version} by now; look at them again");
            return Ok(Err(vec![Mistake::at(
                "expectedVersion",
                MistakeCode::Conflict,
                message,
            )]));
        }
        let settings = turn.settings.clone().with(input.patch.clone());
        let misfits = settings.check();
        if !misfits.is_empty() {
            let mistake = |misfit: crate::domain::settings::Misfit| {
                Mistake::at(misfit.field, MistakeCode::Invalid, misfit.message)
            };
            return Ok(Err(misfits.into_iter().map(mistake).collect()));
        }
        if settings == turn.settings {
            return Ok(Ok(SettingsChanged { version }));
        }
        let next = KeptSettings {
            version: version + 1,
            settings,
            changed: None,
        };
        turn.write
            .save_settings(grant, &next, self.inner.app.moment(self.now()))
            .await?;
        let details = [("version", next.version.to_string())];
        self.audit(turn, Action::UpdateSettings, None, details).await?;
        Ok(Ok(SettingsChanged { version: next.version }))
    }
}
