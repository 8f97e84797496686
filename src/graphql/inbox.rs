//! What waits for the viewer.

use async_graphql::{Description, Object};

use super::{meeting::Meeting, scalar::DateTime, suggestion::Suggestion, words::Ask};
use crate::app::{self, InboxSubject};

/// Something that waits for the viewer's answer.
#[derive(Clone, Debug, Description)]
pub struct InboxItem(pub(super) app::InboxItem);

#[Object(use_type_description)]
impl InboxItem {
    /// What is asked.
    async fn ask(&self) -> Ask {
        self.0.ask.into()
    }

    /// Until when it should be answered. A suggestion expires then, a meeting can no longer be confirmed after it; a
    /// request only becomes late.
    async fn due_at(&self) -> DateTime {
        DateTime(self.0.due_at)
    }

    /// The suggestion to answer; null where it is about a meeting.
    async fn suggestion(&self) -> Option<Suggestion> {
        match &self.0.about {
            InboxSubject::Suggestion(row) => Some(Suggestion(row.clone())),
            InboxSubject::Meeting(_) => None,
        }
    }

    /// The meeting that it is about; null where it is about a suggestion.
    async fn meeting(&self) -> Option<Meeting> {
        match &self.0.about {
            InboxSubject::Meeting(row) => Some(Meeting(row.clone())),
            InboxSubject::Suggestion(_) => None,
        }
    }
}
