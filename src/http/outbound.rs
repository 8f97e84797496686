//! Requests that the server itself makes. It goes where it was told to and nowhere else: addresses are checked when they
//! have been looked up, and the connection goes to what was checked; no redirect is followed, no proxy asked, and of an
//! answer no more is read than is needed: the status alone of one to a message, a bounded body of one to a question.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use futures_util::future::BoxFuture;
use reqwest::{
    Client, StatusCode,
    dns::{Addrs, Name, Resolve, Resolving},
    header::HeaderMap,
    redirect::Policy,
};
use tokio::time::timeout;

use crate::domain::webhook::{PrivateNetworks, Reach, Target};

/// Time for a request, from looking up the name to the head of the answer.
const DEADLINE: Duration = Duration::from_secs(10);

/// How names become addresses.
pub type Lookup = Arc<dyn Fn(String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> + Send + Sync>;

/// Makes requests.
#[derive(Clone, Debug)]
pub struct Outbound {
    client: Client,
    private: PrivateNetworks,
}

/// Why there was no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unanswered {
    /// Nothing may be sent to this address, or to what its name stands for.
    #[error("ADDRESS_REFUSED")]
    Address,
    /// There was no answer in time.
    #[error("TIMEOUT")]
    Timeout,
    /// There was no connection, or no trust in whoever answered.
    #[error("CONNECTION")]
    Connection,
    /// Anything else.
    #[error("FAILED")]
    Failed,
}

/// Why there is no body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    /// There was no answer, or it did not come whole.
    #[error(transparent)]
    Unanswered(#[from] Unanswered),
    /// The answer was another than 200.
    #[error("STATUS {0}")]
    Status(u16),
    /// The answer was longer than asked for.
    #[error("TOO_LONG")]
    TooLong,
}

/// What a question may cost.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Most bytes of the answer.
    pub bytes: usize,
    /// Time from looking up the name to the last byte of the answer, however it drips.
    pub time: Duration,
}

impl Unanswered {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Address => "ADDRESS_REFUSED",
            Self::Timeout => "TIMEOUT",
            Self::Connection => "CONNECTION",
            Self::Failed => "FAILED",
        }
    }
}

/// The client could not be made: the system has no certificates to trust.
#[derive(Debug, thiserror::Error)]
#[error("no requests can be made to others")]
pub struct NoClient(#[source] reqwest::Error);

impl Outbound {
    /// Asks the system for names.
    pub fn new(private: PrivateNetworks) -> Result<Self, NoClient> {
        let system = |name: String| -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
            Box::pin(async move {
                let found = tokio::net::lookup_host((name, 0)).await?;
                Ok(found.map(|address| address.ip()).collect())
            })
        };
        Self::with_lookup(private, Arc::new(system))
    }

    /// Asks `lookup` for names.
    pub fn with_lookup(private: PrivateNetworks, lookup: Lookup) -> Result<Self, NoClient> {
        use_cryptography();
        let client = Client::builder()
            .user_agent(concat!("skiplevel/", env!("CARGO_PKG_VERSION")))
            .dns_resolver(Arc::new(Checked { private, lookup }))
            // An address is checked for each request: none goes over a connection that was opened for another.
            .pool_max_idle_per_host(0)
            .redirect(Policy::none())
            .referer(false)
            .no_proxy()
            .timeout(DEADLINE)
            .build()
            .map_err(NoClient)?;
        Ok(Self { client, private })
    }

    /// Posts `body` to `url`, and returns the status of the answer.
    pub async fn post(&self, url: &str, headers: HeaderMap, body: String) -> Result<u16, Unanswered> {
        // An address in figures is looked up by nobody, so it is checked here; what is allowed may have changed as well.
        let target = Target::parse(url, self.private).map_err(|_| Unanswered::Address)?;
        let request = self.client.post(target.url().clone()).headers(headers).body(body);
        match request.send().await {
            Ok(answer) => Ok(answer.status().as_u16()),
            Err(error) => Err(reason(&error)),
        }
    }

    /// What `url` is answered with 200.
    pub async fn get(&self, url: &str, bounds: Bounds) -> Result<Vec<u8>, Unread> {
        let target = Target::parse(url, self.private).map_err(|_| Unanswered::Address)?;
        let reading = self.read(&target, bounds.bytes);
        timeout(bounds.time, reading).await.map_err(|_| Unanswered::Timeout)?
    }

    async fn read(&self, target: &Target, most: usize) -> Result<Vec<u8>, Unread> {
        let sent = self.client.get(target.url().clone()).send().await;
        let mut answer = sent.map_err(|error| reason(&error))?;
        if answer.status() != StatusCode::OK {
            return Err(Unread::Status(answer.status().as_u16()));
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| reason(&error))? {
            if body.len() + chunk.len() > most {
                return Err(Unread::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

/// Chooses the cryptography of TLS for the process, once: the library does not choose by itself.
pub fn use_cryptography() {
    // An error says that it was chosen before.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// Looks names up and keeps what may be called.
struct Checked {
    private: PrivateNetworks,
    lookup: Lookup,
}

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = Reach::of_name(name.as_str(), self.private);
        let found = (self.lookup)(name.as_str().to_owned());
        Box::pin(async move {
            let found = found.await?.into_iter().filter(|ip| reach.takes(*ip));
            let addresses: Vec<_> = found.map(|ip| SocketAddr::new(ip, 0)).collect();
            if addresses.is_empty() {
                return Err(Unanswered::Address.into());
            }
            let addresses: Addrs = Box::new(addresses.into_iter());
            Ok(addresses)
        })
    }
}

fn reason(error: &reqwest::Error) -> Unanswered {
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        if let Some(known) = error.downcast_ref::<Unanswered>() {
            return *known;
        }
        cause = error.source();
    }
    if error.is_timeout() {
        Unanswered::Timeout
    } else if error.is_connect() {
        Unanswered::Connection
    } else {
        Unanswered::Failed
    }
}
