//! The program itself: arguments, files, exit codes, and a server that starts and stops.

mod backup;
mod documents;
mod log;

use std::{
    io::{BufRead, BufReader, Read, Write},
    process::{Child, Command, Output, Stdio},
};

use expect_test::{Expect, expect};
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, Database};
use serde_json::{Value, json};

const SECRET: &str = "a secret of the tests, long enough for HS256";

/// A directory with a database of its own, and the program in it.
struct Place {
    directory: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self {
            directory: tempfile::tempdir().unwrap(),
        }
    }

    /// A file of the place.
    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> &Self {
        std::fs::write(self.directory.path().join(name), bytes).unwrap();
        self
    }

    /// Everything in the database, written down in the same way whatever its log still holds.
    async fn contents(&self, file: &str) -> Vec<u8> {
        let place = |file: &str| self.directory.path().join(file).display().to_string();
        let database = Database::connect(format!("sqlite://{}", place("test.db")))
            .await
            .unwrap();
        let copy = format!("VACUUM INTO '{}'", place(file));
        database.execute_unprepared(&copy).await.unwrap();
        database.close().await.unwrap();
        std::fs::read(place(file)).unwrap()
    }

    /// The program with these arguments, parted by blanks, in an environment of its own.
    fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_skiplevel"));
        command
            .args(arguments.split_whitespace())
            .current_dir(self.directory.path())
            .env_clear()
            .env("DATABASE_URL", "sqlite://test.db?mode=rwc")
            .env("SKIPLEVEL_JWT_SECRET", SECRET)
            .env("SKIPLEVEL_LISTEN", "127.0.0.1:0")
            .stdin(Stdio::null());
        command
    }

    fn output(&self, arguments: &str) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// What a command that ends well prints.
    fn prints(&self, arguments: &str) -> String {
        let output = self.output(arguments);
        assert!(output.status.success(), "{arguments}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Exit code and everything printed, of some commands one after the other.
    fn check(&self, commands: &[&str], expected: &Expect) {
        let mut text = String::new();
        for arguments in commands {
            let Output { status, stdout, stderr } = self.output(arguments);
            let (stdout, stderr) = (String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap());
            let code = status.code().unwrap();
            text.extend(["$ ", arguments, "\n", &stdout, &stderr, "= ", &code.to_string(), "\n"]);
        }
        expected.assert_eq(&without_hashes(&text));
    }
}

/// The text without the hashes of plans, which say nothing to a reader.
fn without_hashes(text: &str) -> String {
    let is_hash = |word: &str| word.len() >= 16 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let part = |part: &str| {
        let word = part.trim_end_matches([';', ',']);
        if is_hash(word) {
            part.replace(word, "HASH")
        } else {
            part.to_owned()
        }
    };
    let line = |line: &str| line.split(' ').map(part).collect::<Vec<_>>().join(" ");
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

const PEOPLE: &str = "\
external_id,name,email,title,manager_external_id,start_date
1,Ada Example,ada@example.org,Head,,2020-01-01
2,Bob Example,bob@example.org,Manager,1,2020-01-01
3,Cyd Example,cyd@example.org,Engineer,2,2020-01-01
4,Dee Example,dee@example.org,Engineer,2,2020-01-01
";

const NOW: &str = "--now 2026-01-05T09:00:00Z";

fn import(file: &str, more: &str) -> String {
    format!("import people {file} --source hr {NOW} {more}")
}

#[test]
fn a_scim_token_is_made_listed_and_taken_back() {
    let place = Place::new();
    let secret = place.prints(&format!(
        "scim-token create --source okta --label production --ttl 365d {NOW}"
    ));
    assert!(secret.starts_with("skls_") && secret.trim_end().len() == 69, "{secret}");
    let listed = place.prints(&format!("scim-token list {NOW}"));
    let (id, rest) = listed.trim_end().split_once("  ").unwrap();
    assert_eq!(rest, "okta  until 2027-01-05  made 2026-01-05  never used  production");
    assert_eq!(
        place.prints(&format!("scim-token revoke {id} {NOW}")),
        format!("revoked {id}\n")
    );
    assert_eq!(
        place.prints(&format!("scim-token list {NOW}")),
        listed.replace("until 2027-01-05", "revoked")
    );
    let again = place.output(&format!("scim-token revoke {id} {NOW}"));
    assert_eq!(again.status.code(), Some(1), "{again:?}");
    assert_eq!(
        place.output("scim-token create --source no/source").status.code(),
        Some(64)
    );
}

#[test]
fn note_keys_are_made_changed_and_checked() {
    let place = Place::new();
    let made = place.prints("keys generate notes.keys");
    assert!(made.starts_with("made notes.keys with the key k"), "{made}");
    assert_eq!(
        place.output("keys generate notes.keys").status.code(),
        Some(73),
        "never overwritten"
    );
    let keys = || std::fs::read_to_string(place.directory.path().join("notes.keys")).unwrap();
    let first = keys();
    let verify = || {
        let mut command = place.command("keys verify");
        command.env("SKIPLEVEL_NOTES_KEYS", "notes.keys").output().unwrap()
    };
    place.prints("migrate");
    assert_eq!(place.output("keys verify").status.code(), Some(78), "no file is named");
    assert_eq!(String::from_utf8(verify().stdout).unwrap(), "0 do not open\n");
    // Added and copied about first, then used: no second key is made.
    place.prints(&format!("keys rotate notes.keys {NOW}"));
    let second = keys();
    assert!(second.ends_with(&first) && second.lines().count() == 2);
    place.prints(&format!("keys rotate notes.keys --add-only {NOW}"));
    let third = keys();
    assert!(third.ends_with(&second) && third.lines().count() == 3);
    let rotated = place.prints(&format!("keys rotate notes.keys {NOW}"));
    assert_eq!(keys(), third);
    let name = third.split(':').next().unwrap();
    assert_eq!(rotated, format!("0 texts sealed by {name}, 0 do not open\n"));
    assert!(verify().status.success());
    // The file of another database is not touched.
    place.prints("keys generate other.keys");
    let wrong = place.output(&format!("keys rotate other.keys {NOW}"));
    assert_eq!(wrong.status.code(), Some(78), "{wrong:?}");
    let other = std::fs::read_to_string(place.directory.path().join("other.keys")).unwrap();
    assert_eq!(other.lines().count(), 1);
    // A server does not start with it either.
    let mut serve = place.command(&format!("serve {NOW}"));
    let refused = serve.env("SKIPLEVEL_NOTES_KEYS", "other.keys").output().unwrap();
    assert_eq!(refused.status.code(), Some(78), "{refused:?}");
    assert!(
        String::from_utf8(refused.stderr)
            .unwrap()
            .contains("it is the wrong file")
    );
}

#[test]
fn an_import_is_planned_then_applied() {
    let place = Place::new();
    place.file("people.csv", PEOPLE);
    let (plan, apply) = (import("people.csv", ""), import("people.csv", "--apply"));
    place.check(
        &[&plan, &apply, &plan, &import("missing.csv", "")],
        &expect![[r#"
        $ import people people.csv --source hr --now 2026-01-05T09:00:00Z 
        rows 4: created 4
        created
          1 Ada Example
          2 Bob Example
          3 Cyd Example
          4 Dee Example
        plan HASH; apply with --apply --expect-plan HASH
        = 0
        $ import people people.csv --source hr --now 2026-01-05T09:00:00Z --apply
        rows 4: created 4
        created
          1 Ada Example
          2 Bob Example
          3 Cyd Example
          4 Dee Example
        applied plan HASH
        = 0
        $ import people people.csv --source hr --now 2026-01-05T09:00:00Z 
        rows 4: unchanged 4
        nothing to do
        = 0
        $ import people missing.csv --source hr --now 2026-01-05T09:00:00Z 
        error: missing.csv cannot be read: No such file or directory (os error 2)
        = 2
    "#]],
    );
}

#[test]
fn a_spreadsheets_file_is_read() {
    let place = Place::new();
    let sheet = "\u{feff}Employee ID;Full Name;Supervisor ID;Hire Date\r\n1;Zoë \"Z\" Example;;01.02.2020\r\n\
                 2;\"Example; Yan\";1;01.02.2020\r\n";
    place.file("sheet.csv", sheet);
    let apply = import("sheet.csv", "--apply --date-format %d.%m.%Y");
    place.check(
        &[&apply],
        &expect![[r#"
        $ import people sheet.csv --source hr --now 2026-01-05T09:00:00Z --apply --date-format %d.%m.%Y
        rows 2: created 2
        created
          1 Zoë "Z" Example
          2 Example; Yan
        applied plan HASH
        = 0
    "#]],
    );
}

#[test]
fn what_is_wrong_with_rows_is_said_and_nothing_is_written() {
    let place = Place::new();
    place.file("people.csv", PEOPLE);
    place.prints(&import("people.csv", "--apply"));
    place.file("date.csv", "external_id,name,start_date\n9,Eve Example,31/12/2025\n");
    place.file("nobody.csv", "external_id,name,manager_external_id\n9,Eve Example,77\n");
    place.file("ring.csv", "external_id,name,manager_external_id\n2,Bob Example,3\n");
    place.file("header.csv", "name,title\nEve Example,Engineer\n");
    place.check(
        &[
            &import("date.csv", "--apply"),
            &import("nobody.csv", "--apply"),
            &import("ring.csv", "--apply"),
            &import("header.csv", "--apply"),
            &import("people.csv", "--apply --expect-plan 00"),
            &import("people.csv", ""),
        ],
        &expect![[r#"
            $ import people date.csv --source hr --now 2026-01-05T09:00:00Z --apply
            rows 1: failed 1
            errors
              line 2: INVALID_DATE startDate is not a date from 1900 to 2999 written as YYYY-MM-DD (31/12/2025)
            rejected; nothing was written
            = 1
            $ import people nobody.csv --source hr --now 2026-01-05T09:00:00Z --apply
            rows 1: failed 1
            errors
              line 2: UNKNOWN_MANAGER neither the file nor the database knows the manager (77)
            rejected; nothing was written
            = 1
            $ import people ring.csv --source hr --now 2026-01-05T09:00:00Z --apply
            rows 1: failed 1
            errors
              line 2: MANAGER_CYCLE 2 -> 3 -> 2
            rejected; nothing was written
            = 1
            $ import people header.csv --source hr --now 2026-01-05T09:00:00Z --apply
            the file cannot be used; nothing was written
            errors
              line 1: MISSING_COLUMN there is no column external_id; the file has: name, title (external_id)
            = 2
            $ import people people.csv --source hr --now 2026-01-05T09:00:00Z --apply --expect-plan 00
            rows 4: unchanged 4
            blocked
              PLAN_CHANGED the plan is now HASH, not the one expected
            blocked; nothing was written
            plan HASH; if all of it is right, apply with --apply --expect-plan HASH
            = 4
            $ import people people.csv --source hr --now 2026-01-05T09:00:00Z 
            rows 4: unchanged 4
            nothing to do
            = 0
        "#]],
    );
}

#[test]
fn a_mass_exit_is_held_back_until_somebody_has_looked() {
    let place = Place::new();
    let row = |at: usize, end: &str| {
        format!(
            "{at},P{at} Example,{},2020-01-01,{end}\n",
            if at > 1 { "1" } else { "" }
        )
    };
    let file = |end: &dyn Fn(usize) -> &'static str| {
        let header = "external_id,name,manager_external_id,start_date,end_date\n".to_owned();
        (1..=20).fold(header, |text, at| text + &row(at, end(at)))
    };
    place.file("all.csv", file(&|_| ""));
    place.prints(&import("all.csv", "--apply"));
    place.file("exits.csv", file(&|at| if at > 8 { "2026-01-02" } else { "" }));
    let blocked = place.output(&import("exits.csv", "--apply"));
    assert_eq!(blocked.status.code(), Some(3), "{blocked:?}");
    let applied = place.prints(&import("exits.csv", "--apply --allow-terminations 12"));
    assert!(applied.contains("terminated 12"), "{applied}");
}

#[test]
fn a_week_is_drawn_on_the_terminal() {
    let place = Place::new();
    place.file("people.csv", PEOPLE);
    place.prints(&import("people.csv", "--apply"));
    let (dry, draw) = (format!("draw --dry-run {NOW}"), format!("draw {NOW}"));
    let foretold = place.prints(&dry);
    assert_eq!(foretold, place.prints(&dry), "a dry run stores nothing");
    let drawn = place.prints(&draw);
    assert_eq!(foretold.replace("would be made", "made"), drawn);
    assert!(
        drawn.starts_with("Ada Example -> ") && drawn.contains("(distance 2) Open"),
        "{drawn}"
    );
    assert!(
        drawn.ends_with("2026-W02: 1 suggestions made, 0 empty slots\n"),
        "{drawn}"
    );
    let again = place.prints(&draw);
    assert_eq!(again, drawn.replace("1 suggestions made", "0 suggestions made"));
    let later = place.prints("draw --dry-run --week 2026-W30 --now 2026-07-20T09:00:00Z");
    assert!(later.contains("2026-W30: 1 suggestions would be made"), "{later}");
}

#[test]
fn what_is_no_command_is_refused() {
    let place = Place::new();
    for arguments in [
        "",
        "dance",
        "draw --week 2026-47",
        "draw --now yesterday",
        "import people --apply",
        "token",
    ] {
        let output = place.output(arguments);
        assert_eq!(output.status.code(), Some(64), "{arguments}: {output:?}");
        assert!(output.stdout.is_empty());
    }
    for arguments in ["--help", "draw --help"] {
        assert!(!place.prints(arguments).is_empty());
    }
}

#[test]
fn the_version_names_release_commit_and_schema() {
    let version = Place::new().prints("--version");
    let mut lines = version.lines();
    assert_eq!(lines.next(), Some(concat!("skiplevel ", env!("CARGO_PKG_VERSION"))));
    assert!(lines.next().unwrap().starts_with("commit: "), "{version}");
    let newest = Migrator::migrations().last().unwrap().name().to_owned();
    assert_eq!(lines.next(), Some(format!("schema: {newest}").as_str()));
}

#[test]
fn the_configuration_is_shown_without_secrets() {
    let place = Place::new();
    place.file("skiplevel.toml", "time_zone = \"Pacific/Auckland\"\n");
    let mut command = place.command("config");
    let output = command
        .env("DATABASE_URL", "postgres://ada:hunter22@db.example.org/skiplevel")
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(
        shown.contains("Pacific/Auckland") && shown.contains("db.example.org"),
        "{shown}"
    );
    assert!(!shown.contains("hunter22") && !shown.contains(SECRET), "{shown}");
    let wrong = place
        .command("config")
        .env("SKIPLEVEL_TIME_ZONE", "Atlantis")
        .output()
        .unwrap();
    assert_eq!(wrong.status.code(), Some(78), "{wrong:?}");
    assert!(String::from_utf8(wrong.stderr).unwrap().contains("SKIPLEVEL_TIME_ZONE"));
}

#[test]
fn the_schema_is_printed() {
    let schema = Place::new().prints("schema");
    assert_eq!(schema.trim_end(), skiplevel::graphql::sdl().trim_end());
    assert!(schema.contains("type Mutation"));
}

#[test]
fn migrating_makes_the_database_and_an_unreachable_one_is_said() {
    let place = Place::new();
    place.prints("migrate");
    place.prints("migrate");
    assert!(place.directory.path().join("test.db").exists());
    let output = place
        .command("migrate")
        .env("DATABASE_URL", "sqlite://nowhere/test.db?mode=rwc")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(5), "{output:?}");
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .starts_with("error: could not open the database")
    );
}

/// A running `skiplevel serve`, killed when it is dropped.
struct Served {
    child: Child,
    address: String,
}

impl Served {
    fn start(place: &Place, arguments: &str) -> Self {
        let mut command = place.command(&format!("serve {arguments}"));
        command.stderr(Stdio::piped());
        Self::of(command)
    }

    /// The server that a command starts.
    fn of(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line
            .trim()
            .strip_prefix("skiplevel listens on http://")
            .and_then(|rest| rest.strip_suffix("/graphql"));
        let address = address.unwrap_or_else(|| panic!("{line:?}")).to_owned();
        Self { child, address }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Asks it to end, and returns how it did and what it had logged.
    fn stop(mut self, signal: &str) -> (Option<i32>, String) {
        let kill = Command::new("kill")
            .args([signal, &self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(kill.success());
        let status = self.child.wait().unwrap();
        let mut log = String::new();
        if let Some(mut stderr) = self.child.stderr.take() {
            stderr.read_to_string(&mut log).unwrap();
        }
        (status.code(), log)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn the_server_serves_and_stops_when_asked() {
    let place = Place::new();
    place.file("people.csv", PEOPLE);
    place.prints(&import("people.csv", "--apply"));
    let token = place.prints(&format!("token --sub 1 --ttl 1h {NOW}"));
    for signal in ["-TERM", "-INT"] {
        let served = Served::start(&place, NOW);
        let client = crate::support::client();
        let health: Value = client
            .get(served.url("/healthz"))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        assert_eq!(health["status"], "ok");
        let ready: Value = client
            .get(served.url("/readyz"))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        assert_eq!(
            ready,
            json!({ "status": "ready", "clock held at": "2026-01-05T09:00:00Z" })
        );
        let query = json!({ "query": "{ viewer { person { name } week { suggestions { counterpart { name } } } } }" });
        let mut answer = Value::Null;
        // The server draws by itself as soon as it has started.
        while answer["data"]["viewer"]["week"]["suggestions"][0].is_null() {
            let request = client
                .post(served.url("/graphql"))
                .bearer_auth(token.trim())
                .json(&query);
            answer = request.send().await.unwrap().json().await.unwrap();
            assert_eq!(answer["data"]["viewer"]["person"]["name"], "Ada Example", "{answer:#}");
        }
        let (code, log) = served.stop(signal);
        assert_eq!(code, Some(0), "{signal}: {log}");
        assert!(log.contains("stopping"), "{log}");
        assert!(
            !log.contains(token.trim()) && !log.contains("Ada") && !log.contains(SECRET),
            "{log}"
        );
    }
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = Place::new()
        .command("serve")
        .env("SKIPLEVEL_LISTEN", &address)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(74), "{output:?}");
    assert!(String::from_utf8(output.stderr).unwrap().contains(&address));
}

#[test]
fn people_can_come_from_standard_input() {
    let place = Place::new();
    let mut command = place.command(&import("-", "--apply --format json"));
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(PEOPLE.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["status"], "APPLIED", "{answer:#}");
    assert_eq!(answer["counts"]["created"], 4);
}

#[tokio::test]
async fn a_programme_is_played_on_the_organisation_in_the_database_which_stays_as_it_is() {
    let place = Place::new();
    place.file("people.csv", PEOPLE);
    place.prints(&import("people.csv", "--apply"));
    let before = place.contents("before.db").await;
    let simulate = format!("simulate --weeks 3 --accept 1 --hold 1 {NOW}");
    let answer: Value = serde_json::from_str(&place.prints(&format!("{simulate} --json --svg year.svg"))).unwrap();
    assert!(place.contents("after.db").await == before);
    assert_eq!((&answer["people"], &answer["weeks"]), (&json!(4), &json!(3)));
    let skiplevel = &answer["policies"][2];
    assert_eq!(
        (&skiplevel["policy"], &skiplevel["heard"]),
        (&json!("skiplevel"), &json!(2))
    );
    let svg = std::fs::read_to_string(place.directory.path().join("year.svg")).unwrap();
    assert!(
        svg.starts_with("<svg ") && svg.contains("4 people in the chart, 3 weeks"),
        "{svg}"
    );
    assert!(place.prints(&simulate).contains("most asked of a person in 28 days"));
}

#[test]
fn a_programme_that_cannot_be_played_says_why() {
    Place::new().check(
        &[
            "simulate",
            "simulate --people 20 --levels 9",
            "simulate --levels 3",
            "simulate --people 300 --accept 2",
        ],
        &expect![[r#"
            $ simulate
            error: the database does not have this program's tables yet; run skiplevel migrate
            = 5
            $ simulate --people 20 --levels 9
            error: 20 people in teams of 5 to 9 stand on 3 to 4 levels, not on 9
            = 64
            $ simulate --levels 3
            error: the following required arguments were not provided:
              --people <N>

            Usage: skiplevel simulate --people <N> --levels <N>

            For more information, try '--help'.
            = 64
            $ simulate --people 300 --accept 2
            error: invalid value '2' for '--accept <SHARE>': a share should be a number from 0 to 1, like 0.7

            For more information, try '--help'.
            = 64
        "#]],
    );
}

#[test]
fn what_is_exported_is_imported_without_a_change() {
    let place = Place::new();
    place.file("people.csv", PEOPLE);
    place.prints(&import("people.csv", "--apply"));
    place.prints(&format!("export people --source hr {NOW} out.csv"));
    let out = std::fs::read_to_string(place.directory.path().join("out.csv")).unwrap();
    expect![[r#"
        external_id,name,email,title,department,location,manager_external_id,manager_email,start_date,end_date,status
        1,Ada Example,ada@example.org,Head,,,,,2020-01-01,,active
        2,Bob Example,bob@example.org,Manager,,,1,,2020-01-01,,active
        3,Cyd Example,cyd@example.org,Engineer,,,2,,2020-01-01,,active
        4,Dee Example,dee@example.org,Engineer,,,2,,2020-01-01,,active
    "#]]
    .assert_eq(&out);
    assert_eq!(place.prints(&format!("export people --source hr {NOW}")), out);
    assert!(
        place
            .prints(&import("out.csv", ""))
            .starts_with("rows 4: unchanged 4\n")
    );
    assert_eq!(
        place
            .prints(&format!("export people --source other {NOW}"))
            .lines()
            .count(),
        1
    );
}
