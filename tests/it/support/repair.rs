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
    let on_ci = env::var_os("CI").is_some_and(|ci| !ci.is_empty() && ci != "false");
    let remedy = if on_ci {
        "run the tests elsewhere, they write it"
    } else {
        fs::write(&file, text).unwrap();
        "it has just been written: look at it and commit it"
    };
    panic!("{path} is not up to date, {remedy}; line {line} was\n{kept}\nand should be\n{new}");
}
