//! Employment: what a row means for a person's spells of employment and absences.
//!
//! Dates are the truth and the status word is a hint: a last working day that has come is an exit whatever the status
//! says, and a first one that has not come is a future hire.

use chrono::Days;

use super::{
    entry::Entry,
    issue::{Code, SyncIssue},
    roster::RosterPerson,
    run::{Field, StatusWord},
    slot::{Slot, slots},
};
use crate::domain::{
    Date,
    person::{Absence, Spell},
};

/// What kind of step a row is in a person's employment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The first spell.
    Hired,
    /// No beginning and no end; dates may have been corrected.
    Kept,
    /// The present spell ends.
    Left,
    /// Another spell begins.
    Rehired,
}

/// A person's employment as the row leaves it.
#[derive(Clone, Debug)]
pub(super) struct Employment {
    /// By first day; the last one is what the row speaks of.
    pub(super) spells: Vec<Slot<Spell>>,
    pub(super) absences: Vec<Slot<Absence>>,
    pub(super) step: Step,
    /// The spell the row speaks of.
    pub(super) current: Spell,
    pub(super) warnings: Vec<SyncIssue>,
}

/// What `entry` makes of the employment of `person`, or of somebody new.
pub(super) fn employment(person: Option<&RosterPerson>, entry: &Entry, as_of: Date) -> Result<Employment, SyncIssue> {
    let mut spells = person.map_or_else(Vec::new, |person| slots(&person.spells));
    spells.sort_by_key(|slot| slot.value.start);
    let said = Said { entry, as_of };
    let mut warnings = Vec::new();

    let last = spells.last().map(|slot| slot.value);
    let step = match last {
        Some(last) if !said.begins_anew_after(last) => said.correct(&mut spells, last, &mut warnings)?,
        _ => {
            let start = said.first_day(last.is_none())?;
            let spell = Spell {
                start,
                end: said.end_of_new(&mut warnings),
            };
            spells.push(Slot { id: None, value: spell });
            if last.is_none() { Step::Hired } else { Step::Rehired }
        }
    };

    let current = spells[spells.len() - 1].value;
    if let Some(end) = current.end.filter(|end| *end < current.start) {
        let message = format!("the last working day {end} is before the first one {}", current.start);
        return Err(SyncIssue::error(Code::EndBeforeStart, message)
            .field("endDate")
            .value(end.to_string()));
    }
    let mut absences = person.map_or_else(Vec::new, |person| slots(&person.absences));
    said.absences(&mut absences, current, step);
    Ok(Employment {
        spells,
        absences,
        step,
        current,
        warnings,
    })
}

/// Whether somebody with these spells has left by the end of `as_of`, and is not about to come back.
pub(super) fn has_left<'a>(spells: impl IntoIterator<Item = &'a Spell>, as_of: Date) -> bool {
    exit(spells, as_of).is_some()
}

/// The last working day of somebody with these spells who has left by the end of `as_of`, and is not about to come back.
pub(super) fn exit<'a>(spells: impl IntoIterator<Item = &'a Spell>, as_of: Date) -> Option<Date> {
    let last = spells.into_iter().max_by_key(|spell| spell.start)?;
    last.end.filter(|end| *end <= as_of)
}

/// The row's words on employment.
struct Said<'a> {
    entry: &'a Entry,
    as_of: Date,
}

impl Said<'_> {
    /// Whether the person has left, or leaves.
    fn left(&self) -> bool {
        self.entry.is_exit(self.as_of)
    }

    /// Whether the person is, or will be, employed. Silence is not a word.
    fn employed(&self) -> bool {
        !self.left() && (self.entry.status.is_some() || self.entry.end != Field::Absent)
    }

    fn begins_anew_after(&self, last: Spell) -> bool {
        let Some(end) = last.end else { return false };
        match self.entry.start {
            Some(start) => start > end,
            None => end < self.as_of && self.employed(),
        }
    }

    fn first_day(&self, first_hire: bool) -> Result<Date, SyncIssue> {
        if first_hire && self.entry.start.is_none() && self.entry.status == Some(StatusWord::PreHire) {
            let message = "startDate is blank; without one a future hire would have started already";
            return Err(SyncIssue::error(Code::RequiredField, message).field("startDate"));
        }
        Ok(self.entry.start.unwrap_or(self.as_of))
    }

    fn end_of_new(&self, warnings: &mut Vec<SyncIssue>) -> Option<Date> {
        match self.entry.end {
            Field::Given(end) => Some(end),
            Field::Absent | Field::Cleared => self.left().then(|| self.assume_end(warnings)),
        }
    }

    fn assume_end(&self, warnings: &mut Vec<SyncIssue>) -> Date {
        let message = format!("no last working day was given; {} is taken", self.as_of);
        warnings.push(SyncIssue::warning(Code::EndDateAssumed, message).field("endDate"));
        self.as_of
    }

    /// Applies the row to the last spell.
    fn correct(
        &self,
        spells: &mut [Slot<Spell>],
        last: Spell,
        warnings: &mut Vec<SyncIssue>,
    ) -> Result<Step, SyncIssue> {
        let gone = last.end.filter(|end| *end < self.as_of);
        if let Some(end) = gone.filter(|_| self.employed()) {
            return Err(overlap(end));
        }
        let start = self.entry.start.unwrap_or(last.start);
        let before = spells
            .len()
            .checked_sub(2)
            .and_then(|previous| spells[previous].value.end);
        if let Some(end) = before.filter(|end| start <= *end) {
            return Err(overlap(end));
        }
        let end = match self.entry.end {
            Field::Given(end) => Some(end),
            _ if self.left() => match last.end {
                Some(end) if end <= self.as_of => Some(end),
                _ => Some(self.assume_end(warnings)),
            },
            Field::Cleared => None,
            Field::Absent => last.end,
        };
        if let Some(slot) = spells.last_mut() {
            slot.value = Spell { start, end };
        }
        let was_employed = last.end.is_none_or(|end| end > self.as_of);
        Ok(if self.left() && was_employed && end != last.end {
            Step::Left
        } else {
            Step::Kept
        })
    }

    /// Leave begins on the day of the run and has an open end; coming back ends it the day before.
    /// Whatever has an end already, the source does not know of, and it stays.
    fn absences(&self, absences: &mut Vec<Slot<Absence>>, current: Spell, step: Step) {
        match self.entry.status {
            Some(StatusWord::Leave) => self.begin_leave(absences, current),
            Some(StatusWord::Active) => {
                let open = |absence: &Absence| absence.end.is_none() && absence.start <= self.as_of;
                end_absences(absences, self.as_of - Days::new(1), open);
            }
            _ => {}
        }
        if let (Step::Left, Some(end)) = (step, current.end) {
            end_absences(absences, end, |absence| absence.end.is_none_or(|last| last > end));
        }
    }

    fn begin_leave(&self, absences: &mut Vec<Slot<Absence>>, current: Spell) {
        let day = self.as_of.max(current.start);
        if current.covers(day) && !absences.iter().any(|slot| slot.value.covers(day)) {
            let later = absences
                .iter()
                .map(|slot| slot.value.start)
                .filter(|start| *start > day)
                .min();
            let end = later.map(|start| start - Days::new(1));
            absences.push(Slot {
                id: None,
                value: Absence { start: day, end },
            });
        }
    }
}

fn end_absences(absences: &mut Vec<Slot<Absence>>, end: Date, which: impl Fn(&Absence) -> bool) {
    for slot in absences.iter_mut().filter(|slot| which(&slot.value)) {
        slot.value.end = Some(end);
    }
    absences.retain(|slot| slot.value.end.is_none_or(|end| slot.value.start <= end));
}

fn overlap(end: Date) -> SyncIssue {
    let message = format!("an earlier employment lasted until {end}; another one has to start after that day");
    SyncIssue::error(Code::RehireOverlap, message).field("startDate")
}
