//! The calendars: a feed holds the viewer's own meetings and no others, and an invitation is for the two alone.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use reqwest::Client;
use serde_json::json;
use uuid::Uuid;

use super::{
    Tally,
    doors::{global, unknown},
    oracle::involves,
    visit::Visit,
};

/// Invitations that one viewer asks for.
const INVITATIONS: usize = 12;

impl Visit<'_> {
    /// The viewer's feed, and the invitations to meetings of theirs and of others.
    pub async fn at_calendars(&self, tally: &mut Tally) {
        let own = |m: &entity::meeting::Model| self.asker.me.is_some_and(|me| involves(m, me));
        self.reads_the_feed(own, tally).await;
        let (status, wall) = self.invitation(&unknown('m', 0)).await;
        assert_eq!(status, 404, "{}", self.who);
        for m in self.rows.meetings.iter().take(INVITATIONS) {
            let (status, body) = self.invitation(&global('m', m.id)).await;
            if own(m) && m.starts_at.is_some() {
                tally.events += 1;
                assert_eq!((status, uids(&body)), (200, BTreeSet::from([m.id])), "{}", self.who);
            } else {
                tally.hidden_events += 1;
                assert_eq!(body, wall, "{}: an invitation to {}", self.who, m.id);
            }
        }
    }

    /// Whether the viewer could arrange a 1:1 with somebody in reach: of whoever stands two or more levels above, they ask one.
    pub fn may_arrange(&self, p: i64) -> bool {
        self.asker.me.is_some_and(|me| {
            let asked = self.rows.above[&me].iter().skip(1).any(|above| *above == p);
            me != p && self.rows.is_present(p) && !asked
        })
    }

    async fn reads_the_feed(&self, own: impl Fn(&entity::meeting::Model) -> bool, tally: &mut Tally) {
        let create = "mutation { createCalendarFeed { path } }";
        let answer = self.world.ask_as(&self.token, create, json!({})).await;
        let Some(path) = answer["data"]["createCalendarFeed"]["path"].as_str() else {
            assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{}", self.who);
            assert!(self.asker.me.is_none(), "{}: {answer}", self.who);
            return;
        };
        let address = format!("http://{}{path}", self.world.address);
        let response = Client::new().get(address).send().await.unwrap();
        assert_eq!(response.status(), 200, "{}", self.who);
        let told = uids(&response.text().await.unwrap());
        let now = self.rows.now;
        let (first, last) = (now - TimeDelta::days(90), now + TimeDelta::days(366));
        let within = |m: &&entity::meeting::Model| m.starts_at.is_some_and(|at| first <= at && at < last);
        let expected: BTreeSet<_> = self
            .rows
            .meetings
            .iter()
            .filter(within)
            .filter(|m| own(m))
            .map(|m| m.id)
            .collect();
        tally.events += expected.len();
        tally.hidden_events += self.rows.meetings.len() - expected.len();
        assert_eq!(told, expected, "{}: the feed", self.who);
    }

    async fn invitation(&self, id: &str) -> (u16, String) {
        let address = format!("http://{}/calendar/meetings/{id}.ics", self.world.address);
        let answer = Client::new()
            .get(address)
            .bearer_auth(&self.token)
            .send()
            .await
            .unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }
}

/// The meetings that a calendar tells of.
fn uids(text: &str) -> BTreeSet<Uuid> {
    let ids = text.lines().filter_map(|line| line.strip_prefix("UID:"));
    ids.map(|id| id.trim_end_matches("@skiplevel").parse().unwrap())
        .collect()
}
