//! The keys that an issuer publishes: fetched in the background by one task, and sooner when a token names a key that is not
//! among them. So a new key works at once, and however many tokens name keys that nobody has, the issuer is asked once in
//! a while. While the issuer is away, the last keys hold.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    select,
    sync::{Notify, Semaphore, watch},
    time::{Instant, sleep, timeout},
};

mod rounds;

pub use self::rounds::Rhythm;
use self::rounds::{Hope, Rounds};
use super::outbound::{Bounds, NoClient, Outbound, Unread};
use crate::{
    auth::{
        keys::{DiscoveryError, KeySet, KeySetError, MAX_SET_BYTES, SharedKeys, jwks_uri},
        token::{TokenRules, Verifier},
    },
    domain::webhook::{PrivateNetworks, Refused, Target},
};

/// Most tokens that wait for a round at a time; whoever is beyond is told at once.
const MOST_WAITING: usize = 32;

/// Longest that a token waits: for the rest of a round, and for the next one.
const PATIENCE: Duration = Duration::from_secs(8);

/// Where keys are fetched: over TLS, or from this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Of the set; of the issuer's document where there is an issuer.
    address: Target,
    issuer: Option<String>,
}

/// Fetches an issuer's keys, again and again.
#[derive(Debug)]
pub struct Jwks {
    source: Source,
    rhythm: Rhythm,
    outbound: Outbound,
    keys: SharedKeys,
    state: Mutex<State>,
    wanted: Notify,
    /// The number of the last round that has ended.
    ended: watch::Sender<u64>,
    waiting: Semaphore,
}

/// How fetching goes.
#[derive(Clone, Debug, Default)]
pub struct Health {
    /// When keys were last fetched.
    pub last_success: Option<Instant>,
    /// When they last could not be fetched, and why.
    pub last_failure: Option<(Instant, Unfetched)>,
    /// How many keys tokens are checked with.
    pub keys: usize,
    /// How often they were to be fetched.
    pub rounds: u64,
    /// How often they could not be.
    pub failures: u64,
    /// Tokens with an unknown key that nothing was fetched for.
    pub refused: u64,
}

/// Why keys were not fetched, without any address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfetched {
    /// The issuer's document could not be read.
    #[error("the issuer's document could not be read: {0}")]
    Document(Unread),
    /// The issuer's document leads nowhere.
    #[error(transparent)]
    Discovery(#[from] DiscoveryError),
    /// The set could not be read.
    #[error("the set of keys could not be read: {0}")]
    Set(Unread),
    /// The set is no use.
    #[error(transparent)]
    Unusable(#[from] KeySetError),
}

#[derive(Debug, Default)]
struct State {
    rounds: Rounds,
    health: Health,
    /// The set as it came, to tell one that has changed.
    text: Vec<u8>,
}

impl Source {
    /// The set at `url`.
    pub fn set(url: &str) -> Result<Self, Refused> {
        Ok(Self {
            address: target(url)?,
            issuer: None,
        })
    }

    /// The set that the document of `issuer` names, which is looked up beside its address.
    pub fn issuer(issuer: &str) -> Result<Self, Refused> {
        let root = issuer.strip_suffix('/').unwrap_or(issuer);
        Ok(Self {
            address: target(&format!("{root}/.well-known/openid-configuration"))?,
            issuer: Some(issuer.to_owned()),
        })
    }
}

impl Jwks {
    /// Fetches nothing yet: see [`Jwks::keep_fresh`].
    pub fn new(source: Source, rhythm: Rhythm) -> Result<Arc<Self>, NoClient> {
        Ok(Arc::new(Self {
            source,
            rhythm,
            // Whoever set the program up named the address; an issuer in the organisation's own network is an issuer.
            outbound: Outbound::new(PrivateNetworks::Allowed)?,
            keys: SharedKeys::default(),
            state: Mutex::default(),
            wanted: Notify::new(),
            ended: watch::Sender::new(0),
            waiting: Semaphore::new(MOST_WAITING),
        }))
    }

    /// Checks tokens with whatever keys there are at that moment.
    pub fn verifier(&self, rules: TokenRules) -> Verifier {
        Verifier::with_set(self.keys.clone(), rules)
    }

    /// Fetches keys for as long as it is polled; to be run once.
    pub async fn keep_fresh(self: Arc<Self>) {
        loop {
            self.state().rounds.begin();
            let fetched = self.fetch().await;
            let pause = self.settle(fetched);
            select! {
                () = sleep(pause) => {}
                () = self.wanted.notified() => {}
            }
        }
    }

    /// How fetching goes.
    pub fn health(&self) -> Health {
        self.state().health.clone()
    }

    /// For a token whose key is not known: waits until keys were fetched on its account, or on that of another. Whether it
    /// is worth looking again.
    pub(super) async fn refetched(&self) -> bool {
        let Ok(_place) = self.waiting.try_acquire() else {
            self.state().health.refused += 1;
            return false;
        };
        let Some(round) = self.ask() else {
            return false;
        };
        let mut ended = self.ended.subscribe();
        timeout(PATIENCE, ended.wait_for(|ended| *ended >= round)).await.is_ok()
    }

    /// Why tokens cannot be checked, if they cannot.
    pub(super) fn lack(&self) -> Option<String> {
        let health = self.health();
        if health.keys > 0 {
            return None;
        }
        let why = match health.last_failure {
            Some((_, reason)) => reason.to_string(),
            None => "they are being fetched".to_owned(),
        };
        Some(format!("there are no keys to check tokens with: {why}"))
    }

    /// The round to wait for on account of a token whose key is not known.
    fn ask(&self) -> Option<u64> {
        let mut state = self.state();
        match state.rounds.ask(Instant::now(), &self.rhythm) {
            Hope::Wanted(round) => {
                self.wanted.notify_one();
                Some(round)
            }
            Hope::Coming(round) => Some(round),
            Hope::Nothing => {
                state.health.refused += 1;
                None
            }
        }
    }

    async fn fetch(&self) -> Result<Vec<u8>, Unfetched> {
        let bounds = Bounds {
            bytes: MAX_SET_BYTES,
            time: self.rhythm.answer,
        };
        let address = self.source.address.url().as_str();
        let set = match &self.source.issuer {
            None => address.to_owned(),
            Some(issuer) => {
                let document = self.outbound.get(address, bounds).await.map_err(Unfetched::Document)?;
                jwks_uri(&document, issuer)?
            }
        };
        self.outbound.get(&set, bounds).await.map_err(Unfetched::Set)
    }

    /// Uses what was fetched, and says how long to wait before the next round.
    fn settle(&self, fetched: Result<Vec<u8>, Unfetched>) -> Duration {
        let now = Instant::now();
        let mut state = self.state();
        state.health.rounds += 1;
        let known = |text: &Vec<u8>| *text == state.text && state.health.keys > 0;
        let read = fetched.and_then(|text| match text {
            text if known(&text) => Ok(None),
            text => Ok(Some((KeySet::parse(&text)?, text))),
        });
        match read {
            Ok(changed) => {
                state.rounds.succeed(now);
                state.health.last_success = Some(now);
                if let Some((set, text)) = changed {
                    tell(&set);
                    state.health.keys = set.len();
                    state.text = text;
                    self.keys.replace(Some(set));
                }
            }
            Err(reason) => {
                tracing::warn!(%reason, "keys to check tokens with could not be fetched");
                state.health.last_failure = Some((now, reason));
                state.health.failures += 1;
                if !state.rounds.fail(now, &self.rhythm) {
                    state.health.keys = 0;
                    self.keys.replace(None);
                }
            }
        }
        // After the keys: whoever waits looks at them at once.
        self.ended.send_replace(state.rounds.ended());
        state.rounds.pause(&self.rhythm)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn target(url: &str) -> Result<Target, Refused> {
    Target::parse(url, PrivateNetworks::Allowed)
}

fn tell(set: &KeySet) {
    tracing::info!(keys = set.len(), "there are new keys to check tokens with");
    for left_out in set.left_out() {
        tracing::info!(%left_out, "a key is not used");
    }
}
