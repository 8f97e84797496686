//! What a viewer can do, one method a use case on [`Session`]: proof, reads, pure function, write, in this order.

mod act;
mod agenda;
mod answers;
mod audit;
mod calendar;
mod changes;
mod coverage;
mod cursor;
mod demo;
mod draw;
mod erase;
mod error;
mod hours;
mod imports;
mod inbox;
mod keyring;
mod kudos;
mod lines;
mod meetings;
mod note_keys;
mod notes;
mod outlook;
mod own_data;
mod participation;
mod peers;
mod people;
mod scim;
mod scim_tokens;
mod session;
mod settings;
mod simulation;
mod suggestions;
mod sync;
mod times;
mod tokens;
mod vitals;
mod webhooks;
mod week;

pub use act::{Keyed, Mistake, MistakeCode, Outcome};
pub use agenda::{AboutAgendaItem, AddAgendaItemInput, AgendaChanged, AgendaFound, EditAgendaItemInput};
pub use audit::Verified;
pub use changes::{ChangePage, change_types};
pub use coverage::{Coverage, CoverageQuery, Eyes, LeaderFound};
pub use cursor::{CursorKey, FEED};
pub use demo::{DemoInput, DemoReport, Figure, Part};
pub use draw::{DrawInput, DrawReport};
pub use erase::ErasePersonInput;
pub use error::AppError;
pub use hours::{HoursChanged, HoursFound, SetWorkingHoursInput};
pub use imports::{ImportDone, ImportInput};
pub use inbox::{InboxItem, InboxSubject};
pub use keyring::{Keyring, Unreadable};
pub use kudos::{AboutKudos, KudosChanged, KudosFound, KudosQuery, WriteKudosInput};
pub use lines::{PersonChanged, SetManagerInput};
pub use meetings::{
    AboutMeeting, ConfirmMeetingInput, MeetingChanged, MeetingQuery, RecordMeetingInput, RequestMeetingInput,
    RescheduleMeetingInput, ScheduleMeetingInput,
};
pub use note_keys::{NoteKeysFault, Resealed, UnopenedText, VerifiedNotes};
pub use notes::{AboutNote, EditNoteInput, NoteChanged, NoteFound, NoteQuery, WriteNoteInput};
pub use own_data::{DataExported, ExportMyDataInput, OwnData, OwnMeeting, OwnProfile};
pub use participation::{ParticipationChanged, SetParticipationInput};
pub use peers::{AboutPeer, PeerChanged, PeerFound, PeerQuery, ProposePeerInput};
pub use people::{PeopleQuery, PersonFound, PersonKeyInput};
pub use scim::{AccountFilter, AccountKey, AccountRefusal, AccountWritten, Accounts};
pub use scim_tokens::{NewScimToken, ScimTokenInput};
pub use session::{App, AppOptions, Session};
pub use settings::{SettingsChange, SettingsChangeQuery, SettingsChanged, UpdateSettingsInput};
pub use simulation::ProgrammeInput;
pub use suggestions::{AboutSuggestion, AcceptSuggestionInput, SuggestionChanged, SuggestionQuery, SuggestionSwapped};
pub use sync::{ExportQuery, ExportedRow, SyncDone, SyncIntent, SyncPeopleInput, SyncRunQuery, SyncStep, Told};
pub use tokens::{RevokeTokensInput, TokensRevoked};
pub use webhooks::{
    AboutWebhook, Attempt, CreateWebhookInput, DueDelivery, UpdateWebhookInput, WebhookChanged, WebhookQuery,
    message_id,
};
pub use week::WeekPlan;

// What use cases answer with. The rooms above name these from here: nothing there knows the store.
pub use crate::store::{
    AuditFilter, AuditedRow, BackupError, ChangeFilter, ChangeRow, DeliveryFilter, DeliveryRow, IdentityRow,
    KeptSettings, LineRow, MeetingRow, PageRequest, PersonOrder, PersonRow, Pool, ScimTokenRow, Slice, SuggestionRow,
    SyncRowFilter, SyncRunRow, Vitals, WebhookRow, newest_migration,
};
