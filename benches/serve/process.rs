//! Child processes: servers that announce their address, commands that are timed, and what memory they take.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Seek as _},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::{Failure, place::Place};

/// The secret of all tokens here.
pub const SECRET: &str = "a secret of the measurements, long enough for HS256";

/// A server that ends with this value.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

/// Memory of a process in bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Memory {
    /// What is resident now.
    pub now: u64,
    /// The most that ever was.
    pub peak: u64,
}

/// What a command took.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// From its start to its end.
    pub time: Duration,
    /// The most that was resident.
    pub peak: u64,
}

/// `skiplevel` over `place`, with nothing but defaults otherwise.
pub fn skiplevel(place: &Place) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_skiplevel"));
    command
        .env_clear()
        .current_dir(place.directory())
        .env("DATABASE_URL", place.url())
        .env("SKIPLEVEL_JWT_SECRET", SECRET)
        .env("SKIPLEVEL_LISTEN", "127.0.0.1:0")
        // A leader here asks as often as a hundred elsewhere.
        .env("SKIPLEVEL_LIMIT_COST_PER_MINUTE", "0");
    command
}

impl Server {
    /// Starts a server that prints its address first.
    pub fn start(mut command: Command) -> Result<Self, Failure> {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line)?;
        }
        let address = line
            .trim()
            .split("http://")
            .nth(1)
            .and_then(|url| url.split('/').next());
        if let Some(address) = address.and_then(|address| address.parse().ok()) {
            return Ok(Self { child, address });
        }
        child.kill()?;
        child.wait()?;
        Err(format!("a server said {line:?} instead of its address").into())
    }

    /// Kills it, as a power cut would.
    pub fn kill(&mut self) -> Result<(), Failure> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// What it takes now.
    pub fn memory(&self) -> Memory {
        memory(self.child.id())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It has nothing to lose, and if it ended by itself, that is as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a command to its end, which must be a good one.
pub fn time(mut command: Command) -> Result<Run, Failure> {
    let mut said = tempfile::tempfile()?;
    command.stdout(said.try_clone()?).stderr(said.try_clone()?);
    let begun = Instant::now();
    let mut child = command.spawn()?;
    let mut peak = 0;
    loop {
        let ended = child.try_wait()?;
        let time = begun.elapsed();
        match ended {
            Some(status) if status.success() => return Ok(Run { time, peak }),
            Some(status) => {
                let mut text = String::new();
                said.rewind()?;
                said.read_to_string(&mut text)?;
                return Err(format!("{command:?} ended with {status}, saying: {text}").into());
            }
            // The peak only rises, so a look now and then is enough.
            None => peak = peak.max(memory(child.id()).peak),
        }
        thread::sleep(Duration::from_millis(2));
    }
}

/// What Linux tells; nothing elsewhere, and of a process that has ended.
fn memory(process: u32) -> Memory {
    let status = fs::read_to_string(Path::new("/proc").join(process.to_string()).join("status")).unwrap_or_default();
    let bytes = |field: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(field));
        let kib = line.and_then(|line| line.trim().strip_suffix(" kB"));
        kib.and_then(|kib| kib.trim().parse::<u64>().ok()).unwrap_or(0) * 1024
    };
    Memory {
        now: bytes("VmRSS:"),
        peak: bytes("VmHWM:"),
    }
}
