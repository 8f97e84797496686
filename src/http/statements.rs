//! How many statements a request takes, whichever of its parts sends them: everything it does is polled in one task.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use tokio::task_local;

task_local! {
    static COUNT: Arc<AtomicU32>;
}

/// What the database calls after each statement, with its text and the time that it took.
pub type StatementCounter = Arc<dyn Fn(&str, Duration) + Send + Sync>;

/// Counts statements for the requests that they belong to.
pub fn statement_counter() -> StatementCounter {
    Arc::new(|_, _| {
        // What the server does by itself belongs to no request.
        let _ = COUNT.try_with(|count| count.fetch_add(1, Ordering::Relaxed));
    })
}

/// Counts the statements of `work`.
pub(super) fn counted<T>(count: Arc<AtomicU32>, work: impl Future<Output = T>) -> impl Future<Output = T> {
    COUNT.scope(count, work)
}
