//! What is refused: of a provider, and of a bearer.

use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};
use skiplevel::{
    auth::keys::MAX_SET_BYTES,
    http::jwks::{Jwks, Rhythm, Source},
};

use super::{
    Scene,
    provider::{Answer, Pair, Provider, SET, claims, sign},
    until,
};

const DOCUMENT: &str = "/.well-known/openid-configuration";

/// What a first try to fetch keys from `source` ends with.
async fn fetched(source: Source) -> Result<usize, String> {
    let jwks = Jwks::new(source, Rhythm::default()).unwrap();
    let fetching = tokio::spawn(jwks.clone().keep_fresh());
    until(&jwks, |health| health.rounds > 0).await;
    fetching.abort();
    let health = jwks.health();
    health
        .last_failure
        .map_or(Ok(health.keys), |(_, reason)| Err(reason.to_string()))
}

async fn set(provider: &Provider, answer: Answer) -> Result<usize, String> {
    provider.answer(SET, answer);
    fetched(Source::set(&provider.url(SET)).unwrap()).await
}

fn unread(reason: &str) -> Result<usize, String> {
    Err(format!("the set of keys could not be read: {reason}"))
}

#[tokio::test]
async fn a_set_is_read_from_where_it_was_said_to_be_and_is_small() {
    let provider = Provider::start().await;
    let good = json!({ "keys": [Pair::P256.published("k")] }).to_string();
    let sized = |bytes: usize| format!("{good}{}", " ".repeat(bytes - good.len()));
    assert_eq!(set(&provider, Answer::Body(good.clone())).await, Ok(1));
    assert_eq!(set(&provider, Answer::Body(sized(MAX_SET_BYTES))).await, Ok(1));
    assert_eq!(
        set(&provider, Answer::Body(sized(MAX_SET_BYTES + 1))).await,
        unread("TOO_LONG")
    );
    assert_eq!(set(&provider, Answer::Unannounced(sized(MAX_SET_BYTES))).await, Ok(1));
    assert_eq!(
        set(&provider, Answer::Unannounced(sized(8 << 20))).await,
        unread("TOO_LONG")
    );

    provider.answer("/elsewhere", Answer::Body(good.clone()));
    for status in ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"] {
        let moved = format!("{status}\r\nlocation: {}", provider.url("/elsewhere"));
        let expected = unread(&format!("STATUS {}", &status[..3]));
        assert_eq!(set(&provider, Answer::Head(moved)).await, expected);
    }
    assert_eq!(provider.asked("/elsewhere"), 0);
    assert_eq!(fetched(Source::set(&provider.url("/elsewhere")).unwrap()).await, Ok(1));
    assert_eq!(
        set(&provider, Answer::Head("204 No Content".to_owned())).await,
        unread("STATUS 204")
    );
    assert_eq!(
        set(&provider, Answer::Head("503 Busy".to_owned())).await,
        unread("STATUS 503")
    );
}

#[tokio::test]
async fn a_set_has_few_keys_and_a_public_one_among_them() {
    let provider = Provider::start().await;
    let named = |count: usize| {
        (0..count)
            .map(|n| Pair::P256.published(&n.to_string()))
            .collect::<Vec<_>>()
    };
    let of = async |keys: Vec<Value>| set(&provider, Answer::Body(json!({ "keys": keys }).to_string())).await;
    assert_eq!(of(named(32)).await, Ok(32));
    assert_eq!(
        of(named(33)).await,
        Err("the set has 33 keys, it may have 32".to_owned())
    );
    let shared =
        json!({ "kty": "oct", "kid": "s", "alg": "HS256", "k": "YSBzZWNyZXQgb2YgbW9yZSB0aGFuIDMyIGJ5dGVzLCBJIHNheQ" });
    assert_eq!(of(vec![shared.clone(), Pair::Rsa.published("r")]).await, Ok(1));
    let nothing = "the set has no key that can be used: key s: it is not public";
    assert_eq!(of(vec![shared]).await, Err(nothing.to_owned()));
}

#[tokio::test]
async fn an_issuer_says_where_its_keys_are() {
    let provider = Provider::start().await;
    provider.publish(&[Pair::P256.published("k")]);
    let document = |issuer: &str, keys: &str| {
        let document = json!({ "issuer": issuer, "jwks_uri": keys });
        provider.answer(DOCUMENT, Answer::Body(document.to_string()));
    };
    let discovered = async |issuer: &str| fetched(Source::issuer(issuer).unwrap()).await;
    let (issuer, keys) = (provider.url(""), provider.url(SET));
    document(&issuer, &keys);
    assert_eq!(discovered(&issuer).await, Ok(1));
    let slashed = format!("{issuer}/");
    document(&slashed, &keys);
    assert_eq!(discovered(&slashed).await, Ok(1));

    let another = Err("the issuer's document names another issuer than the configured one".to_owned());
    assert_eq!(discovered(&issuer).await, another);
    document("https://idp.example.com", &keys);
    assert_eq!(discovered(&issuer).await, another);
    for insecure in ["http://idp.example.com/keys", "file:///keys", "keys"] {
        document(&issuer, insecure);
        assert_eq!(discovered(&issuer).await, unread("ADDRESS_REFUSED"), "{insecure}");
    }
    provider.answer(DOCUMENT, Answer::Head(format!("302 Found\r\nlocation: {keys}")));
    let moved = "the issuer's document could not be read: STATUS 302";
    assert_eq!(discovered(&issuer).await, Err(moved.to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bearer_names_a_key_and_never_brings_one() {
    let scene = Scene::usual().await;
    let now: DateTime<Utc> = scene.world.now;
    let claims = claims("ada", now);
    let elsewhere = Provider::start().await;
    elsewhere.publish(&[Pair::Ed25519.published("mine")]);
    let mine = elsewhere.url(SET);
    let header = |change: Value| {
        let mut header = json!({ "alg": "EdDSA", "kid": "mine" });
        header
            .as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        header
    };
    let brought = [
        json!({ "jku": mine }),
        json!({ "x5u": mine }),
        json!({ "jwk": Pair::Ed25519.published("mine") }),
        json!({ "jku": mine, "kid": "old" }),
        json!({ "jwk": Pair::Ed25519.published("old"), "kid": "old" }),
    ];
    for change in brought {
        let token = Pair::Ed25519.signed(&header(change.clone()), &claims);
        assert_eq!(scene.status(&token).await, 401, "{change}");
    }
    assert_eq!(elsewhere.asked(SET), 0);
    // Beside a signature of the right key they do no harm.
    let good = Pair::P256.signed(&json!({ "alg": "ES256", "kid": "old", "jku": mine }), &claims);
    assert_eq!((scene.status(&good).await, elsewhere.asked(SET)), (200, 0));

    let asked = scene.provider.asked(SET);
    for kid in [
        json!("a b"),
        json!("old\u{0}"),
        json!("öld"),
        json!("k".repeat(129)),
        json!(""),
        json!(7),
        json!(["old"]),
    ] {
        let token = Pair::P256.signed(&json!({ "alg": "ES256", "kid": kid }), &claims);
        assert_eq!(scene.status(&token).await, 401, "{kid}");
    }
    assert_eq!(
        scene
            .status(&Pair::P256.signed(&json!({ "alg": "ES256" }), &claims))
            .await,
        401
    );
    assert_eq!(scene.provider.asked(SET), asked);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_public_key_is_no_shared_secret() {
    let provider = Provider::start().await;
    provider.publish(&[Pair::Rsa.published("r")]);
    let scene = Scene::of(provider, Rhythm::default()).await;
    let claims = claims("ada", scene.world.now);
    assert_eq!(scene.by(Pair::Rsa, "r").await, 200);
    let published = Pair::Rsa.published("r");
    let pem = include_bytes!("../../../src/auth/keys/fixtures/rsa-2048-public.pem");
    for secret in [
        &pem[..],
        published["n"].as_str().unwrap().as_bytes(),
        published.to_string().as_bytes(),
    ] {
        let key = EncodingKey::from_secret(secret);
        let token = sign(&key, Algorithm::HS256, &json!({ "alg": "HS256", "kid": "r" }), &claims);
        assert_eq!(scene.status(&token).await, 401);
    }
    for alg in ["none", "PS256", "rs256"] {
        let token = Pair::Rsa.signed(&json!({ "alg": alg, "kid": "r" }), &claims);
        assert_eq!(scene.status(&token).await, 401, "{alg}");
    }
}
