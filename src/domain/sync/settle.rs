//! Rows together: addresses, managers and rings of the state that the run leads to.
//!
//! Where rows with errors are left out, what they would have changed stays as it is stored, and that can put other rows
//! in the wrong. So the rows are looked at again until no further one fails.

use std::collections::HashMap;

use super::{
    cycles::cycles,
    draft::{Draft, Fate, Judged, Known},
    emails::Emails,
    employment::exit,
    entry::Entry,
    exits::skip_level,
    issue::SyncIssue,
    managers::{Managers, Move},
    matching::Match,
    roster::{PendingManager, RosterPerson, SolidLine},
    run::{OnError, OnTerminatedManager, OnUnknownManager, Run},
    slot::Slot,
};
use crate::domain::{Date, person::PersonKey};

/// The state that a run leads to, as far as it is known.
pub(super) struct Scene<'a, 'r> {
    pub(super) known: &'r Known<'a>,
    pub(super) as_of: Date,
    pub(super) entries: &'a [Entry],
    pub(super) on_error: OnError,
    pub(super) unknown_manager: OnUnknownManager,
    pub(super) terminated_manager: OnTerminatedManager,
    pub(super) fates: Vec<Fate<'a>>,
    pub(super) matches: Vec<Option<Match<'a>>>,
    /// The row of each person that has one.
    row_of: HashMap<PersonKey, usize>,
    stored: HashMap<PersonKey, &'a RosterPerson>,
}

impl<'a, 'r> Scene<'a, 'r> {
    pub(super) fn new(known: &'r Known<'a>, run: &Run, judged: Judged<'a>, fates: Vec<Fate<'a>>) -> Self {
        let Judged { entries, matches, .. } = judged;
        let key = |(row, fate): (usize, &Fate<'a>)| match fate {
            Fate::Drafted(draft) => Some((draft.key(), row)),
            Fate::Failed => Some((matches[row]?.person.record.key, row)),
            Fate::Skipped => None,
        };
        let row_of = fates.iter().enumerate().filter_map(key).collect();
        let stored = known
            .roster
            .people
            .iter()
            .map(|person| (person.record.key, person))
            .collect();
        Self {
            known,
            as_of: run.as_of,
            entries,
            on_error: run.on_error,
            unknown_manager: run.unknown_manager,
            terminated_manager: run.terminated_manager,
            fates,
            matches,
            row_of,
            stored,
        }
    }

    /// Rows that say something about a person, with their numbers.
    pub(super) fn drafts(&self) -> impl Iterator<Item = (usize, &Draft<'a>)> {
        self.fates.iter().enumerate().filter_map(|(row, fate)| match fate {
            Fate::Drafted(draft) => Some((row, &**draft)),
            Fate::Skipped | Fate::Failed => None,
        })
    }

    /// The row that says something about a person.
    pub(super) fn draft_of(&self, person: PersonKey) -> Option<(usize, &Draft<'a>)> {
        let row = *self.row_of.get(&person)?;
        match &self.fates[row] {
            Fate::Drafted(draft) => Some((row, draft)),
            Fate::Skipped | Fate::Failed => None,
        }
    }

    /// A person as stored.
    pub(super) fn stored(&self, person: PersonKey) -> Option<&'a RosterPerson> {
        self.stored.get(&person).copied()
    }

    /// The last working day of somebody who has left by the end of the run's day.
    pub(super) fn exit_of(&self, person: PersonKey) -> Option<Date> {
        match (self.draft_of(person), self.stored(person)) {
            (Some((_, draft)), _) => exit(draft.employment.spells.iter().map(|slot| &slot.value), self.as_of),
            (None, Some(stored)) => exit(stored.spells.iter().map(|row| &row.value), self.as_of),
            (None, None) => None,
        }
    }

    /// Stored people whom no row changes. People whose row failed are as stored if the row is left out; if it stops the
    /// run, nobody knows what they should be, and they are blamed for nothing.
    pub(super) fn bystanders(&self) -> impl Iterator<Item = &'a RosterPerson> {
        self.known
            .roster
            .people
            .iter()
            .filter(|person| match self.row_of.get(&person.record.key) {
                None => true,
                Some(row) => self.is_left_out(*row) && self.leaves_out(),
            })
    }

    /// Whether the row has an error.
    pub(super) fn is_left_out(&self, row: usize) -> bool {
        matches!(self.fates[row], Fate::Failed)
    }

    /// Whether the run goes on without rows that have errors.
    pub(super) fn leaves_out(&self) -> bool {
        self.on_error == OnError::Skip
    }

    /// What to call somebody in a finding: their id at the source.
    pub(super) fn label(&self, person: PersonKey) -> String {
        match self.stored(person) {
            Some(stored) => self.known.label(stored),
            None => self
                .draft_of(person)
                .and_then(|(_, draft)| draft.entry.external_id.clone())
                .unwrap_or_default(),
        }
    }
}

/// Rows together.
pub(super) struct Settled {
    /// Changes of manager, by row.
    pub(super) moves: HashMap<usize, Move>,
    /// Managers who are waited for, by row.
    pub(super) waits: HashMap<usize, PendingManager>,
    /// Findings, by row.
    pub(super) findings: Vec<(usize, SyncIssue)>,
    /// Whether what is left of the rows can stand.
    pub(super) end: End,
}

/// How looking at rows together ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// What is left can stand.
    Settled,
    /// Errors kept bringing about further ones; nothing can be written.
    GivenUp,
}

/// How often rows are looked at again. An organisation that is turned upside down with one row missing would take as
/// many rounds as it has people, and a run of which that little is left is not what anybody meant.
const ROUNDS: usize = 50;

/// Looks at the rows of `scene` together and lets those fail that cannot stand together.
pub(super) fn settle(scene: &mut Scene<'_, '_>) -> Settled {
    let mut errors = Vec::new();
    for round in 1.. {
        let Look { moves, waits, findings } = look(scene);
        let (failed, warnings): (Vec<_>, Vec<_>) = findings.into_iter().partition(|(_, issue)| issue.is_error());
        let again = !failed.is_empty() && scene.leaves_out();
        for (row, _) in &failed {
            scene.fates[*row] = Fate::Failed;
        }
        errors.extend(failed);
        if !again || round == ROUNDS {
            errors.extend(warnings);
            let end = if again { End::GivenUp } else { End::Settled };
            return Settled {
                moves,
                waits,
                findings: errors,
                end,
            };
        }
    }
    unreachable!("the last round returns")
}

struct Look {
    moves: HashMap<usize, Move>,
    waits: HashMap<usize, PendingManager>,
    findings: Vec<(usize, SyncIssue)>,
}

fn look(scene: &Scene<'_, '_>) -> Look {
    let mut emails = Emails::new(scene);
    let mut findings = emails.clashes(scene);
    let managers = Managers::new(scene, &emails);
    let (mut moves, mut waits) = (HashMap::new(), HashMap::new());
    for (row, draft) in scene.drafts() {
        let mut own: Vec<SyncIssue> = emails.possible_rehire(scene, draft).into_iter().collect();
        let verdict = managers.judge(scene, draft, &mut own);
        moves.extend(verdict.change.map(|change| (row, change)));
        waits.extend(verdict.waits.map(|pending| (row, pending)));
        findings.extend(own.into_iter().map(|issue| (row, issue)));
    }
    if scene.terminated_manager == OnTerminatedManager::SkipLevel {
        skip_level(scene, &mut moves);
    }
    findings.extend(cycles(scene, &moves));
    Look { moves, waits, findings }
}

/// The lines of a draft with its change of manager.
pub(super) fn lines_of<'s>(draft: &'s Draft<'_>, change: Option<&'s Move>) -> &'s [Slot<SolidLine>] {
    change.map_or(&draft.lines, |change| &change.lines)
}
