//! The main job from end to end: drawn, suggested, accepted, held, and rotating on.

use serde_json::json;

use crate::support::{TestDatabase, World, both};

const WEEK: &str = "query($week: IsoWeek) { viewer { week(week: $week) {
    suggestions { id status counterpart { id name access } distance reasons { code message days } }
    noSuggestion { code } } } }";

async fn a_leader_meets_somebody_new_each_week(database: TestDatabase) {
    let mut world = World::of(
        database,
        "
        ada
          bob
            cyd
            dee
            eve
          fay
            gus
            hal
        ",
        "2026-01-05T09:00:00Z",
    )
    .await;
    let mut met = Vec::new();
    for (now, week) in [
        ("2026-01-05T09:00:00Z", "2026-W02"),
        ("2026-01-12T09:00:00Z", "2026-W03"),
        ("2026-01-19T09:00:00Z", "2026-W04"),
    ] {
        world = world.at(now).await;
        world.app.draw_due(world.now).await.unwrap();
        let data = world.data("ada", WEEK, json!({ "week": week })).await;
        let suggestion = &data["viewer"]["week"]["suggestions"][0];
        assert_eq!(suggestion["status"], "OPEN", "{data:#}");
        assert_eq!(suggestion["distance"], 2);
        assert_eq!(suggestion["reasons"][0]["code"], "NEVER_HEARD");
        met.push(suggestion["counterpart"]["name"].clone());
        let accept =
            "mutation($id: ID!, $at: DateTime!) { acceptSuggestion(input: {suggestionId: $id, startsAt: $at}) {
            suggestion { status meeting { id status kind origin } } userErrors { code message path } } }";
        let data = world
            .data("ada", accept, json!({ "id": suggestion["id"], "at": now }))
            .await;
        let meeting = &data["acceptSuggestion"]["suggestion"]["meeting"];
        assert_eq!(meeting["status"], "SCHEDULED", "{data:#}");
        assert_eq!(meeting["kind"], "SKIP_LEVEL");
        let confirm = "mutation($id: ID!) { confirmMeeting(input: {meetingId: $id}) {
            meeting { status heldAt counterpart { lastMet { id } lastHeard } } userErrors { code message } } }";
        let data = world.data("ada", confirm, json!({ "id": meeting["id"] })).await;
        assert_eq!(data["confirmMeeting"]["meeting"]["status"], "HELD", "{data:#}");
        assert_eq!(
            data["confirmMeeting"]["meeting"]["counterpart"]["lastMet"]["id"],
            meeting["id"]
        );
        assert_eq!(data["confirmMeeting"]["meeting"]["counterpart"]["lastHeard"], now[..10]);
    }
    met.sort_by_key(ToString::to_string);
    met.dedup();
    assert_eq!(met.len(), 3, "a different person each time");
}

both!(a_leader_meets_somebody_new_each_week);
