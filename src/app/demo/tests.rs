//! What a demonstration leaves in its database, seen through the program's own eyes.

use expect_test::expect;

use super::*;
use crate::{
    app::{AppOptions, Keyring, MeetingQuery, PeopleQuery, PersonKeyInput, SuggestionQuery},
    auth::audit::AuditChain,
    domain::{person::PersonStatus, sync::Thresholds},
    store::{Store, StoreOptions},
};

const INPUT: DemoInput = DemoInput {
    people: 400,
    levels: 6,
    seed: 1,
};

fn now() -> DateTime<Utc> {
    "2026-11-26T09:30:00Z".parse().unwrap()
}

/// An empty database, and the directory it lives in.
async fn empty(subject: SubjectRule) -> (App, tempfile::TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/demo.db?mode=rwc", directory.path().display());
    let store = Store::open(&StoreOptions::new(url)).await.unwrap();
    store.migrate().await.unwrap();
    let options = AppOptions {
        notes: Keyring::off(),
        note_characters: 10_000,
        zone: Tz::Europe__Berlin,
        subject,
        page_max: 100,
        ids_max: 100,
        feed_days: 90,
        private_networks: crate::domain::webhook::PrivateNetworks::Refused,
        sync_rows_max: 5000,
        scim_leavers: crate::domain::sync::Limits::default(),
        audit: AuditChain::default(),
        thresholds: Thresholds::default(),
    };
    (App::new(store, options), directory)
}

/// Everything that two demonstrations at the same instant have in common.
async fn everything(app: &App) -> Vec<String> {
    let session = app.operator("test", now()).await.unwrap();
    let current = session.current().await.unwrap();
    let grant = current.viewer.may_draw().unwrap();
    let this_week = Week::of(session.today());
    let mut lines = Vec::new();
    for back in -1..=52 {
        let week = this_week.plus(-back);
        for row in current.snapshot.drawn(&grant, week).await.unwrap() {
            let SuggestionRow {
                leader,
                counterpart,
                band,
                reasons,
                ..
            } = &row;
            lines.push(format!(
                "{week} {leader} {counterpart} {band:?} {:?} {reasons:?}",
                row.status_at(now())
            ));
        }
        for slot in current.snapshot.empty_slots(&grant, week).await.unwrap() {
            lines.push(format!("{week} {slot:?}"));
        }
    }
    lines.sort();
    lines
}

#[tokio::test]
async fn a_year_lies_behind_the_organisation_and_two_weeks_are_drawn() {
    let (app, _directory) = empty(SubjectRule::default()).await;
    let report = app.make_up(&INPUT, now()).await.unwrap();
    let session = app.operator("test", now()).await.unwrap();
    let people = |status| {
        let query = PeopleQuery {
            status,
            ..PeopleQuery::default()
        };
        let session = session.clone();
        async move { session.people_count(&query).await.unwrap() }
    };
    let meetings = |status| {
        let query = MeetingQuery {
            status: Some(status),
            ..MeetingQuery::default()
        };
        let session = session.clone();
        async move { session.meetings_count(&query).await.unwrap() }
    };
    let suggestions = |kind, status, weeks: i64| {
        let query = SuggestionQuery {
            kind: Some(kind),
            week: Some(Week::of(session.today()).plus(weeks)),
            status: Some(status),
        };
        let session = session.clone();
        async move { session.suggestions_count(&query).await.unwrap() }
    };
    assert_eq!(people(None).await, 400);
    assert_eq!(meetings(MeetingStatus::Held).await, report.held as u64);
    expect!["390 active, 10 on leave; 779 held, 0 scheduled, 71 unconfirmed, 94 cancelled; last week 16 accepted, 1 expired; this week 20 open and 22 peers, next week 22 open and 0 peers"].assert_eq(&format!(
        "{} active, {} on leave; {} held, {} scheduled, {} unconfirmed, {} cancelled; \
         last week {} accepted, {} expired; this week {} open and {} peers, next week {} open and {} peers",
        people(Some(PersonStatus::Active)).await,
        people(Some(PersonStatus::OnLeave)).await,
        report.held,
        meetings(MeetingStatus::Scheduled).await,
        meetings(MeetingStatus::Unconfirmed).await,
        meetings(MeetingStatus::Cancelled).await,
        suggestions(MeetingKind::SkipLevel, SuggestionStatus::Accepted, -1).await,
        suggestions(MeetingKind::SkipLevel, SuggestionStatus::Expired, -1).await,
        suggestions(MeetingKind::SkipLevel, SuggestionStatus::Open, 0).await,
        suggestions(MeetingKind::Peer, SuggestionStatus::Open, 0).await,
        suggestions(MeetingKind::SkipLevel, SuggestionStatus::Open, 1).await,
        suggestions(MeetingKind::Peer, SuggestionStatus::Open, 1).await,
    ));
}

#[tokio::test]
async fn the_leader_in_the_middle_has_a_peer_to_meet_this_week() {
    let (app, _directory) = empty(SubjectRule::default()).await;
    let report = app.make_up(&INPUT, now()).await.unwrap();
    let session = app.operator("test", now()).await.unwrap();
    let figure = report
        .figures
        .iter()
        .find(|figure| figure.part == Part::Manager)
        .unwrap();
    let key = PersonKeyInput::ExternalId(report.source, figure.subject.clone());
    let manager = session.person(&key).await.unwrap().unwrap().row.key;
    let current = session.current().await.unwrap();
    let grant = current.viewer.may_draw().unwrap();
    let drawn = current.snapshot.drawn(&grant, Week::of(session.today())).await.unwrap();
    let own = drawn.iter().filter(|row| row.leader == manager);
    let mut kinds: Vec<_> = own.map(|row| row.kind).collect();
    kinds.sort();
    assert_eq!(kinds, [MeetingKind::SkipLevel, MeetingKind::Peer]);
}

#[tokio::test]
async fn the_figures_are_known_by_what_a_token_says() {
    let told = async |subject| {
        let (app, _directory) = empty(subject).await;
        let figures = app.make_up(&INPUT, now()).await.unwrap().figures;
        let line = |figure: &Figure| {
            format!(
                "{:?} {} {}, {}\n",
                figure.part, figure.subject, figure.name, figure.title
            )
        };
        figures.iter().map(line).collect::<String>()
    };
    let source = "people".to_owned();
    expect![[r#"
        Head P0001 Apricot Edelweiss, Chief Executive
        Manager P0016 Zaffre Catnip, Director, Research
        Newcomer P0400 Tawny Bracken, Researcher
    "#]]
    .assert_eq(&told(SubjectRule::ExternalId { source }).await);
    expect![[r#"
        Head apricot.edelweiss@demo.example Apricot Edelweiss, Chief Executive
        Manager zaffre.catnip@demo.example Zaffre Catnip, Director, Research
        Newcomer tawny.bracken@demo.example Tawny Bracken, Researcher
    "#]]
    .assert_eq(&told(SubjectRule::Email).await);
}

#[tokio::test]
async fn the_same_seed_at_the_same_instant_makes_the_same_demonstration() {
    let made_up = async |seed| {
        let (app, _directory) = empty(SubjectRule::default()).await;
        app.make_up(&DemoInput { seed, ..INPUT }, now()).await.unwrap();
        everything(&app).await
    };
    let first = made_up(1).await;
    assert!(first.len() > 1000);
    assert_eq!(first, made_up(1).await);
    assert_ne!(first, made_up(2).await);
}

#[tokio::test]
async fn an_organisation_is_never_made_up_over_another() {
    let (app, _directory) = empty(SubjectRule::default()).await;
    app.make_up(&INPUT, now()).await.unwrap();
    let before = everything(&app).await;
    let refused = app.make_up(&INPUT, now()).await.unwrap_err().to_string();
    assert_eq!(
        refused,
        "the database is not empty; a demonstration needs one of its own"
    );
    assert_eq!(everything(&app).await, before);
}

#[tokio::test]
async fn what_cannot_be_is_refused_before_anything_is_written() {
    let (app, _directory) = empty(SubjectRule::default()).await;
    let refused = app.make_up(&DemoInput { levels: 3, ..INPUT }, now()).await.unwrap_err();
    assert!(matches!(refused, AppError::Input(_)), "{refused:?}");
    assert!(app.make_up(&INPUT, now()).await.is_ok());
}
