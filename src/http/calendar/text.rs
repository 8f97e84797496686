//! A calendar as text (RFC 5545), with the properties that invitations need (RFC 5546).

use std::fmt::Write as _;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use icalendar::{Component as _, EventLike as _, EventStatus, Property};
use sha2::{Digest, Sha256};

use crate::domain::calendar::{Attendee, Calendar, Event, EventState, Method};

/// The calendar as it is written down at `now`. Lines end with CR LF and are folded at 75 bytes.
pub(super) fn write(calendar: &Calendar, now: DateTime<Utc>) -> String {
    let mut written = icalendar::Calendar::empty();
    let own = [
        ("VERSION", "2.0"),
        ("PRODID", "-//skiplevel//1:1 meetings//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", method(calendar.method)),
    ];
    own.into_iter().for_each(|property| {
        written.append_property(property);
    });
    for event in &calendar.events {
        written.push(event_text(event, now));
    }
    written.to_string()
}

/// The name of a method.
pub(super) fn method(method: Method) -> &'static str {
    match method {
        Method::Publish => "PUBLISH",
        Method::Request => "REQUEST",
        Method::Cancel => "CANCEL",
    }
}

/// Tags what a calendar says. It is weak: the instant at which it was written down counts for nothing.
pub(super) fn etag(calendar: &Calendar) -> String {
    let text = write(calendar, DateTime::UNIX_EPOCH);
    format!("W/\"{}\"", URL_SAFE_NO_PAD.encode(Sha256::digest(text)))
}

fn event_text(event: &Event, now: DateTime<Utc>) -> icalendar::Event {
    let at = &event.appointment;
    let (status, shown_as) = match at.state {
        EventState::Confirmed => (EventStatus::Confirmed, "OPAQUE"),
        EventState::Cancelled => (EventStatus::Cancelled, "TRANSPARENT"),
    };
    let mut written = icalendar::Event::new();
    written
        // The part behind the at sign is the same wherever the server runs, so that moving it makes no second event.
        .uid(&format!("{}@skiplevel", at.meeting))
        .sequence(at.sequence)
        .timestamp(now)
        .starts(at.starts_at)
        .ends(at.ends_at)
        .summary(&plain(&event.title))
        .status(status)
        .class(icalendar::Class::Private)
        .add_property("TRANSP", shown_as);
    if let Some((leader, counterpart)) = &event.invited {
        let role = |written: &mut Property, role: &str, answer: &str| {
            written
                .add_parameter("ROLE", role)
                .add_parameter("PARTSTAT", answer)
                // An answer would go to the leader's mailbox; it is cancelMeeting and declineMeeting that call a meeting off.
                .add_parameter("RSVP", "FALSE")
                .done()
        };
        written.append_property(address("ORGANIZER", leader));
        written.append_multi_property(role(&mut address("ATTENDEE", leader), "CHAIR", "ACCEPTED"));
        written.append_multi_property(role(
            &mut address("ATTENDEE", counterpart),
            "REQ-PARTICIPANT",
            "NEEDS-ACTION",
        ));
    }
    written.done()
}

/// A property whose value is how to write to somebody.
fn address(name: &str, of: &Attendee) -> Property {
    let mut property = Property::new(name, mailto(&of.email));
    property.add_parameter("CN", &quotable(&plain(&of.name)));
    property
}

/// An address as a URI: whatever has a meaning of its own in one, or in a line of the file, is encoded.
fn mailto(email: &str) -> String {
    let mut uri = "mailto:".to_owned();
    for byte in email.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~@!$'*+=".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

/// A text of one line: a control character would end a line of the file, or break it.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A text as the value of a parameter, in which a quote cannot stand. There is a way to write one (RFC 6868), which too few
/// programs read.
fn quotable(text: &str) -> String {
    text.replace('"', "'")
}
