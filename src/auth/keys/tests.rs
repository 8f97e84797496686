//! Which keys are taken, which are refused and why.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::*;

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("fixtures/", $name, ".pem"))
    };
}

/// The algorithm a PEM file is taken for, or why it is refused.
fn judge(pem: &str) -> Result<&'static str, KeyError> {
    VerifyingKey::new(&KeyMaterial::PublicPem(pem.to_owned())).map(|key| key.algorithm())
}

#[test]
fn the_key_decides_the_algorithm() {
    let secret = KeyMaterial::Secret(Secret::new([7; 32]).unwrap());
    assert_eq!(VerifyingKey::new(&secret).map(|key| key.algorithm()), Ok("HS256"));
    assert_eq!(judge(fixture!("rsa-2048-public")), Ok("RS256"));
    assert_eq!(judge(fixture!("rsa-2048-public-pkcs1")), Ok("RS256"));
    assert_eq!(judge(fixture!("p256-public")), Ok("ES256"));
    assert_eq!(judge(fixture!("ed25519-public")), Ok("EdDSA"));
}

#[test]
fn a_secret_needs_32_bytes_and_is_never_shown() {
    assert_eq!(Secret::new([7; 31]), Err(KeyError::ShortSecret { bytes: 31 }));
    let secret = Secret::new("a secret of more than 32 bytes, I say").unwrap();
    assert_eq!(format!("{secret:?}"), "Secret(..)");
}

#[test]
fn private_keys_are_refused() {
    assert_eq!(judge(fixture!("rsa-2048-private")), Err(KeyError::Private));
    assert_eq!(judge(fixture!("p256-private")), Err(KeyError::Private));
    assert_eq!(judge(fixture!("p256-private-sec1")), Err(KeyError::Private));
    assert_eq!(judge(fixture!("ed25519-private")), Err(KeyError::Private));
    let both = concat!(fixture!("p256-public"), fixture!("p256-private"));
    assert_eq!(judge(both), Err(KeyError::Private));
}

#[test]
fn weak_keys_and_other_curves_are_refused() {
    assert_eq!(
        judge(fixture!("rsa-1024-public")),
        Err(KeyError::RsaSize { bits: 1024 })
    );
    assert_eq!(
        judge(fixture!("rsa-8192-public")),
        Err(KeyError::RsaSize { bits: 8192 })
    );
    assert_eq!(judge(fixture!("p384-public")), Err(KeyError::Unsupported));
}

#[test]
fn whatever_is_not_one_public_key_is_refused() {
    assert_eq!(judge(""), Err(KeyError::NotOnePublicKey));
    assert_eq!(judge("no PEM at all"), Err(KeyError::NotOnePublicKey));
    assert_eq!(judge(fixture!("certificate")), Err(KeyError::NotOnePublicKey));
    let two = concat!(fixture!("p256-public"), fixture!("ed25519-public"));
    assert_eq!(judge(two), Err(KeyError::NotOnePublicKey));
    let damaged = fixture!("ed25519-public").replacen("MCow", "MCov", 1);
    assert_eq!(judge(&damaged), Err(KeyError::Unsupported));
    // Ed25519 by its label, but 31 bytes long: the library would panic at the first token.
    let short = "-----BEGIN PUBLIC KEY-----\nMCkwBQYDK2VwAyAAAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==\n-----END PUBLIC KEY-----\n";
    assert_eq!(judge(short), Err(KeyError::Unsupported));
}

/// A public key of the fixtures as a JSON Web Key, with the members of `change` put in.
fn jwk(name: &str, change: &Value) -> Value {
    let mut keys: Value = serde_json::from_str(include_str!("fixtures/public-keys.json")).unwrap();
    let mut key = keys[name].take();
    let members = key.as_object_mut().unwrap();
    members.extend(change.as_object().unwrap().clone());
    members.retain(|_, value| !value.is_null());
    key
}

fn set(keys: &[Value]) -> Result<KeySet, KeySetError> {
    KeySet::parse(json!({ "keys": keys }).to_string().as_bytes())
}

/// The usable keys of a set and what is left out, in words.
fn judge_set(keys: &[Value]) -> String {
    match set(keys) {
        Ok(set) => {
            let used = set.keys.iter().map(|(id, key)| format!("{id} {}", key.algorithm()));
            let left_out = set.left_out().iter().map(ToString::to_string);
            used.chain(left_out).collect::<Vec<_>>().join("; ")
        }
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_set_holds_keys_of_every_kind_by_their_ids() {
    let keys = [
        jwk(
            "rsa-2048",
            &json!({"kid": "r", "use": "sig", "alg": "RS256", "x5t": "t"}),
        ),
        jwk("p256", &json!({"kid": "p", "key_ops": ["verify"]})),
        jwk("ed25519", &json!({"kid": "e/1:+=.", "alg": "EdDSA"})),
    ];
    assert_eq!(judge_set(&keys), "e/1:+=. EdDSA; p ES256; r RS256");
    // As some write it: with the zero byte that makes a signed number of it.
    let mut modulus = URL_SAFE_NO_PAD.decode(keys[0]["n"].as_str().unwrap()).unwrap();
    modulus.insert(0, 0);
    let padded = json!({"kid": "r", "n": URL_SAFE_NO_PAD.encode(modulus)});
    assert_eq!(judge_set(&[jwk("rsa-2048", &padded)]), "r RS256");
}

#[test]
fn an_odd_key_is_left_out_and_spoils_nothing() {
    let good = jwk("p256", &json!({"kid": "good"}));
    let rows = [
        (json!({"kty": "oct", "k": "c2VjcmV0", "kid": "k"}), "it is not public"),
        (json!({"kty": "oct", "kid": "k"}), "it is of another kind than"),
        (jwk("p256", &json!({"kid": "k", "d": "AA"})), "it is not public"),
        (jwk("rsa-2048", &json!({"kid": "k", "dq": "AA"})), "it is not public"),
        (
            jwk("p256", &json!({"kid": "k", "use": "enc"})),
            "it is not for checking",
        ),
        (
            jwk("p256", &json!({"kid": "k", "use": ["sig"]})),
            "it is not for checking",
        ),
        (
            jwk("p256", &json!({"kid": "k", "key_ops": ["deriveKey"]})),
            "it is not for checking",
        ),
        (
            jwk("p256", &json!({"kid": "k", "key_ops": "verify"})),
            "it is malformed",
        ),
        (jwk("rsa-1024", &json!({"kid": "k"})), "the RSA key has 1024 bits"),
        (jwk("rsa-8192", &json!({"kid": "k"})), "the RSA key has 8192 bits"),
        (jwk("rsa-2048", &json!({"kid": "k", "e": "AQ"})), "the key is damaged"),
        (jwk("rsa-2048", &json!({"kid": "k", "n": "AQAB="})), "it is malformed"),
        (jwk("rsa-2048", &json!({"kid": "k", "n": null})), "it is malformed"),
        (jwk("p384", &json!({"kid": "k"})), "it is of another kind than"),
        (
            jwk("p256", &json!({"kid": "k", "crv": "secp256k1"})),
            "it is of another kind than",
        ),
        (
            jwk("p256", &json!({"kid": "k", "y": jwk("p256", &json!({}))["x"]})),
            "the key is damaged",
        ),
        (jwk("p256", &json!({"kid": "k", "x": "AAAA"})), "it is malformed"),
        (
            jwk("ed25519", &json!({"kid": "k", "crv": "X25519"})),
            "it is of another kind than",
        ),
        (jwk("ed25519", &json!({"kid": "k", "x": "AAAA"})), "it is malformed"),
        (
            jwk("rsa-2048", &json!({"kid": "k", "alg": "PS256"})),
            "its algorithm is another than RS256",
        ),
        (
            jwk("rsa-2048", &json!({"kid": "k", "alg": "HS256"})),
            "its algorithm is another than RS256",
        ),
        (
            jwk("p256", &json!({"kid": "k", "alg": "ES384"})),
            "its algorithm is another than ES256",
        ),
        (
            jwk("ed25519", &json!({"kid": "k", "alg": 7})),
            "its algorithm is another than EdDSA",
        ),
        (json!({"kid": "k", "kty": 7}), "it is malformed"),
    ];
    for (odd, reason) in rows {
        let judged = judge_set(&[odd.clone(), good.clone()]);
        assert!(
            judged.starts_with(&format!("good ES256; key k: {reason}")),
            "{odd}: {judged}"
        );
    }
}

#[test]
fn a_key_needs_an_id_of_its_own() {
    let named = |kid: Value| jwk("p256", &json!({ "kid": kid }));
    let good = jwk("ed25519", &json!({"kid": "good"}));
    for kid in [
        json!(null),
        json!(""),
        json!(7),
        json!("a b"),
        json!("k".repeat(129)),
        json!("ключ"),
    ] {
        let judged = judge_set(&[named(kid), good.clone()]);
        let expected = "good EdDSA; key without id: it has no key id of 1 to 128 plain characters";
        assert_eq!(judged, expected);
    }
    assert_eq!(
        judge_set(&[named(json!("twice")), jwk("rsa-2048", &json!({"kid": "twice"})), good]),
        "good EdDSA; key twice: several keys have its id"
    );
}

#[test]
fn a_set_is_a_small_object_with_usable_keys() {
    let text = |text: &str| KeySet::parse(text.as_bytes()).map(|set| set.len());
    let good = |count: usize| -> Vec<Value> {
        (0..count)
            .map(|n| jwk("p256", &json!({ "kid": n.to_string() })))
            .collect()
    };
    assert_eq!(set(&good(32)).map(|set| set.len()), Ok(32));
    assert_eq!(
        set(&good(33)).map(|set| set.len()),
        Err(KeySetError::TooMany { keys: 33 })
    );
    let sized = |bytes: usize| {
        let set = json!({ "keys": good(1), "pad": "" }).to_string();
        set.replace(
            "\"pad\":\"\"",
            &format!("\"pad\":\"{}\"", "x".repeat(bytes - set.len())),
        )
    };
    assert_eq!(text(&sized(MAX_SET_BYTES)), Ok(1));
    assert_eq!(text(&sized(MAX_SET_BYTES + 1)), Err(KeySetError::TooLong));
    for malformed in [
        "",
        "[]",
        "{}",
        r#"{"keys": {}}"#,
        r#"{"keys": [], "keys": []}"#,
        "<html>",
    ] {
        assert_eq!(text(malformed), Err(KeySetError::Malformed), "{malformed}");
    }
    let twice = jwk("p256", &json!({"kid": "k"}))
        .to_string()
        .replacen('{', "{\"kty\":\"EC\",", 1);
    assert_eq!(text(&format!("{{\"keys\": [{twice}]}}")), Err(KeySetError::Malformed));
    assert_eq!(judge_set(&[]), "the set has no key that can be used");
    assert_eq!(
        judge_set(&[json!({"kty": "oct", "k": "AA", "kid": "k"}), json!([])]),
        "the set has no key that can be used: key k: it is not public; key without id: it is malformed"
    );
}

#[test]
fn an_issuer_is_believed_of_itself_alone() {
    let uri = |document: &str| jwks_uri(document.as_bytes(), "https://idp.example");
    let keys = r#""jwks_uri": "https://keys.example/set""#;
    assert_eq!(
        uri(&format!(r#"{{"issuer": "https://idp.example", {keys}}}"#)),
        Ok("https://keys.example/set".to_owned())
    );
    for other in [
        "https://idp.example/",
        "https://IDP.example",
        "https://evil.example",
        "",
    ] {
        assert_eq!(
            uri(&format!(r#"{{"issuer": "{other}", {keys}}}"#)),
            Err(DiscoveryError::Issuer)
        );
    }
    assert_eq!(uri(&format!("{{{keys}}}")), Err(DiscoveryError::Issuer));
    assert_eq!(uri(r#"{"issuer": "https://idp.example"}"#), Err(DiscoveryError::NoKeys));
    assert_eq!(
        uri(&format!(
            r#"{{"issuer": "https://evil.example", "issuer": "https://idp.example", {keys}}}"#
        )),
        Err(DiscoveryError::Malformed)
    );
}
