//! Pictures of a report as SVG: the trend, and departments against levels.

use maud::{Markup, html};

use super::{Document, Line, MonthLine, percent};

/// Width of every picture, in its own units.
const WIDTH: usize = 640;
const TREND_HEIGHT: usize = 220;
const CELL_HEIGHT: usize = 26;
const LABELS: usize = 170;
/// The most levels and departments that are drawn.
const MOST_COLUMNS: usize = 12;
const MOST_ROWS: usize = 40;

/// One picture with both, on white, for documents and slides.
pub fn svg(document: &Document) -> String {
    let rows = document.heat_map.rows.len().min(MOST_ROWS);
    let height = TREND_HEIGHT + 90 + CELL_HEIGHT * (rows + 1);
    let title = format!("Who is being heard: {}, as of {}", document.title(), document.as_of);
    let markup = html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox=(format!("0 0 {WIDTH} {height}")) role="img"
            font-family="system-ui, sans-serif" font-size="12" fill="#1b1f24" {
            title { (title) }
            rect width="100%" height="100%" fill="#fff" {}
            text x="12" y="24" font-size="15" font-weight="600" { (title) }
            g transform="translate(0 36)" { (trend_lines(&document.trend)) }
            g transform=(format!("translate(0 {})", TREND_HEIGHT + 56)) { (heat_cells(document)) }
        }
    };
    markup.into_string()
}

/// The trend alone.
pub(super) fn trend(months: &[MonthLine]) -> Markup {
    let told = months.iter().rev().find(|month| month.share.is_some());
    let label = match told {
        Some(month) => format!("{} heard, {} possible", percent(month.share), percent(month.possible)),
        None => "too few people to say".to_owned(),
    };
    html! {
        svg viewBox=(format!("0 0 {WIDTH} {TREND_HEIGHT}")) role="img" aria-label=(label) font-size="12" { (trend_lines(months)) }
    }
}

fn trend_lines(months: &[MonthLine]) -> Markup {
    let (left, right, top, bottom) = (44.0, 70.0, 10.0, 26.0);
    let (width, height) = (as_f64(WIDTH), as_f64(TREND_HEIGHT));
    let x = |at: usize| left + (width - left - right) * as_f64(at) / as_f64(months.len().max(2) - 1);
    let y = |share: f64| top + (height - top - bottom) * (1.0 - share);
    let points = |read: fn(&MonthLine) -> Option<f64>| {
        let points = months.iter().enumerate();
        let points = points.filter_map(|(at, month)| Some(format!("{:.1},{:.1}", x(at), y(read(month)?))));
        points.collect::<Vec<_>>().join(" ")
    };
    let end = x(months.len().max(1) - 1) + 6.0;
    let last = months.last();
    let heard = last.and_then(|month| month.share);
    let possible = last.and_then(|month| month.possible);
    // Two words at the same height would lie on each other.
    let apart = match (heard, possible) {
        (Some(heard), Some(possible)) if (y(heard) - y(possible)).abs() < 14.0 => 14.0,
        _ => 0.0,
    };
    html! {
        @for quarter in 0..5_u8 {
            @let share = f64::from(quarter) / 4.0;
            line x1=(left) x2=(width - right) y1=(y(share)) y2=(y(share)) stroke="#8886" {}
            text x=(left - 8.0) y=(y(share) + 4.0) text-anchor="end" { (percent(Some(share))) }
        }
        @for (at, month) in months.iter().enumerate().filter(|(at, _)| at % 2 == (months.len() + 1) % 2) {
            text x=(x(at)) y=(height - 8.0) text-anchor="middle" { (month.month.format("%b %y")) }
        }
        polyline points=(points(|month| month.possible)) fill="none" stroke="#8a929c" stroke-width="2" stroke-dasharray="6 5" {}
        polyline points=(points(|month| month.share)) fill="none" stroke="#0a5c9e" stroke-width="3" {}
        @if let Some(heard) = heard {
            text x=(end) y=(y(heard) + 4.0 + apart) fill="#0a5c9e" font-weight="600" { "heard" }
        }
        @if let Some(possible) = possible {
            text x=(end) y=(y(possible) + 4.0) { "possible" }
        }
    }
}

fn heat_cells(document: &Document) -> Markup {
    let columns: Vec<&String> = document.heat_map.columns.iter().take(MOST_COLUMNS).collect();
    let width = (WIDTH - LABELS) / (columns.len() + 1).max(1);
    let cell = |at: usize, y: usize, line: &Line| {
        let (fill, ink) = heat(line.share);
        html! {
            @if line.population > 0 {
                rect x=(LABELS + at * width + 1) y=(y + 1) width=(width - 2) height=(CELL_HEIGHT - 2) rx="3" fill=(fill) {
                    title { (line.label) ": " (line.population) " people" }
                }
                text x=(LABELS + at * width + width / 2) y=(y + 17) text-anchor="middle" fill=(ink) { (percent(line.share)) }
            }
        }
    };
    html! {
        text x=(LABELS + width / 2) y="0" text-anchor="middle" { "All" }
        @for (at, column) in columns.iter().enumerate() {
            text x=(LABELS + (at + 1) * width + width / 2) y="0" text-anchor="middle" { (column) }
        }
        @for (number, (row, cells)) in document.heat_map.rows.iter().take(MOST_ROWS).enumerate() {
            @let y = 8 + number * CELL_HEIGHT;
            text x="12" y=(y + 17) { (row.label) }
            (cell(0, y, row))
            @for (at, line) in cells.iter().take(MOST_COLUMNS).enumerate() { (cell(at + 1, y, line)) }
        }
    }
}

/// Colour of a cell and of the text on it, from unheard to heard.
pub(super) fn heat(share: Option<f64>) -> (&'static str, &'static str) {
    match share {
        None => ("#e6e8eb", "#555d68"),
        Some(share) if share < 0.2 => ("#9c2f10", "#fff"),
        Some(share) if share < 0.4 => ("#c96a2b", "#1b0c02"),
        Some(share) if share < 0.6 => ("#f2d492", "#2b2105"),
        Some(share) if share < 0.8 => ("#a9d3c9", "#06302b"),
        Some(_) => ("#0f6b62", "#fff"),
    }
}

#[expect(clippy::cast_precision_loss, reason = "no picture is 2^52 units wide")]
fn as_f64(number: usize) -> f64 {
    number as f64
}
