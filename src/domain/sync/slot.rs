//! Dated rows while a plan edits them: what the database holds keeps its id, what is new has none.

use uuid::Uuid;

use super::{
    outcome::{Edits, NewRow},
    roster::Stored,
};
use crate::domain::person::PersonKey;

/// A row as it should be, with the id of the stored row it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot<T> {
    pub(super) id: Option<Uuid>,
    pub(super) value: T,
}

/// Stored rows, ready to be edited.
pub(super) fn slots<T: Copy>(stored: &[Stored<T>]) -> Vec<Slot<T>> {
    stored.iter().map(|row| Slot { id: Some(row.id), value: row.value }).collect()
}

/// Adds to `edits` what leads from the stored rows of `person` to `slots`; says whether there was anything to add.
pub(super) fn compare<T: Copy + PartialEq>(
    person: PersonKey,
    stored: &[Stored<T>],
    slots: &[Slot<T>],
    edits: &mut Edits<T>,
) -> bool {
    let before = (edits.deleted.len(), edits.updated.len(), edits.inserted.len());
    let kept = |id: Uuid| slots.iter().any(|slot| slot.id == Some(id));
    edits.deleted.extend(stored.iter().map(|row| row.id).filter(|id| !kept(*id)));
    for &Slot { id, value } in slots {
        match id {
            None => edits.inserted.push(NewRow { person, value }),
            Some(id) if stored.iter().any(|row| row.id == id && row.value == value) => {}
            Some(id) => edits.updated.push(Stored { id, value }),
        }
    }
    before != (edits.deleted.len(), edits.updated.len(), edits.inserted.len())
}
