//! PostgreSQL goes away under load, as a crash would take it, and comes back: on a cluster of the test's own.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use super::{NOW, ORGANISATION, load::Load};
use crate::support::{TestDatabase, World};

/// Starts a cluster, says where it is, crashes it and starts it again for every line it reads, and takes it away at the end.
const KEEPER: &str = "set -euo pipefail
. scripts/postgres.sh
start_postgres -c fsync=on -c synchronous_commit=on
echo \"$postgres_url\"
while read -r _; do
    as_owner \"$postgres_bin/pg_ctl\" restart --pgdata \"$scratch/data\" --log \"$scratch/server.log\" \
        --mode immediate --wait --silent >&2
    echo restarted
done";

/// A PostgreSQL of its own. Dropped, it is gone: whoever keeps it reads no more lines then.
struct Cluster {
    url: String,
    keeper: Child,
    lines: Option<ChildStdin>,
    said: BufReader<ChildStdout>,
}

impl Cluster {
    fn start() -> Self {
        let mut keeper = Command::new("bash")
            .args(["-c", KEEPER, "the tests"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("bash is needed");
        let mut said = BufReader::new(keeper.stdout.take().unwrap());
        let url = line(&mut said);
        assert!(
            url.starts_with("postgres://"),
            "no PostgreSQL was started: see scripts/postgres.sh"
        );
        let lines = keeper.stdin.take();
        Self {
            url,
            keeper,
            lines,
            said,
        }
    }

    /// Ends it as a crash would, and starts it again.
    fn restart(&mut self) {
        writeln!(self.lines.as_mut().unwrap(), "again").unwrap();
        assert_eq!(line(&mut self.said), "restarted");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.lines.take());
        let _ = self.keeper.wait();
    }
}

fn line(said: &mut impl BufRead) -> String {
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    line.trim_end().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_restarts_under_load_and_nothing_acknowledged_is_lost() {
    let mut cluster = tokio::task::block_in_place(Cluster::start);
    let world = World::of(TestDatabase::at(cluster.url.clone()), ORGANISATION, NOW).await;
    let address = world.address.to_string();
    let mut load = Load::start(&world, &address, "restarts").await;
    for _ in 0..2 {
        load.acknowledges(10).await;
        tokio::task::block_in_place(|| cluster.restart());
    }
    // By itself: the server is the one that was there before.
    load.acknowledges(10).await;
    let ledger = load.end().await;
    assert!(ledger.not_now > 0, "nobody noticed");
    ledger.holds(&world, &address).await;
}
