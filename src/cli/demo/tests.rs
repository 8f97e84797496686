//! What is printed, where the database lives, and whether the tokens open the door.

use std::{fs, path::Path};

use chrono::TimeDelta;
use expect_test::expect;

use super::*;

fn now() -> DateTime<Utc> {
    "2026-11-26T09:30:00Z".parse().unwrap()
}

fn config(text: &str) -> Config {
    Config::from_text(text, |_| None).unwrap()
}

fn report() -> DemoReport {
    let figure = |part, subject: &str, name: &str, title: &str| Figure {
        part,
        subject: subject.to_owned(),
        name: name.to_owned(),
        title: title.to_owned(),
    };
    DemoReport {
        people: 400,
        held: 856,
        source: "hr".to_owned(),
        figures: vec![
            figure(Part::Head, "P0001", "Apricot Edelweiss", "Chief Executive"),
            figure(Part::Newcomer, "P0400", "Tawny Bracken", "Software Engineer"),
        ],
    }
}

#[test]
fn it_tells_how_to_look_at_it() {
    let directory = tempfile::tempdir().unwrap();
    let place = Place::new(Some(&directory.path().join("a demo.db"))).unwrap();
    let ticket = |bearer: &str, token: &str| Ticket {
        bearer: bearer.to_owned(),
        token: token.to_owned(),
    };
    let scene = Scene {
        address: "127.0.0.1:8080".parse().unwrap(),
        clock: Clock::Held(now()),
        place: &place,
        report: report(),
        tickets: vec![ticket("HR admin", "a.d.m"), ticket("Head", "h.e.a")],
        lifetime: TimeDelta::hours(24),
    };
    let text = scene.to_string().replace(directory.path().to_str().unwrap(), "/home");
    expect![[r#"
        400 people who do not exist, with 856 skip-levels behind them, in /home/a demo.db

        GraphQL, and GraphiQL in a browser: http://127.0.0.1:8080/graphql
        Coverage reports in a browser: http://127.0.0.1:8080/reports

        Tokens, good for 24 hours:

          HR admin
          a.d.m

          Head
          h.e.a

        A query to paste into GraphiQL, with the token of a leader:

          # Whom should I meet this week, and why?
          query ThisWeek {
            viewer {
              person { name title }
              week {
                week
                startsOn
                suggestions {
                  id
                  kind
                  status
                  counterpart { name title department location }
                  distance
                  band
                  reasons { code message }
                  meeting { status startsAt }
                }
                noSuggestion { code message nextWeek }
              }
            }
          }

        The same on the command line, for the head of the organisation:

          curl -s http://127.0.0.1:8080/graphql -H 'content-type: application/json' \
            -H 'authorization: Bearer h.e.a' \
            -d '{"query":"query ThisWeek { viewer { person { name title } week { week startsOn suggestions { id kind status counterpart { name title department location } distance band reasons { code message } meeting { status startsAt } } noSuggestion { code message nextWeek } } } }"}'

        Your own people from a CSV file, first as a plan; --apply brings them in:

          DATABASE_URL='sqlite:///home/a%20demo.db?mode=rwc' \
            skiplevel import people FILE --source 'hr' --now 2026-11-26T09:30:00Z

        Ctrl-C stops.
    "#]].assert_eq(&text);
}

#[test]
fn every_token_names_its_bearer() {
    let place = Place::new(None).unwrap();
    let config = set_up(&config(""), &place);
    let verifier = config.tokens.verifier().unwrap();
    let told = |Ticket { bearer, token }: &Ticket| {
        let token = verifier.verify([format!("Bearer {token}").as_bytes()], now()).unwrap();
        assert_eq!(token.expires_at(), now() + TimeDelta::hours(24));
        format!("{} {:?} {bearer}\n", token.subject(), token.roles())
    };
    let tickets = tickets(&report(), &config.tokens, now()).unwrap();
    expect![[r#"
        hr-admin {HrAdmin} HR admin, nobody of the organisation
        P0001 {Person} Head of the organisation: Apricot Edelweiss, Chief Executive
        P0400 {Person} A newcomer without reports: Tawny Bracken, Software Engineer
    "#]]
    .assert_eq(&tickets.iter().map(told).collect::<String>());
}

#[test]
fn a_secret_that_is_not_configured_is_another_one_each_time() {
    let place = Place::new(None).unwrap();
    let key = |text: &str| set_up(&config(text), &place).tokens.key;
    assert_ne!(key(""), key(""));
    let own = "jwt_secret = \"a secret of more than 32 bytes, I say\"";
    assert_eq!(key(own), config(own).tokens.key);
}

#[test]
fn a_file_that_is_there_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("mine.db");
    fs::write(&file, "mine").unwrap();
    let refused = Place::new(Some(&file)).unwrap_err();
    assert!(matches!(refused, PlaceError::Exists(_)), "{refused}");
    assert_eq!(fs::read(&file).unwrap(), b"mine");
}

#[test]
fn a_file_that_was_asked_for_stays_and_a_temporary_one_goes() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("kept.db");
    let kept = Place::new(Some(&file)).unwrap();
    assert!(!kept.is_temporary());
    drop(kept);
    assert!(file.exists());

    let temporary = Place::new(None).unwrap();
    let parent = temporary.file().parent().map(Path::to_owned).unwrap();
    assert!(temporary.is_temporary() && parent.exists());
    drop(temporary);
    assert!(!parent.exists());
}

#[test]
fn a_demonstration_that_fails_leaves_nothing_behind() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("failed.db");
    let args = DemoArgs {
        file: Some(file.clone()),
        people: 400,
        levels: 3,
        seed: 1,
    };
    let config = config("listen = \"127.0.0.1:0\"");
    let runtime = super::super::runtime().unwrap();
    let mut out = Vec::new();
    let failure = runtime
        .block_on(run(&args, &config, Clock::Held(now()), &mut out))
        .unwrap_err();
    assert_eq!(failure.code(), 64, "{failure}");
    assert!(!file.exists() && out.is_empty());
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
}
