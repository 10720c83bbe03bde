//! The SAD.

use napi::bindgen_prelude::{Array, Unknown};
use napi::{Env, Result};
use napi_derive::napi;

use crate::fault;
use crate::inbound::{InboundSa, opened};
use crate::memory::{Elements, View};
use crate::owned::Owned;
use crate::packets;
use crate::sa_key::{SaKey, address};

/// The inbound part of the security association database (RFC 4301 section 4.4.2).
#[napi]
pub struct Sad(pub(crate) Owned<iiptran_host::Sad>);

#[napi]
impl Sad {
    #[allow(clippy::new_without_default, reason = "JavaScript has no Default")]
    #[napi(catch_unwind, constructor)]
    pub const fn new() -> Self {
        Self(Owned::new(iiptran_host::Sad::new()))
    }

    #[napi(catch_unwind)]
    pub fn insert(&mut self, env: &Env, sa: &mut InboundSa) -> Result<()> {
        self.0
            .change(env, |sad| sa.0.hand_over(env, |sa| sad.insert(sa)))
    }

    #[napi(catch_unwind)]
    pub fn remove(&mut self, env: &Env, key: SaKey) -> Result<InboundSa> {
        let id = key.id(env)?;
        self.0.change(env, |sad| {
            let removed = sad.remove(&id);
            let sa = removed.map_err(|misuse| fault::misused(env, misuse))?;
            Ok(InboundSa::of(sa))
        })
    }

    #[napi(catch_unwind)]
    pub fn lookup(
        &self,
        env: &Env,
        spi: u32,
        destination: String,
        source: String,
    ) -> Result<Option<SaKey>> {
        let (destination, source) = (address(env, &destination)?, address(env, &source)?);
        let found = self.0.here(env)?.lookup(spi, destination, source);
        Ok(found.map(SaKey::from))
    }

    #[napi(
        catch_unwind,
        ts_args_type = "packets: Array<Uint8Array>, slip: BigUint64Array"
    )]
    pub fn open(
        &mut self,
        env: &Env,
        packets: Array<'_>,
        slip: Unknown<'_>,
    ) -> Result<Option<SaKey>> {
        self.0.change(env, |sad| {
            let mut key = None;
            packets::process(env, &packets, &slip, |work| {
                let (id, found) = sad.open(work.now, work.buffer, work.place)?;
                key = Some(SaKey::from(id));
                Ok(opened(found))
            })?;
            Ok(key)
        })
    }

    #[napi(catch_unwind)]
    pub fn is_vacant(&self, env: &Env, spi: u32) -> Result<bool> {
        Ok(self.0.here(env)?.is_vacant(spi))
    }

    #[napi(catch_unwind, getter)]
    pub fn length(&self, env: &Env) -> Result<u32> {
        Ok(self.0.here(env)?.len().try_into().unwrap_or(u32::MAX))
    }
}

/// Nothing if the packet shows no SPI.
#[napi(catch_unwind, ts_args_type = "packet: Uint8Array, udpPort: number")]
pub fn spi_of(env: &Env, packet: Unknown<'_>, udp_port: u16) -> Result<Option<u32>> {
    let packet = View::of(env, &packet, Elements::Bytes)?.to_vec();
    Ok(iiptran_host::spi_of(&packet, udp_port))
}
