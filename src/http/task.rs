//! The task of a request: on the runtime of the application, apart from the connection that asked for it.

use std::{panic::AssertUnwindSafe, time::Duration};

use futures_util::FutureExt as _;
use tokio::{task::JoinHandle, time::timeout};

use super::server::State;

/// What becomes of work whose client is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Orphan {
    /// It goes on to its end.
    Ends,
    /// It is dropped: nobody needs what it would answer.
    Dropped,
}

/// Why work did not end.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unfinished {
    /// It takes longer than it may. Work that [`Ends`](Orphan::Ends) goes on.
    #[error("the request took longer than {} seconds", .0.as_secs())]
    Late(Duration),
    /// It panicked.
    #[error("panicked: {0}")]
    Panicked(String),
    /// Its task was lost.
    #[error("the task was lost")]
    Lost(#[from] tokio::task::JoinError),
}

/// Runs `work`, and waits for it as long as `time`.
pub(super) async fn run<D, T: Send + 'static>(
    state: &State<D>,
    orphan: Orphan,
    time: Duration,
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, Unfinished> {
    let work = AssertUnwindSafe(work).catch_unwind();
    let task = state.tasks.spawn_on(work, &state.runtime);
    let ended = match orphan {
        Orphan::Ends => timeout(time, task).await,
        Orphan::Dropped => timeout(time, AbortOnDrop(task)).await,
    };
    match ended {
        Ok(Ok(Ok(ended))) => Ok(ended),
        Ok(Ok(Err(panic))) => Err(Unfinished::Panicked(words_of(&*panic))),
        Ok(Err(lost)) => Err(Unfinished::Lost(lost)),
        Err(_) => Err(Unfinished::Late(time)),
    }
}

struct AbortOnDrop<T>(JoinHandle<T>);

impl<T> Future for AbortOnDrop<T> {
    type Output = <JoinHandle<T> as Future>::Output;

    fn poll(mut self: std::pin::Pin<&mut Self>, ctx: &mut std::task::Context<'_>) -> std::task::Poll<Self::Output> {
        self.0.poll_unpin(ctx)
    }
}

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn words_of(panic: &(dyn std::any::Any + Send)) -> String {
    let words = panic.downcast_ref::<&str>().map(ToString::to_string);
    words
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_default()
}
