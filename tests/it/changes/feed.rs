//! Somebody who follows the feed, and its events as lines of text.

use serde_json::{Value, json};
use skiplevel::{
    auth::token::Role,
    domain::sync::{Row, Run},
};

use crate::support::{ADMIN, World};

pub const NOW: &str = "2026-01-05T09:00:00Z";

const QUERY: &str = "query($after: String, $first: Int!) { changes(after: $after, first: $first) {
    pageInfo { hasNextPage endCursor }
    nodes { type externalId line redacted person { name } manager { name } run { source }
        meeting { status leader { name } counterpart { name } } changes { field before after } } } }";

/// Somebody who follows the feed, from its beginning.
pub struct Feed {
    token: String,
    after: Value,
}

impl Feed {
    pub fn of(token: String) -> Self {
        Self {
            token,
            after: Value::Null,
        }
    }

    pub fn admin(world: &World) -> Self {
        Self::of(world.token(ADMIN, &[Role::HrAdmin]))
    }

    /// The same place for an HR admin of today: tokens do not live for days.
    pub fn renew(&mut self, world: &World) {
        self.token = Self::admin(world).token;
    }

    /// Everything since the last time.
    pub async fn read(&mut self, world: &World) -> Vec<String> {
        let mut told = Vec::new();
        loop {
            let (lines, more) = self.next(world, 100).await;
            told.extend(lines);
            if !more {
                return told;
            }
        }
    }

    /// The next `first` events.
    pub async fn page(&mut self, world: &World, first: u32) -> Vec<String> {
        self.next(world, first).await.0
    }

    /// The code of the error at the present place.
    pub async fn fault(&self, world: &World) -> Value {
        let answer = world
            .ask_as(&self.token, QUERY, json!({ "after": self.after, "first": 1 }))
            .await;
        answer["errors"][0]["extensions"]["code"].clone()
    }

    async fn next(&mut self, world: &World, first: u32) -> (Vec<String>, bool) {
        let answer = world
            .ask_as(&self.token, QUERY, json!({ "after": self.after, "first": first }))
            .await;
        let page = &answer["data"]["changes"];
        assert!(page.is_object(), "{answer:#}");
        self.after = page["pageInfo"]["endCursor"].clone();
        let lines = page["nodes"].as_array().unwrap().iter().map(line).collect();
        (lines, page["pageInfo"]["hasNextPage"] == true)
    }
}

/// `TYPE WHO SOURCE:RUN under MANAGER MEETING: FIELD BEFORE>AFTER`, as far as there is each; `***` if redacted.
fn line(event: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let who = if event["externalId"].is_null() {
        &event["person"]["name"]
    } else {
        &event["externalId"]
    };
    let meeting = &event["meeting"];
    let words = [
        ("", &event["type"]),
        ("", who),
        ("from ", &event["run"]["source"]),
        ("under ", &event["manager"]["name"]),
        ("", &meeting["status"]),
        ("", &meeting["leader"]["name"]),
        ("", &meeting["counterpart"]["name"]),
        ("line ", &event["line"]),
    ];
    let words = words.iter().filter(|(_, value)| !value.is_null());
    let words: Vec<_> = words
        .map(|(prefix, value)| format!("{prefix}{}", value.to_string().trim_matches('"')))
        .collect();
    let field = |change: &Value| {
        let [field, before, after] = ["field", "before", "after"].map(|key| text(&change[key]));
        format!("{field} {before}>{after}")
    };
    let fields: Vec<_> = event["changes"].as_array().unwrap().iter().map(field).collect();
    let colon = if fields.is_empty() { "" } else { ": " };
    let redacted = if event["redacted"] == true { " ***" } else { "" };
    format!("{}{colon}{}{redacted}", words.join(" "), fields.join(", "))
}

/// Rows that a source sends.
pub fn run(source: &str, rows: Vec<Row>) -> Run {
    Run {
        source: source.to_owned(),
        as_of: NOW[..10].parse().unwrap(),
        rows,
        ..Run::default()
    }
}
