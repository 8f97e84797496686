//! Four times as many requests as are let in, and no more connections than one.

use futures_util::future::join_all;
use reqwest::{StatusCode, header::RETRY_AFTER};
use serde_json::{Value, json};

use super::{NOW, ORGANISATION, load::Load};
use crate::support::{Served, TestDatabase, World, both, client, server};

/// Requests that the server lets in at a time.
const PLACES: usize = 8;

/// Requests of each client, one after the other.
const EACH: usize = 12;

async fn four_times_the_load_is_answered_or_refused_at_once(database: TestDatabase) {
    let leaders = (0..PLACES * 4).fold(String::new(), |text, at| text + &format!("l{at}\n  m{at}\n    n{at}\n"));
    let world = World::of(database, &leaders, NOW).await;
    let mut command = server(&world);
    command
        .env("SKIPLEVEL_DB_CONNECTIONS", "2")
        .env("SKIPLEVEL_LIMIT_IN_FLIGHT", PLACES.to_string());
    let served = Served::of(command);
    let body = json!({ "query": "{ viewer { person { name } week { week } }
        people(first: 100) { nodes { name manager { name } lastHeard } } }" });
    // As many as are let in come first, and warm it up.
    let (answered, refused) = wave(&world, &served, &body, PLACES).await;
    assert_eq!((answered, refused), (PLACES * EACH, 0));
    let warm = memory(served.id());
    for _ in 0..3 {
        let (answered, refused) = wave(&world, &served, &body, PLACES * 4).await;
        assert_eq!(answered + refused, PLACES * 4 * EACH);
        assert!(
            answered >= PLACES && refused > 0,
            "{answered} answered, {refused} refused"
        );
    }
    let (answered, refused) = wave(&world, &served, &body, 1).await;
    assert_eq!((answered, refused), (EACH, 0), "it is as before");
    let after = memory(served.id());
    assert!(
        after < 300 << 20 && after < 2 * warm + (16 << 20),
        "from {warm} to {after} bytes"
    );
}

async fn one_connection_is_enough_for_any_request(database: TestDatabase) {
    let world = World::of(database, ORGANISATION, NOW).await;
    let mut command = server(&world);
    command.env("SKIPLEVEL_DB_CONNECTIONS", "1");
    let served = Served::of(command);
    // Whoever held the one and asked for a second would never be answered (mine L8).
    let mut load = Load::start(&world, &served.address, "one").await;
    load.acknowledges(8).await;
    load.end().await.holds(&world, &served.address).await;
}

/// How many requests of so many clients at a time were answered, and how many refused. There is nothing between.
async fn wave(world: &World, served: &Served, body: &Value, clients: usize) -> (usize, usize) {
    let clients = (0..clients).map(|at| {
        let bearer = world.token(&format!("l{at}"), &[]);
        let url = served.url("/graphql");
        async move {
            let (client, mut answered) = (client(), 0);
            for _ in 0..EACH {
                let answer = client.post(&url).bearer_auth(&bearer).json(body).send().await.unwrap();
                let (status, wait) = (answer.status(), answer.headers().contains_key(RETRY_AFTER));
                let answer: Value = answer.json().await.unwrap();
                if status == StatusCode::SERVICE_UNAVAILABLE {
                    assert!(wait);
                    assert_eq!(answer["errors"][0]["extensions"]["code"], "SERVICE_UNAVAILABLE");
                } else {
                    assert!(
                        status == StatusCode::OK && answer.get("errors").is_none(),
                        "{status} {answer:#}"
                    );
                    answered += 1;
                }
            }
            answered
        }
    });
    let answered = join_all(clients).await;
    (
        answered.iter().sum(),
        answered.len() * EACH - answered.iter().sum::<usize>(),
    )
}

/// Resident bytes of a process, as Linux tells; nothing elsewhere.
fn memory(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = resident.and_then(|text| text.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kib.unwrap_or(0) * 1024
}

both!(
    four_times_the_load_is_answered_or_refused_at_once,
    one_connection_is_enough_for_any_request
);
