//! What meetings of past days are: by the chart of their day, one chart at a time.

use std::collections::{BTreeSet, HashMap};

use crate::{
    app::{AppError, session::Turn},
    domain::{
        Date,
        chart::OrgChart,
        meeting::{Band, MeetingKind, kind_at},
        person::PersonKey,
        rotation::band_of,
    },
};

/// A pair on a day; of peers the one who arranged it comes first.
pub(super) type PairOn = (Date, (PersonKey, PersonKey));

/// What is frozen of a meeting.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frozen {
    pub(super) leader: PersonKey,
    pub(super) counterpart: PersonKey,
    pub(super) kind: MeetingKind,
    pub(super) distance: Option<u32>,
    pub(super) branch: Option<PersonKey>,
    pub(super) band: Option<Band>,
}

/// What the meetings of pairs on their days are; those of whom one was not in the chart that day are missing. A day to
/// come is judged by today's chart, as a meeting is that is agreed now.
pub(super) async fn frozen(
    turn: &Turn,
    pairs: BTreeSet<PairOn>,
    today: Date,
) -> Result<HashMap<PairOn, Frozen>, AppError> {
    let mut found = HashMap::with_capacity(pairs.len());
    if pairs.is_empty() {
        return Ok(found);
    }
    let records = turn.write.records().await?;
    let mut chart: Option<(OrgChart, Option<Date>)> = None;
    for (day, pair) in pairs {
        let on = day.min(today);
        let holds = chart
            .as_ref()
            .is_some_and(|(_, until)| until.is_none_or(|until| on < until));
        if !holds {
            chart = Some(records.chart_from(on)?);
        }
        let meeting = chart.as_ref().and_then(|(chart, _)| freeze(chart, pair));
        found.extend(meeting.map(|meeting| ((day, pair), meeting)));
    }
    Ok(found)
}

fn freeze(chart: &OrgChart, (first, second): (PersonKey, PersonKey)) -> Option<Frozen> {
    if !chart.contains(first) || !chart.contains(second) {
        return None;
    }
    let (leader, counterpart) = if chart.is_above(second, first) {
        (second, first)
    } else {
        (first, second)
    };
    let distance = chart.distance(leader, counterpart);
    let kind = kind_at(distance);
    let skip_level = kind == MeetingKind::SkipLevel;
    Some(Frozen {
        leader,
        counterpart,
        kind,
        distance,
        branch: chart.branch(leader, counterpart).filter(|_| skip_level),
        band: band_of(chart, leader, counterpart),
    })
}
