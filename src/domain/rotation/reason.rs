//! Why somebody was picked, in what their leader may know (product.md 4 and 6).

use super::{Visit, band, pressure::Pressure, roster::Roster};
use crate::domain::{
    Date,
    meeting::{Band, published_heard},
    person::PersonKey,
    suggestion::Reason,
};

/// Days after somebody may first be picked during which they count as a new joiner.
const NEW_JOINER_FOR: i64 = 90;

/// A pick by positions in the chart.
#[derive(Clone, Copy)]
pub(super) struct Chosen {
    pub leader: usize,
    pub branch: usize,
    pub person: usize,
    pub band: Option<Band>,
}

/// The reasons of a pick, before it is among the leader's `visits`.
pub(super) fn reasons(roster: &Roster<'_>, pressure: &Pressure, visits: &[Visit], chosen: Chosen) -> Vec<Reason> {
    let chart = roster.round.chart;
    let alone = pressure.of_others(chart, chosen.leader, chosen.person).is_none();
    let mut reasons = Vec::new();
    reasons.extend(wait(roster, chosen));
    reasons.extend(alone.then_some(Reason::OnlyYouCanReach));
    reasons.extend(bottom(roster, visits, chosen));
    let branch = Branch::of(roster, visits, chosen);
    reasons.extend(branch.is_rarely_visited().then(|| branch.reason()));
    reasons.extend(new_joiner(roster, chosen));
    if reasons.is_empty() {
        // What the others would say is not the leader's to know yet; their own visits are.
        reasons.push(branch.reason());
    }
    reasons
}

/// Never heard, or since when; a meeting with another leader counts from the end of its month, once that is published.
fn wait(roster: &Roster<'_>, chosen: Chosen) -> Option<Reason> {
    let round = roster.round;
    let Some(heard) = roster.heard(chosen.person) else {
        return Some(Reason::NeverHeard);
    };
    let since: Date = if heard.by == round.chart.key_at(chosen.leader) {
        heard.day
    } else {
        let month = published_heard(heard.day, round.today, round.settings.between_visibility)?;
        month + chrono::Months::new(1)
    };
    Some(Reason::LongestWait {
        days: roster.wait_since(chosen.person, since),
    })
}

fn bottom(roster: &Roster<'_>, visits: &[Visit], chosen: Chosen) -> Option<Reason> {
    let count = band::bottoms_in_month(visits, roster.round.week) + 1;
    let of = roster.round.settings.bottom_of_four.max(count);
    (chosen.band == Some(Band::Bottom)).then_some(Reason::BottomOfLadder { count, of })
}

fn new_joiner(roster: &Roster<'_>, chosen: Chosen) -> Option<Reason> {
    let days = (roster.monday() - roster.start(chosen.person)?).num_days();
    let new = days <= roster.round.settings.new_joiner_days + NEW_JOINER_FOR;
    new.then_some(Reason::NewJoiner { days })
}

/// How the leader's visits of half a year spread over their branches.
struct Branch {
    key: PersonKey,
    visits: u32,
    visits_to_all: u32,
    branches: u32,
}

impl Branch {
    fn of(roster: &Roster<'_>, visits: &[Visit], chosen: Chosen) -> Self {
        let chart = roster.round.chart;
        let visits_to = |at| band::visits_to(visits, chart.key_at(at), roster.round.week);
        let all = chart
            .reports_at(chosen.leader)
            .filter(|&branch| !chart.below_at(branch).is_empty())
            .map(visits_to);
        let (branches, visits_to_all) = all.fold((0, 0), |(branches, sum), visits| (branches + 1, sum + visits));
        Self {
            key: chart.key_at(chosen.branch),
            visits: visits_to(chosen.branch),
            visits_to_all,
            branches,
        }
    }

    /// Whether it has had less than an even share.
    fn is_rarely_visited(&self) -> bool {
        self.visits * self.branches < self.visits_to_all
    }

    fn reason(&self) -> Reason {
        Reason::BranchRarelyVisited {
            branch: self.key,
            visits: self.visits,
        }
    }
}
