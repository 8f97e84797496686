//! The parameters of a GraphQL request, from a body or from a URL: `query`, `operationName`, `variables`, `extensions`.

use std::collections::BTreeMap;

use async_graphql::{Name, Value, Variables};
use serde::Deserialize;

use crate::graphql::error::{ErrorCode, Fault};

/// What a client sent. Without a `query` only if there is a [`persisted`](Self::persisted) one.
#[derive(Debug, Default)]
pub(super) struct Params {
    pub(super) query: Option<String>,
    pub(super) operation_name: Option<String>,
    pub(super) variables: Variables,
    /// The hash of a persisted query.
    pub(super) persisted: Option<String>,
}

/// Reads a body.
pub(super) fn from_body(body: &[u8]) -> Result<Params, Fault> {
    if body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
        return Err(bad_request(
            "several requests in one are not supported, send them one by one",
        ));
    }
    let sent: Sent = serde_json::from_slice(body).map_err(|error| not_json(&error))?;
    sent.read()
}

/// Reads the query string of a URL.
pub(super) fn from_url(query_string: &str) -> Result<Params, Fault> {
    let pairs = actix_web::web::Query::<Vec<(String, String)>>::from_query(query_string)
        .map_err(|_| bad_request("the URL's parameters could not be read"))?;
    let mut sent = Sent::default();
    for (name, value) in pairs.into_inner() {
        let taken = match name.as_str() {
            "query" => sent.query.replace(value).is_some(),
            "operationName" => sent.operation_name.replace(value).is_some(),
            "variables" => sent.variables.replace(json(&name, &value)?).is_some(),
            "extensions" => sent.extensions.replace(json(&name, &value)?).is_some(),
            _ => false,
        };
        if taken {
            return Err(bad_request(format!("the URL has `{name}` twice")));
        }
    }
    sent.read()
}

/// The parameters as they stand in JSON; maps, because a struct would be read from an array as well.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object with `query`")]
struct Sent {
    query: Option<String>,
    operation_name: Option<String>,
    variables: Option<BTreeMap<Name, Value>>,
    extensions: Option<BTreeMap<String, serde_json::Value>>,
}

impl Sent {
    fn read(self) -> Result<Params, Fault> {
        let hash = |extensions: BTreeMap<String, serde_json::Value>| {
            Some(
                extensions
                    .get("persistedQuery")?
                    .get("sha256Hash")?
                    .as_str()?
                    .to_owned(),
            )
        };
        let persisted = self.extensions.and_then(hash);
        let query = self.query.filter(|query| !query.is_empty());
        if query.is_none() && persisted.is_none() {
            return Err(bad_request("the request has no `query`"));
        }
        let mut variables = Variables::default();
        *variables = self.variables.unwrap_or_default();
        Ok(Params {
            query,
            operation_name: self.operation_name,
            variables,
            persisted,
        })
    }
}

fn json<'a, T: Deserialize<'a>>(name: &str, value: &'a str) -> Result<T, Fault> {
    serde_json::from_str(if value.is_empty() { "{}" } else { value })
        .map_err(|error| bad_request(format!("`{name}` in the URL: {}", place(&error))))
}

fn not_json(error: &serde_json::Error) -> Fault {
    bad_request(match error.classify() {
        serde_json::error::Category::Data => format!("the body is not a GraphQL request: {error}"),
        _ => format!("the body is not JSON: {}", place(error)),
    })
}

fn place(error: &serde_json::Error) -> String {
    format!("unreadable at {}:{}", error.line(), error.column())
}

fn bad_request(message: impl Into<String>) -> Fault {
    Fault::new(ErrorCode::BadRequest, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(body: &str) -> String {
        from_body(body.as_bytes()).expect_err(body).to_string()
    }

    #[test]
    fn bodies_that_are_no_request() {
        for body in [
            "",
            "{",
            "null",
            "1",
            "\"{a}\"",
            "{}",
            "[]",
            " [{\"query\":\"{a}\"}]",
            r#"{"query":""}"#,
            r#"{"query":1}"#,
            r#"{"query":["{a}"]}"#,
            r#"{"query":"{a}","variables":[]}"#,
            r#"{"query":"{a}","variables":"{}"}"#,
            r#"{"query":"{a}","extensions":[]}"#,
            r#"{"query":"{a}","operationName":{}}"#,
            r#"{"query":"{a}","query":"{b}"}"#,
            "{\"query\":\"\u{fffd}",
        ] {
            assert!(!refusal(body).contains('\n'), "{body}");
        }
    }

    #[test]
    fn nulls_are_absent() {
        let body = br#"{"query":"{a}","variables":null,"operationName":null,"extensions":null,"id":7}"#;
        let params = from_body(body).unwrap();
        assert_eq!(params.query.as_deref(), Some("{a}"));
        assert!(params.variables.is_empty() && params.operation_name.is_none());
    }

    #[test]
    fn urls() {
        let params = from_url("query=%7Ba%7D&operationName=A&variables=%7B%22n%22:1%7D&foo=1").unwrap();
        assert_eq!(params.query.as_deref(), Some("{a}"));
        assert_eq!(params.operation_name.as_deref(), Some("A"));
        assert_eq!(params.variables.len(), 1);
        for url in [
            "",
            "query=",
            "query=a&query=b",
            "query=a&variables=%5B%5D",
            "query=a&variables=%7B",
        ] {
            assert!(from_url(url).is_err(), "{url}");
        }
    }
}
