//! A server of yesterday before a database of tomorrow.

use std::process::Stdio;

use skiplevel::store::newest_migration;

use super::NOW;
use crate::support::{TestDatabase, World, both, number, run, server};

async fn a_newer_schema_is_refused_naming_both_versions(database: TestDatabase) {
    let world = World::empty(database, NOW).await;
    let raw = world.database.raw().await;
    let newer = "m29990101_000001_create_something_to_come";
    let row = format!("INSERT INTO seaql_migrations (version, applied_at) VALUES ('{newer}', 0)");
    run(&raw, &row).await.unwrap();
    let ended = server(&world)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    assert_eq!(ended.status.code(), Some(5), "{ended:?}");
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(said.contains(newer) && said.contains(&newest_migration()), "{said}");
    assert!(ended.stdout.is_empty(), "it never listened");
    assert_eq!(number(&raw, "SELECT COUNT(*) FROM weekly_draw").await, 0);
}

both!(a_newer_schema_is_refused_naming_both_versions);
