//! A year that did not happen: every week is drawn as the server would have drawn it, on its day and with what was known
//! by then, and chance decides what leaders and counterparts make of it.

use chrono::{DateTime, Days, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;

use super::{Organisation, Purpose, dice::Dice};
use crate::domain::{
    Date,
    meeting::unconfirmed_before,
    rotation::{Asked, Draw, EmptySlot, Facts, Heard, Met, Pick, Rest, Round, Visit, draw},
    settings::Settings,
    week::{Week, day_of, start_of_day},
};

/// How many weeks are played.
pub const WEEKS: i64 = 52;

/// How many of a hundred suggestions are accepted.
const ACCEPTED: i64 = 80;
/// How many of a hundred are skipped; the rest is never answered.
const SKIPPED: i64 = 13;
/// How many of a hundred accepted ones take place.
const HELD: i64 = 85;
/// How many of a hundred accepted ones are called off.
const CANCELLED: i64 = 7;
/// How many of a hundred accepted ones the counterpart declines; of the rest nobody says whether they took place.
const DECLINED: i64 = 2;

/// The year before a day.
#[derive(Clone, Copy, Debug)]
pub struct Year<'a> {
    /// Whose year.
    pub organisation: &'a Organisation,
    /// The settings in force, all year.
    pub settings: &'a Settings,
    /// The organisation's time zone.
    pub zone: Tz,
    /// Seeds the draws and the answers.
    pub seed: u64,
    /// The day after it; the week of this day is the first that is not played.
    pub today: Date,
}

/// A week and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlayedWeek {
    /// The week.
    pub week: Week,
    /// The day of its draw.
    pub drawn_on: Date,
    /// What was suggested.
    pub picks: Vec<PlayedPick>,
    /// The slots that stayed empty.
    pub empty: Vec<EmptySlot>,
}

/// A suggestion and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlayedPick {
    /// Who was to meet whom.
    pub pick: Pick,
    /// The day on which the leader answered, if they did.
    pub answered_on: Date,
    /// What they answered.
    pub answer: Answer,
}

/// What a leader made of a suggestion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A meeting was agreed.
    Accepted(Agreed, Ending),
    /// Not this week.
    Skipped,
    /// Nothing.
    None,
}

/// The time agreed, in the week of the suggestion: office hours of the counterpart, and no night of the leader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agreed {
    /// The day in the organisation's time zone.
    pub day: Date,
    /// Start.
    pub starts_at: DateTime<Utc>,
    /// End.
    pub ends_at: DateTime<Utc>,
}

/// What became of an agreed meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It took place, and somebody said so.
    Held,
    /// Nobody said whether it took place.
    Unconfirmed,
    /// It was called off on a day before.
    Cancelled(Date),
    /// The counterpart declined on a day before.
    Declined(Date),
}

/// Plays the [`WEEKS`] before the week of today, oldest first.
pub fn year(year: &Year<'_>) -> Vec<PlayedWeek> {
    let mut dice = Purpose::Answers.dice(year.seed);
    let mut played = Vec::new();
    for back in (1..=WEEKS).rev() {
        let week = Week::of(year.today).plus(-back);
        let drawn_on = week.starts_on() - TimeDelta::days(year.settings.draw_days_ahead);
        let Draw { picks, empty } = draw(&Round {
            chart: &year.organisation.chart_on(drawn_on),
            facts: &year.known_on(drawn_on, &played),
            settings: year.settings,
            seed: year.seed,
            today: drawn_on,
            week,
        });
        let answered = |pick| {
            let answered_on = (drawn_on + TimeDelta::days(dice.within(0..=4))).min(week.starts_on());
            let answer = year.answer(&pick, week, &mut dice);
            PlayedPick {
                pick,
                answered_on,
                answer,
            }
        };
        played.push(PlayedWeek {
            week,
            drawn_on,
            picks: picks.into_iter().map(answered).collect(),
            empty,
        });
    }
    played
}

impl Year<'_> {
    /// What a draw at the first instant of `day` knows, once these weeks have been played.
    pub fn known_on(&self, day: Date, played: &[PlayedWeek]) -> Facts {
        let mut facts = self.organisation.facts();
        for PlayedWeek { week, picks, .. } in played {
            for played in picks {
                self.learn(&mut facts, played, *week, day);
            }
        }
        facts
    }

    fn answer(&self, pick: &Pick, week: Week, dice: &mut Dice) -> Answer {
        match dice.within(1..=100) {
            lot if lot <= ACCEPTED => {
                let agreed = self.agree(pick, week, dice);
                Answer::Accepted(agreed, ending(agreed, dice))
            }
            lot if lot <= ACCEPTED + SKIPPED => Answer::Skipped,
            _ => Answer::None,
        }
    }

    fn agree(&self, pick: &Pick, week: Week, dice: &mut Dice) -> Agreed {
        let zone_of = |key| {
            self.organisation
                .person(key)
                .map_or(self.zone, |person| person.time_zone)
        };
        let (here, there) = (zone_of(pick.leader), zone_of(pick.person));
        // From Tuesday to Friday it is the same week all around the world.
        let morning = start_of_day(week.starts_on() + TimeDelta::days(dice.within(1..=4)), there) + TimeDelta::hours(9);
        let mut times: Vec<_> = (0..15)
            .map(|half_hours| morning + TimeDelta::minutes(30 * half_hours))
            .collect();
        let suits = |at: &DateTime<Utc>| (8..19).contains(&at.with_timezone(&here).hour());
        if times.iter().any(suits) {
            times.retain(suits);
        }
        let starts_at = *dice.one_of(&times);
        let minutes = if dice.happens(75) { 30 } else { 45 };
        Agreed {
            day: day_of(starts_at, self.zone),
            starts_at,
            ends_at: starts_at + TimeDelta::minutes(minutes),
        }
    }

    fn learn(&self, facts: &mut Facts, played: &PlayedPick, week: Week, day: Date) {
        let &Pick {
            leader,
            person,
            branch,
            band,
            ..
        } = &played.pick;
        let asked = |day| Asked { person, day };
        let visit = |day| Visit {
            leader,
            day,
            branch,
            band,
        };
        let still_open = match played.answer {
            Answer::None => day <= week.ends_on(),
            _ => day <= played.answered_on,
        };
        if still_open {
            facts.asked.push(asked(week.starts_on()));
            facts.visits.push(visit(week.starts_on()));
            return;
        }
        match played.answer {
            Answer::None | Answer::Skipped => {}
            Answer::Accepted(_, Ending::Cancelled(on)) if on < day => {}
            Answer::Accepted(_, Ending::Declined(on)) if on < day => {
                let until = on + TimeDelta::weeks(self.settings.decline_rest_weeks);
                facts.rests.push(Rest { leader, person, until });
            }
            Answer::Accepted(agreed, ending) => {
                facts.asked.push(asked(agreed.day));
                let now = start_of_day(day, self.zone);
                if ending == Ending::Unconfirmed && agreed.ends_at < unconfirmed_before(now, self.settings) {
                    return;
                }
                facts.visits.push(visit(agreed.day));
                facts.met.push(Met {
                    leader,
                    person,
                    day: agreed.day,
                });
                if ending == Ending::Held && agreed.day < day {
                    facts.heard.push(Heard {
                        person,
                        day: agreed.day,
                        by: leader,
                    });
                }
            }
        }
    }
}

fn ending(agreed: Agreed, dice: &mut Dice) -> Ending {
    let day_before = agreed.day - Days::new(1);
    match dice.within(1..=100) {
        lot if lot <= HELD => Ending::Held,
        lot if lot <= HELD + CANCELLED => Ending::Cancelled(day_before),
        lot if lot <= HELD + CANCELLED + DECLINED => Ending::Declined(day_before),
        _ => Ending::Unconfirmed,
    }
}
