//! One row per check: the good token passes, and each row breaks it in exactly one way.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use serde_json::{Value, json};

use super::*;
use crate::auth::keys::{KeySet, Secret, sign_hs256};

const NOW: i64 = 1_800_000_000;
const DAY: i64 = 24 * 60 * 60;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(NOW, 0).unwrap()
}

fn secret() -> Secret {
    Secret::new(*b"32 bytes that only tests know of").unwrap()
}

fn rules() -> TokenRules {
    TokenRules {
        issuer: "skiplevel".to_owned(),
        audience: "skiplevel".to_owned(),
        roles_claim: "roles".to_owned(),
        max_lifetime: TimeDelta::hours(24),
    }
}

fn verifier() -> Verifier {
    Verifier::new(&TokenConfig {
        key: KeyMaterial::Secret(secret()),
        rules: rules(),
    })
    .unwrap()
}

fn good_header() -> Value {
    json!({"alg": "HS256", "typ": "JWT"})
}

fn good_claims() -> Value {
    json!({
        "iss": "skiplevel", "aud": "skiplevel", "sub": "ada", "iat": NOW - 60, "nbf": NOW - 60, "exp": NOW + 3600,
        "roles": ["hr_admin"], "source": "hr",
    })
}

/// `good` with the members of `change` put in; null takes a member out.
fn changed(mut good: Value, change: &Value) -> Value {
    for (name, value) in change.as_object().unwrap() {
        match value {
            Value::Null => good.as_object_mut().unwrap().remove(name),
            _ => good.as_object_mut().unwrap().insert(name.clone(), value.clone()),
        };
    }
    good
}

#[expect(clippy::needless_pass_by_value, reason = "rows read better without borrows")]
fn encode(text: impl ToString) -> String {
    URL_SAFE_NO_PAD.encode(text.to_string())
}

fn signed(header: impl ToString, claims: impl ToString) -> String {
    let message = format!("{}.{}", encode(header), encode(claims));
    let signature = sign_hs256(&secret(), &message).unwrap();
    format!("{message}.{signature}")
}

fn good_token() -> String {
    signed(good_header(), good_claims())
}

fn verify(token: &str) -> Result<VerifiedToken, TokenError> {
    verifier().verify([format!("Bearer {token}").as_bytes()], now())
}

fn with_claims(change: &Value) -> Result<VerifiedToken, TokenError> {
    verify(&signed(good_header(), changed(good_claims(), change)))
}

fn with_header(change: &Value) -> Result<VerifiedToken, TokenError> {
    verify(&signed(changed(good_header(), change), good_claims()))
}

#[test]
fn a_good_token_says_who_asks() {
    let token = verify(&good_token()).unwrap();
    assert_eq!(token.subject(), "ada");
    assert_eq!(token.roles(), &BTreeSet::from([Role::HrAdmin]));
    assert_eq!(token.source(), Some("hr"));
    assert_eq!(token.issued_at(), DateTime::from_timestamp(NOW - 60, 0));
    assert_eq!(Some(token.expires_at()), DateTime::from_timestamp(NOW + 3600, 0));
}

#[test]
fn the_header_stands_once_and_is_bearer_and_short() {
    let good = format!("Bearer {}", good_token());
    let check = |headers: &[&str]| {
        verifier()
            .verify(headers.iter().map(|header| header.as_bytes()), now())
            .err()
    };
    let long = |bytes: usize| {
        let without = signed(good_header(), changed(good_claims(), &json!({"pad": ""}))).len() + "Bearer ".len();
        // Four characters of base64 hold three bytes; what is left over is too little to matter for either side.
        let pad = "x".repeat((bytes - without) / 4 * 3);
        format!(
            "Bearer {}",
            signed(good_header(), changed(good_claims(), &json!({ "pad": pad })))
        )
    };
    let (fits, exceeds) = (long(MAX_HEADER_BYTES), long(MAX_HEADER_BYTES + 8));
    assert!(
        (MAX_HEADER_BYTES - 8..=MAX_HEADER_BYTES).contains(&fits.len()),
        "{}",
        fits.len()
    );
    assert!(
        (MAX_HEADER_BYTES + 1..=MAX_HEADER_BYTES + 8).contains(&exceeds.len()),
        "{}",
        exceeds.len()
    );

    assert_eq!(check(&[&good]), None);
    assert_eq!(check(&[&good.replace("Bearer", "bearer")]), None);
    assert_eq!(check(&[&fits]), None);
    assert_eq!(check(&[&exceeds]), Some(TokenError::TooLong));
    assert_eq!(check(&[]), Some(TokenError::Missing));
    assert_eq!(check(&[&good, &good]), Some(TokenError::Repeated));
    assert_eq!(check(&[&good_token()]), Some(TokenError::NotBearer));
    assert_eq!(check(&[&good.replace("Bearer", "Basic")]), Some(TokenError::NotBearer));
    assert_eq!(check(&[""]), Some(TokenError::NotBearer));
    assert_eq!(
        verifier().verify([&b"Bearer \xff"[..]], now()),
        Err(TokenError::NotBearer)
    );
}

#[test]
fn members_of_the_tokens_header() {
    let accepted = [
        json!({"typ": null}),
        json!({"typ": "at+jwt"}),
        json!({"kid": "k"}),
        json!({"kid": "k".repeat(128)}),
        json!({"kid": "2026/key+1=_a:b.c-d"}),
        json!({"jku": "https://elsewhere.example/keys", "x5u": 7, "jwk": {"kty": "oct", "k": "AAAA"}, "x5c": "x"}),
    ];
    for change in accepted {
        assert_eq!(with_header(&change).err(), None, "{change}");
    }
    let refused = [
        (json!({"alg": null}), TokenError::Algorithm),
        (json!({"alg": "none"}), TokenError::Algorithm),
        (json!({"alg": "hs256"}), TokenError::Algorithm),
        (json!({"alg": "HS384"}), TokenError::Algorithm),
        (json!({"alg": "RS256"}), TokenError::Algorithm),
        (json!({"alg": ["HS256"]}), TokenError::Algorithm),
        (json!({"crit": []}), TokenError::Critical),
        (json!({"crit": ["exp"]}), TokenError::Critical),
        (json!({"b64": true}), TokenError::Critical),
        (json!({"b64": false}), TokenError::Critical),
        (json!({"kid": ""}), TokenError::KeyId),
        (json!({"kid": "k".repeat(129)}), TokenError::KeyId),
        (json!({"kid": "a b"}), TokenError::KeyId),
        (json!({"kid": "a'b"}), TokenError::KeyId),
        (json!({"kid": "schlüssel"}), TokenError::KeyId),
        (json!({"kid": 1}), TokenError::KeyId),
    ];
    for (change, error) in refused {
        assert_eq!(with_header(&change), Err(error), "{change}");
    }
}

#[test]
fn claims_of_the_wrong_type_or_value() {
    let long = |chars: usize| "é".repeat(chars);
    let accepted = [
        json!({"aud": ["other", "skiplevel"]}),
        json!({"sub": "x"}),
        json!({"sub": long(255)}),
        json!({"roles": []}),
        json!({"roles": null}),
        json!({"roles": ["hr_admin", "owner of the moon"]}),
        json!({"source": null}),
        json!({"source": long(255)}),
        json!({"nbf": null}),
        json!({"iat": null}),
        json!({"exp": 1_800_003_600.75}),
    ];
    for change in accepted {
        assert_eq!(with_claims(&change).err(), None, "{change}");
    }
    let refused = [
        (json!({"iss": null}), TokenError::Claim("iss")),
        (json!({"iss": ["skiplevel"]}), TokenError::Claim("iss")),
        (json!({"iss": "Skiplevel"}), TokenError::Issuer),
        (json!({"aud": null}), TokenError::Claim("aud")),
        (json!({"aud": {"skiplevel": true}}), TokenError::Claim("aud")),
        (json!({"aud": ["skiplevel", 7]}), TokenError::Claim("aud")),
        (json!({"aud": "other"}), TokenError::Audience),
        (json!({"aud": []}), TokenError::Audience),
        (json!({"aud": ["skiplevel2"]}), TokenError::Audience),
        (json!({"sub": null}), TokenError::Claim("sub")),
        (json!({"sub": 7}), TokenError::Claim("sub")),
        (json!({"sub": ""}), TokenError::Claim("sub")),
        (json!({"sub": long(256)}), TokenError::Claim("sub")),
        (json!({"sub": "a\u{0}b"}), TokenError::Claim("sub")),
        (json!({"roles": "hr_admin"}), TokenError::Claim("of roles")),
        (json!({"roles": ["hr_admin", 1]}), TokenError::Claim("of roles")),
        (json!({"source": 7}), TokenError::Claim("source")),
        (json!({"source": ""}), TokenError::Claim("source")),
        (json!({"source": long(256)}), TokenError::Claim("source")),
        (json!({"exp": null}), TokenError::Claim("exp")),
        (json!({"exp": "1800003600"}), TokenError::Claim("exp")),
        (json!({"exp": 1e300}), TokenError::Claim("exp")),
        (json!({"exp": 8_210_266_876_799_i64}), TokenError::Claim("exp")),
        (json!({"exp": u64::MAX}), TokenError::Claim("exp")),
        (json!({"exp": -1}), TokenError::Claim("exp")),
        (json!({"nbf": "0"}), TokenError::Claim("nbf")),
        (json!({"iat": true}), TokenError::Claim("iat")),
    ];
    for (change, error) in refused {
        assert_eq!(with_claims(&change), Err(error), "{change}");
    }
}

#[test]
fn times_to_the_second() {
    let rows = [
        (json!({"exp": NOW - 29}), None),
        (json!({"exp": NOW - 30}), Some(TokenError::Expired)),
        (json!({"nbf": NOW + 30}), None),
        (json!({"nbf": NOW + 31}), Some(TokenError::NotYetValid)),
        (json!({"iat": NOW + 30}), None),
        (json!({"iat": NOW + 31}), Some(TokenError::IssuedInFuture)),
        (json!({"iat": NOW - 60, "exp": NOW - 60 + DAY}), None),
        (
            json!({"iat": NOW - 60, "exp": NOW - 60 + DAY + 1}),
            Some(TokenError::Lifetime),
        ),
        (json!({"iat": null, "exp": NOW + DAY}), None),
        (json!({"iat": null, "exp": NOW + DAY + 1}), Some(TokenError::Lifetime)),
    ];
    for (change, error) in rows {
        assert_eq!(with_claims(&change).err(), error, "{change}");
    }
}

#[test]
fn the_longest_lifetime_is_a_rule() {
    let rules = TokenRules {
        max_lifetime: TimeDelta::hours(1),
        ..rules()
    };
    let verifier = Verifier::new(&TokenConfig {
        key: KeyMaterial::Secret(secret()),
        rules,
    })
    .unwrap();
    let check = |exp: i64| {
        let token = signed(good_header(), changed(good_claims(), &json!({"iat": NOW, "exp": exp})));
        verifier.verify([format!("Bearer {token}").as_bytes()], now()).err()
    };
    assert_eq!(check(NOW + 3600), None);
    assert_eq!(check(NOW + 3601), Some(TokenError::Lifetime));
}

#[test]
fn roles_are_read_from_the_configured_claim_and_nowhere_else() {
    let rules = TokenRules {
        roles_claim: "https://example.org/roles".to_owned(),
        ..rules()
    };
    let verifier = Verifier::new(&TokenConfig {
        key: KeyMaterial::Secret(secret()),
        rules,
    })
    .unwrap();
    let named = |change: &Value| {
        let token = signed(good_header(), changed(good_claims(), change));
        verifier
            .verify([format!("Bearer {token}").as_bytes()], now())
            .unwrap()
            .roles()
            .clone()
    };
    assert_eq!(
        named(&json!({"https://example.org/roles": ["integration"]})),
        BTreeSet::from([Role::Integration])
    );
    assert_eq!(
        named(&json!({"roles": ["integration"]})),
        BTreeSet::from([Role::Person])
    );
}

#[test]
fn repeated_members_are_refused_in_header_and_claims() {
    let claims = good_claims().to_string();
    let twice = |object: &str, member: &str| object.replacen('{', &format!("{{{member},"), 1);
    assert_eq!(verify(&signed(good_header(), &claims)).err(), None);
    assert_eq!(
        verify(&signed(good_header(), twice(&claims, r#""sub":"eve""#))),
        Err(TokenError::Malformed)
    );
    assert_eq!(
        verify(&signed(r#"{"alg":"none","alg":"HS256"}"#, &claims)),
        Err(TokenError::Malformed)
    );
}

#[test]
fn malformed_tokens_are_refused() {
    let good = good_token();
    let (message, signature) = good.rsplit_once('.').unwrap();
    assert_eq!(verify(&good).err(), None);
    assert_eq!(verify(""), Err(TokenError::Malformed));
    assert_eq!(verify("one"), Err(TokenError::Malformed));
    assert_eq!(verify("one.two"), Err(TokenError::Malformed));
    assert_eq!(verify(&format!(" {good}")), Err(TokenError::Malformed));
    assert_eq!(verify(&signed("[]", good_claims())), Err(TokenError::Malformed));
    assert_eq!(verify(&signed(good_header(), "7")), Err(TokenError::Malformed));
    assert_eq!(verify(&signed(good_header(), "not JSON")), Err(TokenError::Malformed));
    assert_eq!(verify(&format!("{message}=.{signature}")), Err(TokenError::Signature));
    assert_eq!(verify(&format!("{good}.{signature}")), Err(TokenError::Signature));
}

#[test]
fn only_the_keys_own_signature_over_the_whole_token_counts() {
    let good = good_token();
    let (message, signature) = good.rsplit_once('.').unwrap();
    let (header, claims) = message.split_once('.').unwrap();
    let stranger = Secret::new([0; 32]).unwrap();
    let forged = sign_hs256(&stranger, message).unwrap();
    let other_claims = encode(changed(good_claims(), &json!({"sub": "eve"})));
    let other_header = encode(changed(good_header(), &json!({"kid": "k"})));

    assert_eq!(verify(&good).err(), None);
    assert_eq!(verify(&format!("{message}.")), Err(TokenError::Signature));
    assert_eq!(verify(&format!("{message}.{forged}")), Err(TokenError::Signature));
    assert_eq!(verify(&format!("{message}.{signature}=")), Err(TokenError::Signature));
    assert_eq!(
        verify(&format!("{header}.{other_claims}.{signature}")),
        Err(TokenError::Signature)
    );
    assert_eq!(
        verify(&format!("{other_header}.{claims}.{signature}")),
        Err(TokenError::Signature)
    );
}

#[test]
fn each_family_verifies_its_own_and_refuses_all_others() {
    macro_rules! pem {
        ($name:literal) => {
            include_str!(concat!("../keys/fixtures/", $name, ".pem"))
        };
    }
    let public = |pem: &str| KeyMaterial::PublicPem(pem.to_owned());
    let rsa = EncodingKey::from_rsa_pem(pem!("rsa-2048-private").as_bytes()).unwrap();
    let p256 = EncodingKey::from_ec_pem(pem!("p256-private").as_bytes()).unwrap();
    let ed25519 = EncodingKey::from_ed_pem(pem!("ed25519-private").as_bytes()).unwrap();
    let hmac = EncodingKey::from_secret(b"32 bytes that only tests know of");
    let families = [
        ("HS256", Algorithm::HS256, hmac, KeyMaterial::Secret(secret())),
        ("RS256", Algorithm::RS256, rsa, public(pem!("rsa-2048-public"))),
        ("ES256", Algorithm::ES256, p256, public(pem!("p256-public"))),
        ("EdDSA", Algorithm::EdDSA, ed25519, public(pem!("ed25519-public"))),
    ];
    for (alg, algorithm, private, _) in &families {
        let message = format!("{}.{}", encode(json!({ "alg": alg })), encode(good_claims()));
        let token = format!(
            "{message}.{}",
            crypto::sign(message.as_bytes(), private, *algorithm).unwrap()
        );
        for (other, _, _, key) in &families {
            let verifier = Verifier::new(&TokenConfig {
                key: key.clone(),
                rules: rules(),
            })
            .unwrap();
            let expected = (alg != other).then_some(TokenError::Algorithm);
            assert_eq!(
                verifier.verify([format!("Bearer {token}").as_bytes()], now()).err(),
                expected,
                "{alg}, {other}"
            );
        }
    }
    // The public key as an HMAC secret: the classic confusion.
    let message = format!("{}.{}", encode(good_header()), encode(good_claims()));
    let confused = EncodingKey::from_secret(pem!("rsa-2048-public").as_bytes());
    let token = format!(
        "{message}.{}",
        crypto::sign(message.as_bytes(), &confused, Algorithm::HS256).unwrap()
    );
    let verifier = Verifier::new(&TokenConfig {
        key: public(pem!("rsa-2048-public")),
        rules: rules(),
    })
    .unwrap();
    assert_eq!(
        verifier.verify([format!("Bearer {token}").as_bytes()], now()),
        Err(TokenError::Algorithm)
    );
}

#[test]
fn under_a_set_the_token_names_its_key_and_the_key_its_algorithm() {
    let public: Value = serde_json::from_str(include_str!("../keys/fixtures/public-keys.json")).unwrap();
    let named = |name: &str, kid: &str| changed(public[name].clone(), &json!({ "kid": kid }));
    let set = |keys: &[Value]| Some(KeySet::parse(json!({ "keys": keys }).to_string().as_bytes()).unwrap());
    let keys = SharedKeys::default();
    let verifier = Verifier::with_set(keys.clone(), rules());
    let p256 = EncodingKey::from_ec_pem(include_bytes!("../keys/fixtures/p256-private.pem")).unwrap();
    let check = |header: &Value| {
        let message = format!("{}.{}", encode(header), encode(good_claims()));
        let signature = crypto::sign(message.as_bytes(), &p256, Algorithm::ES256).unwrap();
        let token = format!("Bearer {message}.{signature}");
        verifier.verify([token.as_bytes()], now()).err()
    };
    let by = |kid: &str| json!({"alg": "ES256", "kid": kid});

    assert_eq!(check(&by("p")), Some(TokenError::NoKeys));
    keys.replace(set(&[named("p256", "p"), named("ed25519", "e")]));
    assert_eq!(check(&by("p")), None);
    assert_eq!(check(&by("other")), Some(TokenError::UnknownKey));
    assert_eq!(check(&by("e")), Some(TokenError::Algorithm));
    assert_eq!(check(&json!({"alg": "EdDSA", "kid": "e"})), Some(TokenError::Signature));
    assert_eq!(check(&json!({"alg": "HS256", "kid": "p"})), Some(TokenError::Algorithm));
    assert_eq!(check(&json!({"alg": "ES256"})), Some(TokenError::NoKeyId));
    assert_eq!(check(&by("a b")), Some(TokenError::KeyId));
    keys.replace(set(&[named("p256", "other")]));
    assert_eq!(check(&by("other")), None);
    assert_eq!(check(&by("p")), Some(TokenError::UnknownKey));
    keys.replace(None);
    assert_eq!(check(&by("other")), Some(TokenError::NoKeys));
}

#[test]
fn a_token_outlives_what_was_taken_back_before_it_was_issued() {
    let at = |seconds: i64| DateTime::from_timestamp(NOW + seconds, 0);
    let token = verify(&good_token()).unwrap();
    assert!(token.outlives(None) && token.outlives(at(-61)));
    assert!(!token.outlives(at(-60)) && !token.outlives(at(0)));
    let undated = with_claims(&json!({"iat": null})).unwrap();
    assert!(undated.outlives(None) && !undated.outlives(at(-DAY)));
}

#[test]
fn what_we_sign_we_accept() {
    let token = NewToken {
        subject: "hr-feed",
        roles: &[Role::Integration],
        source: Some("hr"),
        lifetime: TimeDelta::hours(24),
    };
    let verified = verify(&sign(&secret(), &rules(), &token, now()).unwrap()).unwrap();
    assert_eq!(verified.subject(), "hr-feed");
    assert_eq!(verified.roles(), &BTreeSet::from([Role::Integration]));
    assert_eq!(verified.source(), Some("hr"));
    assert_eq!(verified.issued_at(), Some(now()));
    assert_eq!(verified.expires_at(), now() + TimeDelta::hours(24));
}

#[test]
fn nothing_is_signed_that_would_be_refused() {
    let good = NewToken {
        subject: "ada",
        roles: &[],
        source: None,
        lifetime: TimeDelta::hours(8),
    };
    let refusal = |token: NewToken<'_>| {
        sign(&secret(), &rules(), &token, now())
            .err()
            .map(|error| error.to_string())
    };
    assert_eq!(refusal(good.clone()), None);
    let name = |what| {
        Some(format!(
            "{what} must have 1 to 255 characters and no control characters"
        ))
    };
    assert_eq!(
        refusal(NewToken {
            subject: "",
            ..good.clone()
        }),
        name("the subject")
    );
    assert_eq!(
        refusal(NewToken {
            source: Some("a\nb"),
            ..good.clone()
        }),
        name("the source")
    );
    let lifetime = Some("the lifetime must be between 1 second and 24 hours".to_owned());
    assert_eq!(
        refusal(NewToken {
            lifetime: TimeDelta::zero(),
            ..good.clone()
        }),
        lifetime
    );
    assert_eq!(
        refusal(NewToken {
            lifetime: TimeDelta::seconds(DAY + 1),
            ..good
        }),
        lifetime
    );
}

#[test]
fn roles_have_one_name_everywhere() {
    for role in [Role::Person, Role::HrAdmin, Role::Integration] {
        assert_eq!(serde_json::to_value(role).unwrap(), json!(role.to_string()));
        assert_eq!(role.name().parse(), Ok(role));
    }
    assert_eq!("owner".parse::<Role>(), Err(UnknownRole));
}

#[test]
fn neither_errors_nor_debug_repeat_the_token_or_the_secret() {
    assert!(!format!("{:?}", verifier()).contains("32 bytes that only tests know of"));
    let error = with_claims(&json!({"iss": "https://private.example"})).unwrap_err();
    assert_eq!(error.to_string(), "the token is from another issuer");
}
