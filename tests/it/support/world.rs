//! An organisation in a database with the real server before it, and its people asking over HTTP.

use std::{
    net::{SocketAddr, TcpListener},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use skiplevel::{
    app::{App, AppOptions, Keyring, Session},
    auth::{
        audit::AuditChain,
        keys::{KeyMaterial, Secret},
        sealing::{NoteKeys, NoteKeysError},
        subject::SubjectRule,
        token::{NewToken, Role, TokenConfig, TokenRules, Verifier, sign},
    },
    domain::{
        Date,
        outline::Outline,
        person::PersonStatus,
        sync::{Field, Limits, Plan, Row, Run, SyncStatus},
        week::day_of,
    },
    http::{self, Bearers, Clock, Front, Settings, serve},
    store::{StatementObserver, Store, StoreOptions},
};
use tokio::sync::oneshot;

/// What all tokens of the tests are signed with.
pub(super) const SECRET: &str = "a secret of the tests, long enough for HS256";

/// The running server over a database, at an instant that is held.
pub struct World {
    pub database: Arc<super::TestDatabase>,
    pub app: App,
    pub now: DateTime<Utc>,
    pub address: SocketAddr,
    options: Options,
    statements: Arc<AtomicUsize>,
    client: reqwest::Client,
    _stop: oneshot::Sender<()>,
}

/// How a world differs from the usual one.
#[derive(Clone, Debug)]
pub struct Options {
    /// The organisation's time zone.
    pub zone: chrono_tz::Tz,
    /// How subjects find their person.
    pub subject: SubjectRule,
    /// What one request may be and may take.
    pub limits: http::Limits,
    /// How many people a source may let leave by SCIM within an hour.
    pub scim_leavers: Limits,
    /// The keys that notes are sealed with.
    pub notes: Keyring,
    /// What checks tokens; the secret of the tests if none.
    pub bearers: Option<Bearers>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            zone: chrono_tz::Tz::UTC,
            subject: SubjectRule::default(),
            // Tests ask faster than people.
            limits: http::Limits {
                cost_per_minute: 0,
                ..http::Limits::default()
            },
            scim_leavers: Limits {
                people: 50,
                percent: 10,
            },
            notes: Keyring::new(|| Ok::<_, NoteKeysError>(note_keys())).unwrap(),
            bearers: None,
        }
    }
}

impl World {
    /// A server over `database` at `now`, migrated and empty.
    pub async fn empty(database: super::TestDatabase, now: &str) -> Self {
        Self::start(Arc::new(database), now, &Options::default()).await
    }

    /// The organisation drawn in `outline`, imported by source `hr` with the names as external ids, at `now`.
    pub async fn of(database: super::TestDatabase, outline: &str, now: &str) -> Self {
        let world = Self::empty(database, now).await;
        world.import(outline).await;
        // What nothing else decides is decided alike in every run.
        let raw = world.database.raw().await;
        super::run(&raw, "UPDATE org_state SET draw_seed = 7").await.unwrap();
        world
    }

    /// The same database behind another server at another instant.
    pub async fn at(&self, now: &str) -> Self {
        Self::start(self.database.clone(), now, &self.options).await
    }

    /// The same database behind another server at the same instant.
    pub async fn beside(&self) -> Self {
        self.at(&self.now.to_rfc3339()).await
    }

    /// A server with options of its own.
    pub async fn start(database: Arc<super::TestDatabase>, now: &str, options: &Options) -> Self {
        let now: DateTime<Utc> = now.parse().unwrap();
        let statements = Arc::new(AtomicUsize::new(0));
        let counter = statements.clone();
        let mut store = Store::open(&StoreOptions::new(database.url.clone())).await.unwrap();
        store.migrate().await.unwrap();
        let of_request = http::statement_counter();
        let observer: StatementObserver = Arc::new(move |sql, time| {
            counter.fetch_add(1, Ordering::SeqCst);
            of_request(sql, time);
        });
        store.observe(&observer);
        let app = App::new(store, app_options(options));
        app.check_note_keys(now).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let door = Arc::new(Front::new(app.clone(), options.bearers.clone().unwrap_or_else(bearers)));
        let settings = Settings {
            clock: Clock::Held(now),
            limits: options.limits.clone(),
            ..Settings::default()
        };
        let (stop, stopped) = oneshot::channel();
        tokio::spawn(serve(listener, door, settings, async {
            let _ = stopped.await;
        }));
        let client = super::client();
        Self {
            database,
            app,
            now,
            address,
            options: options.clone(),
            statements,
            client,
            _stop: stop,
        }
    }

    /// What the application is set up with.
    pub fn app_options(&self) -> AppOptions {
        app_options(&self.options)
    }

    /// Today where the organisation is.
    pub fn today(&self) -> Date {
        day_of(self.now, self.options.zone)
    }

    /// A session of whoever runs commands here.
    pub async fn operator(&self) -> Session {
        self.app.operator("test", self.now).await.unwrap()
    }

    /// Imports an outline by source `hr`: names are external ids, `NAME@example.org` the e-mails. Fails the test unless
    /// all of it is applied.
    pub async fn import(&self, outline: &str) -> Plan {
        let plan = self.import_rows(rows(outline, self.today())).await;
        assert_eq!(plan.status, SyncStatus::Applied, "{:?}", plan.rows);
        plan
    }

    /// Imports rows by source `hr`.
    pub async fn import_rows(&self, rows: Vec<Row>) -> Plan {
        let run = Run {
            source: "hr".to_owned(),
            as_of: self.today(),
            rows,
            ..Run::default()
        };
        self.operator().await.apply_sync(run, &|_| {}).await.unwrap()
    }

    /// A token of `subject`, with `roles`.
    pub fn token(&self, subject: &str, roles: &[Role]) -> String {
        let token = NewToken {
            subject,
            roles,
            source: None,
            lifetime: TimeDelta::hours(8),
        };
        sign(&Secret::new(SECRET).unwrap(), &rules(), &token, self.now).unwrap()
    }

    /// A token of the integration of `source`.
    pub fn integration(&self, source: &str) -> String {
        let token = NewToken {
            subject: "machine",
            roles: &[Role::Integration],
            source: Some(source),
            lifetime: TimeDelta::hours(8),
        };
        sign(&Secret::new(SECRET).unwrap(), &rules(), &token, self.now).unwrap()
    }

    /// The whole answer to a person's GraphQL request; [`ADMIN`](super::ADMIN) is an HR admin.
    pub async fn ask(&self, who: &str, query: &str, variables: Value) -> Value {
        let request = self.post(who, &json!({ "query": query, "variables": variables }));
        request.send().await.unwrap().json().await.unwrap()
    }

    /// A request of `who` that is not sent yet.
    pub fn post(&self, who: &str, body: &Value) -> reqwest::RequestBuilder {
        let roles: &[Role] = if who == super::ADMIN { &[Role::HrAdmin] } else { &[] };
        self.post_as(&self.token(who, roles), body)
    }

    fn post_as(&self, token: &str, body: &Value) -> reqwest::RequestBuilder {
        self.client
            .post(format!("http://{}/graphql", self.address))
            .bearer_auth(token)
            .json(body)
    }

    /// The `data` of an answer without errors.
    pub async fn data(&self, who: &str, query: &str, variables: Value) -> Value {
        clean(self.ask(who, query, variables).await)
    }

    /// The `data` of an answer without errors to an HR admin who is not in the chart.
    pub async fn admin(&self, query: &str, variables: Value) -> Value {
        self.data(super::ADMIN, query, variables).await
    }

    /// The whole answer to the bearer of `token`.
    pub async fn ask_as(&self, token: &str, query: &str, variables: Value) -> Value {
        serde_json::from_str(&self.body_as(token, query, variables).await.1).unwrap()
    }

    /// Status and body of the answer to the bearer of `token`, byte for byte.
    pub async fn body_as(&self, token: &str, query: &str, variables: Value) -> (u16, String) {
        let request = self.post_as(token, &json!({ "query": query, "variables": variables }));
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    /// The global id of the person known as `external_id`.
    pub async fn id(&self, external_id: &str) -> String {
        let query = "query($id: String!) { person(by: {externalId: {source: \"hr\", externalId: $id}}) { id } }";
        let data = self.admin(query, json!({ "id": external_id })).await;
        data["person"]["id"]
            .as_str()
            .unwrap_or_else(|| panic!("nobody is known as {external_id}"))
            .to_owned()
    }

    /// The global id of the person with this address.
    pub async fn person_id(&self, email: &str) -> String {
        let query = "query($email: String!) { person(by: {email: $email}) { id } }";
        let data = self.admin(query, json!({ "email": email })).await;
        data["person"]["id"].as_str().unwrap().to_owned()
    }

    /// How many statements the database has run since the last call.
    pub fn statements(&self) -> usize {
        self.statements.swap(0, Ordering::SeqCst)
    }

    /// Says what people are from now on, as `NAME` below `MANAGER` and so on; see [`Change`].
    pub async fn change(&self, changes: &[Change<'_>]) -> Plan {
        let rows = (2..).zip(changes).map(|(line, change)| change.row(line)).collect();
        self.import_rows(rows).await
    }
}

/// What an import says of one person; what it is silent about stays.
#[derive(Clone, Copy, Debug, Default)]
pub struct Change<'a> {
    /// External id.
    pub who: &'a str,
    /// External id of the manager; blank for nobody.
    pub manager: Option<&'a str>,
    /// The day on which the manager changes.
    pub effective: Option<&'a str>,
    /// First working day.
    pub start: Option<&'a str>,
    /// Last working day.
    pub end: Option<&'a str>,
    /// Status word.
    pub status: Option<&'a str>,
}

impl Change<'_> {
    /// The row that says so.
    pub fn row(&self, line: u64) -> Row {
        let said = |text: Option<&str>| text.map_or(Field::Absent, field);
        Row {
            line,
            external_id: self.who.to_owned(),
            name: field(self.who),
            manager_external_id: said(self.manager),
            effective_date: said(self.effective),
            start_date: said(self.start),
            end_date: said(self.end),
            status: said(self.status),
            ..Row::default()
        }
    }
}

/// What an application is set up with.
fn app_options(options: &Options) -> AppOptions {
    AppOptions {
        zone: options.zone,
        subject: options.subject.clone(),
        page_max: 100,
        ids_max: 100,
        feed_days: 90,
        private_networks: skiplevel::domain::webhook::PrivateNetworks::Refused,
        audit: AuditChain::default(),
        sync_rows_max: 5000,
        scim_leavers: options.scim_leavers,
        notes: options.notes.clone(),
        note_characters: 10_000,
        // Drawn organisations come and go; every other source has the usual limits.
        thresholds: "5/10%,hr=1000000/100%".parse().unwrap(),
    }
}

/// The keys of tests that need none of their own.
pub fn note_keys() -> NoteKeys {
    NoteKeys::parse("test:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").unwrap()
}

/// A client of HTTP.
pub fn client() -> reqwest::Client {
    http::outbound::use_cryptography();
    reqwest::Client::new()
}

/// Checks tokens with the secret of the tests.
fn bearers() -> Bearers {
    let key = KeyMaterial::Secret(Secret::new(SECRET).unwrap());
    let config = TokenConfig { key, rules: rules() };
    Verifier::new(&config).unwrap().into()
}

/// What tokens must say.
pub fn rules() -> TokenRules {
    TokenRules {
        issuer: "skiplevel".to_owned(),
        audience: "skiplevel".to_owned(),
        roles_claim: "roles".to_owned(),
        max_lifetime: TimeDelta::hours(24),
    }
}

/// A field of an import row.
pub fn field(text: &str) -> Field {
    Field::Given(text.to_owned())
}

fn clean(mut answer: Value) -> Value {
    assert!(answer.get("errors").is_none(), "{answer:#}");
    answer["data"].take()
}

/// The rows of an outline.
fn rows(outline: &str, today: Date) -> Vec<Row> {
    let outline: Outline = outline.parse().unwrap();
    let row = |(line, person): (u64, &skiplevel::domain::outline::Drawn)| {
        let status = match person.status(today) {
            PersonStatus::PreHire => "pre_hire",
            PersonStatus::Active => "active",
            PersonStatus::OnLeave => "leave",
            PersonStatus::Terminated => "terminated",
        };
        let manager = person.manager.and_then(|key| outline.person(key));
        Row {
            line,
            external_id: person.name.clone(),
            name: field(&person.name),
            email: field(&format!("{}@example.org", person.name)),
            manager_external_id: manager.map_or(Field::Cleared, |manager| field(&manager.name)),
            start_date: field(&person.spell.start.to_string()),
            end_date: person.spell.end.map_or(Field::Cleared, |end| field(&end.to_string())),
            status: field(status),
            ..Row::default()
        }
    };
    (2..).zip(&outline.people).map(row).collect()
}
