//! What each principal may ask for in a minute, counted in cost: all of it at once if they like, and what is spent comes back
//! evenly (the generic cell rate algorithm). Of a principal one instant is kept, at which their budget is whole again; it is
//! forgotten once that is past, so memory follows those who asked within the last minute.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// The time in which a whole budget comes back.
const PERIOD: Duration = Duration::from_mins(1);

/// Principals that are kept before anybody looks whether some can be forgotten.
const FEW: usize = 1024;

/// The budgets of all principals.
#[derive(Debug)]
pub(super) struct Budgets {
    /// 0 for no limit.
    limit: u32,
    accounts: Mutex<Accounts>,
}

#[derive(Debug)]
struct Accounts {
    whole_at: HashMap<String, Instant>,
    /// How many there may be before the next look.
    look_at: usize,
}

/// How a principal's budget stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    /// The whole of it.
    pub(super) limit: u32,
    /// What is left of it.
    pub(super) remaining: u32,
    /// When it is whole again.
    pub(super) reset: Duration,
}

/// There is too little left; nothing was spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Overdrawn {
    pub(super) standing: Standing,
    /// When there will be enough.
    pub(super) wait: Duration,
}

impl Budgets {
    /// So much cost a minute for each principal; 0 for no limit.
    pub(super) fn new(limit: u32) -> Self {
        Self {
            limit,
            accounts: Mutex::new(Accounts {
                whole_at: HashMap::new(),
                look_at: FEW,
            }),
        }
    }

    /// Spends `cost` of the budget of `principal`; none where there is no limit. What costs more than a whole budget takes the
    /// whole, so that nothing is out of reach for good.
    pub(super) fn spend(&self, principal: &str, cost: usize, now: Instant) -> Option<Result<Standing, Overdrawn>> {
        if self.limit == 0 {
            return None;
        }
        let cost = u32::try_from(cost).unwrap_or(u32::MAX).min(self.limit);
        let price = PERIOD.mul_f64(f64::from(cost) / f64::from(self.limit));
        let mut accounts = self.accounts();
        accounts.forget(now);
        let owed = accounts.owed(principal, now);
        // A nanosecond is what rounding a price may have added.
        let over = (owed + price).saturating_sub(PERIOD + Duration::from_nanos(1));
        if over.is_zero() {
            accounts.whole_at.insert(principal.to_owned(), now + owed + price);
            return Some(Ok(self.standing(owed + price)));
        }
        let standing = self.standing(owed);
        Some(Err(Overdrawn { standing, wait: over }))
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of a number that fits"
    )]
    fn standing(&self, owed: Duration) -> Standing {
        let left = PERIOD.saturating_sub(owed).as_secs_f64() / PERIOD.as_secs_f64();
        Standing {
            limit: self.limit,
            // Rounding a price must not take a whole unit away.
            remaining: (left * f64::from(self.limit) + 1e-3) as u32,
            reset: owed,
        }
    }

    fn accounts(&self) -> MutexGuard<'_, Accounts> {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Accounts {
    /// The time in which what was spent comes back.
    fn owed(&self, principal: &str, now: Instant) -> Duration {
        let whole_at = self.whole_at.get(principal);
        whole_at.map_or(Duration::ZERO, |at| at.saturating_duration_since(now))
    }

    /// Forgets those whose budget is whole, whenever their number has doubled.
    fn forget(&mut self, now: Instant) {
        if self.whole_at.len() >= self.look_at {
            self.whole_at.retain(|_, at| *at > now);
            self.look_at = FEW.max(self.whole_at.len() * 2);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn standing(limit: u32, remaining: u32, reset: u64) -> Standing {
        Standing {
            limit,
            remaining,
            reset: Duration::from_secs(reset),
        }
    }

    #[test]
    fn a_budget_is_spent_to_its_end_and_comes_back_evenly() {
        let (budgets, now) = (Budgets::new(60), Instant::now());
        assert_eq!(budgets.spend("ann", 20, now), Some(Ok(standing(60, 40, 20))));
        assert_eq!(budgets.spend("ann", 40, now), Some(Ok(standing(60, 0, 60))));
        let over = Overdrawn {
            standing: standing(60, 0, 60),
            wait: Duration::from_nanos(999_999_999),
        };
        assert_eq!(budgets.spend("ann", 1, now), Some(Err(over)));
        assert_eq!(
            budgets.spend("bob", 1, now),
            Some(Ok(standing(60, 59, 1))),
            "another principal"
        );
        assert_eq!(budgets.spend("ann", 1, now + SECOND), Some(Ok(standing(60, 0, 60))));
        assert_eq!(
            budgets.spend("ann", 0, now + SECOND * 31),
            Some(Ok(standing(60, 30, 30)))
        );
        assert_eq!(
            budgets.spend("ann", 60, now + SECOND * 61),
            Some(Ok(standing(60, 0, 60)))
        );
    }

    #[test]
    fn a_limit_that_does_not_divide_the_minute_is_reached_exactly() {
        let (budgets, now) = (Budgets::new(7), Instant::now());
        let left = |remaining| {
            move |spent: Option<Result<Standing, Overdrawn>>| spent.unwrap().unwrap().remaining == remaining
        };
        for remaining in (0..7).rev() {
            assert!(left(remaining)(budgets.spend("ann", 1, now)), "{remaining}");
        }
        assert!(budgets.spend("ann", 1, now).unwrap().is_err());
    }

    #[test]
    fn what_costs_more_than_a_budget_takes_the_whole() {
        let (budgets, now) = (Budgets::new(60), Instant::now());
        assert_eq!(budgets.spend("ann", usize::MAX, now), Some(Ok(standing(60, 0, 60))));
        assert!(budgets.spend("ann", usize::MAX, now + SECOND * 59).unwrap().is_err());
        assert_eq!(
            budgets.spend("ann", usize::MAX, now + SECOND * 60),
            Some(Ok(standing(60, 0, 60)))
        );
    }

    #[test]
    fn without_a_limit_nothing_is_counted() {
        assert_eq!(Budgets::new(0).spend("ann", usize::MAX, Instant::now()), None);
    }

    #[test]
    fn whoever_has_not_asked_lately_is_forgotten() {
        let (budgets, mut now) = (Budgets::new(60), Instant::now());
        for number in 0..100 * FEW {
            budgets.spend(&number.to_string(), 1, now);
            now += Duration::from_millis(1);
        }
        // A thousand of them spent something within the last second.
        assert!(budgets.accounts().whole_at.len() <= 2 * FEW);
    }
}
