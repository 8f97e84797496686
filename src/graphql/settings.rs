//! The organisation's settings, and what became of them.

use async_graphql::{Context, InputObject, MaybeUndefined, SimpleObject};

use super::{
    error::Fault,
    page::{PageArgs, connection, seal},
    scalar::DateTime,
    session,
    words::{BetweenVisibility, PeerDiscovery, Weekday},
};
use crate::{
    app::{self, KeptSettings, SettingsChangeQuery},
    domain::{
        calendar::hours,
        settings::{self, SettingsPatch},
    },
};

/// A setting as the schema shows it.
trait Setting: Sized {
    type Shown;
    fn show(self) -> Self::Shown;
    /// A number that the setting cannot hold becomes one that its range refuses.
    fn read(shown: Self::Shown) -> Self;
}

impl Setting for u32 {
    type Shown = i32;
    fn show(self) -> i32 {
        self.try_into().unwrap_or(i32::MAX)
    }
    fn read(shown: i32) -> Self {
        shown.try_into().unwrap_or(Self::MAX)
    }
}

impl Setting for i64 {
    type Shown = i32;
    fn show(self) -> i32 {
        self.try_into().unwrap_or(i32::MAX)
    }
    fn read(shown: i32) -> Self {
        shown.into()
    }
}

impl Setting for settings::BetweenVisibility {
    type Shown = BetweenVisibility;
    fn show(self) -> BetweenVisibility {
        self.into()
    }
    fn read(shown: BetweenVisibility) -> Self {
        shown.into()
    }
}

impl Setting for settings::PeerDiscovery {
    type Shown = PeerDiscovery;
    fn show(self) -> PeerDiscovery {
        self.into()
    }
    fn read(shown: PeerDiscovery) -> Self {
        shown.into()
    }
}

impl Setting for String {
    type Shown = Self;
    fn show(self) -> Self {
        self
    }
    fn read(shown: Self) -> Self {
        shown
    }
}

impl Setting for Vec<hours::Weekday> {
    type Shown = Vec<Weekday>;
    fn show(self) -> Vec<Weekday> {
        self.into_iter().map(Into::into).collect()
    }
    fn read(shown: Vec<Weekday>) -> Self {
        shown.into_iter().map(Into::into).collect()
    }
}

impl Setting for Vec<String> {
    type Shown = Self;
    fn show(self) -> Self {
        self
    }
    fn read(shown: Self) -> Self {
        shown
    }
}

/// Each setting once, with what it is, its unit and its range: as it is shown, and as it is changed.
macro_rules! settings {
    ($($(#[$doc:meta])* $field:ident: $shown:ty,)*) => {
        /// The organisation's settings.
        #[derive(Clone, Debug, SimpleObject)]
        pub struct Settings {
            /// Counts the changes; 0 are the defaults that nobody has changed.
            version: i32,
            /// When they were made so; null for version 0.
            changed_at: Option<DateTime>,
            /// By whom: `token:` and the subject of a token, or `operator:` and a command; null for version 0.
            changed_by: Option<String>,
            /// IANA name of the time zone in which days and weeks begin; null for the one the program is set up with.
            time_zone: Option<String>,
            $($(#[$doc])* $field: $shown,)*
        }

        /// Change some of the settings; what is absent stays as it is.
        #[derive(Debug, InputObject)]
        pub struct UpdateSettingsInput {
            /// The version that this changes: if somebody else was faster, nothing is changed and the answer is CONFLICT.
            pub(super) expected_version: Option<i32>,
            /// IANA name of the time zone in which days and weeks begin; null for the one the program is set up with. Days
            /// that are recorded already stay as they are.
            time_zone: MaybeUndefined<String>,
            $($(#[$doc])* $field: Option<$shown>,)*
            /// Up to 128 characters of the client's choice, kept for 30 days: the same key with the same input repeats
            /// the answer and changes nothing; with another input it is IDEMPOTENCY_KEY_REUSED.
            pub(super) idempotency_key: Option<String>,
        }

        impl From<KeptSettings> for Settings {
            fn from(kept: KeptSettings) -> Self {
                let (at, by) = kept.changed.unzip();
                let settings = kept.settings;
                Self {
                    version: kept.version.show(),
                    changed_at: at.map(DateTime),
                    changed_by: by,
                    time_zone: Some(settings.time_zone).filter(|name| !name.is_empty()),
                    $($field: settings.$field.show(),)*
                }
            }
        }

        impl UpdateSettingsInput {
            /// What is to be changed.
            pub(super) fn patch(self) -> SettingsPatch {
                SettingsPatch {
                    time_zone: match self.time_zone {
                        MaybeUndefined::Undefined => None,
                        MaybeUndefined::Null => Some(String::new()),
                        // An empty text is no name, and not the absence of one.
                        MaybeUndefined::Value(name) if name.is_empty() => Some("?".to_owned()),
                        MaybeUndefined::Value(name) => Some(name),
                    },
                    $($field: self.$field.map(Setting::read),)*
                }
            }
        }
    };
}

settings! {
    /// Skip-level slots a leader has in a week: 0 to 5; 0 suspends the draw.
    slots_per_week: i32,
    /// Days after their start before somebody is suggested: 0 to 365.
    new_joiner_days: i32,
    /// Weeks before the same two are suggested to meet again: 4 to 104.
    pair_cooldown_weeks: i32,
    /// Days between any two skip-levels of one person: 0 to 364, and no longer than pairCooldownWeeks. Whatever it says,
    /// nobody has two in one week.
    load_cap_days: i32,
    /// Weeks that two people are not suggested to each other after a decline: 1 to 104.
    decline_rest_weeks: i32,
    /// Of four weeks of a leader with four or more levels below, those that go to the bottom of the ladder: 0 to 4.
    bottom_of_four: i32,
    /// Of the same four weeks those that go to people two levels below: 0 to 4, and at most 4 together with
    /// bottomOfFour. The rest goes to the middle.
    near_of_four: i32,
    /// Days before its Monday that a week is drawn: 0 to 28.
    draw_days_ahead: i32,
    /// How often a leader can swap a suggestion in a week: 0 to 10.
    swaps_per_week: i32,
    /// Days after its end when a scheduled meeting becomes UNCONFIRMED: 0 to 90.
    unconfirmed_after_days: i32,
    /// Days after its end during which a meeting can be confirmed: 1 to 365, and at least unconfirmedAfterDays.
    confirm_within_days: i32,
    /// Days back that a meeting which was not scheduled can be recorded: 0 to 365.
    record_within_days: i32,
    /// What managers between a leader and a person learn of their skip-levels.
    between_visibility: BetweenVisibility,
    /// Whom the draw suggests to each other as peers.
    peer_discovery: PeerDiscovery,
    /// Most peer suggestions of a person in a week: 0 to 3.
    peer_suggestions_per_week: i32,
    /// Months after which notes are deleted: 1 to 120.
    notes_retention_months: i32,
    /// The three questions that a shared agenda starts from, each a line of at most 200 characters.
    agenda_questions: Vec<String>,
    /// People in the smallest group that reports show to everybody: 3 to 100.
    smallest_group: i32,
    /// Title of a 1:1 in a calendar, where colleagues may read it: a line of at most 100 characters, in which `{name}`
    /// stands for the name of the other one.
    calendar_title: String,
    /// When work begins, like 09:00 on the clock where somebody is; meeting times are not suggested before.
    workday_start: String,
    /// When work ends on the same day, like 17:00.
    workday_end: String,
    /// The days of work, each once.
    workdays: Vec<Weekday>,
}

/// One change of the settings.
#[derive(Clone, Debug, SimpleObject)]
pub struct SettingsChange {
    /// The version that it made.
    version: i32,
    /// When.
    changed_at: DateTime,
    /// By whom: `token:` and the subject of a token, or `operator:` and a command.
    changed_by: String,
    /// What became another value.
    fields: Vec<ChangedSetting>,
}

/// A setting that became another value.
#[derive(Clone, Debug, SimpleObject)]
pub struct ChangedSetting {
    /// Name of its field in Settings.
    field: String,
    /// The value before, as text; a list has a line for each item, and nothing is an empty text.
    from: String,
    /// The value after, as text.
    to: String,
}

impl From<app::SettingsChange> for SettingsChange {
    fn from(change: app::SettingsChange) -> Self {
        let (at, by) = change.kept.changed.unwrap_or_default();
        let field = |changed: settings::ChangedSetting| ChangedSetting {
            field: changed.field,
            from: changed.from,
            to: changed.to,
        };
        Self {
            version: change.kept.version.show(),
            changed_at: DateTime(at),
            changed_by: by,
            fields: change.changed.into_iter().map(field).collect(),
        }
    }
}

connection!(
    SettingsChangeConnection,
    SettingsChangeEdge,
    SettingsChange,
    SettingsChangeQuery,
    settings_changes_count,
    "A page of what became of the settings."
);

impl SettingsChangeConnection {
    pub(super) async fn of(ctx: &Context<'_>, page: PageArgs) -> Result<Self, Fault> {
        let session = session(ctx)?;
        let shape = "settingsChanges";
        let slice = session.settings_changes(&page.read(session, shape)?).await?;
        Ok(Self::new(
            seal(session, shape, slice),
            Some(SettingsChangeQuery),
            SettingsChange::from,
        ))
    }
}
