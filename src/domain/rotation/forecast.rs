//! What the next weeks would bring.

use super::{Asked, Draw, Facts, Heard, Met, Open, Pick, Round, Visit, draw, silence};

/// The draws of so many weeks from the target week on, by the chart and the facts of now, as if whatever is agreed or
/// suggested were held: on its day, or else on the Monday of its week.
pub fn forecast(round: &Round<'_>, weeks: u32) -> Vec<Draw> {
    let mut facts = round.facts.clone();
    let agreed = facts.met.iter().map(|&Met { leader, person, day }| Heard {
        person,
        day,
        by: leader,
    });
    facts.heard.extend(agreed);
    for open in &round.facts.open {
        facts.hold(open);
    }
    // Silence is the claim that it looks like now, and ends with it: somebody who never came up again would stand out.
    facts.asked.extend(silence::claims(round));
    facts.silent.clear();
    let mut draws = Vec::new();
    for ahead in 0..weeks {
        let week = round.week.plus(ahead.into());
        let drawn = draw(&Round {
            facts: &facts,
            week,
            ..*round
        });
        for pick in &drawn.picks {
            let &Pick {
                leader,
                person,
                branch,
                band,
                ..
            } = pick;
            let day = week.starts_on();
            facts.asked.push(Asked { person, day });
            facts.visits.push(Visit {
                leader,
                day,
                branch,
                band,
            });
            facts.hold(&Open { leader, person, week });
        }
        draws.push(drawn);
    }
    draws
}

impl Facts {
    /// Lets what is suggested be held on the Monday of its week; its claim and its visit stand here already.
    fn hold(&mut self, &Open { leader, person, week }: &Open) {
        let day = week.starts_on();
        self.met.push(Met { leader, person, day });
        self.heard.push(Heard {
            person,
            day,
            by: leader,
        });
    }
}
