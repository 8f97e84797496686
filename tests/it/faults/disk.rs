//! SQLite on a disk that is full: reads go on, writes say so, nothing is torn, and room is all that it takes to go on.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, PipeReader, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use serde_json::json;
use tempfile::TempDir;
use tokio::{sync::oneshot, time::timeout};

use super::{NOW, ORGANISATION, load::Load, sound};
use crate::support::{Served, TestDatabase, World, client, server};

/// How a disk comes to be full for one server.
enum Room {
    /// A small file system, and a file that takes up what is left of it.
    Filled(Mounted),
    /// A limit on the size of the files that the server writes: beyond it, the system refuses as a bad disk does.
    Limited,
}

/// A file system in memory of a few megabytes. Dropped, it is gone.
struct Mounted(PathBuf);

impl Mounted {
    /// Only the administrator of a machine may mount.
    fn on(directory: &Path) -> Option<Self> {
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=24m", "tmpfs"]).arg(directory);
        let done = mount
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success());
        done.then(|| Self(directory.to_owned()))
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

impl Room {
    /// From now on the server finds no more room, but for a little.
    fn end(&self, directory: &Path, served: &Served) {
        match self {
            Self::Filled(place) => {
                let mut ballast = File::create(place.0.join("ballast")).unwrap();
                while ballast.write_all(&[1; 4096]).is_ok() {}
            }
            Self::Limited => {
                let log = fs::metadata(directory.join("test.db-wal")).unwrap();
                limit(served, &(log.len() + 60_000).to_string());
            }
        }
    }

    /// There is room again.
    fn begin_again(&self, served: &Served) {
        match self {
            Self::Filled(place) => fs::remove_file(place.0.join("ballast")).unwrap(),
            Self::Limited => limit(served, "unlimited"),
        }
    }
}

/// Sets the size beyond which the server's files do not grow, in bytes.
fn limit(served: &Served, bytes: &str) {
    let process = format!("--pid={}", served.id());
    let done = Command::new("prlimit")
        .args([process, format!("--fsize={bytes}:unlimited")])
        .status();
    assert!(
        done.is_ok_and(|status| status.success()),
        "prlimit is needed: it comes with util-linux"
    );
}

/// The same command, to which files that may not grow are an error and not the end.
fn patient(command: &Command) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""]);
    shell.arg(command.get_program()).args(command.get_args()).env_clear();
    shell.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    shell.stdin(Stdio::null());
    shell
}

/// The first line of a log that speaks of something that may pass. The rest is read too, so that the log never waits.
fn listen(log: PipeReader) -> oneshot::Receiver<String> {
    let (tell, told) = oneshot::channel();
    std::thread::spawn(move || {
        let mut lines = BufReader::new(log).lines().map_while(Result::ok);
        if let Some(line) = lines.find(|line| line.contains("may pass")) {
            let _ = tell.send(line);
        }
        lines.for_each(drop);
    });
    told
}

async fn survives(room: Room, directory: &Path) {
    let file = directory.join("test.db");
    let url = format!("sqlite://{}?mode=rwc", file.display());
    let world = World::of(TestDatabase::at(url), ORGANISATION, NOW).await;
    let (log, end) = std::io::pipe().unwrap();
    let mut command = patient(&server(&world));
    command.env("SKIPLEVEL_LOG", "warn").stderr(end);
    let served = Served::of(command);
    let told = listen(log);
    let mut load = Load::start(&world, &served.address, "room").await;
    load.acknowledges(8).await;
    room.end(directory, &served);
    // Until a write is refused, which the log tells and the client is not told.
    let words = match room {
        Room::Filled(_) => "the disk of the database is full",
        Room::Limited => "the database cannot answer now",
    };
    let refused = Duration::from_secs(20);
    let told = timeout(refused, told).await.expect("a refused write").unwrap();
    assert!(told.contains("SERVICE_UNAVAILABLE") && told.contains(words), "{told}");
    let read = json!({ "query": "{ viewer { person { name } } people(first: 100) { nodes { name lastHeard } } }" });
    let ada = world.token("ada", &[]);
    for _ in 0..10 {
        let request = client().post(served.url("/graphql")).bearer_auth(&ada).json(&read);
        let answer: serde_json::Value = request.send().await.unwrap().json().await.unwrap();
        assert_eq!(answer["data"]["viewer"]["person"]["name"], "ada", "{answer:#}");
        assert!(answer.get("errors").is_none(), "{answer:#}");
    }
    room.begin_again(&served);
    load.acknowledges(8).await;
    let ledger = load.end().await;
    assert!(ledger.not_now > 0 && ledger.acknowledged() >= 16);
    ledger.holds(&world, &served.address).await;
    assert_eq!(served.stop("-TERM").0, Some(0));
    sound(&world.database.raw().await).await;
}

/// Where nothing may be mounted, this is the same as the other one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_is_full() {
    let directory = TempDir::new().unwrap();
    let room = Mounted::on(directory.path()).map_or(Room::Limited, Room::Filled);
    survives(room, directory.path()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_refuses_to_write() {
    let directory = TempDir::new().unwrap();
    survives(Room::Limited, directory.path()).await;
}
