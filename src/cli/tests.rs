//! Arguments, exit codes and the words of failures.

use clap::CommandFactory;

use super::*;

#[test]
fn the_arguments_are_well_formed() {
    Cli::command().debug_assert();
}

#[test]
fn now_is_held_where_it_is_given() {
    let parse =
        |arguments: &[&str]| Cli::try_parse_from(arguments).map(|cli| cli.now.map_or(Clock::System, Clock::Held));
    let instant = DateTime::from_timestamp(1_767_603_600, 0).unwrap();
    let held = [
        ["skiplevel", "--now", "2026-01-05T09:00:00Z", "config"],
        ["skiplevel", "config", "--now", "2026-01-05T10:00:00+01:00"],
    ];
    for arguments in held {
        let clock = parse(&arguments).unwrap();
        assert_eq!((clock, clock.now()), (Clock::Held(instant), instant));
    }
    assert_eq!(parse(&["skiplevel", "config"]).unwrap(), Clock::System);
    assert!(parse(&["skiplevel", "config", "--now", "yesterday"]).is_err());
}

#[test]
fn failures_name_their_causes() {
    let failure = Failure::from(ConfigError::UnusableKey {
        path: PathBuf::from("issuer.pem"),
        source: crate::auth::keys::KeyError::RsaSize { bits: 1024 },
    });
    let expected = "SKIPLEVEL_JWT_PUBLIC_KEY is issuer.pem, which cannot be used: \
                    the RSA key has 1024 bits, it needs 2048 to 4096";
    assert_eq!(with_causes(&failure), expected);
    assert_eq!(failure.code(), 78);
}

#[test]
fn help_is_an_answer_and_wrong_arguments_are_a_usage_error() {
    let code = |arguments: &[&str]| format!("{:?}", run(arguments.iter().map(OsString::from)));
    assert_eq!(code(&["skiplevel", "--version"]), format!("{:?}", ExitCode::SUCCESS));
    assert_eq!(code(&["skiplevel", "fly"]), format!("{:?}", ExitCode::from(64)));
    assert_eq!(code(&["skiplevel"]), format!("{:?}", ExitCode::from(64)));
}
