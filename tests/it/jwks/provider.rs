//! An identity provider of its own: it answers each path as it is told to, counts who asks, and signs tokens.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};

/// The bytes of a fixture.
macro_rules! pem {
    ($name:literal) => {
        include_bytes!(concat!("../../../src/auth/keys/fixtures/", $name, ".pem"))
    };
}

/// Where the set of keys is.
pub const SET: &str = "/keys";

/// How a path is answered.
#[derive(Clone)]
pub enum Answer {
    /// 200 with this body.
    Body(String),
    /// 200 with this body, whose length is not announced.
    Unannounced(String),
    /// A status line with headers, and no body.
    Head(String),
    /// A byte of the body now and then, without end.
    Drip,
    /// The connection is closed.
    Nothing,
}

/// The server. What it is not told of is not there.
#[derive(Clone)]
pub struct Provider {
    pub address: SocketAddr,
    answers: Arc<Mutex<BTreeMap<String, Answer>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Provider {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let provider = Self {
            address: listener.local_addr().unwrap(),
            answers: Arc::default(),
            asked: Arc::default(),
        };
        let serving = provider.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let serving = serving.clone();
                tokio::spawn(async move { serving.answer_one(stream).await });
            }
        });
        provider
    }

    /// Answers `path` so from now on.
    pub fn answer(&self, path: &str, answer: Answer) {
        self.answers.lock().unwrap().insert(path.to_owned(), answer);
    }

    /// Publishes these keys from now on.
    pub fn publish(&self, keys: &[Value]) {
        self.answer(SET, Answer::Body(json!({ "keys": keys }).to_string()));
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// How often `path` was asked for.
    pub fn asked(&self, path: &str) -> usize {
        self.asked.lock().unwrap().iter().filter(|asked| *asked == path).count()
    }

    async fn answer_one(&self, stream: TcpStream) -> Option<()> {
        let mut stream = BufReader::new(stream);
        let mut first = String::new();
        stream.read_line(&mut first).await.ok()?;
        let path = first.split(' ').nth(1)?.to_owned();
        let mut line = first;
        while !line.trim().is_empty() {
            line.clear();
            stream.read_line(&mut line).await.ok()?;
        }
        self.asked.lock().unwrap().push(path.clone());
        let answer = self.answers.lock().unwrap().get(&path).cloned();
        let mut stream = stream.into_inner();
        let head = |status: &str| format!("HTTP/1.1 {status}\r\nconnection: close\r\n");
        let text = match answer {
            None => format!("{}content-length: 0\r\n\r\n", head("404 Not Found")),
            Some(Answer::Body(body)) => format!("{}content-length: {}\r\n\r\n{body}", head("200 OK"), body.len()),
            Some(Answer::Unannounced(body)) => format!("{}\r\n{body}", head("200 OK")),
            Some(Answer::Head(status)) => format!("{}content-length: 0\r\n\r\n", head(&status)),
            Some(Answer::Nothing) => return None,
            Some(Answer::Drip) => {
                stream
                    .write_all(format!("{}\r\n", head("200 OK")).as_bytes())
                    .await
                    .ok()?;
                loop {
                    stream.write_all(b" ").await.ok()?;
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        };
        stream.write_all(text.as_bytes()).await.ok()
    }
}

/// A pair of keys of the fixtures.
#[derive(Clone, Copy)]
pub enum Pair {
    Rsa,
    P256,
    Ed25519,
}

impl Pair {
    /// The public half as it is published.
    pub fn published(self, kid: &str) -> Value {
        let mut keys: Value =
            serde_json::from_str(include_str!("../../../src/auth/keys/fixtures/public-keys.json")).unwrap();
        let mut key = keys[self.name()].take();
        key["kid"] = kid.into();
        key["use"] = "sig".into();
        key
    }

    /// A token of `subject`, issued at `now`, that names its key `kid`.
    pub fn token(self, kid: &str, subject: &str, now: DateTime<Utc>) -> String {
        let header = json!({ "alg": self.alg(), "kid": kid });
        self.signed(&header, &claims(subject, now))
    }

    /// Any token.
    pub fn signed(self, header: &Value, claims: &Value) -> String {
        let (key, algorithm) = match self {
            Self::Rsa => (EncodingKey::from_rsa_pem(pem!("rsa-2048-private")), Algorithm::RS256),
            Self::P256 => (EncodingKey::from_ec_pem(pem!("p256-private")), Algorithm::ES256),
            Self::Ed25519 => (EncodingKey::from_ed_pem(pem!("ed25519-private")), Algorithm::EdDSA),
        };
        sign(&key.unwrap(), algorithm, header, claims)
    }

    pub fn alg(self) -> &'static str {
        match self {
            Self::Rsa => "RS256",
            Self::P256 => "ES256",
            Self::Ed25519 => "EdDSA",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Rsa => "rsa-2048",
            Self::P256 => "p256",
            Self::Ed25519 => "ed25519",
        }
    }
}

/// What a good token says.
pub fn claims(subject: &str, now: DateTime<Utc>) -> Value {
    let now = now.timestamp();
    json!({ "iss": "skiplevel", "aud": "skiplevel", "sub": subject, "iat": now, "exp": now + 3600 })
}

/// A token by any key.
pub fn sign(key: &EncodingKey, algorithm: Algorithm, header: &Value, claims: &Value) -> String {
    let [header, claims] = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
    let message = format!("{header}.{claims}");
    let signature = crypto::sign(message.as_bytes(), key, algorithm).unwrap();
    format!("{message}.{signature}")
}
