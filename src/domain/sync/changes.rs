//! What changes about a person, for people to read: field by field, in the API's names.

use std::borrow::Cow;

use super::{
    draft::Draft,
    employment::Step,
    managers::Move,
    matching::{By, is_present},
    outcome::FieldChange,
    roster::{PendingManager, RosterPerson},
    run::Naming,
    settle::Scene,
};
use crate::domain::{
    Date,
    person::{Absence, PersonStatus, Spell},
};

/// What a draft and its change of manager make different.
pub(super) fn changes(
    scene: &Scene<'_, '_>,
    draft: &Draft<'_>,
    change: Option<&Move>,
    waits: Option<&PendingManager>,
) -> Vec<FieldChange> {
    let mut list = List(Vec::new());
    if let By::FormerId(former) = draft.by {
        list.add(
            "externalId",
            Some(former.to_owned()),
            draft.entry.external_id.clone(),
            None,
        );
    }
    let (old, new) = (draft.stored.map(|person| &person.record), &draft.record);
    list.text("name", old.map(|old| &old.name), Some(&new.name));
    list.text("email", old.and_then(|old| old.email.as_ref()), new.email.as_ref());
    list.text("title", old.and_then(|old| old.title.as_ref()), new.title.as_ref());
    list.text(
        "department",
        old.and_then(|old| old.department.as_ref()),
        new.department.as_ref(),
    );
    list.text(
        "location",
        old.and_then(|old| old.location.as_ref()),
        new.location.as_ref(),
    );

    let (before, after) = (spell_before(draft), draft.employment.current);
    let (start, end) = (before.map(|spell| spell.start), before.and_then(|spell| spell.end));
    list.add("startDate", start.map(text), Some(text(after.start)), None);
    list.add("endDate", end.map(text), after.end.map(text), None);
    if let Some(person) = draft.stored {
        let day = scene.as_of.max(after.start);
        let (old, new) = (stored_status(person, day), drafted_status(draft, day));
        // Beginnings and ends of employment are told by their dates; of the status, leave is what is left.
        if old.is_present() && new.is_present() {
            list.add("status", Some(leave_word(old)), Some(leave_word(new)), Some(day));
        }
    }
    if let Some(change) = change {
        let label = |person| scene.label(person);
        let (before, after) = (change.before.map(label), change.after.map(label));
        // Two people may be called the same to whoever is told no names.
        list.0.push(FieldChange {
            field: Cow::Borrowed("managerExternalId"),
            before,
            after,
            effective_date: Some(change.day),
        });
    }
    let reference = |pending: &PendingManager| pending.reference.text().to_owned();
    let awaited = draft.pending(scene.known.source);
    list.add(
        "pendingManager",
        awaited.map(reference),
        waits.map(reference),
        waits.map(|pending| pending.valid_from),
    );
    if scene.known.naming == Naming::OwnSource && draft.stored.is_some_and(|person| is_of_others(scene, person)) {
        list.0.iter_mut().for_each(|change| change.before = None);
    }
    list.0
}

/// Whether another source knows the person too, so that what is stored may be its word.
fn is_of_others(scene: &Scene<'_, '_>, person: &RosterPerson) -> bool {
    person.identities.iter().any(|id| id.source != scene.known.source)
}

/// The spell that the row speaks of, as stored; none for one that begins.
fn spell_before(draft: &Draft<'_>) -> Option<Spell> {
    match draft.employment.step {
        Step::Hired | Step::Rehired => None,
        Step::Kept | Step::Left => draft
            .stored?
            .spells
            .iter()
            .map(|spell| spell.value)
            .max_by_key(|spell| spell.start),
    }
}

fn stored_status(person: &RosterPerson, day: Date) -> PersonStatus {
    let spells: Vec<Spell> = person.spells.iter().map(|row| row.value).collect();
    let absences: Vec<Absence> = person.absences.iter().map(|row| row.value).collect();
    PersonStatus::on(day, &spells, &absences)
}

fn drafted_status(draft: &Draft<'_>, day: Date) -> PersonStatus {
    let spells: Vec<Spell> = draft.employment.spells.iter().map(|slot| slot.value).collect();
    let absences: Vec<Absence> = draft.employment.absences.iter().map(|slot| slot.value).collect();
    PersonStatus::on(day, &spells, &absences)
}

/// How many stored people of the source are present on the day of the run.
pub(super) fn present(scene: &Scene<'_, '_>) -> usize {
    let of_source = |person: &&RosterPerson| person.identities.iter().any(|id| id.source == scene.known.source);
    let people = scene.known.roster.people.iter().filter(of_source);
    people.filter(|person| is_present(person, scene.as_of)).count()
}

fn leave_word(status: PersonStatus) -> String {
    if status == PersonStatus::OnLeave {
        "ON_LEAVE"
    } else {
        "ACTIVE"
    }
    .to_owned()
}

fn text(day: Date) -> String {
    day.to_string()
}

struct List(Vec<FieldChange>);

impl List {
    fn text(&mut self, field: &'static str, before: Option<&String>, after: Option<&String>) {
        self.add(field, before.cloned(), after.cloned(), None);
    }

    fn add(&mut self, field: &'static str, before: Option<String>, after: Option<String>, day: Option<Date>) {
        if before != after {
            self.0.push(FieldChange {
                field: Cow::Borrowed(field),
                before,
                after,
                effective_date: day,
            });
        }
    }
}
