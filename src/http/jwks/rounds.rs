//! When keys are fetched, who may wait for that, and how long they hold: arithmetic over instants it is handed. A round is
//! one try to fetch them; rounds are counted, and never run at the same time.

use std::time::Duration;

use tokio::time::Instant;

/// How often keys are fetched, and how long they hold.
#[derive(Clone, Copy, Debug)]
pub struct Rhythm {
    /// From a round that went well to the next.
    pub every: Duration,
    /// From a round that failed to the next.
    pub again: Duration,
    /// Between two rounds for tokens whose key is not known, whoever sends them and however many.
    pub unknown: Duration,
    /// For one answer of the issuer, to its last byte.
    pub answer: Duration,
    /// For which keys hold while every round fails.
    pub keep: Duration,
}

impl Default for Rhythm {
    fn default() -> Self {
        Self {
            every: Duration::from_mins(5),
            again: Duration::from_secs(10),
            unknown: Duration::from_secs(10),
            answer: Duration::from_secs(3),
            keep: Duration::from_hours(24),
        }
    }
}

/// The rounds so far.
#[derive(Debug, Default)]
pub(super) struct Rounds {
    begun: u64,
    ended: u64,
    /// The newest round that was asked for on account of an unknown key, and when.
    asked: Option<(u64, Instant)>,
    good_at: Option<Instant>,
    failing: bool,
}

/// What a token with an unknown key may hope for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hope {
    /// A round has to begin, and this one is to be waited for.
    Wanted(u64),
    /// This one is on its way.
    Coming(u64),
    /// None: the last one was not long ago.
    Nothing,
}

impl Rounds {
    /// What a token may hope for whose key is not known `now`.
    pub(super) fn ask(&mut self, now: Instant, rhythm: &Rhythm) -> Hope {
        match self.asked {
            Some((round, _)) if round > self.ended => Hope::Coming(round),
            Some((_, at)) if now.duration_since(at) < rhythm.unknown => Hope::Nothing,
            _ => {
                // One that is under way may have read the set before the key was in it.
                let round = self.begun + 1;
                self.asked = Some((round, now));
                Hope::Wanted(round)
            }
        }
    }

    pub(super) fn begin(&mut self) {
        self.begun += 1;
    }

    pub(super) fn succeed(&mut self, now: Instant) {
        self.ended = self.begun;
        self.good_at = Some(now);
        self.failing = false;
    }

    /// Whether what was fetched before still holds `now`.
    pub(super) fn fail(&mut self, now: Instant, rhythm: &Rhythm) -> bool {
        self.ended = self.begun;
        self.failing = true;
        self.good_at.is_some_and(|at| now.duration_since(at) < rhythm.keep)
    }

    pub(super) fn ended(&self) -> u64 {
        self.ended
    }

    /// How long nothing need be fetched, now that a round has ended.
    pub(super) fn pause(&self, rhythm: &Rhythm) -> Duration {
        if self.failing { rhythm.again } else { rhythm.every }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rounds, of which one went well at the instant that comes with them.
    fn one_good() -> (Rounds, Instant) {
        let (mut rounds, now) = (Rounds::default(), Instant::now());
        rounds.begin();
        rounds.succeed(now);
        (rounds, now)
    }

    #[test]
    fn unknown_keys_ask_for_a_round_at_a_time_and_not_soon_again() {
        let (mut rounds, start) = one_good();
        let at = |seconds: f64| start + Duration::from_secs_f64(seconds);
        assert_eq!(rounds.ask(at(1.0), &Rhythm::default()), Hope::Wanted(2));
        assert_eq!(rounds.ask(at(1.0), &Rhythm::default()), Hope::Coming(2));
        rounds.begin();
        assert_eq!(rounds.ask(at(1.5), &Rhythm::default()), Hope::Coming(2));
        rounds.succeed(at(2.0));
        assert_eq!(rounds.ask(at(2.0), &Rhythm::default()), Hope::Nothing);
        // A round of the clock's own is no reason to wait longer.
        rounds.begin();
        rounds.succeed(at(10.0));
        assert_eq!(rounds.ask(at(10.9), &Rhythm::default()), Hope::Nothing);
        assert_eq!(rounds.ask(at(11.0), &Rhythm::default()), Hope::Wanted(4));
    }

    #[test]
    fn whoever_asks_while_a_round_runs_gets_the_one_after_it() {
        let (mut rounds, start) = one_good();
        rounds.begin();
        assert_eq!(rounds.ask(start, &Rhythm::default()), Hope::Wanted(3));
        rounds.succeed(start);
        assert_eq!(rounds.ask(start, &Rhythm::default()), Hope::Coming(3));
    }

    #[test]
    fn keys_outlast_failures_for_a_day_and_come_back() {
        let (mut rounds, start) = one_good();
        let hours = |hours: u64| start + Duration::from_secs(hours * 3600);
        assert_eq!(rounds.pause(&Rhythm::default()), Duration::from_mins(5));
        rounds.begin();
        assert!(rounds.fail(hours(23), &Rhythm::default()));
        assert_eq!(rounds.pause(&Rhythm::default()), Duration::from_secs(10));
        rounds.begin();
        assert!(!rounds.fail(hours(24), &Rhythm::default()));
        rounds.begin();
        rounds.succeed(hours(30));
        assert_eq!(rounds.pause(&Rhythm::default()), Duration::from_mins(5));
        rounds.begin();
        assert!(
            rounds.fail(hours(53), &Rhythm::default()),
            "counted from the last that went well"
        );
        assert!(
            !Rounds::default().fail(start, &Rhythm::default()),
            "there was nothing to hold"
        );
    }
}
