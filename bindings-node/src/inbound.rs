//! The receiving side of SAs.

use iiptran_host::{Misuse, Opened};
use napi::bindgen_prelude::{Array, BigInt, Unknown};
use napi::{Env, Result};
use napi_derive::napi;

use crate::fault;
use crate::packets::{self, Answer, Kind};
use crate::sa_key::SaKey;

/// The receiving side of an SA. It has one owner, and is gone from here once a SAD or a node has it.
#[napi]
pub struct InboundSa(Option<iiptran_host::InboundSa>);

/// What taking an SA in gives: nothing, or the SA and what is wrong.
type Inserted = std::result::Result<(), (Box<iiptran_host::InboundSa>, Misuse)>;

impl InboundSa {
    pub(crate) const fn of(sa: iiptran_host::InboundSa) -> Self {
        Self(Some(sa))
    }

    /// Hands the SA over for good, unless it is not taken in.
    pub(crate) fn hand_over(
        &mut self,
        env: &Env,
        insert: impl FnOnce(iiptran_host::InboundSa) -> Inserted,
    ) -> Result<()> {
        let sa = self.0.take().ok_or_else(|| fault::handed_over(env))?;
        insert(sa).map_err(|(sa, misuse)| {
            self.0 = Some(*sa);
            fault::misused(env, misuse)
        })
    }

    fn here(&self, env: &Env) -> Result<&iiptran_host::InboundSa> {
        self.0.as_ref().ok_or_else(|| fault::handed_over(env))
    }

    fn here_mut(&mut self, env: &Env) -> Result<&mut iiptran_host::InboundSa> {
        self.0.as_mut().ok_or_else(|| fault::handed_over(env))
    }
}

#[napi]
impl InboundSa {
    #[napi(constructor)]
    pub fn new(env: &Env, document: String) -> Result<Self> {
        let sa = iiptran_host::InboundSa::new(&document);
        sa.map(Self::of).map_err(|error| fault::thrown(env, &error))
    }

    #[napi(ts_args_type = "packets: Array<Uint8Array>, slip: BigUint64Array")]
    pub fn open(&mut self, env: &Env, packets: Array<'_>, slip: Unknown<'_>) -> Result<()> {
        let sa = self.here_mut(env)?;
        packets::process(env, &packets, &slip, |work| {
            Ok(opened(sa.open(work.now, work.buffer, work.place)?))
        })
    }

    #[napi(getter)]
    pub fn key(&self, env: &Env) -> Result<SaKey> {
        Ok(self.here(env)?.id().into())
    }

    #[napi(getter)]
    pub fn name(&self, env: &Env) -> Result<String> {
        Ok(self.here(env)?.name().into())
    }

    #[napi(getter)]
    pub fn spi(&self, env: &Env) -> Result<u32> {
        Ok(self.here(env)?.spi())
    }

    #[napi(getter)]
    pub fn mode(&self, env: &Env) -> Result<&'static str> {
        Ok(self.here(env)?.mode())
    }

    #[napi(getter)]
    pub fn transform(&self, env: &Env) -> Result<String> {
        Ok(self.here(env)?.transform())
    }

    #[napi(getter)]
    pub fn extended_sequence(&self, env: &Env) -> Result<bool> {
        Ok(self.here(env)?.extended_sequence())
    }

    #[napi(getter)]
    pub fn sequence(&self, env: &Env) -> Result<u64> {
        Ok(self.here(env)?.sequence())
    }

    #[napi(getter)]
    pub fn packets(&self, env: &Env) -> Result<u64> {
        Ok(self.here(env)?.packets())
    }

    #[napi(getter)]
    pub fn bytes(&self, env: &Env) -> Result<u64> {
        Ok(self.here(env)?.bytes())
    }

    #[napi]
    pub fn take_soft_expiry(&mut self, env: &Env, now: BigInt) -> Result<bool> {
        Ok(self.here_mut(env)?.take_soft_expiry(now.get_u64().1))
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
