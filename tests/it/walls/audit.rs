//! Everything in an answer, however deep it stands, held against the oracle.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    doors::global,
    oracle::{involves, is_profile, shows, thanks},
    visit::Visit,
};

impl Visit<'_> {
    /// The data of an answer without errors, in which everything that is shown may be seen.
    pub async fn data(&self, document: &str) -> Value {
        let answer = self.world.ask_as(&self.token, document, json!({})).await;
        assert!(answer.get("errors").is_none(), "{}: {answer:#}", self.who);
        self.audit(&answer["data"]);
        answer["data"].clone()
    }

    /// Holds everything in an answer, however deep, against the oracle.
    fn audit(&self, value: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.audit(item)),
            Value::Object(fields) => {
                fields.values().for_each(|field| self.audit(field));
                match value["__typename"].as_str() {
                    Some("Person") => self.audit_person(value),
                    Some("Meeting") => {
                        let m = self
                            .rows
                            .meetings
                            .iter()
                            .find(|m| value["id"] == global('m', m.id))
                            .unwrap();
                        assert!(shows(self.asker, m), "{}: {value:#}", self.who);
                        let own = self.asker.me.is_some_and(|me| involves(m, me));
                        if m.status == "DECLINED" && value.get("status").is_some() {
                            let shown = if own { "DECLINED" } else { "CANCELLED" };
                            assert_eq!(value["status"], shown, "{}: a decline", self.who);
                        }
                        self.audit_beside(m, value);
                    }
                    Some("Note") => {
                        let n = self.rows.notes.iter().find(|n| value["id"] == global('n', n.id));
                        let n = n.unwrap();
                        assert!(self.rows.note(self.asker, n), "{}: {value:#}", self.who);
                        if let Some(text) = value.get("text") {
                            assert_eq!(*text, n.id.to_string(), "{}: a text", self.who);
                        }
                    }
                    Some("Kudos") => {
                        let k = self.rows.kudos.iter().find(|k| value["id"] == global('k', k.id));
                        let k = k.unwrap();
                        assert!(thanks(self.asker, k), "{}: {value:#}", self.who);
                        if let Some(text) = value.get("text") {
                            assert_eq!(*text, k.id.to_string(), "{}: a text", self.who);
                        }
                        let own = self.asker.me == Some(k.author_id);
                        assert!(own || value["meeting"].is_null(), "{}: {value:#}", self.who);
                    }
                    Some("Suggestion") => {
                        let mut known = self.rows.suggestions.iter();
                        // One of a preview has no row; everybody whom it shows is looked at all the same.
                        if let Some(s) = known.find(|s| value["id"] == global('s', s.id)) {
                            assert!(self.rows.suggestion(self.asker, s), "{}: {value:#}", self.who);
                        }
                    }
                    Some("Peer") => {
                        let mut edges = self.rows.peers.iter();
                        let e = edges.find(|e| value["id"] == global('e', e.id)).unwrap();
                        assert!(self.rows.peer(self.asker, e), "{}: {value:#}", self.who);
                    }
                    Some("ReportingLine") => {
                        let line = self
                            .rows
                            .lines
                            .iter()
                            .find(|line| value["id"] == global('l', line.id))
                            .unwrap();
                        assert!(self.rows.line(self.asker, line), "{}: {value:#}", self.who);
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }

    /// What the two of a meeting wrote beside it: all that is the viewer's, and nothing else.
    fn audit_beside(&self, m: &entity::meeting::Model, value: &Value) {
        let (rows, me) = (self.rows, self.asker.me);
        if value["notes"].get("totalCount").is_some() {
            let notes = rows.notes.iter().filter(|n| n.meeting_id == m.id);
            let notes = notes.filter(|n| rows.note(self.asker, n)).map(|n| global('n', n.id));
            assert_eq!(ids(&value["notes"]), notes.collect(), "{}: notes", self.who);
        }
        if let Some(kudos) = value["kudos"].as_array() {
            let own = rows
                .kudos
                .iter()
                .filter(|k| k.meeting_id == m.id && me == Some(k.author_id));
            let own = own.map(|k| json!(global('k', k.id)));
            let shown = kudos.iter().map(|k| k["id"].clone());
            assert_eq!(set(shown), set(own), "{}: kudos", self.who);
        }
        if let Some(agenda) = value["agenda"].as_array() {
            let own = me.is_some_and(|me| involves(m, me));
            let written = rows.agendas.iter().find(|item| item.meeting_id == m.id);
            let items = match (own, written) {
                (false, _) => 0,
                (true, Some(_)) => 1,
                (true, None) => 3,
            };
            assert_eq!(agenda.len(), items, "{}: an agenda {value:#}", self.who);
            for (item, written) in agenda.iter().zip(written) {
                if let Some(text) = item.get("text") {
                    assert_eq!(*text, written.id.to_string(), "{}: an agenda", self.who);
                }
            }
        }
    }

    fn audit_person(&self, value: &Value) {
        let (p, who) = (self.person(value), &self.who);
        let access = self.sees[&p].unwrap_or_else(|| panic!("{who}: {p} is out of reach: {value:#}"));
        if let Some(told) = value.get("access") {
            assert_eq!(told, access, "{who}: {p}");
        }
        if value.get("status").is_none() {
            return;
        }
        let profile = is_profile(access);
        for field in ["status", "startDate"] {
            assert_eq!(
                value[field].is_null(),
                !profile,
                "{who}: {field} of {p}, who is {access}"
            );
        }
        let ids = value["externalIds"].as_array().unwrap();
        assert!(profile || ids.is_empty(), "{who}: externalIds of {p}, who is {access}");
        for field in ["endDate", "lastHeard"] {
            assert!(
                profile || value[field].is_null(),
                "{who}: {field} of {p}, who is {access}"
            );
        }
        let above = &self.rows.above[&p];
        let shown: Vec<_> = above
            .iter()
            .filter(|q| access != "CARD" && self.sees[q].is_some())
            .copied()
            .collect();
        let managers: Vec<_> = value["managers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|q| self.person(q))
            .collect();
        assert_eq!(managers, shown, "{who}: managers of {p}");
        let manager = (!value["manager"].is_null()).then(|| self.person(&value["manager"]));
        assert_eq!(
            manager,
            above.first().filter(|first| shown.contains(first)).copied(),
            "{who}: manager of {p}"
        );
        let lines = self.rows.lines.iter().filter(|line| profile && line.report_id == p);
        let lines = lines
            .filter(|line| self.rows.line(self.asker, line))
            .map(|line| json!(global('l', line.id)));
        let told = value["reportingLines"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| line["id"].clone());
        assert_eq!(set(told), set(lines), "{who}: lines of {p}");
        let me = self.asker.me;
        let between = |a: i64, b: i64| {
            self.rows.above[&a]
                .iter()
                .position(|above| *above == b)
                .map(|index| index + 1)
        };
        let distance = me.and_then(|me| between(p, me).or(between(me, p)));
        assert_eq!(
            value["distance"].as_u64(),
            distance.map(|lines| lines as u64),
            "{who}: distance of {p}"
        );
        let met = self.rows.meetings.iter().filter(|m| {
            m.status == "HELD" && p != me.unwrap_or(p) && me.is_some_and(|me| involves(m, me) && involves(m, p))
        });
        let newest = met.max_by_key(|m| m.held_at).map(|m| global('m', m.id));
        assert_eq!(
            value["lastMet"]["id"].as_str(),
            newest.as_deref(),
            "{who}: last met {p}"
        );
    }

    pub fn profile(&self, p: i64) -> bool {
        self.sees[&p].is_some_and(is_profile)
    }

    pub fn person(&self, value: &Value) -> i64 {
        self.people[value["id"]
            .as_str()
            .unwrap_or_else(|| panic!("{}: nobody: {value}", self.who))]
    }
}

/// The ids of a connection's nodes, each once and all of them counted.
pub fn ids(connection: &Value) -> BTreeSet<String> {
    let nodes = connection["nodes"]
        .as_array()
        .unwrap_or_else(|| panic!("no connection: {connection}"));
    let ids: BTreeSet<_> = nodes
        .iter()
        .map(|node| node["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids.len(), nodes.len(), "somebody stands twice: {connection:#}");
    assert_eq!(
        connection["totalCount"],
        ids.len(),
        "the count is another one: {connection:#}"
    );
    ids
}

fn set(values: impl Iterator<Item = Value>) -> BTreeSet<String> {
    values.map(|value| value.to_string()).collect()
}
