//! Sending what is due to webhooks, signed as Standard Webhooks says.

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::SecondsFormat;
use futures_util::future::join_all;
use hmac::{Hmac, Mac};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use serde::Serialize;
use sha2::Sha256;

use super::{Clock, outbound::Outbound};
use crate::app::{App, AppError, Attempt, DueDelivery, message_id};

/// What a message says: that there is something to read, and up to where. It tells nothing of anybody, so that it does not
/// matter who gets to see it.
#[derive(Serialize)]
struct Message<'a> {
    r#type: &'static str,
    timestamp: String,
    data: Data<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Data<'a> {
    up_to_cursor: &'a str,
}

/// Sends every message that is due once, and writes down what became of it. Returns how many were sent.
pub async fn deliver_due(app: &App, outbound: &Outbound, clock: Clock) -> Result<usize, AppError> {
    let due = app.due_deliveries(clock.now()).await?;
    let sent = join_all(due.iter().map(|due| async {
        let outcome = send(outbound, due, clock).await;
        let jitter = rand::random_range(0..=1000);
        app.settle_delivery((due.id, due.attempt), outcome, clock.now(), jitter)
            .await
    }));
    // Each is written down before any failure to do so is reported.
    sent.await.into_iter().collect::<Result<Vec<()>, AppError>>()?;
    Ok(due.len())
}

async fn send(outbound: &Outbound, due: &DueDelivery, clock: Clock) -> Attempt {
    let message = Message {
        r#type: "changes.available",
        timestamp: due.created_at.to_rfc3339_opts(SecondsFormat::Millis, true),
        data: Data {
            up_to_cursor: &due.up_to,
        },
    };
    let Ok(body) = serde_json::to_string(&message) else {
        return Attempt::Unanswered("FAILED");
    };
    let (id, timestamp) = (message_id(due.id), clock.now().timestamp().to_string());
    let signature = signature(&due.secret, &format!("{id}.{timestamp}.{body}"));
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    for (name, value) in [
        ("webhook-id", id),
        ("webhook-timestamp", timestamp),
        ("webhook-signature", signature),
    ] {
        // None of them holds anything that a header may not.
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    match outbound.post(&due.url, headers, body).await {
        Ok(status) => Attempt::Answered(status),
        Err(reason) => Attempt::Unanswered(reason.as_str()),
    }
}

/// `v1,` and the HMAC-SHA256 of the text in base64.
fn signature(secret: &[u8], text: &str) -> String {
    #[expect(clippy::expect_used, reason = "HMAC accepts keys of every length")]
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(secret).expect("any key length");
    mac.update(text.as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification.
    #[test]
    fn signatures_are_those_of_the_specification() {
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let body = r#"{"test": 2432232314}"#;
        let text = format!("msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{body}");
        assert_eq!(
            signature(&secret, &text),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
    }
}
