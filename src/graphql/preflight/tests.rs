use std::fmt::Write as _;

use async_graphql::{Variables, value};

use super::*;

fn variables(values: async_graphql::Value) -> Variables {
    Variables::from_value(values)
}

fn asked(query: &str, values: async_graphql::Value) -> Result<Checked, Fault> {
    let variables = variables(values);
    let question = Question {
        query,
        operation_name: None,
        variables: &variables,
    };
    preflight(question, &QueryLimits::default())
}

fn check(query: &str) -> Result<Checked, Fault> {
    asked(query, value!({}))
}

/// The fault as the client reads it.
fn refusal(result: Result<Checked, Fault>) -> String {
    let fault = result.expect_err("the document should be refused");
    let extensions = serde_json::to_string(&fault.extensions()).unwrap();
    format!("{fault} {extensions}")
}

/// Holds `within` to be allowed and `beyond` to be refused in the name of `limit`.
#[track_caller]
fn at_and_past(limit: &str, within: &str, beyond: &str) {
    if let Err(fault) = check(within) {
        panic!("{limit} at its limit: {fault}");
    }
    let refused = refusal(check(beyond));
    assert!(
        refused.contains(&format!(r#""limitName":"{limit}""#)),
        "{limit}: {refused}"
    );
}

fn repeated(times: usize, part: impl Fn(usize) -> String) -> String {
    (0..times).map(part).collect::<Vec<_>>().join(" ")
}

#[test]
fn length() {
    let padded = |bytes: usize| format!("{{a}}{}", " ".repeat(bytes - 3));
    at_and_past("bytes", &padded(16 * 1024), &padded(16 * 1024 + 1));
}

#[test]
fn operations() {
    let document = |count| repeated(count, |n| format!("query Q{n} {{a}}"));
    let named = |count| {
        let (query, none) = (document(count), Variables::default());
        let question = Question {
            query: &query,
            operation_name: Some("Q3"),
            variables: &none,
        };
        preflight(question, &QueryLimits::default())
    };
    assert_eq!(named(10).unwrap().operation_name.as_deref(), Some("Q3"));
    assert!(refusal(named(11)).contains(r#""limitName":"operations""#));
}

#[test]
fn fragments() {
    let document = |count| format!("{{a}} {}", repeated(count, |n| format!("fragment F{n} on A {{a}}")));
    at_and_past("fragments", &document(32), &document(33));
}

#[test]
fn nodes() {
    // One field, its spread, and what the spread stands for.
    let document = |count| {
        let spreads = repeated(count, |_| "b {...F}".to_owned());
        format!(
            "{{ a {{ {spreads} }} }} fragment F on A {{ {} }}",
            repeated(8, |n| format!("c{n}"))
        )
    };
    assert_eq!(1 + 99 * 10, 991);
    at_and_past("nodes", &document(99), &document(100));
}

#[test]
fn nodes_of_all_operations_count() {
    let operation = |n: usize| format!("query Q{n} {{ a {{ ...F }} }}");
    let fragment = format!("fragment F on A {{ {} }}", repeated(300, |n| format!("c{n}")));
    let none = Variables::default();
    let document = |count| format!("{} {fragment}", repeated(count, operation));
    let check = |query: &str| {
        preflight(
            Question {
                query,
                operation_name: Some("Q0"),
                variables: &none,
            },
            &QueryLimits::default(),
        )
    };
    assert!(check(&document(3)).is_ok());
    assert!(refusal(check(&document(4))).contains(r#""limitName":"nodes""#));
}

#[test]
fn depth() {
    let nested = |levels: usize| format!("{}a{}", "{a".repeat(levels - 1) + "{", "}".repeat(levels));
    at_and_past("depth", &nested(12), &nested(13));
}

#[test]
fn depth_through_fragments() {
    let chain = |count: usize| {
        let links = repeated(count, |n| format!("fragment F{n} on A {{ a {{ ...F{} }} }}", n + 1));
        format!("{{ ...F0 }} {links} fragment F{count} on A {{ a }}")
    };
    at_and_past("depth", &chain(11), &chain(12));
}

#[test]
fn nesting_of_fragments_that_add_no_depth() {
    let nested = |levels: usize| format!("{{ {} a {} }}", "...{".repeat(levels), "}".repeat(levels));
    at_and_past("nesting", &nested(32), &nested(33));
}

#[test]
fn nesting_of_brackets_before_the_parser_sees_them() {
    let nested = |levels: usize| format!("{{a(b:{}1{})}}", "[".repeat(levels), "]".repeat(levels));
    at_and_past("nesting", &nested(62), &nested(63));
    // As many as fit: the parser would recurse 16,000 deep.
    assert!(refusal(check(&"[".repeat(16 * 1024))).contains(r#""limitName":"nesting""#));
}

#[test]
fn variables_of_an_operation() {
    let document = |count| format!("query ({}) {{a}}", repeated(count, |n| format!("$v{n}: Int")));
    at_and_past("variables", &document(64), &document(65));
}

#[test]
fn root_fields() {
    let document = |count| {
        format!(
            "{{ ...F }} fragment F on Query {{ {} }}",
            repeated(count, |n| format!("a{n}"))
        )
    };
    at_and_past("rootFields", &document(20), &document(21));
}

#[test]
fn aliases_of_one_field() {
    let document = |count| format!("{{ a {{ {} c: d }} }}", repeated(count, |n| format!("b{n}: b")));
    at_and_past("aliases", &document(30), &document(31));
}

#[test]
fn directives_wherever_they_stand() {
    for place in [
        "query @ {a}",
        "{a @}",
        "{... @ {a}}",
        "{...F @} fragment F on A {a}",
        "{...F} fragment F on A @ {a}",
        "query ($v: Int @) {a}",
    ] {
        let document = |count| place.replace('@', &"@d ".repeat(count));
        at_and_past("directives", &document(50), &document(51));
    }
}

#[test]
fn cost_multiplies_pages() {
    let two = |first, second| {
        format!(
            "{{ people(first: {first}) {{ edges {{ node {{ reports(first: {second}) {{ nodes {{ name }} }} }} }} }} }}"
        )
    };
    assert_eq!(check(&two(10, 10)).unwrap().cost, 1 + 10 * (1 + 1 + 10));
    // 1 + 100 * (2 + n) passes 2,000 between 17 and 18.
    at_and_past("cost", &two(100, 17), &two(100, 18));
    let refused = refusal(check(&two(100, 18)));
    assert!(
        refused.contains(r#""cost":2001"#) && refused.contains(r#""limit":2000"#),
        "{refused}"
    );
}

#[test]
fn cost_of_what_is_not_said() {
    let cost = |query: &str| check(query).unwrap().cost;
    assert_eq!(cost("{ people { edges { node { name } } } }"), 21, "the default page");
    assert_eq!(
        cost("{ people { ...F } } fragment F on C { edges { node { name } } }"),
        21,
        "through a fragment"
    );
    assert_eq!(
        cost("{ people { pageInfo { hasNextPage } totalCount } }"),
        1,
        "a count alone"
    );
    assert_eq!(
        cost("{ people(first: 5) { pageInfo { hasNextPage } edges { cursor } } }"),
        1,
        "cursors alone"
    );
    assert_eq!(cost("{ nodes(ids: [1, 2, 3]) { id ... on P { manager { id } } } }"), 4);
    assert_eq!(
        cost("{ viewer { preview(weeks: 3) { suggestions { id } } } }"),
        1 + 1 + 3 * (50 + 1)
    );
    assert_eq!(
        cost("{ viewer { preview { suggestions { id } } } }"),
        1 + 1 + 4 * (50 + 1),
        "four weeks"
    );
    assert_eq!(cost("{ viewer { whyNot(person: 1) { code } } }"), 1 + 1 + 50);
}

#[test]
fn cost_reads_variables_and_their_defaults() {
    let query = "query ($n: Int = 7, $ids: [ID!]) { people(first: $n) { edges { node { id } } } nodes(ids: $ids) { a { id } } }";
    let cost = |values| asked(query, values).unwrap().cost;
    assert_eq!(cost(value!({})), (1 + 7) + (1 + 1));
    assert_eq!(cost(value!({"n": 3, "ids": ["x", "y"]})), (1 + 3) + (1 + 2));
    assert_eq!(cost(value!({"n": null})), (1 + 20) + (1 + 1));
}

#[test]
fn cost_does_not_wrap() {
    // Fields that the library's sum would have wrapped to nearly nothing.
    let people = |first: &str, below: &str| format!("people(first: {first}) {{ nodes {{ {below} }} }}");
    let mut query = "id".to_owned();
    for _ in 0..5 {
        query = people("3353953467947191203", &query);
    }
    let refused = refusal(check(&format!("{{ {query} }}")));
    assert!(
        refused.contains(r#""limitName":"cost""#) && refused.contains(r#""cost":10202020201"#),
        "{refused}"
    );
    for odd in ["-9223372036854775808", "0", "1e300", "18446744073709551615"] {
        assert!(
            check(&format!("{{ {} }}", people(odd, "id"))).unwrap().cost <= 101,
            "{odd}"
        );
    }
}

#[test]
fn sums_saturate() {
    // 31 fragments, each spreading the next 60 times: 60^31 does not fit any integer.
    let mut query = "{ ...F0 } ".to_owned();
    for n in 0..31 {
        write!(
            query,
            "fragment F{n} on A {{ {} }} ",
            format!("...F{} ", n + 1).repeat(60)
        )
        .unwrap();
    }
    query.push_str("fragment F31 on A { a }");
    let limits = QueryLimits {
        bytes: usize::MAX,
        ..QueryLimits::default()
    };
    let none = Variables::default();
    let question = Question {
        query: &query,
        operation_name: None,
        variables: &none,
    };
    let nested = QueryLimits {
        fragments: 40,
        ..limits
    };
    assert!(refusal(preflight(question, &nested)).contains("QUERY_TOO_COMPLEX"));
}

#[test]
fn exponential_fragments_are_refused_in_work_that_grows_with_the_text() {
    // 2^30 leaves from less than a kilobyte.
    let mut query = "{...A0}".to_owned();
    for n in 0..30 {
        write!(query, "fragment A{n} on Q{{...A{m} ...A{m}}}", m = n + 1).unwrap();
    }
    query.push_str("fragment A30 on Q{a}");
    assert!(query.len() < 1200, "{}", query.len());
    assert!(refusal(check(&query)).contains("QUERY_TOO_COMPLEX"));

    let (document, none) = (parse_query(&query).unwrap(), Variables::default());
    let (_, operation) = chosen(&document.operations, None).unwrap();
    let limits = QueryLimits {
        nodes: usize::MAX,
        root_fields: 0,
        ..QueryLimits::default()
    };
    let mut ruler = Ruler::new(&document, operation, &none, &limits);
    assert!(ruler.measure().is_err());
    assert_eq!(
        ruler.steps,
        1 + 30 * 2 + 1,
        "each selection that is written is walked once"
    );
}

#[test]
fn fragments_that_contain_themselves() {
    for query in [
        "{...A} fragment A on Q {...A}",
        "{...A} fragment A on Q {b{...B}} fragment B on Q {...{...A}}",
        "{a} fragment A on Q {...A}",
    ] {
        assert!(refusal(check(query)).contains("contains itself"), "{query}");
    }
}

#[test]
fn the_introspection_that_tools_send_is_within_the_limits() {
    let checked = check(include_str!("introspection.graphql")).unwrap();
    assert_eq!(checked.cost, 1);
}

#[test]
fn introspection_that_goes_in_circles_is_refused() {
    let circles = |rounds: usize| {
        format!(
            "{{ __schema {{ types {{ {} name {} }} }} }}",
            "fields { type { ".repeat(rounds),
            "} } ".repeat(rounds)
        )
    };
    at_and_past("introspection", &circles(2), &circles(3));
}

#[test]
fn which_operation() {
    let query = "query A {a} query B {b}";
    let none = Variables::default();
    let named = |query, operation_name| {
        preflight(
            Question {
                query,
                operation_name,
                variables: &none,
            },
            &QueryLimits::default(),
        )
    };
    assert_eq!(named(query, Some("B")).unwrap().root_fields, ["b"]);
    assert!(refusal(named(query, None)).contains("OPERATION_RESOLUTION_FAILURE"));
    assert!(refusal(named(query, Some(""))).contains("several operations"));
    assert!(refusal(named(query, Some("C"))).contains("no operation named `C`"));
    assert!(refusal(named("{a}", Some("C"))).contains("no operation named `C`"));
    assert_eq!(named("query A {a}", None).unwrap().operation_name.as_deref(), Some("A"));
}

#[test]
fn a_mutation_names_each_key_once() {
    for query in ["mutation {a a}", "mutation {a ...F} fragment F on M {b: a a}"] {
        assert!(refusal(check(query)).contains("names `a` twice"), "{query}");
    }
    assert!(check("mutation {a b: a}").is_ok());
    assert!(check("{a a}").is_ok());
}

#[test]
fn variables_that_need_a_value() {
    let query = "query ($a: Int!, $b: Int! = 1, $c: Int) {a(a: $a, b: $b, c: $c)}";
    assert!(asked(query, value!({"a": 1})).is_ok());
    for values in [value!({}), value!({"a": null}), value!({"a": 1, "b": null})] {
        assert!(refusal(asked(query, values)).contains("BAD_USER_INPUT"));
    }
}

#[test]
fn syntax_errors_are_one_line_with_a_place() {
    let fault = check("{\n  a(\n}").unwrap_err();
    assert_eq!(fault.to_string(), "syntax error at 3:1: expected name");
    assert_eq!(fault.code(), ErrorCode::GraphqlParseFailed);
    for query in [
        "",
        "{",
        "query A {a} query A {a}",
        "{a} {b}",
        "fragment A on Q {a}",
        "\"\u{0}\n\n\"",
    ] {
        let refused = refusal(check(query));
        assert!(
            refused.contains("GRAPHQL_PARSE_FAILED") && !refused.contains('\n'),
            "{query}: {refused}"
        );
    }
}
