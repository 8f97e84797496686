//! The shared agenda: the two of a meeting write it together, and nobody else sees it.

use serde_json::{Value, json};
use skiplevel::auth::token::Role;

use super::{meeting, organisation};
use crate::support::{ADMIN, TestDatabase, World, both, number};

const READ: &str =
    "query($id: ID!) { node(id: $id) { ... on Meeting { agenda { itemId text done version author { name } } } } }";

async fn agenda(world: &World, who: &str, meeting: &str) -> Vec<Value> {
    let data = world.data(who, READ, json!({ "id": meeting })).await;
    data["node"]["agenda"].as_array().cloned().unwrap_or_default()
}

/// What is on an agenda, with a tick at what is done.
fn lines(items: &[Value]) -> Vec<String> {
    let line = |item: &Value| {
        let tick = if item["done"] == true { "x " } else { "" };
        format!("{tick}{}", item["text"].as_str().unwrap())
    };
    items.iter().map(line).collect()
}

const QUESTIONS: [&str; 3] = [
    "What is going well?",
    "What is in the way?",
    "Who has been especially helpful?",
];

async fn it_starts_from_the_questions_and_is_the_meetings_own_once_changed(database: TestDatabase) {
    let world = organisation(database).await;
    let meeting = meeting(&world).await;
    let raw = world.database.raw().await;
    let asked = agenda(&world, "ada", &meeting).await;
    assert_eq!(lines(&asked), QUESTIONS);
    assert_eq!(agenda(&world, "cyd", &meeting).await, asked, "by the same ids for both");
    assert_eq!(
        number(&raw, "SELECT COUNT(*) FROM agenda_item").await,
        0,
        "looking writes nothing"
    );
    // Until somebody changes it, it follows the settings.
    let questions = json!({ "agendaQuestions": ["One?", "Two?", "Three?"] });
    world.act(ADMIN, "updateSettings", questions).await;
    assert_eq!(
        lines(&agenda(&world, "ada", &meeting).await),
        ["One?", "Two?", "Three?"]
    );
    // cyd ticks one off, ada adds one, cyd rewords it, and takes a question off.
    let tick = json!({ "meetingId": meeting, "itemId": asked[0]["itemId"], "version": 1, "done": true });
    let ticked = world.act("cyd", "editAgendaItem", tick.clone()).await;
    assert_eq!(
        lines(ticked["agenda"].as_array().unwrap()),
        ["x One?", "Two?", "Three?"]
    );
    let conflict = world.refusal("ada", "editAgendaItem", tick).await;
    assert!(
        conflict.starts_with("CONFLICT input.version: this is at version 2"),
        "{conflict}"
    );
    let add = json!({ "meetingId": meeting, "text": "the move to Ghent" });
    let added = world.act("ada", "addAgendaItem", add).await;
    let item = added["agenda"][3].clone();
    assert_eq!(item["author"]["name"], "ada");
    let reword = json!({ "meetingId": meeting, "itemId": item["itemId"], "version": 1, "text": "the move" });
    world.act("cyd", "editAgendaItem", reword).await;
    let remove = json!({ "meetingId": meeting, "itemId": asked[1]["itemId"], "version": 1 });
    let left = world.act("cyd", "removeAgendaItem", remove.clone()).await;
    let expected = ["x One?", "Three?", "the move"];
    assert_eq!(lines(left["agenda"].as_array().unwrap()), expected);
    assert_eq!(
        world.refusal("cyd", "removeAgendaItem", remove).await,
        "NOT_FOUND input.itemId: nothing in your reach has this itemId"
    );
    // From now on it is its own.
    world
        .act(
            ADMIN,
            "updateSettings",
            json!({ "agendaQuestions": ["Four?", "Five?", "Six?"] }),
        )
        .await;
    for who in ["ada", "cyd"] {
        assert_eq!(lines(&agenda(&world, who, &meeting).await), expected);
    }
    // Another meeting has not heard of it.
    let other = json!({ "counterpartId": world.id("eve").await, "startsAt": "2026-01-07T10:00:00Z" });
    let other = world.act("ada", "scheduleMeeting", other).await["meeting"]["id"].clone();
    let other = agenda(&world, "ada", other.as_str().unwrap()).await;
    assert_eq!(lines(&other), ["Four?", "Five?", "Six?"]);
}

async fn nobody_else_sees_or_changes_it(database: TestDatabase) {
    let world = organisation(database).await;
    let meeting = meeting(&world).await;
    let add = json!({ "meetingId": meeting, "text": "the move to Ghent" });
    world.act("ada", "addAgendaItem", add.clone()).await;
    assert_eq!(agenda(&world, "cyd", &meeting).await.len(), 4);
    for who in ["bob", "dee", "eve"] {
        assert_eq!(agenda(&world, who, &meeting).await, Vec::<Value>::new());
        assert_eq!(
            world.refusal(who, "addAgendaItem", add.clone()).await,
            "NOT_FOUND input.meetingId: nothing in your reach has this meetingId"
        );
    }
    // HR sees the meeting, and an agenda as empty as that of any other.
    let bob = world.token("bob", &[Role::HrAdmin]);
    for token in [world.token(ADMIN, &[Role::HrAdmin]), bob] {
        let seen = world.ask_as(&token, READ, json!({ "id": meeting })).await;
        assert_eq!(seen["data"]["node"], json!({ "agenda": [] }));
    }
    assert_eq!(world.fault(ADMIN, "addAgendaItem", add).await, "FORBIDDEN");
}

async fn what_does_not_fit_is_said(database: TestDatabase) {
    let world = organisation(database).await;
    let meeting = meeting(&world).await;
    let add = |text: &str| json!({ "meetingId": meeting, "text": text });
    assert_eq!(
        world.refusal("ada", "addAgendaItem", add(&"x".repeat(501))).await,
        "TOO_LONG input.text: text has 501 characters, at most 500 can be kept"
    );
    for number in 3..50 {
        world.act("ada", "addAgendaItem", add(&number.to_string())).await;
    }
    let refused = world.refusal("cyd", "addAgendaItem", add("one more")).await;
    assert!(refused.starts_with("LIMIT input.meetingId"), "{refused}");
}

both!(
    it_starts_from_the_questions_and_is_the_meetings_own_once_changed,
    nobody_else_sees_or_changes_it,
    what_does_not_fit_is_said,
);
