//! Faults of the world around, against the real server: what docs/faults.md promises of them.

mod disk;
mod kills;
mod load;
mod overload;
mod replicas;
mod restarts;
mod start;
mod stop;

/// Several leaders with a direct report each, and some depth for the draw.
const ORGANISATION: &str = "
    ada
      bob
        cyd
          dee
            eli
      fay
        gus
          gil
            hal
    ";

const NOW: &str = "2026-01-05T09:00:00Z";
