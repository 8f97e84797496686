//! Where the reports of those who leave go, if the run lets them skip a level (sync.md, rule 9).

use std::collections::HashMap;

use chrono::Days;

use super::{
    draft::Draft,
    lines::{manager_on, set_manager},
    managers::Move,
    settle::{Scene, lines_of},
    slot::slots,
};
use crate::domain::{Date, person::PersonKey};

/// Lets everybody of the run whose manager has left report to the nearest one above who has not, from the day after the
/// exit on. Where nobody is left above, the line stays.
pub(super) fn skip_level(scene: &Scene<'_, '_>, moves: &mut HashMap<usize, Move>) {
    let stairs = Stairs { scene, moves };
    let here = scene.drafts().filter(|(_, draft)| !draft.has_left(scene.as_of));
    let steps: Vec<_> = here
        .filter_map(|(row, draft)| Some((row, stairs.step(draft, moves.get(&row))?)))
        .collect();
    for (row, step) in steps {
        match step {
            Step::Stay => moves.remove(&row),
            Step::Up(change) => moves.insert(row, change),
        };
    }
}

/// What becomes of a change of manager.
enum Step {
    /// There is none: whoever reports skips the level already.
    Stay,
    /// This one.
    Up(Move),
}

struct Stairs<'s, 'a, 'r> {
    scene: &'s Scene<'a, 'r>,
    moves: &'s HashMap<usize, Move>,
}

impl Stairs<'_, '_, '_> {
    /// What becomes of the change of manager of `draft`; nothing if nobody concerned has left.
    fn step(&self, draft: &Draft<'_>, change: Option<&Move>) -> Option<Step> {
        let named = change.and_then(|change| Some((change, change.after?)));
        match named {
            Some((change, gone)) if self.scene.exit_of(gone).is_some_and(|exit| exit < change.day) => {
                self.instead(draft, change, gone)
            }
            _ => self.upwards(draft, change),
        }
    }

    /// The row names somebody who had left by then: whoever is above stands for them.
    fn instead(&self, draft: &Draft<'_>, change: &Move, gone: PersonKey) -> Option<Step> {
        let above = self.above(draft.key(), gone)?;
        if change.before == Some(above) {
            return Some(Step::Stay);
        }
        let mut lines = draft.lines.clone();
        set_manager(&mut lines, change.day, draft.employed_until(change.day), Some(above));
        let after = Some(above);
        Some(Step::Up(Move {
            after,
            lines,
            ..change.clone()
        }))
    }

    /// Lines that go on after their manager's exit go on to whoever is above.
    fn upwards(&self, draft: &Draft<'_>, change: Option<&Move>) -> Option<Step> {
        let lines = lines_of(draft, change);
        let beyond = lines.iter().map(|slot| slot.value).filter_map(|line| {
            let from = line.valid_from.max(self.scene.exit_of(line.manager)? + Days::new(1));
            let holds = |day: Date| line.valid_to.is_none_or(|to| day < to);
            (holds(from) && holds(self.scene.as_of)).then_some((from, line))
        });
        let mut step: Option<Move> = None;
        for (from, line) in beyond.collect::<Vec<_>>() {
            let Some(above) = self.above(draft.key(), line.manager) else {
                continue;
            };
            let mut next = step.take().or(change.cloned()).unwrap_or_else(|| Move {
                day: from,
                before: Some(line.manager),
                after: Some(above),
                lines: lines.to_vec(),
            });
            if next.after == Some(line.manager) {
                next.after = Some(above);
            }
            set_manager(&mut next.lines, from, line.valid_to, Some(above));
            step = Some(next);
        }
        step.map(Step::Up)
    }

    /// The nearest manager above `gone` who has not left, as the lines stood when each of them did.
    fn above(&self, report: PersonKey, gone: PersonKey) -> Option<PersonKey> {
        let mut here = gone;
        // Nobody leaves twice, so that this many steps lead past everybody.
        for _ in 0..=self.scene.known.roster.people.len() + self.scene.entries.len() {
            let Some(exit) = self.scene.exit_of(here) else {
                return Some(here).filter(|above| *above != report);
            };
            here = match (self.scene.draft_of(here), self.scene.stored(here)) {
                (Some((row, draft)), _) => manager_on(lines_of(draft, self.moves.get(&row)), exit)?,
                (None, Some(stored)) => manager_on(&slots(&stored.lines), exit)?,
                (None, None) => return None,
            };
        }
        None
    }
}
