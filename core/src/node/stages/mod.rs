//! The stages that all arrangements share, each a method of [`super::pass::Pass`].

mod firewall;
mod forwarding;
mod inbound;
mod outbound;
mod sa_interface;
mod tunnel;

pub(super) use outbound::Outbound;
