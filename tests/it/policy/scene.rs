//! What the policy is asked about: sue, hal's suggestion to meet her, her meetings with him and with pat, and pat as her peer.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use crate::support::{ADMIN, World};

/// Everything is asked about sue; hal was suggested to meet her, and did; so did pat.
pub const ORGANISATION: &str = "
hal
  mia (leave)
    sue (until 2027-03-31)
      dan
        kim
    sid
  ola
    pat
    leo (left)
";

pub const NOW: &str = "2026-06-10T09:00:00Z";
const MEETING: Uuid = Uuid::from_u128(1);
const SUGGESTION: Uuid = Uuid::from_u128(2);
const PEER_MEETING: Uuid = Uuid::from_u128(3);
const PEER: Uuid = Uuid::from_u128(5);

/// Ids of what everything is asked about.
pub struct Ids {
    pub sue: String,
    pub line: String,
}

/// Fills sue's profile, and writes hal's suggestion and the two meetings. Returns the id of sue's reporting line.
pub async fn plant(world: &World) -> String {
    let raw = world.database.raw().await;
    let key = async |name: &str| -> i64 {
        let sql = format!("SELECT person_id FROM external_identity WHERE external_id = '{name}'");
        let statement = sea_orm::Statement::from_string(raw.get_database_backend(), sql);
        raw.query_one_raw(statement)
            .await
            .unwrap()
            .unwrap()
            .try_get("", "person_id")
            .unwrap()
    };
    let (hal, sue, pat, kim) = (key("hal").await, key("sue").await, key("pat").await, key("kim").await);
    let id = |id: Uuid| id.simple().to_string();
    let at = |day: &str| format!("'{day} 10:00:00+00:00'");
    let reasons = r#"[{"code":"BOTTOM_OF_LADDER","count":1,"of":2},{"code":"LONGEST_WAIT","days":90}]"#;
    let suggestion = |uuid: u128, week: &str, to: i64, status: &str| {
        let (id, created, expires) = (id(Uuid::from_u128(uuid)), at("2026-03-01"), at("2026-07-01"));
        format!(
            "INSERT INTO suggestion (id, week, leader_id, counterpart_id, kind, status, distance, band, reasons, created_at, expires_at) \
                 VALUES (X'{id}', '{week}', {hal}, {to}, 'SKIP_LEVEL', '{status}', 2, 'NEAR', '{reasons}', {created}, {expires});"
        )
    };
    let meeting = |uuid: Uuid, leader: i64, kind: &str, suggestion: &str| {
        let (id, start, end) = (id(uuid), at("2026-03-04"), "'2026-03-04 10:30:00+00:00'");
        format!(
            "INSERT INTO meeting (id, leader_id, counterpart_id, kind, status, origin, distance, band, day, starts_at, ends_at, held_at, suggestion_id, evidence, created_at) \
                 VALUES (X'{id}', {leader}, {sue}, '{kind}', 'HELD', 'ROTATION', 2, 'NEAR', '2026-03-04', {start}, {end}, {start}, {suggestion}, 'PARTICIPANT', {start});"
        )
    };
    let mine = format!("X'{}'", id(SUGGESTION));
    let sql = [
        format!("UPDATE person SET title = 't', department = 'd', location = 'l', time_zone = 'UTC' WHERE id = {sue};"),
        suggestion(2, "2026-03-02", sue, "ACCEPTED"),
        suggestion(4, "2026-06-08", kim, "OPEN"),
        meeting(MEETING, hal, "SKIP_LEVEL", &mine),
        meeting(PEER_MEETING, pat, "PEER", "NULL"),
        format!(
            "INSERT INTO peer_edge (id, low_id, high_id, state, origin, skips, created_at, changed_at) \
             VALUES (X'{}', {}, {}, 'CONFIRMED', 'PERSON', 0, {at}, {at});",
            id(PEER),
            sue.min(pat),
            sue.max(pat),
            at = at("2026-03-01"),
        ),
    ];
    raw.execute_unprepared(&sql.concat()).await.unwrap();
    world.act(ADMIN, "updateSettings", json!({ "swapsPerWeek": 3 })).await;
    world
        .data("sue", "mutation { createCalendarFeed { path } }", json!({}))
        .await;
    // Something that happens, and a message that says so.
    let webhook = json!({ "url": "https://hooks.example.com/", "description": "to the lake" });
    world.act(ADMIN, "createWebhook", webhook).await;
    let title = json!({ "source": "hr", "dryRun": false, "idempotencyKey": "k", "rows": [{ "externalId": "sue", "title": "t2" }] });
    world.act(ADMIN, "syncPeople", title).await;
    world.app.due_deliveries(world.now).await.unwrap();
    // A change, a warning and a block.
    let run =
        json!({ "source": "hr", "rows": [{ "externalId": "sue", "title": "=t" }], "expectedPlanHash": "another" });
    world.act(ADMIN, "syncPeople", run).await;
    // sue shares a note and keeps one, changes the agenda, and thanks her manager.
    let meeting = global('m', MEETING);
    for visibility in ["SHARED", "PRIVATE"] {
        let note = json!({ "meetingId": meeting, "visibility": visibility, "text": "t" });
        world.act("sue", "writeNote", note).await;
    }
    world
        .act("sue", "addAgendaItem", json!({ "meetingId": meeting, "text": "t" }))
        .await;
    let thanks = json!({ "meetingId": meeting, "personId": world.id("mia").await, "text": "t" });
    let kudos = world.act("sue", "writeKudos", thanks).await["kudos"]["id"].clone();
    world.act("sue", "sendKudos", json!({ "kudosId": kudos })).await;
    let query =
        "query($id: String!) { person(by: {externalId: {source: \"hr\", externalId: $id}}) { reportingLines { id } } }";
    let data = world.admin(query, json!({ "id": "sue" })).await;
    data["person"]["reportingLines"][0]["id"].as_str().unwrap().to_owned()
}

/// How an object of each type is come by; the `@` stands for the field.
#[expect(clippy::too_many_lines, reason = "a table, a line a type")]
pub fn entry(name: &str, ids: &Ids) -> String {
    let Ids { sue, line } = ids;
    let node = |kind: char, id: Uuid| format!("node(id: \"{}\")", global(kind, id));
    let unknown = global('s', Uuid::from_u128(99));
    let people = "people(filter: {search: \"sue\"})";
    let meetings = format!("meetings(filter: {{with: \"{sue}\"}})");
    let suggestions = "suggestions(week: \"2026-W10\")";
    let draw = "drawSuggestions(input: {week: \"2026-W26\"})";
    let simulation = "simulateProgramme(input: {weeks: 1})";
    let met = |selection: &str| format!("{} {{ ... on Meeting {{ {selection} }} }}", node('m', MEETING));
    let report = |selection: &str| format!("coverage(input: {{under: \"{sue}\"}}) {{ {selection} }}");
    let skip = format!("skipSuggestion(input: {{suggestionId: \"{unknown}\"}})");
    match name {
        "Query" => "@".to_owned(),
        "Viewer" => "viewer { @ }".to_owned(),
        "WeekPlan" => "viewer { week { @ } }".to_owned(),
        "WhyNot" => format!("viewer {{ whyNot(person: \"{sue}\") {{ @ }} }}"),
        "NoSuggestion" => "viewer { week { noSuggestion { @ } } }".to_owned(),
        "Person" => format!("node(id: \"{sue}\") {{ ... on Person {{ @ }} }}"),
        "ExternalId" => format!("node(id: \"{sue}\") {{ ... on Person {{ externalIds {{ @ }} }} }}"),
        "ReportingLine" => format!("node(id: \"{line}\") {{ ... on ReportingLine {{ @ }} }}"),
        "Suggestion" => format!("{} {{ ... on Suggestion {{ @ }} }}", node('s', SUGGESTION)),
        "Reason" => format!(
            "{} {{ ... on Suggestion {{ reasons {{ @ }} }} }}",
            node('s', SUGGESTION)
        ),
        "Meeting" => format!("{} {{ ... on Meeting {{ @ }} }}", node('m', MEETING)),
        "Note" => met("notes { nodes { @ } }"),
        "NoteConnection" => met("notes { @ }"),
        "NoteEdge" => met("notes { edges { @ } }"),
        "NotePayload" => {
            format!("mutation editNote(input: {{noteId: \"{unknown}\", version: 1, text: \"t\"}}) {{ @ }}")
        }
        "DeleteNotePayload" => format!("mutation deleteNote(input: {{noteId: \"{unknown}\"}}) {{ @ }}"),
        "AgendaItem" => met("agenda { @ }"),
        "AgendaPayload" => {
            format!("mutation addAgendaItem(input: {{meetingId: \"{unknown}\", text: \"t\"}}) {{ @ }}")
        }
        "Kudos" => met("kudos { @ }"),
        "KudosConnection" => "viewer { kudos { @ } }".to_owned(),
        "KudosEdge" => "viewer { kudos { edges { @ } } }".to_owned(),
        "KudosPayload" => format!("mutation sendKudos(input: {{kudosId: \"{unknown}\"}}) {{ @ }}"),
        "DeleteKudosPayload" => format!("mutation deleteKudos(input: {{kudosId: \"{unknown}\"}}) {{ @ }}"),
        "PersonConnection" => format!("{people} {{ @ }}"),
        "PersonEdge" => format!("{people} {{ edges {{ @ }} }}"),
        "PageInfo" => format!("{people} {{ pageInfo {{ @ }} }}"),
        "MeetingConnection" => format!("{meetings} {{ @ }}"),
        "MeetingEdge" => format!("{meetings} {{ edges {{ @ }} }}"),
        "SuggestionConnection" => format!("{suggestions} {{ @ }}"),
        "SuggestionEdge" => format!("{suggestions} {{ edges {{ @ }} }}"),
        "AuditEntry" => "audit(first: 1) { nodes { @ } }".to_owned(),
        "AuditDetail" => "audit(first: 1) { nodes { details { @ } } }".to_owned(),
        "AuditEntryConnection" => "audit(first: 1) { @ }".to_owned(),
        "AuditEntryEdge" => "audit(first: 1) { edges { @ } }".to_owned(),
        "InboxItem" => "viewer { inbox { @ } }".to_owned(),
        "Peer" => format!("{} {{ ... on Peer {{ @ }} }}", node('e', PEER)),
        "PeerConnection" => "viewer { peers { @ } }".to_owned(),
        "PeerEdge" => "viewer { peers { edges { @ } } }".to_owned(),
        "PeerPayload" => format!("mutation endPeer(input: {{peerId: \"{unknown}\"}}) {{ @ }}"),
        "Participation" => "viewer { participation { @ } }".to_owned(),
        "CalendarFeed" => "viewer { calendarFeed { @ } }".to_owned(),
        "WorkingHours" => "viewer { workingHours { @ } }".to_owned(),
        "WorkingHoursPayload" => "mutation setWorkingHours(input: {}) { @ }".to_owned(),
        "ExportMyDataPayload" => "mutation exportMyData(input: {}) { @ }".to_owned(),
        "MeetingTime" => format!("viewer {{ meetingTimes{} {{ @ }} }}", arguments("meetingTimes", ids)),
        "CreateCalendarFeedPayload" => "mutation createCalendarFeed { @ }".to_owned(),
        "RevokeCalendarFeedPayload" => "mutation revokeCalendarFeed { @ }".to_owned(),
        "RevokeTokensPayload" => format!(
            "mutation revokeTokens(input: {{personId: \"{}\"}}) {{ @ }}",
            global('p', Uuid::from_u128(99))
        ),
        "ParticipationPayload" => "mutation setParticipation(input: {}) { @ }".to_owned(),
        "Settings" => "settings { @ }".to_owned(),
        "SettingsChange" => "settingsChanges { nodes { @ } }".to_owned(),
        "ChangedSetting" => "settingsChanges { nodes { fields { @ } } }".to_owned(),
        "SettingsChangeConnection" => "settingsChanges { @ }".to_owned(),
        "SettingsChangeEdge" => "settingsChanges { edges { @ } }".to_owned(),
        "SettingsPayload" => "mutation updateSettings(input: {}) { @ }".to_owned(),
        "ProgrammeSimulation" => format!("{simulation} {{ @ }}"),
        "SimulatedYear" => format!("{simulation} {{ policies {{ @ }} }}"),
        "SimulatedHead" => format!("{simulation} {{ policies {{ head {{ @ }} }} }}"),
        "SimulatedWeek" => format!("{simulation} {{ policies {{ byWeek {{ @ }} }} }}"),
        "CoverageReport" => report("@"),
        "CoverageGroup" => report("total { @ }"),
        "CoverageTable" => report("heatMap { @ }"),
        "CoverageColumn" => report("heatMap { columns { @ } }"),
        "CoverageRow" => report("heatMap { rows { @ } }"),
        "CoverageMonth" => report("trend { @ }"),
        "LoadDistribution" => report("load { @ }"),
        "LoadBucket" => report("load { buckets { @ } }"),
        "PeerFreshness" => report("peers { @ }"),
        "LeaderCoverage" => report("head { @ }"),
        // Of those whom the viewer may see, sue among them: below her nobody leads.
        "LeaderCoverageConnection" => "coverage { leaders { @ } }".to_owned(),
        "LeaderCoverageEdge" => "coverage { leaders { edges { @ } } }".to_owned(),
        "SyncRun" => "syncRuns(source: \"hr\", first: 1) { nodes { @ } }".to_owned(),
        "SyncCounts" => "syncRuns(source: \"hr\", first: 1) { nodes { counts { @ } } }".to_owned(),
        "SyncBlock" => "syncRuns(source: \"hr\", first: 1) { nodes { blocked { @ } } }".to_owned(),
        "SyncIssue" => "syncRuns(source: \"hr\", first: 1) { nodes { issues { @ } } }".to_owned(),
        "SyncRow" => "syncRuns(source: \"hr\", first: 1) { nodes { rows { nodes { @ } } } }".to_owned(),
        "FieldChange" => "syncRuns(source: \"hr\", first: 1) { nodes { rows { nodes { changes { @ } } } } }".to_owned(),
        "SyncRunConnection" => "syncRuns(source: \"hr\", first: 1) { @ }".to_owned(),
        "SyncRunEdge" => "syncRuns(source: \"hr\", first: 1) { edges { @ } }".to_owned(),
        "SyncRowConnection" => "syncRuns(source: \"hr\", first: 1) { nodes { rows { @ } } }".to_owned(),
        "SyncRowEdge" => "syncRuns(source: \"hr\", first: 1) { nodes { rows { edges { @ } } } }".to_owned(),
        // About sue: as the HR system sent her, not hers to follow.
        "Change" => "changes(types: [\"person.created\"], first: 3) { nodes { @ } }".to_owned(),
        "ChangeConnection" => "changes { @ }".to_owned(),
        "ChangeEdge" => "changes { edges { @ } }".to_owned(),
        "Webhook" => "webhooks { nodes { @ } }".to_owned(),
        "WebhookConnection" => "webhooks { @ }".to_owned(),
        "WebhookEdge" => "webhooks { edges { @ } }".to_owned(),
        "WebhookDelivery" => "webhooks { nodes { deliveries { nodes { @ } } } }".to_owned(),
        "WebhookDeliveryConnection" => "webhooks { nodes { deliveries { @ } } }".to_owned(),
        "WebhookDeliveryEdge" => "webhooks { nodes { deliveries { edges { @ } } } }".to_owned(),
        "WebhookPayload" => format!("mutation rotateWebhookSecret(input: {{webhookId: \"{unknown}\"}}) {{ @ }}"),
        "DeleteWebhookPayload" => format!("mutation deleteWebhook(input: {{webhookId: \"{unknown}\"}}) {{ @ }}"),
        "ExportedPerson" => "exportPeople(source: \"hr\", first: 1) { nodes { @ } }".to_owned(),
        "ExportedPersonConnection" => "exportPeople(source: \"hr\", first: 1) { @ }".to_owned(),
        "ExportedPersonEdge" => "exportPeople(source: \"hr\", first: 1) { edges { @ } }".to_owned(),
        "ImportPayload" => absences("@"),
        "Import" => absences("import { @ }"),
        "ImportCounts" => absences("import { counts { @ } }"),
        "ImportedRow" => absences("import { rows { @ } }"),
        "SyncPayload" => "mutation syncPeople(input: {source: \"other\", rows: []}) { @ }".to_owned(),
        "DrawPayload" => format!("mutation {draw} {{ @ }}"),
        "EmptySlot" => format!("mutation {draw} {{ emptySlots {{ @ }} }}"),
        "SuggestionPayload" => format!("mutation {skip} {{ @ }}"),
        "UserError" => format!("mutation {skip} {{ userErrors {{ @ }} }}"),
        "SwapSuggestionPayload" => format!("mutation swapSuggestion(input: {{suggestionId: \"{unknown}\"}}) {{ @ }}"),
        "MeetingPayload" => format!("mutation cancelMeeting(input: {{meetingId: \"{unknown}\"}}) {{ @ }}"),
        "PersonPayload" => format!("mutation setManager(input: {{personId: \"{unknown}\"}}) {{ @ }}"),
        _ => panic!("{name} is a new type: say here how one that is about sue is come by"),
    }
}

/// What a field of the root needs, to be about sue.
pub fn arguments(field: &str, ids: &Ids) -> String {
    let Ids { sue, .. } = ids;
    match field {
        "node" => format!("(id: \"{sue}\")"),
        "nodes" => format!("(ids: [\"{sue}\"])"),
        "person" => format!("(by: {{id: \"{sue}\"}})"),
        "simulateProgramme" => "(input: {weeks: 1})".to_owned(),
        "whyNot" => format!("(person: \"{sue}\")"),
        "meetingTimes" => format!("(counterpart: \"{sue}\", week: \"2026-W25\")"),
        "coverage" => format!("(input: {{under: \"{sue}\"}})"),
        "people" => "(filter: {search: \"sue\"})".to_owned(),
        "meetings" => format!("(filter: {{with: \"{sue}\"}})"),
        "syncRun" => format!("(id: \"{}\")", global('r', Uuid::from_u128(99))),
        "exportPeople" => "(source: \"hr\")".to_owned(),
        "suggestions" => "(week: \"2026-W10\")".to_owned(),
        _ => String::new(),
    }
}

/// The global id of an object: `p`erson, `l`ine, `s`uggestion, `m`eeting or peer `e`dge.
pub fn global(kind: char, id: Uuid) -> String {
    let mut bytes = vec![u8::try_from(kind).unwrap()];
    bytes.extend(id.as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// An import that has a row, which cannot be used.
fn absences(selection: &str) -> String {
    format!("mutation syncAbsences(input: {{source: \"other\", rows: [{{externalId: \"1\"}}]}}) {{ {selection} }}")
}
