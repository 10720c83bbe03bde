//! What carries bursts of packets there and back: two SAs, and two gateways.

use std::time::Duration;

use iiptran::config::NodeConfig;
use iiptran::sa::{Carried, InboundSa, OutboundSa, SaParameters};
use iiptran::transform::Transform;
use iiptran::wire::Spi;
use iiptran::{DropReason, Instant, LinkId, Mode, NoTrace, Node, Packet, TunnelEnds, Verdict};

use crate::{Packets, gateway, keys};

/// A way there and back.
pub trait Way {
    /// Carries packets there.
    fn out(&mut self, packets: &mut [Packet<'_>]);
    /// Carries back what went there.
    fn back(&mut self, packets: &mut [Packet<'_>]);
    /// Carries packets there, each by a call of its own.
    fn out_singly(&mut self, packets: &mut [Packet<'_>]);
    /// Carries back what went there, each by a call of its own.
    fn back_singly(&mut self, packets: &mut [Packet<'_>]);
    /// Whether packets are forwarded, which changes their headers.
    fn forwards(&self) -> bool;

    /// Times a burst there.
    fn time_out(&mut self, packets: &mut Packets) -> Duration {
        packets.refill();
        packets.time(|packets| self.out(packets))
    }

    /// Times a burst back; that it comes back whole is checked.
    fn time_back(&mut self, packets: &mut Packets) -> Duration {
        self.time_out(packets);
        let time = packets.time(|packets| self.back(packets));
        packets.check(self.forwards());
        time
    }
}

/// The two sides of an SA with anti-replay on: of tunnel mode over IPv4, as librte_ipsec is measured.
#[derive(Debug)]
pub struct Sas {
    outbound: OutboundSa,
    inbound: InboundSa,
    results: Vec<Result<Carried, DropReason>>,
}

impl Sas {
    /// Such SAs, for bursts of so many packets at most.
    ///
    /// # Panics
    /// Never: the parameters are right.
    #[must_use]
    pub fn new(transform: Transform, burst: usize) -> Self {
        let ends = |local: [u8; 4], remote: [u8; 4]| {
            Mode::Tunnel(TunnelEnds {
                local: local.into(),
                remote: remote.into(),
            })
        };
        let (near, far) = ([192, 0, 2, 1], [192, 0, 2, 2]);
        let sender = SaParameters::new(Spi(0x1000), ends(near, far), transform, keys(transform));
        let receiver = SaParameters {
            mode: ends(far, near),
            window: Some(128),
            ..sender.clone()
        };
        Self {
            outbound: OutboundSa::new(sender).unwrap(),
            inbound: InboundSa::new(receiver).unwrap(),
            results: vec![Err(DropReason::Truncated); burst],
        }
    }
}

impl Way for Sas {
    fn out(&mut self, packets: &mut [Packet<'_>]) {
        let results = &mut self.results[..packets.len()];
        self.outbound.seal_burst(Instant::ZERO, packets, results);
        assert!(results.iter().all(Result::is_ok), "all are sealed");
    }

    fn back(&mut self, packets: &mut [Packet<'_>]) {
        let results = &mut self.results[..packets.len()];
        self.inbound.open_burst(Instant::ZERO, packets, results);
        assert!(results.iter().all(Result::is_ok), "all are opened");
    }

    fn out_singly(&mut self, packets: &mut [Packet<'_>]) {
        for packet in packets {
            self.outbound.seal(Instant::ZERO, packet).unwrap();
        }
    }

    fn back_singly(&mut self, packets: &mut [Packet<'_>]) {
        for packet in packets {
            self.inbound.open(Instant::ZERO, packet).unwrap();
        }
    }

    fn forwards(&self) -> bool {
        false
    }
}

/// Two gateways with a virtual link between them: packets go from the near LAN to the wire, and then from
/// the wire to the far LAN.
#[derive(Debug)]
pub struct Gateways {
    near: (Node, LinkId),
    far: (Node, LinkId),
    verdicts: Vec<Verdict>,
}

impl Gateways {
    /// Where the packets come from: behind the near gateway.
    pub const SOURCE: [u8; 4] = [10, 1, 0, 5];
    /// Where they go: behind the far one.
    pub const DESTINATION: [u8; 4] = [10, 2, 0, 5];

    /// Gateways in an arrangement, for bursts of so many packets at most.
    ///
    /// # Panics
    /// If there is no such arrangement.
    #[must_use]
    pub fn new(arrangement: &str, transform: Transform, burst: usize) -> Self {
        let node = |near, far, link: &str| {
            let document = gateway(arrangement, transform, near, far);
            let config = NodeConfig::from_toml(&document).unwrap();
            let node = config.node().unwrap();
            let link = node.tables().find_link(link).unwrap();
            (node, link)
        };
        Self {
            near: node("1", "2", "lan"),
            far: node("2", "1", "wan"),
            verdicts: vec![Verdict::Drop(DropReason::Truncated); burst],
        }
    }

    fn run(
        (node, link): &mut (Node, LinkId),
        packets: &mut [Packet<'_>],
        verdicts: &mut [Verdict],
    ) {
        node.receive_burst(Instant::ZERO, *link, packets, verdicts, &mut NoTrace);
        for verdict in verdicts {
            assert!(matches!(verdict, Verdict::Transmit { .. }), "{verdict:?}");
        }
    }

    fn run_singly((node, link): &mut (Node, LinkId), packets: &mut [Packet<'_>]) {
        for packet in packets {
            let verdict = node.receive(Instant::ZERO, *link, packet, &mut NoTrace);
            assert!(matches!(verdict, Verdict::Transmit { .. }), "{verdict:?}");
        }
    }
}

impl Way for Gateways {
    fn out(&mut self, packets: &mut [Packet<'_>]) {
        Self::run(&mut self.near, packets, &mut self.verdicts);
    }

    fn back(&mut self, packets: &mut [Packet<'_>]) {
        Self::run(&mut self.far, packets, &mut self.verdicts);
    }

    fn out_singly(&mut self, packets: &mut [Packet<'_>]) {
        Self::run_singly(&mut self.near, packets);
    }

    fn back_singly(&mut self, packets: &mut [Packet<'_>]) {
        Self::run_singly(&mut self.far, packets);
    }

    fn forwards(&self) -> bool {
        true
    }
}
