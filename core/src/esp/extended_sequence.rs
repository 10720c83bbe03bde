//! Extended sequence numbers: inferring the high half that is not on the wire (RFC 4303 appendix A).

use super::ReplayWindow;
use crate::DropReason;

impl ReplayWindow {
    /// The whole sequence number of a packet whose low half is `low` (RFC 4303 appendix A2).
    ///
    /// A packet that is older than the window looks like one of the next 2^32 numbers; that guess is
    /// wrong, and its integrity check fails.
    ///
    /// # Errors
    /// [`DropReason::LeftOfWindow`] if the number would be negative or more than 64 bits long.
    #[inline]
    pub fn infer(&self, low: u32) -> Result<u64, DropReason> {
        let top = self.top();
        let (top_high, top_low) = (top >> 32, top & u64::from(u32::MAX));
        let low = u64::from(low);
        let reach = self.size().wrapping_sub(1);
        let high = if top_low >= reach {
            // Case A: the window lies within one run of 2^32 numbers.
            if low >= top_low.wrapping_sub(reach) {
                Some(top_high)
            } else {
                next(top_high)
            }
        } else {
            // Case B: the window began in the run before.
            let bottom = top_low.wrapping_sub(reach) & u64::from(u32::MAX);
            if low >= bottom {
                top_high.checked_sub(1)
            } else {
                Some(top_high)
            }
        };
        high.map(|high| high << 32 | low)
            .ok_or(DropReason::LeftOfWindow)
    }
}

fn next(high: u64) -> Option<u64> {
    high.checked_add(1)
        .filter(|&high| high <= u64::from(u32::MAX))
}
