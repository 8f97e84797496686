//! A person's SOLID lines over time: they never overlap, and they hold on days of employment only.

use chrono::Days;

use super::{
    roster::SolidLine,
    slot::Slot,
};
use crate::domain::{
    Date,
    person::{PersonKey, Spell},
};

/// Who the manager is on `day`.
pub(super) fn manager_on(lines: &[Slot<SolidLine>], day: Date) -> Option<PersonKey> {
    lines.iter().find(|slot| slot.value.covers(day)).map(|slot| slot.value.manager)
}

/// Lets lines follow spells that changed from `before` to `after`: a line that ended with a spell, or began with it,
/// still does; on days that are no longer worked no line holds.
pub(super) fn follow(lines: &mut Vec<Slot<SolidLine>>, before: &[Slot<Spell>], after: &[Slot<Spell>]) {
    for spell in after {
        if let Some(old) = before.iter().find(|old| old.id == spell.id) {
            stretch(lines, old.value, spell.value);
        }
    }
    let kept = lines.iter().flat_map(|line| pieces(*line, after)).collect();
    *lines = kept;
}

/// From `day` on `manager` is the manager, until the next line begins or the employment ends; what held on `day` ends
/// there. Does nothing if it is so already.
pub(super) fn set_manager(lines: &mut Vec<Slot<SolidLine>>, day: Date, until: Option<Date>, manager: Option<PersonKey>) {
    if manager_on(lines, day) == manager {
        return;
    }
    for slot in lines.iter_mut().filter(|slot| slot.value.covers(day)) {
        slot.value.valid_to = Some(day);
    }
    lines.retain(|slot| slot.value.valid_to.is_none_or(|to| slot.value.valid_from < to));
    if let Some(manager) = manager {
        let valid_to = earlier(next_start(lines, day), until);
        lines.push(Slot { id: None, value: SolidLine { manager, valid_from: day, valid_to } });
    }
}

/// The day after the last working day.
pub(super) fn day_after(spell: &Spell) -> Option<Date> {
    spell.end.map(|end| end + Days::new(1))
}

fn stretch(lines: &mut [Slot<SolidLine>], old: Spell, new: Spell) {
    if new.start < old.start {
        let floor = lines.iter().filter_map(|slot| slot.value.valid_to).filter(|to| *to <= old.start).max();
        for slot in lines.iter_mut().filter(|slot| slot.value.valid_from == old.start) {
            slot.value.valid_from = floor.map_or(new.start, |floor| floor.max(new.start));
        }
    }
    if let Some(stop) = day_after(&old).filter(|stop| new.end.is_none_or(|end| *stop <= end)) {
        let valid_to = earlier(next_start(lines, stop - Days::new(1)), day_after(&new));
        for slot in lines.iter_mut().filter(|slot| slot.value.valid_to == Some(stop)) {
            slot.value.valid_to = valid_to;
        }
    }
}

/// The parts of a line that lie within spells; the first keeps the row.
fn pieces(line: Slot<SolidLine>, spells: &[Slot<Spell>]) -> Vec<Slot<SolidLine>> {
    let mut id = line.id;
    let within = |spell: &Slot<Spell>| {
        let valid_from = line.value.valid_from.max(spell.value.start);
        let valid_to = earlier(line.value.valid_to, day_after(&spell.value));
        valid_to
            .is_none_or(|to| valid_from < to)
            .then(|| Slot { id: id.take(), value: SolidLine { valid_from, valid_to, ..line.value } })
    };
    spells.iter().filter_map(within).collect()
}

fn next_start(lines: &[Slot<SolidLine>], day: Date) -> Option<Date> {
    lines.iter().map(|slot| slot.value.valid_from).filter(|from| *from > day).min()
}

/// The earlier of two days, where none means never.
fn earlier(a: Option<Date>, b: Option<Date>) -> Option<Date> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
