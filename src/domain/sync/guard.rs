//! What somebody has to look at before it is written: more exits than are credible, a column of managers that came out
//! blank, a plan that is no longer the one that was looked at.

use super::{issue::Code, limits::Limits, outcome::SyncBlock, run::Run};
use crate::domain::Date;

/// How many people a block names.
const NAMED: usize = 20;

/// What a plan amounts to.
#[derive(Default)]
pub(super) struct Weight {
    /// The names of those who leave.
    pub(super) terminations: Vec<String>,
    /// The names of those who lose their manager.
    pub(super) manager_clears: Vec<String>,
    /// How many people of the source are present now.
    pub(super) present: usize,
    /// The day of the source's newest full snapshot.
    pub(super) newest_snapshot: Option<Date>,
}

/// Why the plan may not be applied as it is.
pub(super) fn blocks(run: &Run, plan_hash: &str, weight: Weight) -> Vec<SyncBlock> {
    let newest_snapshot = weight.newest_snapshot;
    let looked_at = run.expected_plan_hash.as_deref().map(|expected| expected == plan_hash);
    let limit_of_leavers = limit(run.limits, weight.present + run.left_before);
    let limit = limit(run.limits, weight.present);
    let mut blocks = Vec::new();
    if looked_at == Some(false) {
        let message = format!("the plan is now {plan_hash}, not the one expected");
        blocks.push(SyncBlock {
            code: Code::PlanChanged,
            message,
            count: None,
            limit: None,
            names: Vec::new(),
        });
    }
    if let Some(newest) = newest_snapshot.filter(|newest| run.as_of < *newest) {
        let message = format!(
            "a full snapshot of {newest} was applied already; this run speaks for {}",
            run.as_of
        );
        blocks.push(SyncBlock {
            code: Code::StaleSnapshot,
            message,
            count: None,
            limit: None,
            names: Vec::new(),
        });
    }
    let leavers = Guarded {
        code: Code::TerminationThreshold,
        what: "leave",
        people: weight.terminations,
        before: run.left_before,
    };
    blocks.extend(leavers.block(limit_of_leavers, run.allow.terminations, looked_at));
    let cleared = Guarded {
        code: Code::ManagerClearThreshold,
        what: "lose their manager",
        people: weight.manager_clears,
        before: 0,
    };
    blocks.extend(cleared.block(limit, run.allow.manager_clears, looked_at));
    blocks
}

fn limit(limits: Limits, present: usize) -> usize {
    limits.people.max(present.saturating_mul(limits.percent) / 100)
}

struct Guarded {
    code: Code,
    what: &'static str,
    people: Vec<String>,
    /// How many did so before this run.
    before: usize,
}

impl Guarded {
    fn block(self, limit: usize, allowed: Option<usize>, looked_at: Option<bool>) -> Option<SyncBlock> {
        if self.people.is_empty() && allowed.is_none() {
            return None;
        }
        let (count, what) = (self.people.len() + self.before, self.what);
        let (code, message) = match allowed {
            Some(allowed) if allowed == count => return None,
            Some(allowed) => (
                Code::OverrideMismatch,
                format!("{count} people would {what}, and exactly {allowed} were allowed to"),
            ),
            None if count <= limit || looked_at == Some(true) => return None,
            None => (
                self.code,
                format!("{count} people would {what}; more than {limit} need somebody to look first"),
            ),
        };
        let names = self.people.into_iter().take(NAMED).collect();
        Some(SyncBlock {
            code,
            message,
            count: Some(count),
            limit: Some(limit),
            names,
        })
    }
}
