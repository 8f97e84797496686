//! The inbox: what waits for the viewer, and nothing that waits for others.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{Tally, doors::global, oracle::involves, visit::Visit};

const INBOX: &str = "{ viewer { inbox { ask suggestion { id } meeting { id } } } }";

impl Visit<'_> {
    /// What the inbox tells is what waits for the viewer by the oracle.
    pub async fn at_inbox(&self, tally: &mut Tally) {
        let data = self.data(INBOX).await;
        let told = data["viewer"]["inbox"].as_array().unwrap().iter();
        let told: BTreeSet<_> = told
            .map(|item| {
                let about = [&item["suggestion"]["id"], &item["meeting"]["id"]];
                about.into_iter().find_map(Value::as_str).unwrap().to_owned()
            })
            .collect();
        let waiting: usize = self.rows.people.iter().map(|person| self.waits(person.id).len()).sum();
        let mine = self.asker.me.map(|me| self.waits(me)).unwrap_or_default();
        assert_eq!(told, mine, "{}: the inbox {}", self.who, json!(data));
        tally.inbox += mine.len();
        tally.hidden_inbox += waiting - mine.len();
    }

    /// What waits for `p`: suggestions to them, requests to them, and meetings of theirs that nobody confirmed.
    fn waits(&self, p: i64) -> BTreeSet<String> {
        let rows = self.rows;
        let open = rows.suggestions.iter().filter(|s| {
            s.leader_id == p && s.status == "OPEN" && rows.now < s.expires_at && rows.suggestion(self.asker, s)
        });
        let meetings = rows.meetings.iter().filter(|m| {
            let request = m.starts_at.is_none() && m.origin == "COUNTERPART_REQUEST" && m.leader_id == p;
            let late = |end| end <= rows.now && rows.now <= end + TimeDelta::days(30);
            m.status == "SCHEDULED" && involves(m, p) && (request || m.ends_at.is_some_and(late))
        });
        let open = open.map(|s| global('s', s.id));
        open.chain(meetings.map(|m| global('m', m.id))).collect()
    }
}
