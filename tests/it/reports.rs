//! Coverage reports as files: over HTTP for the bearer of a token, and from the command line.

use std::process::{Command, Output};

use serde_json::Value;
use skiplevel::domain::sync::Row;

use crate::support::{ADMIN, TestDatabase, World, both, field};

/// Three people two levels below bob, and six below fay; whoever reports to cyd or hal is in a department of an awkward name.
const OUTLINE: &str = "
    ada
      bob
        cyd
          dee
          eve
      fay
        gus
        hal
          ian
          jan
          kai
          lou
          mia
";

const NOW: &str = "2026-06-15T09:00:00Z";
const FORMULA: &str = "=1+1, \"Ltd\"";

async fn organisation(database: TestDatabase) -> World {
    let world = World::of(database, OUTLINE, NOW).await;
    let row = |(line, id): (u64, &str)| Row {
        line,
        external_id: id.to_owned(),
        department: field(FORMULA),
        ..Row::default()
    };
    let rows = (1..).zip(["dee", "eve", "ian", "jan", "kai", "lou", "mia"]).map(row);
    world.import_rows(rows.collect()).await;
    let other = world.id("ian").await;
    let held = serde_json::json!({ "counterpartId": other, "heldAt": "2026-06-10T09:00:00Z" });
    world.act("fay", "recordMeeting", held).await;
    world
}

/// Status, headers that matter and body of a document.
async fn get(world: &World, who: Option<&str>, path: &str) -> (u16, reqwest::header::HeaderMap, String) {
    let roles: &[_] = if who == Some(ADMIN) {
        &[skiplevel::auth::token::Role::HrAdmin]
    } else {
        &[]
    };
    let mut request = crate::support::client().get(format!("http://{}{path}", world.address));
    if let Some(who) = who {
        request = request.bearer_auth(world.token(who, roles));
    }
    let answer = request.send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    (status, headers, answer.text().await.unwrap())
}

/// The line of a CSV file that begins so.
fn line<'a>(csv: &'a str, begin: &str) -> &'a str {
    let found = csv.lines().find(|line| line.starts_with(begin));
    found.unwrap_or_else(|| panic!("no line begins with {begin}: {csv}"))
}

async fn a_file_tells_what_its_reader_may_know(database: TestDatabase) {
    let world = organisation(database).await;
    let (status, headers, admin) = get(&world, Some(ADMIN), "/reports/coverage.csv").await;
    assert_eq!(status, 200, "{admin}");
    assert_eq!(headers["content-type"], "text/csv; charset=utf-8; header=present");
    assert_eq!(headers["cache-control"], "no-store");
    assert!(
        line(&admin, "TOTAL,").starts_with("TOTAL,TOTAL,All,10,1,0.1000,"),
        "{admin}"
    );
    let guarded = "\"'=1+1, \"\"Ltd\"\"\"";
    assert!(
        line(&admin, "DEPARTMENT,\"").starts_with(&format!("DEPARTMENT,{guarded},{guarded},7,1,")),
        "{admin}"
    );
    assert!(
        line(&admin, "BRANCH,bob,").ends_with(",false"),
        "HR admins see small groups: {admin}"
    );

    // bob's three are too few, and so fay's are not told beside the whole either.
    let (_, _, ada) = get(&world, Some("ada"), "/reports/coverage.csv").await;
    assert_eq!(line(&ada, "BRANCH,bob,"), "BRANCH,bob,bob,3,,,,,,true");
    let (_, _, fay) = get(&world, Some("fay"), "/reports/coverage.csv").await;
    assert!(line(&fay, "TOTAL,").starts_with("TOTAL,TOTAL,All,7,"), "{fay}");
    assert!(!fay.contains("bob"), "{fay}");

    let under = |id: &str| format!("/reports/coverage.csv?under={id}");
    let (_, _, outside) = get(&world, Some("fay"), &under(&world.id("bob").await)).await;
    let (_, _, nobody) = get(&world, Some("fay"), &under("nobody")).await;
    assert_eq!(outside, nobody);
    assert!(line(&outside, "TOTAL,").starts_with("TOTAL,TOTAL,All,0,"), "{outside}");
    let (_, _, hal) = get(&world, Some("fay"), &under(&world.id("hal").await)).await;
    assert!(line(&hal, "TOTAL,").starts_with("TOTAL,TOTAL,All,5,"), "{hal}");
}

async fn a_page_runs_nothing_and_loads_nothing(database: TestDatabase) {
    let world = organisation(database).await;
    let (status, headers, page) = get(&world, Some(ADMIN), "/reports/coverage.html?windowDays=30").await;
    assert_eq!(status, 200, "{page}");
    let policy = headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.starts_with("default-src 'none'") && policy.contains("sandbox"),
        "{policy}"
    );
    assert!(
        !page.contains("<script") && !page.contains("http://") && !page.contains("https://"),
        "{page}"
    );
    assert!(
        page.contains("1 of 10 people") && page.contains("=1+1, &quot;Ltd&quot;"),
        "{page}"
    );
    assert!(page.contains("<li>dee"), "who waits is named: {page}");
}

async fn what_is_wrong_is_said(database: TestDatabase) {
    let world = organisation(database).await;
    for (who, path, status, says) in [
        (None, "/reports/coverage.csv", 401, "bearer token"),
        (Some("nobody"), "/reports/coverage.csv", 401, "bearer token"),
        (Some(ADMIN), "/reports/coverage.csv?windowDays=0", 400, "windowDays"),
        (Some(ADMIN), "/reports/coverage.csv?windowDays=many", 400, "windowDays"),
        (Some(ADMIN), "/reports/coverage.csv?asOf=yesterday", 400, "asOf"),
        (Some(ADMIN), "/reports/coverage.csv?unit=1", 400, "unit is no parameter"),
        (Some("ada"), "/reports/coverage.csv?asOf=2026-06-01", 400, "HR admins"),
        (Some(ADMIN), "/reports/coverage.csv?asOf=2026-06-01", 200, "TOTAL"),
    ] {
        let (found, _, text) = get(&world, who, path).await;
        assert_eq!(found, status, "{path}: {text}");
        assert!(text.contains(says), "{path}: {text}");
    }
    let posted = crate::support::client().post(format!("http://{}/reports/coverage.csv", world.address));
    assert_eq!(posted.send().await.unwrap().status().as_u16(), 405);
}

async fn the_command_line_tells_the_same(database: TestDatabase) {
    let world = organisation(database).await;
    let place = tempfile::tempdir().unwrap();
    let run = |arguments: &str| -> Output {
        Command::new(env!("CARGO_BIN_EXE_skiplevel"))
            .args(arguments.split_whitespace())
            .args(["--now", NOW])
            .current_dir(place.path())
            .env_clear()
            .env("DATABASE_URL", &world.database.url)
            .output()
            .unwrap()
    };
    let prints = |arguments: &str| {
        let output = run(arguments);
        assert!(output.status.success(), "{arguments}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let (_, _, admin) = get(&world, Some(ADMIN), "/reports/coverage.csv").await;
    assert_eq!(prints("coverage --csv"), admin);
    let handed_on = prints("coverage --for-anybody --csv");
    assert_eq!(line(&handed_on, "BRANCH,bob,"), "BRANCH,bob,bob,3,,,,,,true");
    let (_, _, fay) = get(&world, Some("fay"), "/reports/coverage.csv").await;
    assert_eq!(prints("coverage --under hr:fay --for-anybody --csv"), fay);

    let json: Value = serde_json::from_str(&prints("coverage --json")).unwrap();
    assert_eq!(json["total"]["heard"], 1, "{json:#}");
    assert!(json["waiting"][0]["name"].is_string() && json["leaders"][0]["name"].is_string());
    let handed_on: Value = serde_json::from_str(&prints("coverage --for-anybody --json")).unwrap();
    assert_eq!(
        (&handed_on["waiting"], &handed_on["leaders"]),
        (&serde_json::json!([]), &serde_json::json!([]))
    );
    assert!(prints("coverage --group-by branch").contains("fay"));
    prints("coverage --svg c.svg --html c.html");
    let file = |name: &str| std::fs::read_to_string(place.path().join(name)).unwrap();
    assert!(file("c.svg").starts_with("<svg ") && file("c.html").contains("1 of 10 people"));

    prints("digest --month 2026-06 june.html");
    let digest = file("june.html");
    assert!(digest.contains("Who was heard in June 2026"), "{digest}");
    assert!(
        !digest.contains("dee") && !digest.contains("fay"),
        "a digest names nobody: {digest}"
    );
    assert_eq!(
        run("digest --month 2026-06 june.html").status.code(),
        Some(73),
        "nothing is overwritten"
    );
    assert_eq!(
        run("digest --month 2026-07").status.code(),
        Some(64),
        "it has not begun"
    );
    assert_eq!(run("coverage --under hr:nobody").status.code(), Some(64));
    assert_eq!(file("june.html"), digest);
}

both!(
    a_file_tells_what_its_reader_may_know,
    a_page_runs_nothing_and_loads_nothing,
    what_is_wrong_is_said,
    the_command_line_tells_the_same,
);
