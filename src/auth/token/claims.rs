//! The checks of a token's claims, once its signature is known to be right.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value};

use super::{LEEWAY, Role, TokenError, TokenRules, VerifiedToken};

/// Most characters of `sub` and `source`.
pub(super) const MAX_NAME_CHARS: usize = 255;

/// The last second of the year 9999: as far as RFC 3339 can write.
const LAST_SECOND: i64 = 253_402_300_799;

/// Checks every claim against `rules`, as of `now`.
pub(super) fn check(
    claims: &Map<String, Value>,
    rules: &TokenRules,
    now: DateTime<Utc>,
) -> Result<VerifiedToken, TokenError> {
    check_issuer(claims, &rules.issuer)?;
    check_audience(claims, &rules.audience)?;
    let subject = name(claims, "sub")?.ok_or(TokenError::Claim("sub"))?;
    let source = name(claims, "source")?;
    let (issued_at, expires_at) = check_times(claims, rules.max_lifetime, now)?;
    Ok(VerifiedToken {
        subject,
        roles: named_roles(claims, &rules.roles_claim)?,
        source,
        issued_at,
        expires_at,
    })
}

/// Whether `text` can stand in `sub` and `source`. Control characters are refused because logs and PostgreSQL, which
/// cannot store NUL, would stumble over them.
pub(super) fn is_name(text: &str) -> bool {
    (1..=MAX_NAME_CHARS).contains(&text.chars().count()) && !text.contains(char::is_control)
}

fn check_issuer(claims: &Map<String, Value>, issuer: &str) -> Result<(), TokenError> {
    match claims.get("iss") {
        Some(Value::String(text)) if text == issuer => Ok(()),
        Some(Value::String(_)) => Err(TokenError::Issuer),
        _ => Err(TokenError::Claim("iss")),
    }
}

fn check_audience(claims: &Map<String, Value>, audience: &str) -> Result<(), TokenError> {
    let contains = match claims.get("aud") {
        Some(Value::String(text)) => text == audience,
        Some(Value::Array(list)) if list.iter().all(Value::is_string) => list.iter().any(|one| one == audience),
        _ => return Err(TokenError::Claim("aud")),
    };
    if contains { Ok(()) } else { Err(TokenError::Audience) }
}

fn check_times(
    claims: &Map<String, Value>,
    max_lifetime: TimeDelta,
    now: DateTime<Utc>,
) -> Result<(Option<DateTime<Utc>>, DateTime<Utc>), TokenError> {
    let expires_at = instant(claims, "exp")?.ok_or(TokenError::Claim("exp"))?;
    let issued_at = instant(claims, "iat")?;
    if expires_at + LEEWAY <= now {
        return Err(TokenError::Expired);
    }
    if instant(claims, "nbf")?.is_some_and(|not_before| now + LEEWAY < not_before) {
        return Err(TokenError::NotYetValid);
    }
    if issued_at.is_some_and(|issued_at| now + LEEWAY < issued_at) {
        return Err(TokenError::IssuedInFuture);
    }
    // Without `iat` nobody knows how long it has lived already: what is left must be short enough.
    if expires_at - issued_at.unwrap_or(now) > max_lifetime {
        return Err(TokenError::Lifetime);
    }
    Ok((issued_at, expires_at))
}

fn name(claims: &Map<String, Value>, claim: &'static str) -> Result<Option<String>, TokenError> {
    match claims.get(claim) {
        None => Ok(None),
        Some(Value::String(text)) if is_name(text) => Ok(Some(text.clone())),
        Some(_) => Err(TokenError::Claim(claim)),
    }
}

fn named_roles(claims: &Map<String, Value>, claim: &str) -> Result<BTreeSet<Role>, TokenError> {
    let names = match claims.get(claim) {
        None => &[],
        Some(Value::Array(list)) if list.iter().all(Value::is_string) => list.as_slice(),
        Some(_) => return Err(TokenError::Claim("of roles")),
    };
    let mut roles: BTreeSet<Role> = names.iter().filter_map(|name| name.as_str()?.parse().ok()).collect();
    if roles.is_empty() {
        roles.insert(Role::Person);
    }
    Ok(roles)
}

/// Seconds since 1970, whole or with a fraction (RFC 7519, 2), which is cut off.
fn instant(claims: &Map<String, Value>, claim: &'static str) -> Result<Option<DateTime<Utc>>, TokenError> {
    let Some(value) = claims.get(claim) else {
        return Ok(None);
    };
    let seconds = value.as_i64().or_else(|| value.as_f64().map(whole_seconds));
    seconds
        .filter(|seconds| (0..=LAST_SECOND).contains(seconds))
        .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
        .map(Some)
        .ok_or(TokenError::Claim(claim))
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the cast saturates and what is out of range is refused afterwards"
)]
fn whole_seconds(seconds: f64) -> i64 {
    seconds.floor() as i64
}
