//! Settings that an HR admin can change at run time: defaults of product.md, validated together.

use serde::{Deserialize, Serialize};

/// How much managers between a leader and a person learn of their skip-level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BetweenVisibility {
    /// The month, one month late.
    Month,
    /// Nothing.
    None,
}

/// Whom the draw suggests to each other as peers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PeerDiscovery {
    /// Confirmed and proposed peers, and leaders of other branches who stand side by side.
    Leaders,
    /// Confirmed peers alone.
    ConfirmedOnly,
    /// Nobody. Peers can still be proposed and meet.
    Off,
}

/// The organisation's settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Settings {
    /// Skip-level slots a leader has in a week, 0 to 5.
    pub slots_per_week: u32,
    /// Days after the start before somebody is suggested.
    pub new_joiner_days: i64,
    /// Weeks before the same two meet again, at least 4.
    pub pair_cooldown_weeks: i64,
    /// Days between any two skip-levels of one person.
    pub load_cap_days: i64,
    /// Weeks that a pair rests after a decline.
    pub decline_rest_weeks: i64,
    /// Bottom meetings in each four weeks of a leader with bands; with near and middle they are four.
    pub bottom_of_four: u32,
    /// Near meetings in each four weeks of a leader with bands.
    pub near_of_four: u32,
    /// Days ahead of its Monday that a week is drawn.
    pub draw_days_ahead: i64,
    /// Swaps a leader has in a week.
    pub swaps_per_week: u32,
    /// Days after its end when a scheduled meeting becomes UNCONFIRMED.
    pub unconfirmed_after_days: i64,
    /// Days after its end during which a meeting can still be confirmed.
    pub confirm_within_days: i64,
    /// Days back that a meeting can be recorded.
    pub record_within_days: i64,
    /// What managers in between learn.
    pub between_visibility: BetweenVisibility,
    /// Whom the draw suggests to each other as peers.
    pub peer_discovery: PeerDiscovery,
    /// Most peer suggestions of a person in a week, 0 to 3.
    pub peer_suggestions_per_week: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            slots_per_week: 1,
            new_joiner_days: 30,
            pair_cooldown_weeks: 8,
            load_cap_days: 28,
            decline_rest_weeks: 12,
            bottom_of_four: 2,
            near_of_four: 1,
            draw_days_ahead: 7,
            swaps_per_week: 2,
            unconfirmed_after_days: 7,
            confirm_within_days: 30,
            record_within_days: 90,
            between_visibility: BetweenVisibility::Month,
            peer_discovery: PeerDiscovery::Leaders,
            peer_suggestions_per_week: 1,
        }
    }
}

impl Settings {
    /// Middle meetings in each four weeks of a leader with bands.
    pub fn middle_of_four(&self) -> u32 {
        4_u32.saturating_sub(self.bottom_of_four + self.near_of_four)
    }
}
