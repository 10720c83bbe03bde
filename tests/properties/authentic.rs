//! Packets of a peer that has the keys and puts anything at all inside: it gets past the integrity
//! check, and no further than it may.

use iiptran::esp::PaddingCheck;
use iiptran::outer::InnerFields;
use iiptran::sa::{InboundSa, SaParameters};
use iiptran::transform::Transform;
use iiptran::wire::{IpHeader, Protocol, SkipList};
use iiptran::{DropReason, Mode, PacketBuffer, TunnelEnds, ipip};
use iiptran_tests::{ANY, Ip, KEY_BYTES, Keyed, NOW, header, keys};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::random::{ip, tunnel};

/// What is in a packet before it is sealed.
#[derive(Clone, Debug)]
struct Body {
    content: Vec<u8>,
    padding: Vec<u8>,
    pad_length: u8,
    next_header: Protocol,
}

impl Body {
    fn bytes(&self) -> Vec<u8> {
        let trailer = [self.pad_length, self.next_header.0];
        [&self.content[..], &self.padding, &trailer].concat()
    }

    /// The content as the pad length has it; `None` if the padding is not the one of RFC 4303 section
    /// 2.4, where that is checked.
    fn payload(&self, check: PaddingCheck) -> Option<Vec<u8>> {
        let mut all = [&self.content[..], &self.padding].concat();
        let length = all.len().checked_sub(self.pad_length.into())?;
        let padding = all.split_off(length);
        let counts_up = padding
            .into_iter()
            .eq((1..=u8::MAX).take(self.pad_length.into()));
        (check == PaddingCheck::None || counts_up).then_some(all)
    }
}

fn body() -> impl Strategy<Value = Body> {
    let content = prop_oneof![
        ip().prop_map(|packet| packet.bytes()),
        vec(any::<u8>(), 0..100),
    ];
    let padding = prop_oneof![
        3 => any::<u8>().prop_map(|length| (1..=u8::MAX).take(length.into()).collect::<Vec<_>>()),
        1 => vec(any::<u8>(), 0..8),
    ];
    let next_header = prop_oneof![
        3 => select(&[Protocol::IPV4, Protocol::IPV6]),
        1 => any::<u8>().prop_map(Protocol),
    ];
    let wrong_length = prop::option::weighted(0.1, any::<u8>());
    (content, padding, wrong_length, next_header).prop_map(
        |(content, padding, wrong_length, next_header)| Body {
            content,
            pad_length: wrong_length.unwrap_or_else(|| u8::try_from(padding.len()).unwrap()),
            padding,
            next_header,
        },
    )
}

fn check() -> impl Strategy<Value = PaddingCheck> {
    select(&[PaddingCheck::Monotonic, PaddingCheck::None])
}

/// What becomes of the packet with this body, and the packet afterwards.
fn open(
    body: &Body,
    check: PaddingCheck,
    outer: TunnelEnds,
    mode: Mode,
) -> (Result<(), DropReason>, PacketBuffer) {
    let transform = Transform::from_names("aes-128-gcm-16", None).unwrap();
    let (keys, iv) = (keys(transform, &[7; KEY_BYTES]), [0; 8]);
    let keyed = Keyed::new(transform, keys.encryption.expose(), &[]);
    let [ciphertext, icv] = keyed.seal(ANY, &iv, &body.bytes());
    let (spi, sequence) = (ANY.spi.0.to_be_bytes(), 1_u32.to_be_bytes());
    let esp = [&spi[..], &sequence, &iv, &ciphertext, &icv].concat();
    let ends = [outer.local, outer.remote];
    let mut buffer = PacketBuffer::new(&Ip::new(ends, Protocol::ESP, &esp).bytes());

    let parameters = SaParameters {
        padding_check: check,
        ..SaParameters::new(ANY.spi, mode, transform, keys)
    };
    let mut sa = InboundSa::new(parameters).unwrap();
    let opened = buffer.process(|packet| sa.open(NOW, packet).map(drop));
    assert_eq!(sa.usage().packets, 1, "it is authentic");
    (opened, buffer)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn transport_mode_restores_what_is_inside(body in body(), check in check(), outer in tunnel()) {
        let (opened, mut buffer) = open(&body, check, outer, Mode::Transport);
        let Some(payload) = body.payload(check) else {
            prop_assert_eq!(opened, Err(DropReason::BadPadding));
            return Ok(());
        };
        if body.next_header == Protocol::NO_NEXT_HEADER {
            prop_assert_eq!(opened, Err(DropReason::Dummy));
        } else if opened.is_ok() {
            let ends = [outer.local, outer.remote];
            let restored = Ip::new(ends, body.next_header, &payload).bytes();
            prop_assert_eq!(buffer.bytes(), restored);
            let skip = SkipList::default();
            let _ = buffer.process(|packet| {
                ipip::decapsulate(packet, &header(packet.bytes()), InnerFields::default(), &skip)
            });
        } else {
            // Only IPv6 has headers that may be malformed behind the first one.
            prop_assert!(outer.remote.is_ipv6() && body.next_header.is_extension_header());
        }
    }

    #[test]
    fn tunnel_mode_lets_ip_packets_out_alone(body in body(), check in check(), outer in tunnel()) {
        let (opened, buffer) = open(&body, check, outer, Mode::Tunnel(outer));
        let Some(payload) = body.payload(check) else {
            prop_assert_eq!(opened, Err(DropReason::BadPadding));
            return Ok(());
        };
        let inner = IpHeader::parse(&payload, &SkipList::default());
        match (body.next_header, inner) {
            (Protocol::NO_NEXT_HEADER, _) => prop_assert_eq!(opened, Err(DropReason::Dummy)),
            (Protocol::IPV4 | Protocol::IPV6, Err(reason)) => prop_assert_eq!(opened, Err(reason)),
            (next_header, Ok(inner)) if next_header == inner.version().protocol() => {
                prop_assert_eq!(opened, Ok(()));
                prop_assert_eq!(buffer.bytes(), &payload[..inner.total_length]);
            }
            (Protocol::IPV4 | Protocol::IPV6, Ok(_)) => {
                prop_assert_eq!(opened, Err(DropReason::BadVersion));
            }
            _ => prop_assert_eq!(opened, Err(DropReason::NotTunnelled)),
        }
    }
}
