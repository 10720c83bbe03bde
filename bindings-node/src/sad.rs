//! The SAD.

use napi::bindgen_prelude::{Array, Unknown};
use napi::{Env, Result};
use napi_derive::napi;

use crate::fault;
use crate::inbound::{InboundSa, opened};
use crate::packets;
use crate::sa_key::{SaKey, address};

/// The inbound part of the security association database (RFC 4301 section 4.4.2).
#[napi]
pub struct Sad(iiptran_host::Sad);

#[napi]
impl Sad {
    #[allow(clippy::new_without_default, reason = "JavaScript has no Default")]
    #[napi(constructor)]
    pub const fn new() -> Self {
        Self(iiptran_host::Sad::new())
    }

    #[napi]
    pub fn insert(&mut self, env: &Env, sa: &mut InboundSa) -> Result<()> {
        sa.hand_over(env, |sa| self.0.insert(sa))
    }

    #[napi]
    pub fn remove(&mut self, env: &Env, key: SaKey) -> Result<InboundSa> {
        let removed = self.0.remove(&key.id(env)?);
        let sa = removed.map_err(|misuse| fault::misused(env, misuse))?;
        Ok(InboundSa::of(sa))
    }

    #[napi]
    pub fn lookup(
        &self,
        env: &Env,
        spi: u32,
        destination: String,
        source: String,
    ) -> Result<Option<SaKey>> {
        let (destination, source) = (address(env, &destination)?, address(env, &source)?);
        Ok(self.0.lookup(spi, destination, source).map(SaKey::from))
    }

    #[napi(ts_args_type = "packets: Array<Uint8Array>, slip: BigUint64Array")]
    pub fn open(
        &mut self,
        env: &Env,
        packets: Array<'_>,
        slip: Unknown<'_>,
    ) -> Result<Option<SaKey>> {
        let mut key = None;
        packets::process(env, &packets, &slip, |work| {
            let (id, found) = self.0.open(work.now, work.buffer, work.place)?;
            key = Some(SaKey::from(id));
            Ok(opened(found))
        })?;
        Ok(key)
    }

    #[napi]
    pub fn is_vacant(&self, spi: u32) -> bool {
        self.0.is_vacant(spi)
    }

    #[napi(getter)]
    pub fn length(&self) -> u32 {
        self.0.len().try_into().unwrap_or(u32::MAX)
    }
}
