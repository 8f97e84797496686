//! Tells the program which commit it is made of: `SKIPLEVEL_COMMIT` if it is set, else, for a release build, what git says.
//! Other builds do without, so that a commit does not make everything be built anew.

use std::{env, process::Command};

fn main() {
    println!("cargo::rerun-if-env-changed=SKIPLEVEL_COMMIT");
    println!("cargo::rerun-if-changed=build.rs");
    let is_release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let given = env::var("SKIPLEVEL_COMMIT").ok().filter(|commit| !commit.is_empty());
    if let Some(commit) = given.or_else(|| is_release.then(commit_of_git).flatten()) {
        println!("cargo::rustc-env=SKIPLEVEL_COMMIT={commit}");
    }
}

/// The commit that is checked out; none outside of a repository.
fn commit_of_git() -> Option<String> {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").args(arguments).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| text.trim().to_owned())
    };
    if let Some(log) = git(&["rev-parse", "--git-path", "logs/HEAD"]) {
        println!("cargo::rerun-if-changed={log}");
    }
    git(&["rev-parse", "--short=12", "HEAD"])
}
