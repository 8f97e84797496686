//! Batches of one request: what resolvers of one level ask for is loaded by one statement.
//!
//! A batch starts when the execution can go no further without it, neither earlier nor after a delay: its task is
//! polled beside the execution, in the same task. So the number of statements depends on the query alone. Loaders
//! live for one request: what they hold, that viewer may see.

use std::{
    collections::HashMap,
    hash::Hash,
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    task::Poll,
    time::Duration,
};

use async_graphql::{
    Response,
    dataloader::{DataLoader, Loader},
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute},
    runtime::Timer,
};
use futures_util::{
    future::{BoxFuture, FutureExt},
    stream::{FuturesUnordered, Stream},
    task::{FutureObj, Spawn, SpawnError},
};
use uuid::Uuid;

use super::error::Fault;
use crate::{
    app::{AgendaFound, KudosFound, LineRow, MeetingRow, PersonFound, Session, SuggestionRow, SyncRunRow, WebhookRow},
    domain::{
        Date,
        person::{PersonKey, Spell},
    },
};

/// The loader of a request.
pub(super) type Batches = DataLoader<Batch>;

/// Loads what one request asks for.
pub(super) struct Batch(Session);

/// Tasks that wait for the execution to pause.
#[derive(Clone, Default)]
pub(super) struct Queue(Arc<Mutex<Vec<FutureObj<'static, ()>>>>);

impl Queue {
    /// The loader of `session`, with its tasks in this queue.
    pub(super) fn loader(&self, session: Session) -> Batches {
        // More keys than a query may ask for: a batch is never cut in two.
        DataLoader::new(Batch(session), self.clone(), NoDelay)
            .delay(Duration::ZERO)
            .max_batch_size(100_000)
    }

    fn take(&self) -> Vec<FutureObj<'static, ()>> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Spawn for Queue {
    fn spawn_obj(&self, future: FutureObj<'static, ()>) -> Result<(), SpawnError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(future);
        Ok(())
    }
}

struct NoDelay;

impl Timer for NoDelay {
    fn delay(&self, _: Duration) -> BoxFuture<'static, ()> {
        std::future::ready(()).boxed()
    }
}

/// Polls the request's batches beside its execution.
pub(super) struct Batching;

impl ExtensionFactory for Batching {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait::async_trait]
impl Extension for Batching {
    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        let Ok(queue) = ctx.data::<Queue>() else {
            return next.run(ctx, operation_name).await;
        };
        let queue = queue.clone();
        let mut execution = pin!(next.run(ctx, operation_name));
        let mut running = FuturesUnordered::new();
        std::future::poll_fn(|task| {
            loop {
                if let Poll::Ready(response) = execution.as_mut().poll(task) {
                    return Poll::Ready(response);
                }
                running.extend(queue.take());
                // A batch that ended has woken resolvers: the execution goes first again.
                match pin!(&mut running).poll_next(task) {
                    Poll::Ready(Some(())) => {}
                    Poll::Ready(None) | Poll::Pending => return Poll::Pending,
                }
            }
        })
        .await
    }
}

macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident($key:ty) => $value:ty, |$session:ident, $ids:ident| $load:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(super) struct $name(pub(super) $key);

        impl Loader<$name> for Batch {
            type Value = $value;
            type Error = Fault;

            async fn load(&self, keys: &[$name]) -> Result<HashMap<$name, $value>, Fault> {
                let $session = &self.0;
                let $ids: Vec<$key> = keys.iter().map(|key| key.0).collect();
                Ok(wrap($load, $name))
            }
        }
    )*};
}

keys! {
    /// A person by key.
    Card(PersonKey) => PersonFound, |session, ids| session.cards(&ids).await?;
    /// The viewer's newest HELD meeting with a person.
    LastMet(PersonKey) => MeetingRow, |session, ids| session.last_met(&ids).await?;
    /// When a person was last heard.
    LastHeard(PersonKey) => Date, |session, ids| session.last_heard(&ids).await?;
    /// The external ids of a person.
    ExternalIds(PersonKey) => Vec<(String, String)>, |session, ids| session.external_ids(&ids).await?;
    /// The spells of employment of a person.
    Spells(PersonKey) => Vec<Spell>, |session, ids| session.spells(&ids).await?;
    /// The reporting lines of a person.
    Lines(PersonKey) => Vec<LineRow>, |session, ids| by_report(session.reporting_lines(&ids).await?);
    /// A suggestion by id.
    SuggestionOf(Uuid) => SuggestionRow, |session, ids| session.suggestions_by_id(ids).await?;
    /// A meeting by id.
    MeetingById(Uuid) => MeetingRow, |session, ids| session.meetings_by_id(ids).await?;
    /// The agenda of a meeting.
    AgendaOf(Uuid) => Vec<AgendaFound>, |session, ids| session.agendas(ids).await?;
    /// The viewer's own thank-yous from a meeting.
    KudosFrom(Uuid) => Vec<KudosFound>, |session, ids| session.own_kudos(ids).await?;
    /// A webhook by id.
    WebhookById(Uuid) => WebhookRow, |session, ids| session.webhooks_by_id(ids).await?;
    /// An import by its number.
    RunOf(i64) => SyncRunRow, |session, ids| session.sync_runs_by_number(ids).await?;
    /// The meeting of a suggestion.
    MeetingOf(Uuid) => MeetingRow, |session, ids| session.meetings_of_suggestions(ids).await?;
}

fn wrap<K, W: Eq + Hash, V>(found: HashMap<K, V>, name: impl Fn(K) -> W) -> HashMap<W, V> {
    found.into_iter().map(|(key, value)| (name(key), value)).collect()
}

fn by_report(lines: Vec<LineRow>) -> HashMap<PersonKey, Vec<LineRow>> {
    let mut by_report: HashMap<_, Vec<_>> = HashMap::new();
    for line in lines {
        by_report.entry(line.report).or_default().push(line);
    }
    by_report
}
