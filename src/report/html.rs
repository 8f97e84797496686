//! A report as one HTML file that needs nothing else.

use maud::{DOCTYPE, Markup, PreEscaped, html as markup};

use super::{Document, Line, drawing, number, percent};

const STYLE: &str = "body{margin:2rem auto;max-width:60rem;padding:0 1rem;font:16px/1.5 system-ui,sans-serif;color:#1b1f24;\
background:#fff}h2{margin-top:2rem}table{border-collapse:collapse;font-variant-numeric:tabular-nums}th,td{padding:.25rem .6rem;\
border-bottom:1px solid #c9ced6;text-align:right}th:first-child{text-align:left}.note{color:#555d68}.figures{display:flex;\
flex-wrap:wrap;gap:1rem;padding:0;margin:0}.figures div{background:#f5f6f8;border-radius:.5rem;padding:.75rem 1rem}dt{color:#555d68}\
dd{margin:0;font-size:1.6rem}svg{max-width:100%;height:auto}@media print{section{break-inside:avoid}}";

/// Everything that a report tells, on one page.
pub fn html(document: &Document) -> String {
    let body = markup! {
        (headline(document))
        (heat(document))
        (trend(document))
        @for breakdown in &document.breakdowns {
            section {
                h2 { "By " (breakdown.group_by.to_lowercase()) }
                (groups(&breakdown.groups))
            }
        }
        section {
            h2 { "Waiting longest" }
            ol {
                @for person in &document.waiting {
                    li {
                        (person.name)
                        @if let Some(title) = &person.title { ", " (title) }
                        @if let Some(department) = &person.department { " (" (department) ")" }
                    }
                }
            }
            @if document.waiting.is_empty() { p { "Nobody is named." } }
        }
        section {
            h2 { "Leaders" }
            p class="note" { "By name. These numbers help with planning; they rank nobody." }
            table {
                thead { tr { th { "Leader" } th { "People" } th { "Met" } th { "Bottom a month" } th { "Weeks held" } th { "Met again" } } }
                tbody {
                    @for leader in &document.leaders {
                        tr {
                            th scope="row" { (leader.name) }
                            td { (leader.population) }
                            td { (percent(leader.coverage)) " of " (leader.measure) }
                            td { (number(leader.bottom_meetings_per_month.map(|meetings| format!("{meetings:.1}")))) }
                            td { (number(leader.weeks_held)) " of " (leader.weeks_with_slot) }
                            td { (percent(leader.concentration)) }
                        }
                    }
                }
            }
        }
        (load(document))
    };
    page(&format!("Who is being heard: {}", document.title()), &body)
}

/// A page around a body.
pub(super) fn page(title: &str, body: &Markup) -> String {
    let page = markup! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body { h1 { (title) } (body) }
        }
    };
    page.into_string()
}

pub(super) fn headline(document: &Document) -> Markup {
    let total = &document.total;
    markup! {
        p class="note" {
            "As of " (document.as_of) ": skip-level 1:1s held in the " (document.window_days)
            " days before, against the people who could have had one. A dot stands for too few people to say."
        }
        dl class="figures" {
            div { dt { "Heard" } dd { (percent(total.share)) } (number(total.heard)) " of " (total.population) " people" }
            div { dt { "Longest wait" } dd { (number(total.wait_days_max)) } "days" }
            div { dt { "Half wait at least" } dd { (number(total.wait_days_median)) } "days" }
            div { dt { "Most in one week" } dd { (number(document.most_in_a_week)) } "skip-levels of one person" }
        }
    }
}

pub(super) fn heat(document: &Document) -> Markup {
    let cell = |line: &Line| {
        let (fill, ink) = drawing::heat(line.share);
        markup! {
            @if line.population == 0 {
                td {}
            } @else {
                td style=(format!("background:{fill};color:{ink};print-color-adjust:exact"))
                    title=(format!("{} people", line.population)) { (percent(line.share)) }
            }
        }
    };
    markup! {
        section {
            h2 { "Departments and levels" }
            table {
                thead {
                    tr { th { "Department" } th { "All" } @for column in &document.heat_map.columns { th { (column) } } }
                }
                tbody {
                    @for (row, cells) in &document.heat_map.rows {
                        tr { th scope="row" { (row.label) } (cell(row)) @for line in cells { (cell(line)) } }
                    }
                }
            }
        }
    }
}

pub(super) fn trend(document: &Document) -> Markup {
    markup! {
        section {
            h2 { "Trend" }
            p class="note" { "Share of these people heard by the end of each month, beside the most that the same meetings could have reached." }
            (drawing::trend(&document.trend))
        }
    }
}

pub(super) fn load(document: &Document) -> Markup {
    let [fresh, due, late, never] = document
        .peers
        .fresh_due_late_never
        .map_or([None; 4], |counts| counts.map(Some));
    markup! {
        section {
            h2 { "Load" }
            table {
                thead { tr { th { "Skip-levels" } th { "People" } } }
                tbody { @for [meetings, people] in &document.load { tr { th scope="row" { (meetings) } td { (people) } } } }
            }
        }
        section {
            h2 { "Peers" }
            table {
                thead { tr { th { "Last 1:1 with a peer" } th { "Leaders" } } }
                tbody {
                    tr { th scope="row" { "under 3 weeks ago" } td { (number(fresh)) } }
                    tr { th scope="row" { "3 to 5 weeks ago" } td { (number(due)) } }
                    tr { th scope="row" { "over 5 weeks ago" } td { (number(late)) } }
                    tr { th scope="row" { "not in this time" } td { (number(never)) } }
                }
            }
        }
    }
}

fn groups(lines: &[Line]) -> Markup {
    markup! {
        table {
            thead { tr { th { "Group" } th { "People" } th { "Heard" } th { "Share" } th { "Longest wait" } th { "Nine of ten" } th { "Median" } } }
            tbody {
                @for line in lines {
                    tr {
                        th scope="row" { (line.label) }
                        td { (line.population) }
                        td { (number(line.heard)) }
                        td { (percent(line.share)) }
                        td { (number(line.wait_days_max)) }
                        td { (number(line.wait_days_p90)) }
                        td { (number(line.wait_days_median)) }
                    }
                }
            }
        }
    }
}
