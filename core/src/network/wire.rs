//! Wires: what carries packets from one physical link to another.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;
use core::time::Duration;

use super::event::Loss;
use super::random::Random;
use super::scenario::WireConfig;
use crate::{Count, Instant, LinkId, SortedMap};

/// A wire. Its state is one moment for each end.
#[derive(Debug)]
pub(super) struct Wire {
    pub(super) name: String,
    pub(super) network: u32,
    pub(super) ends: Box<[End]>,
    pub(super) up: bool,
    pub(super) carrier: bool,
    pub(super) mtu: Option<usize>,
    pub(super) lost: u64,
    /// Which end has an address, where there are more than two.
    by_address: SortedMap<IpAddr, u32>,
    weather: Weather,
}

/// One end of a wire.
#[derive(Debug)]
pub(super) struct End {
    pub(super) station: u32,
    /// The node's link; hosts have one only.
    pub(super) link: LinkId,
    /// What was sent from here and arrived somewhere.
    pub(super) carried: Count,
    /// The last packet that arrived here, if an event wants it.
    pub(super) recorded: Option<Vec<u8>>,
    /// When the last packet from here will have left.
    busy_until: Instant,
}

/// What happens to packets on their way.
#[derive(Debug)]
struct Weather {
    delay: Duration,
    jitter: u64,
    loss: f64,
    duplicate: f64,
    reorder: f64,
    reorder_by: Duration,
    damage: f64,
    bandwidth: Option<u64>,
    queue: u64,
}

/// A packet's arrival at an end; `damage` is the bit that the wire changed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arrival {
    pub(super) end: u32,
    pub(super) at: Result<Instant, Loss>,
    pub(super) damage: Option<u64>,
}

impl End {
    pub(super) const fn new(station: u32, link: LinkId) -> Self {
        Self {
            station,
            link,
            carried: Count {
                packets: 0,
                bytes: 0,
            },
            recorded: None,
            busy_until: Instant::ZERO,
        }
    }
}

impl Wire {
    pub(super) fn new(
        name: String,
        network: u32,
        ends: Box<[End]>,
        by_address: SortedMap<IpAddr, u32>,
        config: &WireConfig,
    ) -> Self {
        Self {
            name,
            network,
            ends,
            up: true,
            carrier: config.carrier,
            mtu: config.mtu,
            lost: 0,
            by_address,
            weather: Weather {
                delay: config.delay.0,
                jitter: nanos(config.jitter.0),
                loss: config.loss,
                duplicate: config.duplicate,
                reorder: config.reorder,
                reorder_by: config.reorder_by.0,
                damage: config.damage,
                bandwidth: config.bandwidth,
                queue: config.queue,
            },
        }
    }

    pub(super) fn end(&self, end: u32) -> Option<&End> {
        self.ends.get(usize::try_from(end).ok()?)
    }

    pub(super) fn end_mut(&mut self, end: u32) -> Option<&mut End> {
        self.ends.get_mut(usize::try_from(end).ok()?)
    }

    /// The end that gets packets from an end to a neighbour, if it is one only.
    pub(super) fn far_end(&self, from: u32, next_hop: IpAddr) -> Option<u32> {
        match self.ends.len() {
            2 => Some(1_u32.saturating_sub(from)),
            _ => self.by_address.get(&next_hop).copied(),
        }
    }

    /// Takes a packet of `length` bytes from an end; `arrivals` become what comes of it.
    pub(super) fn carry(
        &mut self,
        now: Instant,
        from: u32,
        next_hop: IpAddr,
        length: usize,
        random: &mut Random,
        arrivals: &mut Vec<Arrival>,
    ) {
        arrivals.clear();
        let lost = |end, loss| Arrival {
            end,
            at: Err(loss),
            damage: None,
        };
        let departure = match self.departure(now, from, length) {
            Ok(departure) => departure,
            Err(loss) => return arrivals.push(lost(from, loss)),
        };
        let others = (0..u32::try_from(self.ends.len()).unwrap_or(u32::MAX)).filter(|&e| e != from);
        if next_hop.is_multicast() {
            arrivals.extend(others.map(|end| lost(end, Loss::NoNeighbour)));
        } else {
            let far = self.far_end(from, next_hop);
            arrivals.extend(far.map(|end| lost(end, Loss::NoNeighbour)));
        }
        if arrivals.is_empty() {
            return arrivals.push(lost(from, Loss::NoNeighbour));
        }
        let weather = &self.weather;
        for index in 0..arrivals.len() {
            let mut copies = 1_u8;
            if random.chance(weather.duplicate) {
                copies = 2;
            }
            for copy in 0..copies {
                let (at, damage) = weather.arrival(departure, random);
                let Some(arrival) = arrivals.get_mut(index) else {
                    continue;
                };
                let end = arrival.end;
                let outcome = Arrival { end, at, damage };
                if copy == 0 {
                    *arrival = outcome;
                } else {
                    arrivals.push(outcome);
                }
            }
        }
    }

    /// When the last bit of a packet has left its end.
    fn departure(&mut self, now: Instant, from: u32, length: usize) -> Result<Instant, Loss> {
        if !self.up {
            return Err(Loss::WireDown);
        }
        if self.mtu.is_some_and(|mtu| length > mtu) {
            return Err(Loss::TooBig);
        }
        let Some(bandwidth) = self.weather.bandwidth else {
            return Ok(now);
        };
        let queue = self.weather.queue;
        let bits_to_time = |bytes: u64| {
            let nanos = u128::from(bytes) * 8_000_000_000 / u128::from(bandwidth.max(1));
            Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
        };
        let Some(end) = self.end_mut(from) else {
            return Err(Loss::NoNeighbour);
        };
        if end.busy_until.since(now) > bits_to_time(queue) {
            return Err(Loss::QueueFull);
        }
        let begins = end.busy_until.max(now);
        end.busy_until = begins.after(bits_to_time(length as u64));
        Ok(end.busy_until)
    }
}

impl Weather {
    /// When a packet arrives, and which bit is changed.
    fn arrival(
        &self,
        departure: Instant,
        random: &mut Random,
    ) -> (Result<Instant, Loss>, Option<u64>) {
        if random.chance(self.loss) {
            return (Err(Loss::Random), None);
        }
        let mut at = departure.after(self.delay);
        if self.jitter > 0 {
            let extra = random.below(self.jitter.saturating_add(1));
            at = at.after(Duration::from_nanos(extra));
        }
        if random.chance(self.reorder) {
            at = at.after(self.reorder_by);
        }
        let damage = random.chance(self.damage).then(|| random.next());
        (Ok(at), damage)
    }
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
