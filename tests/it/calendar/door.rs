//! The door: who gets in, by which method, and what its answers tell programs on the way.

use reqwest::{Method, header};

use super::{Answer, arranged, invitation, organisation, parse, read, request, subscribed};
use crate::support::{ADMIN, TestDatabase, both};
use skiplevel::auth::token::Role;

async fn an_invitation_is_for_the_two(database: TestDatabase) {
    let world = organisation(database).await;
    let meeting = arranged(&world, "2026-01-06T10:00:00Z").await;
    assert_eq!(invitation(&world, "ada", &meeting).await.status, 200);
    assert_eq!(invitation(&world, "cyd", &meeting).await.status, 200);
    let nothing = invitation(&world, "ada", &"A".repeat(meeting.len())).await;
    assert_eq!(nothing.status, 404);
    for who in ["bob", "dee", "fay"] {
        let answer = invitation(&world, who, &meeting).await;
        assert_eq!((answer.status, &answer.body), (404, &nothing.body), "{who}");
    }
    let path = format!("/calendar/meetings/{meeting}.ics");
    let by = async |token: String| {
        Answer::to(request(&world, Method::GET, &path).bearer_auth(token))
            .await
            .status
    };
    // An HR admin sees the facts of every meeting, but is invited to their own alone.
    assert_eq!(by(world.token(ADMIN, &[Role::HrAdmin])).await, 404);
    assert_eq!(by(world.token("bob", &[Role::HrAdmin])).await, 404);
    assert_eq!(by(world.token("ada", &[Role::HrAdmin])).await, 200);
    assert_eq!(by(world.integration("hr")).await, 404);
    assert_eq!(by(world.token("nobody", &[])).await, 401);
    let bare = read(&world, &path).await;
    assert_eq!(bare.status, 401);
    assert_eq!(bare.header("www-authenticate"), "Bearer realm=\"skiplevel\"");
}

async fn calendars_are_read_and_no_more(database: TestDatabase) {
    let world = organisation(database).await;
    let meeting = arranged(&world, "2026-01-06T10:00:00Z").await;
    let feed = subscribed(&world, "ada").await;
    for path in [format!("/calendar/meetings/{meeting}.ics"), feed] {
        let call = async |method| {
            let request = request(&world, method, &path).bearer_auth(world.token("ada", &[]));
            Answer::to(request).await
        };
        let whole = call(Method::GET).await;
        assert_eq!(parse(&whole.body).len(), 2);
        let head = call(Method::HEAD).await;
        assert_eq!((head.status, head.body.as_str()), (200, ""));
        let length = whole.body.len().to_string();
        assert_eq!(head.header("content-length"), length);
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS] {
            let answer = call(method.clone()).await;
            assert_eq!((answer.status, answer.header("allow")), (405, "GET, HEAD"), "{method}");
        }
    }
}

/// Nobody on the way keeps it, finds it, or learns the address.
async fn answers_are_nobody_elses(database: TestDatabase) {
    let world = organisation(database).await;
    let meeting = arranged(&world, "2026-01-06T10:00:00Z").await;
    let path = subscribed(&world, "ada").await;
    let (feed, invitation) = (read(&world, &path).await, invitation(&world, "ada", &meeting).await);
    assert_eq!(feed.header("cache-control"), "private, no-cache");
    assert_eq!(
        feed.header("content-type"),
        "text/calendar; charset=utf-8; method=PUBLISH"
    );
    assert_eq!(invitation.header("cache-control"), "no-store");
    assert_eq!(invitation.header("etag"), "");
    let gone = read(&world, "/calendar/none.ics").await;
    assert_eq!(gone.header("cache-control"), "no-store");
    for answer in [&feed, &invitation, &gone] {
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert_eq!(answer.header("x-robots-tag"), "noindex");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
    for answer in [&feed, &invitation] {
        assert!(
            answer
                .header(header::CONTENT_DISPOSITION.as_str())
                .starts_with("attachment")
        );
    }
}

both!(
    an_invitation_is_for_the_two,
    calendars_are_read_and_no_more,
    answers_are_nobody_elses,
);
