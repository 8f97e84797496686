#![expect(clippy::unused_async, reason = "resolvers are async whether or not they wait")]

use std::fmt::Write as _;

use async_graphql::{EmptyMutation, EmptySubscription, Object, Request, Schema, SimpleObject};
use expect_test::{Expect, expect};

use super::*;

type Failing<T> = Result<T, Fault>;

fn forbidden<T>() -> Failing<T> {
    Err(Fault::new(ErrorCode::Forbidden, "not for you"))
}

struct Query;

#[Object]
impl Query {
    async fn good(&self) -> i32 {
        1
    }

    async fn maybe(&self) -> Failing<Option<i32>> {
        forbidden()
    }

    async fn must(&self) -> Failing<i32> {
        forbidden()
    }

    async fn item(&self) -> Option<Item> {
        Some(Item { name: "ann" })
    }

    async fn items(&self) -> Vec<Item> {
        vec![Item { name: "ann" }, Item { name: "bob" }]
    }

    async fn gaps(&self) -> Vec<Option<Item>> {
        vec![Some(Item { name: "ann" }), Some(Item { name: "bob" })]
    }

    async fn cells(&self) -> Vec<Failing<Option<i32>>> {
        vec![Ok(Some(1)), forbidden()]
    }

    async fn foreign(&self) -> async_graphql::Result<Option<i32>> {
        Err(std::io::Error::other("UNIQUE constraint failed"))?
    }

    async fn number(&self, of: i32) -> Option<i32> {
        Some(of)
    }
}

#[derive(SimpleObject)]
#[graphql(complex)]
struct Item {
    name: &'static str,
}

#[async_graphql::ComplexObject]
impl Item {
    async fn maybe(&self) -> Failing<Option<i32>> {
        if self.name == "bob" { forbidden() } else { Ok(Some(7)) }
    }

    async fn must(&self) -> Failing<i32> {
        if self.name == "bob" { forbidden() } else { Ok(7) }
    }
}

type Toy = Schema<Query, EmptyMutation, EmptySubscription>;

fn plain() -> Toy {
    Toy::new(Query, EmptyMutation, EmptySubscription)
}

fn ruled() -> Toy {
    Toy::build(Query, EmptyMutation, EmptySubscription)
        .extension(ErrorRules)
        .finish()
}

async fn answer(schema: &Toy, query: &str) -> String {
    let response = schema.execute(Request::new(query).data(Trace::new("r1"))).await;
    let mut text = format!("{}\n", serde_json::to_string(&response.data).unwrap());
    for error in &response.errors {
        let path = serde_json::to_string(&error.path).unwrap();
        let extensions = serde_json::to_string(&error.extensions).unwrap();
        writeln!(text, "{path} {} {extensions}", error.message).unwrap();
    }
    text
}

async fn check(query: &str, without: Expect, with: Expect) {
    without.assert_eq(&answer(&plain(), query).await);
    with.assert_eq(&answer(&ruled(), query).await);
}

#[tokio::test]
async fn nullable_field() {
    check(
        "{ good maybe again: good }",
        expect![[r#"
        null
        ["maybe"] not for you null
    "#]],
        expect![[r#"
        {"good":1,"maybe":null,"again":1}
        ["maybe"] not for you {"code":"FORBIDDEN"}
    "#]],
    )
    .await;
}

#[tokio::test]
async fn several_nullable_fields() {
    check(
        "{ a: maybe good b: maybe }",
        expect![[r#"
        null
        ["a"] not for you null
    "#]],
        expect![[r#"
        {"a":null,"good":1,"b":null}
        ["a"] not for you {"code":"FORBIDDEN"}
        ["b"] not for you {"code":"FORBIDDEN"}
    "#]],
    )
    .await;
}

#[tokio::test]
async fn non_null_field_takes_its_parent() {
    check(
        "{ good must }",
        expect![[r#"
        null
        ["must"] not for you null
    "#]],
        expect![[r#"
        null
        ["must"] not for you {"code":"FORBIDDEN"}
    "#]],
    )
    .await;
}

#[tokio::test]
async fn nullable_below_a_list() {
    check(
        "{ items { name maybe } }",
        expect![[r#"
        null
        ["items",1] not for you null
    "#]],
        expect![[r#"
        {"items":[{"name":"ann","maybe":7},{"name":"bob","maybe":null}]}
        ["items",1,"maybe"] not for you {"code":"FORBIDDEN"}
    "#]],
    )
    .await;
}

#[tokio::test]
async fn non_null_below_a_list_of_nullable_elements() {
    check(
        "{ gaps { name must } }",
        expect![[r#"
        {"gaps":[{"name":"ann","must":7},null]}
        ["gaps",1,"must"] not for you null
    "#]],
        expect![[r#"
        {"gaps":[{"name":"ann","must":7},null]}
        ["gaps",1,"must"] not for you {"code":"FORBIDDEN"}
    "#]],
    )
    .await;
}

#[tokio::test]
async fn elements_that_err() {
    check(
        "{ cells }",
        expect![[r#"
        null
        ["cells",1] not for you null
    "#]],
        expect![[r#"
        null
        ["cells",1] not for you {"code":"FORBIDDEN"}
    "#]],
    )
    .await;
}

#[tokio::test]
async fn foreign_errors() {
    check(
        "{ good foreign }",
        expect![[r#"
        null
        ["foreign"] UNIQUE constraint failed null
    "#]],
        expect![[r#"
        {"good":1,"foreign":null}
        ["foreign"] internal server error {"code":"INTERNAL_SERVER_ERROR","requestId":"r1"}
    "#]],
    )
    .await;
}

#[tokio::test]
async fn arguments_out_of_their_types_range() {
    check(
        "query { good number(of: 3000000000) }",
        expect![[r#"
            null
            ["number"] Failed to parse "Int": Only integers from -2147483648 to 2147483647 are accepted. null
        "#]],
        expect![[r#"
            {"good":1,"number":null}
            ["number"] Failed to parse "Int": Only integers from -2147483648 to 2147483647 are accepted. {"code":"BAD_USER_INPUT"}
        "#]],
    )
    .await;
}

#[tokio::test]
async fn requests_that_do_not_parse_or_validate() {
    check(
        "{ nope }",
        expect![[r#"
        null
        [] Unknown field "nope" on type "Query". null
    "#]],
        expect![[r#"
        null
        [] Unknown field "nope" on type "Query". {"code":"GRAPHQL_VALIDATION_FAILED"}
    "#]],
    )
    .await;
    check(
        "{",
        expect![[r#"
        null
        []  --> 1:2
          |
        1 | {
          |  ^---
          |
          = expected selection null
    "#]],
        expect![[r#"
        null
        [] syntax error at 1:2: expected selection {"code":"GRAPHQL_PARSE_FAILED"}
    "#]],
    )
    .await;
}

#[tokio::test]
async fn at_most_twenty_errors() {
    let aliases = (0..21).map(|n| format!("a{n}: maybe ")).collect::<Vec<_>>().concat();
    let at_run_time = ruled().execute(format!("{{ {aliases} }}")).await;
    assert_eq!(at_run_time.errors.len(), MAX_ERRORS);
    let unknown = (0..1000).map(|n| format!("nope{n} ")).collect::<Vec<_>>().concat();
    let at_validation = ruled().execute(format!("{{ {unknown} }}")).await;
    assert_eq!(at_validation.errors.len(), MAX_ERRORS);
    let twenty = (0..20).map(|n| format!("a{n}: maybe ")).collect::<Vec<_>>().concat();
    assert_eq!(ruled().execute(format!("{{ {twenty} }}")).await.errors.len(), 20);
}

#[tokio::test]
async fn execution_is_seen_to_begin() {
    for (query, began) in [
        ("{ good }", true),
        ("{ must }", true),
        ("{ nope }", false),
        ("{", false),
    ] {
        let trace = Trace::new("r1");
        ruled().execute(Request::new(query).data(Arc::clone(&trace))).await;
        assert_eq!(trace.began(), began, "{query}");
    }
}
