//! The calendar feed of the viewer, and when they could meet somebody.

use std::ops::Range;

use async_graphql::SimpleObject;
use chrono::Utc;

use super::{payload::UserError, scalar::DateTime};
use crate::auth::calendar::CalendarSecret;

/// A calendar that programs subscribe to by its secret address. Shown to its owner alone, and the address to nobody again.
#[derive(Clone, Debug, SimpleObject)]
pub struct CalendarFeed {
    /// When it got its present address.
    pub(super) created_at: DateTime,
}

/// The calendar feed that was made.
#[derive(Debug, SimpleObject)]
pub struct CreateCalendarFeedPayload {
    /// The path of its address on this server. It is shown this once; whoever has it reads the viewer's calendar.
    path: Option<String>,
    /// What is to be mended; there is nothing.
    user_errors: Vec<UserError>,
}

/// The calendar feed that was taken back.
#[derive(Debug, SimpleObject)]
pub struct RevokeCalendarFeedPayload {
    /// The viewer's feed now: null.
    calendar_feed: Option<CalendarFeed>,
    /// What is to be mended; there is nothing.
    user_errors: Vec<UserError>,
}

impl CreateCalendarFeedPayload {
    pub(super) fn of(secret: &CalendarSecret) -> Self {
        Self {
            path: Some(format!("/calendar/{}.ics", secret.expose())),
            user_errors: vec![],
        }
    }
}

impl RevokeCalendarFeedPayload {
    pub(super) fn done() -> Self {
        Self {
            calendar_feed: None,
            user_errors: vec![],
        }
    }
}

/// A time at which two people could meet.
#[derive(Clone, Debug, SimpleObject)]
pub struct MeetingTime {
    /// When it begins.
    starts_at: DateTime,
    /// When it ends.
    ends_at: DateTime,
}

impl From<Range<chrono::DateTime<Utc>>> for MeetingTime {
    fn from(time: Range<chrono::DateTime<Utc>>) -> Self {
        Self {
            starts_at: DateTime(time.start),
            ends_at: DateTime(time.end),
        }
    }
}
