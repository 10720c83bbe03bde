//! What another sender puts into a tunnel is opened in bursts as it is opened one by one: other next headers, flows
//! marked on their way, packets that are shorter than what carries them.

use iiptran::sa::{InboundSa, OutboundSa, SaParameters};
use iiptran::spd::{AddressSet, NextLayer, PortSet, Selectors, Sides, UpperSelector};
use iiptran::transform::Transform;
use iiptran::wire::{Protocol, Spi};
use iiptran::{Mode, TunnelEnds};
use iiptran_tests::{Ip, NOW, keys};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::burst::{Buffer, opened_alike, together};
use super::random::key_bytes;

/// A packet around another, as IPIP has it: transport mode makes of it what tunnel mode would (RFC 3884 section 3.1).
fn packet() -> impl Strategy<Value = Ip> {
    let inner = (
        select(vec![&[][..], &[1; 40], &[2; 40], &[3; 200]]),
        select(vec![0_u8, 0, 1, 2, 3, 0xb8]),
        0..2_u8,
        prop::bool::weighted(0.2),
        select(vec![0_usize, 0, 0, 1, 3, 4, 30]),
    )
        .prop_map(|(content, traffic_class, host, is_cut, behind)| {
            let ends = [[10, 0, 0, host].into(), [10, 1, 0, 1].into()];
            let mut ip = Ip {
                traffic_class,
                ..Ip::udp(ends, content)
            };
            let rest = ip
                .payload
                .split_off(if is_cut { 2 } else { ip.payload.len() });
            // What is not in the packet is behind it.
            [ip.bytes(), rest, vec![7; behind]].concat()
        });
    let protocol = select(vec![4_u8, 4, 4, 4, 4, 41, 59, 17]);
    let class = select(vec![0_u8, 0, 0, 1, 2, 3, 0xb8]);
    (inner, protocol, class).prop_map(|(inner, protocol, traffic_class)| {
        let ends = [[192, 0, 2, 1].into(), [192, 0, 2, 2].into()];
        Ip {
            traffic_class,
            ..Ip::new(ends, Protocol(protocol), &inner)
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_others_put_into_a_tunnel_is_opened_alike(
        packets in vec(packet(), 1..70),
        length in 1..70_usize,
        narrow in any::<bool>(),
        key in key_bytes(),
    ) {
        let transform = Transform::from_names("aes-128-gcm-16", None).unwrap();
        let keys = keys(transform, &key);
        let sender = SaParameters::new(Spi(0x1000), Mode::Transport, transform, keys);
        let [local, remote] = [[192, 0, 2, 2].into(), [192, 0, 2, 1].into()];
        let mut receiver = SaParameters {
            mode: Mode::Tunnel(TunnelEnds { local, remote }),
            ..sender.clone()
        };
        if narrow {
            let any = AddressSet::Any;
            let ports = Sides { local: PortSet::from(7), remote: PortSet::Any };
            let udp = NextLayer::Protocol {
                protocol: Protocol::UDP,
                upper: UpperSelector::Ports(ports),
            };
            receiver.selectors = Box::new([Selectors::new(any.clone(), any, udp).unwrap()]);
        }
        let sender = OutboundSa::new(sender).unwrap();
        let mut buffers: Vec<_> = packets
            .iter()
            .map(|packet| Buffer::new(&packet.bytes(), 40, 40))
            .collect();
        together(&mut buffers, |packets| {
            packets.iter_mut().for_each(|packet| { sender.seal(NOW, packet).unwrap(); });
        });
        let [mut one, mut burst] = [(); 2].map(|()| InboundSa::new(receiver.clone()).unwrap());
        opened_alike([&mut one, &mut burst], buffers, length)?;
    }
}
