//! Chance that repeats itself: the same seed and purpose give the same numbers, today and in any later version.

use std::ops::RangeInclusive;

use crate::domain::rotation::mix;

/// A sequence of numbers for one purpose, so that a new throw in one place changes nothing in another.
pub(super) struct Dice {
    sequence: u64,
    thrown: u64,
}

impl Dice {
    pub fn new(seed: u64, purpose: u64) -> Self {
        Self {
            sequence: mix(mix(seed) ^ purpose),
            thrown: 0,
        }
    }

    /// A number of the range, all equally likely.
    pub fn within(&mut self, range: RangeInclusive<i64>) -> i64 {
        let numbers = range.end().abs_diff(*range.start()).saturating_add(1);
        range.start().saturating_add_unsigned(self.throw() % numbers)
    }

    /// An index into something that has `len` elements, at least one.
    pub fn index(&mut self, len: usize) -> usize {
        let last = i64::try_from(len).unwrap_or(i64::MAX) - 1;
        usize::try_from(self.within(0..=last)).unwrap_or(0)
    }

    /// One of the elements, of which there is at least one.
    pub fn one_of<'a, T>(&mut self, elements: &'a [T]) -> &'a T {
        &elements[self.index(elements.len())]
    }

    /// Whether something happens that does so `percent` times out of a hundred.
    pub fn happens(&mut self, percent: i64) -> bool {
        self.within(1..=100) <= percent
    }

    fn throw(&mut self) -> u64 {
        self.thrown += 1;
        mix(self.sequence ^ self.thrown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ten(seed: u64, purpose: u64) -> Vec<i64> {
        let mut dice = Dice::new(seed, purpose);
        (0..10).map(|_| dice.within(1..=6)).collect()
    }

    #[test]
    fn the_same_seed_and_purpose_repeat_the_numbers() {
        assert_eq!(ten(7, 1), ten(7, 1));
        assert_ne!(ten(7, 1), ten(7, 2));
        assert_ne!(ten(7, 1), ten(8, 1));
    }

    #[test]
    fn every_number_of_a_range_comes_up_and_no_other() {
        let mut dice = Dice::new(1, 1);
        let mut counts = [0; 5];
        for _ in 0..1000 {
            counts[usize::try_from(dice.within(-2..=2) + 2).unwrap()] += 1;
        }
        assert!(counts.iter().all(|count| (150..250).contains(count)), "{counts:?}");
        assert_eq!(dice.within(5..=5), 5);
        assert_eq!(dice.index(1), 0);
    }
}
