//! Whom each leader would meet in a week.

use std::cmp::Reverse;

use chrono::Datelike;

use super::{
    dice::{Purpose, index, roll},
    play::Memory,
    timeline::{Stage, Timeline},
};
use crate::domain::{
    person::PersonKey,
    rotation::{Round, draw},
};

/// How leaders come to their skip-levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Policy {
    /// Each leader picks at random.
    Random,
    /// Each leader rotates alone: whom they have met longest ago, and before all others whom they never met.
    Alone,
    /// The weekly draw.
    Skiplevel,
}

/// Somebody for a leader to meet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice {
    pub leader: PersonKey,
    pub person: PersonKey,
    /// Which of the leader's slots of the week.
    pub slot: u32,
}

/// What a policy makes of a week.
#[derive(Debug, Default)]
pub(super) struct Choices {
    pub made: Vec<Choice>,
    /// How many slots of the week stay empty.
    pub empty: u32,
}

impl Policy {
    /// All of them, the best last.
    pub const ALL: [Self; 3] = [Self::Random, Self::Alone, Self::Skiplevel];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Random => "random",
            Self::Alone => "alone",
            Self::Skiplevel => "skiplevel",
        }
    }

    pub(super) fn choose(self, timeline: &Timeline<'_>, memory: &Memory) -> Choices {
        let seed = timeline.programme.seed;
        let stage = timeline.stage();
        match self {
            Self::Random => by_hand(timeline, |leader, left| {
                let part = |key: PersonKey| key.0.cast_unsigned();
                let monday = week_part(stage);
                let roll = roll(seed, Purpose::RandomPick, [monday, part(leader), left.len() as u64]);
                index(roll, left.len())
            }),
            Self::Alone => by_hand(timeline, |leader, left| {
                let longest_ago = |&nth: &usize| {
                    let key = stage.chart.key_at(left[nth]);
                    let part = |key: PersonKey| key.0.cast_unsigned();
                    let lot = roll(seed, Purpose::AlonePick, [week_part(stage), part(leader), part(key)]);
                    (memory.last_met(leader, key), Reverse(lot))
                };
                (0..left.len()).min_by_key(longest_ago).unwrap_or(0)
            }),
            Self::Skiplevel => by_the_draw(timeline, memory),
        }
    }
}

/// Every leader at work picks by themselves, from everybody who is there that week.
fn by_hand(timeline: &Timeline<'_>, pick: impl Fn(PersonKey, &[usize]) -> usize) -> Choices {
    let stage = timeline.stage();
    let mut choices = Choices::default();
    for leader in stage.leaders() {
        let slots = timeline.programme.settings.slots_per_week;
        let mut left: Vec<usize> = if stage.is_at_work(leader) {
            stage.pop(leader).collect()
        } else {
            vec![]
        };
        let leader = stage.chart.key_at(leader);
        for slot in 0..slots {
            if left.is_empty() {
                choices.empty += 1;
                continue;
            }
            let person = left.swap_remove(pick(leader, &left));
            choices.made.push(Choice {
                leader,
                person: stage.chart.key_at(person),
                slot,
            });
        }
    }
    choices
}

fn by_the_draw(timeline: &Timeline<'_>, memory: &Memory) -> Choices {
    let programme = &timeline.programme;
    let Stage { week, chart, .. } = timeline.stage();
    let today = week.starts_on() - chrono::Duration::days(programme.settings.draw_days_ahead);
    let drawn = draw(&Round {
        chart,
        facts: &memory.known_on(today, timeline),
        settings: programme.settings,
        seed: programme.seed,
        today,
        week: *week,
    });
    let mut made: Vec<Choice> = Vec::with_capacity(drawn.picks.len());
    for pick in drawn.picks {
        // A leader's picks follow one another.
        let slot = made
            .last()
            .filter(|before| before.leader == pick.leader)
            .map_or(0, |before| before.slot + 1);
        made.push(Choice {
            leader: pick.leader,
            person: pick.person,
            slot,
        });
    }
    let slots = timeline.stage().leaders().count() * programme.settings.slots_per_week as usize;
    let empty = u32::try_from(slots - made.len()).unwrap_or(u32::MAX);
    Choices { made, empty }
}

fn week_part(stage: &Stage) -> u64 {
    u64::from(stage.week.starts_on().num_days_from_ce().unsigned_abs())
}
