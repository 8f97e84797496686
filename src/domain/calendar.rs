//! What a calendar is told of a 1:1: that there is one, and when. Notes and agendas never reach this module.
//!
//! Times are instants and stay so: a 1:1 does not recur, so no rule of a time zone is needed to say when it is, and every
//! calendar shows an instant in the zone of whoever looks.

pub mod hours;
pub mod times;

use std::ops::Range;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{Date, meeting::MeetingStatus};

/// Most events of a feed.
pub const MOST_EVENTS: u64 = 1000;

const BACK: TimeDelta = TimeDelta::days(90);
const AHEAD: TimeDelta = TimeDelta::days(366);
/// How long a meeting that was called off is still told, so that everybody who reads the feed now and then drops it.
const CALLED_OFF: TimeDelta = TimeDelta::days(30);

/// What stands in the title for the name of the other one.
const NAME: &str = "{name}";

/// A meeting with an agreed time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appointment {
    /// Public id of the meeting.
    pub meeting: Uuid,
    /// How often it was moved or called off.
    pub sequence: u32,
    /// Agreed start.
    pub starts_at: DateTime<Utc>,
    /// Agreed end.
    pub ends_at: DateTime<Utc>,
    /// Whether it takes place.
    pub state: EventState,
}

/// Whether an event takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventState {
    /// It does, or did.
    Confirmed,
    /// It was called off or declined; a calendar does not tell which.
    Cancelled,
}

/// One of the two, as the other one knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// Full name.
    pub name: String,
    /// Work e-mail.
    pub email: Option<String>,
}

/// One of the two, who can be written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attendee {
    /// Full name.
    pub name: String,
    /// Work e-mail.
    pub email: String,
}

/// What is to be done with the events of a calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Take them in.
    Publish,
    /// Invite, or move what was invited to.
    Request,
    /// Call off what was invited to.
    Cancel,
}

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When, and how often that has changed.
    pub appointment: Appointment,
    /// Its title.
    pub title: String,
    /// Who invites and who is invited; none where nobody is.
    pub invited: Option<(Attendee, Attendee)>,
}

/// Events for one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// What is to be done with them.
    pub method: Method,
    /// The events.
    pub events: Vec<Event>,
}

/// Which meetings a feed tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// Those that start within it ...
    pub starts: Range<DateTime<Utc>>,
    /// ... unless they were called off before this day.
    pub called_off_since: Date,
}

impl Window {
    /// The window of a feed that is read at `now`, which is on `today`.
    pub fn at(now: DateTime<Utc>, today: Date) -> Self {
        Self {
            starts: now - BACK..now + AHEAD,
            called_off_since: today - CALLED_OFF,
        }
    }
}

impl Appointment {
    /// The event that one of the two sees in their feed; `other` is the other one's name.
    pub fn published(self, title: &str, other: &str) -> Event {
        Event {
            appointment: self,
            title: title.replace(NAME, other),
            invited: None,
        }
    }

    /// The invitation to it, in the words of the one to whom `other` is the other one. An invitation is from somebody to
    /// somebody: where one of the two has no address, it is a plain event.
    pub fn invitation(self, title: &str, other: &str, leader: Party, counterpart: Party) -> Calendar {
        let invited = leader.attendee().zip(counterpart.attendee());
        let method = match (&invited, self.state) {
            (None, _) => Method::Publish,
            (Some(_), EventState::Confirmed) => Method::Request,
            (Some(_), EventState::Cancelled) => Method::Cancel,
        };
        let event = Event {
            invited,
            ..self.published(title, other)
        };
        Calendar {
            method,
            events: vec![event],
        }
    }
}

impl Party {
    fn attendee(self) -> Option<Attendee> {
        let name = self.name;
        self.email.map(|email| Attendee { name, email })
    }
}

impl EventState {
    /// What calendars make of a meeting's status.
    pub fn of(status: MeetingStatus) -> Self {
        match status {
            MeetingStatus::Scheduled | MeetingStatus::Held | MeetingStatus::Unconfirmed => Self::Confirmed,
            MeetingStatus::Cancelled | MeetingStatus::Declined => Self::Cancelled,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn appointment(state: EventState) -> Appointment {
        let at = |text: &str| text.parse().unwrap();
        Appointment {
            meeting: Uuid::from_u128(1),
            sequence: 2,
            starts_at: at("2026-03-02T09:00:00Z"),
            ends_at: at("2026-03-02T09:30:00Z"),
            state,
        }
    }

    fn party(name: &str, email: Option<&str>) -> Party {
        Party {
            name: name.to_owned(),
            email: email.map(str::to_owned),
        }
    }

    #[test]
    fn a_title_names_the_other_one_where_it_is_told_to() {
        let title = |title| appointment(EventState::Confirmed).published(title, "Ada").title;
        assert_eq!(title("1:1"), "1:1");
        assert_eq!(title("{name}: talk with {name}"), "Ada: talk with Ada");
    }

    #[test]
    fn an_invitation_needs_two_addresses() {
        let method = |state, leader, counterpart| {
            let (leader, counterpart) = (party("Ada", leader), party("Bob", counterpart));
            let calendar = appointment(state).invitation("1:1", "Bob", leader, counterpart);
            (calendar.method, calendar.events[0].invited.is_some())
        };
        let (ada, bob) = (Some("ada@example.org"), Some("bob@example.org"));
        assert_eq!(method(EventState::Confirmed, ada, bob), (Method::Request, true));
        assert_eq!(method(EventState::Cancelled, ada, bob), (Method::Cancel, true));
        assert_eq!(method(EventState::Confirmed, ada, None), (Method::Publish, false));
        assert_eq!(method(EventState::Cancelled, None, bob), (Method::Publish, false));
    }
}
