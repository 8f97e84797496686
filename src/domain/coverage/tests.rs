use std::collections::{BTreeSet, HashMap};

use chrono::Days;
use rand::{Rng, SeedableRng, rngs::StdRng};

use super::{Asked, Facts, Group, GroupKey, Grouping, Held, Member, Sight, Survey, Unit};
use crate::domain::{
    Date,
    chart::{Line, OrgChart},
    person::PersonKey,
    settings::BetweenVisibility,
};

const SMALLEST: usize = 5;
const GROUPINGS: [Grouping; 6] = [
    Grouping::Depth,
    Grouping::Department,
    Grouping::Location,
    Grouping::Branch,
    Grouping::Band,
    Grouping::Tenure,
];

fn above() -> Sight {
    Sight::Above {
        between: BetweenVisibility::Month,
        smallest: SMALLEST,
    }
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// A random organisation with departments that follow its branches but for some people, as they do in life.
fn random(seed: u64) -> Survey {
    let mut random = StdRng::seed_from_u64(seed);
    let people: i64 = random.random_range(20..160);
    let span = random.random_range(2..7);
    let departments = random.random_range(2..6);
    let lines = (1..people).map(|key| Line {
        report: PersonKey(key + 1),
        manager: PersonKey(1 + (key - 1) / span),
    });
    let chart = OrgChart::new((1..=people).map(PersonKey), lines).unwrap();
    let as_of = day("2026-06-30");
    let mut members: Vec<Member> = Vec::new();
    for key in (1..=people).map(PersonKey) {
        let branch = chart
            .managers(key)
            .filter(|above| chart.depth(*above) == Some(1))
            .last()
            .unwrap_or(key);
        let department = if random.random_bool(0.15) {
            random.random_range(0..departments)
        } else {
            u32::try_from(branch.0).unwrap() % departments
        };
        members.push(Member {
            person: key,
            department: random.random_bool(0.95).then_some(department),
            location: Some(random.random_range(0..3)),
            started: as_of - Days::new(random.random_range(30..3000)),
            active: random.random_bool(0.95),
        });
    }
    let held = (0..people).map(|_| Held {
        day: as_of - Days::new(random.random_range(0..500)),
        leader: PersonKey(1),
        counterpart: PersonKey(random.random_range(2..=people)),
    });
    let facts = Facts {
        held: held.collect(),
        chart,
        members,
        departments: (0..departments).map(|number| format!("D{number}")).collect(),
        locations: (0..3).map(|number| format!("L{number}")).collect(),
        absences: Vec::new(),
    };
    Survey::new(
        facts,
        Asked {
            as_of,
            window_days: 365,
            new_joiner_days: 30,
        },
    )
}

/// Sets of people whose number of heard somebody was told, each with how they came to know; and the breakdowns they stood in.
#[derive(Default)]
struct Told {
    sets: HashMap<BTreeSet<usize>, String>,
    breakdowns: Vec<(BTreeSet<usize>, Vec<BTreeSet<usize>>, String)>,
}

impl Told {
    fn tell(&mut self, people: &[usize], how: &str) {
        if !people.is_empty() {
            self.sets
                .entry(people.iter().copied().collect())
                .or_insert_with(|| how.to_owned());
        }
    }

    /// Groups of one to four people whose number follows from two of these, or from a set and what a breakdown tells of it.
    fn learnt(&self) -> Vec<String> {
        let few = 1..SMALLEST;
        let mut learnt = Vec::new();
        let sets: Vec<_> = self.sets.iter().collect();
        for (set, how) in &sets {
            if few.contains(&set.len()) {
                learnt.push(format!("{how} itself"));
            }
            for (other, why) in &sets {
                let within = other.len() < set.len() && set.len() - other.len() < SMALLEST && other.is_subset(set);
                if within {
                    learnt.push(format!("{how} ({}) without {why} ({})", set.len(), other.len()));
                }
            }
        }
        for (whole, parts, how) in &self.breakdowns {
            let told: Vec<_> = parts
                .iter()
                .filter_map(|part| Some((part, self.sets.get(part)?)))
                .collect();
            let covered: BTreeSet<_> = told.iter().flat_map(|(part, _)| *part).collect();
            let rest = whole.len() - covered.len();
            if self.sets.contains_key(whole) && few.contains(&rest) {
                let told: Vec<_> = told.iter().map(|(_, how)| how).collect();
                learnt.push(format!("{rest} left of {how}: {} without {told:?}", self.sets[whole]));
            }
        }
        learnt
    }
}

/// How much is told beside what is small itself.
#[derive(Clone, Copy, PartialEq)]
enum Rule {
    /// As it is.
    Whole,
    /// Only groups under the limit are kept back.
    SmallOnly,
}

/// Everything that all leaders together are told, by every breakdown of every unit and department.
fn all_that_is_told(survey: &Survey, rule: Rule) -> Told {
    let mut told = Told::default();
    let heads: Vec<PersonKey> = survey
        .chart
        .keys()
        .filter(|key| survey.chart.has_reports(*key))
        .collect();
    let departments: Vec<Option<String>> = [None]
        .into_iter()
        .chain(survey.departments.iter().cloned().map(Some))
        .collect();
    let units = heads.iter().map(|head| Unit::Below(*head));
    for unit in units.clone() {
        for department in &departments {
            let department = department.as_deref();
            let people = survey.population(unit, department);
            let is_told = match rule {
                Rule::Whole => !survey.total(unit, department, above()).suppressed,
                Rule::SmallOnly => people.len() >= SMALLEST,
            };
            if is_told {
                told.tell(&people, &format!("{unit:?} {department:?}"));
            }
            for grouping in GROUPINGS {
                let cells = survey.cells(unit, grouping, &people);
                let groups = match rule {
                    Rule::Whole => survey.groups(unit, grouping, department, above()),
                    Rule::SmallOnly => survey.groups(unit, grouping, department, Sight::Whole),
                };
                for Group { key, figures } in groups {
                    let shown = !figures.suppressed && (rule == Rule::Whole || figures.population >= SMALLEST);
                    if shown {
                        told.tell(&cells[&key], &format!("{unit:?} {department:?} {key:?}"));
                    }
                }
                let parts = cells.into_values().map(|part| part.into_iter().collect());
                let how = format!("{unit:?} {department:?} by {grouping:?}");
                told.breakdowns
                    .push((people.iter().copied().collect(), parts.collect(), how));
            }
        }
    }
    // A unit and the units within it; a group of it and the same group in these.
    for unit in units {
        for (key, people) in kinds(survey, unit) {
            let within = heads.iter().map(|head| Unit::Below(*head)).filter(|other| {
                survey.range(*other).start > survey.range(unit).start
                    && survey.range(*other).end <= survey.range(unit).end
            });
            let parts = within.map(|within| {
                let inner = survey.population(within, None).into_iter().collect();
                people.intersection(&inner).copied().collect()
            });
            told.breakdowns
                .push((people.clone(), parts.collect(), format!("{unit:?} {key:?} by units")));
        }
    }
    told
}

/// The whole unit, and its groups by what does not depend on the unit.
fn kinds(survey: &Survey, unit: Unit) -> Vec<(Option<GroupKey>, BTreeSet<usize>)> {
    let people = survey.population(unit, None);
    let mut kinds = vec![(None, people.iter().copied().collect())];
    for grouping in [
        Grouping::Depth,
        Grouping::Department,
        Grouping::Location,
        Grouping::Tenure,
    ] {
        let cells = survey.cells(unit, grouping, &people).into_iter();
        kinds.extend(cells.map(|(key, people)| (Some(key), people.into_iter().collect())));
    }
    kinds
}

#[test]
fn nobody_learns_of_a_small_group_by_taking_one_number_from_another() {
    for seed in 0..12 {
        let survey = random(seed);
        let learnt = all_that_is_told(&survey, Rule::Whole).learnt();
        assert!(
            learnt.is_empty(),
            "seed {seed}, {}: {:#?}",
            learnt.len(),
            &learnt[..learnt.len().min(8)]
        );
    }
}

#[test]
fn without_the_rules_they_would() {
    let learnt = (0..10).filter(|seed| !all_that_is_told(&random(*seed), Rule::SmallOnly).learnt().is_empty());
    assert_eq!(learnt.count(), 10);
}
