//! Reading a body: as much as allowed, in the time allowed, whether or not its length was announced.

use actix_web::{
    HttpRequest,
    http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE},
    web::{Bytes, BytesMut, Payload},
};
use futures_util::StreamExt as _;
use tokio::time::{Instant, timeout_at};

use super::{accept::is_utf8, limits::Limits};
use crate::graphql::error::{ErrorCode, Fault};

/// Refuses what is not uncompressed JSON.
///
/// This is what makes the door safe from forged requests too: a page of another site cannot send this type without
/// asking first, and is never allowed to.
pub(super) fn check_type(request: &HttpRequest) -> Result<(), Fault> {
    check_type_among(request, &["application/json"])
}

/// The same for JSON that goes by one of these names.
pub(super) fn check_type_among(request: &HttpRequest, names: &[&str]) -> Result<(), Fault> {
    let unsupported = |message: &str| Err(Fault::new(ErrorCode::UnsupportedMediaType, message));
    let mut encodings = request.headers().get_all(CONTENT_ENCODING);
    if encodings.any(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return unsupported("the body must not be compressed");
    }
    let mut types = request.headers().get_all(CONTENT_TYPE);
    match (types.next().and_then(|value| value.to_str().ok()), types.next()) {
        (Some(value), None) if is_json(value, names) => Ok(()),
        _ => unsupported(&format!("the body must be sent as `Content-Type: {}`", names[0])),
    }
}

/// Refuses a body that announces itself as too long, before anything of it is read.
pub(super) fn check_announced(request: &HttpRequest, most: usize) -> Result<(), Fault> {
    let announced = request
        .headers()
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    match announced {
        Some(length) if length > most as u64 => Err(too_large(most)),
        _ => Ok(()),
    }
}

/// Why a body was not read to its end. Whatever is left of it is in the way of the connection's next request, so the
/// connection must be closed.
#[derive(Debug)]
pub(super) enum Unread {
    /// The deadline passed.
    Late,
    /// The connection broke, or the body was not framed as announced.
    Broken,
    /// There was more than this many bytes.
    TooLarge(usize),
}

/// The whole body, if it is at most `most` bytes and comes before the deadline.
pub(super) async fn read(mut payload: Payload, most: usize, limits: &Limits) -> Result<Bytes, Unread> {
    let deadline = Instant::now() + limits.body_deadline;
    let mut body = BytesMut::new();
    loop {
        match timeout_at(deadline, payload.next()).await {
            Err(_) => return Err(Unread::Late),
            Ok(None) => return Ok(body.freeze()),
            Ok(Some(Err(_))) => return Err(Unread::Broken),
            Ok(Some(Ok(chunk))) if chunk.len() > most - body.len() => return Err(Unread::TooLarge(most)),
            Ok(Some(Ok(chunk))) => body.extend_from_slice(&chunk),
        }
    }
}

impl From<Unread> for Fault {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::Late => Self::new(ErrorCode::Timeout, "the body did not come in time"),
            Unread::Broken => Self::new(ErrorCode::BadRequest, "the body could not be read to its end"),
            Unread::TooLarge(most) => too_large(most),
        }
    }
}

/// The fault of a body of more than `most` bytes.
pub(super) fn too_large(most: usize) -> Fault {
    Fault::new(
        ErrorCode::PayloadTooLarge,
        format!("the body is larger than {most} bytes"),
    )
    .with("limitName", "body")
    .with("limit", most)
}

fn is_json(content_type: &str, names: &[&str]) -> bool {
    let mut parts = content_type.split(';').map(str::trim);
    parts
        .next()
        .is_some_and(|sent| names.iter().any(|name| sent.eq_ignore_ascii_case(name)))
        && parts.all(|parameter| match parameter.split_once('=') {
            Some((key, value)) if key.trim().eq_ignore_ascii_case("charset") => is_utf8(value.trim().trim_matches('"')),
            _ => true,
        })
}
