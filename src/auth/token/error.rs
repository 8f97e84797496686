//! Why a token does not hold.

use super::MAX_HEADER_BYTES;

/// Why a token was refused: for the log alone, whoever asks gets one answer for all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum TokenError {
    /// No `Authorization` header.
    #[error("there is no authorization header")]
    Missing,
    /// More than one `Authorization` header.
    #[error("there are several authorization headers")]
    Repeated,
    /// The header is longer than [`MAX_HEADER_BYTES`].
    #[error("the authorization header is longer than {MAX_HEADER_BYTES} bytes")]
    TooLong,
    /// The header is not `Bearer` and one token.
    #[error("the authorization header is not a bearer token")]
    NotBearer,
    /// Not three parts of base64url, the first two JSON objects with unique members.
    #[error("the token is malformed or repeats a member")]
    Malformed,
    /// `alg` is not the key's.
    #[error("the token's algorithm is not the key's")]
    Algorithm,
    /// `crit` or `b64` ask for a reading that is not supported.
    #[error("the token's header has members that must be understood and are not")]
    Critical,
    /// `kid` is not 1 to 128 plain characters.
    #[error("the token's key id is not 1 to 128 plain characters")]
    KeyId,
    /// `kid` is missing where there are several keys.
    #[error("the token does not name its key")]
    NoKeyId,
    /// `kid` is that of no key of the set; it may be newer than the set.
    #[error("the token's key is not in the set")]
    UnknownKey,
    /// There is no set of keys to look the token's key up in.
    #[error("there are no keys to check tokens with")]
    NoKeys,
    /// The key did not make this signature.
    #[error("the signature is wrong")]
    Signature,
    /// A claim is missing that must be there, or has a type or length it must not have.
    #[error("claim {0} is missing or not of its type")]
    Claim(&'static str),
    /// `iss` is somebody else.
    #[error("the token is from another issuer")]
    Issuer,
    /// `aud` does not contain us.
    #[error("the token is for another audience")]
    Audience,
    /// `exp` is over.
    #[error("the token has expired")]
    Expired,
    /// `nbf` is still to come.
    #[error("the token is not valid yet")]
    NotYetValid,
    /// `iat` is still to come.
    #[error("the token was issued in the future")]
    IssuedInFuture,
    /// It lives longer than tokens may.
    #[error("the token lives too long")]
    Lifetime,
}
