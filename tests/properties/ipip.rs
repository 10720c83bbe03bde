//! What goes into a tunnel comes out of it.

use iiptran::ipip::{self, Origin};
use iiptran::outer::{
    DfRule, DscpRule, Ecn, EcnIngress, FlowLabelRule, IdentificationRule, InnerFields, OuterFields,
    OuterHeader, TtlRule,
};
use iiptran::wire::{self, Protocol, SkipList};
use iiptran::{DropReason, PacketBuffer, TunnelEnds};
use iiptran_tests::{header, outer_header};
use proptest::prelude::*;
use proptest::sample::select;

use super::random::{ip, tunnel};

prop_compose! {
    fn fields()(
        ttl in prop_oneof![any::<u8>().prop_map(TtlRule::Fixed), Just(TtlRule::Inherit)],
        dscp in prop_oneof![
            Just(DscpRule::Copy),
            (0..64_u8).prop_map(DscpRule::Fixed),
            (0..64_u8).prop_map(|shift| {
                let entry = |dscp: usize| (dscp as u8).wrapping_add(shift) & 0x3f;
                DscpRule::Map(Box::new(core::array::from_fn(entry)))
            }),
        ],
        ecn in select(&[
            EcnIngress::Normal,
            EcnIngress::Compatibility,
            EcnIngress::FullFunctionality,
        ]),
        df in select(&[DfRule::Copy, DfRule::Set, DfRule::Clear]),
        strict_df in any::<bool>(),
        identification in select(&[
            IdentificationRule::Counter,
            IdentificationRule::ZeroIfAtomic,
        ]),
        flow_label in prop_oneof![
            Just(FlowLabelRule::Zero),
            (0..1_u32 << 20).prop_map(FlowLabelRule::Fixed),
            Just(FlowLabelRule::Copy),
            Just(FlowLabelRule::Hash),
        ],
        encapsulation_limit in any::<Option<u8>>(),
    ) -> OuterFields {
        OuterFields {
            ttl,
            dscp,
            ecn,
            df,
            strict_df,
            identification,
            flow_label,
            encapsulation_limit,
        }
    }
}

/// What the fields of the outer header have to be.
fn check_outer(
    encapsulated: &[u8],
    clear: &[u8],
    ends: TunnelEnds,
    fields: &OuterFields,
    number: u64,
) -> Result<(), TestCaseError> {
    let inner = header(clear);
    let outer = outer_header(encapsulated, clear);
    prop_assert_eq!(outer.ends, ends);
    prop_assert_eq!(header(encapsulated).protocol, outer.protocol);
    prop_assert_eq!(
        outer.ttl,
        match fields.ttl {
            TtlRule::Fixed(ttl) => ttl,
            TtlRule::Inherit => inner.ttl,
        }
    );
    prop_assert_eq!(
        outer.traffic_class >> 2,
        match &fields.dscp {
            DscpRule::Copy => inner.dscp(),
            DscpRule::Fixed(dscp) => *dscp,
            DscpRule::Map(table) => table[usize::from(inner.dscp())],
        }
    );
    let ecn = match (fields.ecn, Ecn::of(inner.traffic_class)) {
        (EcnIngress::Compatibility, _) => Ecn::NotEct,
        (EcnIngress::FullFunctionality, Ecn::Ce) => Ecn::Ect0,
        (_, inner) => inner,
    };
    prop_assert_eq!(Ecn::of(outer.traffic_class), ecn);
    prop_assert_eq!(header(encapsulated).payload(encapsulated), clear);
    if ends.remote.is_ipv4() {
        prop_assert_eq!(
            outer.dont_fragment,
            match fields.df {
                DfRule::Copy => inner.dont_fragment,
                DfRule::Set => true,
                DfRule::Clear => false,
            }
        );
        let is_zero =
            fields.identification == IdentificationRule::ZeroIfAtomic && outer.dont_fragment;
        let counted = u16::try_from(number & 0xffff).unwrap();
        prop_assert_eq!(outer.identification, if is_zero { 0 } else { counted });
        prop_assert_eq!(outer.encapsulation_limit, None);
    } else {
        prop_assert_eq!(outer.encapsulation_limit, fields.encapsulation_limit);
        match fields.flow_label {
            FlowLabelRule::Zero => prop_assert_eq!(outer.flow_label, 0),
            FlowLabelRule::Fixed(label) => prop_assert_eq!(outer.flow_label, label),
            FlowLabelRule::Copy => prop_assert_eq!(outer.flow_label, inner.flow_label),
            // Any value, but one for a flow.
            FlowLabelRule::Hash => {}
        }
    }
    Ok(())
}

fn encapsulate(
    buffer: &mut PacketBuffer,
    ends: TunnelEnds,
    fields: &OuterFields,
    number: u64,
) -> Result<OuterHeader, DropReason> {
    buffer.process(|packet| {
        let inner = header(packet.bytes());
        ipip::encapsulate(packet, &inner, Origin::Local, ends, fields, number)
    })
}

proptest! {
    #[test]
    fn what_goes_in_comes_out(
        packet in ip(),
        link_padding in 0..=46_usize,
        ends in tunnel(),
        fields in fields(),
        number in any::<u64>(),
    ) {
        let clear = packet.bytes();
        let inner = header(&clear);
        let mut buffer = PacketBuffer::new(&[&clear[..], &vec![0; link_padding]].concat());
        let encapsulated = encapsulate(&mut buffer, ends, &fields, number);
        let conflict = ends.remote.is_ipv4()
            && packet.source.is_ipv4()
            && inner.dont_fragment
            && fields.strict_df
            && fields.df == DfRule::Clear;
        if conflict {
            prop_assert_eq!(encapsulated, Err(DropReason::DfConflict));
            prop_assert_eq!(buffer.bytes(), clear);
            return Ok(());
        }
        prop_assert!(encapsulated.is_ok());
        check_outer(buffer.bytes(), &clear, ends, &fields, number)?;

        let decapsulated = buffer.process(|packet| {
            let outer = header(packet.bytes());
            ipip::decapsulate(packet, &outer, InnerFields::default(), &SkipList::default())
        });
        let decapsulated = decapsulated.unwrap();
        prop_assert_eq!(buffer.bytes(), clear);
        prop_assert_eq!(decapsulated.inner, inner);
        prop_assert_eq!(decapsulated.anomaly, None);
    }

    /// RFC 2473 section 4.1.1: each tunnel inside another leaves one fewer.
    #[test]
    fn an_encapsulation_limit_counts_down(
        packet in ip(),
        ends in tunnel(),
        limit in prop_oneof![Just(0), any::<u8>()],
    ) {
        let mut packet = packet;
        let option = vec![0, 0, 4, 1, limit, 1, 1, 0];
        packet.extension_headers = vec![(Protocol::DESTINATION_OPTIONS, option)];
        let clear = packet.bytes();
        let mut buffer = PacketBuffer::new(&clear);
        let encapsulated = encapsulate(&mut buffer, ends, &OuterFields::IPIP, 1);
        if packet.source.is_ipv4() {
            prop_assert!(encapsulated.is_ok());
        } else if limit == 0 {
            prop_assert_eq!(encapsulated, Err(DropReason::EncapsulationLimit));
        } else {
            let outer = header(buffer.bytes());
            let left = wire::encapsulation_limit(buffer.bytes(), &outer);
            prop_assert_eq!(left, ends.remote.is_ipv6().then_some(limit - 1));
            prop_assert_eq!(left, encapsulated.unwrap().encapsulation_limit);
        }
    }
}
