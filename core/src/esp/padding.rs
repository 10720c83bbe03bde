//! The padding between payload and trailer (RFC 4303 section 2.4).

use crate::DropReason;
use crate::wire::EspHeader;

/// How much padding a sender adds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Padding {
    /// As much as alignment asks for.
    #[default]
    Minimal,
    /// At least so many bytes, up to the 255 that fit.
    AtLeast(u8),
}

/// Whether a receiver looks at what is in the padding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PaddingCheck {
    /// It must be 1, 2, 3 and so on.
    #[default]
    Monotonic,
    /// Anything goes; some senders pad with zeros.
    None,
}

impl Padding {
    /// Pad length for a payload, so that payload, padding and trailer are a multiple of `alignment`.
    #[inline]
    pub(super) const fn length(self, payload: usize, alignment: usize) -> usize {
        let unpadded = payload.saturating_add(EspHeader::TRAILER_LENGTH);
        // A payload that no buffer can hold is refused by the buffer, not here.
        let minimal = match unpadded.checked_next_multiple_of(alignment) {
            Some(padded) => padded.saturating_sub(unpadded),
            None => 0,
        };
        match self {
            Self::Minimal => minimal,
            Self::AtLeast(wanted) => {
                let missing = (wanted as usize).saturating_sub(minimal);
                let longest = (u8::MAX as usize).saturating_sub(minimal);
                let mut extra = missing.next_multiple_of(alignment);
                while extra > longest {
                    extra = extra.saturating_sub(alignment);
                }
                minimal.saturating_add(extra)
            }
        }
    }
}

impl PaddingCheck {
    /// Whether `padding` may pass.
    #[inline]
    pub(crate) fn check(self, padding: &[u8]) -> Result<(), DropReason> {
        let monotonic = || {
            padding
                .iter()
                .zip(1..=u8::MAX)
                .all(|(&byte, value)| byte == value)
        };
        if self == Self::None || monotonic() {
            Ok(())
        } else {
            Err(DropReason::BadPadding)
        }
    }
}

/// Fills `padding` with 1, 2, 3 and so on.
#[inline]
pub(super) fn fill(padding: &mut [u8]) {
    for (byte, value) in padding.iter_mut().zip(1..=u8::MAX) {
        *byte = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payload_padding_and_trailer_fill_whole_blocks() {
        for alignment in [4, 16] {
            for payload in 0..64 {
                for wanted in [0, 1, 7, 100, 255] {
                    let pad = Padding::AtLeast(wanted).length(payload, alignment);
                    assert_eq!((payload + pad + 2) % alignment, 0);
                    assert!(pad <= 255);
                    let reachable = pad + alignment <= 255;
                    assert!(pad >= usize::from(wanted) || !reachable);
                }
                assert!(Padding::Minimal.length(payload, alignment) < alignment);
            }
        }
    }

    #[test]
    fn a_payload_that_no_buffer_can_hold_has_a_pad_length_nevertheless() {
        for payload in [usize::MAX, usize::MAX - 2, usize::MAX - 17] {
            for padding in [Padding::Minimal, Padding::AtLeast(255)] {
                assert!(padding.length(payload, 16) <= 255);
            }
        }
    }

    #[test]
    fn padding_counts_up_from_one() {
        let mut padding = [0; 3];
        fill(&mut padding);
        assert_eq!(padding, [1, 2, 3]);
        assert_eq!(PaddingCheck::Monotonic.check(&padding), Ok(()));
        assert_eq!(
            PaddingCheck::Monotonic.check(&[0, 0]),
            Err(DropReason::BadPadding)
        );
        assert_eq!(PaddingCheck::None.check(&[0, 0]), Ok(()));
    }

    #[test]
    fn the_longest_padding_ends_at_255() {
        let mut padding = [0; 255];
        fill(&mut padding);
        assert_eq!(padding[254], 255);
        assert_eq!(PaddingCheck::Monotonic.check(&padding), Ok(()));
    }
}
