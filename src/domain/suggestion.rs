//! Suggestions: status, reasons, and why there is none (product.md 4).

use serde::{Deserialize, Serialize};

use super::Date;

/// How far a suggestion has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SuggestionStatus {
    /// Waits for the leader's answer.
    Open,
    /// The leader accepted; a meeting was scheduled.
    Accepted,
    /// The leader skipped; the person keeps their place.
    Skipped,
    /// The leader swapped it for the next one.
    Swapped,
    /// Its week went by unanswered.
    Expired,
    /// Leave, exit or a re-org took it away.
    Invalidated,
}

/// Why a suggestion was taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum InvalidReason {
    /// One of the two is on leave in its week.
    OnLeave,
    /// One of the two has left.
    Left,
    /// The two no longer stand to each other as the kind of the suggestion needs.
    Reorganised,
    /// The counterpart has had another skip-level within the load cap.
    LoadCap,
    /// The other one of two peers has no time for it; nothing else follows from that.
    NotThisTime,
}

/// Why the draw picked this person; numbers in it are as of the draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Reason {
    /// Nobody above has ever held a skip-level with them.
    NeverHeard,
    /// Days without being heard by anybody above, leave not counted.
    LongestWait {
        /// Days waited.
        days: i64,
    },
    /// No other leader can reach them.
    OnlyYouCanReach,
    /// A bottom-of-the-ladder meeting: the `count`-th of `of` this month.
    BottomOfLadder {
        /// Which one of this month it is, counting from 1.
        count: u32,
        /// How many a month should have.
        of: u32,
    },
    /// The leader rarely meets people of this branch.
    BranchRarelyVisited {
        /// The direct report of the leader that the branch hangs on.
        branch: super::person::PersonKey,
        /// Visits of the leader to that branch in the last 26 weeks.
        visits: u32,
    },
    /// Joined a short time ago.
    NewJoiner {
        /// Days since the start.
        days: i64,
    },
    /// Days since whoever reads this last held a peer 1:1 with anybody.
    PeerDue {
        /// Days from then to the Monday of the week.
        days: i64,
    },
    /// Whoever reads this has never held a peer 1:1.
    FirstPeer,
    /// The two confirmed each other as peers.
    ConfirmedPeer,
    /// One of the two proposed the other as a peer, or an import named them.
    ProposedPeer,
    /// Both work in the same function.
    SameFunction,
    /// They work in different functions.
    OtherFunction,
}

/// Why somebody is not suggested to a leader now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WhyNot {
    /// Which reason.
    pub code: WhyNotCode,
    /// The first day on which it no longer holds, where it is known to end.
    pub until: Option<Date>,
}

/// The reasons for not suggesting somebody. There is none for people who do not want to be suggested: they get what
/// anybody else could get.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WhyNotCode {
    /// They report to the leader.
    DirectReport,
    /// The two have met, or will meet, too recently, or rest after a decline.
    Cooldown,
    /// They have had, or will have, a skip-level with somebody too near to this week.
    LoadCap,
    /// They are on leave on a day of this week.
    OnLeave,
    /// They have joined too recently.
    TooNew,
    /// They leave before this week ends.
    Leaving,
    /// Others come first.
    LowerInOrder,
}

impl WhyNotCode {
    /// This reason, with its end where it is known to end.
    pub fn until(self, until: Option<Date>) -> WhyNot {
        WhyNot { code: self, until }
    }
}

/// Why a leader has no suggestion in a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NoSuggestionCode {
    /// Nobody two or more levels below could be met at all.
    PoolEmpty,
    /// The leader has met everybody too recently.
    AllCoolingDown,
    /// Everybody left has had, or will have, a skip-level with somebody too near to this week.
    AllAtLoadCap,
    /// The leader is on leave.
    OnLeave,
    /// Nobody stands two or more levels below.
    NotALeader,
    /// Leaders have no slots, by the settings.
    NoSlots,
    /// The week has not been drawn yet.
    NotDrawnYet,
}
