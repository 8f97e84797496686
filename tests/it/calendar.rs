//! Calendars over HTTP, read by another library than the one that wrote them.

mod door;
mod events;
mod feed;
mod times;

use calcard::{
    Entry, Parser,
    icalendar::{ICalendarComponent, ICalendarComponentType, ICalendarParameterName, ICalendarProperty as Property},
};
use reqwest::{Method, RequestBuilder, header::HeaderMap};
use serde_json::{Value, json};

use crate::support::{TestDatabase, World, run};

/// Ada leads bob and, two levels down, cyd; fay is nobody's counterpart.
const ORGANISATION: &str = "
    ada
      bob
        cyd
          dee
      fay
    ";

/// A Monday.
const NOW: &str = "2026-01-05T09:00:00Z";

async fn organisation(database: TestDatabase) -> World {
    World::of(database, ORGANISATION, NOW).await
}

/// The id of a meeting that ada arranges with cyd.
async fn arranged(world: &World, starts_at: &str) -> String {
    let input = json!({ "counterpartId": world.id("cyd").await, "startsAt": starts_at });
    let payload = world.act("ada", "scheduleMeeting", input).await;
    payload["meeting"]["id"].as_str().unwrap().to_owned()
}

/// An answer as it came.
struct Answer {
    status: u16,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    async fn to(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.text().await.unwrap();
        Self { status, headers, body }
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

fn request(world: &World, method: Method, path: &str) -> RequestBuilder {
    reqwest::Client::new().request(method, format!("http://{}{path}", world.address))
}

/// The invitation to a meeting, for the bearer of `who`'s token.
async fn invitation(world: &World, who: &str, meeting: &str) -> Answer {
    let path = format!("/calendar/meetings/{meeting}.ics");
    Answer::to(request(world, Method::GET, &path).bearer_auth(world.token(who, &[]))).await
}

/// The address of a new feed of `who`'s.
async fn subscribed(world: &World, who: &str) -> String {
    let mutation = "mutation { createCalendarFeed { path userErrors { code } } }";
    let data = world.data(who, mutation, json!({})).await;
    data["createCalendarFeed"]["path"].as_str().unwrap().to_owned()
}

async fn read(world: &World, path: &str) -> Answer {
    Answer::to(request(world, Method::GET, path)).await
}

/// The components of a calendar: first the calendar itself. Nothing may be left over, and every line is as it should be.
fn parse(text: &str) -> Vec<ICalendarComponent> {
    for line in text.split_inclusive("\r\n") {
        let line = line.strip_suffix("\r\n").expect("lines end with CR LF");
        assert!(line.len() <= 75 && !line.contains(['\r', '\n']), "{line:?}");
    }
    let mut parser = Parser::new(text);
    let calendar = match parser.entry() {
        Entry::ICalendar(calendar) => calendar,
        other => panic!("{other:?} in {text}"),
    };
    assert!(matches!(parser.entry(), Entry::Eof), "something follows the calendar");
    // The parser keeps what it cannot make sense of under a name of its own.
    let entries = calendar.components.iter().flat_map(|component| &component.entries);
    for entry in entries {
        assert!(!matches!(entry.name, Property::Other(_)), "{entry:?} in {text}");
    }
    calendar.components
}

fn value(component: &ICalendarComponent, property: &Property) -> String {
    let mut found = component.properties(property);
    let value = found
        .next()
        .and_then(|entry| entry.values.first().cloned()?.into_text());
    assert!(found.next().is_none(), "{property:?} stands twice");
    value.map_or_else(|| "-".to_owned(), |text| text.into_owned())
}

/// What a calendar says, an event a line below its method.
fn told(text: &str) -> String {
    let components = parse(text);
    let mut lines = vec![value(&components[0], &Property::Method)];
    for event in &components[1..] {
        assert_eq!(event.component_type, ICalendarComponentType::VEvent);
        let of = |property| value(event, &property);
        lines.push(format!(
            "#{} {} {} to {} {:?}",
            of(Property::Sequence),
            of(Property::Status),
            of(Property::Dtstart),
            of(Property::Dtend),
            of(Property::Summary),
        ));
        let people = [Property::Organizer, Property::Attendee];
        for entry in people.iter().flat_map(|property| event.properties(property)) {
            let parameter = |name| {
                let value = entry.parameter(&name);
                value.and_then(|value| value.as_text()).unwrap_or("").to_owned()
            };
            let line = format!(
                "  {} {:?} {} {} {}",
                entry.name.as_str(),
                parameter(ICalendarParameterName::Cn),
                entry.values[0].as_text().unwrap(),
                parameter(ICalendarParameterName::Role),
                parameter(ICalendarParameterName::Partstat),
            );
            lines.push(line.trim_end().to_owned());
        }
    }
    lines.join("\n") + "\n"
}

/// Sets columns of somebody's row.
async fn set(world: &World, who: &str, what: &str) {
    let raw = world.database.raw().await;
    let of = format!("SELECT person_id FROM external_identity WHERE external_id = '{who}'");
    run(&raw, &format!("UPDATE person SET {what} WHERE id = ({of})"))
        .await
        .unwrap();
}

/// A meeting as the input of what is done with it.
fn about(meeting: &str) -> Value {
    json!({ "meetingId": meeting })
}
