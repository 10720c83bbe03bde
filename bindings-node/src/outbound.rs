//! The sending side of SAs.

use iiptran_host::{Burst, SealOptions, Sealed};
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
    #[napi(catch_unwind, constructor)]
    pub fn new(env: &Env, document: String) -> Result<Self> {
        let sa = iiptran_host::OutboundSa::new(&document);
        sa.map(Self).map_err(|error| fault::thrown(env, &error))
    }

    /// Seals the packet with options; its sequence number is the one of the slip if there is one.
    #[allow(clippy::too_many_arguments, reason = "the package gives them names")]
    #[napi(
        catch_unwind,
        ts_args_type = "packets: Array<Uint8Array>, slip: BigUint64Array, hasSequence: boolean, \
                           iv: Uint8Array | undefined, outer: Uint8Array | undefined, padding: number, flowPadding: number, dummy: boolean"
    )]
    pub fn seal(
        &self,
        env: &Env,
        packets: Array<'_>,
        slip: Unknown<'_>,
        has_sequence: bool,
        iv: Option<Unknown<'_>>,
        outer: Option<Unknown<'_>>,
        padding: u32,
        flow_padding: u32,
        dummy: bool,
    ) -> Result<()> {
        let copy = |given: Option<Unknown<'_>>| -> Result<Option<Vec<u8>>> {
            let view = given.map(|bytes| View::of(env, &bytes, Elements::Bytes));
            Ok(view.transpose()?.map(View::to_vec))
        };
        let (iv, outer) = (copy(iv)?, copy(outer)?);
        packets::process(env, &packets, &slip, |work| {
            let options = SealOptions {
                sequence: has_sequence.then_some(work.sequence),
                iv: iv.as_deref(),
                outer: outer.as_deref(),
                padding: padding.try_into().unwrap_or(u8::MAX),
                flow_padding: flow_padding.try_into().unwrap_or(usize::MAX),
                dummy,
            };
            let sealed = self.0.seal(work.now, work.buffer, work.place, &options);
            sealed.map(answer)
        })
    }

    #[napi(
        catch_unwind,
        ts_args_type = "packets: Array<Uint8Array>, slip: BigUint64Array"
    )]
    pub fn seal_burst(&self, env: &Env, packets: Array<'_>, slip: Unknown<'_>) -> Result<()> {
        let seal = |now, burst: &mut Burst<'_>| self.0.seal_burst(now, burst);
        packets::process_burst(env, &packets, &slip, Ok(()), seal, answer)
    }

    #[napi(catch_unwind, getter)]
    pub fn name(&self) -> &str {
        self.0.name()
    }

    #[napi(catch_unwind, getter)]
    pub fn spi(&self) -> u32 {
        self.0.spi()
    }

    #[napi(catch_unwind, getter)]
    pub fn mode(&self) -> &'static str {
        self.0.mode()
    }

    #[napi(catch_unwind, getter)]
    pub fn transform(&self) -> String {
        self.0.transform()
    }

    #[napi(catch_unwind, getter)]
    pub fn extended_sequence(&self) -> bool {
        self.0.extended_sequence()
    }

    #[napi(catch_unwind, getter)]
    pub fn sequence(&self) -> u64 {
        self.0.sequence()
    }

    #[napi(catch_unwind, getter)]
    pub fn packets(&self) -> u64 {
        self.0.packets()
    }

    #[napi(catch_unwind, getter)]
    pub fn bytes(&self) -> u64 {
        self.0.bytes()
    }

    #[napi(catch_unwind)]
    pub fn take_soft_expiry(&self, now: napi::bindgen_prelude::BigInt) -> bool {
        self.0.take_soft_expiry(now.get_u64().1)
    }

    #[napi(catch_unwind)]
    pub fn overhead(&self, payload: u32) -> u32 {
        let payload = payload.try_into().unwrap_or(usize::MAX);
        self.0.overhead(payload).try_into().unwrap_or(u32::MAX)
    }
}

fn answer(sealed: Sealed) -> Answer {
    Answer {
        kind: Kind::Done,
        detail: 0,
        extra: sealed.pad_length.try_into().unwrap_or(u32::MAX),
        sequence: sealed.sequence,
    }
}
