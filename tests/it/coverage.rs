//! Coverage reports over HTTP: figures known by hand, figures counted again from the rows, and who is told what.

mod count;
mod figures;
mod lists;
mod organisation;
mod random;
mod reach;
mod scene;

use serde_json::{Value, json};

use crate::support::World;

/// All that a report tells, but for names.
const REPORT: &str = "
query($input: CoverageInput!) { coverage(input: $input) {
  asOf windowDays under { id }
  total { ...Group } groups { ...Group }
  heatMap { columns { key } rows { key total { ...Group } cells { ...Group } } }
  head { ...Leader } leaders(first: 100) { totalCount nodes { ...Leader } }
  waiting(first: 100) { totalCount nodes { id } }
  trend { month population held heard share possible suppressed }
  load { buckets { meetings people } mostInAWeek suppressed }
  peers { people fresh due late never met medianDays suppressed } } }
fragment Group on CoverageGroup {
  key population heard share waitDaysMax waitDaysP90 waitDaysMedian suppressed }
fragment Leader on LeaderCoverage {
  leader { id } population measure met coverage strata strataVisited strataCoverage bottomMeetingsPerMonth
  weeksWithSlot weeksHeld adherence meetings repeats concentration suppressed }";

/// The report that `who` is told.
async fn report(world: &World, who: &str, input: Value) -> Value {
    let mut data = world.data(who, REPORT, json!({ "input": input })).await;
    data["coverage"].take()
}
