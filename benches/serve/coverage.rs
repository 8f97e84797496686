//! The first coverage report of a server, of a large organisation with a year of meetings behind it.

use std::time::Duration;

use skiplevel::auth::token::Role;

use super::{
    Failure,
    load::{once, request},
    place::Place,
    process::Run,
    queries::server,
    report::{Report, Took},
    say,
    world::token,
};

/// Skip-levels that stand in the database, at least.
const MEETINGS: usize = 400_000;

/// How many servers are asked; the middle one counts.
const SERVERS: usize = 5;

/// What the page of reports shows an HR admin.
const REPORT: &str = "query Coverage { coverage { asOf total { population heard share waitDaysMax waitDaysP90 waitDaysMedian } \
    groups { key label population heard share waitDaysMax } trend { month held share possible } \
    waiting(first: 20) { nodes { name } } leaders(first: 20) { nodes { leader { name } population coverage adherence } } \
    load { mostInAWeek buckets { meetings people } } peers { people fresh due late never } } }";

/// Asks servers that have just started, each once.
pub fn measure(place: &Place, people: usize, report: &mut Report) -> Result<(), Failure> {
    let meetings = fill(place)?;
    say(&format!(
        "the first report of {people} people and {meetings} skip-levels, {}",
        place.name()
    ));
    let request = request(&token("admin", &[Role::HrAdmin])?, REPORT);
    let mut runs: Vec<Run> = Vec::with_capacity(SERVERS);
    for _ in 0..SERVERS {
        let server = server(place)?;
        // The connections are open when the server says where it listens; what it does by itself at its start is not its answer.
        std::thread::sleep(Duration::from_secs(2));
        runs.push(Run {
            time: once(server.address, &request)?,
            peak: server.memory().peak,
        });
    }
    runs.sort_unstable_by_key(|run| run.time);
    report.took.push(Took {
        what: "first coverage report",
        people,
        database: Some(place.name()),
        run: runs[SERVERS / 2],
    });
    Ok(())
}

/// Adds skip-levels like those that are there, a week earlier each time, until they are enough.
fn fill(place: &Place) -> Result<usize, Failure> {
    let id = if place.is_on_a_server() {
        "gen_random_uuid()"
    } else {
        "randomblob(16)"
    };
    let held = "kind = 'SKIP_LEVEL' AND status = 'HELD'";
    let begun = place.count(&format!("SELECT COUNT(*) AS number FROM meeting WHERE {held}"))?;
    let mut meetings = begun;
    let mut weeks = 0;
    while meetings < MEETINGS {
        weeks += 1;
        let day = if place.is_on_a_server() {
            format!("day - {}", 7 * weeks)
        } else {
            format!("date(day, '-{} days')", 7 * weeks)
        };
        place.execute(&format!(
            "INSERT INTO meeting (id, leader_id, counterpart_id, kind, status, origin, distance, branch_id, band, day, created_at) \
             SELECT {id}, leader_id, counterpart_id, kind, status, origin, distance, branch_id, band, {day}, created_at \
             FROM meeting WHERE {held} AND starts_at IS NOT NULL LIMIT {}",
            MEETINGS - meetings
        ))?;
        let now = place.count(&format!("SELECT COUNT(*) AS number FROM meeting WHERE {held}"))?;
        if now == meetings {
            return Err("there are no skip-levels to add more of".into());
        }
        meetings = now;
    }
    place.settle()?;
    Ok(meetings)
}
