//! The table of choices for outer and inner header fields.
//!
//! | field | choices | RFC 2003 default | RFC 4301 default | Linux `ipip`, `sit` | Linux `ip6tnl` | Linux tunnel mode |
//! | --- | --- | --- | --- | --- | --- | --- |
//! | TTL, hop limit | fixed, inherit | 64 | 64 | inherit | 64 | 64 |
//! | DSCP | copy, fixed, map | copy | copy | 0 | 0 | copy |
//! | ECN | normal, compatibility, full functionality | normal | normal | full functionality | full functionality | full functionality |
//! | DF | copy, set, clear | set | set | set | - | copy |
//! | DF clear against inner DF | drop, send | drop | send | send | - | send |
//! | identification | counter, zero if atomic | counter | counter | counter | - | counter |
//! | flow label | zero, fixed, copy, hash | zero | zero | - | hash | copy |
//! | encapsulation limit | none, 0 to 255 | none | none | - | 4 | none |
//! | inner DSCP | keep, overwrite | keep | keep | keep | keep | keep |
//! | inner ECN | RFC 6040, RFC 4301, ignore | RFC 6040 | RFC 6040 | RFC 6040 | RFC 6040 | RFC 4301 |

use alloc::boxed::Box;

use super::{EcnEgress, EcnIngress};

/// How a tunnel's entry fills the outer header. The presets are the columns of the module's table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OuterFields {
    /// TTL or hop limit.
    pub ttl: TtlRule,
    /// DSCP.
    pub dscp: DscpRule,
    /// ECN.
    pub ecn: EcnIngress,
    /// "Don't fragment" of an outer IPv4 header.
    pub df: DfRule,
    /// Whether an inner DF=1 with [`DfRule::Clear`] drops the packet (RFC 3884 appendix A) or is ignored
    /// (RFC 4301 section 8.1).
    pub strict_df: bool,
    /// Identification of an outer IPv4 header.
    pub identification: IdentificationRule,
    /// Flow label of an outer IPv6 header.
    pub flow_label: FlowLabelRule,
    /// Tunnel encapsulation limit to send in an outer IPv6 header (RFC 2473 section 4.1.1).
    pub encapsulation_limit: Option<u8>,
}

/// TTL or hop limit of an outer header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TtlRule {
    /// This value.
    Fixed(u8),
    /// The inner one.
    Inherit,
}

/// DSCP of an outer header (RFC 2983).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DscpRule {
    /// The inner one.
    Copy,
    /// This value, 6 bits.
    Fixed(u8),
    /// The entry of the inner one.
    Map(Box<[u8; 64]>),
}

/// DF of an outer IPv4 header. An inner IPv6 packet counts as DF=1 for [`Self::Copy`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DfRule {
    /// The inner one.
    Copy,
    /// Always 1: no covert channel, and path MTU discovery works (RFC 3884 appendix A).
    Set,
    /// Always 0.
    Clear,
}

/// Identification of an outer IPv4 header (RFC 6864).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentificationRule {
    /// The packet's number.
    Counter,
    /// 0 where DF makes the datagram atomic, else the packet's number.
    ZeroIfAtomic,
}

/// Flow label of an outer IPv6 header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlowLabelRule {
    /// 0.
    Zero,
    /// This value, 20 bits.
    Fixed(u32),
    /// The inner one (RFC 4301 section 5.1.2.2); 0 around IPv4.
    Copy,
    /// From the inner packet's flow (RFC 6438).
    Hash,
}

/// What a tunnel's exit takes from the outer header into the inner one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InnerFields {
    /// DSCP.
    pub dscp: InnerDscpRule,
    /// ECN.
    pub ecn: EcnEgress,
}

/// DSCP of the inner header after decapsulation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InnerDscpRule {
    /// As it was (RFC 2983's pipe model).
    #[default]
    Keep,
    /// The outer one (the uniform model).
    Overwrite,
}

impl OuterFields {
    /// Whether identifications of IPv4 headers count packets, by what DF is; else they are 0.
    #[inline]
    pub(crate) fn numbers(&self, dont_fragment: bool) -> bool {
        self.identification == IdentificationRule::Counter || !dont_fragment
    }

    /// An IPIP tunnel as RFC 2003, 6040 and 3884 have it.
    pub const IPIP: Self = Self {
        ttl: TtlRule::Fixed(64),
        dscp: DscpRule::Copy,
        ecn: EcnIngress::Normal,
        df: DfRule::Set,
        strict_df: true,
        identification: IdentificationRule::Counter,
        flow_label: FlowLabelRule::Zero,
        encapsulation_limit: None,
    };

    /// Tunnel mode as RFC 4301 section 5.1.2 and RFC 6040 have it.
    pub const TUNNEL_MODE: Self = Self {
        strict_df: false,
        ..Self::IPIP
    };

    /// The devices `ipip` and `sit` of Linux.
    pub const LINUX_IPIP: Self = Self {
        ttl: TtlRule::Inherit,
        dscp: DscpRule::Fixed(0),
        ecn: EcnIngress::FullFunctionality,
        ..Self::TUNNEL_MODE
    };

    /// The device `ip6tnl` of Linux.
    pub const LINUX_IP6TNL: Self = Self {
        dscp: DscpRule::Fixed(0),
        ecn: EcnIngress::FullFunctionality,
        flow_label: FlowLabelRule::Hash,
        encapsulation_limit: Some(4),
        ..Self::TUNNEL_MODE
    };

    /// Tunnel mode of Linux.
    pub const LINUX_TUNNEL_MODE: Self = Self {
        ecn: EcnIngress::FullFunctionality,
        df: DfRule::Copy,
        flow_label: FlowLabelRule::Copy,
        ..Self::TUNNEL_MODE
    };
}

impl InnerFields {
    /// Tunnel mode of Linux.
    pub const LINUX_TUNNEL_MODE: Self = Self {
        dscp: InnerDscpRule::Keep,
        ecn: EcnEgress::Rfc4301,
    };
}

impl DscpRule {
    /// The outer DSCP for an inner one, both 6 bits.
    #[inline]
    #[must_use]
    pub fn outer(&self, inner: u8) -> u8 {
        let chosen = match self {
            Self::Copy => inner,
            Self::Fixed(value) => *value,
            Self::Map(table) => table
                .get(usize::from(inner & 0x3f))
                .copied()
                .unwrap_or(inner),
        };
        chosen & 0x3f
    }
}
