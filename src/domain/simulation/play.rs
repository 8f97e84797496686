//! What becomes of a policy's choices, and what is remembered of it.

use std::collections::{HashMap, HashSet};

use chrono::{Datelike, Days, Duration};

use super::{
    Policy, Programme,
    dice::{Purpose, roll},
    policy::{Choice, Choices},
    timeline::Timeline,
};
use crate::domain::{
    Date,
    meeting::Band,
    person::PersonKey,
    rotation::{Asked, Facts, Heard, Met, Visit, band_of},
};

/// One policy at play.
pub(super) struct Play {
    pub policy: Policy,
    pub memory: Memory,
}

/// A week as it went.
pub(super) struct Done {
    pub suggested: Vec<Suggested>,
    pub empty: u32,
}

/// A suggestion and what became of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Suggested {
    pub leader: PersonKey,
    pub person: PersonKey,
    pub branch: PersonKey,
    pub band: Option<Band>,
    /// Whether the same two had met before, in these weeks.
    pub again: bool,
    pub became: Became,
}

/// What became of a suggestion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Became {
    /// The leader skipped it; the counterpart never learned of it.
    Skipped,
    /// They agreed on a day, and nobody ever confirmed that they met.
    Unconfirmed(Date),
    /// They met.
    Held(Date),
}

/// What happened up to now, with the history that was there before.
pub(super) struct Memory {
    before: Facts,
    meetings: Vec<Meeting>,
    /// The day of the newest agreed meeting of each pair.
    agreed: HashMap<(PersonKey, PersonKey), Date>,
    /// Who has met whom in the weeks played.
    met: HashSet<(PersonKey, PersonKey)>,
}

#[derive(Clone, Copy)]
struct Meeting {
    leader: PersonKey,
    person: PersonKey,
    branch: PersonKey,
    band: Option<Band>,
    day: Date,
    held: bool,
}

impl Play {
    pub fn new(programme: &Programme<'_>, policy: Policy) -> Self {
        let before = Facts {
            // Spells and absences are the timeline's; no week to come is settled.
            employed: vec![],
            absences: vec![],
            filled: vec![],
            ..programme.facts.clone()
        };
        let agreed = before
            .met
            .iter()
            .map(|met| ((met.leader, met.person), met.day))
            .collect();
        Self {
            policy,
            memory: Memory {
                before,
                meetings: vec![],
                agreed,
                met: HashSet::new(),
            },
        }
    }

    /// Plays the week that the timeline has just entered.
    pub fn week(&mut self, timeline: &Timeline<'_>) -> Done {
        let Choices { made, empty } = self.policy.choose(timeline, &self.memory);
        let suggested: Vec<Suggested> = made
            .into_iter()
            .filter_map(|choice| self.memory.suggest(&choice, timeline))
            .collect();
        self.memory.learn(&suggested);
        Done { suggested, empty }
    }
}

impl Memory {
    /// When the two last met or agreed to.
    pub fn last_met(&self, leader: PersonKey, person: PersonKey) -> Option<Date> {
        self.agreed.get(&(leader, person)).copied()
    }

    /// The newest HELD skip-level of everybody who had one before the first week.
    pub fn heard_before(&self) -> HashMap<PersonKey, Date> {
        let mut newest: HashMap<PersonKey, Date> = HashMap::new();
        for heard in &self.before.heard {
            let day = newest.entry(heard.person).or_insert(heard.day);
            *day = heard.day.max(*day);
        }
        newest
    }

    /// What a draw on `day` knows.
    pub fn known_on(&self, day: Date, timeline: &Timeline<'_>) -> Facts {
        let settings = timeline.programme.settings;
        let (employed, absences) = timeline.employed();
        let mut facts = Facts {
            employed,
            absences,
            ..self.before.clone()
        };
        let unconfirmed = day - Duration::days(settings.unconfirmed_after_days);
        for &Meeting {
            leader,
            person,
            branch,
            band,
            day: on,
            held,
        } in &self.meetings
        {
            facts.asked.push(Asked { person, day: on });
            if held && on < day {
                facts.heard.push(Heard {
                    person,
                    day: on,
                    by: leader,
                });
            }
            if held || on >= unconfirmed {
                facts.met.push(Met {
                    leader,
                    person,
                    day: on,
                });
                facts.visits.push(Visit {
                    leader,
                    day: on,
                    branch,
                    band,
                });
            }
        }
        facts
    }

    /// What becomes of a choice: by seed, week, leader and slot alone.
    fn suggest(&self, choice: &Choice, timeline: &Timeline<'_>) -> Option<Suggested> {
        let Choice { leader, person, slot } = *choice;
        let programme = &timeline.programme;
        let stage = timeline.stage();
        let monday = stage.week.starts_on();
        let decide = |purpose| {
            let week = u64::from(monday.num_days_from_ce().unsigned_abs());
            roll(
                programme.seed,
                purpose,
                [week, leader.0.cast_unsigned(), u64::from(slot)],
            )
        };
        // From Tuesday to Friday.
        let day = monday + Days::new(1 + decide(Purpose::Day) % 4);
        let became = if !programme.rates.accepted.takes(decide(Purpose::Accept)) {
            Became::Skipped
        } else if programme.rates.held.takes(decide(Purpose::Hold)) {
            Became::Held(day)
        } else {
            Became::Unconfirmed(day)
        };
        Some(Suggested {
            leader,
            person,
            branch: stage.chart.branch(leader, person)?,
            band: band_of(&stage.chart, leader, person),
            again: self.met.contains(&(leader, person)),
            became,
        })
    }

    fn learn(&mut self, suggested: &[Suggested]) {
        for suggested in suggested {
            let (day, held) = match suggested.became {
                Became::Skipped => continue,
                Became::Unconfirmed(day) => (day, false),
                Became::Held(day) => (day, true),
            };
            let &Suggested {
                leader,
                person,
                branch,
                band,
                ..
            } = suggested;
            self.agreed.insert((leader, person), day);
            if held {
                self.met.insert((leader, person));
            }
            self.meetings.push(Meeting {
                leader,
                person,
                branch,
                band,
                day,
                held,
            });
        }
    }
}
