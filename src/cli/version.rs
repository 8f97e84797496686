//! What `--version` says: the release, the commit it is made of, and the newest schema that it knows.

use std::sync::LazyLock;

use crate::app::newest_migration;

static TEXT: LazyLock<String> = LazyLock::new(|| {
    let release = env!("CARGO_PKG_VERSION");
    let commit = option_env!("SKIPLEVEL_COMMIT").unwrap_or("unknown, a development build");
    format!("{release}\ncommit: {commit}\nschema: {}", newest_migration())
});

/// In lines: the release; `commit:`; `schema:`, the name of the newest migration.
pub(super) fn text() -> &'static str {
    &TEXT
}
