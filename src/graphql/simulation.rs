//! A programme played ahead on the present organisation.

use async_graphql::{Description, Enum, InputObject, Object, SimpleObject};

use super::error::{ErrorCode, Fault};
use crate::{
    app::ProgrammeInput,
    domain::{
        settings::SettingsPatch,
        simulation::{self, Rate, Rates, share},
    },
};

/// What to play on the present organisation. Shares are between 0 and 1.
#[derive(Debug, InputObject)]
pub struct SimulateProgrammeInput {
    /// How many weeks, from the first that no draw has settled. People times weeks are at most two million here; the
    /// command `skiplevel simulate` has no such limit.
    #[graphql(default = 52)]
    weeks: i32,
    /// Another seed gives another play.
    #[graphql(default = 1)]
    seed: i32,
    /// Share of suggestions that their leader accepts.
    #[graphql(default = 0.8)]
    accepted: f64,
    /// Share of accepted suggestions that become held meetings.
    #[graphql(default = 0.875)]
    held: f64,
    /// Share of people on leave at any time.
    #[graphql(default = 0.0)]
    on_leave: f64,
    /// Share of people who leave the organisation in a year.
    #[graphql(default = 0.0)]
    exits: f64,
    /// Share of people who join in a year; they take the places of leavers first.
    #[graphql(default = 0.0)]
    hires: f64,
    /// Share of managers who move with their teams to another manager in a year.
    #[graphql(default = 0.0)]
    moves: f64,
    /// What differs from the settings in force.
    settings: Option<SimulatedSettings>,
}

/// Settings to try out; what is absent is as it is in force.
#[derive(Debug, Default, InputObject)]
pub struct SimulatedSettings {
    /// Skip-level slots a leader has in a week, 0 to 5.
    slots_per_week: Option<i32>,
    /// Days after the start before somebody is suggested.
    new_joiner_days: Option<i32>,
    /// Weeks before the same two meet again, at least 4.
    pair_cooldown_weeks: Option<i32>,
    /// Days between any two skip-levels of one person.
    load_cap_days: Option<i32>,
    /// Bottom meetings in each four weeks of a leader with bands.
    bottom_of_four: Option<i32>,
    /// Near meetings in each four weeks of a leader with bands.
    near_of_four: Option<i32>,
}

/// How leaders come to their skip-levels.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "simulation::Policy")]
pub enum SimulatedPolicy {
    /// Each leader picks at random.
    Random,
    /// Each leader rotates alone: whom they met longest ago, and before all others whom they never met.
    Alone,
    /// The weekly draw.
    Skiplevel,
}

/// What a simulation found.
#[derive(Debug, Description)]
pub struct ProgrammeSimulation(pub(super) simulation::Simulation);

#[Object(use_type_description)]
impl ProgrammeSimulation {
    /// How many people were in the chart at the beginning.
    async fn people(&self) -> i32 {
        number(self.0.people)
    }

    /// How many people were within reach of a leader in any week.
    async fn population(&self) -> i32 {
        number(self.0.population)
    }

    /// The same weeks under each policy, the weekly draw last. What becomes of a leader's slot is alike in all of them.
    async fn policies(&self) -> Vec<SimulatedYear> {
        let year = |played: &simulation::Played| SimulatedYear {
            played: played.clone(),
            population: self.0.population,
        };
        self.0.policies.iter().map(year).collect()
    }
}

/// What one policy came to.
#[derive(Debug, Description)]
pub struct SimulatedYear {
    played: simulation::Played,
    population: usize,
}

#[Object(use_type_description)]
impl SimulatedYear {
    /// Which policy.
    async fn policy(&self) -> SimulatedPolicy {
        self.played.policy.into()
    }

    /// How many suggestions were made.
    async fn suggested(&self) -> i32 {
        number(self.played.suggested as usize)
    }

    /// How many of them became held meetings.
    async fn held(&self) -> i32 {
        number(self.played.held as usize)
    }

    /// How many people were heard at least once.
    async fn heard(&self) -> i32 {
        number(self.played.heard())
    }

    /// The most people that the same held meetings could have reached: exact, with who was there when.
    async fn bound(&self) -> i32 {
        number(self.played.bound())
    }

    /// Heard of the bound.
    async fn reach(&self) -> f64 {
        self.played.reach()
    }

    /// Heard of the population.
    async fn share(&self) -> f64 {
        share(self.played.heard(), self.population)
    }

    /// The longest wait to be heard in the last week, in days at work; waits begin with the first week where nothing was
    /// held before.
    async fn longest_wait_days(&self) -> i32 {
        self.played.longest_wait_days.try_into().unwrap_or(i32::MAX)
    }

    /// The most agreed meetings of one person within 28 days.
    async fn max_asked_in_28_days(&self) -> i32 {
        number(self.played.most_asked_in_28_days as usize)
    }

    /// How many suggestions brought two together again who had met in these weeks.
    async fn repeats(&self) -> i32 {
        number(self.played.repeats as usize)
    }

    /// How many slots stayed empty.
    async fn empty_slots(&self) -> i32 {
        number(self.played.empty_slots as usize)
    }

    /// Of all leaders with bands: cells of branch and band that had a held meeting.
    async fn cells_visited(&self) -> i32 {
        number(self.played.cells.0 as usize)
    }

    /// Of all leaders with bands: cells of branch and band that have people.
    async fn cells(&self) -> i32 {
        number(self.played.cells.1 as usize)
    }

    /// What the leader with the most people below was suggested.
    async fn head(&self) -> SimulatedHead {
        let head = self.played.head;
        let number = |count: u32| number(count as usize);
        SimulatedHead {
            bottom: number(head.bottom),
            near: number(head.near),
            middle: number(head.middle),
            branches_visited: number(head.branches_visited),
            branches: number(head.branches),
        }
    }

    /// How far it had come after each week.
    async fn by_week(&self) -> Vec<SimulatedWeek> {
        let weeks = self.played.by_week.iter().zip(1..);
        let reached = |(reached, week): (&simulation::WeekReached, i32)| SimulatedWeek {
            week,
            heard: number(reached.heard),
            bound: number(reached.bound),
        };
        weeks.map(reached).collect()
    }
}

/// What the leader with the most people below was suggested.
#[derive(Debug, SimpleObject)]
pub struct SimulatedHead {
    /// Suggestions of people without reports, three or more levels below.
    bottom: i32,
    /// Suggestions of people two levels below.
    near: i32,
    /// All other suggestions; all of them for a head without bands.
    middle: i32,
    /// Branches that were suggested at least once.
    branches_visited: i32,
    /// Branches with anybody two or more levels below.
    branches: i32,
}

/// How far a policy had come after a week.
#[derive(Debug, SimpleObject)]
pub struct SimulatedWeek {
    /// Which week, from 1.
    week: i32,
    /// People heard at least once by then.
    heard: i32,
    /// The most that the meetings held by then could have reached.
    bound: i32,
}

impl SimulateProgrammeInput {
    /// What to play, or what does not fit.
    pub(super) fn read(self) -> Result<ProgrammeInput, Fault> {
        let rate = |field: &str, share: f64| {
            Rate::try_from(share)
                .map_err(|cause| Fault::new(ErrorCode::BadUserInput, format!("input.{field}: {cause}")))
        };
        let settings = self.settings.unwrap_or_default();
        // What a setting cannot hold becomes what its range refuses.
        let count = |number: i32| u32::try_from(number).unwrap_or(u32::MAX);
        Ok(ProgrammeInput {
            weeks: count(self.weeks),
            seed: u64::from(self.seed.cast_unsigned()),
            rates: Rates {
                accepted: rate("accepted", self.accepted)?,
                held: rate("held", self.held)?,
                on_leave: rate("onLeave", self.on_leave)?,
                exits: rate("exits", self.exits)?,
                hires: rate("hires", self.hires)?,
                moves: rate("moves", self.moves)?,
            },
            settings: SettingsPatch {
                slots_per_week: settings.slots_per_week.map(count),
                new_joiner_days: settings.new_joiner_days.map(Into::into),
                pair_cooldown_weeks: settings.pair_cooldown_weeks.map(Into::into),
                load_cap_days: settings.load_cap_days.map(Into::into),
                bottom_of_four: settings.bottom_of_four.map(count),
                near_of_four: settings.near_of_four.map(count),
                ..SettingsPatch::default()
            },
        })
    }
}

fn number(count: usize) -> i32 {
    count.try_into().unwrap_or(i32::MAX)
}
