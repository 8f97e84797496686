//! One request of one viewer: one connection, one read snapshot, opened with the viewer's own row.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use tokio::sync::{Mutex, OnceCell, Semaphore};

use super::{AppError, CursorKey, Keyring};
use crate::{
    auth::{
        audit::AuditChain,
        calendar::CalendarHash,
        scim::SecretHash,
        subject::SubjectRule,
        token::VerifiedToken,
        viewer::{Place, Viewer},
    },
    domain::{
        Date,
        settings::Settings,
        sync::{Limits, Thresholds},
        webhook::PrivateNetworks,
    },
    store::{KeptSettings, Moment, OrgState, ScimTokenRow, Snapshot, Store, Subject, Write},
};

/// What the program is set up with.
#[derive(Clone, Debug)]
pub struct AppOptions {
    /// The organisation's time zone, unless its settings name another.
    pub zone: Tz,
    /// How a token's subject finds its person.
    pub subject: SubjectRule,
    /// Most nodes on a page.
    pub page_max: u32,
    /// Most ids that one field takes.
    pub ids_max: u32,
    /// How many days the change feed reaches back.
    pub feed_days: u32,
    /// Whether webhooks may lead to private networks.
    pub private_networks: PrivateNetworks,
    /// Most rows that a client sends at a time to be synced.
    pub sync_rows_max: usize,
    /// Seals the audit log.
    pub audit: AuditChain,
    /// How many people of a source a run may dismiss, or leave without a manager, unseen.
    pub thresholds: Thresholds,
    /// How many people a source may let leave by SCIM within an hour.
    pub scim_leavers: Limits,
    /// The keys that notes are sealed with.
    pub notes: Keyring,
    /// Most characters of a note.
    pub note_characters: usize,
}

/// The program over its database.
#[derive(Clone, Debug)]
pub struct App {
    pub(super) store: Store,
    pub(super) options: Arc<AppOptions>,
    /// Programmes that requests may play at a time.
    pub(super) simulations: Arc<Semaphore>,
}

/// One request.
#[derive(Clone, Debug)]
pub struct Session {
    pub(super) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(super) struct Inner {
    pub(super) app: App,
    asks: Asks,
    now: DateTime<Utc>,
    /// As of the opening, like the day: one request lives on one day, even the one that changes the time zone.
    zone: Tz,
    today: Date,
    current: Mutex<Option<Arc<Current>>>,
    /// As of the opening: who asks cannot change within a request.
    principal: String,
    cursor_key: CursorKey,
    feed_key: CursorKey,
}

/// Who asks, to be joined with the database's row again in every transaction.
#[derive(Debug)]
enum Asks {
    Token(Box<VerifiedToken>),
    Scim(SecretHash),
    Calendar(CalendarHash),
    Operator(&'static str),
}

/// What the database has to say of who asks.
#[derive(Debug)]
enum Known {
    Subject(Subject),
    Scim(Option<ScimTokenRow>),
    Calendar(Option<Place>),
    Nothing,
}

/// What one transaction sees.
#[derive(Debug)]
pub(super) struct Current {
    pub(super) snapshot: Snapshot,
    pub(super) viewer: Viewer,
    pub(super) state: OrgState,
    settings: OnceCell<KeptSettings>,
}

impl Current {
    fn new(snapshot: Snapshot, viewer: Viewer, state: OrgState) -> Self {
        Self {
            snapshot,
            viewer,
            state,
            settings: OnceCell::new(),
        }
    }

    /// The settings in force in this snapshot.
    pub(super) async fn settings(&self) -> Result<&Settings, AppError> {
        Ok(&self.kept_settings().await?.settings)
    }

    /// The settings in force in this snapshot and where they come from, read once.
    pub(super) async fn kept_settings(&self) -> Result<&KeptSettings, AppError> {
        let read = async || Ok::<_, AppError>(self.snapshot.settings().await?);
        self.settings.get_or_try_init(read).await
    }
}

/// One write transaction of the viewer's.
#[derive(Debug)]
pub(super) struct Turn {
    pub(super) write: Write,
    pub(super) viewer: Viewer,
    pub(super) settings: Settings,
    pub(super) settings_version: i64,
    pub(super) state: OrgState,
}

impl App {
    /// The program over `store`.
    pub fn new(store: Store, options: AppOptions) -> Self {
        Self {
            store,
            options: Arc::new(options),
            simulations: Arc::new(Semaphore::new(1)),
        }
    }

    /// Opens a request for whoever the token names, at `now`.
    pub async fn open(&self, token: VerifiedToken, now: DateTime<Utc>) -> Result<Session, AppError> {
        self.session(Asks::Token(Box::new(token)), now).await
    }

    /// Opens a request for the integration whose SCIM token has this hash, at `now`.
    pub async fn open_scim(&self, secret: SecretHash, now: DateTime<Utc>) -> Result<Session, AppError> {
        self.session(Asks::Scim(secret), now).await
    }

    /// Opens a request for whoever has the calendar feed whose secret has this hash, at `now`.
    pub async fn open_calendar(&self, secret: CalendarHash, now: DateTime<Utc>) -> Result<Session, AppError> {
        self.session(Asks::Calendar(secret), now).await
    }

    /// Opens a request for whoever runs a command here (`name` stands in the records): an HR admin outside the chart.
    pub async fn operator(&self, name: &'static str, now: DateTime<Utc>) -> Result<Session, AppError> {
        self.session(Asks::Operator(name), now).await
    }

    /// Whether the database answers.
    pub async fn ready(&self) -> Result<(), AppError> {
        Ok(self.store.ping().await?)
    }

    /// Closes the database after its last transactions.
    pub async fn close(self) -> Result<(), AppError> {
        Ok(self.store.close().await?)
    }

    async fn session(&self, asks: Asks, now: DateTime<Utc>) -> Result<Session, AppError> {
        let (snapshot, state, known) = self.look(&asks, now).await?;
        refuse_revoked(&asks, &known)?;
        let current = Current::new(snapshot, viewer(&asks, known, now)?, state);
        let (zone, today) = (self.zone(&current.state), current.state.today(self.moment(now)));
        let principal = current.viewer.principal().to_owned();
        let cursor_key = CursorKey::new(&current.state.cursor_key, &principal);
        let feed_key = CursorKey::of_feed(&current.state.cursor_key);
        let current = Mutex::new(Some(Arc::new(current)));
        Ok(Session {
            inner: Arc::new(Inner {
                app: self.clone(),
                asks,
                now,
                zone,
                today,
                current,
                principal,
                cursor_key,
                feed_key,
            }),
        })
    }

    /// A snapshot whose chart holds today. Past a day boundary the first request rolls the chart forward.
    async fn look(&self, asks: &Asks, now: DateTime<Utc>) -> Result<(Snapshot, OrgState, Known), AppError> {
        let moment = self.moment(now);
        let snapshot = self.store.snapshot().await?;
        let (state, known) = self.look_up(&snapshot, asks, now).await?;
        self.used(&known, now).await;
        if state.holds_on(state.today(moment)) {
            return Ok((snapshot, state, known));
        }
        drop(snapshot);
        self.store.roll_to(moment).await?;
        let snapshot = self.store.snapshot().await?;
        let (state, known) = self.look_up(&snapshot, asks, now).await?;
        Ok((snapshot, state, known))
    }

    pub(super) fn moment(&self, now: DateTime<Utc>) -> Moment {
        let zone = self.options.zone;
        Moment { now, zone }
    }

    pub(super) fn zone(&self, state: &OrgState) -> Tz {
        state.zone.unwrap_or(self.options.zone)
    }

    async fn look_up(
        &self,
        snapshot: &Snapshot,
        asks: &Asks,
        now: DateTime<Utc>,
    ) -> Result<(OrgState, Known), AppError> {
        Ok(match asks {
            Asks::Token(token) => {
                let (state, subject) = snapshot.viewer(&self.options.subject, token.subject()).await?;
                (state, Known::Subject(subject))
            }
            Asks::Scim(secret) => {
                let token = snapshot.scim_token(secret, now).await?;
                (snapshot.org_state().await?, Known::Scim(token))
            }
            Asks::Calendar(secret) => {
                let reader = snapshot.calendar_reader(secret).await?;
                (snapshot.org_state().await?, Known::Calendar(reader))
            }
            Asks::Operator(_) => (snapshot.org_state().await?, Known::Nothing),
        })
    }

    /// Writes down that a SCIM token is in use. Failing to is no reason to refuse its bearer.
    async fn used(&self, known: &Known, now: DateTime<Utc>) {
        let Known::Scim(Some(token)) = known else { return };
        if token.is_used_anew(now)
            && let Err(error) = self.store.scim_token_used(token.id, now).await
        {
            tracing::warn!(%error, "the use of a SCIM token could not be written down");
        }
    }
}

impl Session {
    /// The instant of the request.
    pub fn now(&self) -> DateTime<Utc> {
        self.inner.now
    }

    /// The day of the request in the organisation's time zone.
    pub fn today(&self) -> Date {
        self.inner.today
    }

    /// The organisation's time zone.
    pub fn zone(&self) -> Tz {
        self.inner.zone
    }

    /// Most nodes on a page.
    pub fn page_max(&self) -> u32 {
        self.inner.app.options.page_max
    }

    /// Most ids that one field takes.
    pub fn ids_max(&self) -> u32 {
        self.inner.app.options.ids_max
    }

    /// A stable name of who asks.
    pub fn principal(&self) -> &str {
        &self.inner.principal
    }

    /// Signs this viewer's cursors.
    pub fn cursor_key(&self) -> &CursorKey {
        &self.inner.cursor_key
    }

    /// Signs places in the change feed.
    pub fn feed_key(&self) -> &CursorKey {
        &self.inner.feed_key
    }

    /// Who asks, as the database sees them now.
    pub async fn viewer(&self) -> Result<Viewer, AppError> {
        Ok(self.current().await?.viewer.clone())
    }

    /// The settings in force.
    pub async fn settings(&self) -> Result<Settings, AppError> {
        Ok(self.current().await?.settings().await?.clone())
    }

    /// The snapshot of this request; after a write, a new one that shows it.
    pub(super) async fn current(&self) -> Result<Arc<Current>, AppError> {
        let mut current = self.inner.current.lock().await;
        if let Some(current) = current.as_ref() {
            return Ok(current.clone());
        }
        // On the heap: it happens once after a write, and every resolver would be as large.
        let fresh = Arc::new(Box::pin(self.reopen()).await?);
        *current = Some(fresh.clone());
        Ok(fresh)
    }

    /// The request as it goes on after a write. Whoever took their own tokens back still gets the answer that says so.
    async fn reopen(&self) -> Result<Current, AppError> {
        let Inner { app, asks, now, .. } = &*self.inner;
        let (snapshot, state, known) = app.look(asks, *now).await?;
        Ok(Current::new(snapshot, viewer(asks, known, *now)?, state))
    }

    /// Gives the snapshot back and takes the writer's turn. A request never holds two connections (mine L8).
    pub(super) async fn turn(&self) -> Result<Turn, AppError> {
        self.inner.current.lock().await.take();
        let write = self
            .inner
            .app
            .store
            .write(self.inner.app.moment(self.inner.now))
            .await?;
        let (state, known) = self.inner.app.look_up(&write, &self.inner.asks, self.inner.now).await?;
        refuse_revoked(&self.inner.asks, &known)?;
        let viewer = viewer(&self.inner.asks, known, self.inner.now)?;
        let KeptSettings { version, settings, .. } = write.settings().await?;
        Ok(Turn {
            write,
            viewer,
            settings,
            settings_version: version,
            state,
        })
    }
}

/// A token that was taken back opens nothing, and writes nothing where it was taken back in the meantime.
fn refuse_revoked(asks: &Asks, known: &Known) -> Result<(), AppError> {
    match (asks, known) {
        (Asks::Token(token), Known::Subject(subject)) if !token.outlives(subject.tokens_valid_after) => {
            tracing::info!("a token was refused that was taken back");
            Err(AppError::Unauthenticated)
        }
        _ => Ok(()),
    }
}

fn viewer(asks: &Asks, known: Known, now: DateTime<Utc>) -> Result<Viewer, AppError> {
    match (asks, known) {
        (Asks::Token(token), Known::Subject(subject)) => {
            Viewer::new(token, subject.place, now).map_err(|_| AppError::Unauthenticated)
        }
        (Asks::Scim(_), Known::Scim(Some(token))) => Ok(Viewer::scim(token.id, token.source, now)),
        (Asks::Calendar(_), Known::Calendar(Some(place))) => Ok(Viewer::calendar(place, now)),
        (Asks::Operator(name), _) => Ok(Viewer::operator(name, now)),
        (Asks::Token(_) | Asks::Scim(_) | Asks::Calendar(_), _) => Err(AppError::Unauthenticated),
    }
}
