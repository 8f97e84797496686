//! Servers that are killed at random moments of an import: all or nothing is left, and the same key then answers.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    process::Command,
    thread,
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use sea_orm::{ConnectionTrait, Database, Statement};
use serde_json::{Value, json};
use skiplevel::{
    auth::token::{NewToken, Role, sign},
    http::Clock,
};

use super::{
    Args, Failure,
    place::Place,
    process::{Server, skiplevel},
    say,
    world::{block_on, config},
};

/// How many servers are killed on each database.
const KILLS: u32 = 20;

/// Rows of the import.
const ROWS: usize = 20_000;

/// Kills servers on each database; fails at the first one that leaves half an import.
pub fn measure(args: &Args) -> Result<(), Failure> {
    let token = admin()?;
    for place in args.places()? {
        let request = request(&token);
        let server = Server::start(serve(&place))?;
        let begun = Instant::now();
        expect(&post(server.address, &request)?, false)?;
        let whole = begun.elapsed();
        let (mut nothing, mut all) = (0, 0);
        for round in 0..KILLS {
            let place = args.another(&place)?;
            let mut server = Server::start(serve(&place))?;
            let address = server.address;
            let sent = thread::spawn({
                let request = request.clone();
                move || post(address, &request).map_err(|failure| failure.to_string())
            });
            // Some of them a little after the usual end, so that the answer is lost and the import is not.
            thread::sleep(whole.mul_f64(rand::random_range(0.02..1.1)));
            server.kill()?;
            let answered = sent.join().map_err(|_| "a request panicked")?.is_ok();
            let people = count(&place)?;
            let server = Server::start(serve(&place))?;
            let again = post(server.address, &request)?;
            match people {
                0 => {
                    nothing += 1;
                    expect(&again, false)?;
                }
                ROWS => {
                    all += 1;
                    expect(&again, true)?;
                }
                some => return Err(format!("kill {round} on {} left {some} people", place.name()).into()),
            }
            if answered && people != ROWS {
                return Err(format!("kill {round} on {} lost what was acknowledged", place.name()).into());
            }
            if count(&place)? != ROWS {
                return Err(format!("the key did not answer after kill {round} on {}", place.name()).into());
            }
        }
        let name = place.name();
        say(&format!(
            "{KILLS} kills on {name}: {nothing} left nothing, {all} left all, every key answered"
        ));
        println!("met   : {KILLS} kills in mid import, {name}: nothing half written; {nothing} nothing, {all} all");
    }
    Ok(())
}

fn serve(place: &Place) -> Command {
    let mut command = skiplevel(place);
    command
        .arg("serve")
        .env("SKIPLEVEL_LIMIT_SYNC_ROWS", ROWS.to_string())
        .env("SKIPLEVEL_LIMIT_STATEMENT_SECONDS", "60")
        .env("SKIPLEVEL_LIMIT_SYNC_BODY_BYTES", (32 * 1024 * 1024).to_string());
    command
}

fn admin() -> Result<String, Failure> {
    let config = config()?;
    let token = NewToken {
        subject: "bench",
        roles: &[Role::HrAdmin],
        source: None,
        lifetime: TimeDelta::hours(8),
    };
    Ok(sign(
        config.tokens.secret()?,
        &config.tokens.rules,
        &token,
        Clock::System.now(),
    )?)
}

fn request(token: &str) -> Vec<u8> {
    let row = |at: usize| {
        let manager = (at > 0).then(|| format!("p{}", (at - 1) / 7));
        json!({ "externalId": format!("p{at}"), "name": format!("Person {at}"), "startDate": "2020-01-06",
            "email": format!("p{at}@example.org"), "managerExternalId": manager })
    };
    let rows: Vec<Value> = (0..ROWS).map(row).collect();
    let query = "mutation($input: SyncPeopleInput!) { syncPeople(input: $input) { run { status replayed } } }";
    let input = json!({ "source": "hr", "rows": rows, "dryRun": false, "idempotencyKey": "once" });
    let body = json!({ "query": query, "variables": { "input": input } }).to_string();
    let length = body.len();
    format!(
        "POST /graphql HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

/// The body of the answer.
fn post(address: SocketAddr, request: &[u8]) -> Result<Value, Failure> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_mins(2)))?;
    stream.write_all(request)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let body = answer.split_once("\r\n\r\n").map(|(_, body)| body).unwrap_or_default();
    serde_json::from_str(body).map_err(|_| format!("an answer was cut off: {answer:.200}").into())
}

fn expect(answer: &Value, replayed: bool) -> Result<(), Failure> {
    let run = &answer["data"]["syncPeople"]["run"];
    if *run == json!({ "status": "APPLIED", "replayed": replayed }) {
        Ok(())
    } else {
        Err(format!("not the answer expected: {answer}").into())
    }
}

/// How many people there are in a database that is in order.
fn count(place: &Place) -> Result<usize, Failure> {
    block_on(async {
        let connection = Database::connect(place.url()).await?;
        let backend = connection.get_database_backend();
        let ask = async |sql: &str| connection.query_one_raw(Statement::from_string(backend, sql)).await;
        if place.name() == "SQLite" {
            let sound: Option<String> = ask("PRAGMA integrity_check")
                .await?
                .map(|row| row.try_get_by_index(0))
                .transpose()?;
            if sound.as_deref() != Some("ok") {
                return Err(format!("the database is not in order: {sound:?}").into());
            }
        }
        let row = ask("SELECT COUNT(*) FROM person").await?.ok_or("nobody counted")?;
        let people: i64 = row.try_get_by_index(0)?;
        connection.close().await?;
        Ok(usize::try_from(people)?)
    })
}
