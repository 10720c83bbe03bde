//! Packets in the caller's buffers.

use iiptran_host::{Error, Misuse, Outcomes, Place};

use crate::pointer::{Memory, Values, input, output, values, values_mut};
use crate::status::{Answer, drop_status, misuse_status, refuse};

/// A packet in a buffer of the caller's. Headers go into the free bytes before it and trailers into those
/// behind it: IIPTRAN_HEADROOM and IIPTRAN_TAILROOM are always enough. The library writes to the whole buffer
/// while a call runs and keeps no pointer to it afterwards; a buffer that this struct, or a row of a
/// burst, lies in gets IIPTRAN_BAD_POINTER. Packets of a burst may share a buffer.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct iiptran_packet_t {
    /// The first byte of the buffer.
    pub buffer: *mut u8,
    /// Size of the buffer, bytes.
    pub capacity: usize,
    /// Where the packet begins in the buffer. A call that succeeds changes it.
    pub offset: usize,
    /// Length of the packet, bytes. A call that succeeds changes it.
    pub length: usize,
}

/// Free bytes before a packet that cover four nested tunnels with ESP and UDP on each.
pub const IIPTRAN_HEADROOM: usize = 512;
/// Free bytes behind a packet that cover the longest padding, traffic-flow padding aside, and the longest
/// ICV.
pub const IIPTRAN_TAILROOM: usize = 512;

const _: () = assert!(IIPTRAN_HEADROOM == iiptran_host::PacketBuffer::HEADROOM);
const _: () = assert!(IIPTRAN_TAILROOM == iiptran_host::PacketBuffer::TAILROOM);

/// A packet of the caller's: what its struct says, read once. No reference to the struct is kept, so that
/// nothing that is written meanwhile can be at odds with one.
pub(crate) struct Packet {
    at: *mut iiptran_packet_t,
    value: iiptran_packet_t,
}

impl iiptran_packet_t {
    const fn place(&self) -> Place {
        Place {
            offset: self.offset,
            length: self.length,
        }
    }

    /// The packet at another place of its buffer.
    const fn moved(self, place: Place) -> Self {
        Self {
            offset: place.offset,
            length: place.length,
            ..self
        }
    }

    fn memory(&self) -> Memory {
        Memory::of(self.buffer, self.capacity)
    }
}

impl Packet {
    pub(crate) fn at(packet: *mut iiptran_packet_t) -> Answer<Self> {
        Ok(Self {
            value: *input(packet)?,
            at: packet,
        })
    }

    /// Processes the packet, and notes where it is afterwards.
    pub(crate) fn process<R>(
        &mut self,
        process: impl FnOnce(&mut [u8], &mut Place) -> Result<R, Error>,
    ) -> Answer<R> {
        let buffer = values_mut(self.value.buffer, self.value.capacity)?;
        // The struct is yet to be written to.
        let memory = self.value.memory();
        memory.must_be_apart_from(Memory::of(self.at, 1))?;
        let mut place = self.value.place();
        let result = process(buffer, &mut place);
        let result = result.map_err(|error| refuse(error, core::ptr::null_mut()))?;
        self.value = self.value.moved(place);
        output(self.at)?.set(self.value);
        Ok(result)
    }
}

/// Many packets, and a place for the result of each.
pub(crate) struct Burst<T> {
    packets: Values<iiptran_packet_t>,
    results: Values<T>,
}

/// Packets that are processed together. No buffer reaches into another one, as each is lent for the time.
struct Together<'b> {
    burst: iiptran_host::Burst<'b>,
    buffers: [Memory; iiptran_host::Burst::LENGTH],
    /// From the first of all buffers to the end of the last one.
    all: Memory,
}

impl<T> Burst<T> {
    pub(crate) fn of(
        packets: *mut iiptran_packet_t,
        results: *mut T,
        count: usize,
    ) -> Answer<Self> {
        let burst = Self {
            packets: values(packets, count)?,
            results: values(results, count)?,
        };
        burst
            .packets
            .memory()
            .must_be_apart_from(burst.results.memory())?;
        Ok(burst)
    }

    /// Has `work` process the packets in their order, as many together as have buffers apart, and writes
    /// what `result` makes of what became of each. If they are not `allowed`, that is the fault of each.
    pub(crate) fn process<R: Copy>(
        &self,
        allowed: Result<(), Misuse>,
        mut work: impl FnMut(&mut iiptran_host::Burst<'_>) -> Outcomes<R>,
        result: impl Fn(Answer<R>) -> T,
    ) {
        let mut next = 0;
        while self.packets.at(next).is_some() {
            let first = next;
            let mut together = Together::new();
            let mut refused = None;
            while let Some(packet) = self.packets.at(next)
                && !together.burst.is_full()
            {
                match self.admit(packet.get(), allowed, &mut together) {
                    Ok(true) => next = next.wrapping_add(1),
                    Ok(false) => break,
                    Err(status) => {
                        refused = Some(status);
                        break;
                    }
                }
            }
            if first < next {
                let outcomes = work(&mut together.burst);
                for (index, outcome) in (first..next).zip(outcomes) {
                    self.set(
                        index,
                        result(outcome.map_err(drop_status).map(|(done, place)| {
                            self.move_packet(index, place);
                            done
                        })),
                    );
                }
            }
            if let Some(status) = refused {
                self.set(next, result(Err(status)));
                next = next.wrapping_add(1);
            }
        }
    }

    fn set(&self, index: usize, result: T) {
        if let Some(place) = self.results.at(index) {
            place.set(result);
        }
    }

    fn move_packet(&self, index: usize, place: Place) {
        if let Some(packet) = self.packets.at(index) {
            packet.set(packet.get().moved(place));
        }
    }

    /// Whether a packet goes together with the others.
    fn admit(
        &self,
        packet: iiptran_packet_t,
        allowed: Result<(), Misuse>,
        together: &mut Together<'_>,
    ) -> Answer<bool> {
        let memory = packet.memory();
        if !together.is_apart(memory) {
            return Ok(false);
        }
        // The structs are yet to be read and written.
        memory.must_be_apart_from(self.packets.memory())?;
        memory.must_be_apart_from(self.results.memory())?;
        let buffer = values_mut(packet.buffer, packet.capacity)?;
        let admitted = allowed.and_then(|()| together.burst.push(buffer, packet.place()));
        admitted.map_err(misuse_status)?;
        together.note(memory);
        Ok(true)
    }
}

impl Together<'_> {
    fn new() -> Self {
        Self {
            burst: iiptran_host::Burst::new(),
            buffers: [Memory::NONE; iiptran_host::Burst::LENGTH],
            all: Memory::NONE,
        }
    }

    /// Whether memory is apart from all buffers. Those of a pool come in a row, most often, and one look
    /// is enough.
    fn is_apart(&self, memory: Memory) -> bool {
        let is_apart = |other| memory.must_be_apart_from(other).is_ok();
        is_apart(self.all) || self.buffers.iter().copied().all(is_apart)
    }

    /// Notes the buffer of the packet that came last.
    fn note(&mut self, memory: Memory) {
        let last = self.burst.len().saturating_sub(1);
        if let Some(place) = self.buffers.get_mut(last) {
            *place = memory;
        }
        self.all = self.all.and(memory);
    }
}
