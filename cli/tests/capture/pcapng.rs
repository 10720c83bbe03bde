//! The block format.

use core::time::Duration;

use iiptran_cli::capture::{Cause, LinkType};

use super::blocks::{Big, Little, Order};
use super::{Owned, fault, packets};

const IF_TSRESOL: u16 = 9;
const IF_TSOFFSET: u16 = 14;
const SECRETS: u32 = 10;
const STATISTICS: u32 = 5;

fn owned(timestamp: Duration, original_length: u32, link_type: LinkType, bytes: &[u8]) -> Owned {
    Owned {
        timestamp,
        original_length,
        link_type,
        bytes: bytes.to_vec(),
    }
}

#[test]
fn packets_of_every_block_are_read() {
    for order in [Little, Big] {
        let capture = [
            order.section(),
            order.interface(101, 0, &[]),
            order.interface(1, 0, &order.option(IF_TSRESOL, &[9])),
            order.enhanced(0, 0x5_0000_0001, 1_500, &[1, 2, 3]),
            order.enhanced_with_options(1, 1, 4, &[1; 4], &order.option(1, b"comment")),
            order.obsolete(1, 2_000_000_003, 5, &[1; 5]),
            order.simple(2, &[9, 8]),
        ];
        let expected = [
            owned(
                Duration::from_micros(0x5_0000_0001),
                1_500,
                LinkType::RAW,
                &[1, 2, 3],
            ),
            owned(Duration::from_nanos(1), 4, LinkType::EN10MB, &[1; 4]),
            owned(Duration::new(2, 3), 5, LinkType::EN10MB, &[1; 5]),
            owned(Duration::ZERO, 2, LinkType::RAW, &[9, 8]),
        ];
        assert_eq!(packets(&capture.concat()), expected, "{order:?}");
    }
}

#[test]
fn a_section_has_its_own_order_and_interfaces() {
    let section = |order: Order, link_type| {
        [
            order.section(),
            order.interface(link_type, 0, &[]),
            order.enhanced(0, 0, 1, &[7]),
        ]
        .concat()
    };
    let capture = [section(Little, 228), section(Big, 229), section(Big, 276)];
    let link_types: Vec<_> = packets(&capture.concat())
        .iter()
        .map(|packet| packet.link_type)
        .collect();
    assert_eq!(
        link_types,
        [LinkType::IPV4, LinkType::IPV6, LinkType::LINUX_SLL2]
    );

    let forgotten = [
        section(Little, 101),
        Big.section(),
        Big.enhanced(0, 0, 0, &[]),
    ];
    let (packet, _, cause) = fault(&forgotten.concat());
    assert!(packet == 1 && matches!(cause, Cause::UnknownInterface(0)));
}

#[test]
fn time_options_are_read_in_the_order_of_the_section() {
    for order in [Little, Big] {
        let end = order.option(0, &[]);
        let time = |options: &[Vec<u8>], units| {
            let capture = [
                order.section(),
                order.interface(101, 0, &options.concat()),
                order.enhanced(0, units, 0, &[]),
            ];
            packets(&capture.concat())[0].timestamp
        };
        let hundred = order.option(IF_TSOFFSET, &order.u64(100));
        let before = order.option(IF_TSOFFSET, &order.u64(2_u64.wrapping_neg()));
        let resolution = |value| order.option(IF_TSRESOL, &[value]);
        assert_eq!(
            time(&[resolution(3), hundred, end.clone()], 1_234),
            Duration::from_millis(101_234)
        );
        assert_eq!(time(&[before], 5_000_000), Duration::from_secs(3));
        assert_eq!(
            time(&[resolution(0x80 | 10)], 1_536),
            Duration::from_millis(1_500)
        );
        assert_eq!(
            time(&[end, resolution(0)], 1),
            Duration::from_micros(1),
            "what follows the end of the options is none"
        );
    }
}

#[test]
fn a_simple_packet_is_as_long_as_the_interface_lets_it_be() {
    let capture = [
        Little.section(),
        Little.interface(101, 5, &[]),
        Little.simple(1_500, &[1, 2, 3, 4, 5]),
        Little.simple(3, &[1, 2, 3]),
    ];
    let expected = [
        owned(Duration::ZERO, 1_500, LinkType::RAW, &[1, 2, 3, 4, 5]),
        owned(Duration::ZERO, 3, LinkType::RAW, &[1, 2, 3]),
    ];
    assert_eq!(packets(&capture.concat()), expected);
}

#[test]
fn blocks_of_other_kinds_are_passed_over_however_long() {
    let capture = [
        Big.section(),
        Big.block(SECRETS, &vec![0xff; 3_000_000]),
        Big.interface(101, 0, &[]),
        Big.block(0x0bad, &[1; 7]),
        Big.block(STATISTICS, &[]),
        Big.enhanced(0, 0, 1, &[7]),
        Big.block(0x8000_0000, &[0; 4]),
    ];
    assert_eq!(packets(&capture.concat()).len(), 1);
}

#[test]
fn each_fault_has_its_cause() {
    let begin = [Little.section(), Little.interface(101, 0, &[])].concat();
    let cause = |block: &[u8]| {
        let (packet, offset, cause) = fault(&[&begin, block].concat());
        assert_eq!(packet, 0);
        assert_eq!(offset, begin.len() as u64, "{cause}");
        cause
    };
    let changed = |mut block: Vec<u8>, at: usize, value: u8| {
        block[at] = value;
        block
    };
    let packet = Little.enhanced(0, 0, 4, &[1; 4]);

    assert!(matches!(
        cause(&Little.enhanced(1, 0, 0, &[])),
        Cause::UnknownInterface(1)
    ));
    for length in [8, 13] {
        let block = changed(packet.clone(), 4, length);
        assert!(matches!(cause(&block), Cause::BlockLength(n) if n == u32::from(length)));
    }
    let trailer = packet.len() - 4;
    assert!(matches!(
        cause(&changed(packet.clone(), trailer, 40)),
        Cause::BlockTrailer {
            front: 36,
            back: 40
        }
    ));
    for captured in [5, 9, 0xff] {
        let block = changed(packet.clone(), 20, captured);
        assert!(matches!(cause(&block), Cause::Block(6)), "{captured}");
    }
    let obsolete = changed(Little.obsolete(0, 0, 4, &[1; 4]), 20, 5);
    assert!(matches!(cause(&obsolete), Cause::Block(2)));
    assert!(matches!(cause(&Little.block(2, &[0; 4])), Cause::Block(2)));
    assert!(matches!(cause(&Little.simple(5, &[1; 4])), Cause::Block(3)));
    assert!(matches!(cause(&Little.block(6, &[0; 4])), Cause::Block(6)));
    let huge = changed(packet.clone(), 7, 0xff);
    assert!(matches!(cause(&huge), Cause::TooLong { .. }));
    let resolution = Little.interface(101, 0, &Little.option(IF_TSRESOL, &[39]));
    assert!(matches!(cause(&resolution), Cause::Resolution(39)));
    assert!(matches!(
        cause(&Little.section_of_version(2)),
        Cause::Version { major: 2, minor: 0 }
    ));
    let order = changed(Little.section(), 8, 0);
    assert!(matches!(cause(&order), Cause::ByteOrder([0, ..])));
}

#[test]
fn a_time_before_1970_is_a_fault() {
    let offset = Little.option(IF_TSOFFSET, &Little.u64(1_u64.wrapping_neg()));
    let capture = [
        Little.section(),
        Little.interface(101, 0, &offset),
        Little.enhanced(0, 999_999, 0, &[]),
    ];
    assert!(matches!(fault(&capture.concat()).2, Cause::Timestamp));
}

#[test]
fn a_block_passed_over_must_end_as_it_begins() {
    let mut other = Little.block(SECRETS, &[0; 8]);
    other[16] = 24;
    let capture = [Little.section(), other].concat();
    assert!(matches!(
        fault(&capture).2,
        Cause::BlockTrailer {
            front: 20,
            back: 24
        }
    ));
}

#[test]
fn descriptions_of_interfaces_are_not_kept_without_end() {
    let interface = Little.interface(101, 0, &[]);
    let mut capture = Little.section();
    capture.extend(interface.repeat(65_536));
    assert!(packets(&capture).is_empty());
    capture.extend(&interface);
    assert!(matches!(
        fault(&capture).2,
        Cause::TooManyInterfaces(65_536)
    ));
}
