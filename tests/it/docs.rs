//! Documents that promise to be complete.

use skiplevel::domain::{change::ChangeType, sync::Code};

#[test]
fn every_code_of_an_import_has_a_remedy() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/hris.md")).unwrap();
    let missing: Vec<_> = Code::ALL
        .iter()
        .filter(|code| !page.contains(&format!("`{code}`")))
        .map(ToString::to_string)
        .collect();
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn every_type_of_event_is_told_of() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/changes.md")).unwrap();
    let types = ChangeType::ALL.map(ChangeType::as_str);
    let missing: Vec<_> = types
        .iter()
        .filter(|name| !page.contains(&format!("`{name}`")))
        .collect();
    assert_eq!(missing, Vec::<&&str>::new());
}

#[test]
fn every_test_that_faults_are_promised_by_is_there() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("docs/faults.md")).unwrap();
    let named = page.split('`').skip(1).step_by(2).filter(|code| code.contains("::"));
    let is_there = |name: &str| {
        let (module, test) = name.rsplit_once("::").unwrap();
        let path = module.replace("::", "/");
        let own = path.strip_suffix("/tests").unwrap_or(&path);
        let files = [
            format!("tests/it/{path}.rs"),
            format!("src/{path}.rs"),
            format!("src/{own}.rs"),
        ];
        let texts = files
            .iter()
            .filter_map(|file| std::fs::read_to_string(root.join(file)).ok());
        texts.into_iter().any(|text| text.contains(&format!("fn {test}(")))
    };
    let (there, missing): (Vec<_>, Vec<_>) = named.partition(|name| is_there(name));
    assert_eq!(missing, Vec::<&str>::new());
    assert!(there.len() > 20, "{there:?}");
}
