//! The closed sets of the domain, as the schema words them.

use async_graphql::Enum;

use crate::{
    app::{self, MistakeCode},
    auth::{policy, token},
    domain::{audit, calendar::hours, inbox, line, meeting, note, peers, person, settings, suggestion, sync, webhook},
};

/// What a 1:1 is. Derived from the chart when it is created, and frozen then.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "meeting::MeetingKind")]
pub enum MeetingKind {
    /// A manager and somebody who reports to them.
    Direct,
    /// A leader and somebody two or more levels below.
    SkipLevel,
    /// Two people of whom neither stands above the other.
    Peer,
}

/// How far a meeting has come. Only HELD counts.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "meeting::MeetingStatus")]
pub enum MeetingStatus {
    /// Agreed, or asked for while it has no time yet.
    Scheduled,
    /// Took place and was confirmed by a participant.
    Held,
    /// Called off.
    Cancelled,
    /// One of the two said no, without a reason. Shown to the two alone; to HR admins it is CANCELLED.
    Declined,
    /// Its time went by and nobody has confirmed it. It does not count; either can still confirm it.
    Unconfirmed,
}

/// Where a meeting came from.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "meeting::MeetingOrigin")]
pub enum MeetingOrigin {
    /// An accepted suggestion.
    Rotation,
    /// Arranged or recorded by the leader without a suggestion.
    LeaderChoice,
    /// Asked for by the counterpart.
    CounterpartRequest,
    /// Told by an import.
    Import,
}

/// What was done to the organisation's data.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "audit::Action")]
pub enum AuditAction {
    /// Somebody was given another manager by hand; `manager` and `from` are details.
    SetManager,
    /// The organisation's settings were changed; `version` is a detail.
    UpdateSettings,
    /// People were imported; the subject is the import.
    SyncPeople,
    /// Absences were imported.
    SyncAbsences,
    /// Meetings were imported.
    ImportMeetings,
    /// A week was drawn by hand.
    DrawSuggestions,
    /// Somebody got everything that is kept of them.
    ExportMyData,
    /// Somebody who had left was made a pseudonym.
    ErasePerson,
    /// Somebody's tokens were taken back for them.
    RevokeTokens,
    /// Somebody took their own tokens back.
    RevokeOwnTokens,
    /// A webhook was made.
    CreateWebhook,
    /// A webhook was changed.
    UpdateWebhook,
    /// A webhook was given another secret.
    RotateWebhookSecret,
    /// A webhook was deleted.
    DeleteWebhook,
    /// A SCIM token was made.
    CreateScimToken,
    /// A SCIM token was taken back.
    RevokeScimToken,
}

/// What is asked of the viewer.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "inbox::Ask")]
pub enum Ask {
    /// Accept, skip or swap a suggestion.
    AnswerSuggestion,
    /// Give a request its first time, or decline it.
    AnswerRequest,
    /// Agree on a time for a meeting that was accepted for a week.
    AgreeOnTime,
    /// Say whether a meeting took place whose time has gone by.
    ConfirmMeeting,
}

/// Why a meeting was cancelled.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "meeting::CancelReason")]
pub enum CancelReason {
    /// One of the two called it off.
    CalledOff,
    /// One of the two has left the organisation.
    PersonTerminated,
}

/// Why a meeting counts as held.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "meeting::Evidence")]
pub enum Evidence {
    /// One of the two said so.
    Participant,
    /// A calendar or another tool said so.
    Import,
}

/// Where somebody stands below a leader that has four or more levels below.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "meeting::Band")]
pub enum Band {
    /// Without reports, three or more levels below.
    Bottom,
    /// Everybody else below.
    Middle,
    /// Two levels below.
    Near,
}

/// How far a suggestion has come.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "suggestion::SuggestionStatus")]
pub enum SuggestionStatus {
    /// Waits for the leader's answer.
    Open,
    /// Accepted: a meeting was scheduled.
    Accepted,
    /// Skipped: the person keeps their place.
    Skipped,
    /// Swapped for the next one.
    Swapped,
    /// Its week went by unanswered.
    Expired,
    /// Taken away by leave, an exit, a re-org or the load cap, or because the other one of two peers has no time for it.
    Invalidated,
}

/// Why a suggestion was taken away.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "suggestion::InvalidReason")]
pub enum InvalidReason {
    /// One of the two is on leave in its week.
    OnLeave,
    /// One of the two has left.
    Left,
    /// The counterpart no longer stands two or more levels below the leader; of a PEER suggestion, one of the two now
    /// stands above the other.
    Reorganised,
    /// The counterpart has had another skip-level too near to it.
    LoadCap,
    /// The other one has no time for it. Nothing follows from that for either; the viewer is suggested to others as before.
    NotThisTime,
}

/// Why the draw found nobody.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "suggestion::NoSuggestionCode")]
pub enum NoSuggestionCode {
    /// Nobody two or more levels below can be met in that week at all.
    PoolEmpty,
    /// The leader has met everybody too recently.
    AllCoolingDown,
    /// Everybody left has another skip-level too near to that week.
    AllAtLoadCap,
    /// The leader is on leave.
    OnLeave,
    /// Nobody stands two or more levels below the viewer.
    NotALeader,
    /// Leaders have no slots: `slotsPerWeek` is 0.
    NoSlots,
    /// The week has not been drawn yet.
    NotDrawnYet,
}

/// Why somebody is not suggested. People who do not want to be suggested have no word of their own here: they get what
/// anybody else could get.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "suggestion::WhyNotCode")]
pub enum WhyNotCode {
    /// They report to the viewer.
    DirectReport,
    /// The two have met, or will meet, too recently, or rest after a decline; `until` the day on which that ends.
    Cooldown,
    /// They have another skip-level too near to this week; `until` the Monday of the week in which that ends, or the next.
    LoadCap,
    /// They are on leave on a day of this week; `until` the day on which they are back, if that is known.
    OnLeave,
    /// They have joined too recently; `until` the day from which on they may be suggested.
    TooNew,
    /// They leave before this week ends.
    Leaving,
    /// Others come first.
    LowerInOrder,
}

/// Why the draw picked somebody.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReasonCode {
    /// Nobody above has held a skip-level with them, as far as the leader may know; `days` since they could have been heard.
    NeverHeard,
    /// They have waited longest to be heard by anybody above: at least `days`, leave not counted.
    LongestWait,
    /// No other leader can reach them.
    OnlyYouCanReach,
    /// The bottom of the ladder: the `count`-th of `of` such meetings this month.
    BottomOfLadder,
    /// Of a branch that the leader has visited `count` times in 26 weeks.
    BranchRarelyVisited,
    /// Joined `days` ago.
    NewJoiner,
    /// The viewer's last peer 1:1 with anybody was held `days` before the week; four weeks are the aim.
    PeerDue,
    /// The viewer has not held a peer 1:1 yet.
    FirstPeer,
    /// The two confirmed each other as peers.
    ConfirmedPeer,
    /// One of the two proposed the other as a peer, or a dotted line stands between them.
    ProposedPeer,
    /// They work in the viewer's own department.
    SameFunction,
    /// They work in another department.
    OtherFunction,
}

/// How far two peers have come.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "peers::PeerState")]
pub enum PeerState {
    /// Not both have agreed.
    Proposed,
    /// Both have agreed: each sees the other's card.
    Confirmed,
    /// One of the two ended it: they are not suggested to each other any more.
    Ended,
}

/// Where two peers know of each other from.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "peers::PeerOrigin")]
pub enum PeerOrigin {
    /// A dotted line between them.
    Import,
    /// One of the two proposed the other.
    Person,
    /// The weekly draw.
    Discovery,
}

/// How much managers between a leader and a person learn of their skip-level.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "settings::BetweenVisibility")]
pub enum BetweenVisibility {
    /// The month, one month late; never the leader or the day.
    Month,
    /// Nothing.
    None,
}

/// Whom the draw suggests to each other as peers.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "settings::PeerDiscovery")]
pub enum PeerDiscovery {
    /// Confirmed and proposed peers, and leaders of different branches on levels at most one apart.
    Leaders,
    /// Confirmed peers alone.
    ConfirmedOnly,
    /// Nobody. Peers can still be proposed, and meet.
    Off,
}

/// A day of the week.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "hours::Weekday")]
pub enum Weekday {
    /// The first day of an ISO week.
    Monday,
    /// The second.
    Tuesday,
    /// The third.
    Wednesday,
    /// The fourth.
    Thursday,
    /// The fifth.
    Friday,
    /// The sixth.
    Saturday,
    /// The last.
    Sunday,
}

/// Where a person stands towards the organisation today.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "person::PersonStatus")]
pub enum PersonStatus {
    /// Has not started yet.
    PreHire,
    /// Employed and at work.
    Active,
    /// Employed and on leave: keeps their place in the chart and is not suggested.
    OnLeave,
    /// Has left.
    Terminated,
}

/// What the viewer is.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "token::Role")]
pub enum Role {
    /// Somebody in today's chart.
    Person,
    /// An HR admin: sees people, lines and meeting facts of everybody.
    HrAdmin,
    /// A machine that writes for its own source.
    Integration,
}

/// How the viewer stands to a person, and so what they see of them.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "policy::Access")]
pub enum Access {
    /// The viewer themselves: the full profile.
    #[graphql(name = "SELF")]
    Own,
    /// Somebody below the viewer: the full profile.
    Below,
    /// Somebody above the viewer: the card.
    Above,
    /// A counterpart of a meeting or a live suggestion, or a confirmed peer: the card.
    Card,
    /// The viewer is an HR admin: the full profile.
    Admin,
}

/// What a reporting line means.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "line::LineKind")]
pub enum LineKind {
    /// The reporting line.
    Solid,
    /// A secondary line: grants no sight and counts for no distance.
    Dotted,
}

/// In which order people are listed.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "app::PersonOrder")]
pub enum PersonOrder {
    /// By name, without regard to case and accents.
    Name,
    /// From the top of the chart downwards, then by name.
    Depth,
    /// Whom the viewer met longest ago first, and before all others whom they never met.
    LeastRecentlyMet,
}

/// What kind of mistake a user can mend.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "MistakeCode")]
pub enum UserErrorCode {
    /// Something is missing.
    Required,
    /// A text is too long.
    TooLong,
    /// A value does not fit.
    Invalid,
    /// Nothing in the viewer's reach has this id.
    NotFound,
    /// The lines would form a ring.
    Cycle,
    /// It would contradict something else that stands.
    Conflict,
    /// Not possible between these people.
    NotAllowed,
    /// A limit is reached.
    Limit,
    /// One person has at most one skip-level a week, and some days between any two.
    LoadCap,
    /// The present status does not allow this step; the message names it.
    WrongStatus,
    /// Nobody else can be suggested this week.
    NobodyLeft,
    /// The server has no key to keep what people write: its operator has to set one up.
    NotesOff,
}

/// Who reads a note.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "note::Visibility")]
pub enum NoteVisibility {
    /// Its author alone.
    Private,
    /// Both of the meeting.
    Shared,
}

/// Whether the rows of an import are all that its source has.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "sync::Mode")]
pub enum SyncMode {
    /// People it does not name stay as they are.
    Partial,
    /// People of the source whom it does not name have left. Rows with errors name theirs all the same; people whom
    /// another source knows too stay.
    Full,
}

/// What a row with an error does to the others.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "sync::OnError")]
pub enum OnError {
    /// Nothing is written.
    Abort,
    /// It is left out; the others are written.
    Skip,
}

/// What a manager nobody knows does to a row.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "sync::OnUnknownManager")]
pub enum OnUnknownManager {
    /// The row has an error.
    Error,
    /// The person keeps the manager they have, with a warning, until the one named arrives.
    Pending,
    /// The person keeps the manager they have, with a warning.
    Keep,
}

/// What becomes of the reports of those who leave.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "sync::OnTerminatedManager")]
pub enum OnTerminatedManager {
    /// They keep their line, with a warning; the chart closes the gap by itself.
    Keep,
    /// From the day after the exit on they report to the nearest manager above who has not left.
    SkipLevel,
}

/// Whether people of other sources may be found by what else is known of them.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "sync::LinkBy")]
pub enum LinkBy {
    /// Only by the source's own ids.
    None,
    /// By the e-mail address of somebody whom the source does not know yet.
    Email,
}

/// How far an import has come.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "sync::SyncStatus")]
pub enum SyncStatus {
    /// May be applied.
    Planned,
    /// Was applied.
    Applied,
    /// Was applied without the rows that had errors.
    AppliedWithErrors,
    /// Rows have errors; nothing was written.
    Rejected,
    /// Somebody has to look first; nothing was written.
    Blocked,
}

/// What becomes of a row.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "sync::RowAction")]
pub enum RowAction {
    /// A new person.
    Created,
    /// Something about a known person changes.
    Updated,
    /// Everything stands already.
    Unchanged,
    /// The person leaves.
    Terminated,
    /// The person comes back.
    Rehired,
    /// Somebody of another source, found by their address, is of this one too.
    Linked,
    /// Not a person, or a repetition.
    Skipped,
    /// Has an error.
    Failed,
}

/// How far a message to a webhook has come.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "webhook::DeliveryStatus")]
pub enum WebhookDeliveryStatus {
    /// To be tried, or tried again.
    Pending,
    /// The receiver took it.
    Delivered,
    /// Given up.
    Failed,
}

/// How much a finding weighs.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "sync::Severity")]
pub enum Severity {
    /// The row cannot be used.
    Error,
    /// Used as it is; somebody should look.
    Warning,
}
