//! Who stands beside whom in the chart.

use crate::domain::chart::OrgChart;

/// The chart as peers see it, by position.
pub(super) struct Beside<'a> {
    pub chart: &'a OrgChart,
    /// The report of the root through whom somebody is reached; a root is their own branch.
    branches: Vec<usize>,
}

impl<'a> Beside<'a> {
    pub fn new(chart: &'a OrgChart) -> Self {
        let mut branches: Vec<usize> = Vec::with_capacity(chart.len());
        for at in 0..chart.len() {
            let branch = match chart.parent_at(at) {
                Some(parent) if chart.depth_at(at) > 1 => branches[parent],
                _ => at,
            };
            branches.push(branch);
        }
        Self { chart, branches }
    }

    pub fn branch(&self, at: usize) -> usize {
        self.branches[at]
    }

    /// Whether somebody has people two or more levels below.
    pub fn leads(&self, at: usize) -> bool {
        self.chart.levels_below_at(at) >= 2
    }

    /// Whether neither stands above the other.
    pub fn are_peers(&self, a: usize, b: usize) -> bool {
        a != b && !self.chart.below_at(a.min(b)).contains(&a.max(b))
    }

    /// Whether the draw may bring two people together whom nobody named: leaders of different branches, at most a level
    /// apart, of whom neither stands above the other.
    pub fn may_be_discovered(&self, a: usize, b: usize) -> bool {
        self.leads(a)
            && self.leads(b)
            && self.branch(a) != self.branch(b)
            && self.chart.depth_at(a).abs_diff(self.chart.depth_at(b)) <= 1
            && self.are_peers(a, b)
    }
}
