//! A simulation for machines.

use serde_json::{Value, json};

use super::SimulateArgs;
use crate::domain::simulation::{Played, Simulation};

/// One JSON object on one line.
pub(super) fn text(args: &SimulateArgs, simulation: &Simulation) -> String {
    let share = |rate: crate::domain::simulation::Rate| rate.to_string().parse::<f64>().unwrap_or_default();
    json!({
        "people": simulation.people,
        "weeks": args.weeks,
        "seed": args.seed,
        "population": simulation.population,
        "rates": {
            "accept": share(args.accept),
            "hold": share(args.hold),
            "leave": share(args.leave),
            "exits": share(args.exits),
            "hires": share(args.hires),
            "reorgs": share(args.reorgs),
        },
        "policies": simulation.policies.iter().map(policy).collect::<Vec<_>>(),
    })
    .to_string()
}

fn policy(played: &Played) -> Value {
    let head = played.head;
    json!({
        "policy": played.policy.word(),
        "heard": played.heard(),
        "bound": played.bound(),
        "reach": played.reach(),
        "longestWaitDays": played.longest_wait_days,
        "maxAskedIn28Days": played.most_asked_in_28_days,
        "emptySlots": played.empty_slots,
        "suggested": played.suggested,
        "held": played.held,
        "repeats": played.repeats,
        "needlessRepeats": played.needless_repeats,
        "cells": { "visited": played.cells.0, "all": played.cells.1 },
        "head": {
            "bottom": head.bottom,
            "near": head.near,
            "middle": head.middle,
            "branchesVisited": head.branches_visited,
            "branches": head.branches,
        },
        "byWeek": played.by_week.iter().map(|week| json!({ "heard": week.heard, "bound": week.bound })).collect::<Vec<_>>(),
    })
}
