//! SCIM over HTTP: what identity providers send, and what becomes of the people.

mod errors;
mod life;
mod managers;
mod providers;
mod tokens;

use reqwest::{Method, header};
use serde_json::{Value, json};

use crate::support::{World, number};

const NOW: &str = "2026-01-05T09:00:00Z";
const EXTENSION: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// An identity provider with its token.
struct Provider<'w> {
    world: &'w World,
    token: String,
}

/// An answer as it came.
struct Answer {
    status: u16,
    headers: header::HeaderMap,
    body: Value,
}

impl<'w> Provider<'w> {
    /// The provider of source `hr`.
    fn new(world: &'w World) -> Self {
        Self::of(world, "hr")
    }

    fn of(world: &'w World, source: &str) -> Self {
        let token = world.integration(source);
        Self { world, token }
    }

    fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let address = format!("http://{}/scim/v2{path}", self.world.address);
        reqwest::Client::new().request(method, address).bearer_auth(&self.token)
    }

    async fn send(&self, method: &str, path: &str, body: &Value) -> Answer {
        let mut request = self.request(method, path);
        if !body.is_null() {
            let text = body.to_string();
            request = request.header(header::CONTENT_TYPE, "application/scim+json").body(text);
        }
        Answer::of(request).await
    }

    /// The body of an answer with this status.
    async fn expect(&self, status: u16, method: &str, path: &str, body: Value) -> Value {
        let answer = self.send(method, path, &body).await;
        assert_eq!(answer.status, status, "{method} {path} {body}: {}", answer.body);
        answer.body
    }

    async fn create(&self, user: Value) -> Value {
        self.expect(201, "POST", "/Users", user).await
    }

    /// A new user `name`, who reports to the user that `manager` means.
    async fn hire(&self, name: &str, manager: Option<&Value>) -> Value {
        let mut user = json!({ "userName": format!("{name}@example.org"), "externalId": name, "displayName": name });
        if let Some(manager) = manager {
            user[EXTENSION] = json!({ "manager": manager });
        }
        self.create(user).await
    }

    async fn read(&self, user: &Value) -> Value {
        self.expect(200, "GET", &at(user), Value::Null).await
    }

    /// What one operation makes of a user.
    async fn patch(&self, user: &Value, operation: Value) -> Value {
        self.expect(200, "PATCH", &at(user), patch(&operation)).await
    }

    /// The user names that a filter finds.
    async fn find(&self, filter: &str) -> Vec<String> {
        let request = self.request("GET", "/Users").query(&[("filter", filter)]);
        let answer = Answer::of(request).await;
        assert_eq!(answer.status, 200, "{filter}: {}", answer.body);
        names(&answer.body)
    }
}

impl Answer {
    async fn of(request: reqwest::RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        let body = if text.is_empty() {
            Value::Null
        } else {
            assert_eq!(headers[header::CONTENT_TYPE], "application/scim+json", "{text}");
            serde_json::from_str(&text).unwrap()
        };
        Self { status, headers, body }
    }

    /// What every error looks like, as `status kind: detail`.
    fn error(&self) -> String {
        let body = &self.body;
        assert_eq!(body["schemas"], json!(["urn:ietf:params:scim:api:messages:2.0:Error"]));
        assert_eq!(body["status"], self.status.to_string(), "a text");
        let kind = body["scimType"].as_str().map(|kind| format!(" {kind}"));
        format!(
            "{}{}: {}",
            self.status,
            kind.unwrap_or_default(),
            body["detail"].as_str().unwrap()
        )
    }
}

fn at(user: &Value) -> String {
    format!("/Users/{}", user["id"].as_str().unwrap())
}

fn patch(operation: &Value) -> Value {
    json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [operation] })
}

fn names(list: &Value) -> Vec<String> {
    let users = list["Resources"].as_array().unwrap();
    users
        .iter()
        .map(|user| user["userName"].as_str().unwrap().to_owned())
        .collect()
}

/// The runs of the database, oldest first, each as the actions of its rows.
async fn runs(world: &World) -> Vec<String> {
    let query = "{ syncRuns(first: 100) { nodes { status rows(first: 1) { nodes { action } } } } }";
    let data = world.admin(query, json!({})).await;
    let mut runs: Vec<String> = data["syncRuns"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|run| {
            let row = &run["rows"]["nodes"][0]["action"];
            format!("{} {}", run["status"].as_str().unwrap(), row.as_str().unwrap())
        })
        .collect();
    runs.reverse();
    runs
}

async fn people(world: &World) -> i64 {
    number(&world.database.raw().await, "SELECT COUNT(*) FROM person").await
}
