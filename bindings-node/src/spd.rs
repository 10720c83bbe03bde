//! The SPD.

use iiptran_host::Direction;
use napi::bindgen_prelude::Unknown;
use napi::{Env, Result};
use napi_derive::napi;

use crate::fault;
use crate::memory::{Elements, View};

/// The Security Policy Database (RFC 4301 section 4.4.1).
#[napi]
pub struct Spd(iiptran_host::Spd);

/// The policy that decides about a packet.
#[napi(object)]
pub struct PolicyMatch {
    /// Its place in the order, from 0.
    pub index: u32,
    /// Its name.
    pub name: String,
    /// `discard`, `bypass` or `protect`.
    #[napi(ts_type = "'discard' | 'bypass' | 'protect'")]
    pub action: String,
}

#[napi]
impl Spd {
    #[napi(constructor)]
    pub fn new(env: &Env, document: String) -> Result<Self> {
        let spd = iiptran_host::Spd::new(&document);
        spd.map(Self).map_err(|error| fault::thrown(env, &error))
    }

    #[napi(ts_args_type = "inbound: boolean, packet: Uint8Array")]
    pub fn lookup(&self, env: &Env, inbound: bool, packet: Unknown<'_>) -> Result<PolicyMatch> {
        let direction = if inbound {
            Direction::Inbound
        } else {
            Direction::Outbound
        };
        let packet = View::of(env, &packet, Elements::Bytes)?.to_vec();
        let found = self.0.lookup(direction, &packet);
        let found = found.map_err(|error| fault::thrown(env, &error))?;
        Ok(PolicyMatch {
            index: found.index,
            name: found.name.into(),
            action: found.action.into(),
        })
    }
}
