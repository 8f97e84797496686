//! What tests ask again and again: mutations, weeks, the database's own rows.

use reqwest::StatusCode;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, Statement};
use serde_json::{Value, json};

use super::World;

/// Whoever asks under this name is an HR admin outside the chart.
pub const ADMIN: &str = "hr-admin";

const SUGGESTION: &str = "id week kind status invalidReason leader { name } counterpart { id name } distance band
    reasons { code message days count of } meeting { id status }";

const MEETING: &str =
    "id status kind origin distance band startsAt durationMinutes heldAt leader { name } counterpart { name }";

impl World {
    /// The payload of a mutation that succeeds.
    pub async fn act(&self, who: &str, mutation: &str, input: Value) -> Value {
        let payload = self.attempt(who, mutation, input).await;
        assert_eq!(payload["userErrors"], json!([]), "{mutation} by {who}");
        payload
    }

    /// What a mutation is refused for, as `CODE in.put.path: message`.
    pub async fn refusal(&self, who: &str, mutation: &str, input: Value) -> String {
        let payload = self.attempt(who, mutation, input).await;
        let errors = payload["userErrors"].as_array().unwrap();
        let [error] = errors.as_slice() else {
            panic!("{mutation} by {who}: {payload:#}")
        };
        let path: Vec<_> = error["path"]
            .as_array()
            .unwrap()
            .iter()
            .map(|part| part.as_str().unwrap())
            .collect();
        format!(
            "{} {}: {}",
            error["code"].as_str().unwrap(),
            path.join("."),
            error["message"].as_str().unwrap()
        )
    }

    /// The payload of a mutation, whether or not there is something to mend.
    pub async fn attempt(&self, who: &str, mutation: &str, input: Value) -> Value {
        let answer = self.ask(who, &mutation_text(mutation), json!({ "input": input })).await;
        assert!(answer.get("errors").is_none(), "{mutation} by {who}: {answer:#}");
        answer["data"][mutation].clone()
    }

    /// The code of the error that a mutation ends with.
    pub async fn fault(&self, who: &str, mutation: &str, input: Value) -> String {
        let answer = self.ask(who, &mutation_text(mutation), json!({ "input": input })).await;
        answer["errors"][0]["extensions"]["code"]
            .as_str()
            .unwrap_or_else(|| panic!("{answer:#}"))
            .to_owned()
    }

    /// HTTP status and answer to a mutation.
    pub async fn send(&self, who: &str, mutation: &str, input: &Value) -> (StatusCode, Value) {
        let body = json!({ "query": mutation_text(mutation), "variables": { "input": input } });
        let response = self.post(who, &body).send().await.unwrap();
        (response.status(), response.json().await.unwrap())
    }

    /// What a week holds for `who`.
    pub async fn week(&self, who: &str, week: &str) -> Value {
        let query = format!(
            "query($week: IsoWeek) {{ viewer {{ week(week: $week) {{
                suggestions {{ {SUGGESTION} }} noSuggestion {{ code nextWeek }} }} }} }}"
        );
        self.data(who, &query, json!({ "week": week })).await["viewer"]["week"].clone()
    }

    /// The first suggestion of a week of `who`.
    pub async fn suggestion(&self, who: &str, week: &str) -> Value {
        let plan = self.week(who, week).await;
        let first = plan["suggestions"][0].clone();
        assert!(first.is_object(), "nothing for {who} in {week}: {plan:#}");
        first
    }

    /// The newest meetings in reach of `who`, as far as `filter` lets them through.
    pub async fn meetings(&self, who: &str, filter: Value) -> Vec<Value> {
        let query = format!(
            "query($filter: MeetingFilter) {{ meetings(filter: $filter, first: 100) {{ nodes {{ {MEETING} }} }} }}"
        );
        let data = self.data(who, &query, json!({ "filter": filter })).await;
        data["meetings"]["nodes"].as_array().unwrap().clone()
    }

    /// Draws a week for everybody and stores it.
    pub async fn draw(&self, week: &str) -> Value {
        self.act(ADMIN, "drawSuggestions", json!({ "week": week, "dryRun": false }))
            .await
    }

    /// Draws this week by the server's own door.
    pub async fn draw_due(&self) {
        self.app.draw_due(self.now).await.unwrap();
    }
}

/// A mutation with its usual answer.
pub fn mutation_text(mutation: &str) -> String {
    let answer = match mutation {
        "acceptSuggestion" | "skipSuggestion" => format!("suggestion {{ {SUGGESTION} }}"),
        "swapSuggestion" => format!("suggestion {{ {SUGGESTION} }} replacement {{ {SUGGESTION} }}"),
        "proposePeer" | "confirmPeer" | "endPeer" => {
            "peer { id person { name } state origin agreedByMe endProposed }".to_owned()
        }
        "writeNote" | "editNote" => "note { id visibility text version author { name } }".to_owned(),
        "addAgendaItem" | "editAgendaItem" | "removeAgendaItem" => {
            "agenda { itemId text done version author { name } }".to_owned()
        }
        "writeKudos" | "sendKudos" => "kudos { id text authorName person { name } meeting { id } sentAt }".to_owned(),
        "deleteKudos" => "deletedKudosId".to_owned(),
        "deleteNote" => "deletedNoteId".to_owned(),
        "setManager" => "person { id name manager { name } }".to_owned(),
        "revokeTokens" => "tokensValidAfter person { id name }".to_owned(),
        "drawSuggestions" => {
            format!(
                "created settingsVersion suggestions {{ {SUGGESTION} }} emptySlots {{ leader {{ name }} code nextWeek }}"
            )
        }
        "setParticipation" => "participation { optedOut snoozedUntil }".to_owned(),
        "syncPeople" => {
            "run { id status dryRun replayed planHash counts { rows created updated unchanged terminated rehired
            linked skipped failed managerChanges managerClears warnings } blocked { code count limit }
            issues { severity code message line } }"
                .to_owned()
        }
        "createWebhook" | "updateWebhook" | "rotateWebhookSecret" => {
            "secret webhook { id url description enabled failingSince }".to_owned()
        }
        "deleteWebhook" => "deletedWebhookId".to_owned(),
        "syncAbsences" | "importMeetings" => {
            "import { status dryRun replayed counts { created updated unchanged linked removed skipped failed }
            rows { line externalId action issues { severity code } } }"
                .to_owned()
        }
        "updateSettings" => "settings { version timeZone swapsPerWeek }".to_owned(),
        _ => format!("meeting {{ {MEETING} }}"),
    };
    let (first, rest) = mutation.split_at(1);
    let input = format!("{}{rest}Input", first.to_uppercase());
    format!(
        "mutation($input: {input}!) {{ {mutation}(input: $input) {{ {answer} userErrors {{ code message path }} }} }}"
    )
}

/// One number that the database answers.
pub async fn number(raw: &DatabaseConnection, sql: &str) -> i64 {
    let statement = Statement::from_string(raw.get_database_backend(), sql);
    let row = raw.query_one_raw(statement).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

/// Runs a statement past all rules.
pub async fn run(raw: &DatabaseConnection, sql: &str) -> Result<(), DbErr> {
    raw.execute_unprepared(sql).await.map(drop)
}
