//! Taking tokens back: whose, by whom, from when on, and at every door.

use reqwest::StatusCode;
use serde_json::{Value, json};
use skiplevel::auth::{subject::SubjectRule, token::Role};

use std::sync::Arc;

use crate::support::{ADMIN, Change, Options, TestDatabase, World, both, client};

const NOW: &str = "2026-03-02T09:00:00Z";
const LATER: &str = "2026-03-02T09:00:01Z";
const ORGANISATION: &str = "ada\n  bob\n    cyd\n  eve";
const ME: &str = "{ viewer { person { name } } }";

/// The status of an answer to the bearer of `token`, who asks who they are.
async fn status(world: &World, token: &str) -> u16 {
    let (status, body) = world.body_as(token, ME, json!({})).await;
    assert_eq!(status == 401, body.contains("UNAUTHENTICATED"), "{body}");
    status
}

async fn audited(world: &World) -> Vec<String> {
    let data = world
        .admin("{ audit(first: 100) { nodes { actor action } } }", json!({}))
        .await;
    let entries = data["audit"]["nodes"].as_array().unwrap().iter();
    let entries = entries.map(|entry| format!("{} {}", entry["actor"], entry["action"]).replace('"', ""));
    entries.filter(|entry| entry.contains("REVOKE")).collect()
}

async fn own_tokens_are_taken_back_and_later_ones_hold(database: TestDatabase) {
    let world = World::of(database, ORGANISATION, NOW).await;
    let beside = world.beside().await;
    let (bob, cyd) = (world.token("bob", &[]), world.token("cyd", &[]));
    assert_eq!((status(&world, &bob).await, status(&beside, &bob).await), (200, 200));

    let payload = world.act("bob", "revokeTokens", json!({})).await;
    let expected = json!({ "id": world.id("bob").await, "name": "bob" });
    assert_eq!(
        payload,
        json!({ "tokensValidAfter": NOW, "person": expected, "userErrors": [] })
    );

    assert_eq!((status(&world, &bob).await, status(&beside, &bob).await), (401, 401));
    assert_eq!(status(&world, &cyd).await, 200);
    let later = world.at(LATER).await;
    assert_eq!(status(&later, &bob).await, 401);
    assert_eq!(status(&later, &later.token("bob", &[])).await, 200);
    let [entry] = &audited(&later).await[..] else {
        panic!("one entry")
    };
    assert!(
        entry.starts_with("person:") && entry.ends_with(" REVOKE_OWN_TOKENS"),
        "{entry}"
    );
}

async fn hr_admins_take_back_anybodys_and_everybody_else_their_own(database: TestDatabase) {
    let world = World::of(database, ORGANISATION, NOW).await;
    let (bob, bobs) = (world.id("bob").await, world.token("bob", &[]));
    let nobody = "cAAAAAAAAAAAAAAAAAAAAAA";
    for colleague in ["ada", "cyd", "eve"] {
        for id in [bob.as_str(), nobody] {
            assert_eq!(
                world
                    .refusal(colleague, "revokeTokens", json!({ "personId": id }))
                    .await,
                "NOT_FOUND input.personId: nothing in your reach has this personId"
            );
        }
    }
    assert_eq!(
        world
            .refusal(ADMIN, "revokeTokens", json!({ "personId": nobody }))
            .await,
        "NOT_FOUND input.personId: nothing in your reach has this personId"
    );
    assert_eq!(
        world.refusal(ADMIN, "revokeTokens", json!({})).await,
        "REQUIRED input.personId: say whose: you have no place in today's chart"
    );
    let mutation = "mutation($id: ID) { revokeTokens(input: { personId: $id }) { userErrors { code } } }";
    let answer = world
        .ask_as(&world.integration("hr"), mutation, json!({ "id": bob }))
        .await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN");
    assert_eq!(status(&world, &bobs).await, 200);

    let of_bob = json!({ "personId": bob });
    world.act("bob", "revokeTokens", of_bob.clone()).await;
    assert_eq!(status(&world, &bobs).await, 401);
    let eves = world.token("eve", &[]);
    assert_eq!(status(&world, &eves).await, 200);
    world
        .act(ADMIN, "revokeTokens", json!({ "personId": world.id("eve").await }))
        .await;
    assert_eq!(status(&world, &eves).await, 401);
    assert_eq!(audited(&world).await[0], "token:hr-admin REVOKE_TOKENS");
    // An HR admin with a place in the chart is a person too.
    let mutation = "mutation { revokeTokens(input: {}) { person { name } } }";
    let answer = world
        .ask_as(&world.token("ada", &[Role::HrAdmin]), mutation, json!({}))
        .await;
    assert_eq!(answer["data"]["revokeTokens"]["person"]["name"], "ada");
    assert_eq!(status(&world, &world.token("ada", &[])).await, 401);
}

async fn a_key_repeats_and_no_clock_gives_back(database: TestDatabase) {
    let world = World::of(database, ORGANISATION, NOW).await;
    let bob = world.id("bob").await;
    let valid_after =
        async |world: &World, input: Value| world.act(ADMIN, "revokeTokens", input).await["tokensValidAfter"].clone();
    let keyed = json!({ "personId": bob, "idempotencyKey": "k" });
    assert_eq!(valid_after(&world, keyed.clone()).await, NOW);
    let later = world.at(LATER).await;
    assert_eq!(valid_after(&later, keyed.clone()).await, NOW);
    assert_eq!(status(&later, &later.token("bob", &[])).await, 200);
    let fault = later
        .fault(ADMIN, "revokeTokens", json!({ "idempotencyKey": "k" }))
        .await;
    assert_eq!(fault, "IDEMPOTENCY_KEY_REUSED");
    assert_eq!(valid_after(&later, json!({ "personId": bob })).await, LATER);
    // A server whose clock is behind.
    assert_eq!(valid_after(&world, json!({ "personId": bob })).await, LATER);
    assert_eq!(status(&later, &later.token("bob", &[])).await, 401);
}

async fn it_holds_at_every_door_and_within_the_request(database: TestDatabase) {
    let world = World::of(database, ORGANISATION, NOW).await;
    let report = async |token: &str| {
        let url = format!("http://{}/reports/coverage.csv", world.address);
        client().get(url).bearer_auth(token).send().await.unwrap().status()
    };
    let scim = async |token: &str| {
        let url = format!("http://{}/scim/v2/Users", world.address);
        client().get(url).bearer_auth(token).send().await.unwrap().status()
    };
    let (bob, machine) = (world.token("bob", &[]), world.integration("hr"));
    assert_eq!(
        (report(&bob).await, scim(&machine).await),
        (StatusCode::OK, StatusCode::OK)
    );
    // What follows in the same document is refused; and a machine that goes by somebody's id loses its token with them.
    let both = "mutation { revokeTokens(input: {}) { userErrors { code } }
        setParticipation(input: { optedOut: true }) { userErrors { code } } }";
    let answer = world.ask("bob", both, json!({})).await;
    assert_eq!(
        answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED",
        "{answer:#}"
    );
    assert_eq!(answer["errors"][0]["path"], json!(["setParticipation"]));
    assert_eq!(report(&bob).await, StatusCode::UNAUTHORIZED);
    world
        .change(&[Change {
            who: "machine",
            manager: Some("ada"),
            ..Change::default()
        }])
        .await;
    assert_eq!(scim(&machine).await, StatusCode::OK);
    world
        .act(ADMIN, "revokeTokens", json!({ "personId": world.id("machine").await }))
        .await;
    assert_eq!(scim(&machine).await, StatusCode::UNAUTHORIZED);
}

async fn neither_imports_nor_an_exit_give_tokens_back(database: TestDatabase) {
    let world = World::of(database, ORGANISATION, NOW).await;
    let admins = world.token("eve", &[Role::HrAdmin]);
    assert_eq!(status(&world, &admins).await, 200);
    world
        .act(ADMIN, "revokeTokens", json!({ "personId": world.id("eve").await }))
        .await;
    assert_eq!(status(&world, &admins).await, 401);
    let row = json!([{ "externalId": "eve", "name": "Eve", "title": "Lead", "managerExternalId": "bob" }]);
    let sync = json!({ "source": "hr", "rows": row, "dryRun": false, "idempotencyKey": "s" });
    assert_eq!(
        world.act(ADMIN, "syncPeople", sync).await["run"]["counts"]["updated"],
        1
    );
    assert_eq!(status(&world, &admins).await, 401);
    let gone = Change {
        who: "eve",
        end: Some("2026-03-01"),
        ..Change::default()
    };
    world.change(&[gone]).await;
    assert_eq!(status(&world, &admins).await, 401);
    let later = world.at(LATER).await;
    assert_eq!(status(&later, &later.token("eve", &[Role::HrAdmin])).await, 200);
}

async fn subjects_by_address_lose_their_tokens_too(database: TestDatabase) {
    let options = Options {
        subject: SubjectRule::Email,
        ..Options::default()
    };
    let world = World::start(Arc::new(database), NOW, &options).await;
    world.import(ORGANISATION).await;
    let (bob, cyd) = (world.token("BOB@example.org", &[]), world.token("cyd@example.org", &[]));
    assert_eq!(status(&world, &bob).await, 200);
    world.act("bob@example.org", "revokeTokens", json!({})).await;
    assert_eq!((status(&world, &bob).await, status(&world, &cyd).await), (401, 200));
    let later = world.at(LATER).await;
    assert_eq!(status(&later, &later.token("bob@example.org", &[])).await, 200);
}

both!(
    own_tokens_are_taken_back_and_later_ones_hold,
    hr_admins_take_back_anybodys_and_everybody_else_their_own,
    a_key_repeats_and_no_clock_gives_back,
    it_holds_at_every_door_and_within_the_request,
    neither_imports_nor_an_exit_give_tokens_back,
    subjects_by_address_lose_their_tokens_too,
);
