//! What waits for the viewer: suggestions to answer, requests to answer, meetings to agree on and to confirm.

use chrono::{DateTime, Utc};

use super::{AppError, Session, session::Current};
use crate::{
    domain::{
        inbox::{Ask, OpenMeeting, asks},
        suggestion::SuggestionStatus,
    },
    store::{MeetingRow, PageRequest, SuggestionFilter, SuggestionRow},
};

/// Most suggestions and most meetings that are looked at; nobody has so many open.
const MOST: u64 = 100;

/// Something that waits for the viewer.
#[derive(Clone, Debug)]
pub struct InboxItem {
    /// What is asked.
    pub ask: Ask,
    /// Until when.
    pub due_at: DateTime<Utc>,
    /// What it is about.
    pub about: InboxSubject,
}

/// What an item is about.
#[derive(Clone, Debug)]
pub enum InboxSubject {
    /// A suggestion made to the viewer.
    Suggestion(SuggestionRow),
    /// A meeting of the viewer's.
    Meeting(MeetingRow),
}

impl Session {
    /// What waits for the viewer, the most urgent first; nothing for whoever is not in today's chart.
    pub async fn inbox(&self) -> Result<Vec<InboxItem>, AppError> {
        let current = self.current().await?;
        let Current { snapshot, viewer, .. } = &*current;
        let Some(me) = viewer.key() else { return Ok(vec![]) };
        let settings = current.settings().await?;
        let filter = SuggestionFilter {
            status: Some((SuggestionStatus::Open, self.now())),
            leader: Some(me),
            ..SuggestionFilter::default()
        };
        let page = PageRequest {
            size: MOST,
            backward: false,
            after: None,
            before: None,
        };
        let open = snapshot
            .suggestions(&viewer.suggestions(), &viewer.cards(), &filter, &page)
            .await?;
        let mut items: Vec<InboxItem> = open.rows.into_iter().map(|(_, row)| self.to_answer(row)).collect();
        for (row, created_at) in snapshot.open_meetings(&viewer.meetings(), self.now(), MOST).await? {
            let facts = OpenMeeting {
                leader: row.leader,
                origin: row.origin,
                starts_at: row.starts_at,
                ends_at: row.ends_at,
                created_at,
            };
            if let Some((ask, due_at)) = asks(&facts, me, self.now(), settings) {
                let about = InboxSubject::Meeting(self.aged(row, settings));
                items.push(InboxItem { ask, due_at, about });
            }
        }
        items.sort_by_key(|item| (item.due_at, item.ask));
        Ok(items)
    }

    fn to_answer(&self, row: SuggestionRow) -> InboxItem {
        InboxItem {
            ask: Ask::AnswerSuggestion,
            due_at: row.expires_at,
            about: InboxSubject::Suggestion(self.aged_suggestion(row)),
        }
    }
}
