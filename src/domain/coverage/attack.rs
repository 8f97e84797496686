//! Whoever puts published figures together learns nothing about a few people: said with sets of people, by code that knows
//! nothing of how it was decided what to publish.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Days;
use rand::{Rng, SeedableRng, rngs::StdRng};

use super::{Asked, Facts, GroupKey, Grouping, Member, Sight, Survey, Unit};
use crate::domain::{
    Date,
    chart::{Line, OrgChart},
    person::PersonKey,
    settings::BetweenVisibility,
};

const SMALLEST: u32 = 5;

const GROUPINGS: [Grouping; 6] = [
    Grouping::Depth,
    Grouping::Department,
    Grouping::Location,
    Grouping::Branch,
    Grouping::Band,
    Grouping::Tenure,
];

/// Some people of at most 128, a bit each.
type People = u128;

/// An organisation at random; teams lean to a department and a place, as they do.
fn organisation(seed: u64) -> Survey {
    let mut rng = StdRng::seed_from_u64(seed);
    let people: i64 = rng.random_range(20..=120);
    let span = rng.random_range(2..=9);
    let (mut lines, mut members): (Vec<Line>, Vec<Member>) = (Vec::new(), Vec::new());
    let as_of = Date::from_ymd_opt(2026, 6, 10).unwrap();
    for key in 0..people {
        let manager = if rng.random_range(0..10) == 0 {
            rng.random_range(0..key.max(1))
        } else {
            (key - 1).max(0) / span
        };
        if key > 0 {
            lines.push(Line {
                report: PersonKey(key),
                manager: PersonKey(manager),
            });
        }
        let mut word = |own: Option<u32>| match own {
            Some(own) if rng.random_range(0..10) < 8 => Some(own),
            _ if rng.random_range(0..10) == 0 => None,
            _ => Some(rng.random_range(0..3)),
        };
        let above = members.get(usize::try_from(manager).unwrap());
        let department = word(above.and_then(|above| above.department));
        let location = word(above.and_then(|above| above.location));
        members.push(Member {
            person: PersonKey(key),
            department,
            location,
            started: as_of - Days::new([30, 120, 300, 500, 1000, 3000][rng.random_range(0..6)]),
            active: rng.random_range(0..20) != 0,
        });
    }
    let names = |names: [&str; 3]| names.map(str::to_owned).to_vec();
    let facts = Facts {
        chart: OrgChart::new((0..people).map(PersonKey), lines).unwrap(),
        members,
        departments: names(["ash", "elm", "oak"]),
        locations: names(["dale", "hill", "moor"]),
        held: vec![],
        absences: vec![],
    };
    let asked = Asked {
        as_of,
        window_days: 365,
        new_joiner_days: 30,
    };
    Survey::new(facts, asked)
}

/// What a report has a figure about.
struct Shown {
    /// How the report calls them.
    name: String,
    people: People,
    suppressed: bool,
}

/// What all leaders together read: the breakdowns of every report that any of them can ask for, each with its whole.
fn read(survey: &Survey) -> Vec<(Shown, Vec<Shown>)> {
    let sight = Sight::Above {
        between: BetweenVisibility::Month,
        smallest: SMALLEST as usize,
    };
    let mut all = Vec::new();
    for head in survey.chart.keys() {
        let unit = Unit::Below(head);
        for department in [None, Some("ash"), Some("elm"), Some("oak")] {
            let people = survey.population(unit, department);
            let total = survey.total(unit, department, sight);
            assert_eq!(total.population, people.len());
            for grouping in GROUPINGS {
                let cells: BTreeMap<GroupKey, Vec<usize>> = survey.cells(unit, grouping, &people);
                let groups = survey.groups(unit, grouping, department, sight);
                assert_eq!(groups.len(), cells.len());
                let members = groups.iter().map(|group| {
                    let people = &cells[&group.key];
                    assert_eq!(group.figures.population, people.len());
                    Shown {
                        name: format!("below {head}, department {department:?}: {:?}", group.key),
                        people: set(people),
                        suppressed: group.figures.suppressed,
                    }
                });
                let whole = Shown {
                    name: format!("below {head}, department {department:?}"),
                    people: set(&people),
                    suppressed: total.suppressed,
                };
                all.push((whole, members.collect()));
            }
        }
        let table = survey.table(unit, Grouping::Depth, sight);
        let everybody = survey.population(unit, None);
        let rows = survey.cells(unit, Grouping::Department, &everybody);
        for (row, figures) in &table.rows {
            let people = &rows[&row.key];
            let cells = survey.cells(unit, Grouping::Depth, people);
            let members = table.columns.iter().zip(figures).map(|(column, figures)| Shown {
                name: format!("table below {head}: {:?} {column:?}", row.key),
                people: cells.get(column).map_or(0, |people| set(people)),
                suppressed: figures.suppressed,
            });
            let whole = Shown {
                name: format!("table below {head}: {:?}", row.key),
                people: set(people),
                suppressed: row.figures.suppressed,
            };
            all.push((whole, members.collect()));
        }
    }
    all
}

fn set(people: &[usize]) -> People {
    people.iter().fold(0, |set, at| set | 1 << at)
}

fn few(people: People) -> bool {
    (1..SMALLEST).contains(&people.count_ones())
}

/// What comes out by one subtraction, and how: two sets of which one holds the other, and a set without the groups of a
/// breakdown that it holds.
fn by_one_step(read: &[(Shown, Vec<Shown>)]) -> Vec<String> {
    let known = known(read);
    let name = |people: People| {
        let all = read
            .iter()
            .flat_map(|(whole, members)| std::iter::once(whole).chain(members));
        let mut shown = all.filter(|shown| shown.people == people && !shown.suppressed);
        shown.next().map_or_else(String::new, |shown| {
            format!("[{} ({})]", shown.name, people.count_ones())
        })
    };
    let mut found = BTreeSet::new();
    for &whole in &known {
        if few(whole) {
            found.insert(name(whole));
        }
        for &part in known.iter().filter(|&&part| part & !whole == 0 && few(whole & !part)) {
            found.insert(format!("{} without {}", name(whole), name(part)));
        }
        for (_, members) in read {
            let inside = members
                .iter()
                .filter(|one| one.people & !whole == 0 && !one.suppressed && one.people != 0);
            let inside: Vec<People> = inside.map(|one| one.people).collect();
            if few(inside.iter().fold(whole, |rest, one| rest & !one)) {
                let names: Vec<String> = inside.into_iter().map(name).collect();
                found.insert(format!("{} without {}", name(whole), names.join(" and ")));
            }
        }
    }
    found.into_iter().collect()
}

/// What comes out step by step, and how: what is left over becomes known, and so does a whole of which all parts are known.
fn by_many_steps(read: &[(Shown, Vec<Shown>)]) -> Option<String> {
    let all = read
        .iter()
        .flat_map(|(whole, members)| std::iter::once(whole).chain(members));
    let shown = all.filter(|shown| !shown.suppressed && shown.people != 0);
    let named = shown.map(|shown| {
        (
            shown.people,
            format!("[{} ({})]", shown.name, shown.people.count_ones()),
        )
    });
    let mut how: BTreeMap<People, String> = named.collect();
    let breakdowns = breakdowns(read);
    let union = |people: &mut dyn Iterator<Item = People>| people.fold(0, |all, one| all | one);
    loop {
        let before = how.len();
        for members in &breakdowns {
            let whole = union(&mut members.iter().copied());
            let open = union(&mut members.iter().copied().filter(|one| !how.contains_key(one)));
            let names: Vec<String> = members.iter().filter_map(|one| how.get(one).cloned()).collect();
            match how.get(&whole) {
                Some(name) if open != 0 && open != whole => {
                    let text = format!("({name} without {})", names.join(" and "));
                    if few(open) {
                        return Some(format!("{} people: {text}", open.count_ones()));
                    }
                    how.entry(open).or_insert(text);
                }
                None if open == 0 => {
                    how.insert(whole, format!("({} together)", names.join(" and ")));
                }
                _ => {}
            }
        }
        if how.len() == before {
            return None;
        }
    }
}

fn known(read: &[(Shown, Vec<Shown>)]) -> BTreeSet<People> {
    let all = read
        .iter()
        .flat_map(|(whole, members)| std::iter::once(whole).chain(members));
    all.filter(|shown| !shown.suppressed && shown.people != 0)
        .map(|shown| shown.people)
        .collect()
}

/// Every breakdown there is: those of reports, the same group of the units below, and the same group of all departments.
fn breakdowns(read: &[(Shown, Vec<Shown>)]) -> Vec<Vec<People>> {
    let own = read
        .iter()
        .map(|(_, members)| members.iter().map(|member| member.people).collect());
    let mut all: Vec<Vec<People>> = own.collect();
    // Every group cut by every unit and by every department: whatever is a set of its own counts as a member.
    let sets: BTreeSet<People> = read
        .iter()
        .flat_map(|(whole, members)| std::iter::once(whole).chain(members))
        .map(|shown| shown.people)
        .collect();
    let wholes: Vec<&Vec<Shown>> = read.iter().map(|(_, members)| members).collect();
    for members in wholes {
        for &set in &sets {
            let cut: Vec<People> = members
                .iter()
                .map(|member| member.people & set)
                .filter(|cut| *cut != 0)
                .collect();
            let covers = cut.iter().fold(0, |all, one| all | one) == set;
            if covers && cut.len() > 1 && cut.iter().any(|one| sets.contains(one)) {
                all.push(cut);
            }
        }
    }
    all.sort();
    all.dedup();
    all
}

#[test]
fn nothing_comes_out_of_what_is_published() {
    const ORGANISATIONS: usize = 16;
    let (mut published, mut one, mut many) = (0, vec![], vec![]);
    for seed in 0..ORGANISATIONS {
        let read = read(&organisation(seed as u64));
        let found = by_one_step(&read);
        one.extend(found.iter().map(|how| format!("organisation {seed}: {how}")));
        many.extend(by_many_steps(&read).map(|how| format!("organisation {seed}: {how}")));
        published += known(&read).len();
    }
    // Who publishes nothing gives nothing away.
    assert!(published > 150, "{published}");
    assert!(one.is_empty(), "of {published} sets: {one:#?}");
    // Chains of subtractions are not ruled out, and are to stay rare.
    assert!(
        many.len() * 10 <= ORGANISATIONS,
        "of {published} sets, step by step: {many:#?}"
    );
}
