//! `/calendar`: the invitation to one meeting for the bearer of a token, and a person's feed for whoever has its secret
//! address. The address is a key, so no path is ever logged here, and whatever leads nowhere is answered alike.

mod text;

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, IF_NONE_MATCH},
    },
    web::{Data, Path, ServiceConfig, route},
};

use self::text::{etag, method, write};
use super::{
    Front,
    reading::{Call, Refusal},
    server::State,
    visit::Entrance,
};
use crate::{app::AppError, auth::calendar::CalendarHash, domain::calendar::Calendar, graphql::meeting_id};

/// The routes.
pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .route("/calendar/meetings/{id}.ics", route().to(meeting))
        .route("/calendar/{secret}.ics", route().to(feed));
}

/// The invitation to one meeting.
async fn meeting(request: HttpRequest, id: Path<String>, state: Data<State<Front>>) -> HttpResponse {
    let call = Call::new(&request, &state, Entrance::Calendar);
    let answered = Box::pin(invitation(&call, &id)).await;
    call.answer(answered.map(|sent| sent.answer(&call, "meeting.ics")))
}

/// Everything in a person's calendar.
async fn feed(request: HttpRequest, secret: Path<String>, state: Data<State<Front>>) -> HttpResponse {
    let call = Call::new(&request, &state, Entrance::Calendar);
    let answered = Box::pin(everything(&call, &secret)).await;
    call.answer(answered.map(|sent| sent.answer(&call, "skiplevel.ics")))
}

/// A calendar as it is sent.
struct Sent {
    calendar: Calendar,
    text: String,
    /// How long it may be kept: a feed until the next look, with its tag; an invitation not at all.
    caching: Caching,
}

enum Caching {
    /// With a tag, by which the next look is short where nothing has changed.
    Tagged(String),
    Never,
}

async fn invitation(call: &Call<'_>, id: &str) -> Result<Sent, Refusal> {
    call.check_method()?;
    // A text that is no meeting's id is that of a meeting out of reach.
    let id = meeting_id(id).unwrap_or_default();
    let found = call
        .as_bearer(async move |session| session.invitation(id).await)
        .await?;
    let calendar = found.ok_or(Refusal::NotFound)?;
    Ok(Sent {
        text: write(&calendar, call.now()),
        calendar,
        caching: Caching::Never,
    })
}

async fn everything(call: &Call<'_>, secret: &str) -> Result<Sent, Refusal> {
    call.check_method()?;
    let now = call.now();
    let hash = CalendarHash::presented(secret).ok_or(Refusal::NotFound)?;
    let door = Arc::clone(&call.state.door);
    let principal = format!("calendar:{}", hash.as_str());
    let read = async move { door.open_calendar(hash, now).await?.calendar_feed().await };
    let calendar = match Box::pin(call.work(principal, read)).await {
        Err(Refusal::Failed(AppError::Unauthenticated)) => return Err(Refusal::NotFound),
        read => read?,
    };
    Ok(Sent {
        text: write(&calendar, now),
        caching: Caching::Tagged(etag(&calendar)),
        calendar,
    })
}

impl Sent {
    fn answer(self, call: &Call<'_>, file: &str) -> HttpResponse {
        let mut builder = call.builder(StatusCode::OK);
        if let Caching::Tagged(tag) = &self.caching {
            builder.insert_header((ETAG, tag.as_str()));
            builder.insert_header((CACHE_CONTROL, "private, no-cache"));
            let known = call.request.headers().get_all(IF_NONE_MATCH);
            if known
                .filter_map(|known| known.to_str().ok())
                .any(|known| names(known, tag))
            {
                return builder.status(StatusCode::NOT_MODIFIED).finish();
            }
        }
        let kind = format!("text/calendar; charset=utf-8; method={}", method(self.calendar.method));
        builder
            .insert_header((CONTENT_TYPE, kind))
            .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{file}\"")))
            .body(self.text)
    }
}

/// Whether an `If-None-Match` names `tag`. Our tags are weak, and weakly they are compared.
fn names(known: &str, tag: &str) -> bool {
    let opaque = tag.trim_start_matches("W/");
    known
        .split(',')
        .map(str::trim)
        .any(|known| known == "*" || known.trim_start_matches("W/") == opaque)
}
