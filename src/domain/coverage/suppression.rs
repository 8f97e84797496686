//! Which groups are told to everybody but HR admins (product.md 7).
//!
//! Whoever subtracts what they are told from what else they or others are told must not end at a group of one to
//! `smallest - 1` people. So each group, which is the same set of people wherever it stands, is told or not, for the whole
//! organisation, by the data alone, never by who asks:
//!
//! 1. *The tree* ([`release`]). The same group in all units, say a department below every leader, makes nested sets. Of each
//!    unit that is told, what no told unit within it covers is nobody, or `smallest` people or more.
//! 2. *Other groups* ([`Suppression::earlier`]). Kinds of groups have an order. A group is kept back where it and a told
//!    group of an earlier kind differ by a few people, one of them within the other, or where it is the same people as one
//!    that is not told; and where it leaves a few people of what units alone tell.
//! 3. *The table* ([`Suppression::complete`]). What a breakdown keeps back is as large together: the smallest groups follow until it is.

mod release;
mod sets;

use std::{
    cell::RefCell,
    ops::Range,
    sync::{Arc, MutexGuard, PoisonError},
};

use release::Release;
use rustc_hash::FxHashMap as HashMap;
use sets::{Department, Inner, Kind, Place};

use super::{GroupKey, Grouping, Sight, Survey, Unit, figures::Verdict};

/// Decides what of a survey is told.
pub(super) struct Suppression<'a> {
    survey: &'a Survey,
    smallest: usize,
    known: MutexGuard<'a, Decided>,
}

/// What was found out of a survey so far: its reports ask for much of it again and again.
#[derive(Debug, Default)]
pub(super) struct Decided {
    /// For groups of so many people.
    smallest: usize,
    releases: Known<Kind, Release>,
    people: Known<u8, HashMap<Kind, Vec<usize>>>,
    sizes: Known<(Place, u8), HashMap<Kind, usize>>,
    told: Known<(Place, u8), HashMap<Kind, bool>>,
}

/// What was found out, to be found out once.
type Known<K, V> = RefCell<HashMap<K, Arc<V>>>;

/// A group of a table that is being decided.
struct Cell {
    kind: Kind,
    people: Vec<usize>,
    /// People of it whom no told group of its kind within it covers.
    uncovered: usize,
    told: bool,
    /// Whether the same people are a group of an earlier kind, which is told: nothing would be kept back with this one.
    elsewhere: bool,
}

/// What earlier kinds have to say of a group.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Earlier {
    Nothing,
    /// The same people are told.
    Same,
    /// It must not be told.
    Against,
}

impl<'a> Suppression<'a> {
    /// None for eyes from which nothing is kept.
    pub(super) fn of(survey: &'a Survey, sight: Sight) -> Option<Self> {
        match sight {
            Sight::Whole => None,
            Sight::Above { smallest, .. } => {
                let mut known = survey.decided.lock().unwrap_or_else(PoisonError::into_inner);
                if known.smallest != smallest {
                    *known = Decided {
                        smallest,
                        ..Decided::default()
                    };
                }
                Some(Self {
                    survey,
                    smallest,
                    known,
                })
            }
        }
    }

    /// What becomes of a unit, or of one department of it.
    pub(super) fn total(&self, unit: Unit, department: Option<&str>) -> Verdict {
        match department {
            None => self.verdict(sets::place(self.survey, unit).map(|place| (place, Kind::ALL))),
            Some(name) => {
                let key = GroupKey::Department(name.to_owned());
                self.group(unit, Grouping::Department, &key, None)
            }
        }
    }

    /// What becomes of a group of a breakdown of a unit, or of one department of it.
    pub(super) fn group(
        &self,
        unit: Unit,
        grouping: Grouping,
        key: &GroupKey,
        department: Option<&GroupKey>,
    ) -> Verdict {
        self.verdict(sets::named(self.survey, unit, grouping, key, department))
    }

    fn verdict(&self, set: Option<(Place, Kind)>) -> Verdict {
        match set {
            Some((place, kind)) if self.is_told(place, kind) => Verdict::Shown,
            _ => Verdict::Suppressed,
        }
    }

    /// Whether a set is told.
    fn is_told(&self, place: Place, kind: Kind) -> bool {
        if kind == Kind::ALL {
            let release = self.release(kind);
            let node = release.node(place);
            return node.released && node.size >= self.smallest;
        }
        let table = self.table(place, kind.rank());
        table.get(&kind).copied().unwrap_or(false)
    }

    /// Which groups of one dimension of a unit are told.
    fn table(&self, place: Place, dimension: u8) -> Arc<HashMap<Kind, bool>> {
        if let Some(known) = self.known.told.borrow().get(&(place, dimension)) {
            return Arc::clone(known);
        }
        let mut cells = self.cells(place, dimension);
        if dimension == sets::DEPARTMENT_AND_DEPTH {
            self.complete_both(place, &mut cells);
        } else {
            let beside = self.beside_bands(place, dimension);
            let total = self.is_told(place, Kind::ALL);
            let all = &mut cells.iter_mut().collect::<Vec<_>>();
            self.complete((place, dimension), all, (total, beside));
        }
        let told = cells.into_iter().map(|cell| (cell.kind, cell.told)).collect();
        let told: Arc<HashMap<Kind, bool>> = Arc::new(told);
        self.known
            .told
            .borrow_mut()
            .insert((place, dimension), Arc::clone(&told));
        told
    }

    /// The groups of one dimension of a unit, by rules 1 and 2.
    fn cells(&self, place: Place, dimension: u8) -> Vec<Cell> {
        let groups = self.grouped(place, dimension);
        let cell = |(kind, people): (Kind, Vec<usize>)| {
            let release = self.release(kind);
            let node = release.node(place);
            let (told, elsewhere) = self.decide((place, kind), &release, &people);
            Cell {
                kind,
                uncovered: node.uncovered,
                told,
                elsewhere,
                people,
            }
        };
        let mut cells: Vec<Cell> = groups.into_iter().map(cell).collect();
        cells.sort_unstable_by_key(|cell| (cell.people.len(), cell.kind));
        cells
    }

    /// Whether a group of a unit is told by rules 1 and 2, and whether the same people are told as another one.
    fn decide(&self, (place, kind): (Place, Kind), release: &Release, people: &[usize]) -> (bool, bool) {
        if people.len() < self.smallest {
            return (false, false);
        }
        // The same group of a larger unit may be the same people.
        let around = sets::around_unit(self.survey, place, |place| release.node(place).size == people.len());
        if let Some(around) = around {
            let told = self.is_told(around, kind);
            return (told, told);
        }
        if !release.node(place).released {
            return (false, false);
        }
        let earlier = self.earlier((place, kind.rank()), people);
        let told = earlier != Earlier::Against && !self.leaves_few((place, kind), people);
        (told, told && earlier == Earlier::Same)
    }

    /// Whom a breakdown by bands keeps back of those whom no band holds, or who are near: they are groups by depth, and
    /// decided there.
    fn beside_bands(&self, place: Place, dimension: u8) -> Vec<usize> {
        if dimension != sets::BAND {
            return Vec::new();
        }
        let people = sets::range(self.survey, place).filter(|&at| self.survey.people[at].counts);
        let kept = |at: &usize| {
            let depth = sets::kind_of(self.survey, place, sets::DEPTH, *at);
            sets::kind_of(self.survey, place, dimension, *at).is_none()
                && !depth.is_some_and(|depth| self.is_told(place, depth))
        };
        people.filter(kept).collect()
    }

    /// Rule 3 for departments against depths: rows and columns.
    fn complete_both(&self, place: Place, cells: &mut [Cell]) {
        let row = |cell: &Cell| Kind {
            inner: Inner::All,
            ..cell.kind
        };
        let column = |cell: &Cell| Kind {
            department: Department::Any,
            ..cell.kind
        };
        let lines = |line: &dyn Fn(&Cell) -> Kind, cells: &[Cell]| {
            let mut lines: Vec<Kind> = cells.iter().map(line).collect();
            lines.sort_unstable();
            lines.dedup();
            lines
        };
        let (rows, columns) = (lines(&row, cells), lines(&column, cells));
        // Each pass keeps something back or is the last.
        loop {
            let before = cells.iter().filter(|cell| cell.told).count();
            for (lines, line) in [
                (&rows, &row as &dyn Fn(&Cell) -> Kind),
                (&columns, &column as &dyn Fn(&Cell) -> Kind),
            ] {
                for kind in lines {
                    let total = self.is_told(place, *kind);
                    let mut of_it: Vec<&mut Cell> = cells.iter_mut().filter(|cell| line(cell) == *kind).collect();
                    self.complete((place, sets::DEPARTMENT_AND_DEPTH), &mut of_it, (total, Vec::new()));
                }
            }
            if cells.iter().filter(|cell| cell.told).count() == before {
                return;
            }
        }
    }

    /// Rule 2: what groups of earlier kinds, anywhere, and of the same kind in larger units say of some people, who are a
    /// group of a kind of one unit, or what is left of one.
    fn earlier(&self, (of, rank): (Place, u8), people: &[usize]) -> Earlier {
        if self.splits_units(people) {
            return Earlier::Against;
        }
        let mut said = Earlier::Nothing;
        let few = 1..self.smallest;
        let least = (people.len() + 1).saturating_sub(self.smallest).max(1);
        for (place, within) in sets::around(self.survey, people, least) {
            let is_larger = of.is_some_and(|of| place != Some(of) && sets::range(self.survey, place).contains(&of));
            for dimension in 0..rank + u8::from(is_larger) {
                let sizes = self.sizes(place, dimension);
                for (other, count) in self.counts(place, dimension, &people[within.clone()]) {
                    let size = sizes.get(&other).copied().unwrap_or_default();
                    let contains = count == people.len() && few.contains(&(size - count));
                    let is_within = count == size && few.contains(&(people.len() - count));
                    let is_same = size == count && count == people.len();
                    if !(contains || is_within || is_same) {
                        continue;
                    }
                    match self.is_told(place, other) {
                        true if is_same => said = Earlier::Same,
                        true => return Earlier::Against,
                        false if is_same && dimension < rank => return Earlier::Against,
                        false => {}
                    }
                }
            }
        }
        said
    }

    /// Whether a few people of a group are left, or others whom an earlier group almost is, when everything is taken off that is
    /// told of the units within.
    fn leaves_few(&self, (place, kind): (Place, Kind), people: &[usize]) -> bool {
        let mut within: HashMap<usize, usize> = HashMap::default();
        for &at in people {
            for unit in sets::above(self.survey, at).take_while(|unit| *unit != place).flatten() {
                *within.entry(unit).or_default() += 1;
            }
        }
        let release = self.release(kind);
        let mut covered = vec![false; people.len()];
        for (unit, size) in within {
            let range = sets::range(self.survey, Some(unit));
            let from = people.partition_point(|&at| at < range.start);
            let part = from..from + size;
            let node = release.node(Some(unit));
            let is_told =
                node.released && node.size == size || self.is_told_within(Some(unit), kind, &people[part.clone()]);
            if is_told {
                covered[part].fill(true);
            }
        }
        let left = people.iter().zip(&covered).filter(|(_, covered)| !**covered);
        let left: Vec<usize> = left.map(|(at, _)| *at).collect();
        let is_few = (1..self.smallest).contains(&left.len());
        is_few || (left.len() < people.len() && !left.is_empty() && self.is_against((place, kind.rank()), &left))
    }

    fn is_against(&self, of: (Place, u8), people: &[usize]) -> bool {
        self.earlier(of, people) == Earlier::Against
    }

    /// Whether these people of a unit are a group of it of an earlier kind that is told.
    fn is_told_within(&self, place: Place, kind: Kind, people: &[usize]) -> bool {
        // Fewer are told nowhere.
        people.len() >= self.smallest
            && (0..kind.rank()).any(|dimension| {
                let Some(other) = sets::kind_of(self.survey, place, dimension, people[0]) else {
                    return false;
                };
                self.sizes(place, dimension).get(&other) == Some(&people.len())
                    && people.iter().all(|&at| other.has(self.survey, place, at))
                    && self.is_told(place, other)
            })
    }

    /// Rule 3: lets groups of a table follow, the smallest first, until what is kept back is nobody, or enough. `beside` is who
    /// of the total is kept back elsewhere.
    fn complete(&self, of: (Place, u8), cells: &mut [&mut Cell], (total, beside): (bool, Vec<usize>)) {
        while cells.iter().any(|cell| cell.told) {
            let back = cells.iter().filter(|cell| !cell.told);
            let uncovered = beside.len() + back.clone().map(|cell| cell.uncovered).sum::<usize>();
            let mut kept: Vec<usize> = back.flat_map(|cell| &cell.people).chain(&beside).copied().collect();
            kept.sort_unstable();
            // All groups together would tell a total that is kept back, and the told ones whom a told total leaves.
            let enough = if kept.is_empty() {
                total
            } else {
                uncovered >= self.smallest && !(total && self.is_against(of, &kept))
            };
            if enough {
                return;
            }
            let next = cells.iter_mut().filter(|cell| cell.told && !cell.elsewhere);
            // First those of whom something is left when all that is told within them is taken off.
            let Some(next) = next.min_by_key(|cell| (cell.uncovered == 0, cell.people.len(), cell.kind)) else {
                return;
            };
            next.told = false;
        }
    }

    fn counts(&self, place: Place, dimension: u8, people: &[usize]) -> HashMap<Kind, usize> {
        let mut counts: HashMap<Kind, usize> = HashMap::default();
        for &at in people {
            if let Some(kind) = sets::kind_of(self.survey, place, dimension, at) {
                *counts.entry(kind).or_default() += 1;
            }
        }
        counts
    }

    /// What units alone tell comes down to parts: for each told unit those whom no told unit within covers. Whether a group
    /// leaves a few people of the parts that it touches, or has a few beside those that lie within it.
    fn splits_units(&self, people: &[usize]) -> bool {
        let units = self.release(Kind::ALL);
        let mut touched: HashMap<Place, usize> = HashMap::default();
        for &at in people {
            let Some(unit) = sets::above(self.survey, at).find(|place| units.node(*place).released) else {
                return false;
            };
            *touched.entry(unit).or_default() += 1;
        }
        let few = 1..self.smallest;
        let size = |unit: &Place| units.node(*unit).uncovered;
        let left = touched.keys().map(size).sum::<usize>().saturating_sub(people.len());
        let whole = touched.iter().filter(|(unit, count)| size(unit) == **count);
        let beside = people.len() - whole.map(|(_, count)| count).sum::<usize>();
        few.contains(&left) || few.contains(&beside)
    }

    fn release(&self, kind: Kind) -> Arc<Release> {
        if let Some(known) = self.known.releases.borrow().get(&kind) {
            return Arc::clone(known);
        }
        let same = |place: Place, size: usize, first: usize| {
            // Fewer are told nowhere.
            (size >= self.smallest).then(|| self.same_earlier(place, kind, (size, first)))?
        };
        let people = match kind.inner {
            // Bands alone look different from different heads.
            Inner::Band(_) => None,
            _ => Some(self.people(kind.rank())),
        };
        let people = people
            .as_ref()
            .map(|people| people.get(&kind).map_or(&[][..], Vec::as_slice));
        let release = Arc::new(Release::of(self.survey, (kind, people), self.smallest, &same));
        self.known.releases.borrow_mut().insert(kind, Arc::clone(&release));
        release
    }

    /// The groups of one dimension of the whole organisation, which are the same in each unit.
    fn people(&self, dimension: u8) -> Arc<HashMap<Kind, Vec<usize>>> {
        if let Some(known) = self.known.people.borrow().get(&dimension) {
            return Arc::clone(known);
        }
        let people = Arc::new(self.grouped(None, dimension));
        self.known.people.borrow_mut().insert(dimension, Arc::clone(&people));
        people
    }

    /// The groups of one dimension of a unit.
    fn grouped(&self, place: Place, dimension: u8) -> HashMap<Kind, Vec<usize>> {
        let mut groups: HashMap<Kind, Vec<usize>> = HashMap::default();
        for at in sets::range(self.survey, place).filter(|&at| self.survey.people[at].counts) {
            if let Some(kind) = sets::kind_of(self.survey, place, dimension, at) {
                groups.entry(kind).or_default().push(at);
            }
        }
        groups
    }

    /// What was decided of these same people of the same unit as a group of an earlier kind: where a whole unit is in one
    /// department, for example. `first` is one of them.
    fn same_earlier(&self, place: Place, kind: Kind, (size, first): (usize, usize)) -> Option<bool> {
        let mut earlier = (0..kind.rank()).filter_map(|dimension| {
            let other = sets::kind_of(self.survey, place, dimension, first)?;
            let is_as_large = self.sizes(place, dimension).get(&other) == Some(&size);
            let mut people = sets::range(self.survey, place).filter(|&at| self.survey.people[at].counts);
            let is_same =
                is_as_large && people.all(|at| other.has(self.survey, place, at) == kind.has(self.survey, place, at));
            is_same.then_some(other)
        });
        earlier.next().map(|other| self.is_told(place, other))
    }

    /// How large the groups of one dimension of a unit are.
    fn sizes(&self, place: Place, dimension: u8) -> Arc<HashMap<Kind, usize>> {
        if let Some(known) = self.known.sizes.borrow().get(&(place, dimension)) {
            return Arc::clone(known);
        }
        let people: Range<usize> = sets::range(self.survey, place);
        let people: Vec<usize> = people.filter(|&at| self.survey.people[at].counts).collect();
        let sizes = Arc::new(self.counts(place, dimension, &people));
        self.known
            .sizes
            .borrow_mut()
            .insert((place, dimension), Arc::clone(&sizes));
        sizes
    }
}
