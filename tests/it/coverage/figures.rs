//! Figures known by hand, as an HR admin is told them.

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use super::scene::scene;
use crate::support::{ADMIN, TestDatabase, World, both};

const REPORT: &str = "
query($input: CoverageInput!) { coverage(input: $input) {
  under { name } total { ...Group } groups { ...Group }
  heatMap { columns { label } rows { label total { ...Group } cells { ...Group } } }
  head { ...Leader } leaders { nodes { ...Leader } } waiting { nodes { name } }
  trend { month population held heard share possible }
  load { buckets { meetings people } mostInAWeek }
  peers { people fresh due late never met medianDays } } }
fragment Group on CoverageGroup { key label population heard share waitDaysMax waitDaysP90 waitDaysMedian suppressed }
fragment Leader on LeaderCoverage {
  leader { name } population measure met coverage strata strataVisited strataCoverage bottomMeetingsPerMonth
  weeksWithSlot weeksHeld adherence meetings repeats concentration suppressed }";

async fn told(world: &World, input: Value) -> Value {
    world.data(ADMIN, REPORT, json!({ "input": input })).await["coverage"].clone()
}

async fn the_whole_organisation(database: TestDatabase) {
    let world = scene(database).await;
    let told = told(&world, json!({})).await;
    assert_eq!(told["under"], Value::Null);
    assert_eq!(told["head"], Value::Null);
    check(
        [group(&told["total"])],
        &expect![[r#"
            TOTAL All: 2 of 5 (0.40), waits 2327 2327 288
        "#]],
    );
    check(
        list(&told["groups"]).map(group),
        &expect![[r#"
            2 Level 2: 1 of 2 (0.50), waits 365 365 13
            3 Level 3: 1 of 3 (0.33), waits 2327 2327 288
        "#]],
    );
    check(
        list(&told["heatMap"]["columns"]).map(label),
        &expect![[r#"
        Level 2
        Level 3
    "#]],
    );
    let rows = list(&told["heatMap"]["rows"]);
    let cells = rows.flat_map(|row| std::iter::once(&row["total"]).chain(list(&row["cells"])));
    check(
        cells.map(group),
        &expect![[r#"
            north north: 2 of 3 (0.67), waits 2327 2327 34
            north/2 north, Level 2: 1 of 1 (1.00), waits 13 13 13
            north/3 north, Level 3: 1 of 2 (0.50), waits 2327 2327 34
            south south: 0 of 1 (0.00), waits 365 365 365
            south/2 south, Level 2: 0 of 1 (0.00), waits 365 365 365
            south/3 south, Level 3: 0 of 0 (-), waits - - -
             No department: 0 of 1 (0.00), waits 288 288 288
            /2 No department, Level 2: 0 of 0 (-), waits - - -
            /3 No department, Level 3: 0 of 1 (0.00), waits 288 288 288
        "#]],
    );
    check(
        list(&told["leaders"]["nodes"]).map(leader),
        &expect![[r#"
            ada COVERAGE 2 of 6 (0.33), strata 1 of 2 (0.50), weeks 1 of 3 (0.33), repeats 1 of 3 (0.33)
            bob COVERAGE 1 of 2 (0.50), strata 1 of 1 (1.00), weeks 0 of 0 (-), repeats 0 of 1 (0.00)
            hal COVERAGE 0 of 1 (0.00), strata 0 of 1 (0.00), weeks 0 of 0 (-), repeats 0 of 0 (-)
        "#]],
    );
    let name = |person: &Value| text(&person["name"]);
    check(
        list(&told["waiting"]["nodes"]).map(name),
        &expect![[r#"
            eli
            ivy
            jon
        "#]],
    );
    check(
        list(&told["trend"]).map(month),
        &expect![[r#"
            2025-07-01: 0 held, 1 of 5 (0.20), possible 0.20
            2025-08-01: 0 held, 1 of 5 (0.20), possible 0.20
            2025-09-01: 0 held, 1 of 5 (0.20), possible 0.20
            2025-10-01: 0 held, 1 of 5 (0.20), possible 0.20
            2025-11-01: 0 held, 1 of 5 (0.20), possible 0.20
            2025-12-01: 0 held, 1 of 5 (0.20), possible 0.20
            2026-01-01: 0 held, 1 of 5 (0.20), possible 0.20
            2026-02-01: 0 held, 1 of 5 (0.20), possible 0.20
            2026-03-01: 1 held, 2 of 5 (0.40), possible 0.40
            2026-04-01: 1 held, 3 of 5 (0.60), possible 0.60
            2026-05-01: 1 held, 3 of 5 (0.60), possible 0.80
            2026-06-01: 1 held, 2 of 5 (0.40), possible 0.80
        "#]],
    );
    let bucket = |bucket: &Value| format!("{} had {}", bucket["people"], bucket["meetings"]);
    check(
        list(&told["load"]["buckets"]).map(bucket),
        &expect![[r#"
            3 had 0
            0 had 1
            2 had 2
        "#]],
    );
    assert_eq!(told["load"]["mostInAWeek"], 1);
    let peers = json!({ "people": 3, "fresh": 0, "due": 2, "late": 0, "never": 1, "met": 2, "medianDays": 26 });
    assert_eq!(told["peers"], peers);
}

async fn one_unit(database: TestDatabase) {
    let world = scene(database).await;
    let bob = world.id("bob").await;
    let told = told(&world, json!({ "under": bob, "groupBy": "BRANCH", "windowDays": 60 })).await;
    assert_eq!(told["under"]["name"], "bob");
    let cyd = world.id("cyd").await;
    let groups = list(&told["groups"]).map(|found| group(found).replace(&cyd, "(cyd)"));
    check(
        groups,
        &expect![[r#"
            REPORTS Direct reports: 1 of 1 (1.00), waits 13 13 13
            (cyd) cyd: 1 of 2 (0.50), waits 2327 2327 34
        "#]],
    );
    check(
        [leader(&told["head"])],
        &expect![[r#"
            bob COVERAGE 1 of 2 (0.50), strata 1 of 1 (1.00), weeks 0 of 0 (-), repeats 0 of 1 (0.00)
        "#]],
    );
    assert_eq!(told["leaders"]["nodes"], json!([]));
    assert_eq!(told["peers"]["people"], 0);
}

async fn other_groupings(database: TestDatabase) {
    let world = scene(database).await;
    let mut lines = Vec::new();
    for grouping in ["DEPARTMENT", "LOCATION", "BRANCH", "BAND", "TENURE"] {
        let told = told(&world, json!({ "groupBy": grouping })).await;
        let of_it = |group: &Value| {
            format!(
                "{grouping} {}: {} of {}",
                text(&group["label"]),
                group["heard"],
                group["population"]
            )
        };
        lines.extend(list(&told["groups"]).map(of_it));
    }
    check(
        lines,
        &expect![[r#"
            DEPARTMENT north: 2 of 3
            DEPARTMENT south: 0 of 1
            DEPARTMENT No department: 0 of 1
            LOCATION No location: 2 of 5
            BRANCH bob: 2 of 3
            BRANCH hal: 0 of 2
            BAND No bands: 2 of 5
            TENURE 6 to 12 months: 0 of 1
            TENURE 5 years and more: 2 of 4
        "#]],
    );
}

/// Whoever has left since was met all the same, but is nobody who could be heard. What was open is taken away.
async fn a_leaver_who_was_met(database: TestDatabase) {
    let world = scene(database).await;
    let change = crate::support::Change {
        who: "cyd",
        end: Some("2026-06-14"),
        ..Default::default()
    };
    world.change(&[change]).await;
    let told = told(&world, json!({ "under": world.id("ada").await })).await;
    check(
        [group(&told["total"])],
        &expect![[r#"
            TOTAL All: 1 of 4 (0.25), waits 2327 2327 288
        "#]],
    );
    check(
        [leader(&told["head"])],
        &expect![[r#"
            ada COVERAGE 1 of 5 (0.20), strata 1 of 2 (0.50), weeks 1 of 2 (0.50), repeats 1 of 3 (0.33)
        "#]],
    );
}

both!(the_whole_organisation, one_unit, other_groupings, a_leaver_who_was_met);

fn check(lines: impl IntoIterator<Item = String>, expected: &Expect) {
    let lines: Vec<String> = lines.into_iter().collect();
    expected.assert_eq(&(lines.join("\n") + "\n"));
}

fn list(value: &Value) -> std::slice::Iter<'_, Value> {
    value.as_array().unwrap().iter()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn label(value: &Value) -> String {
    text(&value["label"])
}

fn share(value: &Value) -> String {
    value.as_f64().map_or("-".to_owned(), |share| format!("{share:.2}"))
}

fn group(group: &Value) -> String {
    assert_eq!(group["suppressed"], false);
    let days = |field: &str| group[field].as_u64().map_or("-".to_owned(), |days| days.to_string());
    format!(
        "{} {}: {} of {} ({}), waits {} {} {}",
        text(&group["key"]),
        text(&group["label"]),
        group["heard"],
        group["population"],
        share(&group["share"]),
        days("waitDaysMax"),
        days("waitDaysP90"),
        days("waitDaysMedian"),
    )
}

fn leader(leader: &Value) -> String {
    assert_eq!(leader["suppressed"], false);
    assert_eq!(
        leader["bottomMeetingsPerMonth"],
        Value::Null,
        "three levels have no bands"
    );
    let part =
        |part: &str, whole: &str, of: &str| format!("{} of {} ({})", leader[part], leader[whole], share(&leader[of]));
    format!(
        "{} {} {}, strata {}, weeks {}, repeats {}",
        text(&leader["leader"]["name"]),
        text(&leader["measure"]),
        part("met", "population", "coverage"),
        part("strataVisited", "strata", "strataCoverage"),
        part("weeksHeld", "weeksWithSlot", "adherence"),
        part("repeats", "meetings", "concentration"),
    )
}

fn month(month: &Value) -> String {
    format!(
        "{}: {} held, {} of {} ({}), possible {}",
        text(&month["month"]),
        month["held"],
        month["heard"],
        month["population"],
        share(&month["share"]),
        share(&month["possible"]),
    )
}
