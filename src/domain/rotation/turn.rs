//! One leader's turn: the best person of the right branch of the right band.

use std::collections::HashSet;

use super::{
    Pick, Visit,
    band::{self, BANDS, Claim, Slot},
    hindrance::Hindrance,
    pressure::{Pressure, WEEKS_OF_YEAR},
    rank::{Rank, Seeker},
    reason::{self, Chosen},
    roster::Roster,
};
use crate::domain::{meeting::Band, person::PersonKey, suggestion::NoSuggestionCode};

pub(super) struct Turn {
    leader: usize,
    excluded: HashSet<PersonKey>,
    /// The leader's visits, with those of this turn.
    visits: Vec<Visit>,
}

/// Who can be met, and who not for which reason.
#[derive(Default)]
struct Pool {
    cells: Vec<Cell>,
    cooling: bool,
    capped: bool,
}

/// The people of one branch in one band; of leaders without bands all of a branch.
struct Cell {
    branch: usize,
    band: Option<Band>,
    size: u32,
    best: Option<(Rank, usize)>,
}

impl Turn {
    pub fn new(leader: usize, excluded: &[PersonKey], roster: &Roster<'_>) -> Self {
        Self {
            leader,
            excluded: excluded.iter().copied().collect(),
            visits: roster.visits(leader).to_vec(),
        }
    }

    /// Takes the next person, with `slots_after` more to fill this week.
    pub fn take(
        &mut self,
        roster: &mut Roster<'_>,
        pressure: &Pressure,
        slots_after: u32,
    ) -> Result<Pick, NoSuggestionCode> {
        let round = roster.round;
        if roster.away(self.leader, round.week).is_some() {
            return Err(NoSuggestionCode::OnLeave);
        }
        let seeker = self.seeker(roster, pressure);
        let pool = self.pool(roster, pressure, seeker);
        let cell = if band::has_bands(round.chart, self.leader) {
            self.cell_by_band(&pool, roster, seeker, slots_after)
        } else {
            pool.cells
                .iter()
                .filter(|cell| cell.best.is_some())
                .max_by_key(|cell| cell.best)
        };
        let chosen = cell.and_then(|cell| {
            let (_, person) = cell.best?;
            Some(Chosen {
                leader: self.leader,
                branch: cell.branch,
                person,
                band: cell.band,
            })
        });
        let chosen = chosen.ok_or_else(|| pool.why_empty())?;
        let pick = Pick {
            leader: round.chart.key_at(self.leader),
            person: round.chart.key_at(chosen.person),
            distance: round.chart.depth_at(chosen.person) - round.chart.depth_at(self.leader),
            branch: round.chart.key_at(chosen.branch),
            band: chosen.band,
            reasons: reason::reasons(roster, pressure, &self.visits, chosen),
        };
        roster.take(chosen.person);
        self.visits.push(Visit {
            leader: pick.leader,
            day: roster.monday(),
            branch: pick.branch,
            band: pick.band,
        });
        Ok(pick)
    }

    fn seeker(&self, roster: &Roster<'_>, pressure: &Pressure) -> Seeker {
        let slots_of_year = roster.round.settings.slots_per_week as usize * WEEKS_OF_YEAR;
        let at_work = roster.pool(self.leader).filter(|&at| roster.is_at_work(at));
        Seeker {
            leader: self.leader,
            goes_round: at_work.count() >= slots_of_year,
            is_behind: pressure.is_behind(self.leader),
        }
    }

    /// The cell to visit of a leader with bands: the quotas decide, but a band with nobody new yields to one with
    /// somebody. Below the head so does one with nobody urgent, as long as the bottom is visited once a month: all the
    /// slots of a deep organisation that its quotas tie could not reach those whom only these leaders can.
    fn cell_by_band<'p>(
        &self,
        pool: &'p Pool,
        roster: &Roster<'_>,
        seeker: Seeker,
        slots_after: u32,
    ) -> Option<&'p Cell> {
        let round = roster.round;
        let is_head = round.chart.parent_at(self.leader).is_none();
        let yields = seeker.is_behind && !is_head;
        let bottoms = round.settings.bottom_of_four;
        let slot = Slot {
            week: round.week,
            slots_after,
            bottoms: if yields { bottoms.min(1) } else { bottoms },
        };
        let order = band::order(&self.visits, round.settings, round.week);
        let best = |band: Band| self.best_cell(pool, band, roster);
        if band::must_be_bottom(&self.visits, round.settings, &slot)
            && let Some(bottom) = best(Band::Bottom)
            && (!yields || bottom.best.is_some_and(|(rank, _)| rank.unheard))
        {
            return Some(bottom);
        }
        let gain = |cell: &Cell| {
            let (rank, _) = cell.best?;
            Some((rank.gain.new, yields && rank.gain.urgency.is_urgent()))
        };
        let cells: Vec<&Cell> = order.into_iter().filter_map(best).collect();
        let most = cells.iter().map(|cell| gain(cell)).max()?;
        cells.into_iter().find(|cell| gain(cell) == most)
    }

    /// Everybody at distance two or more below, in cells, each with the best person who can be met.
    fn pool(&self, roster: &Roster<'_>, pressure: &Pressure, seeker: Seeker) -> Pool {
        let round = roster.round;
        let own_depth = round.chart.depth_at(self.leader);
        let bands = if band::has_bands(round.chart, self.leader) {
            BANDS.map(Some).to_vec()
        } else {
            vec![None]
        };
        let mut pool = Pool::default();
        for branch in round.chart.reports_at(self.leader) {
            let first = pool.cells.len();
            pool.cells.extend(bands.iter().map(|&band| Cell {
                branch,
                band,
                size: 0,
                best: None,
            }));
            for person in round.chart.below_at(branch) {
                let band = band::band_at(round.chart, person, round.chart.depth_at(person) - own_depth);
                let offset = bands.iter().position(|&other| other == Some(band)).unwrap_or(0);
                let cell = &mut pool.cells[first + offset];
                cell.size += u32::from(roster.is_at_work(person));
                if self.excluded.contains(&round.chart.key_at(person)) {
                    continue;
                }
                match roster.hindrance(person, roster.pair(self.leader, person), round.week) {
                    None => {
                        let rank = Rank::new(roster, pressure, seeker, person);
                        cell.best = cell.best.max(Some((rank, person)));
                    }
                    Some(Hindrance::Cooldown(_)) => pool.cooling = true,
                    Some(Hindrance::LoadCap(_)) => pool.capped = true,
                    Some(_) => {}
                }
            }
        }
        pool
    }

    /// The cell of `band` whose branch most deserves a visit, of those with most to gain.
    fn best_cell<'p>(&self, pool: &'p Pool, band: Band, roster: &Roster<'_>) -> Option<&'p Cell> {
        let round = roster.round;
        let claim = |cell: &Cell| Claim {
            size: cell.size,
            visits: band::visits_to(&self.visits, round.chart.key_at(cell.branch), round.week),
        };
        let open = pool
            .cells
            .iter()
            .filter(|cell| cell.band == Some(band) && cell.best.is_some());
        let gain = |cell: &Cell| {
            cell.best
                .map(|(rank, _)| (rank.gain.new, rank.gain.urgency.is_urgent()))
        };
        open.max_by(|a, b| {
            let by_claim = || claim(a).compare(claim(b));
            gain(a).cmp(&gain(b)).then_with(by_claim).then(a.best.cmp(&b.best))
        })
    }
}

impl Pool {
    fn why_empty(&self) -> NoSuggestionCode {
        if self.capped {
            NoSuggestionCode::AllAtLoadCap
        } else if self.cooling {
            NoSuggestionCode::AllCoolingDown
        } else {
            NoSuggestionCode::PoolEmpty
        }
    }
}
