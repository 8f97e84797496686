//! The doors: every way in which the API lets somebody ask for somebody or something, as documents.

use std::fmt::Write as _;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::{Rng, SeedableRng, rngs::StdRng};
use uuid::Uuid;

/// By what a person can be asked for.
#[derive(Clone, Debug)]
pub struct Keys {
    pub id: String,
    pub external: String,
}

impl Keys {
    /// Keys of nobody, which look like those of somebody.
    pub fn of_nobody(number: usize) -> Self {
        Self {
            id: unknown('p', number),
            external: format!("q{number:02}"),
        }
    }
}

/// The global id of an object: `p`erson, `l`ine, `s`uggestion, `m`eeting, `n`ote, `k`udos or peer `e`dge.
pub fn global(kind: char, id: Uuid) -> String {
    let mut bytes = vec![u8::try_from(kind).unwrap()];
    bytes.extend(id.as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A global id of nothing.
pub fn unknown(kind: char, number: usize) -> String {
    global(kind, Uuid::from_u128(StdRng::seed_from_u64(number as u64).random()))
}

/// What is asked of everything that is found, by type; the names carry what a test checks.
const FRAGMENTS: &str = "
fragment Any on Node { __typename id ...Who ...Met ...Told ...Beside ...Noted ...Thanks ...Line }
fragment Who on Person {
  __typename id access name email status distance startDate endDate lastHeard externalIds { source externalId }
  manager { __typename id access } managers { __typename id access } lastMet { __typename id status }
  reportingLines(includePast: true) { ...Line } }
fragment Met on Meeting {
  __typename id status leader { __typename id access } counterpart { __typename id access manager { __typename id access } }
  suggestion { __typename id } notes(first: 100) { totalCount nodes { ...Noted } }
  agenda { __typename itemId text author { __typename id access } } kudos { ...Thanks } }
fragment Noted on Note {
  __typename id text visibility author { __typename id access } meeting { __typename id } }
fragment Thanks on Kudos {
  __typename id text person { __typename id access } meeting { __typename id } }
fragment Told on Suggestion {
  __typename id status leader { __typename id access } counterpart { __typename id access reportingLines { ...Line } }
  meeting { __typename id } }
fragment Beside on Peer {
  __typename id state person { __typename id access manager { __typename id access } } lastMet { __typename id } }
fragment Line on ReportingLine {
  __typename id interim report { __typename id access } manager { __typename id access } }
";

/// Of how many people, the first ones, reports are asked for.
pub const REPORTS: usize = 3;

/// What is asked of a report: everybody whom it names.
const REPORT: &str = "{ under { __typename id access } head { leader { __typename id access } } groups { key }
  leaders(first: 100) { totalCount nodes { leader { __typename id access } } }
  waiting(first: 100) { totalCount nodes { __typename id access } } }";

/// The end of a document: a fragment has to be used, whatever else is asked.
const USED: &str = " none: node(id: \"\") { ...Any } }";

/// Every door to these people: `n` node, `p` by id, `e` by e-mail, `x` by external id, `u` below them, `s` by search,
/// `w` meetings with them, `y` why they are not suggested, `t` times to meet, `c` a report of those below some; and `nodes`
/// for all of them at once.
pub fn to_people(people: &[Keys]) -> String {
    let ids: Vec<_> = people.iter().map(|keys| format!("\"{}\"", keys.id)).collect();
    let mut text = format!("{{ nodes(ids: [{}]) {{ ...Any }}", ids.join(","));
    for (number, Keys { id, external }) in people.iter().enumerate() {
        let _ = write!(
            text,
            "
            n{number}: node(id: \"{id}\") {{ ...Any }}
            p{number}: person(by: {{id: \"{id}\"}}) {{ __typename id access name }}
            e{number}: person(by: {{email: \"{external}@EXAMPLE.org\"}}) {{ __typename id access }}
            x{number}: person(by: {{externalId: {{source: \"hr\", externalId: \"{external}\"}}}}) {{ __typename id access }}
            u{number}: people(filter: {{under: \"{id}\"}}, first: 100) {{ totalCount nodes {{ __typename id access }} }}
            s{number}: people(filter: {{search: \"{external}\"}}) {{ totalCount nodes {{ __typename id access }} }}
            t{number}: viewer {{ meetingTimes(counterpart: \"{id}\", week: \"2026-W25\") {{ __typename startsAt }} }}
            y{number}: viewer {{ whyNot(person: \"{id}\") {{ __typename code message until }} }}
            w{number}: meetings(filter: {{with: \"{id}\"}}, first: 100) {{ totalCount nodes {{ __typename id }} }}"
        );
        // A report reads the whole organisation: a few will do.
        if number < REPORTS {
            let _ = write!(
                text,
                " c{number}: coverage(input: {{under: \"{id}\", groupBy: BRANCH}}) {REPORT}"
            );
        }
    }
    text + USED + FRAGMENTS
}

/// Reports and people below of these people, who are in reach.
pub fn below(people: &[Keys]) -> String {
    let mut text = String::from("{ __typename");
    for (number, Keys { id, .. }) in people.iter().enumerate() {
        let _ = write!(
            text,
            "
            b{number}: person(by: {{id: \"{id}\"}}) {{
              reports(first: 100) {{ totalCount nodes {{ __typename id access }} }}
              below(first: 100) {{ totalCount nodes {{ __typename id access }} }}
              far: below(minDistance: 2, orderBy: DEPTH, first: 100) {{ totalCount nodes {{ __typename id access }} }} }}"
        );
    }
    text + "}"
}

/// Every door to these meetings, suggestions, peers, notes or lines.
pub fn to_objects(ids: &[String]) -> String {
    let mut text = String::from("{ __typename");
    for (number, ids) in ids.chunks(100).enumerate() {
        let quoted: Vec<_> = ids.iter().map(|id| format!("\"{id}\"")).collect();
        let _ = write!(text, " all{number}: nodes(ids: [{}]) {{ ...Any }}", quoted.join(","));
    }
    for (number, id) in ids.iter().enumerate().take(20) {
        let _ = write!(text, " n{number}: node(id: \"{id}\") {{ ...Any }}");
    }
    text + USED + FRAGMENTS
}

/// Every list from the root.
pub fn lists() -> String {
    let mut text = String::from(
        "{ viewer { person { ...Who } own: meetings(first: 100) { totalCount nodes { ...Met } }
        peers(first: 100) { totalCount nodes { ...Beside } } kudos(first: 100) { totalCount nodes { ...Thanks } }",
    );
    for (name, week) in [
        ("a", "2026-W22"),
        ("b", "2026-W23"),
        ("c", "2026-W24"),
        ("d", "2026-W25"),
    ] {
        let _ = write!(text, " {name}: week(week: \"{week}\") {{ suggestions {{ ...Told }} }}");
    }
    text += " }";
    for order in ["NAME", "DEPTH", "LEAST_RECENTLY_MET"] {
        let _ = write!(
            text,
            " {order}: people(first: 100, orderBy: {order}) {{ totalCount nodes {{ __typename id access }} }}"
        );
    }
    let _ = write!(text, " coverage(input: {{groupBy: BRANCH}}) {REPORT}");
    text += " back: people(last: 100) { totalCount nodes { __typename id access } }";
    for (name, filter) in [
        ("asOf", "asOf: \"2026-06-10\""),
        ("north", "filter: {department: \"north\"}"),
        ("dale", "filter: {location: \"dale\"}"),
        ("leaders", "filter: {isLeader: true}"),
        ("left", "filter: {status: TERMINATED}"),
        ("everybody", "filter: {search: \"p\"}"),
    ] {
        let _ = write!(
            text,
            " {name}: people(first: 100, {filter}) {{ totalCount nodes {{ __typename id access }} }}"
        );
    }
    text += " meetings(first: 100) { totalCount nodes { ...Met } } suggestions(first: 100) { totalCount nodes { ...Told } }";
    for status in ["SCHEDULED", "HELD", "CANCELLED", "DECLINED", "UNCONFIRMED"] {
        let _ = write!(
            text,
            " m{status}: meetings(first: 100, filter: {{status: {status}}}) {{ totalCount nodes {{ ...Met }} }}"
        );
    }
    for status in ["OPEN", "ACCEPTED", "SKIPPED", "SWAPPED", "EXPIRED", "INVALIDATED"] {
        let _ = write!(
            text,
            " s{status}: suggestions(first: 100, status: {status}) {{ totalCount nodes {{ ...Told }} }}"
        );
    }
    text + USED + FRAGMENTS
}

/// What mutations aim at, by global id.
#[derive(Clone, Debug)]
pub struct Aims {
    pub person: String,
    pub meeting: String,
    pub suggestion: String,
    pub peer: String,
    pub note: String,
    pub kudos: String,
}

impl Aims {
    /// Ids of nothing.
    pub fn nowhere(number: usize) -> Self {
        Self {
            person: unknown('p', number),
            meeting: unknown('m', number),
            suggestion: unknown('s', number),
            peer: unknown('e', number),
            note: unknown('n', number),
            kudos: unknown('k', number),
        }
    }
}

/// Every mutation of a person's with these objects as its aim.
pub fn mutations(aims: &Aims) -> String {
    let Aims {
        person,
        meeting,
        suggestion,
        peer,
        note,
        kudos,
    } = aims;
    let at = "2026-06-12T09:00:00Z";
    let past = "2026-06-01T09:00:00Z";
    format!(
        "mutation {{
          q: writeKudos(input: {{meetingId: \"{meeting}\", personId: \"{person}\", text: \"t\"}}) {{ kudos {{ id }} userErrors {{ code message path }} }}
          a: scheduleMeeting(input: {{counterpartId: \"{person}\", startsAt: \"{at}\"}}) {{ meeting {{ id }} userErrors {{ code message path }} }}
          b: recordMeeting(input: {{counterpartId: \"{person}\", heldAt: \"{past}\"}}) {{ meeting {{ id }} userErrors {{ code message path }} }}
          c: requestMeeting(input: {{leaderId: \"{person}\"}}) {{ meeting {{ id }} userErrors {{ code message path }} }}
          d: confirmMeeting(input: {{meetingId: \"{meeting}\", heldAt: \"{past}\"}}) {{ meeting {{ id }} userErrors {{ code message path }} }}
          e: declineMeeting(input: {{meetingId: \"{meeting}\"}}) {{ meeting {{ id }} userErrors {{ code message path }} }}
          f: cancelMeeting(input: {{meetingId: \"{meeting}\"}}) {{ meeting {{ id }} userErrors {{ code message path }} }}
          g: acceptSuggestion(input: {{suggestionId: \"{suggestion}\"}}) {{ suggestion {{ id }} userErrors {{ code message path }} }}
          h: swapSuggestion(input: {{suggestionId: \"{suggestion}\"}}) {{ suggestion {{ id }} userErrors {{ code message path }} }}
          i: skipSuggestion(input: {{suggestionId: \"{suggestion}\"}}) {{ suggestion {{ id }} userErrors {{ code message path }} }}
          j: proposePeer(input: {{personId: \"{person}\"}}) {{ peer {{ id }} userErrors {{ code message path }} }}
          k: confirmPeer(input: {{peerId: \"{peer}\"}}) {{ peer {{ id }} userErrors {{ code message path }} }}
          l: endPeer(input: {{peerId: \"{peer}\"}}) {{ peer {{ id }} userErrors {{ code message path }} }}
          m: writeNote(input: {{meetingId: \"{meeting}\", visibility: PRIVATE, text: \"t\"}}) {{ note {{ id }} userErrors {{ code message path }} }}
          n: editNote(input: {{noteId: \"{note}\", version: 1, text: \"t\"}}) {{ note {{ id }} userErrors {{ code message path }} }}
          o: deleteNote(input: {{noteId: \"{note}\"}}) {{ deletedNoteId userErrors {{ code message path }} }}
          p: addAgendaItem(input: {{meetingId: \"{meeting}\", text: \"t\"}}) {{ agenda {{ itemId }} userErrors {{ code message path }} }}
          r: sendKudos(input: {{kudosId: \"{kudos}\"}}) {{ kudos {{ id }} userErrors {{ code message path }} }}
          s: deleteKudos(input: {{kudosId: \"{kudos}\"}}) {{ deletedKudosId userErrors {{ code message path }} }}
        }}"
    )
}
