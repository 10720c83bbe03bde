//! Two workers beside one: a gateway's packets per second where they share one SA, where each has SAs of its own
//! (RFC 9611), and where an inbound SA is handed over for each burst.
//!
//! Each worker is pinned to a core. A round is some bursts, made ready beforehand; workers begin it at once, and it
//! lasts until the last one is done. Rounds of all rows take turns. The shortest round counts, as others may be at
//! work on the machine, and the median stands beside it.
#![cfg_attr(not(target_os = "linux"), allow(unused))]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a bench may fail anywhere"
)]

use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant as Clock};

use iiptran::config::NodeConfig;
use iiptran::sa::{InboundSa, WorkerId};
use iiptran::transform::Transform;
use iiptran::{Instant, LinkId, NetworkId, NoTrace, Node, Packet, Verdict};
use iiptran_benches::{Gateways, Packets, choose_kernel, gateway};

const BURST: usize = 32;
/// How many bursts a worker has in a round.
const BURSTS: usize = 64;
const ROUNDS: usize = 150;
const SIZES: [usize; 2] = [64, 1400];

/// What the workers share.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sharing {
    /// Outbound: one SA, which all number packets from.
    OutOneSa,
    /// Outbound: each has an SA of its own.
    OutOwnSas,
    /// Inbound: one SA, which whoever has a burst takes, window and all.
    InHandOver,
    /// Inbound: each has an SA of its own.
    InOwnSas,
}

const ROWS: [(Sharing, &str); 4] = [
    (Sharing::OutOneSa, "out, one SA"),
    (Sharing::OutOwnSas, "out, an SA each"),
    (Sharing::InHandOver, "in, one SA handed over"),
    (Sharing::InOwnSas, "in, an SA each"),
];

/// A worker with its gateway, and one of the far side that seals what it opens.
struct Worker {
    node: Node,
    link: LinkId,
    sender: Node,
    sender_link: LinkId,
    bursts: Vec<Packets>,
}

/// A gateway's document with SAs for any worker, and for each of the first two.
fn document(near: &str, far: &str) -> NodeConfig {
    let transform = Transform::from_names("aes-128-gcm-16", None).unwrap();
    // Bursts of two workers come in any order.
    let mut text =
        gateway("iiptran", transform, near, far).replace("window = 128", "window = 16384");
    let key = "0c".repeat(20);
    text += "workers = [\n";
    for worker in 0..2 {
        let sa = |end: &str| format!("{{ spi = 0x{end}00{worker}a, key = \"{key}\" }}");
        let (out, back) = (sa(near), sa(far));
        writeln!(
            text,
            "  {{ worker = {worker}, outbound = {out}, inbound = {back} }},"
        )
        .unwrap();
    }
    text += "]\n";
    NodeConfig::from_toml(&text).unwrap()
}

impl Sharing {
    const fn is_outbound(self) -> bool {
        matches!(self, Self::OutOneSa | Self::OutOwnSas)
    }

    /// The nodes of one side, one for each worker.
    fn nodes(self, near: &str, far: &str, workers: u16) -> Vec<Node> {
        let mut first = document(near, far).node().unwrap();
        let has_own = matches!(self, Self::OutOwnSas | Self::InOwnSas);
        let of = |worker| {
            let mut node = first.for_worker(WorkerId(worker));
            if !has_own {
                node.set_worker(None);
            }
            node
        };
        (0..workers).map(of).collect()
    }

    fn workers(self, workers: u16, size: usize) -> Vec<Worker> {
        let (near, far) = (("1", "2", "lan"), ("2", "1", "wan"));
        let side = |(near, far, link): (&str, &str, &str)| {
            let nodes = self.nodes(near, far, workers);
            let link = nodes[0].tables().find_link(link).unwrap();
            (nodes, link)
        };
        let (senders, sender_link) = side(near);
        let (nodes, link) = if self.is_outbound() {
            side(near)
        } else {
            side(far)
        };
        let pairs = nodes.into_iter().zip(senders);
        let worker = |(node, sender)| Worker {
            node,
            link,
            sender,
            sender_link,
            bursts: (0..BURSTS)
                .map(|_| Packets::new(Gateways::SOURCE, Gateways::DESTINATION, &[size; BURST]))
                .collect(),
        };
        pairs.map(worker).collect()
    }
}

fn receive(node: &mut Node, link: LinkId, packets: &mut [Packet<'_>]) {
    let mut verdicts = [Verdict::Hold; BURST];
    node.receive_burst(Instant::ZERO, link, packets, &mut verdicts, &mut NoTrace);
    for verdict in verdicts {
        assert!(matches!(verdict, Verdict::Transmit { .. }), "{verdict:?}");
    }
}

impl Worker {
    fn make_ready(&mut self, sharing: Sharing) {
        for burst in &mut self.bursts {
            burst.refill();
            if !sharing.is_outbound() {
                burst.time(|packets| receive(&mut self.sender, self.sender_link, packets));
            }
        }
    }

    fn run(&mut self, shared: Option<&Mutex<Option<InboundSa>>>) {
        let Self {
            node, link, bursts, ..
        } = self;
        for burst in bursts {
            burst.time(|packets| match shared {
                None => receive(node, *link, packets),
                Some(place) => {
                    let mut place = place.lock().unwrap_or_else(PoisonError::into_inner);
                    let sa = place.take().unwrap();
                    let id = sa.id();
                    node.insert_inbound_sa(sa).unwrap();
                    receive(node, *link, packets);
                    *place = node.remove_inbound_sa(NetworkId::BASE, &id);
                }
            });
        }
    }
}

/// One row with a number of workers: threads that wait for rounds.
struct Row {
    sharing: Sharing,
    workers: Vec<Worker>,
    shared: Option<Mutex<Option<InboundSa>>>,
    rounds: Vec<Duration>,
}

impl Row {
    fn new(sharing: Sharing, workers: u16, size: usize) -> Self {
        let mut row = Self {
            sharing,
            workers: sharing.workers(workers, size),
            shared: None,
            rounds: Vec::new(),
        };
        if sharing == Sharing::InHandOver {
            // The SA for any worker, from a node of the same document.
            let mut node = document("2", "1").node().unwrap();
            let sas = node.sad(NetworkId::BASE).unwrap();
            let id = sas.iter().find(|sa| sa.worker().is_none()).unwrap().id();
            let sa = node.remove_inbound_sa(NetworkId::BASE, &id);
            row.shared = Some(Mutex::new(sa));
        }
        row
    }

    fn round(&mut self) {
        let Self {
            sharing,
            workers,
            shared,
            rounds,
        } = self;
        let (sharing, shared) = (*sharing, shared.as_ref());
        let ready = Arc::new(AtomicUsize::new(0));
        let count = workers.len();
        let ends: Vec<[Clock; 2]> = thread::scope(|scope| {
            let threads: Vec<_> = workers
                .iter_mut()
                .enumerate()
                .map(|(core, worker)| {
                    let ready = Arc::clone(&ready);
                    scope.spawn(move || {
                        pin(core);
                        worker.make_ready(sharing);
                        ready.fetch_add(1, Ordering::SeqCst);
                        while ready.load(Ordering::SeqCst) < count {
                            core::hint::spin_loop();
                        }
                        let begin = Clock::now();
                        worker.run(shared);
                        [begin, Clock::now()]
                    })
                })
                .collect();
            let ends = threads.into_iter().map(|thread| thread.join().unwrap());
            ends.collect()
        });
        let begin = ends.iter().map(|[begin, _]| *begin).min().unwrap();
        let end = ends.iter().map(|[_, end]| *end).max().unwrap();
        rounds.push(end.duration_since(begin));
    }

    /// Millions of packets each second: of the shortest round, and of the middle one.
    fn rates(&mut self) -> [f64; 2] {
        self.rounds.sort_unstable();
        let packets = (self.workers.len() * BURSTS * BURST) as f64;
        let rate = |round: Duration| packets / round.as_secs_f64() / 1e6;
        [
            rate(self.rounds[0]),
            rate(self.rounds[self.rounds.len() / 2]),
        ]
    }
}

/// Lets this thread run on one core only.
fn pin(core: usize) {
    #[cfg(target_os = "linux")]
    {
        use rustix::thread::{CpuSet, sched_setaffinity};
        let mut cores = CpuSet::new();
        cores.set(core);
        sched_setaffinity(None, &cores).expect("a core for each worker");
    }
}

fn main() {
    choose_kernel();
    let cores = thread::available_parallelism().map_or(1, usize::from);
    if cores < 2 {
        println!("two workers want two cores, and there is one");
        return;
    }
    let cases = SIZES.iter().flat_map(|size| ROWS.map(|row| (*size, row)));
    let mut rows: Vec<_> = cases
        .map(|(size, (sharing, name))| {
            let of = |workers| Row::new(sharing, workers, size);
            (size, name, of(1), of(2))
        })
        .collect();
    for _ in 0..ROUNDS {
        for (.., one, two) in &mut rows {
            one.round();
            two.round();
        }
    }
    println!(
        "{:24} {:>5} {:>10} {:>10} {:>6} {:>7}",
        "million packets a second", "bytes", "1 worker", "2 workers", "ratio", "medians"
    );
    for (size, name, one, two) in &mut rows {
        let ([one, one_median], [two, two_median]) = (one.rates(), two.rates());
        println!(
            "{name:24} {size:5} {one:10.2} {two:10.2} {:6.2} {:7.2}",
            two / one,
            two_median / one_median
        );
    }
}
