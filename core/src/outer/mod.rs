//! Outer headers: what goes into the header that a tunnel puts in front, and what comes back in when
//! it is taken off.
//!
//! An IPIP tunnel (RFC 2003, 2473, 4213) and IPsec tunnel mode (RFC 4301 section 5.1.2) differ in a few
//! of these choices only, so both are rows of one table, [`OuterFields`] and [`InnerFields`].

mod ecn;
mod fields;
mod header;
mod remove;

pub use ecn::{Ecn, EcnAnomaly, EcnEgress, EcnIngress};
pub use fields::{
    DfRule, DscpRule, FlowLabelRule, IdentificationRule, InnerDscpRule, InnerFields, OuterFields,
    TtlRule,
};
pub use header::OuterHeader;
pub(crate) use header::Shown;
pub use remove::{inspect, remove};
