// What the page asks, a whole document for each operation. The server reads this file too: what stands between backticks is
// trusted where others are refused, so nothing else may stand there.
"use strict";

const DOCUMENTS = {
  Coverage: `query Coverage($input: CoverageInput!, $first: Int!) {
  viewer { roles person { name } }
  coverage(input: $input) {
    asOf
    windowDays
    under { name }
    total { ...Figures }
    groups { ...Figures }
    heatMap {
      columns { key label }
      rows { key label total { ...Figures } cells { ...Figures } }
    }
    trend { month held heard share possible }
    load { mostInAWeek buckets { meetings people } }
    peers { people met fresh due late never medianDays }
    waiting(first: $first) { ...Waiting }
    leaders(first: $first) { ...Leaders }
  }
}
fragment Figures on CoverageGroup {
  key label population heard share waitDaysMax waitDaysP90 waitDaysMedian suppressed
}
fragment Waiting on PersonConnection {
  pageInfo { hasNextPage endCursor }
  nodes { name title department startDate lastHeard }
}
fragment Leaders on LeaderCoverageConnection {
  pageInfo { hasNextPage endCursor }
  nodes {
    leader { name }
    population met coverage strata strataVisited strataCoverage bottomMeetingsPerMonth weeksWithSlot weeksHeld
    adherence meetings concentration measure suppressed
  }
}`,

  MoreWaiting: `query MoreWaiting($input: CoverageInput!, $first: Int!, $after: String) {
  coverage(input: $input) {
    waiting(first: $first, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { name title department startDate lastHeard }
    }
  }
}`,

  MoreLeaders: `query MoreLeaders($input: CoverageInput!, $first: Int!, $after: String) {
  coverage(input: $input) {
    leaders(first: $first, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes {
        leader { name }
        population met coverage strata strataVisited strataCoverage bottomMeetingsPerMonth weeksWithSlot weeksHeld
        adherence meetings concentration measure suppressed
      }
    }
  }
}`,

  Units: `query Units($search: String!) {
  people(filter: { search: $search, isLeader: true }, first: 10) { nodes { id name title } }
}`,
};
