//! The packets of a call, and the slip on which the call's numbers come and go.
//!
//! A slip is a `BigUint64Array`, whose bytes are a `Float64Array` as well: the moment of the call, and a
//! [`Record`] for each packet. That way a burst makes no object of JavaScript, which is what would take
//! longest.

use iiptran_host::{Burst, Error, Misuse, Outcomes, OwnershipMisuse, Place};
use napi::bindgen_prelude::{Array, Unknown};
use napi::{Env, Result, Status};

use crate::fault;
use crate::memory::{Elements, View};

/// Words before the records: the moment.
const HEADER: usize = 1;
/// Words of a record.
const WORDS: usize = 6;
const WORD: usize = 8;

/// No packet reaches further beyond its bytes than the largest IP packet with all headers in front.
const REACH: usize = 0x1_1000;

/// What a slip says of a packet: in its place, and out what became of it and where it is.
#[derive(Clone, Copy, Default)]
pub(crate) struct Record {
    offset: f64,
    length: f64,
    kind: f64,
    /// The link, the protocol of the payload, the code of the drop reason or the number of the misuse.
    pub(crate) detail: u32,
    /// The pad length, or the number of the next hop.
    pub(crate) extra: u32,
    /// In: that of the packet, if it is given. Out: the whole sequence number.
    pub(crate) sequence: u64,
}

/// What became of a packet. `outcomes` in `lib/slip.ts` has the same numbers.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Done = 0,
    Transmit = 1,
    Deliver = 2,
    Hold = 3,
    Drop = 4,
    Misuse = 5,
}

/// What a call makes of a packet that got through.
pub(crate) struct Answer {
    pub(crate) kind: Kind,
    pub(crate) detail: u32,
    pub(crate) extra: u32,
    pub(crate) sequence: u64,
}

/// One packet at work.
pub(crate) struct Work<'w> {
    /// The moment, in nanoseconds.
    pub(crate) now: u64,
    /// The sequence number that the slip has.
    pub(crate) sequence: u64,
    pub(crate) buffer: &'w mut [u8],
    pub(crate) place: &'w mut Place,
}

/// Processes packets one after another. Each is as it was unless it got through, and then only the bytes
/// of the new packet are written.
pub(crate) fn process(
    env: &Env,
    packets: &Array<'_>,
    slip: &Unknown<'_>,
    mut work: impl FnMut(Work<'_>) -> std::result::Result<Answer, Error>,
) -> Result<()> {
    let call = Call::of(env, packets, slip)?;
    let mut scratch = Vec::new();
    for (index, view) in call.views.iter().enumerate() {
        let mut record = call.record(index, &mut scratch);
        let answer = record.copy_out(view, &mut scratch).and_then(|copy| {
            let mut place = copy.place;
            let answer = work(Work {
                now: call.now,
                sequence: record.sequence,
                buffer: &mut scratch,
                place: &mut place,
            })?;
            record.copy_in(view, &copy, &answer, place, &scratch);
            Ok(answer)
        });
        record.note(answer);
        call.slip.write(Call::at(index), &record.written());
    }
    Ok(())
}

/// [`process`], with as many packets together as a burst has room for. If packets are not `allowed`, that is
/// the fault of each.
pub(crate) fn process_burst<R: Copy>(
    env: &Env,
    packets: &Array<'_>,
    slip: &Unknown<'_>,
    allowed: std::result::Result<(), Misuse>,
    mut work: impl FnMut(u64, &mut Burst<'_>) -> Outcomes<R>,
    mut answer: impl FnMut(R) -> Answer,
) -> Result<()> {
    let call = Call::of(env, packets, slip)?;
    let mut scratches: [Vec<u8>; Burst::LENGTH] = std::array::from_fn(|_| Vec::new());
    let mut words = Vec::new();
    for (part, views) in call.views.chunks(Burst::LENGTH).enumerate() {
        let first = part.saturating_mul(Burst::LENGTH);
        let mut burst = Burst::new();
        let mut entries = Vec::with_capacity(views.len());
        for ((index, view), scratch) in (first..).zip(views).zip(&mut scratches) {
            let record = call.record(index, &mut words);
            let copy = record.copy_out(view, scratch).and_then(|copy| {
                allowed?;
                burst.push(scratch, copy.place)?;
                Ok(copy)
            });
            entries.push((record, copy));
        }
        let outcomes = work(call.now, &mut burst);
        let mut outcomes = outcomes.into_iter();
        for (((index, view), scratch), (mut record, copy)) in
            (first..).zip(views).zip(&scratches).zip(entries)
        {
            let answer = copy.and_then(|copy| {
                let outcome = outcomes.next().ok_or(Misuse::OutsideBuffer)?;
                let (result, place) = outcome?;
                let answer = answer(result);
                record.copy_in(view, &copy, &answer, place, scratch);
                Ok(answer)
            });
            record.note(answer);
            call.slip.write(Call::at(index), &record.written());
        }
    }
    Ok(())
}

/// Packets and slip, as long as no JavaScript runs.
struct Call<'now> {
    views: Vec<View<'now>>,
    slip: View<'now>,
    /// The moment, in nanoseconds.
    now: u64,
}

impl Call<'_> {
    fn of(env: &Env, packets: &Array<'_>, slip: &Unknown<'_>) -> Result<Self> {
        // JavaScript may run here, and not after.
        let arrays = (0..packets.len())
            .map(|index| packets.get::<Unknown<'_>>(index)?.ok_or_else(mismatch))
            .collect::<Result<Vec<_>>>()?;
        let views = arrays
            .iter()
            .map(|array| View::of(env, array, Elements::Bytes))
            .collect::<Result<Vec<_>>>()?;
        let slip = View::of(env, slip, Elements::Words)?;
        if slip.len() < Self::at(views.len()) {
            return Err(mismatch());
        }
        refuse_overlap(env, &views)?;
        let mut word = Vec::new();
        slip.read(0, WORD, &mut word);
        let now = word
            .first_chunk()
            .map_or(0, |word| u64::from_ne_bytes(*word));
        Ok(Self { views, slip, now })
    }

    /// Where the record of a packet begins in the slip.
    const fn at(index: usize) -> usize {
        (HEADER + index * WORDS) * WORD
    }

    fn record(&self, index: usize, words: &mut Vec<u8>) -> Record {
        self.slip.read(Self::at(index), WORDS * WORD, words);
        Record::read(words)
    }
}

/// A packet that was copied out with the room around it.
#[derive(Clone, Copy)]
struct Copied {
    /// Where the copy begins in its buffer.
    start: usize,
    /// Where the packet is in the copy.
    place: Place,
}

impl Record {
    /// Notes what became of the packet.
    fn note(&mut self, answer: std::result::Result<Answer, Error>) {
        match answer {
            Ok(Answer {
                kind,
                detail,
                extra,
                sequence,
            }) => {
                self.kind = f64::from(kind as u8);
                (self.detail, self.extra, self.sequence) = (detail, extra, sequence);
            }
            Err(Error::Drop(reason)) => {
                self.kind = f64::from(Kind::Drop as u8);
                self.detail = reason.code().into();
            }
            Err(Error::Misuse(misuse)) => {
                self.kind = f64::from(Kind::Misuse as u8);
                let number = Misuse::ALL.iter().position(|known| *known == misuse);
                self.detail = number
                    .and_then(|number| number.try_into().ok())
                    .unwrap_or(0);
            }
            // Packets have no documents.
            Err(Error::Config(_)) => self.kind = f64::from(Kind::Misuse as u8),
        }
    }

    /// Copies the packet out with the room around it.
    fn copy_out(
        &self,
        view: &View<'_>,
        scratch: &mut Vec<u8>,
    ) -> std::result::Result<Copied, Error> {
        let offset = whole(self.offset).ok_or(Misuse::OutsideBuffer)?;
        let length = whole(self.length).ok_or(Misuse::OutsideBuffer)?;
        let end = offset.checked_add(length);
        if end.is_none_or(|end| end > view.len()) {
            return Err(Misuse::OutsideBuffer.into());
        }
        let start = offset.saturating_sub(REACH);
        let room = (offset - start)
            .saturating_add(length)
            .saturating_add(REACH);
        view.read(start, room, scratch);
        let place = Place {
            offset: offset - start,
            length,
        };
        Ok(Copied { start, place })
    }

    /// Writes the new packet back, unless it is held.
    fn copy_in(
        &mut self,
        view: &View<'_>,
        copy: &Copied,
        answer: &Answer,
        place: Place,
        scratch: &[u8],
    ) {
        if let Kind::Hold = answer.kind {
            return;
        }
        let end = place.offset.saturating_add(place.length);
        let packet = scratch.get(place.offset..end).unwrap_or_default();
        let offset = copy.start.saturating_add(place.offset);
        view.write(offset, packet);
        self.offset = number(offset);
        self.length = number(place.length);
    }

    fn read(bytes: &[u8]) -> Self {
        let (words, _) = bytes.as_chunks::<WORD>();
        let word = |index: usize| words.get(index).copied().unwrap_or_default();
        Self {
            offset: f64::from_ne_bytes(word(0)),
            length: f64::from_ne_bytes(word(1)),
            sequence: u64::from_ne_bytes(word(5)),
            ..Self::default()
        }
    }

    fn written(&self) -> [u8; WORDS * WORD] {
        let words = [
            self.offset.to_bits(),
            self.length.to_bits(),
            self.kind.to_bits(),
            f64::from(self.detail).to_bits(),
            f64::from(self.extra).to_bits(),
            self.sequence,
        ];
        let mut bytes = [0; WORDS * WORD];
        let (chunks, _) = bytes.as_chunks_mut::<WORD>();
        for (chunk, word) in chunks.iter_mut().zip(words) {
            *chunk = word.to_ne_bytes();
        }
        bytes
    }
}

fn refuse_overlap(env: &Env, views: &[View<'_>]) -> Result<()> {
    let mut ranges: Vec<_> = views
        .iter()
        .filter(|view| view.len() > 0)
        .map(View::addresses)
        .collect();
    ranges.sort_unstable();
    let mut end = 0;
    for (start, next_end) in ranges {
        if start < end {
            return Err(fault::ownership(env, OwnershipMisuse::OverlappingBuffers));
        }
        end = next_end;
    }
    Ok(())
}

/// A number of JavaScript that counts bytes.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked before"
)]
fn whole(number: f64) -> Option<usize> {
    const LARGEST: f64 = 9_007_199_254_740_991.0;
    let is_whole = (0.0..=LARGEST).contains(&number) && number.fract() == 0.0;
    is_whole.then_some(number as usize)
}

/// A count of bytes as a number of JavaScript. Buffers are far smaller than 2^53.
#[allow(clippy::cast_precision_loss, reason = "buffers are smaller than 2^53")]
fn number(count: usize) -> f64 {
    count as f64
}

fn mismatch() -> napi::Error {
    napi::Error::new(Status::InvalidArg, "the slip is not that of the packets")
}
