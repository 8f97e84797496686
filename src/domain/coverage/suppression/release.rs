//! The tree: in which units a kind of group is told, so that what is told nests without small gaps.

use rustc_hash::FxHashMap as HashMap;

use super::{
    super::Survey,
    sets::{Kind, Place, above},
};

/// In which units a kind of group is told.
#[derive(Debug)]
pub(super) struct Release {
    nodes: HashMap<Place, Node>,
    smallest: usize,
}

/// A kind of group in one unit.
#[derive(Debug, Default)]
pub(super) struct Node {
    pub(super) size: usize,
    /// One of its people.
    last: usize,
    /// People of it whom no told unit within covers.
    pub(super) uncovered: usize,
    pub(super) released: bool,
    decided: Option<bool>,
    children: Vec<usize>,
}

/// A group that has nobody in a unit.
static NOBODY: Node = Node {
    size: 0,
    last: 0,
    uncovered: 0,
    released: false,
    decided: None,
    children: Vec::new(),
};

impl Release {
    /// Decides for the whole organisation, from the innermost units outwards.
    ///
    /// A unit of which only a few people are left when everything told within is taken off keeps its number, and lets
    /// the smallest within go for it: the larger unit tells more. `decided` says of a unit's group, by its size and
    /// one of its people, what was decided of the same people before.
    pub(super) fn of(
        survey: &Survey,
        (kind, people): (Kind, Option<&[usize]>),
        smallest: usize,
        decided: &dyn Fn(Place, usize, usize) -> Option<bool>,
    ) -> Self {
        let mut nodes: HashMap<Place, Node> = HashMap::default();
        let mut count = |at: usize, places: &mut dyn Iterator<Item = Place>| {
            for place in places {
                let node = nodes.entry(place).or_default();
                node.size += 1;
                node.last = at;
            }
        };
        match people {
            Some(people) => people.iter().for_each(|&at| count(at, &mut above(survey, at))),
            None => {
                for at in (0..survey.chart.len()).filter(|&at| survey.people[at].counts) {
                    count(at, &mut above(survey, at).filter(|&place| kind.has(survey, place, at)));
                }
            }
        }
        // In pre-order backwards everybody comes after all who stand below them; everybody's unit comes last.
        let mut order: Vec<usize> = nodes.keys().copied().flatten().collect();
        order.sort_unstable_by(|one, other| other.cmp(one));
        for &at in &order {
            let parent = survey.chart.parent_at(at);
            // Everybody above has whoever is below, but for bands, which end where a head has too few levels.
            if let Some(node) = nodes.get_mut(&parent) {
                node.children.push(at);
            }
        }
        for (place, node) in &mut nodes {
            node.decided = decided(*place, node.size, node.last);
        }
        let mut release = Self { nodes, smallest };
        for place in order.into_iter().map(Some).chain([None]) {
            release.settle(place);
        }
        release
    }

    /// What was decided for a unit.
    pub(super) fn node(&self, place: Place) -> &Node {
        self.nodes.get(&place).unwrap_or(&NOBODY)
    }

    fn settle(&mut self, place: Place) {
        let Some(node) = self.nodes.get(&place) else { return };
        let children = |child: &usize| &self.nodes[&Some(*child)];
        let within: usize = node.children.iter().map(|child| children(child).size).sum();
        let passed = node.children.iter().map(children).filter(|child| !child.released);
        let mut uncovered = node.size.saturating_sub(within) + passed.map(|child| child.uncovered).sum::<usize>();
        let is_open = node.decided.is_none();
        while is_open && (1..self.smallest).contains(&uncovered) {
            let Some(path) = self.smallest_within(place) else { break };
            let last = path.last().map_or(0, |at| self.nodes[&Some(*at)].uncovered);
            uncovered += last;
            for at in path {
                if let Some(node) = self.nodes.get_mut(&Some(at)) {
                    node.released = false;
                    node.uncovered = node.uncovered.max(last);
                }
            }
        }
        if let Some(node) = self.nodes.get_mut(&place) {
            node.uncovered = uncovered;
            node.released = node.decided.unwrap_or(uncovered == 0 || uncovered >= self.smallest);
        }
    }

    /// The way from a unit to the smallest of the outermost told units within it of which something would be left.
    fn smallest_within(&self, place: Place) -> Option<Vec<usize>> {
        let mut open: Vec<Vec<usize>> = self.nodes[&place].children.iter().map(|&child| vec![child]).collect();
        let mut best: Option<(usize, Vec<usize>)> = None;
        while let Some(path) = open.pop() {
            let Some(&at) = path.last() else { continue };
            let node = &self.nodes[&Some(at)];
            if node.released && node.decided.is_some() {
                continue;
            }
            if node.released && node.uncovered > 0 {
                let better = best
                    .as_ref()
                    .is_none_or(|(size, known)| (node.size, &path) < (*size, known));
                if better {
                    best = Some((node.size, path));
                }
                continue;
            }
            for &child in &node.children {
                open.push(path.iter().copied().chain([child]).collect());
            }
        }
        best.map(|(_, path)| path)
    }
}
