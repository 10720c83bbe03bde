//! The SAD against a list that is searched from end to end.

use core::net::IpAddr;

use iiptran::sa::{InboundSa, SaId, SaParameters, Sad, SadQuery};
use iiptran::wire::Spi;
use iiptran_tests::sa::{PLAIN, parameters, transform};
use proptest::collection::vec;
use proptest::prelude::*;

fn address() -> impl Strategy<Value = IpAddr> {
    (0..3_u8, any::<bool>()).prop_map(|(last, v6)| {
        if v6 {
            let mut octets = [0x20; 16];
            octets[15] = last;
            octets.into()
        } else {
            [239, 1, 1, last].into()
        }
    })
}

fn spi() -> impl Strategy<Value = Spi> {
    prop_oneof![(256..260_u32), (0xffff_fff0..=u32::MAX)].prop_map(Spi)
}

fn id() -> impl Strategy<Value = SaId> {
    (spi(), address(), address(), 0..3).prop_map(|(spi, destination, source, length)| SaId {
        spi,
        destination: (length > 0).then_some(destination),
        source: (length > 1).then_some(source),
    })
}

fn query() -> impl Strategy<Value = SadQuery> {
    (spi(), address(), address()).prop_map(|(spi, destination, source)| SadQuery {
        spi,
        destination,
        source,
    })
}

fn sa(id: SaId) -> InboundSa {
    InboundSa::new(SaParameters {
        spi: id.spi,
        destination: id.destination,
        source: id.source,
        ..parameters(transform(PLAIN))
    })
    .unwrap()
}

/// The longest of the keys that a packet has, found by looking at all of them.
fn expected(ids: &[SaId], query: &SadQuery) -> Option<SaId> {
    let is_its = |id: &&SaId| {
        id.spi == query.spi
            && id
                .destination
                .is_none_or(|destination| destination == query.destination)
            && id.source.is_none_or(|source| source == query.source)
    };
    let length = |id: &&SaId| (id.destination.is_some(), id.source.is_some());
    ids.iter().filter(is_its).max_by_key(length).copied()
}

proptest! {
    #[test]
    fn sad_02_the_longest_match_is_found_between_updates(
        changes in vec((id(), 0..4_u8), 0..150),
        queries in vec(query(), 40),
    ) {
        let (mut sad, mut model) = (Sad::new(), Vec::new());
        for (id, choice) in changes {
            if choice > 0 {
                let refused = sad.insert(sa(id)).is_err();
                prop_assert_eq!(refused, model.contains(&id));
                if !refused {
                    model.push(id);
                }
            } else {
                // Usually one that is there.
                let id = model.first().copied().unwrap_or(id);
                let removed = sad.remove(&id).map(|sa| sa.id());
                prop_assert_eq!(removed, model.contains(&id).then_some(id));
                model.retain(|other| *other != id);
            }
            let mut found = [None; 40];
            sad.find_burst(&queries, &mut found);
            for (query, place) in queries.iter().zip(found) {
                let expected = expected(&model, query);
                prop_assert_eq!(sad.lookup(query.spi, query.destination, query.source), expected);
                prop_assert_eq!(sad.find(query), place);
                prop_assert_eq!(place.and_then(|place| sad.at(place)).map(InboundSa::id), expected);
            }
        }
        model.sort();
        prop_assert_eq!(sad.len(), model.len());
        prop_assert_eq!(sad.iter().map(InboundSa::id).collect::<Vec<_>>(), model.clone());
        prop_assert!(model.iter().all(|id| sad.get(id).is_some_and(|sa| sa.id() == *id)));
        // Half of them go.
        let mut goes = false;
        sad.retain(|_| { goes = !goes; goes });
        let kept: Vec<_> = model.iter().copied().step_by(2).collect();
        prop_assert_eq!(sad.iter().map(InboundSa::id).collect::<Vec<_>>(), kept);
    }
}
