//! Which keys are taken, which are refused and why.

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
