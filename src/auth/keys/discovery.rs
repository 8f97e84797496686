//! What an issuer says of itself (OpenID Connect Discovery 1.0), as far as it is needed: where its keys are.

use serde_json::Value;

use crate::auth::json::strict_object;

/// Why an issuer's document leads to no keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DiscoveryError {
    /// It is no JSON object, or repeats a member.
    #[error("the issuer's document is no JSON object, or repeats a member")]
    Malformed,
    /// It is that of somebody else.
    #[error("the issuer's document names another issuer than the configured one")]
    Issuer,
    /// It does not say where the keys are.
    #[error("the issuer's document does not say where the keys are")]
    NoKeys,
}

/// The address of the keys, by the `document` that `issuer` publishes. Whoever is named there in its place is not believed
/// (OpenID Connect Discovery 1.0, 4.3).
pub fn jwks_uri(document: &[u8], issuer: &str) -> Result<String, DiscoveryError> {
    let document = strict_object(document).ok_or(DiscoveryError::Malformed)?;
    if document.get("issuer").and_then(Value::as_str) != Some(issuer) {
        return Err(DiscoveryError::Issuer);
    }
    let uri = document.get("jwks_uri").and_then(Value::as_str);
    uri.map(str::to_owned).ok_or(DiscoveryError::NoKeys)
}
