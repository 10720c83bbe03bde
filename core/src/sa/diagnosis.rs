//! What a failed integrity check means when sequence numbers are extended.
//!
//! The receiver guesses the high half of a sequence number from its window (RFC 4303 appendix A2). For a
//! packet older than the window the guess is one run of 2^32 too high, and the integrity check
//! fails as it would for a forgery. Trying the run before tells the two apart. After a loss of 2^32
//! packets or more the guess is too low, and trying later runs finds the sender again (appendix A3).

use core::time::Duration;

use crate::Instant;

/// How much work goes into telling late packets from forged ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    /// How many failed packets are tried a second time in each second; 0 switches it off. It bounds
    /// what a flood of forgeries costs.
    pub retries_per_second: u32,
}

impl Default for Diagnosis {
    fn default() -> Self {
        Self {
            retries_per_second: 100,
        }
    }
}

/// When and how far to look for a sender that is 2^32 packets or more ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resynchronisation {
    /// How many integrity checks in a row must have failed.
    pub failures: u32,
    /// How many runs of 2^32 numbers to try.
    pub runs: u32,
}

/// The state of both for one SA.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct DiagnosisState {
    failures_in_a_row: u32,
    second_began: Instant,
    retries_in_second: u32,
}

impl DiagnosisState {
    /// A packet passed its integrity check.
    #[inline]
    pub(super) const fn passed(&mut self) {
        self.failures_in_a_row = 0;
    }

    /// A packet failed its integrity check.
    pub(super) const fn failed(&mut self) {
        self.failures_in_a_row = self.failures_in_a_row.saturating_add(1);
    }

    /// Whether a failed packet may be tried again now; if so, that is counted.
    pub(super) fn may_retry(&mut self, rules: Diagnosis, now: Instant) -> bool {
        if now.since(self.second_began) >= Duration::from_secs(1) {
            self.second_began = now;
            self.retries_in_second = 0;
        }
        let may = self.retries_in_second < rules.retries_per_second;
        self.retries_in_second = self.retries_in_second.saturating_add(u32::from(may));
        may
    }

    /// How many later runs to try now; counting failures starts anew.
    pub(super) fn runs_to_try(&mut self, rules: Option<Resynchronisation>) -> u32 {
        match rules {
            Some(rules) if self.failures_in_a_row >= rules.failures => {
                self.failures_in_a_row = 0;
                rules.runs
            }
            _ => 0,
        }
    }
}
