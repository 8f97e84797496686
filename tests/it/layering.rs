//! Rooms in a row: each names only those before it, and only its own room names a library of the edge.

use std::{collections::BTreeSet, fs, path::Path};

/// Every room with the rooms it may name. `graphql`, `scim`, `http` and `cli` reach the store through `app` alone.
const ROOMS: [(&str, &[&str]); 11] = [
    ("domain", &[]),
    ("auth", &["domain"]),
    ("store", &["domain", "auth"]),
    ("app", &["domain", "auth", "store"]),
    ("graphql", &["domain", "auth", "app"]),
    ("scim", &["domain", "auth", "app"]),
    ("report", &["domain", "app"]),
    ("http", &["domain", "auth", "app", "graphql", "scim", "report"]),
    ("config", &["domain", "auth", "http"]),
    ("cli", &["domain", "auth", "app", "graphql", "report", "http", "config"]),
    ("main", &["cli"]),
];

/// The one file beyond `app` that may name the store: it opens the database.
const OPENS_THE_STORE: &str = "cli/organisation.rs";

/// Libraries with the rooms that may name them.
const LIBRARIES: [(&str, &[&str]); 10] = [
    ("sea_orm", &["store"]),
    ("entity", &["store"]),
    ("migration", &["store"]),
    ("async_graphql", &["graphql", "http"]),
    ("scim_v2", &["scim"]),
    ("actix_web", &["http"]),
    ("icalendar", &["http"]),
    ("reqwest", &["http"]),
    ("prometheus_client", &["http"]),
    ("tokio", &["app", "http", "cli"]),
];

#[test]
fn a_room_names_only_those_before_it() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let room = room_of(&file);
        let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == room) else {
            wrong.push(format!("{file}: `{room}` is no room; give it its place in ROOMS"));
            continue;
        };
        for named in rooms_named(&text) {
            let opens = file == OPENS_THE_STORE && named == "store";
            if named != room && !allowed.contains(&named.as_str()) && !opens {
                wrong.push(format!("{file} names {named}"));
            }
        }
        if climbs_out(&file, &text) {
            wrong.push(format!("{file} climbs out of its room with `super`: write `crate::`"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn a_library_of_the_edge_stays_in_its_room() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        // Unit tests run what they test.
        if file.ends_with("tests.rs") || file.contains("/tests/") {
            continue;
        }
        for (library, rooms) in LIBRARIES {
            if has_path(&text, library) && !rooms.contains(&room_of(&file).as_str()) {
                wrong.push(format!("{file} names {library}"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn only_a_session_makes_viewers() {
    let makes = |text: &str| {
        ["new", "operator", "scim", "calendar"]
            .iter()
            .any(|made| text.contains(&format!("Viewer::{made}(")))
    };
    let mut found: Vec<_> = sources().into_iter().filter(|(_, text)| makes(text)).collect();
    found.retain(|(file, _)| !file.starts_with("auth/"));
    let found: Vec<_> = found.iter().map(|(file, _)| file.as_str()).collect();
    assert_eq!(found, ["app/session.rs"]);
}

#[test]
fn the_scan_sees_what_it_should() {
    let named = |text: &str| rooms_named(&without_comments(text)).into_iter().collect::<Vec<_>>();
    assert_eq!(
        named("use crate::{\n    app::{A, B},\n    domain,\n    store::{self, C},\n};"),
        ["app", "domain", "store"]
    );
    assert_eq!(named("fn f() { crate::store::x() }"), ["store"]);
    assert_eq!(named("pub(crate) use skiplevel::http::serve;"), ["http"]);
    assert_eq!(named("// use crate::store::Store;\n/// [`x`](crate::store)"), [""; 0]);
    assert!(climbs_out("auth/policy.rs", "use super::super::store::X;"));
    assert!(!climbs_out("auth/token/claims.rs", "use super::super::json::X;"));
    assert!(has_path("use sea_orm::{X};", "sea_orm") && has_path("entity::person::Model", "entity"));
    assert!(!has_path("crate::entity_of(x)", "entity") && !has_path("identity::x", "entity"));
}

/// Every source file below `src`, by its path from there, without comments.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
                found.push((name, without_comments(&fs::read_to_string(&path).unwrap())));
            }
        }
    }
    // The list of the rooms themselves.
    found.retain(|(file, _)| file != "lib.rs");
    found.sort();
    assert!(found.len() > 50, "the sources are not where they should be");
    found
}

fn without_comments(text: &str) -> String {
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

fn room_of(file: &str) -> String {
    file.split('/')
        .next()
        .unwrap_or(file)
        .trim_end_matches(".rs")
        .to_owned()
}

/// The first parts of all paths from the root of the crate.
fn rooms_named(text: &str) -> BTreeSet<String> {
    let mut rooms = BTreeSet::new();
    for root in ["crate::", "skiplevel::"] {
        for (at, _) in text.match_indices(root) {
            // `$crate::` in a macro is a path from the root too; `my_crate::` is not.
            if text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                continue;
            }
            let rest = &text[at + root.len()..];
            let Some(list) = rest.strip_prefix('{') else {
                rooms.insert(word(rest));
                continue;
            };
            let (mut depth, mut part) = (0_i32, 0);
            for (index, c) in list.char_indices() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => {
                        rooms.insert(word(list[part..index].trim_start()));
                        break;
                    }
                    '}' => depth -= 1,
                    ',' if depth == 0 => {
                        rooms.insert(word(list[part..index].trim_start()));
                        part = index + 1;
                    }
                    _ => {}
                }
            }
        }
    }
    rooms.remove("");
    rooms
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// Whether a chain of `super` reaches the root of the crate, where other rooms could be named unseen.
fn climbs_out(file: &str, text: &str) -> bool {
    let depth = file.trim_end_matches("/mod.rs").split('/').count();
    text.contains(&"super::".repeat(depth))
}

/// Whether a path begins with `library`.
fn has_path(text: &str, library: &str) -> bool {
    let path = format!("{library}::");
    // In quotes it is the name of a log's target.
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '"');
    text.match_indices(&path).any(|(at, _)| !text[..at].ends_with(inside))
}
