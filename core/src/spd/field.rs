//! Sets of next layer values: ports, ICMP messages, mobility header types.

use core::ops::RangeInclusive;

use super::range::{RangeSet, Successor};
use super::{Direction, SelectorError};

/// The values of a next layer field that a selector accepts (RFC 4301 section 4.4.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldSet<T> {
    /// Every value, and packets that have or show none.
    Any,
    /// Packets that have or show no value: later fragments, headers cut short, and protocols without
    /// such a field.
    Opaque,
    /// Packets that show a value in these ranges.
    Ranges(RangeSet<T>),
}

/// The ports that a selector accepts.
pub type PortSet = FieldSet<u16>;

/// The ICMP messages that a selector accepts.
pub type IcmpSet = FieldSet<IcmpMessage>;

/// The mobility header types that a selector accepts.
pub type MobilitySet = FieldSet<u8>;

/// Type and code of an ICMP message, in the order of the 16-bit number `type * 256 + code`.
///
/// RFC 4301 section 4.4.1.1 compares that number, so a range of types and a range of codes are one
/// range, not two: the codes of the first and the last type bound it.
///
/// ```
/// use iiptran::spd::{IcmpMessage, IcmpSet};
///
/// let set = IcmpSet::ranges([IcmpMessage::new(3, 1)..=IcmpMessage::new(5, 2)])?;
/// assert!(set.accepts(Some(IcmpMessage::new(4, 255))));
/// assert!(!set.accepts(Some(IcmpMessage::new(3, 0))));
/// # Ok::<(), iiptran::spd::SelectorError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IcmpMessage {
    /// Type: the high half of the number, so the derived order compares it first.
    pub kind: u8,
    /// Code.
    pub code: u8,
}

/// A set for the local side and one for the remote side.
///
/// The sides of ports are the two ends. A message (ICMP, mobility header) has one field, which is
/// neither local nor remote: the local set says what may be sent, and the remote set what may be
/// received. A value on one side and OPAQUE on the other permit it in one direction only (RFC 4301
/// section 4.4.1.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sides<T> {
    /// The values of this side, or the messages that it may send.
    pub local: FieldSet<T>,
    /// The values of the far side, or the messages that it may send.
    pub remote: FieldSet<T>,
}

impl<T: Successor> FieldSet<T> {
    /// The values in any of these ranges.
    ///
    /// # Errors
    /// [`SelectorError::EmptyList`] or [`SelectorError::ReversedRange`].
    pub fn ranges(
        ranges: impl IntoIterator<Item = RangeInclusive<T>>,
    ) -> Result<Self, SelectorError> {
        RangeSet::new(ranges).map(Self::Ranges)
    }

    /// Whether a packet with this value is accepted; `None` if it has or shows none.
    #[inline]
    #[must_use]
    pub fn accepts(&self, value: Option<T>) -> bool {
        match self {
            Self::Any => true,
            Self::Opaque => value.is_none(),
            Self::Ranges(ranges) => value.is_some_and(|value| ranges.contains(value)),
        }
    }

    /// Whether everything that `other` accepts is accepted.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _) | (Self::Opaque, Self::Opaque) => true,
            (Self::Ranges(own), Self::Ranges(other)) => own.covers(other),
            _ => false,
        }
    }
}

impl<T: Successor> From<T> for FieldSet<T> {
    /// The set of one value.
    fn from(value: T) -> Self {
        Self::Ranges(value.into())
    }
}

impl<T: Successor> Sides<T> {
    /// ANY on both sides.
    pub const ANY: Self = Self {
        local: FieldSet::Any,
        remote: FieldSet::Any,
    };

    /// The set of the side that a message in this direction comes from.
    #[inline]
    #[must_use]
    pub const fn sender(&self, direction: Direction) -> &FieldSet<T> {
        match direction {
            Direction::Outbound => &self.local,
            Direction::Inbound => &self.remote,
        }
    }

    /// Whether both sides accept everything that those of `other` accept.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        self.local.covers(&other.local) && self.remote.covers(&other.remote)
    }

    /// Whether a side names values, so that packets must show one.
    pub(super) const fn has_values(&self) -> bool {
        matches!(self.local, FieldSet::Ranges(_)) || matches!(self.remote, FieldSet::Ranges(_))
    }
}

impl IcmpMessage {
    /// The message of this type and code.
    #[must_use]
    pub const fn new(kind: u8, code: u8) -> Self {
        Self { kind, code }
    }

    /// The messages of one type, whatever their code.
    #[must_use]
    pub const fn of_type(kind: u8) -> RangeInclusive<Self> {
        Self::new(kind, 0)..=Self::new(kind, u8::MAX)
    }
}

impl Successor for IcmpMessage {
    fn successor(self) -> Option<Self> {
        let [kind, code] = u16::from_be_bytes([self.kind, self.code])
            .checked_add(1)?
            .to_be_bytes();
        Some(Self { kind, code })
    }
}
