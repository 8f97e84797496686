//! Keys that an identity provider publishes: rotation, outages, and whatever a provider or a bearer can do wrong.

mod provider;
mod refusals;

use std::{sync::Arc, time::Duration};

use futures_util::{StreamExt as _, stream};
use reqwest::StatusCode;
use serde_json::json;
use skiplevel::http::{
    Bearers,
    jwks::{Health, Jwks, Rhythm, Source},
};

use self::provider::{Answer, Pair, Provider, SET};
use crate::support::{Options, TestDatabase, World, client, rules};

const NOW: &str = "2026-03-02T09:00:00Z";
const ME: &str = "{ viewer { person { name } } }";

/// A server that checks tokens with the keys of a provider.
struct Scene {
    world: World,
    provider: Provider,
    jwks: Arc<Jwks>,
}

impl Scene {
    async fn of(provider: Provider, rhythm: Rhythm) -> Self {
        let jwks = Jwks::new(Source::set(&provider.url(SET)).unwrap(), rhythm).unwrap();
        let options = Options {
            bearers: Some(Bearers::fetched(jwks.clone(), rules())),
            ..Options::default()
        };
        let world = World::start(Arc::new(TestDatabase::sqlite()), NOW, &options).await;
        world.import("ada\n  bob").await;
        tokio::spawn(jwks.clone().keep_fresh());
        Self { world, provider, jwks }
    }

    /// With a provider of P-256 alone, whose keys have been fetched.
    async fn usual() -> Self {
        let provider = Provider::start().await;
        provider.publish(&[Pair::P256.published("old")]);
        let scene = Self::of(provider, Rhythm::default()).await;
        assert_eq!(scene.by(Pair::P256, "old").await, 200);
        scene
    }

    /// The status for ada by a token of this key.
    async fn by(&self, pair: Pair, kid: &str) -> u16 {
        self.status(&pair.token(kid, "ada", self.world.now)).await
    }

    async fn status(&self, token: &str) -> u16 {
        let (status, body) = self.world.body_as(token, ME, json!({})).await;
        assert_eq!(status == 200, body.contains("\"ada\""), "{body}");
        status
    }

    /// Status and body of what is read by GET, with a token.
    async fn get(&self, path: &str, token: &str) -> reqwest::Response {
        let url = format!("http://{}{path}", self.world.address);
        client().get(url).bearer_auth(token).send().await.unwrap()
    }

    fn health(&self) -> Health {
        self.jwks.health()
    }

    /// Waits for a round to end in a state that is looked for.
    async fn until(&self, holds: impl Fn(&Health) -> bool) {
        until(&self.jwks, holds).await;
    }
}

async fn until(jwks: &Jwks, holds: impl Fn(&Health) -> bool) {
    let holds = async {
        while !holds(&jwks.health()) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(20), holds).await;
    assert!(waited.is_ok(), "{:?}", jwks.health());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_key_works_at_once_and_one_that_is_gone_no_more() {
    let scene = Scene::usual().await;
    let before = scene.provider.asked(SET);
    let new = [Pair::Ed25519.published("new"), Pair::Rsa.published("other")];
    scene.provider.publish(&new);
    assert_eq!(scene.by(Pair::P256, "old").await, 200, "not looked at yet");
    assert_eq!(scene.by(Pair::Ed25519, "new").await, 200);
    assert_eq!(scene.by(Pair::Rsa, "other").await, 200);
    assert_eq!(scene.by(Pair::P256, "old").await, 401);
    assert_eq!(scene.provider.asked(SET), before + 1);
    let health = scene.health();
    assert_eq!((health.keys, health.refused), (2, 1));
    assert!(health.last_success.is_some() && health.last_failure.is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_are_fetched_anew_in_the_background() {
    let provider = Provider::start().await;
    provider.publish(&[Pair::P256.published("old")]);
    let rhythm = Rhythm {
        every: Duration::from_millis(20),
        ..Rhythm::default()
    };
    let scene = Scene::of(provider, rhythm).await;
    assert_eq!(scene.by(Pair::P256, "old").await, 200);
    scene
        .provider
        .publish(&[Pair::P256.published("old"), Pair::Rsa.published("new")]);
    scene.until(|health| health.keys == 2).await;
    assert_eq!(scene.by(Pair::P256, "old").await, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_outlast_the_provider_for_as_long_as_they_may() {
    let scene = Scene::usual().await;
    scene.provider.answer(SET, Answer::Nothing);
    assert_eq!(scene.by(Pair::Rsa, "new").await, 401);
    scene.until(|health| health.last_failure.is_some()).await;
    assert_eq!(scene.by(Pair::P256, "old").await, 200);
    assert_eq!(scene.get("/readyz", "").await.status(), 200);

    let provider = Provider::start().await;
    provider.publish(&[Pair::P256.published("old")]);
    let rhythm = Rhythm {
        keep: Duration::ZERO,
        ..Rhythm::default()
    };
    let scene = Scene::of(provider, rhythm).await;
    assert_eq!(scene.by(Pair::P256, "old").await, 200);
    scene.provider.answer(SET, Answer::Nothing);
    scene.until(|health| health.rounds > 0).await;
    // The token asks for a round, which fails: nothing is left then.
    scene.by(Pair::Rsa, "new").await;
    scene.until(|health| health.keys == 0).await;
    assert_eq!(scene.by(Pair::P256, "old").await, 503);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_keys_the_server_lives_is_not_ready_and_recovers_by_itself() {
    let provider = Provider::start().await;
    provider.answer(SET, Answer::Nothing);
    let rhythm = Rhythm {
        again: Duration::from_millis(20),
        ..Rhythm::default()
    };
    let scene = Scene::of(provider, rhythm).await;
    let token = Pair::P256.token("old", "ada", scene.world.now);
    scene.until(|health| health.last_failure.is_some()).await;
    assert_eq!(scene.get("/healthz", "").await.status(), 200);
    let ready = scene.get("/readyz", "").await;
    assert_eq!(ready.status(), 503);
    let expected = json!({
        "status": "not ready", "clock held at": NOW,
        "reason": "there are no keys to check tokens with: the set of keys could not be read: FAILED",
    });
    assert_eq!(ready.json::<serde_json::Value>().await.unwrap(), expected);
    let (status, body) = scene.world.body_as(&token, ME, json!({})).await;
    assert!(status == 503 && body.contains("SERVICE_UNAVAILABLE"), "{status} {body}");
    for path in ["/graphql?query={__typename}", "/scim/v2/Users", "/reports/coverage.csv"] {
        let answer = scene.get(path, &token).await;
        assert_eq!(answer.status(), 503, "{path}");
        assert_eq!(answer.headers()["retry-after"], "1", "{path}");
        // What no key could make good is refused all the same.
        assert_eq!(
            scene.get(path, "not.a.token").await.status(),
            StatusCode::UNAUTHORIZED,
            "{path}"
        );
    }
    scene.provider.publish(&[Pair::P256.published("old")]);
    scene.until(|health| health.keys == 1).await;
    assert_eq!(scene.get("/readyz", "").await.status(), 200);
    assert_eq!(scene.status(&token).await, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_unknown_keys_asks_the_provider_once() {
    let scene = Scene::usual().await;
    let before = scene.provider.asked(SET);
    let tokens: Vec<_> = (0..1000)
        .map(|n| Pair::Ed25519.token(&format!("made-up-{n}"), "ada", scene.world.now))
        .collect();
    let flood = stream::iter(&tokens).map(|token| scene.status(token));
    let answers = flood.buffer_unordered(50).collect::<Vec<_>>();
    let good = async {
        let mut answers = Vec::new();
        for _ in 0..20 {
            answers.push(scene.by(Pair::P256, "old").await);
        }
        answers
    };
    let (answers, good) = tokio::join!(answers, good);
    assert!(answers.iter().all(|status| *status == 401));
    assert_eq!(good, [200; 20]);
    // Twice if the flood lasted longer than keys may not be asked for again.
    let asked = scene.provider.asked(SET) - before;
    assert!((1..=2).contains(&asked), "{asked}");
    assert!(scene.health().refused >= 900, "{:?}", scene.health());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_drips_is_given_up_and_holds_nobody_up() {
    let scene = Scene::usual().await;
    scene.provider.answer(SET, Answer::Drip);
    let begun = tokio::time::Instant::now();
    let waits = scene.by(Pair::Rsa, "new");
    let others = async {
        let mut slowest = Duration::ZERO;
        while begun.elapsed() < Duration::from_secs(2) {
            let begun = tokio::time::Instant::now();
            assert_eq!(scene.by(Pair::P256, "old").await, 200);
            slowest = slowest.max(begun.elapsed());
        }
        slowest
    };
    let (waited, slowest) = tokio::join!(async { (waits.await, begun.elapsed()) }, others);
    assert_eq!(waited.0, 401);
    assert!(
        (Duration::from_millis(2900)..Duration::from_secs(4)).contains(&waited.1),
        "{waited:?}"
    );
    assert!(slowest < Duration::from_secs(1), "{slowest:?}");
    let (_, reason) = scene.health().last_failure.unwrap();
    assert_eq!(reason.to_string(), "the set of keys could not be read: TIMEOUT");
}
