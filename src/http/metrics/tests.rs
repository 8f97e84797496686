use super::*;

#[test]
fn names_that_clients_choose_add_no_series() {
    let (metrics, known) = (Metrics::default(), Known::new(["query Mine { a }"]));
    let asked = |name: &str| {
        let told = Told::default();
        let answered = Answered {
            entrance: Entrance::GraphQl,
            status: StatusCode::OK,
            took: Duration::from_millis(1),
            told: &told,
            statements: 1,
        };
        metrics.count(&answered, known.name(Some(name)));
    };
    asked("Theirs");
    let few = metrics.text().unwrap().lines().count();
    (0..1000).for_each(|number| asked(&format!("Theirs{number}")));
    assert_eq!(metrics.text().unwrap().lines().count(), few);
    asked("Mine");
    let text = metrics.text().unwrap();
    assert!(
        text.contains(r#"skiplevel_requests_total{door="graphql",operation="Mine",status="2xx"} 1"#),
        "{text}"
    );
    assert!(
        text.contains(r#"skiplevel_requests_total{door="graphql",operation="other",status="2xx"} 1001"#),
        "{text}"
    );
}

#[test]
fn documented_operations_are_known() {
    let documents = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/operations")).unwrap();
    let known = Known::new([]);
    for document in documents {
        let text = std::fs::read_to_string(document.unwrap().path()).unwrap();
        let name = text
            .split_whitespace()
            .skip_while(|word| !["query", "mutation"].contains(word))
            .nth(1)
            .unwrap();
        let name = name.split('(').next().unwrap();
        assert_eq!(known.name(Some(name)), name);
    }
    assert_eq!(known.name(Some("Unheard")), known::OTHER);
    assert_eq!(known.name(None), known::OTHER);
}
