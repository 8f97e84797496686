//! The client: keep-alive connections that each wait for an answer before they ask again.
//!
//! It shares the machine with what it measures, so it does as little as it can: one thread, requests written out once,
//! of an answer the head and the first bytes.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
};

use super::Failure;

/// How long each load runs before it is measured.
const WARM_UP: Duration = Duration::from_secs(2);

/// What a load was answered.
#[derive(Clone, Debug)]
pub struct Measured {
    /// How long it was measured.
    pub time: Duration,
    /// How long each good answer took, in ascending order.
    pub latencies: Vec<Duration>,
    /// How many answers were no good ones.
    pub errors: usize,
    /// How many of those said that the server has too much to do.
    pub refused: usize,
    /// One of them.
    pub error: Option<String>,
    /// Bytes of the body of a good answer.
    pub bytes: usize,
}

impl Measured {
    /// Good answers in a second.
    pub fn rate(&self) -> f64 {
        f64::from(u32::try_from(self.latencies.len()).unwrap_or(u32::MAX)) / self.time.as_secs_f64()
    }

    /// The latency that so many percent of the answers did not exceed.
    pub fn percentile(&self, percent: usize) -> Duration {
        let at = self.latencies.len() * percent / 100;
        let latency = self.latencies.get(at).or(self.latencies.last());
        latency.copied().unwrap_or_default()
    }
}

/// A request of GraphQL, written out.
pub fn request(token: &str, query: &str) -> Vec<u8> {
    let body = serde_json::json!({ "query": query }).to_string();
    let length = body.len();
    format!(
        "POST /graphql HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

/// Asks on one connection for each of the requests, the same again and again.
pub fn run(address: SocketAddr, requests: &[Vec<u8>], time: Duration) -> Result<Measured, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let from = Instant::now() + WARM_UP;
        let mut connections = JoinSet::new();
        for request in requests {
            connections.spawn(ask(address, request.clone(), from, time));
        }
        let mut all = Measured::nothing(time);
        while let Some(ended) = connections.join_next().await {
            all.add(ended??);
        }
        all.latencies.sort_unstable();
        Ok(all)
    })
}

/// Asks once, on a connection of its own; how long a good answer took.
pub fn once(address: SocketAddr, request: &[u8]) -> Result<Duration, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut buffer = Vec::new();
        let mut stream = TcpStream::connect(address).await?;
        let begun = Instant::now();
        stream.write_all(request).await?;
        let body = answer(&mut stream, &mut buffer).await?;
        let time = begun.elapsed();
        if !is_good(&buffer, body) {
            return Err(format!("an answer was no good one: {}", String::from_utf8_lossy(&buffer)).into());
        }
        Ok(time)
    })
}

/// Whether an answer, whose body begins there, is one with data.
fn is_good(answer: &[u8], body: usize) -> bool {
    answer.starts_with(b"HTTP/1.1 200") && answer[body..].starts_with(br#"{"data":{"#)
}

async fn connect(address: SocketAddr) -> Result<TcpStream, Failure> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

async fn ask(address: SocketAddr, request: Vec<u8>, from: Instant, time: Duration) -> Result<Measured, Failure> {
    let mut stream = connect(address).await?;
    let mut buffer = Vec::with_capacity(64 * 1024);
    let mut measured = Measured::nothing(time);
    loop {
        let begun = Instant::now();
        buffer.clear();
        let asked = stream.write_all(&request).await;
        let answered = match asked {
            Ok(()) => answer(&mut stream, &mut buffer).await,
            Err(error) => Err(error.into()),
        };
        let ended = Instant::now();
        if ended > from + time {
            return Ok(measured);
        }
        let body = match answered {
            Ok(body) => body,
            // The server may close a connection whose request it refused before reading it to its end.
            Err(_) if buffer.is_empty() => {
                stream = connect(address).await?;
                continue;
            }
            Err(failure) => return Err(failure),
        };
        if !is_good(&buffer, body) {
            measured.errors += 1;
            measured.refused += usize::from(buffer.starts_with(b"HTTP/1.1 503"));
            measured.error = Some(String::from_utf8_lossy(&buffer).into_owned());
        } else if begun >= from {
            measured.latencies.push(ended - begun);
            measured.bytes = buffer.len() - body;
        }
    }
}

/// Reads one answer into `buffer`; returns where its body begins.
async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<usize, Failure> {
    buffer.clear();
    let mut expected = None;
    loop {
        if stream.read_buf(buffer).await? == 0 {
            return Err("the server closed a connection".into());
        }
        expected = expected.or_else(|| head(buffer));
        if let Some((body, length)) = expected
            && buffer.len() >= body + length
        {
            return Ok(body);
        }
    }
}

/// Where the body begins and how long it is, once the head is there.
fn head(buffer: &[u8]) -> Option<(usize, usize)> {
    let end = buffer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let lines = std::str::from_utf8(&buffer[..end]).ok()?.split("\r\n");
    let mut fields = lines.filter_map(|line| line.split_once(':'));
    let (_, length) = fields.find(|(name, _)| name.eq_ignore_ascii_case("content-length"))?;
    Some((end + 4, length.trim().parse().ok()?))
}

impl Measured {
    fn nothing(time: Duration) -> Self {
        Self {
            time,
            latencies: Vec::new(),
            errors: 0,
            refused: 0,
            error: None,
            bytes: 0,
        }
    }

    fn add(&mut self, other: Self) {
        self.latencies.extend(other.latencies);
        self.errors += other.errors;
        self.refused += other.refused;
        self.error = self.error.take().or(other.error);
        self.bytes = self.bytes.max(other.bytes);
    }
}
