//! The node.

use std::net::IpAddr;

use iiptran_host::{Burst, DropReason, Error, LinkId, Misuse, NetworkId, Verdict};
use napi::bindgen_prelude::{Array, Unknown};
use napi::{Env, Result};
use napi_derive::napi;

use crate::fault;
use crate::inbound::InboundSa;
use crate::owned::Owned;
use crate::packets::{self, Answer, Kind, Work};
use crate::sa_key::SaKey;

/// One core's share of a data plane: bytes in, a verdict out (RFC 3884 as a whole).
#[napi]
pub struct Node(Owned<iiptran_host::Node>);

/// What a node reads, outbound SAs included.
#[napi]
pub struct Tables(iiptran_host::SharedTables);

/// The next hops that the records of a slip number, and a walkthrough as JSON.
#[napi(object)]
pub struct Told {
    /// Addresses, each once.
    pub hops: Vec<String>,
    /// The walkthrough, of a call that tells it.
    pub walkthrough: Option<String>,
}

/// Which way packets go.
#[derive(Clone, Copy)]
#[napi]
pub enum Way {
    /// From this node, in a network.
    Send,
    /// From this node, out of a link.
    SendVia,
    /// To this node, by a link.
    Receive,
}

impl Node {
    const fn of(node: iiptran_host::Node) -> Self {
        Self(Owned::new(node))
    }
}

#[napi]
impl Node {
    #[napi(catch_unwind, constructor)]
    pub fn new(env: &Env, document: String) -> Result<Self> {
        let node = iiptran_host::Node::new(&document);
        node.map(Self::of)
            .map_err(|error| fault::thrown(env, &error))
    }

    #[napi(catch_unwind, factory)]
    pub fn with_tables(tables: &Tables) -> Self {
        Self::of(iiptran_host::Node::with_tables(&tables.0))
    }

    #[napi(catch_unwind)]
    pub fn set_worker(&mut self, env: &Env, worker: Option<u16>) -> Result<()> {
        self.0.change(env, |node| {
            node.set_worker(worker);
            Ok(())
        })
    }

    #[napi(catch_unwind)]
    pub fn for_worker(&mut self, env: &Env, worker: u16) -> Result<Self> {
        self.0
            .change(env, |node| Ok(Self::of(node.for_worker(worker))))
    }

    #[napi(catch_unwind)]
    pub fn tables(&self, env: &Env) -> Result<Tables> {
        Ok(Tables(self.0.here(env)?.tables()))
    }

    #[napi(catch_unwind)]
    pub fn install(&mut self, env: &Env, document: String) -> Result<()> {
        self.0.change(env, |node| {
            let installed = node.install(&document);
            installed.map_err(|error| fault::thrown(env, &error))
        })
    }

    #[napi(catch_unwind)]
    pub fn install_tables(&mut self, env: &Env, tables: &Tables) -> Result<()> {
        self.0.change(env, |node| {
            node.install_tables(&tables.0);
            Ok(())
        })
    }

    /// Processes packets of the network or link with a number.
    #[napi(
        catch_unwind,
        ts_args_type = "way: Way, number: number, packets: Array<Uint8Array>, slip: BigUint64Array"
    )]
    pub fn process(
        &mut self,
        env: &Env,
        way: Way,
        number: u32,
        packets: Array<'_>,
        slip: Unknown<'_>,
    ) -> Result<Told> {
        let (network, link) = (NetworkId(number), LinkId(number));
        let (env, packets, slip) = (env, &packets, &slip);
        self.0.change(env, |node| {
            let mut hops = Vec::new();
            let note = |verdict| answer(verdict, &mut hops);
            match way {
                Way::Send => {
                    let allowed = node.may_send(network);
                    let send = |now, burst: &mut Burst<'_>| node.send_burst(now, network, burst);
                    packets::process_burst(env, packets, slip, allowed, send, note)?;
                }
                Way::Receive => {
                    let allowed = node.may_receive(link);
                    let receive = |now, burst: &mut Burst<'_>| node.receive_burst(now, link, burst);
                    packets::process_burst(env, packets, slip, allowed, receive, note)?;
                }
                Way::SendVia => {
                    return run(env, packets, slip, |_, work| {
                        node.send_via(work.now, link, work.buffer, work.place)
                    });
                }
            }
            Ok(told(&hops, None))
        })
    }

    /// Processes a packet, and tells its way.
    #[napi(
        catch_unwind,
        ts_args_type = "way: Way, number: number, packets: Array<Uint8Array>, slip: BigUint64Array"
    )]
    pub fn walk(
        &mut self,
        env: &Env,
        way: Way,
        number: u32,
        packets: Array<'_>,
        slip: Unknown<'_>,
    ) -> Result<Told> {
        let (network, link) = (NetworkId(number), LinkId(number));
        self.0.change(env, |node| {
            run(env, &packets, &slip, |told, work| {
                let Work {
                    now, buffer, place, ..
                } = work;
                let (verdict, walkthrough) = match way {
                    Way::Send => node.walk_send(now, network, buffer, place)?,
                    Way::SendVia => node.walk_send_via(now, link, buffer, place)?,
                    Way::Receive => node.walk_receive(now, link, buffer, place)?,
                };
                *told = Some(walkthrough);
                Ok(verdict)
            })
        })
    }

    #[napi(catch_unwind)]
    pub fn insert_inbound_sa(&mut self, env: &Env, sa: &mut InboundSa) -> Result<()> {
        self.0.change(env, |node| {
            sa.0.hand_over(env, |sa| node.insert_inbound_sa(sa))
        })
    }

    #[napi(catch_unwind)]
    pub fn remove_inbound_sa(&mut self, env: &Env, network: u32, key: SaKey) -> Result<InboundSa> {
        let id = key.id(env)?;
        self.0.change(env, |node| {
            let removed = node.remove_inbound_sa(NetworkId(network), &id);
            asked(env, removed).map(InboundSa::of)
        })
    }

    #[napi(catch_unwind)]
    pub fn set_link_up(&mut self, env: &Env, link: u32, up: bool) -> Result<()> {
        self.0
            .change(env, |node| asked(env, node.set_link_up(LinkId(link), up)))
    }

    #[napi(catch_unwind)]
    pub fn link(&self, env: &Env, name: String) -> Result<u32> {
        asked(env, self.0.here(env)?.link(&name)).map(|link| link.0)
    }

    #[napi(catch_unwind)]
    pub fn link_name(&self, env: &Env, link: u32) -> Result<String> {
        asked(env, self.0.here(env)?.link_name(LinkId(link))).map(Into::into)
    }

    #[napi(catch_unwind)]
    pub fn network(&self, env: &Env, name: String) -> Result<u32> {
        asked(env, self.0.here(env)?.network(&name)).map(|network| network.0)
    }

    #[napi(catch_unwind)]
    pub fn counters(&self, env: &Env) -> Result<String> {
        Ok(self.0.here(env)?.counters())
    }

    /// Nothing if no drop reason has this code.
    #[napi(catch_unwind)]
    pub fn drops(&self, env: &Env, reason: u8) -> Result<Option<u64>> {
        let node = self.0.here(env)?;
        Ok(DropReason::from_code(reason).map(|reason| node.drops(reason)))
    }

    #[napi(catch_unwind)]
    pub fn poll_event(&mut self, env: &Env) -> Result<Option<String>> {
        self.0.change(env, |node| Ok(node.poll_event_document()))
    }
}

/// What was asked, or what is wrong with asking it.
pub(crate) fn asked<R>(env: &Env, answer: std::result::Result<R, Misuse>) -> Result<R> {
    answer.map_err(|misuse| fault::misused(env, misuse))
}

fn run(
    env: &Env,
    packets: &Array<'_>,
    slip: &Unknown<'_>,
    mut way: impl FnMut(&mut Option<String>, Work<'_>) -> std::result::Result<Verdict, Error>,
) -> Result<Told> {
    let mut hops = Vec::new();
    let mut walkthrough = None;
    packets::process(env, packets, slip, |work| {
        match way(&mut walkthrough, work)? {
            // An error, so that the packet is as it was.
            Verdict::Drop(reason) => Err(reason.into()),
            verdict => Ok(answer(verdict, &mut hops)),
        }
    })?;
    Ok(told(&hops, walkthrough))
}

fn told(hops: &[IpAddr], walkthrough: Option<String>) -> Told {
    Told {
        hops: hops.iter().map(IpAddr::to_string).collect(),
        walkthrough,
    }
}

/// A verdict for a slip.
fn answer(verdict: Verdict, hops: &mut Vec<IpAddr>) -> Answer {
    let (kind, link, hop) = match verdict {
        Verdict::Transmit { link, next_hop } => {
            let known = hops.iter().position(|hop| *hop == next_hop);
            let hop = known.unwrap_or_else(|| {
                hops.push(next_hop);
                hops.len().saturating_sub(1)
            });
            (Kind::Transmit, link.0, hop)
        }
        Verdict::Deliver { link } => (Kind::Deliver, link.0, 0),
        Verdict::Hold => (Kind::Hold, 0, 0),
        Verdict::Drop(reason) => (Kind::Drop, reason.code().into(), 0),
    };
    Answer {
        kind,
        detail: link,
        extra: hop.try_into().unwrap_or(u32::MAX),
        sequence: 0,
    }
}
