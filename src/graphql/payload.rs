//! What mutations take and answer.

use async_graphql::{Context, Description, ID, Object, SimpleObject};

use super::{
    error::Fault,
    meeting::Meeting,
    peer::Peer,
    person::{Person, person},
    scalar::{Date, DateTime, IsoWeek},
    session,
    settings::Settings,
    suggestion::Suggestion,
    words::{NoSuggestionCode, UserErrorCode},
};
use crate::{
    app::{
        MeetingChanged, Mistake, Outcome, PeerChanged, PersonChanged, SettingsChanged, SuggestionChanged,
        SuggestionSwapped,
    },
    domain::rotation,
};

/// Something the user can mend.
#[derive(Clone, Debug, SimpleObject)]
pub struct UserError {
    /// What kind of mistake.
    code: UserErrorCode,
    /// What is wrong and how to mend it.
    message: String,
    /// Where in the input, from `input` down.
    path: Vec<String>,
}

impl From<Mistake> for UserError {
    fn from(mistake: Mistake) -> Self {
        Self {
            code: mistake.code.into(),
            message: mistake.message,
            path: mistake.path,
        }
    }
}

pub(super) fn user_errors(mistakes: Vec<Mistake>) -> Vec<UserError> {
    mistakes.into_iter().map(Into::into).collect()
}

macro_rules! input {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $ty:ty),* $(,)? }) => {
        $(#[$doc])*
        // Not `Debug`: some hold what people write.
        #[derive(async_graphql::InputObject)]
        pub struct $name {
            $($(#[$field_doc])* pub(super) $field: $ty,)*
            /// Up to 128 characters of the client's choice, kept for 30 days: the same key with the same input repeats
            /// the answer and changes nothing; with another input it is IDEMPOTENCY_KEY_REUSED.
            pub(super) idempotency_key: Option<String>,
        }
    };
}

pub(super) use input;

input! {
    /// Accept a suggestion.
    AcceptSuggestionInput {
        /// The suggestion, OPEN and made to the viewer.
        suggestion_id: ID,
        /// Agreed start; without it the meeting is agreed for the week and its time stays open.
        starts_at: Option<DateTime>,
        /// Length in minutes, 5 to 480.
        #[graphql(default = 30)]
        duration_minutes: i32,
    }
}
input! {
    /// Move a meeting.
    RescheduleMeetingInput {
        /// The meeting, SCHEDULED and one of the viewer's.
        meeting_id: ID,
        /// Agreed start, not in the past.
        starts_at: DateTime,
        /// Length in minutes, 5 to 480.
        #[graphql(default = 30)]
        duration_minutes: i32,
    }
}
input! {
    /// Skip a suggestion.
    SkipSuggestionInput {
        /// The suggestion, OPEN and made to the viewer.
        suggestion_id: ID,
    }
}
input! {
    /// Swap a suggestion for the next one.
    SwapSuggestionInput {
        /// The suggestion, OPEN and made to the viewer.
        suggestion_id: ID,
    }
}
input! {
    /// Arrange a 1:1.
    ScheduleMeetingInput {
        /// Somebody in reach.
        counterpart_id: ID,
        /// Agreed start.
        starts_at: DateTime,
        /// Length in minutes, 5 to 480.
        #[graphql(default = 30)]
        duration_minutes: i32,
    }
}
input! {
    /// Say that a meeting took place.
    ConfirmMeetingInput {
        /// A meeting of the viewer's, SCHEDULED or UNCONFIRMED.
        meeting_id: ID,
        /// When it took place; the agreed start if not given. Not in the future.
        held_at: Option<DateTime>,
    }
}
input! {
    /// Record a meeting that took place without having been scheduled.
    RecordMeetingInput {
        /// Somebody in reach.
        counterpart_id: ID,
        /// When it took place: not in the future, and not further back than the settings let it.
        held_at: DateTime,
        /// Length in minutes, 5 to 480.
        #[graphql(default = 30)]
        duration_minutes: i32,
    }
}
input! {
    /// Call a meeting off.
    CancelMeetingInput {
        /// A meeting of the viewer's, SCHEDULED.
        meeting_id: ID,
    }
}
input! {
    /// Say no to a meeting that the other one arranged or asked for.
    DeclineMeetingInput {
        /// A meeting of the viewer's, SCHEDULED.
        meeting_id: ID,
    }
}
input! {
    /// Ask a leader for a skip-level.
    RequestMeetingInput {
        /// Somebody two or more levels above the viewer.
        leader_id: ID,
    }
}
input! {
    /// Propose a peer.
    ProposePeerInput {
        /// Somebody in reach, of whom and the viewer neither stands above the other.
        person_id: ID,
    }
}
input! {
    /// Agree to a peer, or keep one.
    ConfirmPeerInput {
        /// A peer of the viewer's that has not ended.
        peer_id: ID,
    }
}
input! {
    /// End a peer.
    EndPeerInput {
        /// A peer of the viewer's that has not ended.
        peer_id: ID,
    }
}
input! {
    /// Draw a week.
    DrawSuggestionsInput {
        /// The week.
        week: IsoWeek,
        /// Only say what the draw would find, and store nothing.
        #[graphql(default = true)]
        dry_run: bool,
    }
}
input! {
    /// Say to whom somebody reports.
    SetManagerInput {
        /// Who reports.
        person_id: ID,
        /// To whom; null for nobody, which makes them a root.
        manager_id: Option<ID>,
        /// The first day; today if not given. History before it stays as it is.
        effective_date: Option<Date>,
    }
}
input! {
    /// Make somebody who has left a pseudonym.
    ErasePersonInput {
        /// Whom: TERMINATED, or taken back before they started.
        person_id: ID,
    }
}

/// What a mutation of a suggestion changed.
#[derive(Debug, SimpleObject)]
pub struct SuggestionPayload {
    /// The suggestion; null if there was a mistake, and where its counterpart is out of reach now that it is over.
    suggestion: Option<Suggestion>,
    /// What is to be mended; empty if it was done.
    user_errors: Vec<UserError>,
}

impl SuggestionPayload {
    pub(super) async fn of(ctx: &Context<'_>, outcome: Outcome<SuggestionChanged>) -> Result<Self, Fault> {
        match outcome {
            Ok(changed) => {
                let mut rows = session(ctx)?.suggestions_by_id(vec![changed.suggestion]).await?;
                Ok(Self {
                    suggestion: rows.remove(&changed.suggestion).map(Suggestion),
                    user_errors: vec![],
                })
            }
            Err(mistakes) => Ok(Self {
                suggestion: None,
                user_errors: user_errors(mistakes),
            }),
        }
    }
}

/// What a swap changed.
#[derive(Debug, SimpleObject)]
pub struct SwapSuggestionPayload {
    /// The old suggestion, now SWAPPED; null if there was a mistake.
    suggestion: Option<Suggestion>,
    /// The one in its place; null if there was a mistake.
    replacement: Option<Suggestion>,
    /// What is to be mended; empty if it was done.
    user_errors: Vec<UserError>,
}

impl SwapSuggestionPayload {
    pub(super) async fn of(ctx: &Context<'_>, outcome: Outcome<SuggestionSwapped>) -> Result<Self, Fault> {
        match outcome {
            Ok(swapped) => {
                let ids = vec![swapped.suggestion, swapped.replacement];
                let mut rows = session(ctx)?.suggestions_by_id(ids).await?;
                Ok(Self {
                    suggestion: rows.remove(&swapped.suggestion).map(Suggestion),
                    replacement: rows.remove(&swapped.replacement).map(Suggestion),
                    user_errors: vec![],
                })
            }
            Err(mistakes) => Ok(Self {
                suggestion: None,
                replacement: None,
                user_errors: user_errors(mistakes),
            }),
        }
    }
}

/// What a mutation of a meeting changed.
#[derive(Debug, SimpleObject)]
pub struct MeetingPayload {
    /// The meeting; null if there was a mistake.
    meeting: Option<Meeting>,
    /// What is to be mended; empty if it was done.
    user_errors: Vec<UserError>,
}

impl MeetingPayload {
    pub(super) async fn of(ctx: &Context<'_>, outcome: Outcome<MeetingChanged>) -> Result<Self, Fault> {
        match outcome {
            Ok(changed) => {
                let mut rows = session(ctx)?.meetings_by_id(vec![changed.meeting]).await?;
                Ok(Self {
                    meeting: rows.remove(&changed.meeting).map(Meeting),
                    user_errors: vec![],
                })
            }
            Err(mistakes) => Ok(Self {
                meeting: None,
                user_errors: user_errors(mistakes),
            }),
        }
    }
}

/// What a mutation of a peer changed.
#[derive(Debug, SimpleObject)]
pub struct PeerPayload {
    /// The peer; null if there was a mistake, and where the other one is out of reach now that it has ended.
    peer: Option<Peer>,
    /// What is to be mended; empty if it was done.
    user_errors: Vec<UserError>,
}

impl PeerPayload {
    pub(super) async fn of(ctx: &Context<'_>, outcome: Outcome<PeerChanged>) -> Result<Self, Fault> {
        match outcome {
            Ok(changed) => {
                let mut rows = session(ctx)?.peers_by_id(vec![changed.peer]).await?;
                Ok(Self {
                    peer: rows.remove(&changed.peer).map(Peer),
                    user_errors: vec![],
                })
            }
            Err(mistakes) => Ok(Self {
                peer: None,
                user_errors: user_errors(mistakes),
            }),
        }
    }
}

/// What a mutation of a person changed.
#[derive(Debug, SimpleObject)]
pub struct PersonPayload {
    /// The person; null if there was a mistake.
    pub(super) person: Option<Person>,
    /// What is to be mended; empty if it was done.
    pub(super) user_errors: Vec<UserError>,
}

impl PersonPayload {
    pub(super) async fn of(ctx: &Context<'_>, outcome: Outcome<PersonChanged>) -> Result<Self, Fault> {
        match outcome {
            Ok(changed) => {
                let mut rows = session(ctx)?.people_by_uid(vec![changed.person]).await?;
                Ok(Self {
                    person: rows.remove(&changed.person).map(Person),
                    user_errors: vec![],
                })
            }
            Err(mistakes) => Ok(Self {
                person: None,
                user_errors: user_errors(mistakes),
            }),
        }
    }
}

/// What a change of the settings led to.
#[derive(Debug, SimpleObject)]
pub struct SettingsPayload {
    /// The settings in force now; null if there was a mistake.
    settings: Option<Settings>,
    /// What is to be mended, each by its field; empty if it was done.
    user_errors: Vec<UserError>,
}

impl SettingsPayload {
    pub(super) async fn of(ctx: &Context<'_>, outcome: Outcome<SettingsChanged>) -> Result<Self, Fault> {
        Ok(match outcome {
            Ok(_) => Self {
                settings: session(ctx)?.shown_settings().await?.map(Into::into),
                user_errors: vec![],
            },
            Err(mistakes) => Self {
                settings: None,
                user_errors: user_errors(mistakes),
            },
        })
    }
}

/// What a draw found.
#[derive(Debug, SimpleObject)]
pub struct DrawPayload {
    /// The week; null if there was a mistake.
    pub(super) week: Option<IsoWeek>,
    /// Whether nothing was stored.
    pub(super) dry_run: bool,
    /// How many suggestions this run made, or would make.
    pub(super) created: i32,
    /// Everything that is suggested for the week, earlier runs included. Those of a dry run are not stored: their ids
    /// lead nowhere.
    pub(super) suggestions: Vec<Suggestion>,
    /// The slots for which there is nobody.
    pub(super) empty_slots: Vec<EmptySlot>,
    /// Version of the settings by which the newest run that found something was made, or of a dry run would be; null for
    /// a week that has no draw. A later change of the settings changes nothing that is drawn.
    pub(super) settings_version: Option<i32>,
    /// What is to be mended; empty if it was done.
    pub(super) user_errors: Vec<UserError>,
}

/// A slot for which there is nobody.
#[derive(Clone, Debug, Description)]
pub struct EmptySlot(pub(super) rotation::EmptySlot);

#[Object(use_type_description)]
impl EmptySlot {
    /// Whose.
    async fn leader(&self, ctx: &Context<'_>) -> Result<Person, Fault> {
        person(ctx, self.0.leader).await
    }

    /// Why.
    async fn code(&self) -> NoSuggestionCode {
        self.0.code.into()
    }

    /// The next week in which there will be somebody; null if that is not known.
    async fn next_week(&self) -> Option<IsoWeek> {
        self.0.next_week.map(IsoWeek)
    }
}
