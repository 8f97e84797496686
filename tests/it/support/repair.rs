//! Generated files that repair themselves: a difference is written down, and the test fails; on CI it only fails.

use std::{env, fs, path::Path};

/// Holds the file at `path` (from the root of the repository) against `text`.
pub fn repair(path: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let kept = fs::read_to_string(&file).unwrap_or_default();
    if kept == text {
        return;
    }
    let differs = kept.lines().zip(text.lines()).position(|(kept, text)| kept != text);
    let line = differs.unwrap_or(kept.lines().count().min(text.lines().count())) + 1;
    let (kept, new) = (
        kept.lines().nth(line - 1).unwrap_or(""),
        text.lines().nth(line - 1).unwrap_or(""),
    );
    let compare_only = env::var_os("CI").is_some_and(|ci| !ci.is_empty() && ci != "false");
    assert!(
        !compare_only,
        "{path} is not up to date: run the tests without CI=true and commit it; line {line} is\n{kept}\nand should be\n{new}"
    );
    fs::write(&file, text).unwrap();
    panic!("{path} was not up to date and is now: look at it and commit it; line {line} was\n{kept}\nand is\n{new}");
}
