//! Defaults, precedence, and what a wrong configuration is told.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use expect_test::{Expect, expect};

use super::*;

const SECRET: &str = "a secret of more than 32 bytes, I say";

fn load(file: &str, env: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let env: BTreeMap<_, _> = env.iter().copied().collect();
    Config::from_text(file, |name| env.get(name).map(|value| (*value).to_owned()))
}

fn check_error(file: &str, env: &[(&str, &str)], expected: &Expect) {
    expected.assert_eq(&load(file, env).unwrap_err().to_string());
}

#[test]
fn defaults() {
    let config = load("", &[]).unwrap();
    assert_eq!(config.database.url.expose(), "sqlite://skiplevel.db?mode=rwc");
    assert_eq!(config.http.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.http.graphiql, Switch::On);
    assert_eq!(config.tokens.key, None);
    assert_eq!(config.tokens.rules.max_lifetime, TimeDelta::hours(24));
    assert_eq!(config.limits.in_flight, 32);
    expect![[r#"
        database_url = "sqlite://skiplevel.db?mode=rwc"
        db_connections = 8
        listen = "127.0.0.1:8080"
        persisted_queries = 0
        # trusted_documents is not set
        trusted_documents_only = "off"
        graphiql = "on"
        metrics = "on"
        # jwt_secret is not set
        # jwt_public_key is not set
        # jwks_url is not set
        oidc_discovery = "off"
        jwt_issuer = "skiplevel"
        jwt_audience = "skiplevel"
        jwt_subject = "external_id:hr"
        jwt_roles_claim = "roles"
        token_max_hours = 24
        time_zone = "UTC"
        changes_days = 90
        webhook_allow_private = "off"
        sync_thresholds = "5/10%"
        # notes_keys is not set
        # audit_key is not set
        log = "info"
        limit_body_bytes = 65536
        limit_sync_body_bytes = 8388608
        limit_sync_rows = 5000
        limit_scim_leavers = 50
        limit_scim_leavers_percent = 10
        limit_note_characters = 10000
        limit_query_bytes = 16384
        limit_fragments = 32
        limit_expanded_nodes = 1000
        limit_depth = 12
        limit_variables = 64
        limit_root_fields = 20
        limit_aliases = 30
        limit_directives = 32
        limit_page = 100
        limit_ids = 100
        limit_complexity = 2000
        limit_request_seconds = 10
        limit_sync_seconds = 120
        limit_statement_seconds = 5
        limit_acquire_seconds = 2
        limit_in_flight_per_principal = 8
        limit_in_flight = 32
        limit_cost_per_minute = 60000
    "#]]
    .assert_eq(&config.to_toml());
}

#[test]
fn the_environment_wins_over_the_file_and_the_file_over_the_defaults() {
    let file = "listen = \"127.0.0.1:1\"\njwt_issuer = \"file\"\nlimit_depth = 5\ngraphiql = false\ntime_zone = \"\"";
    let env = [("SKIPLEVEL_JWT_ISSUER", "environment"), ("SKIPLEVEL_LISTEN", "")];
    let config = load(file, &env).unwrap();
    assert_eq!(config.tokens.rules.issuer, "environment");
    assert_eq!(config.tokens.rules.audience, "skiplevel");
    assert_eq!(config.http.listen.port(), 1, "an empty variable is not set");
    assert_eq!(config.time_zone, Tz::UTC, "an empty value is not set");
    assert_eq!(config.limits.depth, 5);
    assert_eq!(config.http.graphiql, Switch::Off);
}

#[test]
fn graphiql_is_off_where_only_trusted_documents_are_answered_unless_set() {
    let only = [
        ("SKIPLEVEL_TRUSTED_DOCUMENTS", "documents"),
        ("SKIPLEVEL_TRUSTED_DOCUMENTS_ONLY", "on"),
    ];
    assert_eq!(load("", &only).unwrap().http.graphiql, Switch::Off);
    assert_eq!(load("", &only[..1]).unwrap().http.graphiql, Switch::On);
    assert_eq!(load("graphiql = true", &only).unwrap().http.graphiql, Switch::On);
    let alone = "the configuration is wrong:\n  SKIPLEVEL_TRUSTED_DOCUMENTS_ONLY is on, and SKIPLEVEL_TRUSTED_DOCUMENTS is not set";
    assert_eq!(load("", &only[1..]).unwrap_err().to_string(), alone);
}

#[test]
fn metrics_are_on_off_or_at_an_address() {
    let at = |text: &str| load("", &[("SKIPLEVEL_METRICS", text)]).unwrap().http.metrics;
    assert_eq!(at("on"), Metrics::Switch(Switch::On));
    assert_eq!(at("off"), Metrics::Switch(Switch::Off));
    assert_eq!(at("[::1]:9464").to_string(), "[::1]:9464");
}

#[test]
fn requests_in_flight_follow_the_connections_unless_set() {
    let connections = ("SKIPLEVEL_DB_CONNECTIONS", "3");
    assert_eq!(load("", &[connections]).unwrap().limits.in_flight, 12);
    assert_eq!(
        load("", &[connections, ("SKIPLEVEL_LIMIT_IN_FLIGHT", "5")])
            .unwrap()
            .limits
            .in_flight,
        5
    );
}

#[test]
fn wrong_values_are_named_all_at_once_with_what_they_should_be() {
    let env = [
        ("DATABASE_URL", "mysql://ada:hunter2@db/x"),
        ("SKIPLEVEL_LISTEN", "8080"),
        ("SKIPLEVEL_GRAPHIQL", "perhaps"),
        ("SKIPLEVEL_METRICS", "9464"),
        ("SKIPLEVEL_JWT_SECRET", "hunter2"),
        ("SKIPLEVEL_JWT_SUBJECT", "external_id:"),
        ("SKIPLEVEL_JWT_ROLES_CLAIM", "sub"),
        ("SKIPLEVEL_TIME_ZONE", "Mars/Olympus"),
        ("SKIPLEVEL_LOG", "a=b=c"),
        ("SKIPLEVEL_LIMIT_DEPTH", "0"),
        ("SKIPLEVEL_LIMIT_PAGE", "many"),
    ];
    check_error(
        "",
        &env,
        &expect![[r#"
        the configuration is wrong:
          DATABASE_URL is "mysql://ada:***@db/x", it should be a URL that starts with sqlite: or postgres://
          SKIPLEVEL_LISTEN is "8080", it should be an address and port such as 127.0.0.1:8080
          SKIPLEVEL_GRAPHIQL is "perhaps", it should be on or off
          SKIPLEVEL_METRICS is "9464", it should be on, off, or an address and port such as 127.0.0.1:9464
          SKIPLEVEL_JWT_SECRET should be at least 32 bytes; `openssl rand -base64 48` makes one
          SKIPLEVEL_JWT_SUBJECT is "external_id:", it should be `external_id:` and a source, or `email`
          SKIPLEVEL_JWT_ROLES_CLAIM is "sub", it should be the name of a claim that has no other meaning
          SKIPLEVEL_TIME_ZONE is "Mars/Olympus", it should be an IANA time zone such as Europe/Berlin
          SKIPLEVEL_LOG is "a=b=c", it should be a log filter such as info or skiplevel=debug,warn
          SKIPLEVEL_LIMIT_DEPTH is "0", it should be a whole number from 1 to 64
          SKIPLEVEL_LIMIT_PAGE is "many", it should be a whole number from 1 to 1000"#]],
    );
}

#[test]
fn unknown_keys_are_refused_with_the_names_they_resemble() {
    check_error(
        "limit_dept = 12\nlistne = 1\nSKIPLEVEL_LOG = \"info\"\nmoon = 1",
        &[],
        &expect![[r#"
            the configuration is wrong:
              the file has no setting `SKIPLEVEL_LOG`; did you mean `log`?
              the file has no setting `limit_dept`; did you mean `limit_depth` or `limit_ids` or `limit_page`?
              the file has no setting `listne`; did you mean `listen`?
              the file has no setting `moon`"#]],
    );
}

#[test]
fn a_table_is_no_value() {
    check_error(
        "[jwt_issuer]\nname = 1",
        &[],
        &expect![[r#"
        the configuration is wrong:
          SKIPLEVEL_JWT_ISSUER is "table", it should be text"#]],
    );
}

#[test]
fn a_syntax_error_names_the_line_and_never_quotes_it() {
    check_error(
        "listen = \"127.0.0.1:1\"\njwt_secret = hunter2",
        &[],
        &expect!["the configuration file is no TOML: line 2: string values must be quoted, expected literal string"],
    );
}

#[test]
fn secret_and_public_key_exclude_each_other() {
    let env = [
        ("SKIPLEVEL_JWT_SECRET", SECRET),
        ("SKIPLEVEL_JWT_PUBLIC_KEY", "key.pem"),
    ];
    check_error(
        "",
        &env,
        &expect![[r#"
        the configuration is wrong:
          SKIPLEVEL_JWT_SECRET and SKIPLEVEL_JWT_PUBLIC_KEY are both set; set one of them"#]],
    );
}

#[test]
fn one_kind_of_key_excludes_the_others() {
    let published = ("SKIPLEVEL_JWKS_URL", "https://idp.example.com/keys?p=policy");
    let config = load("", &[published]).unwrap();
    assert!(matches!(config.tokens.key, Some(TokenKey::Published(_))));
    assert!(config.tokens.bearers().unwrap().jwks().is_some());
    assert_eq!(load(&config.to_toml(), &[]).unwrap(), config, "the listing reads back");
    let discovered = [
        ("SKIPLEVEL_OIDC_DISCOVERY", "on"),
        ("SKIPLEVEL_JWT_ISSUER", "https://idp.example.com/realm"),
    ];
    assert!(matches!(
        load("", &discovered).unwrap().tokens.key,
        Some(TokenKey::Published(_))
    ));
    let all = [&discovered[..], &[published, ("SKIPLEVEL_JWT_SECRET", SECRET)]].concat();
    check_error(
        "",
        &all,
        &expect![[r#"
        the configuration is wrong:
          SKIPLEVEL_JWT_SECRET and SKIPLEVEL_JWKS_URL are both set; set one of them
          SKIPLEVEL_JWT_SECRET and SKIPLEVEL_OIDC_DISCOVERY are both set; set one of them"#]],
    );
}

#[test]
fn published_keys_come_over_tls_or_from_this_machine() {
    let accepted = [
        "https://10.1.2.3:8443/keys",
        "http://127.0.0.1:8080/keys",
        "http://[::1]/k",
        "http://localhost/k",
    ];
    for url in accepted {
        assert!(load("", &[("SKIPLEVEL_JWKS_URL", url)]).is_ok(), "{url}");
    }
    let refused = [
        "http://idp.example.com/keys",
        "http://10.1.2.3/keys",
        "https://ada:hunter2@idp.example.com/",
        "keys",
        "file:///keys",
    ];
    for url in refused {
        let error = load("", &[("SKIPLEVEL_JWKS_URL", url)]).unwrap_err().to_string();
        let expected = "SKIPLEVEL_JWKS_URL should be a URL with https:// (http:// for this machine only), without user and password";
        assert!(error.ends_with(expected), "{url}: {error}");
    }
    check_error(
        "oidc_discovery = true",
        &[],
        &expect![[r#"
        the configuration is wrong:
          SKIPLEVEL_JWT_ISSUER should be a URL with https:// (http:// for this machine only), without user and password, as SKIPLEVEL_OIDC_DISCOVERY is on"#]],
    );
}

#[test]
fn the_listing_reads_back_and_shows_no_secret() {
    let env = [
        ("SKIPLEVEL_JWT_SECRET", SECRET),
        ("SKIPLEVEL_JWT_ISSUER", "quo\"te\\ \u{1}"),
        ("SKIPLEVEL_JWT_SUBJECT", "email"),
        ("SKIPLEVEL_TIME_ZONE", "Europe/Berlin"),
        ("SKIPLEVEL_LIMIT_PAGE", "7"),
    ];
    let config = load("", &env).unwrap();
    let listing = config.to_toml();
    assert!(listing.contains("# jwt_secret is set, and secret\n# jwt_public_key is not set\n"));
    assert!(!listing.contains(SECRET) && !format!("{config:?}").contains(SECRET));
    let again = load(&listing, &env[..1]).unwrap();
    assert_eq!(again, config);
}

#[test]
fn the_listing_masks_the_databases_password() {
    let config = load("", &[("DATABASE_URL", "postgres://ada:hunter2@db/x")]).unwrap();
    assert!(
        config
            .to_toml()
            .contains("database_url = \"postgres://ada:***@db/x\"\n")
    );
    assert!(!format!("{config:?}").contains("hunter2"));
}

#[test]
fn the_example_names_every_setting_with_its_default() {
    let defaults = load("", &[]).unwrap();
    let example: BTreeMap<_, _> = include_str!("../../.env.example")
        .lines()
        .filter_map(|line| line.strip_prefix('#')?.split_once('='))
        .filter(|(name, _)| name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'))
        .collect();
    for Effective { variable, value } in &defaults.effective {
        let stated = example.get(variable).unwrap_or_else(|| panic!("{variable} is missing"));
        assert!(
            *value == Shown::Unset || *value == Shown::Value((*stated).to_owned()),
            "{variable} is {value:?}, not {stated}"
        );
    }
    assert_eq!(example.len(), defaults.effective.len());
}

#[test]
fn a_missing_file_matters_only_when_it_was_named() {
    let missing = Path::new("no/such/skiplevel.toml");
    let error = Config::load(Some(missing), |_| None).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the configuration file no/such/skiplevel.toml cannot be read"
    );
}

#[test]
fn a_verifier_needs_a_usable_key() {
    let verifier = |env: &[(&str, &str)]| {
        load("", env)
            .unwrap()
            .tokens
            .verifier()
            .map(|_| ())
            .map_err(|e| e.to_string())
    };
    let public = |name: &str| format!("{}/src/auth/keys/fixtures/{name}.pem", env!("CARGO_MANIFEST_DIR"));
    assert_eq!(verifier(&[("SKIPLEVEL_JWT_SECRET", SECRET)]), Ok(()));
    assert_eq!(
        verifier(&[("SKIPLEVEL_JWT_PUBLIC_KEY", &public("p256-public"))]),
        Ok(())
    );
    assert!(
        verifier(&[("SKIPLEVEL_JWT_PUBLIC_KEY", &public("p256-private"))])
            .unwrap_err()
            .ends_with("cannot be used")
    );
    assert!(
        verifier(&[("SKIPLEVEL_JWT_PUBLIC_KEY", "no/such.pem")])
            .unwrap_err()
            .ends_with("cannot be read")
    );
    assert_eq!(verifier(&[]), Err(ConfigError::NoKey.to_string()));
}
