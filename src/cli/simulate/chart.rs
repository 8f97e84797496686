//! The share of people heard, week by week, as an SVG that says what it shows: a line for each policy, named at its
//! end, under the most that the meetings of the draw could have reached.

use std::fmt::Write;

use super::table::percent;
use crate::domain::simulation::{Played, Policy, Simulation, share};

const WIDTH: f64 = 860.0;
const HEIGHT: f64 = 480.0;
/// The plot within: left, top, right, bottom.
const PLOT: (f64, f64, f64, f64) = (60.0, 76.0, 650.0, 424.0);
/// Pixels between two names at the right.
const LINE_HEIGHT: f64 = 18.0;

/// One line of the plot.
struct Line {
    name: String,
    colour: &'static str,
    dashes: &'static str,
    shares: Vec<f64>,
}

/// The drawing.
pub(super) fn svg(title: &str, simulation: &Simulation) -> String {
    let lines = lines(simulation);
    let weeks = lines.iter().map(|line| line.shares.len()).max().unwrap_or(0);
    let (left, top, right, bottom) = PLOT;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"system-ui, sans-serif\" font-size=\"13\" role=\"img\">\n\
         <title>People heard, week by week: {title}</title>\n\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#ffffff\"/>\n\
         <text x=\"{left}\" y=\"30\" font-size=\"18\" font-weight=\"600\" fill=\"#1b1f24\">People heard at least once</text>\n\
         <text x=\"{left}\" y=\"52\" fill=\"#57606a\">{title}</text>\n"
    );
    for tenth in 0..=5 {
        let share = f64::from(tenth) / 5.0;
        let y = height_of(share);
        let _ = writeln!(
            svg,
            "<line x1=\"{left}\" y1=\"{y:.1}\" x2=\"{right}\" y2=\"{y:.1}\" stroke=\"#d8dee4\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"#57606a\">{:.0}%</text>",
            left - 8.0,
            y + 4.0,
            share * 100.0
        );
    }
    let step = (weeks / 8).next_multiple_of(4).max(4);
    for week in (0..=weeks).step_by(step) {
        let x = place_of(week, weeks);
        let _ = writeln!(
            svg,
            "<line x1=\"{x:.1}\" y1=\"{bottom}\" x2=\"{x:.1}\" y2=\"{:.1}\" stroke=\"#8c959f\"/>\
             <text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#57606a\">{week}</text>",
            bottom + 5.0,
            bottom + 20.0
        );
    }
    let _ = writeln!(
        svg,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#57606a\">weeks</text>",
        f64::midpoint(left, right),
        bottom + 40.0
    );
    let mut free = top - LINE_HEIGHT;
    let mut from_above: Vec<&Line> = lines.iter().collect();
    from_above.sort_by(|a, b| b.last().total_cmp(&a.last()));
    for line in from_above {
        let points: Vec<String> = std::iter::once(0.0)
            .chain(line.shares.iter().copied())
            .enumerate()
            .map(|(week, share)| format!("{:.1},{:.1}", place_of(week, weeks), height_of(share)))
            .collect();
        let Line {
            name, colour, dashes, ..
        } = line;
        // Names keep off each other, in the order of their lines.
        free = (free + LINE_HEIGHT).max(height_of(line.last()) + 4.0);
        let _ = writeln!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2.5\" stroke-dasharray=\"{dashes}\" stroke-linejoin=\"round\"/>\
             <text x=\"{:.1}\" y=\"{free:.1}\" fill=\"{colour}\" font-weight=\"600\">{} {name}</text>",
            points.join(" "),
            right + 10.0,
            percent(line.last()),
        );
    }
    svg.push_str("</svg>\n");
    svg
}

impl Line {
    fn last(&self) -> f64 {
        self.shares.last().copied().unwrap_or(0.0)
    }
}

fn lines(simulation: &Simulation) -> Vec<Line> {
    let of = |count| share(count, simulation.population);
    let mut lines: Vec<Line> = Vec::new();
    if let Some(best) = simulation
        .policies
        .iter()
        .find(|played| played.policy == Policy::Skiplevel)
    {
        lines.push(Line {
            name: "possible".to_owned(),
            colour: "#57606a",
            dashes: "5 4",
            shares: best.by_week.iter().map(|week| of(week.bound)).collect(),
        });
    }
    lines.extend(simulation.policies.iter().map(|played: &Played| {
        let (name, colour) = match played.policy {
            Policy::Random => ("random", "#b45309"),
            Policy::Alone => ("each leader alone", "#7c3aed"),
            Policy::Skiplevel => ("skiplevel", "#0969da"),
        };
        Line {
            name: name.to_owned(),
            colour,
            dashes: "none",
            shares: played.by_week.iter().map(|week| of(week.heard)).collect(),
        }
    }));
    lines
}

fn height_of(share: f64) -> f64 {
    let (_, top, _, bottom) = PLOT;
    bottom - share * (bottom - top)
}

fn place_of(week: usize, weeks: usize) -> f64 {
    let (left, _, right, _) = PLOT;
    left + share(week, weeks.max(1)) * (right - left)
}
