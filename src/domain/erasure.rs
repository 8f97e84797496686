//! Erasing somebody who has left: what is left of them, and what is looked for wherever else it was written down.

use std::{collections::HashMap, fmt};

use hmac::{Hmac, Mac};
use serde_json::Value;
use sha2::Sha256;

use super::{
    Date,
    person::{PersonKey, PersonStatus, Spell},
};

/// What stands where somebody was named.
pub const GONE: &str = "(erased)";

/// Fields of what is told of somebody that say nothing of who they are: days, states, and keys of ours.
const NAMELESS: [&str; 4] = ["status", "startDate", "endDate", "managerExternalId"];

/// Somebody who works here, or is about to, cannot be erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotErasable {
    /// They are in today's chart, or start on a day to come.
    #[error("this person is {}: only who is TERMINATED, or never started, can be erased", .0.as_str())]
    Status(PersonStatus),
    /// They have left and come back on this day.
    #[error("this person is TERMINATED and comes back on {0}: let the HR system take that back first")]
    Returns(Date),
}

/// Whether somebody of this status and these spells may be erased on `today`: they do not work here and are not about to.
/// A hire who was taken back before they started may be, too.
pub fn may_erase(status: PersonStatus, spells: &[Spell], today: Date) -> Result<(), NotErasable> {
    let starts = spells.iter().map(|spell| spell.start);
    let to_come = starts.filter(|start| today < *start).min();
    match (status, to_come) {
        (PersonStatus::Terminated | PersonStatus::PreHire, None) => Ok(()),
        (PersonStatus::Terminated, Some(day)) => Err(NotErasable::Returns(day)),
        (status, _) => Err(NotErasable::Status(status)),
    }
}

/// What somebody is called from now on. It follows from nothing but a number at random.
pub fn pseudonym(random: u32) -> String {
    format!("Former person {:06X}", random & 0x00FF_FFFF)
}

/// By what sources knew people who were erased: the ids themselves are gone, what is left is their marks.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Erased {
    key: Vec<u8>,
    people: HashMap<String, PersonKey>,
}

impl fmt::Debug for Erased {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Erased")
            .field("marks", &self.people.len())
            .finish_non_exhaustive()
    }
}

impl Erased {
    /// Marks made with `key`, and whom they stand for.
    pub fn new(key: Vec<u8>, people: HashMap<String, PersonKey>) -> Self {
        Self { key, people }
    }

    /// Whether nobody was erased.
    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
    }

    /// The mark of an id at a source, in lower case hex. Whoever has the key can try ids, and nobody else.
    pub fn mark(&self, source: &str, external_id: &str) -> String {
        let mut mac = keyed(&self.key);
        // Lengths keep the parts apart.
        for part in ["erased identity", source, external_id] {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part.as_bytes());
        }
        let mut hex = String::with_capacity(64);
        for byte in mac.finalize().into_bytes() {
            for half in [byte >> 4, byte & 15] {
                hex.push(char::from(b"0123456789abcdef"[usize::from(half)]));
            }
        }
        hex
    }

    /// The pseudonym of whom a source knew by this id.
    pub fn find(&self, source: &str, external_id: &str) -> Option<PersonKey> {
        if self.is_empty() {
            return None;
        }
        self.people.get(&self.mark(source, external_id)).copied()
    }
}

/// The words by which somebody is known in texts that were written about others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traces {
    /// Names and addresses, whatever their case.
    names: Vec<String>,
    /// Ids with their sources, to the letter.
    ids: Vec<(String, String)>,
}

impl Traces {
    /// Adds a name, a former one, an address or a user name.
    pub fn add_name(&mut self, name: &str) {
        let name = name.trim().to_lowercase();
        if !name.is_empty() && !self.names.contains(&name) {
            self.names.push(name);
        }
    }

    /// Adds an id at a source.
    pub fn add_id(&mut self, source: &str, id: &str) {
        let id = (source.to_owned(), id.to_owned());
        if !id.1.is_empty() && !self.ids.contains(&id) {
            self.ids.push(id);
        }
    }

    /// Adds what a change says, or said, of the field of this name.
    pub fn add_field(&mut self, source: Option<&str>, field: &str, value: &str) {
        match (field, source) {
            ("name" | "email", _) => self.add_name(value),
            ("externalId", Some(source)) => self.add_id(source, value),
            _ => {}
        }
    }

    /// Every word there is.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let ids = self.ids.iter().map(|(_, id)| id);
        self.names.iter().chain(ids).map(String::as_str)
    }

    /// Whether `source` knew them by this id.
    pub fn are_known_as(&self, source: &str, id: &str) -> bool {
        self.ids.iter().any(|(of, known)| of == source && known == id)
    }

    /// Whether a text names them; ids count that are `source`'s, or of any source where none is given.
    pub fn are_in(&self, source: Option<&str>, text: &str) -> bool {
        let lower = text.to_lowercase();
        let of = |(of, id): &&(String, String)| {
            source.is_none_or(|source| of == source) || text.contains(&format!("{of}:{id}"))
        };
        self.names.iter().any(|name| holds_word(&lower, name))
            || self.ids.iter().filter(of).any(|(_, id)| holds_word(text, id))
    }

    /// Whether any text in a JSON value names them.
    pub fn are_within(&self, source: Option<&str>, value: &Value) -> bool {
        match value {
            Value::String(text) => self.are_in(source, text),
            Value::Array(items) => items.iter().any(|item| self.are_within(source, item)),
            Value::Object(fields) => fields.values().any(|value| self.are_within(source, value)),
            _ => false,
        }
    }

    /// Puts [`GONE`] in the place of every text in a JSON value that names them.
    pub fn scrub(&self, source: Option<&str>, value: &mut Value) {
        match value {
            Value::String(text) if self.are_in(source, text) => GONE.clone_into(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.scrub(source, item)),
            Value::Object(fields) => fields.values_mut().for_each(|value| self.scrub(source, value)),
            _ => {}
        }
    }
}

/// Takes out of a planned row about somebody who they are: what is left is its line, what became of it, and codes.
pub fn scrub_row(row: &mut Value) {
    for field in ["externalId", "name"] {
        row[field] = Value::Null;
    }
    scrub_changes(&mut row["changes"]);
    scrub_issues(&mut row["issues"], |_| true);
}

/// Takes the values out of changes of somebody, but for days and states.
pub fn scrub_changes(changes: &mut Value) {
    for change in changes.as_array_mut().into_iter().flatten() {
        let nameless = change["field"].as_str().is_some_and(|field| NAMELESS.contains(&field));
        if !nameless {
            (change["before"], change["after"]) = (Value::Null, Value::Null);
        }
    }
}

/// Takes message and value out of the findings on lines that are `theirs`.
pub fn scrub_issues(issues: &mut Value, theirs: impl Fn(u64) -> bool) {
    for issue in issues.as_array_mut().into_iter().flatten() {
        if theirs(issue["line"].as_u64().unwrap_or(0)) {
            issue["message"] = GONE.into();
            issue["value"] = Value::Null;
        }
    }
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC accepts keys of every length")]
    <Hmac<Sha256> as Mac>::new_from_slice(key).expect("any key length")
}

/// Whether `word` stands in `text` by itself, not as a part of a longer word or number.
fn holds_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        ![before, after].into_iter().flatten().any(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn erasable(spells: &[(&str, Option<&str>)]) -> String {
        let spell = |(start, end): &(&str, Option<&str>)| Spell {
            start: day(start),
            end: end.map(day),
        };
        let (spells, today): (Vec<_>, _) = (spells.iter().map(spell).collect(), day("2026-03-02"));
        may_erase(PersonStatus::on(today, &spells, &[]), &spells, today)
            .map_or_else(|no| no.to_string(), |()| "yes".to_owned())
    }

    #[test]
    fn who_works_here_or_is_about_to_cannot_be_erased() {
        assert_eq!(erasable(&[("2020-01-01", Some("2026-03-01"))]), "yes");
        assert_eq!(erasable(&[]), "yes", "taken back before they started");
        let no = |status| format!("this person is {status}: only who is TERMINATED, or never started, can be erased");
        assert_eq!(erasable(&[("2020-01-01", Some("2026-03-02"))]), no("ACTIVE"));
        assert_eq!(erasable(&[("2026-03-03", None)]), no("PRE_HIRE"));
        assert_eq!(
            erasable(&[("2020-01-01", Some("2026-03-01")), ("2026-04-01", None)]),
            "this person is TERMINATED and comes back on 2026-04-01: let the HR system take that back first"
        );
    }

    #[test]
    fn an_id_is_known_again_by_its_source_and_key_alone() {
        let nobody = Erased::new(vec![1; 32], HashMap::new());
        let mark = nobody.mark("hr", "7");
        assert_eq!(mark.len(), 64);
        let erased = Erased::new(vec![1; 32], HashMap::from([(mark.clone(), PersonKey(3))]));
        assert_eq!(erased.find("hr", "7"), Some(PersonKey(3)));
        for (source, id) in [("hr", "70"), ("h", "r7"), ("okta", "7")] {
            assert_eq!(erased.find(source, id), None, "{source} {id}");
        }
        let other_key = Erased::new(vec![2; 32], HashMap::from([(mark, PersonKey(3))]));
        assert_eq!(other_key.find("hr", "7"), None);
        assert_eq!(format!("{erased:?}"), "Erased { marks: 1, .. }");
    }

    #[test]
    fn words_are_found_by_themselves_alone() {
        let mut traces = Traces::default();
        traces.add_name("Zoë Fern");
        traces.add_field(None, "email", "Zoe@example.org");
        traces.add_field(Some("hr"), "externalId", "7");
        traces.add_field(Some("hr"), "title", "Clerk");
        let found = |text: &str| traces.are_in(Some("hr"), text);
        for text in ["ZOË FERN has left", "<zoe@example.org>", "7", "line 7, and 8", "hr:7"] {
            assert!(found(text), "{text}");
        }
        for text in ["Zoë Fernandez", "70", "a7", "azoe@example.org", "Clerk", ""] {
            assert!(!found(text), "{text}");
        }
        assert!(!traces.are_in(Some("okta"), "7") && traces.are_in(Some("okta"), "hr:7 there"));
        let mut value = json!({ "message": "7, who has left", "names": ["Amy", "zoë fern"], "line": 7 });
        traces.scrub(Some("hr"), &mut value);
        assert_eq!(value, json!({ "message": GONE, "names": ["Amy", GONE], "line": 7 }));
    }

    #[test]
    fn of_a_row_its_line_and_what_became_of_it_is_left() {
        let mut row = json!({
            "line": 4, "externalId": "7", "name": "Zoë Fern", "action": "UPDATED",
            "changes": [
                { "field": "title", "before": "Clerk", "after": "Lead", "effectiveDate": null },
                { "field": "status", "before": "ACTIVE", "after": "TERMINATED", "effectiveDate": "2026-03-01" },
            ],
            "issues": [{ "severity": "WARNING", "code": "FORMULA_LIKE", "message": "so", "field": "title", "value": "=x", "line": 4 }],
        });
        scrub_row(&mut row);
        let expected = json!({
            "line": 4, "externalId": null, "name": null, "action": "UPDATED",
            "changes": [
                { "field": "title", "before": null, "after": null, "effectiveDate": null },
                { "field": "status", "before": "ACTIVE", "after": "TERMINATED", "effectiveDate": "2026-03-01" },
            ],
            "issues": [{ "severity": "WARNING", "code": "FORMULA_LIKE", "message": GONE, "field": "title", "value": null, "line": 4 }],
        });
        assert_eq!(row, expected);
    }
}
