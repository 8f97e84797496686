//! The load cap: one person has at most one skip-level in an ISO week, and 28 days *(setting)* between any two, from
//! whichever leaders (product.md 4, rule 2).

use super::{Date, settings::Settings, week::Week};

/// The weeks in which a claim can come within the cap of a skip-level on `day`.
pub fn weeks_around(day: Date, settings: &Settings) -> (Week, Week) {
    let weeks = settings.load_cap_days / 7 + 1;
    (Week::of(day).plus(-weeks), Week::of(day).plus(weeks))
}

/// Whether a skip-level on `day` would come too near to one `claimed` on another day.
pub fn is_too_near(claimed: Date, day: Date, settings: &Settings) -> bool {
    Week::of(claimed) == Week::of(day) || (day - claimed).num_days().abs() < settings.load_cap_days
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_skip_levels_keep_28_days_apart_on_either_side() {
        let settings = Settings::default();
        let day = |text: &str| text.parse::<Date>().unwrap();
        let near = |other| is_too_near(day("2026-03-02"), day(other), &settings);
        assert!(near("2026-03-08"));
        assert!(near("2026-03-29"));
        assert!(!near("2026-03-30"));
        assert!(near("2026-02-03"));
        assert!(!near("2026-02-02"));
        let loose = Settings {
            load_cap_days: 0,
            ..settings
        };
        assert!(is_too_near(day("2026-03-02"), day("2026-03-08"), &loose));
        assert!(!is_too_near(day("2026-03-02"), day("2026-03-09"), &loose));
    }
}
