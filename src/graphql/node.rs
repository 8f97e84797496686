//! Everything that has a global id.

use std::collections::HashMap;

use async_graphql::{Context, ID, Interface};
use uuid::Uuid;

use super::{
    change::Change,
    error::{ErrorCode, Fault},
    id::{self, NodeKind},
    kudos::Kudos,
    meeting::Meeting,
    note::Note,
    peer::Peer,
    person::{Person, ReportingLine},
    session,
    suggestion::Suggestion,
    sync::SyncRun,
    webhook::Webhook,
};

/// Something with a global id.
#[derive(Clone, Debug, Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Global id: opaque, stable, and good for `node`."))]
pub enum Node {
    /// A person.
    Person(Person),
    /// A reporting line.
    ReportingLine(ReportingLine),
    /// A suggestion.
    Suggestion(Suggestion),
    /// A meeting.
    Meeting(Meeting),
    /// A peer of the viewer's.
    Peer(Peer),
    /// An import.
    SyncRun(SyncRun),
    /// A note on a meeting.
    Note(Note),
    /// A thank-you.
    Kudos(Kudos),
    /// An event of the change feed.
    Change(Change),
    /// A webhook.
    Webhook(Webhook),
}

/// The objects with these ids, in their order; null for each that is out of reach or is not there.
pub(super) async fn nodes(ctx: &Context<'_>, ids: &[ID]) -> Result<Vec<Option<Node>>, Fault> {
    let session = session(ctx)?;
    let most = session.ids_max();
    if u32::try_from(ids.len()).map_or(true, |asked| asked > most) {
        let message = format!("nodes takes at most {most} ids; ask in parts");
        return Err(Fault::new(ErrorCode::BadUserInput, message));
    }
    let asked: Vec<_> = ids.iter().map(id::read).collect();
    let of = |wanted: NodeKind| -> Vec<Uuid> {
        asked
            .iter()
            .flatten()
            .filter(|(kind, _)| *kind == wanted)
            .map(|(_, id)| *id)
            .collect()
    };
    let mut found: HashMap<Uuid, Node> = HashMap::new();
    // One statement for each type that was asked for, whether or not any of it is in reach.
    let people = of(NodeKind::Person);
    if !people.is_empty() {
        found.extend(
            session
                .people_by_uid(people)
                .await?
                .into_iter()
                .map(|(id, row)| (id, Person(row).into())),
        );
    }
    let meetings = of(NodeKind::Meeting);
    if !meetings.is_empty() {
        found.extend(
            session
                .meetings_by_id(meetings)
                .await?
                .into_iter()
                .map(|(id, row)| (id, Meeting(row).into())),
        );
    }
    let suggestions = of(NodeKind::Suggestion);
    if !suggestions.is_empty() {
        let rows = session.suggestions_by_id(suggestions).await?;
        found.extend(rows.into_iter().map(|(id, row)| (id, Suggestion(row).into())));
    }
    let peers = of(NodeKind::Peer);
    if !peers.is_empty() {
        let rows = session.peers_by_id(peers).await?;
        found.extend(rows.into_iter().map(|(id, row)| (id, Peer(row).into())));
    }
    let runs = of(NodeKind::SyncRun);
    if !runs.is_empty() {
        let rows = session.sync_runs_by_id(runs).await?;
        found.extend(rows.into_iter().map(|(id, row)| (id, SyncRun::from(row).into())));
    }
    let notes = of(NodeKind::Note);
    if !notes.is_empty() {
        let rows = session.notes_by_id(notes).await?;
        found.extend(rows.into_iter().map(|(id, row)| (id, Note(row).into())));
    }
    let kudos = of(NodeKind::Kudos);
    if !kudos.is_empty() {
        let rows = session.kudos_by_id(kudos).await?;
        found.extend(rows.into_iter().map(|(id, row)| (id, Kudos(row).into())));
    }
    let changes = of(NodeKind::Change);
    if !changes.is_empty() {
        let rows = session.changes_by_id(changes).await?;
        found.extend(rows.into_iter().map(|(id, row)| (id, Change(row).into())));
    }
    let webhooks = of(NodeKind::Webhook);
    if !webhooks.is_empty() {
        let rows = session.webhooks_by_id(webhooks).await?;
        found.extend(rows.into_iter().map(|(id, row)| (id, Webhook(row).into())));
    }
    let lines = of(NodeKind::ReportingLine);
    if !lines.is_empty() {
        let rows = session.reporting_lines_by_id(lines).await?;
        found.extend(rows.into_iter().map(|row| (row.id, ReportingLine(row).into())));
    }
    Ok(asked
        .into_iter()
        .map(|asked| asked.and_then(|(_, id)| found.get(&id).cloned()))
        .collect())
}
