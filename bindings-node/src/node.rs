//! The node.

use std::net::IpAddr;

use iiptran_host::{DropReason, Error, LinkId, Misuse, NetworkId, Verdict};
use napi::bindgen_prelude::{Array, Unknown};
use napi::{Env, Result};
use napi_derive::napi;

use crate::fault;
use crate::inbound::InboundSa;
use crate::packets::{self, Answer, Kind, Work};
use crate::sa_key::SaKey;

/// One core's share of a data plane: bytes in, a verdict out (RFC 3884 as a whole).
#[napi]
pub struct Node(iiptran_host::Node);

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

#[napi]
impl Node {
    #[napi(constructor)]
    pub fn new(env: &Env, document: String) -> Result<Self> {
        let node = iiptran_host::Node::new(&document);
        node.map(Self).map_err(|error| fault::thrown(env, &error))
    }

    #[napi(factory)]
    pub fn with_tables(tables: &Tables) -> Self {
        Self(iiptran_host::Node::with_tables(&tables.0))
    }

    #[napi]
    pub fn tables(&self) -> Tables {
        Tables(self.0.tables())
    }

    #[napi]
    pub fn install(&mut self, env: &Env, document: String) -> Result<()> {
        let installed = self.0.install(&document);
        installed.map_err(|error| fault::thrown(env, &error))
    }

    #[napi]
    pub fn install_tables(&mut self, tables: &Tables) {
        self.0.install_tables(&tables.0);
    }

    /// Processes packets of the network or link with a number.
    #[napi(
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
        let node = &mut self.0;
        let (network, link) = (NetworkId(number), LinkId(number));
        run(
            env,
            &packets,
            &slip,
            |_,
             Work {
                 now, buffer, place, ..
             }| match way {
                Way::Send => node.send(now, network, buffer, place),
                Way::SendVia => node.send_via(now, link, buffer, place),
                Way::Receive => node.receive(now, link, buffer, place),
            },
        )
    }

    /// Processes a packet, and tells its way.
    #[napi(
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
        let node = &mut self.0;
        let (network, link) = (NetworkId(number), LinkId(number));
        run(
            env,
            &packets,
            &slip,
            |told,
             Work {
                 now, buffer, place, ..
             }| {
                let (verdict, walkthrough) = match way {
                    Way::Send => node.walk_send(now, network, buffer, place)?,
                    Way::SendVia => node.walk_send_via(now, link, buffer, place)?,
                    Way::Receive => node.walk_receive(now, link, buffer, place)?,
                };
                *told = Some(walkthrough);
                Ok(verdict)
            },
        )
    }

    #[napi]
    pub fn insert_inbound_sa(&mut self, env: &Env, sa: &mut InboundSa) -> Result<()> {
        sa.hand_over(env, |sa| self.0.insert_inbound_sa(sa))
    }

    #[napi]
    pub fn remove_inbound_sa(&mut self, env: &Env, network: u32, key: SaKey) -> Result<InboundSa> {
        let removed = self.0.remove_inbound_sa(NetworkId(network), &key.id(env)?);
        asked(env, removed).map(InboundSa::of)
    }

    #[napi]
    pub fn set_link_up(&mut self, env: &Env, link: u32, up: bool) -> Result<()> {
        asked(env, self.0.set_link_up(LinkId(link), up))
    }

    #[napi]
    pub fn link(&self, env: &Env, name: String) -> Result<u32> {
        asked(env, self.0.link(&name)).map(|link| link.0)
    }

    #[napi]
    pub fn link_name(&self, env: &Env, link: u32) -> Result<String> {
        asked(env, self.0.link_name(LinkId(link))).map(Into::into)
    }

    #[napi]
    pub fn network(&self, env: &Env, name: String) -> Result<u32> {
        asked(env, self.0.network(&name)).map(|network| network.0)
    }

    #[napi]
    pub fn counters(&self) -> String {
        self.0.counters()
    }

    /// Nothing if no drop reason has this code.
    #[napi]
    pub fn drops(&self, reason: u8) -> Option<u64> {
        DropReason::from_code(reason).map(|reason| self.0.drops(reason))
    }

    #[napi]
    pub fn poll_event(&mut self) -> Option<String> {
        self.0.poll_event_document()
    }
}

fn asked<R>(env: &Env, answer: std::result::Result<R, Misuse>) -> Result<R> {
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
        answer(way(&mut walkthrough, work)?, &mut hops)
    })?;
    Ok(Told {
        hops: hops.iter().map(IpAddr::to_string).collect(),
        walkthrough,
    })
}

/// A verdict for a slip. A drop is an error, so that the packet is as it was.
fn answer(verdict: Verdict, hops: &mut Vec<IpAddr>) -> std::result::Result<Answer, Error> {
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
        Verdict::Drop(reason) => return Err(reason.into()),
    };
    Ok(Answer {
        kind,
        detail: link,
        extra: hop.try_into().unwrap_or(u32::MAX),
        sequence: 0,
    })
}
