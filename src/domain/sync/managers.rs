//! Managers: whom a row means, and what that does to the person's lines. Whom nobody knows yet may be waited for.

use std::collections::{HashMap, HashSet};

use super::{
    draft::{Draft, Fate},
    emails::Emails,
    entry::Entry,
    issue::{Code, SyncIssue},
    lines::{manager_on, set_manager},
    roster::{ManagerReference, PendingManager, SolidLine},
    run::{Field, OnUnknownManager},
    settle::Scene,
    slot::Slot,
    text::email_key,
};
use crate::domain::{Date, person::PersonKey};

/// A change of manager.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Move {
    /// From when on.
    pub(super) day: Date,
    /// Who it was on that day.
    pub(super) before: Option<PersonKey>,
    /// Who it is.
    pub(super) after: Option<PersonKey>,
    /// The lines then.
    pub(super) lines: Vec<Slot<SolidLine>>,
}

/// What a row makes of a person's manager.
#[derive(Default)]
pub(super) struct Verdict {
    /// What changes.
    pub(super) change: Option<Move>,
    /// For whom the person waits then.
    pub(super) waits: Option<PendingManager>,
}

/// Everybody a row can mean by a manager.
pub(super) struct Managers<'a> {
    emails: &'a Emails,
    /// People by the ids of their rows, which may be new to them.
    named: HashMap<&'a str, PersonKey>,
    vacancies: HashMap<&'a str, &'a Entry>,
    /// Ids and addresses of rows that are not used.
    left_out: HashSet<String>,
}

/// Whom a row means by its manager.
enum Meant {
    /// Nothing is said.
    Untold,
    /// Nobody.
    Nobody,
    /// This person.
    Person(PersonKey),
    /// Somebody whose own row is not used.
    LeftOut,
    /// Nobody knows.
    Unknown,
}

impl<'a> Managers<'a> {
    pub(super) fn new(scene: &Scene<'a, '_>, emails: &'a Emails) -> Self {
        let named = scene
            .drafts()
            .filter_map(|(_, draft)| Some((draft.entry.external_id.as_deref()?, draft.key())))
            .collect();
        let mut vacancies = HashMap::new();
        let mut left_out = HashSet::new();
        for (row, entry) in scene.entries.iter().enumerate() {
            let Some(id) = entry.external_id.as_deref() else {
                continue;
            };
            if entry.is_vacancy() && !matches!(scene.fates[row], Fate::Failed) {
                vacancies.insert(id, entry);
            } else if scene.is_left_out(row) {
                left_out.insert(id.to_owned());
                left_out.extend(entry.email.given().map(|email| email_key(email)));
            }
        }
        Self {
            emails,
            named,
            vacancies,
            left_out,
        }
    }

    /// What the row of `draft` makes of the manager; findings go to `findings`.
    ///
    /// A row whose manager is somebody new whose own row is left out is used without the manager, with a warning: one
    /// bad row near the top must not cost everybody below it.
    pub(super) fn judge(&self, scene: &Scene<'a, '_>, draft: &Draft<'a>, findings: &mut Vec<SyncIssue>) -> Verdict {
        let (entry, here) = (draft.entry, !draft.has_left(scene.as_of));
        if entry.is_vacancy() {
            return Verdict::default();
        }
        let waited_for = draft.pending(scene.known.source).filter(|_| here);
        let resumed = waited_for.filter(|_| !entry.tells_manager());
        let Some((day, until)) = draft.manager_day(scene.as_of, resumed.map(|pending| pending.valid_from)) else {
            let waits = resumed.cloned();
            return Verdict { change: None, waits };
        };
        let meant = match resumed {
            Some(pending) => match self.awaited(scene, &pending.reference, findings) {
                Meant::Unknown | Meant::LeftOut => {
                    let waits = Some(pending.clone());
                    return Verdict { change: None, waits };
                }
                arrived => arrived,
            },
            None => self.meant(scene, entry, findings),
        };
        let after = match meant {
            Meant::Untold => return Verdict::default(),
            Meant::Nobody => None,
            Meant::Person(manager) if manager == draft.key() => {
                let message = "nobody is their own manager; leave the cell empty for the head of the organisation";
                findings.push(about(SyncIssue::error(Code::SelfManager, message), entry));
                return Verdict::default();
            }
            Meant::Person(manager) => Some(manager),
            Meant::LeftOut | Meant::Unknown if scene.unknown_manager == OnUnknownManager::Pending && here => {
                let message = "neither the file nor the database knows the manager yet; they are set when they arrive";
                findings.push(about(SyncIssue::warning(Code::UnknownManager, message), entry));
                let waits = entry.manager_reference().map(|reference| PendingManager {
                    source: scene.known.source.to_owned(),
                    valid_from: waited_for
                        .filter(|pending| pending.reference == reference)
                        .map_or(day, |pending| pending.valid_from),
                    reference,
                });
                return Verdict { change: None, waits };
            }
            Meant::LeftOut => {
                if scene.leaves_out() {
                    let message = "the manager's own row is left out; the person is written without this manager";
                    findings.push(about(SyncIssue::warning(Code::UnknownManager, message), entry));
                }
                return Verdict::default();
            }
            Meant::Unknown => {
                let issue = match scene.unknown_manager {
                    OnUnknownManager::Error => {
                        let message = "neither the file nor the database knows the manager";
                        SyncIssue::error(Code::UnknownManager, message)
                    }
                    OnUnknownManager::Pending | OnUnknownManager::Keep => {
                        let message = "neither the file nor the database knows the manager; the present one stays";
                        SyncIssue::warning(Code::UnknownManager, message)
                    }
                };
                findings.push(about(issue, entry));
                return Verdict::default();
            }
        };
        let before = manager_on(&draft.lines, day);
        let change = (before != after).then(|| {
            let mut lines = draft.lines.clone();
            set_manager(&mut lines, day, until, after);
            Move {
                day,
                before,
                after,
                lines,
            }
        });
        Verdict { change, waits: None }
    }

    /// Whom a reference means by now.
    fn awaited(&self, scene: &Scene<'a, '_>, reference: &ManagerReference, findings: &mut Vec<SyncIssue>) -> Meant {
        match reference {
            ManagerReference::ExternalId(id) => self.by_id(scene, id, findings),
            ManagerReference::Email(email) => match self.emails.person(email) {
                Some(person) => Meant::Person(person),
                None => Meant::Unknown,
            },
        }
    }

    fn meant(&self, scene: &Scene<'a, '_>, entry: &Entry, findings: &mut Vec<SyncIssue>) -> Meant {
        let by_email = match &entry.manager_email {
            Field::Absent => Meant::Untold,
            Field::Cleared => Meant::Nobody,
            Field::Given(email) => match self.emails.person(email) {
                Some(person) => Meant::Person(person),
                None => self.unresolved(&email_key(email)),
            },
        };
        let by_id = match &entry.manager_id {
            Field::Absent => return by_email,
            Field::Cleared => Meant::Nobody,
            Field::Given(id) => self.by_id(scene, id, findings),
        };
        match (by_id, by_email) {
            (Meant::Person(id), Meant::Person(email)) if id != email => {
                let message = "the manager's id and the manager's e-mail mean different people";
                findings.push(about(SyncIssue::error(Code::ManagerConflict, message), entry));
                Meant::Untold
            }
            (Meant::Nobody | Meant::Unknown, Meant::Person(person)) => Meant::Person(person),
            (Meant::Nobody, Meant::Unknown) => Meant::Unknown,
            (Meant::Nobody, Meant::LeftOut) => Meant::LeftOut,
            (by_id, _) => by_id,
        }
    }

    /// Unfilled posts are passed over, upwards.
    fn by_id(&self, scene: &Scene<'a, '_>, id: &str, findings: &mut Vec<SyncIssue>) -> Meant {
        let mut here = id;
        let mut passed = 0;
        while let Some(vacancy) = self.vacancies.get(here) {
            passed += 1;
            match &vacancy.manager_id {
                Field::Given(above) if passed <= self.vacancies.len() => here = above,
                Field::Given(_) => return Meant::Unknown,
                Field::Absent | Field::Cleared => break,
            }
        }
        if passed > 0 {
            let message = "the manager's post is vacant; the line goes to the next filled one above";
            let issue = SyncIssue::warning(Code::VacantManager, message).field("managerExternalId");
            findings.push(issue.value(id));
            if self.vacancies.contains_key(here) {
                return Meant::Nobody;
            }
        }
        match self.named.get(here).copied().or_else(|| scene.known.key(here)) {
            Some(person) => Meant::Person(person),
            None => self.unresolved(here),
        }
    }

    fn unresolved(&self, reference: &str) -> Meant {
        if self.left_out.contains(reference) {
            Meant::LeftOut
        } else {
            Meant::Unknown
        }
    }
}

/// The issue, about the manager that the row names.
fn about(issue: SyncIssue, entry: &Entry) -> SyncIssue {
    match (&entry.manager_id, &entry.manager_email) {
        (Field::Given(id), _) => issue.field("managerExternalId").value(id),
        (_, Field::Given(email)) => issue.field("managerEmail").value(email),
        _ => issue.field("managerExternalId"),
    }
}
