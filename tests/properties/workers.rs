//! SAs of workers, beside lists that are searched from the first entry to the last.

use std::sync::Arc;

use iiptran::sa::{OutboundSa, SaGroup, SaId, SaParameters, SadQuery, Steering, WorkerId};
use iiptran::spd::{AddressSet, NextLayer, Selectors};
use iiptran::transform::{Keys, Transform};
use iiptran::wire::{Flow, SkipList, Spi};
use iiptran::{DropReason, Mode};
use iiptran_tests::{Ip, NOW, header};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

/// What of an SA matters here: whose it is, for which source, and whether it has numbers left.
#[derive(Clone, Copy, Debug)]
struct Entry {
    worker: Option<u16>,
    source: Option<u8>,
    usable: bool,
}

fn entry() -> impl Strategy<Value = Entry> {
    let parts = (option::of(0..4_u16), option::of(0..3_u8), any::<bool>());
    parts.prop_map(|(worker, source, usable)| Entry {
        worker,
        source,
        usable,
    })
}

fn address(last: u8) -> std::net::IpAddr {
    [192, 0, 2, last].into()
}

impl Entry {
    fn sa(self, spi: u32) -> Arc<OutboundSa> {
        let transform = Transform::from_names("null", Some("hmac-sha2-256-128")).unwrap();
        let keys = Keys {
            integrity: [1; 32][..].into(),
            ..Keys::default()
        };
        let sources = self.source.map_or(Selectors::ANY, |source| {
            Selectors::new(address(source).into(), AddressSet::Any, NextLayer::Any).unwrap()
        });
        let parameters = SaParameters::new(Spi(spi), Mode::Transport, transform, keys);
        let sa = OutboundSa::new(SaParameters {
            worker: self.worker.map(WorkerId),
            selectors: [sources].into(),
            start: if self.usable { 0 } else { u64::from(u32::MAX) },
            ..parameters
        });
        Arc::new(sa.unwrap())
    }

    fn carries(self, source: u8) -> bool {
        self.source.is_none_or(|own| own == source)
    }
}

/// RFC 9611 in words: the worker's own first, then nobody's; each the newest first.
fn by_list(list: &[Entry], worker: Option<u16>, source: u8) -> Result<usize, DropReason> {
    let own = |entry: &Entry| worker.is_some() && entry.worker == worker;
    let nobodys = |entry: &Entry| entry.worker.is_none();
    let mut met = false;
    for turn in [&own as &dyn Fn(&Entry) -> bool, &nobodys] {
        for (place, entry) in list.iter().enumerate() {
            if turn(entry) && entry.carries(source) {
                if entry.usable {
                    return Ok(place);
                }
                met = true;
            }
        }
    }
    Err(if met {
        DropReason::SequenceExhausted
    } else {
        DropReason::NoOutboundSa
    })
}

/// Keys of all lengths, few enough to meet.
fn key() -> impl Strategy<Value = SaId> {
    let parts = (256..260_u32, option::of(0..3_u8), option::of(0..3_u8));
    parts.prop_map(|(spi, destination, source)| SaId {
        spi: Spi(spi),
        destination: destination.map(address),
        source: destination.and(source).map(address),
    })
}

proptest! {
    #[test]
    fn a_group_chooses_as_a_list_does(
        list in vec(entry(), 0..8),
        worker in option::of(0..5_u16),
        source in 0..3_u8,
    ) {
        let spis = 0x1000_u32..;
        let group = SaGroup::new(list.iter().zip(spis).map(|(entry, spi)| entry.sa(spi)));
        let packet = Ip::udp([address(source), address(9)], b"to be chosen for").bytes();
        let flow = Flow::of(&packet, &header(&packet));
        let chosen = group.choose(worker.map(WorkerId), &flow, None, NOW);
        let chosen = chosen.map(|sa| (sa.spi().0 - 0x1000) as usize);
        prop_assert_eq!(chosen, by_list(&list, worker, source));
        let lacks = worker.is_some_and(|worker| group.lacks(WorkerId(worker)));
        let others_have = list.iter().any(|entry| entry.worker.is_some());
        let has = list.iter().any(|entry| entry.worker.is_some() && entry.worker == worker);
        prop_assert_eq!(lacks, worker.is_some() && others_have && !has);
    }

    #[test]
    fn steering_finds_as_a_list_does(
        list in vec((key(), 0..9_u16), 0..12),
        spi in 256..260_u32,
        destination in 0..3_u8,
        source in 0..3_u8,
    ) {
        let entries = list.iter().map(|&(id, worker)| (id, WorkerId(worker)));
        let steering = Steering::new(entries, SkipList::default(), None);
        let query = SadQuery {
            spi: Spi(spi),
            destination: address(destination),
            source: address(source),
        };
        // The longest key that fits, and of equal ones the last.
        let fits = |id: &SaId| {
            id.spi == query.spi
                && id.destination.is_none_or(|own| own == query.destination)
                && id.source.is_none_or(|own| own == query.source)
        };
        let length = |id: &SaId| u8::from(id.destination.is_some()) + u8::from(id.source.is_some());
        let fitting = list.iter().filter(|(id, _)| fits(id));
        let longest = fitting.max_by_key(|(id, _)| length(id));
        let worker = longest.map(|&(_, worker)| WorkerId(worker));
        prop_assert_eq!(steering.worker_of(&query), worker);
    }
}
