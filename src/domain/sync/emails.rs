//! E-mail addresses of the state that a run leads to: no two people who have not left share one.

use std::collections::{BTreeSet, HashMap};

use super::{
    draft::Draft,
    employment::has_left,
    issue::{Code, SyncIssue},
    roster::RosterPerson,
    settle::Scene,
    text::email_key,
};
use crate::domain::person::PersonKey;

/// How many others a message names.
const NAMED: usize = 5;

/// Who has which address.
pub(super) struct Emails {
    present: HashMap<String, Vec<Holder>>,
    /// Addresses of people who have left.
    former: HashMap<String, Holder>,
}

/// Somebody with an address.
#[derive(Clone, Debug)]
struct Holder {
    key: PersonKey,
    label: String,
    /// The row that speaks of them.
    row: Option<(usize, u64)>,
}

impl Emails {
    /// The addresses of everybody in `scene`.
    pub(super) fn new(scene: &Scene<'_, '_>) -> Self {
        let mut emails = Self { present: HashMap::new(), former: HashMap::new() };
        for person in scene.bystanders() {
            emails.add_stored(scene, person);
        }
        for (row, draft) in scene.drafts() {
            let label = || draft.entry.external_id.clone().unwrap_or_default();
            let holder = || Holder { key: draft.key(), label: label(), row: Some((row, draft.entry.line)) };
            emails.add(draft.record.email.as_deref(), draft.has_left(scene.as_of), holder);
        }
        emails
    }

    /// Rows that would give one address to two people. A row that is left out leaves its person the address they had,
    /// which can be what another row gives away.
    pub(super) fn clashes(&mut self, scene: &Scene<'_, '_>) -> Vec<(usize, SyncIssue)> {
        let shared = self.present.iter().filter(|(_, holders)| holders.len() > 1);
        let mut open: BTreeSet<String> = shared.map(|(email, _)| email.clone()).collect();
        let mut findings = Vec::new();
        while let Some(email) = open.pop_first() {
            let holders = self.present.get_mut(&email).map(std::mem::take).unwrap_or_default();
            findings.extend(clash(&email, &holders));
            let (failed, stay): (Vec<Holder>, Vec<Holder>) = holders.into_iter().partition(|holder| holder.row.is_some());
            self.present.insert(email, stay);
            for person in failed.iter().filter_map(|holder| scene.stored(holder.key)).filter(|_| scene.leaves_out()) {
                open.extend(self.add_stored(scene, person));
            }
        }
        findings
    }

    /// What there is to say of somebody new who has the address of somebody who has left.
    pub(super) fn possible_rehire(&self, draft: &Draft<'_>) -> Option<SyncIssue> {
        let email = draft.record.email.as_deref().filter(|_| draft.stored.is_none())?;
        let former = self.former.get(&email_key(email)).filter(|former| former.key != draft.key())?;
        let message = format!("{}, who has left, had this address; if it is the same person, use their id", former.label);
        Some(SyncIssue::warning(Code::PossibleRehire, message).field("email").value(&former.label))
    }

    /// The one person with an address, who has not left.
    pub(super) fn person(&self, email: &str) -> Option<PersonKey> {
        match self.present.get(&email_key(email))?.as_slice() {
            [holder] => Some(holder.key),
            _ => None,
        }
    }

    /// Adds somebody as they are stored; returns their address if somebody else has it.
    fn add_stored(&mut self, scene: &Scene<'_, '_>, person: &RosterPerson) -> Option<String> {
        let left = has_left(person.spells.iter().map(|spell| &spell.value), scene.as_of);
        let holder = || Holder { key: person.record.key, label: scene.known.label(person), row: None };
        let email = person.record.email.as_deref();
        self.add(email, left, holder);
        email.map(email_key).filter(|email| self.present.get(email).is_some_and(|holders| holders.len() > 1))
    }

    fn add(&mut self, email: Option<&str>, left: bool, holder: impl Fn() -> Holder) {
        let Some(email) = email.map(email_key) else { return };
        if left {
            self.former.insert(email, holder());
        } else {
            self.present.entry(email).or_default().push(holder());
        }
    }
}

/// One finding for each row that gives `email` to one of its `holders`.
fn clash(email: &str, holders: &[Holder]) -> Vec<(usize, SyncIssue)> {
    let mut findings = Vec::new();
    for holder in holders {
        let Some((row, _)) = holder.row else { continue };
        let mut others: Vec<&Holder> = holders.iter().filter(|other| other.key != holder.key).collect();
        others.sort_unstable_by_key(|other| other.key);
        others.truncate(NAMED);
        let labels: Vec<&str> = others.iter().map(|other| other.label.as_str()).collect();
        let message = format!("the address would belong to {} too", labels.join(", "));
        let issue = SyncIssue::error(Code::DuplicateEmail, message).field("email").value(email);
        let lines = others.iter().filter_map(|other| other.row).map(|(_, line)| line).collect();
        findings.push((row, issue.related(lines)));
    }
    findings
}
