//! The FIB.

use napi::bindgen_prelude::{BigInt, Unknown};
use napi::{Env, Result};
use napi_derive::napi;

use crate::fault;
use crate::memory::{Elements, View};
use crate::sa_key::address;

/// The forwarding table of one network.
#[napi]
pub struct Fib(iiptran_host::Fib);

/// Where a route leads.
#[napi(object)]
pub struct NextHop {
    /// The link's place in the document, from 0.
    pub link: u32,
    /// The neighbour on that link: the router, or the destination itself.
    pub address: String,
}

#[napi]
impl Fib {
    #[napi(constructor)]
    pub fn new(env: &Env, document: String) -> Result<Self> {
        let fib = iiptran_host::Fib::new(&document);
        fib.map(Self).map_err(|error| fault::thrown(env, &error))
    }

    #[napi(ts_args_type = "packet: Uint8Array")]
    pub fn lookup(&self, env: &Env, packet: Unknown<'_>) -> Result<NextHop> {
        let packet = View::of(env, &packet, Elements::Bytes)?.to_vec();
        next_hop(env, self.0.lookup(&packet))
    }

    #[napi]
    pub fn lookup_address(
        &self,
        env: &Env,
        destination: String,
        flow_hash: BigInt,
    ) -> Result<NextHop> {
        let destination = address(env, &destination)?;
        next_hop(
            env,
            self.0.lookup_address(destination, flow_hash.get_u64().1),
        )
    }

    #[napi(getter)]
    pub fn length(&self) -> u32 {
        self.0.len().try_into().unwrap_or(u32::MAX)
    }
}

fn next_hop(
    env: &Env,
    found: std::result::Result<iiptran_host::NextHop, iiptran_host::Error>,
) -> Result<NextHop> {
    let found = found.map_err(|error| fault::thrown(env, &error))?;
    Ok(NextHop {
        link: found.link,
        address: found.address.to_string(),
    })
}
