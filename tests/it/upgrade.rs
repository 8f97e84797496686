//! A database of the first schema, with a year in it, is brought to this program's: nobody and nothing is lost, and the
//! server goes on where it was. A step back and forward again loses no more.

use std::sync::Arc;

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use serde_json::{Value, json};

use crate::support::{Options, TestDatabase, World, both, run};

const NOW: &str = "2026-06-10T09:00:00Z";

/// How many migrations the first schema is made of: those of the first day.
const FIRST_SCHEMA: u32 = 13;

/// ada over bob over cyd and dee, who came from elsewhere; eve has left. What they did, as rows of the first schema; `#N` is
/// the UUID N.
const ROWS: &str = "
INSERT INTO person (id, uid, name, name_key, email, email_key, department, status, created_at, updated_at) VALUES
  (1, #1, 'ada', 'ada', 'ada@example.org', 'ada@example.org', 'north', 'ACTIVE', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'),
  (2, #2, 'bob', 'bob', 'bob@example.org', 'bob@example.org', 'north', 'ACTIVE', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'),
  (3, #3, 'cyd', 'cyd', 'cyd@example.org', 'cyd@example.org', 'south', 'ACTIVE', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'),
  (4, #4, 'dee', 'dee', NULL, NULL, NULL, 'ACTIVE', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'),
  (5, #5, 'eve', 'eve', NULL, NULL, NULL, 'TERMINATED', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z');
INSERT INTO external_identity (source, external_id, person_id) VALUES
  ('hr', 'ada', 1), ('hr', 'bob', 2), ('hr', 'cyd', 3), ('hr', 'dee', 4), ('hr', 'eve', 5), ('payroll', '0004', 4);
INSERT INTO employment (id, person_id, start_date, end_date) VALUES
  (#11, 1, '2020-01-01', NULL), (#12, 2, '2020-01-01', NULL), (#13, 3, '2020-01-01', NULL), (#14, 4, '2021-01-01', NULL),
  (#15, 5, '2020-01-01', '2026-03-31');
INSERT INTO absence (id, person_id, start_date, end_date) VALUES (#21, 4, '2026-02-01', '2026-02-28');
INSERT INTO reporting_line (id, report_id, manager_id, kind, valid_from, valid_to) VALUES
  (#31, 2, 1, 'SOLID', '2020-01-01', NULL), (#32, 3, 2, 'SOLID', '2020-01-01', NULL), (#33, 4, 1, 'SOLID', '2021-01-01', '2026-01-05'),
  (#34, 4, 2, 'SOLID', '2026-01-05', NULL), (#35, 5, 2, 'SOLID', '2020-01-01', NULL), (#36, 3, 1, 'DOTTED', '2020-01-01', NULL);
INSERT INTO suggestion (id, week, leader_id, counterpart_id, kind, status, distance, reasons, created_at, expires_at) VALUES
  (#41, '2026-06-08', 1, 3, 'SKIP_LEVEL', 'OPEN', 2, '[]', '2026-06-08T00:00:00Z', '2026-06-15T00:00:00Z'),
  (#42, '2026-05-04', 1, 4, 'SKIP_LEVEL', 'ACCEPTED', 2, '[]', '2026-05-04T00:00:00Z', '2026-05-11T00:00:00Z');
INSERT INTO meeting (id, leader_id, counterpart_id, kind, status, origin, distance, day, starts_at, ends_at, held_at, suggestion_id, created_at) VALUES
  (#51, 1, 4, 'SKIP_LEVEL', 'HELD', 'ROTATION', 2, '2026-05-06', '2026-05-06T10:00:00Z', '2026-05-06T10:30:00Z', '2026-05-06T10:00:00Z', #42,
   '2026-05-04T00:00:00Z'),
  (#52, 1, 3, 'SKIP_LEVEL', 'SCHEDULED', 'LEADER_CHOICE', 2, '2026-06-18', '2026-06-18T10:00:00Z', '2026-06-18T10:30:00Z', NULL, NULL,
   '2026-06-01T00:00:00Z');
INSERT INTO load_claim (person_id, week, day, leader_id, suggestion_id) VALUES (3, '2026-06-08', '2026-06-08', 1, #41);
INSERT INTO weekly_draw (week, drawn_at, org_version, settings_version, seed) VALUES ('2026-06-08', '2026-06-08T00:00:00Z', 1, 1, 7);
UPDATE org_state SET next_person_key = 6, derived_from = NULL;
";

/// Tables of the first schema whose rows may only become more.
const TABLES: [&str; 9] = [
    "person",
    "external_identity",
    "employment",
    "absence",
    "reporting_line",
    "suggestion",
    "meeting",
    "load_claim",
    "weekly_draw",
];

both!(
    the_first_schema_is_brought_up_with_all_that_is_in_it,
    a_step_back_loses_nothing_older
);

async fn the_first_schema_is_brought_up_with_all_that_is_in_it(database: TestDatabase) {
    let raw = connect(&database).await;
    plant(&raw).await;
    let before = counts(&raw).await;
    let world = World::start(Arc::new(database), NOW, &Options::default()).await;
    assert_eq!(counts(&raw).await, before);

    let query = "{ viewer { week { suggestions { status counterpart { name } } } }
        people(orderBy: NAME) { nodes { name department manager { name } lastMet { heldAt } } }
        meetings { nodes { status counterpart { name } } } }";
    let answer = world.data("ada", query, json!({})).await;
    let people = json!([
        { "name": "ada", "department": "north", "manager": null, "lastMet": null },
        { "name": "bob", "department": "north", "manager": { "name": "ada" }, "lastMet": null },
        { "name": "cyd", "department": "south", "manager": { "name": "bob" }, "lastMet": null },
        { "name": "dee", "department": null, "manager": { "name": "bob" }, "lastMet": { "heldAt": "2026-05-06T10:00:00Z" } },
    ]);
    assert_eq!(answer["people"]["nodes"], people);
    let suggestions = &answer["viewer"]["week"]["suggestions"];
    assert_eq!(
        *suggestions,
        json!([{ "status": "OPEN", "counterpart": { "name": "cyd" } }])
    );
    let mut meetings: Vec<&Value> = answer["meetings"]["nodes"].as_array().unwrap().iter().collect();
    meetings.sort_by_key(|meeting| meeting["status"].to_string());
    assert_eq!(
        meetings,
        [
            &json!({ "status": "HELD", "counterpart": { "name": "dee" } }),
            &json!({ "status": "SCHEDULED", "counterpart": { "name": "cyd" } }),
        ]
    );

    // What came later works on what was there before.
    let accept =
        "mutation($id: ID!) { acceptSuggestion(input: { suggestionId: $id, startsAt: \"2026-06-11T09:00:00Z\" }) {
        suggestion { status } userErrors { code } } }";
    let ids = world
        .data("ada", "{ viewer { week { suggestions { id } } } }", json!({}))
        .await;
    let id = &ids["viewer"]["week"]["suggestions"][0]["id"];
    let accepted = world.data("ada", accept, json!({ "id": id })).await;
    assert_eq!(
        accepted["acceptSuggestion"],
        json!({ "suggestion": { "status": "ACCEPTED" }, "userErrors": [] })
    );
}

async fn a_step_back_loses_nothing_older(database: TestDatabase) {
    let raw = connect(&database).await;
    plant(&raw).await;
    let before = counts(&raw).await;
    Migrator::up(&raw, None).await.unwrap();
    let later = u32::try_from(Migrator::migrations().len()).unwrap() - FIRST_SCHEMA;
    Migrator::down(&raw, Some(later)).await.unwrap();
    assert_eq!(counts(&raw).await, before);
    Migrator::up(&raw, None).await.unwrap();
    assert_eq!(counts(&raw).await, before);
}

/// One connection alone, as migrations have it.
async fn connect(database: &TestDatabase) -> DatabaseConnection {
    let mut options = ConnectOptions::new(&database.url);
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await.unwrap()
}

/// A database of the first schema with rows in it.
async fn plant(raw: &DatabaseConnection) {
    Migrator::up(raw, Some(FIRST_SCHEMA)).await.unwrap();
    let is_sqlite = raw.get_database_backend() == DbBackend::Sqlite;
    let mut parts = ROWS.split('#');
    let mut sql = parts.next().unwrap().to_owned();
    for part in parts {
        let end = part.find(|letter: char| !letter.is_ascii_digit()).unwrap();
        let number: u128 = part[..end].parse().unwrap();
        let uuid = if is_sqlite {
            format!("X'{number:032x}'")
        } else {
            format!("'{number:032x}'")
        };
        sql += &(uuid + &part[end..]);
    }
    for statement in sql.split(";\n").filter(|statement| !statement.trim().is_empty()) {
        run(raw, statement).await.unwrap();
    }
}

async fn counts(raw: &DatabaseConnection) -> Vec<(&'static str, i64)> {
    let mut counts = vec![];
    for table in TABLES {
        let statement = Statement::from_string(
            raw.get_database_backend(),
            format!("SELECT COUNT(*) AS number FROM {table}"),
        );
        let row = raw.query_one_raw(statement).await.unwrap().unwrap();
        counts.push((table, row.try_get("", "number").unwrap()));
    }
    counts
}
