use super::*;

async fn reviewed(document: &str) -> String {
    let review = Reviewer::new(QueryLimits::default()).review(document).await;
    review.map_or_else(|fault| fault.to_string(), |()| "could be answered".to_owned())
}

#[tokio::test]
async fn what_could_be_answered() {
    for document in [
        "{ viewer { roles } }",
        "query A($id: ID!) { node(id: $id) { id } } mutation B($input: SkipSuggestionInput!) { skipSuggestion(input: $input) { userErrors { code } } }",
        // Affordable with small pages, which only the variables can say.
        "query A($first: Int = 100) { people(first: $first) { nodes { below(first: $first) { nodes { name } } } } }",
    ] {
        assert_eq!(reviewed(document).await, "could be answered", "{document}");
    }
}

#[tokio::test]
async fn what_could_not() {
    for (document, why) in [
        ("{ viewer { ", "syntax error at 1:12"),
        ("fragment F on Person { id }", "syntax error"),
        (
            "{ viewer { shoeSize } }",
            "Unknown field \"shoeSize\" on type \"Viewer\"",
        ),
        (
            "query A { viewer { roles } } query B { nobody }",
            "Unknown field \"nobody\" on type \"Query\"",
        ),
        ("query A($n: Int) { viewer { roles } }", "is not used"),
        ("subscription { changes }", "not configured for subscriptions"),
        (
            "{ people(first: 100) { nodes { below(first: 100) { nodes { name } } } } }",
            "may load too many objects",
        ),
    ] {
        let reviewed = reviewed(document).await;
        assert!(reviewed.contains(why), "{document}: {reviewed}");
    }
}
