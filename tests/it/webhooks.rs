//! Webhooks: who is told that the feed has gone on, how, how often, and where nothing is ever sent.

mod receiver;

use std::{net::IpAddr, sync::Arc};

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use skiplevel::{
    app::Attempt,
    domain::webhook::PrivateNetworks,
    http::{Clock, outbound::Outbound, webhook::deliver_due},
};

use self::receiver::{Received, Receiver};
use crate::support::{ADMIN, TestDatabase, World, both, mutation_text, run};

const NOW: &str = "2026-01-05T09:00:00Z";
const ORGANISATION: &str = "ada\n  bob\n    cyd\n  eve";

const WEBHOOK: &str = "query { webhooks { totalCount nodes { id url enabled failingSince
    deliveries { totalCount nodes { messageId status attempts responseStatus error nextAttemptAt } } } } }";

/// An organisation with a webhook to `url`, and the secret of that.
async fn told(database: TestDatabase, url: &str) -> (World, String) {
    let world = World::of(database, ORGANISATION, NOW).await;
    let payload = world.act(ADMIN, "createWebhook", json!({ "url": url })).await;
    let secret = payload["secret"].as_str().unwrap().to_owned();
    (world, secret)
}

/// Something happens: cyd reports to somebody else.
async fn happen(world: &World) {
    let query = "{ people(filter: {search: \"cyd\"}) { nodes { id manager { name } } } }";
    let cyd = world.admin(query, json!({})).await["people"]["nodes"][0].clone();
    let other = if cyd["manager"]["name"] == "bob" { "eve" } else { "bob" };
    let input = json!({ "personId": cyd["id"], "managerId": world.id(other).await });
    world.act(ADMIN, "setManager", input).await;
}

async fn webhook(world: &World) -> Value {
    world.admin(WEBHOOK, json!({})).await["webhooks"]["nodes"][0].clone()
}

async fn delivery(world: &World) -> Value {
    webhook(world).await["deliveries"]["nodes"][0].clone()
}

fn outbound() -> Outbound {
    Outbound::new(PrivateNetworks::Refused).unwrap()
}

async fn deliver(world: &World, outbound: &Outbound, at: DateTime<Utc>) -> usize {
    deliver_due(&world.app, outbound, Clock::Held(at)).await.unwrap()
}

/// Whether the signature is that of the secret, as a receiver would check it.
fn verifies(received: &Received, secret: &str) -> bool {
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(&key).unwrap();
    let header = |name: &str| received.headers[name].clone();
    mac.update(
        format!(
            "{}.{}.{}",
            header("webhook-id"),
            header("webhook-timestamp"),
            received.body
        )
        .as_bytes(),
    );
    header("webhook-signature") == format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

async fn many_changes_are_one_signed_message(database: TestDatabase) {
    let receiver = Receiver::start("200 OK").await;
    let (world, secret) = told(database, &receiver.url).await;
    let outbound = outbound();
    assert_eq!(
        deliver(&world, &outbound, world.now).await,
        0,
        "nothing has happened since"
    );
    happen(&world).await;
    happen(&world).await;
    assert_eq!(deliver(&world, &outbound, world.now).await, 1);
    assert_eq!(deliver(&world, &outbound, world.now).await, 0, "it was told");
    let received = receiver.received();
    let [message] = received.as_slice() else {
        panic!("{received:#?}")
    };
    assert!(verifies(message, &secret), "{message:#?}");
    let other = format!("whsec_{}", STANDARD.encode([7; 32]));
    assert!(!verifies(message, &other), "it is this secret that signs");
    assert_eq!(message.headers["webhook-timestamp"], world.now.timestamp().to_string());
    let body: Value = serde_json::from_str(&message.body).unwrap();
    assert_eq!(body["type"], "changes.available");
    assert_eq!(body["timestamp"], "2026-01-05T09:00:00.000Z");
    let feed = "query($after: String) { changes(after: $after) { nodes { type } pageInfo { endCursor } } }";
    let up_to = &body["data"]["upToCursor"];
    let page = world.admin(feed, json!({ "after": up_to })).await["changes"].clone();
    assert_eq!(
        (&page["nodes"], &page["pageInfo"]["endCursor"]),
        (&json!([]), up_to),
        "a place that anybody can compare"
    );
    let done = delivery(&world).await;
    assert_eq!(done["messageId"], message.headers["webhook-id"].as_str());
    assert_eq!(
        (&done["status"], &done["attempts"], &done["responseStatus"]),
        (&json!("DELIVERED"), &json!(1), &json!(200))
    );
    assert_eq!((&done["error"], &done["nextAttemptAt"]), (&Value::Null, &Value::Null));
}

async fn the_secret_is_shown_once_and_changes_at_once(database: TestDatabase) {
    let receiver = Receiver::start("204 No Content").await;
    let world = World::of(database, ORGANISATION, NOW).await;
    let input = json!({ "url": receiver.url, "description": "to the lake", "idempotencyKey": "k" });
    let first = world.act(ADMIN, "createWebhook", input.clone()).await;
    let again = world.act(ADMIN, "createWebhook", input).await;
    assert_eq!(again["webhook"], first["webhook"]);
    assert_eq!(again["secret"], Value::Null, "an answer that is kept does not hold it");
    let id = &first["webhook"]["id"];
    let rotated = world
        .act(ADMIN, "rotateWebhookSecret", json!({ "webhookId": id }))
        .await;
    happen(&world).await;
    deliver(&world, &outbound(), world.now).await;
    let message = &receiver.received()[0];
    assert!(verifies(message, rotated["secret"].as_str().unwrap()));
    assert!(!verifies(message, first["secret"].as_str().unwrap()));

    let update = world
        .act(
            ADMIN,
            "updateWebhook",
            json!({ "webhookId": id, "description": null, "enabled": false }),
        )
        .await;
    assert_eq!(
        (&update["webhook"]["description"], &update["webhook"]["enabled"]),
        (&Value::Null, &json!(false))
    );
    assert_eq!(update["webhook"]["url"], receiver.url, "what is not given stays");
    happen(&world).await;
    assert_eq!(deliver(&world, &outbound(), world.now).await, 0, "it is disabled");
    world
        .act(ADMIN, "updateWebhook", json!({ "webhookId": id, "enabled": true }))
        .await;
    assert_eq!(
        deliver(&world, &outbound(), world.now).await,
        1,
        "it is told what it missed"
    );
    let deleted = world.act(ADMIN, "deleteWebhook", json!({ "webhookId": id })).await;
    assert_eq!(&deleted["deletedWebhookId"], id);
    assert_eq!(webhook(&world).await, Value::Null);
    assert!(
        world
            .refusal(ADMIN, "deleteWebhook", json!({ "webhookId": id }))
            .await
            .starts_with("NOT_FOUND")
    );
}

async fn failures_are_tried_again_for_a_day_and_then_no_more(database: TestDatabase) {
    let receiver = Receiver::start("500 Oh").await;
    let (world, _) = told(database, &receiver.url).await;
    let outbound = outbound();
    happen(&world).await;
    let mut at = world.now;
    let mut waits = Vec::new();
    loop {
        assert_eq!(deliver(&world, &outbound, at).await, 1);
        let pending = delivery(&world).await;
        let Some(next) = pending["nextAttemptAt"].as_str() else {
            break;
        };
        assert_eq!(
            (&pending["status"], &pending["responseStatus"]),
            (&json!("PENDING"), &json!(500))
        );
        let next: DateTime<Utc> = next.parse().unwrap();
        waits.push((next - at).num_seconds());
        at = next;
        assert_eq!(
            deliver(&world, &outbound, at - TimeDelta::milliseconds(1)).await,
            0,
            "not before its time"
        );
    }
    assert!(
        (8..=12).contains(&waits[0]) && (24..=36).contains(&waits[1]),
        "{waits:?}"
    );
    assert!(waits[..waits.len() - 1].is_sorted_by(|a, b| *b > a / 2), "{waits:?}");
    assert_eq!(
        at,
        world.now + TimeDelta::hours(24),
        "the last attempt is a day after the first"
    );
    let received = receiver.received();
    assert_eq!(received.len(), waits.len() + 1);
    assert!((11..=16).contains(&received.len()), "{waits:?}");
    assert!(
        received.iter().all(|message| message.body == received[0].body),
        "it stays the same message"
    );
    assert!(
        received
            .iter()
            .all(|message| message.headers["webhook-id"] == received[0].headers["webhook-id"])
    );

    let given_up = webhook(&world).await;
    assert_eq!(
        (&given_up["enabled"], &delivery(&world).await["status"]),
        (&json!(false), &json!("FAILED"))
    );
    let feed =
        "{ changes(types: [\"webhook.disabled\"]) { nodes { webhook { id } person { id } changes { field } } } }";
    let event = world.admin(feed, json!({})).await["changes"]["nodes"].clone();
    assert_eq!(
        event,
        json!([{ "webhook": { "id": given_up["id"] }, "person": null, "changes": [] }])
    );
    assert_eq!(deliver(&world, &outbound, at + TimeDelta::days(2)).await, 0);
    receiver.answer("200 OK");
    world
        .act(
            ADMIN,
            "updateWebhook",
            json!({ "webhookId": given_up["id"], "enabled": true }),
        )
        .await;
    assert_eq!(
        deliver(&world, &outbound, at + TimeDelta::days(3)).await,
        1,
        "it begins anew"
    );
    assert_eq!(webhook(&world).await["failingSince"], Value::Null);
}

async fn who_is_gone_is_told_nothing_more(database: TestDatabase) {
    let receiver = Receiver::start("410 Gone").await;
    let (world, _) = told(database, &receiver.url).await;
    happen(&world).await;
    assert_eq!(deliver(&world, &outbound(), world.now).await, 1);
    assert_eq!(webhook(&world).await["enabled"], false);
    let failed = delivery(&world).await;
    assert_eq!(
        (&failed["status"], &failed["responseStatus"]),
        (&json!("FAILED"), &json!(410))
    );
}

async fn redirects_are_not_followed(database: TestDatabase) {
    let other = Receiver::start("200 OK").await;
    let receiver = Receiver::start(&format!("307 Elsewhere\r\nlocation: {}", other.url)).await;
    let (world, _) = told(database, &receiver.url).await;
    happen(&world).await;
    assert_eq!(deliver(&world, &outbound(), world.now).await, 1);
    assert_eq!((receiver.received().len(), other.received().len()), (1, 0));
    let pending = delivery(&world).await;
    assert_eq!(
        (&pending["status"], &pending["responseStatus"]),
        (&json!("PENDING"), &json!(307))
    );
}

async fn addresses_are_refused_when_they_are_given(database: TestDatabase) {
    let world = World::of(database, ORGANISATION, NOW).await;
    for url in [
        "https://10.0.0.1/",
        "https://169.254.169.254/latest",
        "https://[::ffff:10.0.0.1]/",
        "http://hooks.example.com/",
        "https://ada:pw@hooks.example.com/",
        "hooks",
    ] {
        let refusal = world.refusal(ADMIN, "createWebhook", json!({ "url": url })).await;
        assert!(refusal.starts_with("INVALID input.url: "), "{url}: {refusal}");
    }
    let made = world
        .act(ADMIN, "createWebhook", json!({ "url": "https://hooks.example.com/" }))
        .await;
    let change = json!({ "webhookId": made["webhook"]["id"], "url": "https://192.168.0.1/" });
    assert!(
        world
            .refusal(ADMIN, "updateWebhook", change)
            .await
            .starts_with("INVALID input.url: ")
    );
    for number in 1..20 {
        world
            .act(
                ADMIN,
                "createWebhook",
                json!({ "url": format!("https://hooks.example.com/{number}") }),
            )
            .await;
    }
    let one_more = world
        .refusal(ADMIN, "createWebhook", json!({ "url": "https://hooks.example.com/20" }))
        .await;
    assert!(one_more.starts_with("LIMIT input.url: "), "{one_more}");
}

async fn addresses_are_refused_when_something_is_sent(database: TestDatabase) {
    let receiver = Receiver::start("200 OK").await;
    let (world, _) = told(database, &receiver.url).await;
    let raw = world.database.raw().await;
    let port = receiver
        .url
        .rsplit(':')
        .next()
        .unwrap()
        .trim_end_matches("/hook")
        .to_owned();
    let leads_to = |ip: &str| {
        let ip: IpAddr = ip.parse().unwrap();
        Outbound::with_lookup(
            PrivateNetworks::Refused,
            Arc::new(move |_| Box::pin(async move { Ok(vec![ip]) })),
        )
        .unwrap()
    };
    let mut at = world.now;
    let mut attempt = async |url: &str, outbound: &Outbound| {
        run(&raw, &format!("UPDATE webhook SET url = '{url}', failing_since = NULL"))
            .await
            .unwrap();
        run(&raw, "UPDATE webhook_delivery SET attempts = 0, error = NULL")
            .await
            .unwrap();
        happen(&world).await;
        at += TimeDelta::hours(5);
        assert_eq!(deliver(&world, outbound, at).await, 1);
        delivery(&world).await["error"].clone()
    };
    // A name that was harmless when it was given, and leads inside by now.
    for inside in ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1"] {
        let error = attempt(&format!("https://hooks.example.com:{port}/hook"), &leads_to(inside)).await;
        assert_eq!(error, "ADDRESS_REFUSED", "{inside}");
    }
    let figures = attempt("https://10.0.0.1/", &outbound()).await;
    assert_eq!(figures, "ADDRESS_REFUSED", "whatever was allowed when it was given");
    let elsewhere = attempt(&format!("http://localhost:{port}/hook"), &leads_to("10.0.0.1")).await;
    assert_eq!(elsewhere, "ADDRESS_REFUSED", "this machine is this machine");
    assert_eq!(receiver.received().len(), 0);
    let here = attempt(&format!("http://localhost:{port}/hook"), &leads_to("127.0.0.1")).await;
    assert_eq!(here, Value::Null);
    assert_eq!(receiver.received().len(), 1);
    let nobody = attempt("http://127.0.0.1:1/", &outbound()).await;
    assert_eq!(nobody, "CONNECTION");
}

async fn a_message_is_in_one_pair_of_hands(database: TestDatabase) {
    let receiver = Receiver::start("200 OK").await;
    let (world, _) = told(database, &receiver.url).await;
    let other = world.beside().await;
    happen(&world).await;
    let (one, two) = (outbound(), outbound());
    let sent = futures_util::future::join(deliver(&world, &one, world.now), deliver(&other, &two, world.now)).await;
    assert_eq!((sent.0 + sent.1, receiver.received().len()), (1, 1));

    happen(&world).await;
    let after = |seconds| world.now + TimeDelta::seconds(seconds);
    // Taken in hand by a server that is not heard of for a minute.
    let [slow] = world.app.due_deliveries(after(0)).await.unwrap().try_into().unwrap();
    assert_eq!(deliver(&other, &two, after(59)).await, 0);
    receiver.answer("503 Busy");
    assert_eq!(deliver(&other, &two, after(60)).await, 1);
    let failed = Attempt::Unanswered("TIMEOUT");
    world
        .app
        .settle_delivery((slow.id, slow.attempt), failed, after(61), 500)
        .await
        .unwrap();
    let pending = delivery(&world).await;
    assert_eq!(
        (&pending["attempts"], &pending["responseStatus"]),
        (&json!(2), &json!(503)),
        "its failure is another's now"
    );
    let success = Attempt::Answered(200);
    world
        .app
        .settle_delivery((slow.id, slow.attempt), success, after(62), 500)
        .await
        .unwrap();
    assert_eq!(delivery(&world).await["status"], "DELIVERED", "but it did arrive");
}

async fn webhooks_are_for_hr_admins(database: TestDatabase) {
    let (world, _) = told(database, "https://hooks.example.com/").await;
    let id = webhook(&world).await["id"].clone();
    for token in [world.token("ada", &[]), world.integration("hr")] {
        let list = world.ask_as(&token, WEBHOOK, json!({})).await;
        assert_eq!(list["data"]["webhooks"], json!({ "totalCount": 0, "nodes": [] }));
        let node = world
            .ask_as(&token, "query($id: ID!) { node(id: $id) { id } }", json!({ "id": id }))
            .await;
        assert_eq!(node["data"]["node"], Value::Null);
        for (mutation, input) in [
            ("createWebhook", json!({ "url": "https://example.com/" })),
            ("deleteWebhook", json!({ "webhookId": id })),
        ] {
            let answer = world
                .ask_as(&token, &mutation_text(mutation), json!({ "input": input }))
                .await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN");
        }
    }
    let node = world
        .admin("query($id: ID!) { node(id: $id) { __typename } }", json!({ "id": id }))
        .await;
    assert_eq!(node["node"]["__typename"], "Webhook");
}

both!(
    many_changes_are_one_signed_message,
    the_secret_is_shown_once_and_changes_at_once,
    failures_are_tried_again_for_a_day_and_then_no_more,
    who_is_gone_is_told_nothing_more,
    redirects_are_not_followed,
    addresses_are_refused_when_they_are_given,
    addresses_are_refused_when_something_is_sent,
    a_message_is_in_one_pair_of_hands,
    webhooks_are_for_hr_admins,
);
