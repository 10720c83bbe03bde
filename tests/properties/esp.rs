//! What is sealed opens again, with every transform.

use iiptran::esp::{self, Padding, UdpEncapsulation};
use iiptran::sa::{InboundSa, OutboundSa, SaParameters, SealOptions};
use iiptran::transform::Transform;
use iiptran::wire::{Protocol, Spi};
use iiptran::{DropReason, Mode, TunnelEnds};
use iiptran_tests::{Ip, KEY_BYTES, NOW, keys, process};
use proptest::prelude::*;

use super::random::{ip, key_bytes, tunnel};

/// Everything but the transform.
#[derive(Clone, Debug)]
struct Scenario {
    packet: Ip,
    link_padding: usize,
    tunnel: Option<TunnelEnds>,
    spi: u32,
    start: u64,
    extended: bool,
    udp: Option<UdpEncapsulation>,
    padding: Padding,
    flow_padding: usize,
    iv_mask: u64,
    keys: [u8; KEY_BYTES],
}

prop_compose! {
    fn scenario()(
        packet in ip(),
        link_padding in 0..=46_usize,
        tunnel in prop::option::of(tunnel()),
        spi in 256..=u32::MAX,
        start in any::<u64>(),
        extended in any::<bool>(),
        udp in prop::option::of(any::<[u16; 2]>()),
        padding in prop_oneof![
            Just(Padding::Minimal),
            any::<u8>().prop_map(Padding::AtLeast),
            Just(Padding::AtLeast(u8::MAX)),
        ],
        flow_padding in prop_oneof![Just(0), 0..=200_usize],
        iv_mask in any::<u64>(),
        keys in key_bytes(),
    ) -> Scenario {
        // Transport mode has no other way to tell where the payload ends (RFC 4303 section 2.7).
        let has_length = tunnel.is_some() || packet.protocol == Protocol::UDP;
        let udp = udp.map(|[source, destination]| UdpEncapsulation { source, destination });
        Scenario {
            packet,
            link_padding,
            tunnel,
            spi,
            start: start % if extended { u64::MAX } else { u32::MAX.into() },
            extended,
            udp,
            padding,
            flow_padding: if has_length { flow_padding } else { 0 },
            iv_mask,
            keys,
        }
    }
}

impl Scenario {
    fn parameters(&self, transform: Transform) -> SaParameters {
        let mode = self.tunnel.map_or(Mode::Transport, Mode::Tunnel);
        let keys = keys(transform, &self.keys);
        let is_counted = transform.is_counter_mode() && !transform.has_implicit_iv();
        SaParameters {
            extended_sequence: self.extended,
            start: self.start,
            udp_encapsulation: self.udp,
            iv_mask: if is_counted { self.iv_mask } else { 0 },
            flow_padding: self.flow_padding > 0,
            ..SaParameters::new(Spi(self.spi), mode, transform, keys)
        }
    }

    fn options(&self) -> SealOptions {
        SealOptions {
            padding: self.padding,
            flow_padding: self.flow_padding,
            ..SealOptions::default()
        }
    }

    /// Where transport mode puts ESP: before destination options that nobody on the path reads, which
    /// are those behind all other headers (RFC 4303 section 3.1.1).
    fn esp_offset(&self) -> usize {
        let packet = &self.packet;
        if packet.source.is_ipv4() {
            return 20 + packet.options.len();
        }
        let headers = &packet.extension_headers;
        let is_read = |(kind, _): &(Protocol, _)| *kind != Protocol::DESTINATION_OPTIONS;
        let read = headers.iter().rposition(is_read).map_or(0, |last| last + 1);
        let lengths = headers[..read].iter().map(|(_, header)| header.len());
        40 + lengths.sum::<usize>()
    }

    /// What is sealed, and where the outermost ESP or UDP header is then.
    fn sealed<'p>(&self, clear: &'p [u8]) -> (&'p [u8], usize) {
        match self.tunnel {
            None => (&clear[self.esp_offset()..], self.esp_offset()),
            Some(ends) if ends.remote.is_ipv4() => (clear, 20),
            Some(_) => (clear, 40),
        }
    }

    /// Where the SPI is, and how long the packet is.
    fn check_shape(&self, transform: Transform, packet: &[u8]) -> Result<(), TestCaseError> {
        let clear = self.packet.bytes();
        let (payload, offset) = self.sealed(&clear);
        let offset = offset + if self.udp.is_some() { 8 } else { 0 };
        prop_assert_eq!(&packet[offset..offset + 4], self.spi.to_be_bytes());
        let payload = payload.len() + self.flow_padding;
        let shortest = offset + payload + esp::overhead(transform, payload);
        let longer = packet.len().checked_sub(shortest);
        match self.padding {
            Padding::Minimal => prop_assert_eq!(longer, Some(0)),
            Padding::AtLeast(_) => prop_assert!(longer.is_some_and(|longer| longer < 256)),
        }
        Ok(())
    }

    fn round_trip(&self, transform: Transform) -> Result<(), TestCaseError> {
        let clear = self.packet.bytes();
        let link_padding = vec![0; self.link_padding];
        let sender = OutboundSa::new(self.parameters(transform)).unwrap();
        let mut receiver = InboundSa::new(self.parameters(transform)).unwrap();
        let padded = [&clear[..], &link_padding].concat();
        let sealed = process(&padded, |packet| {
            sender.seal_with(NOW, packet, &self.options())
        });
        let sealed = sealed.unwrap();
        self.check_shape(transform, &sealed)?;

        let padded = [sealed, link_padding].concat();
        let mut sequence = None;
        let opened = process(&padded, |packet| {
            sequence = Some(receiver.open(NOW, packet)?.sequence);
            Ok(())
        });
        prop_assert_eq!(opened, Ok(clear), "{}", transform);
        prop_assert_eq!(sequence, Some(self.start + 1));
        let again = process(&padded, |packet| receiver.open(NOW, packet));
        prop_assert_eq!(again, Err(DropReason::Replayed));
        Ok(())
    }
}

/// A checksum of 0 would mean that there is none, which IPv6 forbids (RFC 8200 section 8.1).
#[test]
fn a_udp_checksum_of_zero_is_sent_as_its_equal() {
    let transform = Transform::from_names("null", Some("hmac-sha2-256-128")).unwrap();
    let checksum = |source| {
        let sender = OutboundSa::new(SaParameters {
            udp_encapsulation: Some(UdpEncapsulation {
                source,
                destination: UdpEncapsulation::PORT,
            }),
            ..SaParameters::new(
                Spi(256),
                Mode::Transport,
                transform,
                keys(transform, &[7; KEY_BYTES]),
            )
        });
        let ends = ["2001:db8::1", "2001:db8::2"].map(|end| end.parse().unwrap());
        let clear = Ip::udp(ends, b"payload").bytes();
        let sealed = process(&clear, |packet| sender.unwrap().seal(NOW, packet)).unwrap();
        u16::from_be_bytes([sealed[46], sealed[47]])
    };
    // What is missing from the sum in the one goes into the port of the other.
    assert_eq!(checksum(checksum(0)), 0xffff);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn enc_07_what_is_sealed_opens(scenario in scenario()) {
        for transform in Transform::all() {
            scenario.round_trip(transform)?;
        }
    }

    /// RFC 4303 section 2.6: it counts as received and goes no further.
    #[test]
    fn tfc_03_a_dummy_is_discarded(scenario in scenario()) {
        let options = SealOptions {
            dummy: true,
            ..scenario.options()
        };
        for transform in Transform::all() {
            let sender = OutboundSa::new(scenario.parameters(transform)).unwrap();
            let mut receiver = InboundSa::new(scenario.parameters(transform)).unwrap();
            let clear = scenario.packet.bytes();
            let sealed = process(&clear, |packet| sender.seal_with(NOW, packet, &options)).unwrap();
            for reason in [DropReason::Dummy, DropReason::Replayed] {
                let opened = process(&sealed, |packet| receiver.open(NOW, packet));
                prop_assert_eq!(opened, Err(reason), "{}", transform);
            }
        }
    }

    /// A fragment may be inside a tunnel and nowhere else (RFC 4303 section 3.3.4).
    #[test]
    fn forb_06_a_fragment_needs_a_tunnel(scenario in scenario(), offset in 1..=0x1fff_u16) {
        let mut scenario = scenario;
        scenario.packet.flags_and_offset = offset;
        let fragment = [&[0, 0], &(offset << 3).to_be_bytes()[..], &[0; 4]].concat();
        scenario.packet.extension_headers = vec![(Protocol::FRAGMENT, fragment)];
        let transform = Transform::from_names("aes-128-gcm-16", None).unwrap();
        if scenario.tunnel.is_some() {
            scenario.round_trip(transform)?;
        } else {
            let sender = OutboundSa::new(scenario.parameters(transform)).unwrap();
            let sealed = process(&scenario.packet.bytes(), |packet| sender.seal(NOW, packet));
            prop_assert_eq!(sealed, Err(DropReason::FragmentOffered));
        }
    }
}
