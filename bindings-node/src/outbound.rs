//! The sending side of SAs.

use iiptran_host::{Error, SealOptions, Sealed};
use napi::bindgen_prelude::{Array, Unknown};
use napi::{Env, Result};
use napi_derive::napi;

use crate::fault;
use crate::memory::{Elements, View};
use crate::packets::{self, Answer, Kind};

/// The sending side of an SA.
#[napi]
pub struct OutboundSa(iiptran_host::OutboundSa);

#[napi]
impl OutboundSa {
    #[napi(constructor)]
    pub fn new(env: &Env, document: String) -> Result<Self> {
        let sa = iiptran_host::OutboundSa::new(&document);
        sa.map(Self).map_err(|error| fault::thrown(env, &error))
    }

    /// Seals the packet with options; its sequence number is the one of the slip if there is one.
    #[allow(clippy::too_many_arguments, reason = "the package gives them names")]
    #[napi(
        ts_args_type = "packets: Array<Uint8Array>, slip: BigUint64Array, hasSequence: boolean, \
                           iv: Uint8Array | undefined, padding: number, flowPadding: number, dummy: boolean"
    )]
    pub fn seal(
        &self,
        env: &Env,
        packets: Array<'_>,
        slip: Unknown<'_>,
        has_sequence: bool,
        iv: Option<Unknown<'_>>,
        padding: u32,
        flow_padding: u32,
        dummy: bool,
    ) -> Result<()> {
        let iv = iv
            .map(|iv| View::of(env, &iv, Elements::Bytes))
            .transpose()?;
        let iv = iv.map(View::to_vec);
        packets::process(env, &packets, &slip, |work| {
            let options = SealOptions {
                sequence: has_sequence.then_some(work.sequence),
                iv: iv.as_deref(),
                padding: padding.try_into().unwrap_or(u8::MAX),
                flow_padding: flow_padding.try_into().unwrap_or(usize::MAX),
                dummy,
            };
            answer(self.0.seal(work.now, work.buffer, work.place, &options))
        })
    }

    #[napi(ts_args_type = "packets: Array<Uint8Array>, slip: BigUint64Array")]
    pub fn seal_burst(&self, env: &Env, packets: Array<'_>, slip: Unknown<'_>) -> Result<()> {
        let options = SealOptions::default();
        packets::process(env, &packets, &slip, |work| {
            answer(self.0.seal(work.now, work.buffer, work.place, &options))
        })
    }

    #[napi(getter)]
    pub fn name(&self) -> &str {
        self.0.name()
    }

    #[napi(getter)]
    pub fn spi(&self) -> u32 {
        self.0.spi()
    }

    #[napi(getter)]
    pub fn mode(&self) -> &'static str {
        self.0.mode()
    }

    #[napi(getter)]
    pub fn transform(&self) -> String {
        self.0.transform()
    }

    #[napi(getter)]
    pub fn extended_sequence(&self) -> bool {
        self.0.extended_sequence()
    }

    #[napi(getter)]
    pub fn sequence(&self) -> u64 {
        self.0.sequence()
    }

    #[napi(getter)]
    pub fn packets(&self) -> u64 {
        self.0.packets()
    }

    #[napi(getter)]
    pub fn bytes(&self) -> u64 {
        self.0.bytes()
    }

    #[napi]
    pub fn take_soft_expiry(&self, now: napi::bindgen_prelude::BigInt) -> bool {
        self.0.take_soft_expiry(now.get_u64().1)
    }

    #[napi]
    pub fn overhead(&self, payload: u32) -> u32 {
        let payload = payload.try_into().unwrap_or(usize::MAX);
        self.0.overhead(payload).try_into().unwrap_or(u32::MAX)
    }
}

fn answer(sealed: std::result::Result<Sealed, Error>) -> std::result::Result<Answer, Error> {
    let sealed = sealed?;
    Ok(Answer {
        kind: Kind::Done,
        detail: 0,
        extra: sealed.pad_length.try_into().unwrap_or(u32::MAX),
        sequence: sealed.sequence,
    })
}
