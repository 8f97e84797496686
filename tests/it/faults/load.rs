//! Clients that write without a pause, and remember what they were told.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::future::join_all;
use reqwest::{StatusCode, header::RETRY_AFTER};
use serde_json::{Value, json};
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{Instant, timeout},
};

use crate::support::{World, client, mutation_text, number};

/// Who writes, and whom each of them meets.
const PAIRS: [(&str, &str); 4] = [("ada", "bob"), ("bob", "cyd"), ("fay", "gus"), ("cyd", "dee")];

/// Longer than any answer may take: ten seconds of a request, and what a busy machine adds.
const PATIENCE: Duration = Duration::from_secs(15);

/// What became of one attempt to write.
#[derive(Debug, PartialEq, Eq)]
pub enum Told {
    /// It is written: the id of the meeting.
    Done(String),
    /// Not now: 503, or a field that says so.
    NotNow,
    /// The connection was refused or broke: nothing is known.
    Nothing,
}

/// A mutation under a key, and what its client knows of it.
struct Written {
    bearer: String,
    body: Value,
    meeting: Option<String>,
}

/// Clients at work.
pub struct Load {
    clients: Vec<JoinHandle<Vec<Written>>>,
    done: watch::Receiver<usize>,
    not_now: Arc<AtomicUsize>,
    enough: watch::Sender<bool>,
    before: i64,
}

/// What clients that have ended were told.
pub struct Ledger {
    writes: Vec<Vec<Written>>,
    /// How often they were told to come again.
    pub not_now: usize,
    before: i64,
}

impl Load {
    /// Four clients of the server at `address`: each schedules one meeting after the other, each under a key of its own
    /// that begins with `name`. What was not done now is tried again; a client to whom nobody answers has ended.
    pub async fn start(world: &World, address: &str, name: &str) -> Self {
        let (done, seen) = watch::channel(0);
        let (done, not_now) = (Arc::new(done), Arc::new(AtomicUsize::new(0)));
        let enough = watch::Sender::new(false);
        let before = meetings(world).await;
        let mut clients = Vec::new();
        for (who, counterpart) in PAIRS {
            let counterpart = world.id(counterpart).await;
            let bearer = world.token(who, &[]);
            let (name, url) = (name.to_owned(), format!("http://{address}/graphql"));
            let (done, not_now, enough) = (done.clone(), not_now.clone(), enough.subscribe());
            clients.push(tokio::spawn(async move {
                let client = client();
                let mut writes: Vec<Written> = Vec::new();
                while !*enough.borrow() {
                    let key = format!("{name}-{}", writes.len());
                    let input = json!({ "counterpartId": counterpart, "startsAt": "2026-01-06T10:00:00Z",
                        "idempotencyKey": key });
                    let body = json!({ "query": mutation_text("scheduleMeeting"), "variables": { "input": input } });
                    let told = loop {
                        match attempt(&client, &url, &bearer, &body).await {
                            Told::NotNow => not_now.fetch_add(1, Ordering::SeqCst),
                            told => break told,
                        };
                    };
                    let meeting = match told {
                        Told::Done(meeting) => Some(meeting),
                        _ => None,
                    };
                    let gone = meeting.is_none();
                    let bearer = bearer.clone();
                    writes.push(Written { bearer, body, meeting });
                    if gone {
                        break;
                    }
                    done.send_modify(|count| *count += 1);
                }
                writes
            }));
        }
        Self {
            clients,
            done: seen,
            not_now,
            enough,
            before,
        }
    }

    /// Waits until so many more writes are acknowledged.
    pub async fn acknowledges(&mut self, more: usize) {
        let wanted = *self.done.borrow() + more;
        let reached = timeout(Duration::from_secs(30), self.done.wait_for(|done| *done >= wanted)).await;
        assert!(matches!(reached, Ok(Ok(_))), "nothing more is acknowledged");
    }

    /// Lets every client end with what it is at.
    pub async fn end(self) -> Ledger {
        self.enough.send_replace(true);
        self.gone().await
    }

    /// Waits until nobody answers any client.
    pub async fn gone(self) -> Ledger {
        let writes = join_all(self.clients).await;
        Ledger {
            writes: writes.into_iter().map(Result::unwrap).collect(),
            not_now: self.not_now.load(Ordering::SeqCst),
            before: self.before,
        }
    }
}

impl Ledger {
    /// What was acknowledged is written, each key repeats its answer at `address`, and nothing is there twice.
    pub async fn holds(&self, world: &World, address: &str) {
        let url = &format!("http://{address}/graphql");
        let again = self.writes.iter().map(|writes| async move {
            let client = client();
            let mut meetings = Vec::new();
            for write in writes {
                let told = attempt(&client, url, &write.bearer, &write.body).await;
                let Told::Done(meeting) = told else {
                    panic!("{told:?} under the key of {:?}", write.meeting)
                };
                if let Some(acknowledged) = &write.meeting {
                    assert_eq!(&meeting, acknowledged, "the key has another answer");
                }
                meetings.push(meeting);
            }
            meetings
        });
        let known: HashSet<String> = join_all(again).await.into_iter().flatten().collect();
        let writes: usize = self.writes.iter().map(Vec::len).sum();
        assert_eq!(known.len(), writes);
        let stored = meetings(world).await - self.before;
        assert_eq!(usize::try_from(stored).unwrap(), writes, "meetings in the database");
    }

    /// How many writes were acknowledged.
    pub fn acknowledged(&self) -> usize {
        let writes = self.writes.iter().flatten();
        writes.filter(|write| write.meeting.is_some()).count()
    }
}

/// Sends a body once. Fails the test where the answer is neither the meeting nor a plain word to come again.
async fn attempt(client: &reqwest::Client, url: &str, bearer: &str, body: &Value) -> Told {
    let begun = Instant::now();
    let sent = client.post(url).bearer_auth(bearer).json(body).timeout(PATIENCE).send();
    let answer = match sent.await {
        Ok(answer) => answer,
        Err(error) if error.is_timeout() => panic!("no answer within {:?}", begun.elapsed()),
        Err(_) => return Told::Nothing,
    };
    let (status, wait) = (answer.status(), answer.headers().contains_key(RETRY_AFTER));
    let Ok(answer) = answer.json::<Value>().await else {
        return Told::Nothing;
    };
    let code = &answer["errors"][0]["extensions"]["code"];
    if code == "SERVICE_UNAVAILABLE" {
        assert!(
            [StatusCode::OK, StatusCode::SERVICE_UNAVAILABLE].contains(&status) && wait,
            "{status}"
        );
        let words = &answer["errors"][0]["message"];
        assert!(
            [
                "the server is busy; try again in a moment",
                "the server has too much to do, try again later"
            ]
            .iter()
            .any(|plain| words == plain),
            "{words}"
        );
        return Told::NotNow;
    }
    assert!(
        status == StatusCode::OK && answer.get("errors").is_none(),
        "{status} {answer:#}"
    );
    let payload = &answer["data"]["scheduleMeeting"];
    assert_eq!(payload["userErrors"], json!([]));
    Told::Done(payload["meeting"]["id"].as_str().unwrap().to_owned())
}

async fn meetings(world: &World) -> i64 {
    number(&world.database.raw().await, "SELECT COUNT(*) FROM meeting").await
}
