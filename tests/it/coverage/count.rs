//! A coverage report counted again as plainly as it can be said (product.md 7): from the rows alone, a person and a day
//! at a time, without a range, a position or a sum. Nothing here comes from the program.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, Months, NaiveDate};
use entity::{absence, meeting, person};
use serde_json::{Value, json};

use crate::walls::{doors::global, oracle::Rows};

/// What a report is asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Whose unit; none for the whole organisation.
    pub under: Option<i64>,
    pub window: u64,
    pub as_of: NaiveDate,
    pub department: Option<String>,
    pub grouping: &'static str,
    pub eyes: Eyes,
}

/// Whose eyes the waits are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Eyes {
    /// Those of HR admins, who know the day.
    Admin,
    /// Those of leaders, who know the month, one month late.
    Above,
}

/// The rows of an organisation, and of which day its chart is.
pub struct Count {
    pub rows: Rows,
    pub absences: Vec<absence::Model>,
}

/// A group's place in its breakdown, and its key.
type Key = ((usize, String), String);

impl Count {
    /// The chart of `day` from now on.
    pub fn turn_to(&mut self, day: NaiveDate) {
        self.rows.today = day;
        let people: Vec<i64> = self.rows.people.iter().map(|person| person.id).collect();
        self.rows.above = people.into_iter().map(|p| (p, self.rows.line_up(p))).collect();
    }

    /// The whole report, in the form in which the API tells it.
    pub fn report(&self, asked: &Asked) -> Value {
        let people = self.population(asked);
        let total = self.group("TOTAL", &people, asked);
        let head = asked.under.filter(|head| self.rows.is_present(*head));
        let leaders: Vec<_> = self.leaders(asked).into_iter().map(|q| self.leader(q, asked)).collect();
        let waiting: Vec<_> = self.waiting(asked).into_iter().map(|p| self.id(p)).collect();
        json!({
            "asOf": asked.as_of.to_string(),
            "windowDays": asked.window,
            "under": asked.under.map(|head| json!({ "id": self.id(head) })),
            "total": total,
            "groups": self.groups(&people, asked),
            "heatMap": self.heat_map(asked),
            "head": head.map(|head| self.leader(head, asked)),
            "leaders": { "totalCount": leaders.len(), "nodes": leaders },
            "waiting": { "totalCount": waiting.len(), "nodes": waiting.iter().map(|id| json!({ "id": id })).collect::<Vec<_>>() },
            "trend": self.trend(&people, asked),
            "load": self.load(&people, asked),
            "peers": self.peers(asked),
        })
    }

    fn person(&self, p: i64) -> &person::Model {
        self.rows.people.iter().find(|person| person.id == p).unwrap()
    }

    fn id(&self, p: i64) -> String {
        global('p', self.person(p).uid)
    }

    fn above(&self, p: i64) -> &[i64] {
        &self.rows.above[&p]
    }

    fn is_away(&self, p: i64, day: NaiveDate) -> bool {
        let covers =
            |a: &absence::Model| a.person_id == p && a.start_date <= day && a.end_date.is_none_or(|e| e >= day);
        self.absences.iter().any(covers)
    }

    fn is_active(&self, p: i64) -> bool {
        self.rows.is_present(p) && !self.is_away(p, self.rows.today)
    }

    fn started(&self, p: i64) -> NaiveDate {
        let (spells, today) = (&self.rows.spells, self.rows.today);
        let here = spells
            .iter()
            .find(|s| s.person_id == p && s.start_date <= today && s.end_date.is_none_or(|e| e >= today));
        here.unwrap().start_date
    }

    fn distance(&self, leader: i64, p: i64) -> Option<usize> {
        let place = self.above(p).iter().position(|above| *above == leader);
        place.map(|place| place + 1)
    }

    fn has_reports(&self, p: i64) -> bool {
        self.rows.people.iter().any(|q| self.above(q.id).first() == Some(&p))
    }

    /// Whom a leader may meet.
    fn pop(&self, leader: i64) -> Vec<i64> {
        let people = self.rows.people.iter().map(|person| person.id);
        people
            .filter(|p| self.distance(leader, *p) >= Some(2) && self.is_active(*p))
            .collect()
    }

    /// Everybody of the unit who could have been heard.
    pub fn population(&self, asked: &Asked) -> Vec<i64> {
        let counts =
            |p: i64| self.is_active(p) && (asked.as_of - self.started(p)).num_days() >= 90 && self.above(p).len() >= 2;
        let people = self.rows.people.iter().map(|person| person.id);
        people.filter(|p| self.is_asked(*p, asked) && counts(*p)).collect()
    }

    fn is_asked(&self, p: i64, asked: &Asked) -> bool {
        let department = asked.department.is_none() || self.person(p).department == asked.department;
        department && asked.under.is_none_or(|head| self.above(p).contains(&head))
    }

    fn held(&self) -> impl Iterator<Item = (&meeting::Model, NaiveDate)> {
        let held = self.rows.meetings.iter().filter(|m| m.status == "HELD");
        held.filter_map(|m| Some((m, m.day?)))
            .filter(|(_, day)| *day <= self.rows.today)
    }

    fn skip_levels(&self) -> impl Iterator<Item = (&meeting::Model, NaiveDate)> {
        self.held().filter(|(m, _)| m.kind == "SKIP_LEVEL")
    }

    fn heard_on(&self, p: i64) -> Vec<NaiveDate> {
        let of_them = self.skip_levels().filter(|(m, _)| m.counterpart_id == p);
        of_them.map(|(_, day)| day).collect()
    }

    fn is_heard(&self, p: i64, asked: &Asked, end: NaiveDate) -> bool {
        self.heard_on(p).into_iter().any(|day| in_window(day, asked, end))
    }

    /// Since when somebody waits, and whether they were heard before.
    fn waits_since(&self, p: i64, asked: &Asked) -> (NaiveDate, Heard) {
        let days = self.heard_on(p).into_iter();
        let known = match asked.eyes {
            Eyes::Admin => days.max(),
            Eyes::Above => days
                .map(|day| day.with_day(1).unwrap() + Months::new(1))
                .filter(|after| *after + Months::new(1) <= asked.as_of)
                .max(),
        };
        match known {
            Some(day) => (day, Heard::Before),
            None => (self.started(p) + Days::new(30), Heard::Never),
        }
    }

    /// Days at work, counted one by one.
    fn wait(&self, p: i64, asked: &Asked) -> usize {
        let (since, _) = self.waits_since(p, asked);
        let days = since.iter_days().take_while(|day| *day < asked.as_of);
        days.filter(|day| !self.is_away(p, *day)).count()
    }

    pub fn group(&self, key: &str, people: &[i64], asked: &Asked) -> Value {
        let heard = people.iter().filter(|p| self.is_heard(**p, asked, asked.as_of)).count();
        let waits: Vec<usize> = people.iter().map(|p| self.wait(*p, asked)).collect();
        json!({
            "key": key,
            "population": people.len(),
            "heard": heard,
            "share": share(heard, people.len()),
            "waitDaysMax": waits.iter().max(),
            "waitDaysP90": rank(&waits, 90),
            "waitDaysMedian": rank(&waits, 50),
            "suppressed": false,
        })
    }

    fn groups(&self, people: &[i64], asked: &Asked) -> Vec<Value> {
        let groups = self.parts(people, asked, asked.grouping).into_iter();
        groups
            .map(|((_, key), people)| self.group(&key, &people, asked))
            .collect()
    }

    fn parts(&self, people: &[i64], asked: &Asked, grouping: &str) -> BTreeMap<Key, Vec<i64>> {
        let mut parts: BTreeMap<Key, Vec<i64>> = BTreeMap::new();
        for p in people {
            parts.entry(self.key(*p, asked, grouping)).or_default().push(*p);
        }
        parts
    }

    fn key(&self, p: i64, asked: &Asked, grouping: &str) -> Key {
        let at = |place: usize, key: &str| ((place, String::new()), key.to_owned());
        // By name, those without one last.
        let named = |name: Option<&String>| name.map_or(at(1, ""), |name| ((0, name.clone()), name.clone()));
        match grouping {
            "DEPTH" => at(self.above(p).len(), &self.above(p).len().to_string()),
            "DEPARTMENT" => named(self.person(p).department.as_ref()),
            "LOCATION" => named(self.person(p).location.as_ref()),
            "BRANCH" => match self.branch(self.head_over(p, asked), p) {
                branch if branch == p => at(0, "REPORTS"),
                branch => at(usize::try_from(branch).unwrap(), &self.id(branch)),
            },
            "BAND" => match (
                self.band(self.head_over(p, asked), p),
                self.distance(self.head_over(p, asked), p),
            ) {
                (None, _) => at(4, ""),
                (_, Some(1)) => at(0, "REPORTS"),
                (Some("BOTTOM"), _) => at(1, "BOTTOM"),
                (Some("MIDDLE"), _) => at(2, "MIDDLE"),
                (Some(near), _) => at(3, near),
            },
            "TENURE" => {
                let since = |months: u32| self.started(p) + Months::new(months) <= asked.as_of;
                match () {
                    () if since(60) => at(4, "5_YEARS"),
                    () if since(24) => at(3, "2_YEARS"),
                    () if since(12) => at(2, "1_YEAR"),
                    () if since(6) => at(1, "6_MONTHS"),
                    () => at(0, "UNDER_6_MONTHS"),
                }
            }
            _ => panic!("{grouping}"),
        }
    }

    /// The head of the unit; in the whole organisation the top of somebody's tree.
    fn head_over(&self, p: i64, asked: &Asked) -> i64 {
        asked.under.unwrap_or_else(|| *self.above(p).last().unwrap())
    }

    /// The direct report of the leader through whom somebody is reached.
    fn branch(&self, leader: i64, p: i64) -> i64 {
        match self.above(p).iter().position(|above| *above == leader) {
            Some(0) | None => p,
            Some(place) => self.above(p)[place - 1],
        }
    }

    /// The band in which a leader sees somebody; none where there are none.
    fn band(&self, leader: i64, p: i64) -> Option<&'static str> {
        let people = self.rows.people.iter().map(|person| person.id);
        let levels = people.filter_map(|q| self.distance(leader, q)).max()?;
        let band = match self.distance(leader, p)? {
            ..=2 => "NEAR",
            _ if self.has_reports(p) => "MIDDLE",
            _ => "BOTTOM",
        };
        (levels >= 4).then_some(band)
    }

    fn heat_map(&self, asked: &Asked) -> Value {
        let whole = Asked {
            department: None,
            ..asked.clone()
        };
        let people = self.population(&whole);
        let levels: BTreeSet<usize> = people.iter().map(|p| self.above(*p).len()).collect();
        let rows = self.parts(&people, asked, "DEPARTMENT").into_iter();
        let rows = rows.filter(|((_, key), _)| asked.department.as_ref().is_none_or(|name| name == key));
        let row = |((_, key), people): (Key, Vec<i64>)| {
            let cell = |level: &usize| {
                let of_it = people.iter().filter(|p| self.above(**p).len() == *level);
                self.group(&format!("{key}/{level}"), &of_it.copied().collect::<Vec<_>>(), asked)
            };
            let cells: Vec<_> = levels.iter().map(cell).collect();
            json!({ "key": key, "total": self.group(&key, &people, asked), "cells": cells })
        };
        let columns: Vec<_> = levels.iter().map(|level| json!({ "key": level.to_string() })).collect();
        json!({ "columns": columns, "rows": rows.map(row).collect::<Vec<_>>() })
    }

    fn trend(&self, people: &[i64], asked: &Asked) -> Vec<Value> {
        let this = asked.as_of.with_day(1).unwrap();
        let month = |back: u32| {
            let month = this - Months::new(back);
            let days: Vec<_> = month
                .iter_days()
                .take(31)
                .filter(|day| day.month() == month.month())
                .collect();
            let end = *days.iter().rfind(|day| **day <= asked.as_of).unwrap();
            let held = people
                .iter()
                .flat_map(|p| self.heard_on(*p))
                .filter(|day| days.contains(day));
            let heard = people.iter().filter(|p| self.is_heard(**p, asked, end)).count();
            json!({
                "month": month.to_string(),
                "population": people.len(),
                "held": held.count(),
                "heard": heard,
                "share": share(heard, people.len()),
                "possible": share(self.possible(people, asked, end).max(heard), people.len()),
                "suppressed": false,
            })
        };
        (0..12).rev().map(month).collect()
    }

    /// The most of these people that the skip-levels of a window could have reached: each meeting somebody whom its leader
    /// has in reach. Found by trying: whoever is taken makes room if they can be met in another meeting.
    fn possible(&self, people: &[i64], asked: &Asked, end: NaiveDate) -> usize {
        let held = self
            .skip_levels()
            .filter(|(m, day)| in_window(*day, asked, end) && people.contains(&m.counterpart_id));
        let leaders: Vec<i64> = held.map(|(m, _)| m.leader_id).collect();
        let mut met: BTreeMap<i64, usize> = BTreeMap::new();
        (0..leaders.len())
            .filter(|meeting| self.finds_room(*meeting, (&leaders, people), &mut met, &mut BTreeSet::new()))
            .count()
    }

    fn finds_room(
        &self,
        meeting: usize,
        (leaders, people): (&[i64], &[i64]),
        met: &mut BTreeMap<i64, usize>,
        tried: &mut BTreeSet<i64>,
    ) -> bool {
        for p in people
            .iter()
            .filter(|p| self.distance(leaders[meeting], **p) >= Some(2))
        {
            if !tried.insert(*p) {
                continue;
            }
            let taken = met.get(p).copied();
            if taken.is_none_or(|other| self.finds_room(other, (leaders, people), met, tried)) {
                met.insert(*p, meeting);
                return true;
            }
        }
        false
    }

    fn load(&self, people: &[i64], asked: &Asked) -> Value {
        let heard = |p: &i64| {
            let days = self.heard_on(*p).into_iter();
            days.filter(|day| in_window(*day, asked, asked.as_of))
                .collect::<Vec<_>>()
        };
        let heard: Vec<Vec<NaiveDate>> = people.iter().map(heard).collect();
        let in_a_week = |days: &Vec<NaiveDate>| {
            let of_week = |day: &NaiveDate| days.iter().filter(|other| other.iso_week() == day.iso_week()).count();
            days.iter().map(of_week).max()
        };
        let most = heard.iter().map(Vec::len).max();
        let bucket = |meetings: usize| {
            let people = heard.iter().filter(|days| days.len() == meetings).count();
            json!({ "meetings": meetings, "people": people })
        };
        let buckets: Vec<_> = most.into_iter().flat_map(|most| 0..=most).map(bucket).collect();
        json!({ "buckets": buckets, "mostInAWeek": heard.iter().filter_map(in_a_week).max(), "suppressed": false })
    }

    /// The leaders of the unit, by name.
    fn leaders(&self, asked: &Asked) -> Vec<i64> {
        let leads = |p: i64| self.is_active(p) && !self.pop(p).is_empty();
        let mut people: Vec<&person::Model> = self.rows.people.iter().collect();
        people.retain(|person| self.is_asked(person.id, asked) && leads(person.id));
        people.sort_by_key(|person| &person.name_key);
        people.into_iter().map(|person| person.id).collect()
    }

    pub fn leader(&self, leader: i64, asked: &Asked) -> Value {
        let pop = self.pop(leader);
        let own = || self.skip_levels().filter(|(m, _)| m.leader_id == leader);
        let held: Vec<_> = own().filter(|(_, day)| in_window(*day, asked, asked.as_of)).collect();
        let everybody: BTreeSet<i64> = held.iter().map(|(m, _)| m.counterpart_id).collect();
        let met = everybody.iter().filter(|p| pop.contains(p)).count();
        let part = |p: i64| (self.branch(leader, p), self.band(leader, p));
        let strata: BTreeSet<_> = pop.iter().map(|p| part(*p)).collect();
        let is_visited = |(branch, band): &(i64, Option<&str>)| {
            own().any(|(m, day)| {
                (asked.as_of - day).num_days() < 26 * 7 && m.branch_id == Some(*branch) && m.band.as_deref() == *band
            })
        };
        let visited = strata.iter().filter(|part| is_visited(part)).count();
        let bottoms = held.iter().filter(|(m, _)| m.band.as_deref() == Some("BOTTOM")).count();
        let weeks = self.weeks_with_slot(leader, asked);
        let weeks_held = weeks
            .iter()
            .filter(|week| held.iter().any(|(_, day)| day.iso_week() == week.iso_week()))
            .count();
        let levels = self
            .rows
            .people
            .iter()
            .filter_map(|q| self.distance(leader, q.id))
            .max();
        #[expect(clippy::cast_precision_loss, reason = "small numbers")]
        let a_month = bottoms as f64 / (asked.window as f64 * 12.0 / 365.25);
        json!({
            "leader": { "id": self.id(leader) },
            "population": pop.len(),
            "measure": if pop.len() > 100 { "STRATA" } else { "COVERAGE" },
            "met": met,
            "coverage": share(met, pop.len()),
            "strata": strata.len(),
            "strataVisited": visited,
            "strataCoverage": share(visited, strata.len()),
            "bottomMeetingsPerMonth": (levels >= Some(4)).then_some(a_month),
            "weeksWithSlot": weeks.len(),
            "weeksHeld": weeks_held,
            "adherence": share(weeks_held, weeks.len()),
            "meetings": held.len(),
            "repeats": held.len() - everybody.len(),
            "concentration": share(held.len() - everybody.len(), held.len()),
            "suppressed": false,
        })
    }

    /// The Mondays of the weeks that the window touches in which the leader was given somebody.
    fn weeks_with_slot(&self, leader: i64, asked: &Asked) -> BTreeSet<NaiveDate> {
        let given = self.rows.suggestions.iter();
        let given = given.filter(|s| s.leader_id == leader && s.kind == "SKIP_LEVEL" && s.status != "INVALIDATED");
        let days = |s: &NaiveDate| s.iter_days().take(7).any(|day| in_window(day, asked, asked.as_of));
        given.map(|s| s.week).filter(days).collect()
    }

    fn peers(&self, asked: &Asked) -> Value {
        let leaders = self.leaders(asked);
        let since = |q: &i64| {
            let met = self
                .held()
                .filter(|(m, _)| m.kind == "PEER" && (m.leader_id == *q || m.counterpart_id == *q));
            let days = met
                .map(|(_, day)| day)
                .filter(|day| in_window(*day, asked, asked.as_of));
            days.max()
                .map(|day| usize::try_from((asked.as_of - day).num_days()).unwrap())
        };
        let since: Vec<Option<usize>> = leaders.iter().map(since).collect();
        let known: Vec<usize> = since.iter().copied().flatten().collect();
        let between = |from: usize, to: usize| known.iter().filter(|days| (from..=to).contains(*days)).count();
        json!({
            "people": leaders.len(),
            "fresh": between(0, 20),
            "due": between(21, 35),
            "late": between(36, usize::MAX),
            "never": leaders.len() - known.len(),
            "met": known.len(),
            "medianDays": rank(&known, 50),
            "suppressed": false,
        })
    }

    /// Whoever was not heard, as far as it is known, the longest wait first.
    fn waiting(&self, asked: &Asked) -> Vec<i64> {
        let mut people = self.population(asked);
        people.retain(|p| match asked.eyes {
            Eyes::Admin => !self.is_heard(*p, asked, asked.as_of),
            Eyes::Above => match self.waits_since(*p, asked) {
                (_, Heard::Never) => true,
                // The last day that it may have been.
                (after, Heard::Before) => !in_window(after - Days::new(1), asked, asked.as_of),
            },
        });
        people.sort_by_key(|p| (usize::MAX - self.wait(*p, asked), self.waits_since(*p, asked).1, *p));
        people
    }
}

/// Whether somebody was heard before; never comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Heard {
    Never,
    Before,
}

fn in_window(day: NaiveDate, asked: &Asked, end: NaiveDate) -> bool {
    day <= end && day + Days::new(asked.window) > end
}

#[expect(clippy::cast_precision_loss, reason = "small numbers")]
fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// The smallest number that so many of a hundred do not exceed.
fn rank(numbers: &[usize], percent: usize) -> Option<usize> {
    let enough =
        |most: &&usize| numbers.iter().filter(|number| number <= most).count() * 100 >= numbers.len() * percent;
    numbers.iter().filter(enough).min().copied()
}
