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
