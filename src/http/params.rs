//! The parameters of a GraphQL request, from a body or from a URL: `query` or `documentId`, `operationName`, `variables`,
//! `extensions`.

use std::collections::BTreeMap;

use async_graphql::{Name, Value, Variables};
use serde::Deserialize;

use super::persisted::Named;
use crate::graphql::error::{ErrorCode, Fault};

/// What a client sent. Without a `query` only if the document is [`named`](Self::named).
#[derive(Debug, Default)]
pub(super) struct Params {
    pub(super) query: Option<String>,
    pub(super) operation_name: Option<String>,
    pub(super) variables: Variables,
    /// The hash of the document.
    pub(super) named: Option<Named>,
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
            "documentId" => sent.document_id.replace(value).is_some(),
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
    document_id: Option<String>,
    operation_name: Option<String>,
    variables: Option<BTreeMap<Name, Value>>,
    extensions: Option<BTreeMap<String, serde_json::Value>>,
}

impl Sent {
    fn read(self) -> Result<Params, Fault> {
        let hash = |extensions: BTreeMap<String, serde_json::Value>| {
            Some(Named::sent(
                extensions.get("persistedQuery")?.get("sha256Hash")?.as_str()?,
            ))
        };
        let id = self.document_id.as_deref().map(Named::by_id);
        let named = id.or_else(|| self.extensions.and_then(hash));
        let query = self.query.filter(|query| !query.is_empty());
        if query.is_none() && named.is_none() {
            return Err(bad_request("the request has no `query`"));
        }
        let mut variables = Variables::default();
        *variables = self.variables.unwrap_or_default();
        Ok(Params {
            query,
            operation_name: self.operation_name,
            variables,
            named,
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
            r#"{"documentId":7}"#,
            r#"{"documentId":null}"#,
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
    fn a_document_can_be_named_instead() {
        let named = |body: &str| from_body(body.as_bytes()).unwrap().named;
        let sent = r#""extensions":{"persistedQuery":{"version":1,"sha256Hash":"CD"}}"#;
        assert_eq!(named(r#"{"documentId":"sha256:ab"}"#), Some(Named::by_id("ab")));
        assert_eq!(named(&format!("{{{sent}}}")), Some(Named::sent("cd")));
        assert_eq!(
            named(&format!(r#"{{"documentId":"sha256:ab",{sent}}}"#)),
            Some(Named::by_id("ab"))
        );
        assert_eq!(
            from_url("documentId=sha256:ab").unwrap().named,
            Some(Named::by_id("ab"))
        );
        assert!(from_url("documentId=a&documentId=b").is_err());
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
