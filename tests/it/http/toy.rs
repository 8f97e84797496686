//! What stands behind the door in these tests: a schema that can wait, panic and count, and tokens that say what they do.

#![expect(clippy::unused_async, reason = "resolvers are async whether or not they wait")]

use std::{
    collections::HashMap,
    net::{SocketAddr, TcpListener},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use actix_web::web::{ServiceConfig, get};
use async_graphql::{Context, EmptySubscription, Object, Request, Schema};
use chrono::{DateTime, TimeZone as _, Utc};
use serde_json::{Value, json};
use skiplevel::{
    graphql::{
        error::{ErrorCode, Fault},
        extension::ErrorRules,
    },
    http::{Clock, Door, Entry, Limits, NotReady, OpenError, Refused, Settings, serve},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    sync::{oneshot, watch},
    task::JoinHandle,
};

/// Who asks, as the toy's resolvers see it.
pub struct Asker(pub String);

/// What the toy did, and what lets it go on.
#[derive(Default)]
pub struct Toy {
    /// Leaves resolved.
    pub leaves: AtomicUsize,
    /// Mutations begun.
    pub begun: watch::Sender<usize>,
    /// Mutations ended.
    pub ended: watch::Sender<usize>,
    /// Queries that wait, and those of them that were dropped.
    pub waiting: watch::Sender<usize>,
    /// Queries that were dropped while they waited.
    pub dropped: watch::Sender<usize>,
    /// What waits goes on when this is true.
    pub gate: watch::Sender<bool>,
}

fn one_more(count: &watch::Sender<usize>) {
    count.send_modify(|count| *count += 1);
}

/// Resolves once `count` is `wanted`.
pub async fn reaches(count: &watch::Sender<usize>, wanted: usize) {
    count.subscribe().wait_for(|count| *count >= wanted).await.unwrap();
}

impl Toy {
    async fn pass(&self) {
        self.gate.subscribe().wait_for(|open| *open).await.unwrap();
    }
}

/// Says when it is dropped unless it was told not to.
struct Guard(Option<Arc<Toy>>);

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(toy) = &self.0 {
            one_more(&toy.dropped);
        }
    }
}

pub struct Query;

#[Object]
impl Query {
    async fn leaf(&self, ctx: &Context<'_>) -> i32 {
        ctx.data_unchecked::<Arc<Toy>>().leaves.fetch_add(1, Ordering::Relaxed);
        1
    }

    async fn deep(&self) -> Query {
        Query
    }

    async fn who(&self, ctx: &Context<'_>) -> String {
        ctx.data_unchecked::<Asker>().0.clone()
    }

    async fn echo(&self, text: String) -> String {
        text
    }

    async fn forbidden(&self) -> Result<Option<i32>, Fault> {
        Err(Fault::new(ErrorCode::Forbidden, "not for you"))
    }

    async fn required(&self) -> Result<i32, Fault> {
        Err(Fault::new(ErrorCode::Forbidden, "not for you"))
    }

    async fn driver(&self) -> async_graphql::Result<Option<i32>> {
        Err(std::io::Error::other("UNIQUE constraint failed: person.email"))?
    }

    async fn boom(&self, #[graphql(default)] value: Option<i32>) -> Option<i32> {
        Some(value.expect("secret of the resolver"))
    }

    async fn waits(&self, ctx: &Context<'_>) -> i32 {
        let toy = ctx.data_unchecked::<Arc<Toy>>();
        let mut guard = Guard(Some(Arc::clone(toy)));
        one_more(&toy.waiting);
        toy.pass().await;
        guard.0 = None;
        1
    }
}

pub struct Mutation;

#[Object]
impl Mutation {
    async fn write(&self, ctx: &Context<'_>) -> usize {
        let toy = ctx.data_unchecked::<Arc<Toy>>();
        one_more(&toy.begun);
        toy.pass().await;
        one_more(&toy.ended);
        *toy.ended.borrow()
    }

    async fn import(&self, rows: Vec<String>) -> usize {
        rows.len()
    }
}

/// `Bearer` and a name. Some names open badly.
pub struct ToyDoor {
    schema: Schema<Query, Mutation, EmptySubscription>,
    pub ready: Mutex<Result<(), NotReady>>,
}

impl Door for ToyDoor {
    type Token = String;
    type Schema = Schema<Query, Mutation, EmptySubscription>;

    fn schema(&self) -> &Self::Schema {
        &self.schema
    }

    async fn authenticate(&self, authorization: &[&[u8]], _now: DateTime<Utc>) -> Result<String, Refused> {
        match authorization {
            [header] => {
                let name = header.strip_prefix(b"Bearer ").ok_or(Refused::Token)?;
                let name = str::from_utf8(name).map_err(|_| Refused::Token)?;
                if name.len() > 3 && name != "stale" {
                    Ok(name.to_owned())
                } else {
                    Err(Refused::Token)
                }
            }
            _ => Err(Refused::Token),
        }
    }

    fn principal(&self, token: &String) -> String {
        token.clone()
    }

    async fn open(&self, entry: Entry<String>) -> Result<Request, OpenError> {
        match entry.token.as_str() {
            "stranger" => Err(OpenError::Unauthenticated),
            "busy" => Err(OpenError::Busy("no connection to db.example.org".into())),
            "broken" => Err(OpenError::Internal("relation \"person\" does not exist".into())),
            "panics" => panic!("secret of the session"),
            name => Ok(entry.request.data(Asker(format!("{name} at {}", entry.now)))),
        }
    }

    async fn ready(&self) -> Result<(), NotReady> {
        self.ready.lock().unwrap().clone()
    }

    fn routes(self: Arc<Self>, config: &mut ServiceConfig) {
        config.route("/more", get().to(|| async { "more" }));
    }

    fn bulk_body(&self, token: &String, limits: &Limits) -> usize {
        if token == "hris" { limits.bulk_body } else { limits.body }
    }
}

/// Small limits, so that tests can reach them, and a held clock.
pub fn settings() -> Settings {
    Settings {
        limits: Limits {
            body: 4096,
            bulk_body: 16 * 1024,
            bulk_fields: vec!["import".to_owned()],
            per_principal: 2,
            in_flight: 3,
            cost_per_minute: 0,
            ..Limits::default()
        },
        clock: Clock::Held(Utc.with_ymd_and_hms(2026, 1, 5, 9, 0, 0).unwrap()),
        grace: Duration::from_secs(10),
        ..Settings::default()
    }
}

/// A server on a port of its own, until it is stopped or dropped.
pub struct Running {
    pub toy: Arc<Toy>,
    pub door: Arc<ToyDoor>,
    pub address: SocketAddr,
    pub client: reqwest::Client,
    stop: Option<oneshot::Sender<()>>,
    server: JoinHandle<std::io::Result<()>>,
}

pub fn start(settings: Settings) -> Running {
    let toy = Arc::new(Toy::default());
    let schema = Schema::build(Query, Mutation, EmptySubscription)
        .extension(ErrorRules)
        .data(Arc::clone(&toy))
        .finish();
    let door = Arc::new(ToyDoor {
        schema,
        ready: Mutex::new(Ok(())),
    });
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let stopped = async {
        let _ = stopped.await;
    };
    let server = tokio::spawn(serve(listener, Arc::clone(&door), settings, stopped));
    Running {
        toy,
        door,
        address,
        client: crate::support::client(),
        stop: Some(stop),
        server,
    }
}

impl Running {
    pub fn schema(&self) -> &Schema<Query, Mutation, EmptySubscription> {
        &self.door.schema
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// A POST of JSON, as Ann, under `application/graphql-response+json`.
    pub fn post(&self, body: &Value) -> reqwest::RequestBuilder {
        self.client
            .post(self.url("/graphql"))
            .bearer_auth("ann1")
            .header("accept", "application/graphql-response+json")
            .json(body)
    }

    pub async fn ask(&self, query: &str) -> Answer {
        answer(self.post(&json!({ "query": query }))).await
    }

    /// Asks the server to stop.
    pub fn stop(&mut self) {
        self.stop.take().map(|stop| stop.send(()));
    }

    /// Whether the server has ended.
    pub fn has_ended(&self) -> bool {
        self.server.is_finished()
    }

    /// Resolves when the server has ended.
    pub async fn ended(self) -> std::io::Result<()> {
        self.server.await.unwrap()
    }

    /// Bytes as they are, on a connection of their own.
    pub async fn raw(&self, bytes: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        stream
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HashMap<String, String>,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// Status and the first error's code.
    pub fn refusal(&self) -> (u16, String) {
        let code = self.json()["errors"][0]["extensions"]["code"].clone();
        (self.status, code.as_str().unwrap_or_default().to_owned())
    }
}

pub async fn answer(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let headers = response.headers().iter();
    Answer {
        status: response.status().as_u16(),
        headers: headers
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect(),
        text: response.text().await.unwrap(),
    }
}

/// A request as text, with its `Content-Length`.
pub fn request_text(body: &str) -> String {
    format!(
        "POST /graphql HTTP/1.1\r\nHost: toy\r\nAuthorization: Bearer ann1\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// The last request of its connection.
pub fn last(request: &str) -> String {
    request.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")
}

/// Everything that comes until the server closes the connection.
pub async fn until_closed(mut stream: TcpStream) -> String {
    let mut text = Vec::new();
    // A reset after the answer is as good as a close.
    let _ = stream.read_to_end(&mut text).await;
    String::from_utf8(text).unwrap()
}

/// The first bytes that come.
pub async fn first_bytes(stream: &mut TcpStream) -> String {
    let mut text = vec![0; 4096];
    let length = stream.read(&mut text).await.unwrap();
    String::from_utf8_lossy(&text[..length]).into_owned()
}
