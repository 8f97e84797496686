//! A viewer at the doors: what they are shown is what the oracle says, all of it, and nothing else.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Value, json};
use skiplevel::auth::token::Role;

use super::{
    Tally,
    audit::ids,
    doors::{self, Keys, global, unknown},
    oracle::{Asker, Rows, got, involves, is_profile, shows, thanks},
    organisation::external,
};
use crate::support::World;

/// A viewer at the doors of an organisation, with what the oracle says they may see.
pub struct Visit<'a> {
    pub world: &'a World,
    pub rows: &'a Rows,
    pub asker: Asker,
    pub token: String,
    /// Names the organisation and the viewer where a check fails.
    pub who: String,
    /// What each person is to the viewer.
    pub sees: HashMap<i64, Option<&'static str>>,
    /// Keys by global id.
    pub people: HashMap<String, i64>,
}

impl<'a> Visit<'a> {
    pub fn new(world: &'a World, rows: &'a Rows, asker: Asker, seed: u64) -> Self {
        let (subject, role) = match asker {
            Asker { me: Some(me), admin } => (external(me), admin.then_some(Role::HrAdmin)),
            Asker { me: None, admin: true } => ("hr-admin".to_owned(), Some(Role::HrAdmin)),
            Asker { me: None, admin: false } => ("machine".to_owned(), Some(Role::Integration)),
        };
        let known = rows
            .people
            .iter()
            .map(|person| (person.id, rows.sees(asker, person.id)));
        let people = rows.people.iter().map(|person| (global('p', person.uid), person.id));
        Self {
            world,
            rows,
            asker,
            token: world.token(&subject, role.as_slice()),
            who: format!("organisation {seed}, {asker:?}"),
            sees: known.collect(),
            people: people.collect(),
        }
    }
}

impl Visit<'_> {
    /// Everybody, at every door: those in reach as the oracle says, the others as if they were not there.
    pub async fn at_people(&self, tally: &mut Tally) {
        let keys = |person: &entity::person::Model| Keys {
            id: global('p', person.uid),
            external: external(person.id),
        };
        let (near, far): (Vec<_>, Vec<_>) = self
            .rows
            .people
            .iter()
            .partition(|person| self.sees[&person.id].is_some());
        let data = self
            .data(&doors::to_people(&near.iter().map(|p| keys(p)).collect::<Vec<_>>()))
            .await;
        for (number, person) in near.iter().enumerate() {
            let p = person.id;
            let access = self.sees[&p].unwrap();
            let shown = |door: &str| data[format!("{door}{number}")].clone();
            let profile = is_profile(access);
            *(if profile { &mut tally.profiles } else { &mut tally.cards }) += 1;
            for door in [&data["nodes"][number], &shown("n"), &shown("p"), &shown("e")] {
                assert_eq!(door["id"], global('p', person.uid), "{}: {p}", self.who);
            }
            let by_external_id = if profile {
                json!(global('p', person.uid))
            } else {
                Value::Null
            };
            assert_eq!(shown("x")["id"], by_external_id, "{}: {p} by external id", self.who);
            self.is_list(&shown("s"), |q| q == p && self.profile(q), &format!("search for {p}"));
            self.is_list(
                &shown("u"),
                |q| self.profile(q) && self.rows.above[&q].contains(&p),
                &format!("under {p}"),
            );
            let told = self.rows.suggestions.iter();
            let mut told = told.filter(|s| Some(s.leader_id) == self.asker.me && s.counterpart_id == p);
            let below = self.asker.me.is_some_and(|me| self.rows.above[&p].contains(&me));
            if told.next().is_none() || !below {
                assert_eq!(shown("y")["whyNot"].is_null(), !below, "{}: why not {p}", self.who);
            }
            let times = shown("t")["meetingTimes"].as_array().unwrap().len();
            if self.may_arrange(p) {
                tally.times += usize::from(times > 0);
            } else {
                tally.hidden_times += 1;
                assert_eq!(times, 0, "{}: times with {p}", self.who);
            }
            let with = self
                .rows
                .meetings
                .iter()
                .filter(|m| involves(m, p) && shows(self.asker, m));
            assert_eq!(
                ids(&shown("w")),
                with.map(|m| global('m', m.id)).collect(),
                "{}: meetings with {p}",
                self.who
            );
            if number < doors::REPORTS {
                tally.unreported += usize::from(!profile);
                let unit = |q: i64| profile && self.rows.above[&q].contains(&p);
                tally.reported += self.is_report(&shown("c"), profile.then_some(p), unit);
            }
        }
        let data = self
            .data(&doors::below(&near.iter().map(|p| keys(p)).collect::<Vec<_>>()))
            .await;
        for (number, person) in near.iter().enumerate() {
            let p = person.id;
            let reports = |q: i64| self.profile(q) && self.rows.above[&q].first() == Some(&p);
            let distance = |q: i64| {
                self.rows.above[&q]
                    .iter()
                    .position(|above| *above == p)
                    .map(|index| index + 1)
            };
            let found = &data[format!("b{number}")];
            self.is_list(&found["reports"], reports, &format!("reports of {p}"));
            self.is_list(
                &found["below"],
                |q| self.profile(q) && distance(q).is_some(),
                &format!("below {p}"),
            );
            self.is_list(
                &found["far"],
                |q| self.profile(q) && distance(q) >= Some(2),
                &format!("far below {p}"),
            );
        }
        tally.walls += far.len();
        let nobody: Vec<_> = (0..far.len()).map(Keys::of_nobody).collect();
        self.is_a_wall(
            &doors::to_people(&far.into_iter().map(keys).collect::<Vec<_>>()),
            &doors::to_people(&nobody),
        )
        .await;
    }

    /// Every meeting, suggestion, peer, note, thank-you and line by its id.
    pub async fn at_objects(&self, tally: &mut Tally) {
        let (asker, rows) = (self.asker, self.rows);
        let meetings = rows.meetings.iter().map(|m| ('m', global('m', m.id), shows(asker, m)));
        let suggestions = rows
            .suggestions
            .iter()
            .map(|s| ('s', global('s', s.id), rows.suggestion(asker, s)));
        let lines = rows
            .lines
            .iter()
            .map(|line| ('l', global('l', line.id), rows.line(asker, line)));
        let peers = rows.peers.iter().map(|e| ('e', global('e', e.id), rows.peer(asker, e)));
        let notes = rows.notes.iter().map(|n| ('n', global('n', n.id), rows.note(asker, n)));
        let kudos = rows.kudos.iter().map(|k| ('k', global('k', k.id), thanks(asker, k)));
        let beside = notes.chain(kudos);
        let all: Vec<_> = meetings
            .chain(suggestions)
            .chain(peers)
            .chain(beside)
            .chain(lines)
            .collect();
        for (kind, _, near) in &all {
            *match (kind, near) {
                ('m', true) => &mut tally.meetings,
                ('m', false) => &mut tally.hidden_meetings,
                ('s', true) => &mut tally.suggestions,
                ('s', false) => &mut tally.hidden_suggestions,
                ('e', true) => &mut tally.peers,
                ('e', false) => &mut tally.hidden_peers,
                ('n', true) => &mut tally.notes,
                ('n', false) => &mut tally.hidden_notes,
                ('k', true) => &mut tally.kudos,
                ('k', false) => &mut tally.hidden_kudos,
                (_, true) => &mut tally.lines,
                (_, false) => &mut tally.hidden_lines,
            } += 1;
        }
        let (near, far): (Vec<_>, Vec<_>) = all.into_iter().partition(|(.., near)| *near);
        let near: Vec<_> = near.into_iter().map(|(_, id, _)| id).collect();
        let data = self.data(&doors::to_objects(&near)).await;
        for (number, id) in near.iter().enumerate() {
            let found = &data[format!("all{}", number / 100)][number % 100];
            assert_eq!(found["id"], *id, "{}: nodes", self.who);
            if number < 20 {
                assert_eq!(data[format!("n{number}")], *found, "{}: node", self.who);
            }
            if let Some(line) = rows.lines.iter().find(|line| global('l', line.id) == *id) {
                let manager = rows.manager_now(line);
                tally.interim_lines += usize::from(manager != line.manager_id);
                assert_eq!(
                    self.person(&found["manager"]),
                    manager,
                    "{}: manager of a line",
                    self.who
                );
                assert_eq!(found["interim"], manager != line.manager_id, "{}: interim", self.who);
            }
        }
        let nothing: Vec<_> = far
            .iter()
            .enumerate()
            .map(|(number, (kind, ..))| unknown(*kind, number))
            .collect();
        let far: Vec<_> = far.into_iter().map(|(_, id, _)| id).collect();
        self.is_a_wall(&doors::to_objects(&far), &doors::to_objects(&nothing))
            .await;
    }

    /// Every list from the root, under every order and filter.
    pub async fn at_lists(&self) {
        let (asker, rows) = (self.asker, self.rows);
        let data = self.data(&doors::lists()).await;
        for whole in ["NAME", "DEPTH", "LEAST_RECENTLY_MET", "back", "everybody"] {
            self.is_list(&data[whole], |q| self.profile(q), whole);
        }
        let person = |q: i64| rows.people.iter().find(|person| person.id == q).unwrap();
        let leads = |q: i64| {
            rows.people
                .iter()
                .any(|p| rows.above[&p.id].iter().skip(1).any(|above| *above == q))
        };
        self.is_list(&data["asOf"], |q| self.profile(q) && rows.is_present(q), "as of today");
        self.is_list(
            &data["north"],
            |q| self.profile(q) && person(q).department.as_deref() == Some("north"),
            "north",
        );
        self.is_list(
            &data["dale"],
            |q| self.profile(q) && person(q).location.as_deref() == Some("dale"),
            "dale",
        );
        self.is_list(&data["leaders"], |q| self.profile(q) && leads(q), "leaders");
        self.is_list(
            &data["left"],
            |q| self.profile(q) && person(q).status == "TERMINATED",
            "left",
        );
        assert_eq!(data["viewer"]["person"].is_null(), asker.me.is_none(), "{}", self.who);
        let unit = |q: i64| asker.admin || asker.me.is_some_and(|me| rows.above[&q].contains(&me));
        self.is_report(&data["coverage"], asker.me.filter(|_| !asker.admin), unit);

        let meetings: BTreeSet<_> = rows
            .meetings
            .iter()
            .filter(|m| shows(asker, m))
            .map(|m| global('m', m.id))
            .collect();
        assert_eq!(ids(&data["meetings"]), meetings, "{}: meetings", self.who);
        let own = rows
            .meetings
            .iter()
            .filter(|m| asker.me.is_some_and(|me| involves(m, me)));
        assert_eq!(
            ids(&data["viewer"]["own"]),
            own.map(|m| global('m', m.id)).collect(),
            "{}: own meetings",
            self.who
        );
        let peers = rows.peers.iter().filter(|e| rows.peer(asker, e) && e.state != "ENDED");
        assert_eq!(
            ids(&data["viewer"]["peers"]),
            peers.map(|e| global('e', e.id)).collect(),
            "{}: peers",
            self.who
        );
        let sent: BTreeSet<_> = rows
            .kudos
            .iter()
            .filter(|k| got(asker, k))
            .map(|k| global('k', k.id))
            .collect();
        assert_eq!(ids(&data["viewer"]["kudos"]), sent, "{}: kudos", self.who);
        let suggestions = rows.suggestions.iter().filter(|s| rows.suggestion(asker, s));
        let suggestions: BTreeSet<_> = suggestions.map(|s| global('s', s.id)).collect();
        assert_eq!(ids(&data["suggestions"]), suggestions, "{}: suggestions", self.who);
        for (kind, all) in [("m", &meetings), ("s", &suggestions)] {
            let parts = data
                .as_object()
                .unwrap()
                .iter()
                .filter(|(name, _)| name.starts_with(kind) && name[1..].chars().all(|c| c.is_ascii_uppercase()));
            let parts: Vec<_> = parts.map(|(_, list)| ids(list)).collect();
            assert_eq!(
                parts.iter().map(BTreeSet::len).sum::<usize>(),
                all.len(),
                "{}: each has one status",
                self.who
            );
            assert_eq!(
                parts.into_iter().flatten().collect::<BTreeSet<_>>(),
                *all,
                "{}: by status",
                self.who
            );
        }
        for week in ["a", "b", "c", "d"] {
            for told in data["viewer"][week]["suggestions"].as_array().unwrap() {
                assert!(
                    asker.me.is_some() && self.person(&told["leader"]) == asker.me.unwrap(),
                    "{}: week",
                    self.who
                );
            }
        }
    }

    /// Whether a report of a unit names its leaders, all of them, and of everybody else nobody who is not in it. Says how
    /// many it names.
    fn is_report(&self, report: &Value, head: Option<i64>, unit: impl Fn(i64) -> bool) -> usize {
        let rows = self.rows;
        let who = head.and_then(|head| self.people.iter().find(|(_, p)| **p == head));
        assert_eq!(
            report["under"]["id"].as_str(),
            who.map(|(id, _)| id.as_str()),
            "{}: whose",
            self.who
        );
        let led_by = |q: i64| {
            rows.people
                .iter()
                .filter(move |p| rows.above[&p.id].iter().skip(1).any(|above| *above == q))
        };
        let is_active = |person: &&entity::person::Model| person.status == "ACTIVE";
        let leads = |q: i64| led_by(q).any(|person| is_active(&person));
        let active = |q: i64| rows.people.iter().any(|person| person.id == q && is_active(&person));
        let leaders = report["leaders"]["nodes"].as_array().unwrap();
        let people: Vec<_> = leaders.iter().map(|found| found["leader"].clone()).collect();
        let leaders = json!({ "totalCount": report["leaders"]["totalCount"], "nodes": people });
        self.is_list(
            &leaders,
            |q| self.profile(q) && unit(q) && active(q) && leads(q),
            "leaders of a report",
        );
        let waiting = ids(&report["waiting"]);
        let branches = report["groups"]
            .as_array()
            .unwrap()
            .iter()
            .map(|group| group["key"].as_str().unwrap());
        let branches: Vec<_> = branches.filter(|key| !["", "REPORTS"].contains(key)).collect();
        for id in waiting.iter().map(String::as_str).chain(branches) {
            let named = self.people[id];
            assert!(
                self.profile(named) && unit(named),
                "{}: a report of {head:?} names {named}",
                self.who
            );
        }
        people.len() + waiting.len()
    }

    /// Whether a connection holds exactly the people for whom `expected` says so, and counts them right.
    fn is_list(&self, connection: &Value, expected: impl Fn(i64) -> bool, what: &str) {
        let people = self.rows.people.iter().filter(|person| expected(person.id));
        assert_eq!(
            ids(connection),
            people.map(|person| global('p', person.uid)).collect(),
            "{}: {what}",
            self.who
        );
    }
}
