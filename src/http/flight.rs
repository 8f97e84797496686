//! Requests in flight: so many of one principal, so many of everybody. Nobody queues: who is beyond is told at once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::limits::Limits;
use crate::graphql::error::{ErrorCode, Fault};

/// Counts the requests in flight.
#[derive(Debug)]
pub(super) struct Flights {
    most: usize,
    most_each: usize,
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    all: usize,
    /// Only principals with a request in flight, so the map is never larger than `most`.
    each: HashMap<String, usize>,
}

/// A place in flight, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    flights: Arc<Flights>,
    principal: String,
}

impl Flights {
    pub(super) fn new(limits: &Limits) -> Arc<Self> {
        Arc::new(Self {
            most: limits.in_flight,
            most_each: limits.per_principal,
            counts: Mutex::default(),
        })
    }

    /// A place for one request of `principal`.
    pub(super) fn enter(self: &Arc<Self>, principal: String) -> Result<Place, Fault> {
        let mut counts = self.counts();
        if counts.each.get(&principal).copied().unwrap_or(0) >= self.most_each {
            let message = format!("more than {} requests at a time", self.most_each);
            return Err(Fault::new(ErrorCode::RateLimited, message)
                .with("limitName", "inFlightPerPrincipal")
                .with("limit", self.most_each));
        }
        if counts.all >= self.most {
            return Err(Fault::new(
                ErrorCode::ServiceUnavailable,
                "the server has too much to do, try again later",
            )
            .with("limitName", "inFlight"));
        }
        counts.all += 1;
        *counts.each.entry(principal.clone()).or_default() += 1;
        drop(counts);
        Ok(Place {
            flights: Arc::clone(self),
            principal,
        })
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.counts().all
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.flights.counts();
        counts.all -= 1;
        if let Some(count) = counts.each.get_mut(&self.principal) {
            *count -= 1;
            if *count == 0 {
                counts.each.remove(&self.principal);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(flights: &Arc<Flights>, principal: &str) -> Option<ErrorCode> {
        flights.enter(principal.to_owned()).err().map(|fault| fault.code())
    }

    #[test]
    fn places_are_counted_and_given_back() {
        let limits = Limits {
            in_flight: 3,
            per_principal: 2,
            ..Limits::default()
        };
        let flights = Flights::new(&limits);
        let first = flights.enter("ann".to_owned()).unwrap();
        let second = flights.enter("ann".to_owned()).unwrap();
        assert_eq!(refused(&flights, "ann"), Some(ErrorCode::RateLimited));
        let third = flights.enter("bob".to_owned()).unwrap();
        assert_eq!(refused(&flights, "bob"), Some(ErrorCode::ServiceUnavailable));
        drop(first);
        assert_eq!(refused(&flights, "ann"), None);
        drop((second, third));
        assert!(flights.counts().each.is_empty(), "nobody is remembered");
        assert_eq!(flights.counts().all, 0);
    }
}
