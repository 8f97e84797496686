//! Proofs. A [`Scope`] says whom may be read, a [`Grant`] what may be done; only `policy` makes them, so a
//! read or write that skipped its rule does not compile.

use std::marker::PhantomData;

use chrono::{DateTime, Utc};

use crate::domain::person::PersonKey;

use super::viewer::Place;

/// Some people, seen from the viewer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// One person.
    Only(PersonKey),
    /// Everybody strictly below, today.
    Below(Place),
    /// Everybody strictly above, today.
    Above(Place),
    /// Whom the person has a meeting with, or a suggestion that is live at the instant, or as a confirmed peer.
    CounterpartsOf(PersonKey, DateTime<Utc>),
    /// Nobody, but what one source has sent.
    Source(String),
    /// Everybody, in the chart or not.
    Everyone,
}

/// What of a person may be read.
pub mod facet {
    /// Name, title, department, location, time zone, work e-mail.
    #[derive(Clone, Copy, Debug)]
    pub enum Cards {}
    /// Everything the HRIS told.
    #[derive(Clone, Copy, Debug)]
    pub enum Profiles {}
    /// Suggestions; the reach names their leaders.
    #[derive(Clone, Copy, Debug)]
    pub enum Suggestions {}
    /// Meeting facts; the reach names a participant.
    #[derive(Clone, Copy, Debug)]
    pub enum Meetings {}
    /// What people say of being suggested.
    #[derive(Clone, Copy, Debug)]
    pub enum Participation {}
    /// Peer edges; the reach names one of the two.
    #[derive(Clone, Copy, Debug)]
    pub enum Peers {}
    /// When people are free; never what they do when they are not.
    #[derive(Clone, Copy, Debug)]
    pub enum FreeTimes {}
    /// Secret addresses of calendars: that there is one, never which.
    #[derive(Clone, Copy, Debug)]
    pub enum Calendars {}
    /// Imports from an HR system.
    #[derive(Clone, Copy, Debug)]
    pub enum SyncRuns {}
    /// Webhooks, which are the organisation's.
    #[derive(Clone, Copy, Debug)]
    pub enum Webhooks {}
    /// The change feed; the reach names the source whose events are whole.
    #[derive(Clone, Copy, Debug)]
    pub enum Changes {}
    /// What a source keeps of its people by SCIM; the reach names the source.
    #[derive(Clone, Copy, Debug)]
    pub enum Accounts {}
    /// Coverage reports; the reach names whom they are about.
    #[derive(Clone, Copy, Debug)]
    pub enum Reports {}
    /// The audit log.
    #[derive(Clone, Copy, Debug)]
    pub enum Audit {}
    /// What is kept of the viewer and shown by nothing else: ids and names at sources, leave, what was done to them.
    #[derive(Clone, Copy, Debug)]
    pub enum OwnData {}
    /// Whose tokens can be taken back.
    #[derive(Clone, Copy, Debug)]
    pub enum Tokens {}
    /// The organisation's settings, which are everybody's.
    #[derive(Clone, Copy, Debug)]
    pub enum Settings {}
    /// What people write beside their meetings: notes, agenda, kudos; the reach names the reader.
    #[derive(Clone, Copy, Debug)]
    pub enum Notes {}
}

/// Whom the viewer may read, for one facet: the union of some reaches.
///
/// A scope is looked at anywhere and made in `auth` alone:
///
/// ```
/// use skiplevel::auth::scope::{Reach, Scope, facet::Cards};
/// fn look(scope: &Scope<Cards>) -> &[Reach] { scope.reaches() }
/// ```
/// ```compile_fail,E0616
/// use skiplevel::auth::scope::{Reach, Scope, facet::Cards};
/// fn widen(scope: &mut Scope<Cards>) { scope.reaches.push(Reach::Everyone) }
/// ```
/// ```compile_fail,E0451
/// use skiplevel::auth::scope::{Reach, Scope, facet::Cards};
/// fn make() -> Scope<Cards> {
///     Scope { reaches: vec![Reach::Everyone], viewer: None, facet: std::marker::PhantomData }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Scope<F> {
    pub(super) reaches: Vec<Reach>,
    pub(super) viewer: Option<PersonKey>,
    pub(super) facet: PhantomData<fn() -> F>,
}

impl<F> Scope<F> {
    /// The union that makes up this scope.
    pub fn reaches(&self) -> &[Reach] {
        &self.reaches
    }

    /// The viewer, when they stand in the chart.
    pub fn viewer(&self) -> Option<PersonKey> {
        self.viewer
    }

    /// Whether nobody is out of reach.
    pub fn is_everyone(&self) -> bool {
        self.reaches.contains(&Reach::Everyone)
    }
}

/// What may be done.
pub mod action {
    /// Be written down in the audit log.
    #[derive(Clone, Copy, Debug)]
    pub enum Record {}
    /// Change reporting lines.
    #[derive(Clone, Copy, Debug)]
    pub enum ManageChart {}
    /// Change the organisation's settings.
    #[derive(Clone, Copy, Debug)]
    pub enum Configure {}
    /// Draw a week for everybody.
    #[derive(Clone, Copy, Debug)]
    pub enum Draw {}
    /// Arrange, confirm or call off one's own meetings, answer one's own suggestions, keep one's own peers.
    #[derive(Clone, Copy, Debug)]
    pub enum Meet {}
    /// Say whether one wants to be suggested.
    #[derive(Clone, Copy, Debug)]
    pub enum TakePart {}
    /// Give oneself a calendar feed, and take it back.
    #[derive(Clone, Copy, Debug)]
    pub enum Subscribe {}
    /// Say when one works.
    #[derive(Clone, Copy, Debug)]
    pub enum KeepHours {}
    /// Get everything that is kept of oneself.
    #[derive(Clone, Copy, Debug)]
    pub enum Export {}
    /// Take back tokens of people.
    #[derive(Clone, Copy, Debug)]
    pub enum RevokeTokens {}
    /// Make somebody who has left a pseudonym.
    #[derive(Clone, Copy, Debug)]
    pub enum Erase {}
    /// Make and change webhooks.
    #[derive(Clone, Copy, Debug)]
    pub enum Integrate {}
    /// Forget what is too old, and send what is due.
    #[derive(Clone, Copy, Debug)]
    pub enum Upkeep {}
    /// Write people and lines of one source.
    #[derive(Clone, Copy, Debug)]
    pub enum Sync {}
    /// Write notes, agenda and kudos of one's own meetings.
    #[derive(Clone, Copy, Debug)]
    pub enum Note {}
    /// Handle what is sealed without reading it: seal it by another key, delete what is old.
    #[derive(Clone, Copy, Debug)]
    pub enum KeepNotes {}
}

/// Leave to do `A`.
///
/// Shown anywhere, made in `auth` alone:
///
/// ```
/// use skiplevel::auth::scope::{Grant, action::Draw};
/// fn who(grant: &Grant<Draw>) -> &str { grant.principal() }
/// ```
/// ```compile_fail,E0451
/// use skiplevel::auth::scope::{Grant, action::Draw};
/// fn make() -> Grant<Draw> {
///     Grant { principal: String::new(), person: None, action: std::marker::PhantomData }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Grant<A> {
    pub(super) principal: String,
    pub(super) person: Option<PersonKey>,
    pub(super) action: PhantomData<fn() -> A>,
}

impl<A> Grant<A> {
    /// Who was granted it.
    pub fn principal(&self) -> &str {
        &self.principal
    }

    /// Who that is in today's chart.
    pub fn person(&self) -> Option<PersonKey> {
        self.person
    }
}
