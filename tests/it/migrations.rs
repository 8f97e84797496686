//! The schema goes up, down and up again, is what the entities say, and is never a newer program's.

use chrono::{DateTime, Utc};
use entity::{
    absence, agenda_item, calendar_feed, change_event, employment, empty_slot, erased_identity, external_identity,
    idempotency_key, kudos, load_claim, meeting, note, note_key, org_state, participation, peer_edge, person,
    reporting_line, scim_token, settings, suggestion, webhook, webhook_delivery, weekly_draw, working_hours,
};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, EntityTrait, IdenStatic, IntoActiveModel, Iterable, Statement,
};
use skiplevel::{
    domain::Date,
    store::{Store, StoreError, StoreOptions},
};
use uuid::Uuid;

use crate::support::{TestDatabase, both, run};

async fn open(database: &TestDatabase) -> Store {
    Store::open(&StoreOptions::new(&database.url)).await.unwrap()
}

/// Tables, columns and indexes, but for those of the list of migrations itself.
async fn schema(raw: &DatabaseConnection) -> Vec<String> {
    let sql = match raw.get_database_backend() {
        DbBackend::Sqlite => {
            "SELECT type || ' ' || name || ' ' || COALESCE(sql, '') AS text FROM sqlite_master \
             WHERE tbl_name <> 'seaql_migrations' ORDER BY 1"
        }
        _ => {
            "SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' \
             || COALESCE(collation_name, '') AS text FROM information_schema.columns \
             WHERE table_schema = 'public' AND table_name <> 'seaql_migrations' \
             UNION ALL SELECT indexdef AS text FROM pg_indexes \
             WHERE schemaname = 'public' AND tablename <> 'seaql_migrations' ORDER BY 1"
        }
    };
    let statement = Statement::from_string(raw.get_database_backend(), sql);
    let rows = raw.query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get("", "text").unwrap()).collect()
}

async fn up_down_and_up_again_is_the_same(database: TestDatabase) {
    let store = open(&database).await;
    store.migrate().await.unwrap();
    let raw = database.raw().await;
    let first = schema(&raw).await;
    assert!(
        first.iter().any(|line| line.contains("load_claim_by_week")),
        "{first:#?}"
    );
    store.unmigrate().await.unwrap();
    assert_eq!(schema(&raw).await, [""; 0]);
    store.migrate().await.unwrap();
    assert_eq!(schema(&raw).await, first);
    // Migrating what is migrated changes nothing.
    store.migrate().await.unwrap();
    assert_eq!(schema(&raw).await, first);
}

async fn a_newer_programs_database_is_refused_naming_both(database: TestDatabase) {
    let store = open(&database).await;
    store.migrate().await.unwrap();
    let raw = database.raw().await;
    let newer = "m29990101_000001_create_something_to_come";
    run(
        &raw,
        &format!("INSERT INTO seaql_migrations (version, applied_at) VALUES ('{newer}', 0)"),
    )
    .await
    .unwrap();
    let before = schema(&raw).await;
    let error = store.migrate().await.unwrap_err();
    let StoreError::Newer { found, newest } = &error else {
        panic!("{error:?}")
    };
    assert_eq!(found, newer);
    let message = error.to_string();
    assert!(
        message.contains(newer) && message.contains(newest.as_str()) && newest.starts_with("m2"),
        "{message}"
    );
    assert_eq!(schema(&raw).await, before);
}

/// Names of a table's columns as they were migrated, sorted.
async fn columns(raw: &DatabaseConnection, table: &str) -> Vec<String> {
    let sql = match raw.get_database_backend() {
        DbBackend::Sqlite => format!("SELECT name AS text FROM pragma_table_info('{table}')"),
        _ => format!("SELECT column_name::text AS text FROM information_schema.columns WHERE table_name = '{table}'"),
    };
    let rows = raw
        .query_all_raw(Statement::from_string(raw.get_database_backend(), sql))
        .await
        .unwrap();
    let mut names: Vec<String> = rows.iter().map(|row| row.try_get("", "text").unwrap()).collect();
    names.sort();
    names
}

fn known<E: EntityTrait>() -> Vec<String> {
    let mut names: Vec<String> = E::Column::iter().map(|column| column.as_str().to_owned()).collect();
    names.sort();
    names
}

/// Writes a row with every column filled and reads the same one back; the table has no columns but the entity's.
macro_rules! there_and_back {
    ($raw:expr, $entity:ident { $($field:ident: $value:expr),* $(,)? }) => {{
        let table = sea_orm::EntityName::table_name(&$entity::Entity);
        assert_eq!(known::<$entity::Entity>(), columns($raw, table).await, "columns of {table}");
        let model = $entity::Model { $($field: $value),* };
        $entity::Entity::delete_many().exec($raw).await.unwrap();
        let insert = $entity::Entity::insert(model.clone().into_active_model());
        insert.exec_without_returning($raw).await.unwrap();
        assert_eq!($entity::Entity::find().all($raw).await.unwrap(), std::slice::from_ref(&model), "rows of {table}");
        model
    }};
}

#[expect(clippy::too_many_lines, reason = "one row of each table")]
async fn entities_are_what_is_migrated(database: TestDatabase) {
    open(&database).await.migrate().await.unwrap();
    let raw = &database.raw().await;
    let day = |text: &str| text.parse::<Date>().unwrap();
    let monday = day("2026-01-05");
    let at: DateTime<Utc> = "2026-01-05T09:00:00.123Z".parse().unwrap();
    let text = |text: &str| text.to_owned();
    let ada = there_and_back!(
        raw,
        person {
            id: 1,
            uid: Uuid::from_u128(1),
            name: text("Ada Å"),
            name_key: text("ada a"),
            email: Some(text("Ada@example.org")),
            email_key: Some(text("ada@example.org")),
            title: Some(text("Head of Everything")),
            department: Some(text("All")),
            location: Some(text("Atlantis")),
            time_zone: Some(text("Europe/Berlin")),
            status: text("ACTIVE"),
            path: Some(text("00000001")),
            depth: Some(3),
            manager_id: Some(9_007_199_254_740_993),
            interim: true,
            report_count: 4,
            below_count: 5,
            created_at: at,
            updated_at: at,
            tokens_valid_after: Some(at),
        }
    );
    let bob = person::Model {
        id: 2,
        uid: Uuid::from_u128(2),
        path: None,
        ..ada
    };
    person::Entity::insert(bob.into_active_model())
        .exec_without_returning(raw)
        .await
        .unwrap();
    there_and_back!(
        raw,
        external_identity {
            source: text("hr"),
            external_id: text("0042"),
            person_id: 1,
            uid: Some(Uuid::from_u128(11)),
            user_name: Some(text("Ada@example.org")),
            user_name_key: Some(text("ada@example.org")),
            given_name: Some(text("Ada")),
            family_name: Some(text("Å")),
            employee_number: Some(text("42")),
            email_primary: Some(true),
            created_at: Some(at),
            updated_at: Some(at),
            deleted_at: Some(at),
        }
    );
    there_and_back!(
        raw,
        employment {
            id: Uuid::from_u128(3),
            person_id: 1,
            start_date: monday,
            end_date: Some(day("2026-12-31"))
        }
    );
    there_and_back!(
        raw,
        absence {
            id: Uuid::from_u128(4),
            person_id: 1,
            start_date: monday,
            end_date: Some(monday),
            source: Some(text("time-off")),
            external_id: Some(text("a1")),
        }
    );
    there_and_back!(
        raw,
        reporting_line {
            id: Uuid::from_u128(5),
            report_id: 2,
            manager_id: 1,
            kind: text("SOLID"),
            valid_from: monday,
            valid_to: Some(day("2026-02-02")),
        }
    );
    there_and_back!(
        raw,
        org_state {
            id: 1,
            version: 7,
            derived_from: Some(monday),
            next_boundary: Some(day("9999-12-31")),
            next_person_key: 3,
            cursor_key: vec![0, 255, 7],
            draw_seed: i64::MIN,
            time_zone: Some(text("Europe/Berlin")),
        }
    );
    there_and_back!(
        raw,
        calendar_feed {
            person_id: 1,
            secret_hash: text("00ff"),
            created_at: at,
        }
    );
    there_and_back!(
        raw,
        participation {
            person_id: 1,
            opted_out: true,
            snoozed_until: Some(monday),
            silent_since: monday,
        }
    );
    there_and_back!(
        raw,
        scim_token {
            id: Uuid::from_u128(12),
            source: text("okta"),
            label: Some(text("production")),
            secret_hash: text("00"),
            created_at: at,
            expires_at: Some(at),
            revoked_at: Some(at),
            last_used_at: Some(at),
        }
    );
    there_and_back!(
        raw,
        settings {
            version: 1,
            value: text("{}"),
            changed_at: at,
            changed_by: text("token:ada")
        }
    );
    there_and_back!(
        raw,
        suggestion {
            id: Uuid::from_u128(6),
            week: monday,
            leader_id: 1,
            counterpart_id: 2,
            kind: text("SKIP_LEVEL"),
            status: text("OPEN"),
            distance: Some(2),
            branch_id: Some(2),
            band: Some(text("BOTTOM")),
            reasons: text("[]"),
            invalid_reason: Some(text("LEFT")),
            replaces_id: Some(Uuid::from_u128(7)),
            twin_id: Some(Uuid::from_u128(9)),
            created_at: at,
            expires_at: at,
        }
    );
    there_and_back!(
        raw,
        meeting {
            id: Uuid::from_u128(8),
            leader_id: 1,
            counterpart_id: 2,
            kind: text("SKIP_LEVEL"),
            status: text("HELD"),
            origin: text("ROTATION"),
            distance: Some(2),
            branch_id: Some(2),
            band: Some(text("NEAR")),
            day: Some(monday),
            starts_at: Some(at),
            ends_at: Some(at),
            held_at: Some(at),
            suggestion_id: Some(Uuid::from_u128(6)),
            closed_on: Some(monday),
            cancel_reason: Some(text("PERSON_TERMINATED")),
            evidence: Some(text("PARTICIPANT")),
            source: Some(text("calendar")),
            external_id: Some(text("c1")),
            created_at: at,
            sequence: 3,
        }
    );
    there_and_back!(
        raw,
        note_key {
            id: text("k1"),
            number: 1,
            canary: vec![0, 255, 7],
            created_at: at,
        }
    );
    there_and_back!(
        raw,
        note {
            id: Uuid::from_u128(13),
            meeting_id: Uuid::from_u128(8),
            author_id: 1,
            visibility: text("PRIVATE"),
            key_id: text("k1"),
            sealed: vec![0, 255, 7],
            version: 3,
            created_at: at,
            updated_at: at,
        }
    );
    there_and_back!(
        raw,
        agenda_item {
            id: Uuid::from_u128(14),
            meeting_id: Uuid::from_u128(8),
            author_id: Some(1),
            number: 4,
            done: true,
            removed: true,
            key_id: text("k1"),
            sealed: vec![0, 255, 7],
            version: 3,
            updated_at: at,
        }
    );
    there_and_back!(
        raw,
        kudos {
            id: Uuid::from_u128(15),
            meeting_id: Uuid::from_u128(8),
            author_id: 1,
            person_id: 2,
            key_id: text("k1"),
            sealed: vec![0, 255, 7],
            version: 1,
            created_at: at,
            sent_at: Some(at),
        }
    );
    there_and_back!(
        raw,
        peer_edge {
            id: Uuid::from_u128(10),
            low_id: 1,
            high_id: 2,
            state: text("CONFIRMED"),
            origin: text("DISCOVERY"),
            low_word: Some(text("AGREES")),
            high_word: Some(text("AGREES")),
            skips: 2,
            created_at: at,
            changed_at: at,
        }
    );
    there_and_back!(
        raw,
        load_claim {
            person_id: 2,
            week: monday,
            day: monday,
            leader_id: 1,
            suggestion_id: Some(Uuid::from_u128(6)),
            meeting_id: Some(Uuid::from_u128(8)),
        }
    );
    there_and_back!(
        raw,
        weekly_draw {
            week: monday,
            drawn_at: at,
            org_version: 7,
            settings_version: 1,
            seed: i64::MAX
        }
    );
    there_and_back!(
        raw,
        working_hours {
            person_id: 1,
            start_time: Some(text("09:00")),
            end_time: Some(text("17:00")),
            days: Some(text("[\"MONDAY\"]")),
        }
    );
    there_and_back!(
        raw,
        erased_identity {
            mark: text("00ff"),
            person_id: 1,
            erased_at: at,
        }
    );
    there_and_back!(
        raw,
        empty_slot {
            week: monday,
            leader_id: 1,
            code: text("POOL_EMPTY"),
            next_week: Some(monday)
        }
    );
    there_and_back!(
        raw,
        webhook {
            id: Uuid::from_u128(12),
            url: text("https://example.com/"),
            description: Some(text("to the lake")),
            secret: vec![0, 255],
            enabled: true,
            failing_since: Some(at),
            told: 7,
            created_at: at,
            created_by: text("token:ada"),
        }
    );
    there_and_back!(
        raw,
        webhook_delivery {
            id: Uuid::from_u128(13),
            webhook_id: Uuid::from_u128(12),
            number: 1,
            up_to: 7,
            status: text("PENDING"),
            attempts: 2,
            created_at: at,
            next_attempt_at: Some(at),
            leased_until: Some(at),
            response_status: Some(500),
            error: Some(text("TIMEOUT")),
        }
    );
    there_and_back!(
        raw,
        change_event {
            seq: 7,
            uid: Uuid::from_u128(11),
            at: at,
            kind: text("person.created"),
            person_id: Some(1),
            related_person_id: Some(2),
            run: Some(3),
            line: Some(4),
            source: Some(text("hr")),
            detail: text("{}"),
        }
    );
    there_and_back!(
        raw,
        idempotency_key {
            principal: text("token:ada"),
            operation: text("scheduleMeeting"),
            key: text("k"),
            input_hash: text("00"),
            answer: text("{}"),
            created_at: at,
        }
    );
}

both!(
    up_down_and_up_again_is_the_same,
    a_newer_programs_database_is_refused_naming_both,
    entities_are_what_is_migrated,
);
