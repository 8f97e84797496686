//! The walls: on organisations at random every door of the API shows each viewer exactly what an oracle of a few plain
//! lines says, and what is out of reach answers, byte for byte and statement for statement, like what does not exist.

mod doors;
mod oracle;
mod organisation;

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use serde_json::{Value, json};
use skiplevel::{auth::token::Role, graphql::preflight::QueryLimits, http::Limits};

use self::{
    doors::{Keys, global, unknown},
    oracle::{Asker, Rows, involves, is_profile},
    organisation::{NOW, external, plant, read},
};
use crate::support::{Options, TestDatabase, World};

/// A viewer at the doors of an organisation, with what the oracle says they may see.
struct Visit<'a> {
    world: &'a World,
    rows: &'a Rows,
    asker: Asker,
    token: String,
    /// Names the organisation and the viewer where a check fails.
    who: String,
    /// What each person is to the viewer.
    sees: HashMap<i64, Option<&'static str>>,
    /// Keys by global id.
    people: HashMap<String, i64>,
}

/// How much was checked. Tests that find nothing to deny, or nothing to show, prove nothing.
#[derive(Debug, Default)]
struct Tally {
    profiles: usize,
    cards: usize,
    walls: usize,
    meetings: usize,
    hidden_meetings: usize,
    suggestions: usize,
    hidden_suggestions: usize,
    lines: usize,
    interim_lines: usize,
    hidden_lines: usize,
}

impl Tally {
    fn check(&self) {
        let people = [self.profiles, self.cards, self.walls];
        let meetings = [
            self.meetings,
            self.hidden_meetings,
            self.suggestions,
            self.hidden_suggestions,
        ];
        let lines = [self.lines, self.hidden_lines];
        let rare = people.iter().chain(&meetings).chain(&lines).min();
        assert!(rare > Some(&50) && self.interim_lines > 5, "{self:?}");
    }
}

macro_rules! organisations {
    ($($name:ident: $database:expr, $seeds:expr;)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            let mut tally = Tally::default();
            for seed in $seeds {
                visit_all($database, seed, &mut tally).await;
            }
            tally.check();
        }
    )*};
}

organisations! {
    every_door_agrees_with_the_oracle_1: TestDatabase::sqlite(), 1..9;
    every_door_agrees_with_the_oracle_2: TestDatabase::sqlite(), 9..17;
    every_door_agrees_with_the_oracle_3: TestDatabase::sqlite(), 17..25;
    every_door_agrees_with_the_oracle_on_postgres: TestDatabase::postgres().await, 28..33;
}

async fn visit_all(database: TestDatabase, seed: u64, tally: &mut Tally) {
    let database = Arc::new(database);
    // The limits on size have tests of their own; here one document knocks at every door.
    let query = QueryLimits {
        bytes: 1 << 20,
        nodes: 1 << 20,
        root_fields: 1000,
        aliases: 1000,
        cost: 1 << 30,
        ..QueryLimits::default()
    };
    let limits = Limits {
        query,
        body: 1 << 20,
        ..Limits::default()
    };
    let world = World::start(
        database.clone(),
        NOW,
        &Options {
            limits,
            ..Options::default()
        },
    )
    .await;
    let raw = database.raw().await;
    plant(&raw, seed).await;
    // The first request derives the chart of today, and acts on leavers and moves.
    world.admin("{ viewer { roles } }", json!({})).await;
    let rows = read(&raw).await;
    let visit = |asker: Asker, token: String| {
        let who = format!("organisation {seed}, {asker:?}");
        let sees = rows
            .people
            .iter()
            .map(|person| (person.id, rows.sees(asker, person.id)))
            .collect();
        let people = rows
            .people
            .iter()
            .map(|person| (global('p', person.uid), person.id))
            .collect();
        Visit {
            world: &world,
            rows: &rows,
            asker,
            token,
            who,
            sees,
            people,
        }
    };
    let mut visits = vec![
        visit(
            Asker { me: None, admin: true },
            world.token("hr-admin", &[Role::HrAdmin]),
        ),
        visit(
            Asker { me: None, admin: false },
            world.token("machine", &[Role::Integration]),
        ),
    ];
    let present: Vec<_> = rows
        .people
        .iter()
        .map(|person| person.id)
        .filter(|p| rows.is_present(*p))
        .collect();
    for p in &present {
        visits.push(visit(
            Asker {
                me: Some(*p),
                admin: false,
            },
            world.token(&external(*p), &[]),
        ));
    }
    let last = *present
        .last()
        .expect("the first person of every seed is present or somebody else is");
    visits.push(visit(
        Asker {
            me: Some(last),
            admin: true,
        },
        world.token(&external(last), &[Role::HrAdmin]),
    ));
    for visit in &visits {
        visit.at_people(tally).await;
        visit.at_objects(tally).await;
        visit.at_lists().await;
    }
    for (number, visit) in visits.iter().enumerate() {
        // Each mutation takes a transaction: a few viewers of each organisation will do.
        if number < 4 || number + 1 == visits.len() {
            visit.cannot_touch_what_is_out_of_reach().await;
        }
    }
    nobody_is_told_apart(&world, &rows).await;
}

impl Visit<'_> {
    /// Everybody, at every door: those in reach as the oracle says, the others as if they were not there.
    async fn at_people(&self, tally: &mut Tally) {
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
            let with = self
                .rows
                .meetings
                .iter()
                .filter(|m| involves(m, p) && self.rows.meeting(self.asker, m));
            assert_eq!(
                ids(&shown("w")),
                with.map(|m| global('m', m.id)).collect(),
                "{}: meetings with {p}",
                self.who
            );
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

    /// Every meeting, suggestion and line by its id.
    async fn at_objects(&self, tally: &mut Tally) {
        let (asker, rows) = (self.asker, self.rows);
        let meetings = rows
            .meetings
            .iter()
            .map(|m| ('m', global('m', m.id), rows.meeting(asker, m)));
        let suggestions = rows
            .suggestions
            .iter()
            .map(|s| ('s', global('s', s.id), rows.suggestion(asker, s)));
        let lines = rows
            .lines
            .iter()
            .map(|line| ('l', global('l', line.id), rows.line(asker, line)));
        let all: Vec<_> = meetings.chain(suggestions).chain(lines).collect();
        for (kind, _, near) in &all {
            *match (kind, near) {
                ('m', true) => &mut tally.meetings,
                ('m', false) => &mut tally.hidden_meetings,
                ('s', true) => &mut tally.suggestions,
                ('s', false) => &mut tally.hidden_suggestions,
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
    async fn at_lists(&self) {
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

        let meetings: BTreeSet<_> = rows
            .meetings
            .iter()
            .filter(|m| rows.meeting(asker, m))
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

    /// Mutations of what is out of reach: the same mistakes as of what is not there, and nothing is changed. Of what
    /// is in reach: any other answer.
    async fn cannot_touch_what_is_out_of_reach(&self) {
        let (asker, rows) = (self.asker, self.rows);
        let nothing = doors::mutations(&unknown('p', 1), &unknown('m', 1), &unknown('s', 1));
        let person = rows.people.iter().find(|person| self.sees[&person.id].is_none());
        // What an HR admin may read of others is not theirs to answer.
        let meeting = rows
            .meetings
            .iter()
            .find(|m| asker.me.is_none_or(|me| !involves(m, me)));
        let suggestion = rows.suggestions.iter().find(|s| asker.me != Some(s.leader_id));
        let far = doors::mutations(
            &person.map_or_else(|| unknown('p', 2), |person| global('p', person.uid)),
            &meeting.map_or_else(|| unknown('m', 2), |meeting| global('m', meeting.id)),
            &suggestion.map_or_else(|| unknown('s', 2), |suggestion| global('s', suggestion.id)),
        );
        let raw = self.world.database.raw().await;
        let before = read(&raw).await;
        self.is_a_wall(&far, &nothing).await;
        let after = read(&raw).await;
        assert!(
            before.meetings == after.meetings && before.suggestions == after.suggestions,
            "{}: changed",
            self.who
        );
        let answer = self.world.ask_as(&self.token, &nothing, json!({})).await;
        if asker.me.is_none() {
            assert_eq!(
                answer["errors"][0]["extensions"]["code"], "FORBIDDEN",
                "{}: {answer:#}",
                self.who
            );
            return;
        }
        for (field, told) in answer["data"].as_object().unwrap() {
            assert_eq!(
                told["userErrors"][0]["code"], "NOT_FOUND",
                "{}: {field} {told}",
                self.who
            );
        }
        let person = rows.people.iter().find(|person| self.sees[&person.id].is_some());
        let meeting = rows
            .meetings
            .iter()
            .find(|m| asker.me.is_some_and(|me| involves(m, me)));
        let own = |s: &&entity::suggestion::Model| asker.me == Some(s.leader_id) && rows.suggestion(asker, s);
        let suggestion = rows.suggestions.iter().find(own);
        let near = doors::mutations(
            &person.map_or_else(String::new, |person| global('p', person.uid)),
            &meeting.map_or_else(String::new, |meeting| global('m', meeting.id)),
            &suggestion.map_or_else(String::new, |suggestion| global('s', suggestion.id)),
        );
        let answer = self.world.ask_as(&self.token, &near, json!({})).await;
        for (field, told) in answer["data"]
            .as_object()
            .unwrap_or_else(|| panic!("{}: {answer:#}", self.who))
        {
            let there = match field.as_str() {
                "a" | "b" | "c" => person.is_some(),
                "d" | "e" | "f" => meeting.is_some(),
                _ => suggestion.is_some(),
            };
            assert_eq!(
                told["userErrors"][0]["code"] != "NOT_FOUND",
                there,
                "{}: {field} {told}",
                self.who
            );
        }
    }

    /// Two documents, one of what is out of reach and one of what does not exist: one answer, for one price.
    async fn is_a_wall(&self, far: &str, nothing: &str) {
        self.world.statements();
        let far = self.world.body_as(&self.token, far, json!({})).await;
        let price = self.world.statements();
        let nothing = self.world.body_as(&self.token, nothing, json!({})).await;
        assert_eq!(
            price,
            self.world.statements(),
            "{}: statements betray what is there",
            self.who
        );
        assert_eq!(far, nothing, "{}: the answer betrays what is there", self.who);
    }

    /// The data of an answer without errors, in which everything that is shown may be seen.
    async fn data(&self, document: &str) -> Value {
        let answer = self.world.ask_as(&self.token, document, json!({})).await;
        assert!(answer.get("errors").is_none(), "{}: {answer:#}", self.who);
        self.audit(&answer["data"]);
        answer["data"].clone()
    }

    /// Holds everything in an answer, however deep, against the oracle.
    fn audit(&self, value: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.audit(item)),
            Value::Object(fields) => {
                fields.values().for_each(|field| self.audit(field));
                match value["__typename"].as_str() {
                    Some("Person") => self.audit_person(value),
                    Some("Meeting") => {
                        let m = self
                            .rows
                            .meetings
                            .iter()
                            .find(|m| value["id"] == global('m', m.id))
                            .unwrap();
                        assert!(self.rows.meeting(self.asker, m), "{}: {value:#}", self.who);
                    }
                    Some("Suggestion") => {
                        let s = self
                            .rows
                            .suggestions
                            .iter()
                            .find(|s| value["id"] == global('s', s.id))
                            .unwrap();
                        assert!(self.rows.suggestion(self.asker, s), "{}: {value:#}", self.who);
                    }
                    Some("ReportingLine") => {
                        let line = self
                            .rows
                            .lines
                            .iter()
                            .find(|line| value["id"] == global('l', line.id))
                            .unwrap();
                        assert!(self.rows.line(self.asker, line), "{}: {value:#}", self.who);
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }

    fn audit_person(&self, value: &Value) {
        let (p, who) = (self.person(value), &self.who);
        let access = self.sees[&p].unwrap_or_else(|| panic!("{who}: {p} is out of reach: {value:#}"));
        if let Some(told) = value.get("access") {
            assert_eq!(told, access, "{who}: {p}");
        }
        if value.get("managers").is_none() {
            return;
        }
        let profile = is_profile(access);
        for field in ["status", "startDate", "externalIds"] {
            assert_eq!(
                value[field].is_null(),
                !profile,
                "{who}: {field} of {p}, who is {access}"
            );
        }
        for field in ["endDate", "lastHeard"] {
            assert!(
                profile || value[field].is_null(),
                "{who}: {field} of {p}, who is {access}"
            );
        }
        let above = &self.rows.above[&p];
        let shown: Vec<_> = above
            .iter()
            .filter(|q| access != "CARD" && self.sees[q].is_some())
            .copied()
            .collect();
        let managers: Vec<_> = value["managers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|q| self.person(q))
            .collect();
        assert_eq!(managers, shown, "{who}: managers of {p}");
        let manager = (!value["manager"].is_null()).then(|| self.person(&value["manager"]));
        assert_eq!(
            manager,
            above.first().filter(|first| shown.contains(first)).copied(),
            "{who}: manager of {p}"
        );
        let lines = self.rows.lines.iter().filter(|line| profile && line.report_id == p);
        let lines = lines
            .filter(|line| self.rows.line(self.asker, line))
            .map(|line| json!(global('l', line.id)));
        let told = value["reportingLines"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| line["id"].clone());
        assert_eq!(set(told), set(lines), "{who}: lines of {p}");
        let me = self.asker.me;
        let between = |a: i64, b: i64| {
            self.rows.above[&a]
                .iter()
                .position(|above| *above == b)
                .map(|index| index + 1)
        };
        let distance = me.and_then(|me| between(p, me).or(between(me, p)));
        assert_eq!(
            value["distance"].as_u64(),
            distance.map(|lines| lines as u64),
            "{who}: distance of {p}"
        );
        let met = self.rows.meetings.iter().filter(|m| {
            m.status == "HELD" && p != me.unwrap_or(p) && me.is_some_and(|me| involves(m, me) && involves(m, p))
        });
        let newest = met.max_by_key(|m| m.held_at).map(|m| global('m', m.id));
        assert_eq!(
            value["lastMet"]["id"].as_str(),
            newest.as_deref(),
            "{who}: last met {p}"
        );
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

    fn profile(&self, p: i64) -> bool {
        self.sees[&p].is_some_and(is_profile)
    }

    fn person(&self, value: &Value) -> i64 {
        self.people[value["id"]
            .as_str()
            .unwrap_or_else(|| panic!("{}: nobody: {value}", self.who))]
    }
}

/// The ids of a connection's nodes, each once and all of them counted.
fn ids(connection: &Value) -> BTreeSet<String> {
    let nodes = connection["nodes"]
        .as_array()
        .unwrap_or_else(|| panic!("no connection: {connection}"));
    let ids: BTreeSet<_> = nodes
        .iter()
        .map(|node| node["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids.len(), nodes.len(), "somebody stands twice: {connection:#}");
    assert_eq!(
        connection["totalCount"],
        ids.len(),
        "the count is another one: {connection:#}"
    );
    ids
}

fn set(values: impl Iterator<Item = Value>) -> BTreeSet<String> {
    values.map(|value| value.to_string()).collect()
}

/// A token of a leaver, of a future hire and of nobody at all: one answer.
async fn nobody_is_told_apart(world: &World, rows: &Rows) {
    let ask = async |subject: &str| {
        world
            .body_as(&world.token(subject, &[]), "{ viewer { roles } }", json!({}))
            .await
    };
    let (status, body) = ask("q99").await;
    assert!(status == 401 && body.contains("UNAUTHENTICATED"), "{status} {body}");
    for person in rows.people.iter().filter(|person| !rows.is_present(person.id)) {
        assert_eq!(
            ask(&external(person.id)).await,
            (status, body.clone()),
            "{}",
            person.name
        );
    }
}
