//! What holds of any draw, checked by key against the rules written down a second time, as plainly as possible.

use std::collections::BTreeSet;

use proptest::{prelude::*, sample::Index};

use super::*;
use crate::domain::chart::Line;

/// An organisation with a history.
#[derive(Clone, Debug)]
struct Case {
    chart: OrgChart,
    facts: Facts,
    settings: Settings,
    seed: u64,
}

fn week() -> Week {
    "2026-W48".parse().unwrap()
}

/// A day so many days before (after, when negative) the target week.
fn before(days: i64) -> Date {
    week().starts_on() - chrono::Duration::days(days)
}

impl Case {
    fn round(&self) -> Round<'_> {
        let Self {
            chart,
            facts,
            settings,
            seed,
        } = self;
        Round {
            chart,
            facts,
            settings,
            seed: *seed,
            today: before(7),
            week: week(),
        }
    }

    /// Whether the person can be met, the load cap and the cooldown aside.
    fn is_available(&self, person: PersonKey) -> bool {
        let (monday, sunday) = (week().starts_on(), week().ends_on());
        let spell = self
            .facts
            .employed
            .iter()
            .filter(|employed| employed.person == person)
            .map(|employed| employed.spell)
            .max();
        spell.is_some_and(|spell| spell.start <= monday && spell.covers(sunday))
            && !self
                .facts
                .absences
                .iter()
                .any(|absent| absent.person == person && absent.absence.touches(monday, sunday))
    }

    fn is_eligible(&self, leader: PersonKey, person: PersonKey) -> bool {
        let monday = week().starts_on();
        let pair = |other_leader, other_person| (leader, person) == (other_leader, other_person);
        let start = self
            .facts
            .employed
            .iter()
            .filter(|employed| employed.person == person)
            .map(|employed| employed.spell.start)
            .max();
        self.chart.is_above(leader, person)
            && self.chart.distance(leader, person).unwrap() >= 2
            && self.is_available(person)
            && (monday - start.unwrap()).num_days() >= self.settings.new_joiner_days
            && self
                .facts
                .met
                .iter()
                .filter(|met| pair(met.leader, met.person))
                .all(|met| (monday - met.day).num_days() >= 56)
            && self
                .facts
                .rests
                .iter()
                .filter(|rest| pair(rest.leader, rest.person))
                .all(|rest| rest.until <= monday)
            && self
                .facts
                .asked
                .iter()
                .filter(|asked| asked.person == person)
                .all(|asked| {
                    (monday - asked.day).num_days().abs() >= self.settings.load_cap_days
                        && Week::of(asked.day) != week()
                })
    }
}

type Fate = (
    Index,
    (i64, Option<i64>, Option<(i64, i64)>),
    Option<(i64, Index)>,
    Option<i64>,
);

fn any_case() -> impl Strategy<Value = Case> {
    let days = -60..200_i64;
    let absence = prop::option::weighted(0.2, (-20..40_i64, 0..30_i64));
    let spell = (0..400_i64, prop::option::weighted(0.1, -30..30_i64), absence);
    let heard = prop::option::weighted(0.6, (1..500_i64, any::<Index>()));
    let fate = (any::<Index>(), spell, heard, prop::option::weighted(0.4, days));
    let people = prop::collection::vec(fate, 3..70);
    let pairs = prop::collection::vec((any::<Index>(), any::<Index>(), -20..120_i64, any::<bool>()), 0..60);
    (people, pairs, any::<u64>(), 1..4_u32, 0..40_i64).prop_map(|(people, pairs, seed, slots, cap)| {
        let settings = Settings {
            slots_per_week: slots,
            load_cap_days: cap,
            ..Settings::default()
        };
        Case {
            chart: chart_of(&people),
            facts: facts_of(&people, &pairs),
            settings,
            seed,
        }
    })
}

fn key(index: usize) -> PersonKey {
    PersonKey(i64::try_from(index * 31 % 71).unwrap())
}

/// Everybody reports to somebody among the few before them, so that trees get deep.
fn chart_of(people: &[Fate]) -> OrgChart {
    let line = |index: usize| {
        let near = index.saturating_sub(6);
        Line {
            report: key(index),
            manager: key(near + people[index].0.index(index - near)),
        }
    };
    OrgChart::new((0..people.len()).map(key), (1..people.len()).map(line)).unwrap()
}

fn facts_of(people: &[Fate], pairs: &[(Index, Index, i64, bool)]) -> Facts {
    let mut facts = Facts::default();
    for (index, (_, (start, end, absence), heard, asked)) in people.iter().enumerate() {
        let person = key(index);
        let spell = Spell {
            start: before(*start),
            end: end.map(before),
        };
        facts.employed.push(Employed { person, spell });
        facts.absences.extend(absence.map(|(from, length)| {
            let start = before(from);
            Absent {
                person,
                absence: Absence {
                    start,
                    end: Some(start + chrono::Duration::days(length)),
                },
            }
        }));
        facts.heard.extend(heard.map(|(days, by)| Heard {
            person,
            day: before(days),
            by: key(by.index(people.len())),
        }));
        facts.asked.extend(asked.map(|days| Asked {
            person,
            day: before(days),
        }));
    }
    for &(leader, person, days, declined) in pairs {
        let (leader, person) = (key(leader.index(people.len())), key(person.index(people.len())));
        if declined {
            facts.rests.push(Rest {
                leader,
                person,
                until: before(days),
            });
        } else {
            facts.met.push(Met {
                leader,
                person,
                day: before(days),
            });
            facts.visits.push(Visit {
                leader,
                day: before(days),
                branch: person,
                band: Some(Band::Near),
            });
        }
    }
    facts
}

fn shuffle<T>(list: &mut [T], turn: Index) {
    list.reverse();
    if !list.is_empty() {
        list.rotate_left(turn.index(list.len()));
    }
}

proptest! {
    #[test]
    fn everybody_picked_is_eligible_and_picked_once(case in any_case()) {
        let draw = draw(&case.round());
        let mut people = BTreeSet::new();
        for pick in &draw.picks {
            prop_assert!(case.is_eligible(pick.leader, pick.person), "{pick:?}");
            prop_assert!(case.is_available(pick.leader), "{pick:?}");
            prop_assert!(people.insert(pick.person), "{pick:?} again");
            prop_assert!(!pick.reasons.is_empty());
            prop_assert_eq!(Some(pick.distance), case.chart.distance(pick.leader, pick.person));
            prop_assert_eq!(Some(pick.branch), case.chart.branch(pick.leader, pick.person));
            prop_assert_eq!(pick.band, band_of(&case.chart, pick.leader, pick.person));
        }
    }

    #[test]
    fn every_leader_has_all_slots_filled_or_a_reason(case in any_case()) {
        let draw = draw(&case.round());
        let taken: BTreeSet<_> = draw.picks.iter().map(|pick| pick.person).collect();
        for leader in case.chart.keys().filter(|&key| case.chart.levels_below(key) >= 2) {
            let picks = draw.picks.iter().filter(|pick| pick.leader == leader).count();
            let empty = draw.empty.iter().filter(|slot| slot.leader == leader).count();
            let missing = picks < case.settings.slots_per_week as usize;
            prop_assert!(picks <= case.settings.slots_per_week as usize);
            prop_assert_eq!(empty, usize::from(missing));
            if missing && case.is_available(leader) {
                let left = case.chart.keys().find(|&person| case.is_eligible(leader, person) && !taken.contains(&person));
                prop_assert_eq!(left, None, "{} could meet them", leader);
            }
        }
    }

    #[test]
    fn order_of_facts_means_nothing(case in any_case(), turn in any::<Index>()) {
        let mut shuffled = case.clone();
        let Facts { employed, absences, heard, asked, met, rests, visits, silent, open, filled } = &mut shuffled.facts;
        shuffle(employed, turn);
        shuffle(absences, turn);
        shuffle(heard, turn);
        shuffle(asked, turn);
        shuffle(met, turn);
        shuffle(rests, turn);
        shuffle(visits, turn);
        shuffle(silent, turn);
        shuffle(open, turn);
        shuffle(filled, turn);
        prop_assert_eq!(draw(&case.round()), draw(&shuffled.round()));
    }

    /// To the letter, for every leader: also whom they are given instead, the reasons, and the next week.
    #[test]
    fn silence_looks_like_a_claim_of_another_leader(case in any_case(), who in any::<Index>(), weekday in 0..7_i64) {
        let person = key(who.index(case.chart.len()));
        let (mut silent, mut asked) = (case.clone(), case.clone());
        silent.facts.silent.push(Silent { person, since: before(-weekday), until: None });
        asked.facts.asked.push(Asked { person, day: week().starts_on() });
        prop_assert_eq!(draw(&silent.round()), draw(&asked.round()));
    }

    #[test]
    fn nobody_silent_is_picked(case in any_case(), who in any::<Index>(), since in 0..400_i64, until in -20..20_i64) {
        let person = key(who.index(case.chart.len()));
        let mut silent = case.clone();
        silent.facts.silent.push(Silent { person, since: before(since), until: Some(before(until)) });
        let draw = draw(&silent.round());
        if until < 0 {
            prop_assert!(draw.picks.iter().all(|pick| pick.person != person));
        } else {
            prop_assert_eq!(draw, super::draw(&case.round()));
        }
    }

    #[test]
    fn a_drawn_week_drawn_again_brings_nothing_new(case in any_case()) {
        let first = draw(&case.round());
        let mut again = case.clone();
        for pick in &first.picks {
            let Pick { leader, person, branch, band, .. } = *pick;
            let day = week().starts_on();
            again.facts.asked.push(Asked { person, day });
            again.facts.visits.push(Visit { leader, day, branch, band });
            again.facts.filled.push(Filled { week: week(), leader });
        }
        prop_assert_eq!(draw(&again.round()).picks, vec![], "whoever had nobody has nobody now");
        again.facts.filled.extend(first.empty.iter().map(|slot| Filled { week: week(), leader: slot.leader }));
        prop_assert_eq!(draw(&again.round()), Draw::default());
    }
}

/// What leaders make of ten weeks of suggestions.
fn any_answers() -> impl Strategy<Value = Vec<(Index, bool)>> {
    prop::collection::vec((any::<Index>(), prop::bool::weighted(0.7)), 8)
}

proptest! {
    // Each case draws ten weeks.
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever the history and the answers: nobody is asked twice within the load cap, no pair meets within the
    /// cooldown, and everybody stands two or more levels below.
    #[test]
    fn the_rules_hold_from_week_to_week(case in any_case(), answers in any_answers()) {
        let mut case = case;
        let cap = case.settings.load_cap_days;
        for later in 0..10 {
            let week = week().plus(later);
            let drawn = draw(&Round { week, today: week.plus(-1).starts_on(), ..case.round() });
            for (nth, pick) in drawn.picks.iter().enumerate() {
                let Pick { leader, person, branch, band, .. } = *pick;
                prop_assert!(case.chart.distance(leader, person).is_some_and(|lines| lines >= 2));
                prop_assert!(case.chart.is_above(leader, person));
                for asked in case.facts.asked.iter().filter(|asked| asked.person == person) {
                    prop_assert!((week.starts_on() - asked.day).num_days().abs() >= cap && !week.contains(asked.day));
                }
                for met in case.facts.met.iter().filter(|met| (met.leader, met.person) == (leader, person)) {
                    prop_assert!((week.starts_on() - met.day).num_days() >= 56);
                }
                let (weekday, is_held) = answers[nth % answers.len()];
                let day = week.starts_on() + Days::new(weekday.index(5) as u64);
                if is_held {
                    case.facts.asked.push(Asked { person, day });
                    case.facts.met.push(Met { leader, person, day });
                    case.facts.heard.push(Heard { person, day, by: leader });
                    case.facts.visits.push(Visit { leader, day, branch, band });
                }
            }
        }
    }
}

proptest! {
    // Each case asks for sixty weeks.
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// In the next week that an empty slot names there is somebody, and in none before.
    #[test]
    fn the_next_week_is_the_first_with_somebody(case in any_case()) {
        let draw = draw(&case.round());
        let mut later = case.clone();
        later.facts.asked.extend(draw.picks.iter().map(|pick| Asked { person: pick.person, day: week().starts_on() }));
        for slot in &draw.empty {
            let found = (1..60).map(|weeks| week().plus(weeks)).find(|&week| {
                let round = Round { week, ..later.round() };
                pick_for(&round, slot.leader, &[]).is_ok()
            });
            prop_assert_eq!(slot.next_week, found);
        }
    }
}
