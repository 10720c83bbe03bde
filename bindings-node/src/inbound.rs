//! The receiving side of SAs.

use iiptran_host::{Burst, Opened};
use napi::bindgen_prelude::{Array, BigInt, Unknown};
use napi::{Env, Result};
use napi_derive::napi;

use crate::fault;
use crate::owned::Owned;
use crate::packets::{self, Answer, Kind};
use crate::sa_key::SaKey;

/// The receiving side of an SA. It has one owner, and is gone from here once a SAD or a node has it.
#[napi]
pub struct InboundSa(pub(crate) Owned<iiptran_host::InboundSa>);

impl InboundSa {
    pub(crate) const fn of(sa: iiptran_host::InboundSa) -> Self {
        Self(Owned::new(sa))
    }
}

#[napi]
impl InboundSa {
    #[napi(catch_unwind, constructor)]
    pub fn new(env: &Env, document: String) -> Result<Self> {
        let sa = iiptran_host::InboundSa::new(&document);
        sa.map(Self::of).map_err(|error| fault::thrown(env, &error))
    }

    #[napi(
        catch_unwind,
        ts_args_type = "packets: Array<Uint8Array>, slip: BigUint64Array"
    )]
    pub fn open(&mut self, env: &Env, packets: Array<'_>, slip: Unknown<'_>) -> Result<()> {
        self.0.change(env, |sa| {
            let open = |now, burst: &mut Burst<'_>| sa.open_burst(now, burst);
            packets::process_burst(env, &packets, &slip, Ok(()), open, opened)
        })
    }

    #[napi(catch_unwind, getter)]
    pub fn key(&self, env: &Env) -> Result<SaKey> {
        Ok(self.0.here(env)?.id().into())
    }

    #[napi(catch_unwind, getter)]
    pub fn name(&self, env: &Env) -> Result<String> {
        Ok(self.0.here(env)?.name().into())
    }

    #[napi(catch_unwind, getter)]
    pub fn spi(&self, env: &Env) -> Result<u32> {
        Ok(self.0.here(env)?.spi())
    }

    #[napi(catch_unwind, getter)]
    pub fn mode(&self, env: &Env) -> Result<&'static str> {
        Ok(self.0.here(env)?.mode())
    }

    #[napi(catch_unwind, getter)]
    pub fn transform(&self, env: &Env) -> Result<String> {
        Ok(self.0.here(env)?.transform())
    }

    #[napi(catch_unwind, getter)]
    pub fn extended_sequence(&self, env: &Env) -> Result<bool> {
        Ok(self.0.here(env)?.extended_sequence())
    }

    #[napi(catch_unwind, getter)]
    pub fn sequence(&self, env: &Env) -> Result<u64> {
        Ok(self.0.here(env)?.sequence())
    }

    #[napi(catch_unwind, getter)]
    pub fn packets(&self, env: &Env) -> Result<u64> {
        Ok(self.0.here(env)?.packets())
    }

    #[napi(catch_unwind, getter)]
    pub fn bytes(&self, env: &Env) -> Result<u64> {
        Ok(self.0.here(env)?.bytes())
    }

    #[napi(catch_unwind)]
    pub fn take_soft_expiry(&mut self, env: &Env, now: BigInt) -> Result<bool> {
        self.0
            .change(env, |sa| Ok(sa.take_soft_expiry(now.get_u64().1)))
    }
}

/// What opening found, for a slip.
pub(crate) fn opened(opened: Opened) -> Answer {
    Answer {
        kind: Kind::Done,
        detail: opened.next_header.into(),
        extra: opened.pad_length.try_into().unwrap_or(u32::MAX),
        sequence: opened.sequence,
    }
}
