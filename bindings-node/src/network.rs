//! Networks of nodes on a virtual clock.

use iiptran_host::Watched;
use napi::bindgen_prelude::{BigInt, Uint8Array, Unknown};
use napi::{Env, Result};
use napi_derive::napi;

use crate::fault;
use crate::memory::{Elements, View};
use crate::node::asked;
use crate::owned::Owned;
use crate::sa_key::address;

/// A network of nodes and hosts on a virtual clock (RFC 3884, run).
#[napi]
pub struct Network(Owned<iiptran_host::Network>);

/// A packet that reached upper layers, was dropped, or got lost.
#[napi(object, object_from_js = false)]
pub struct PacketEnd {
    /// When, nanoseconds since the scenario began.
    pub time: u64,
    /// Its number in the run; copies that a wire made have the same.
    pub number: u64,
    /// The flow of the scenario that sent it.
    pub flow: Option<String>,
    /// What became of it; a wire loses packets.
    #[napi(ts_type = "'deliver' | 'drop' | 'lose'")]
    pub verdict: &'static str,
    /// The node or host, or the wire that lost it.
    pub place: String,
    /// Why: the name of a drop reason, or how the wire lost it.
    pub reason: Option<&'static str>,
    /// The packet as it was then.
    pub packet: Uint8Array,
}

#[napi]
impl Network {
    #[napi(catch_unwind, constructor)]
    pub fn new(env: &Env, document: String) -> Result<Self> {
        let network = iiptran_host::Network::new(&document);
        let network = network.map_err(|error| fault::thrown(env, &error))?;
        Ok(Self(Owned::new(network)))
    }

    #[napi(catch_unwind)]
    pub fn reset(&mut self, env: &Env, seed: Option<BigInt>) -> Result<()> {
        self.0.change(env, |network| {
            let began = network.reset(seed.map(|seed| seed.get_u64().1));
            began.map_err(|error| fault::thrown(env, &error))
        })
    }

    #[napi(catch_unwind)]
    pub fn watch(&mut self, env: &Env, ends: bool, trace: bool, captures: bool) -> Result<()> {
        self.0.change(env, |network| {
            network.watch(Watched {
                ends,
                trace,
                captures,
            });
            Ok(())
        })
    }

    #[napi(catch_unwind, getter)]
    pub fn now(&self, env: &Env) -> Result<u64> {
        Ok(self.0.here(env)?.now())
    }

    #[napi(catch_unwind, getter)]
    pub fn duration(&self, env: &Env) -> Result<u64> {
        Ok(self.0.here(env)?.duration())
    }

    #[napi(catch_unwind, getter)]
    pub fn seed(&self, env: &Env) -> Result<u64> {
        Ok(self.0.here(env)?.seed())
    }

    #[napi(catch_unwind, getter)]
    pub fn under_way(&self, env: &Env) -> Result<u32> {
        let packets = self.0.here(env)?.under_way();
        Ok(packets.try_into().unwrap_or(u32::MAX))
    }

    #[napi(catch_unwind)]
    pub fn step(&mut self, env: &Env) -> Result<Option<u64>> {
        self.0.change(env, |network| Ok(network.step()))
    }

    #[napi(catch_unwind)]
    pub fn run_until(&mut self, env: &Env, until: BigInt) -> Result<()> {
        self.0.change(env, |network| {
            network.run_until(until.get_u64().1);
            Ok(())
        })
    }

    #[napi(
        catch_unwind,
        ts_args_type = "from: string, network: string | undefined, packet: Uint8Array"
    )]
    pub fn send(
        &mut self,
        env: &Env,
        from: String,
        network: Option<String>,
        packet: Unknown<'_>,
    ) -> Result<u64> {
        let packet = View::of(env, &packet, Elements::Bytes)?.to_vec();
        self.0.change(env, |this| {
            asked(env, this.send(&from, network.as_deref(), &packet))
        })
    }

    #[napi(catch_unwind)]
    pub fn set_wire_up(&mut self, env: &Env, wire: String, up: bool) -> Result<()> {
        self.0
            .change(env, |network| asked(env, network.set_wire_up(&wire, up)))
    }

    #[napi(catch_unwind)]
    pub fn set_link_up(&mut self, env: &Env, node: String, link: String, up: bool) -> Result<()> {
        self.0.change(env, |network| {
            asked(env, network.set_link_up(&node, &link, up))
        })
    }

    #[napi(catch_unwind)]
    pub fn take_ends(&mut self, env: &Env) -> Result<Vec<PacketEnd>> {
        let ends = self.0.change(env, |network| Ok(network.take_ends()))?;
        Ok(ends.into_iter().map(PacketEnd::from).collect())
    }

    #[napi(catch_unwind)]
    pub fn take_trace(&mut self, env: &Env) -> Result<String> {
        self.0.change(env, |network| Ok(network.take_trace()))
    }

    #[napi(catch_unwind)]
    pub fn take_capture(&mut self, env: &Env, wire: Option<String>) -> Result<Uint8Array> {
        self.0.change(env, |network| {
            let file = network.take_capture(wire.as_deref());
            asked(env, file).map(Uint8Array::from)
        })
    }

    #[napi(catch_unwind)]
    pub fn report(&self, env: &Env) -> Result<String> {
        Ok(self.0.here(env)?.report())
    }

    #[napi(catch_unwind)]
    pub fn keys(&self, env: &Env) -> Result<String> {
        Ok(self.0.here(env)?.keys())
    }

    #[napi(catch_unwind)]
    pub fn tables(&self, env: &Env, node: String) -> Result<String> {
        asked(env, self.0.here(env)?.tables(&node))
    }

    #[napi(catch_unwind)]
    pub fn way(
        &self,
        env: &Env,
        node: String,
        network: String,
        destination: String,
    ) -> Result<Option<String>> {
        let destination = address(env, &destination)?;
        let link = self.0.here(env)?.way(&node, &network, destination);
        Ok(asked(env, link)?.map(String::from))
    }

    #[napi(catch_unwind)]
    pub fn nodes(&self, env: &Env) -> Result<Vec<String>> {
        Ok(self.0.here(env)?.nodes().map(String::from).collect())
    }

    #[napi(catch_unwind)]
    pub fn wires(&self, env: &Env) -> Result<Vec<String>> {
        Ok(self.0.here(env)?.wires().map(String::from).collect())
    }
}

impl From<iiptran_host::PacketEnd> for PacketEnd {
    fn from(end: iiptran_host::PacketEnd) -> Self {
        Self {
            time: end.time,
            number: end.number,
            flow: end.flow,
            verdict: end.verdict,
            place: end.place,
            reason: end.reason,
            packet: end.packet.into(),
        }
    }
}

/// The names of the scenarios that the library brings.
#[napi(catch_unwind)]
pub fn scenarios() -> Vec<&'static str> {
    iiptran_host::scenarios().collect()
}
