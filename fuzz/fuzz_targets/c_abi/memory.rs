//! Outputs and packets: what a call may write, and what it must leave alone.

use std::ptr;

use arbitrary::Arbitrary;
use iiptran_c::{
    IIPTRAN_BAD_POINTER, IIPTRAN_OK, IIPTRAN_PANIC, iiptran_packet_t, iiptran_status_t,
    iiptran_status_text,
};

use crate::vectors::Case;

/// The bytes of an output before a call.
const BEFORE: u8 = 0xa5;

/// A place for an output: filled before the call, and looked at after it.
pub(crate) struct Place<T> {
    value: Box<T>,
    is_null: bool,
}

impl<T: Copy> Place<T> {
    pub(crate) fn new(is_null: bool) -> Self {
        let mut value = Box::<T>::new_uninit();
        // SAFETY: every output type is of integers and pointers, which may have these bytes.
        let value = unsafe {
            ptr::write_bytes(value.as_mut_ptr().cast::<u8>(), BEFORE, size_of::<T>());
            value.assume_init()
        };
        Self { value, is_null }
    }

    pub(crate) fn pointer(&mut self) -> *mut T {
        if self.is_null {
            ptr::null_mut()
        } else {
            &mut *self.value
        }
    }

    /// What the call wrote; nothing unless it went well. No type here is padding alone.
    pub(crate) fn after(&self, status: iiptran_status_t) -> Option<T> {
        if self.is_null {
            return None;
        }
        let is_untouched = self.is_untouched();
        if status == IIPTRAN_OK {
            assert!(!is_untouched, "nothing was written");
            return Some(*self.value);
        }
        assert!(is_untouched, "0x{status:x}, and something was written");
        None
    }

    /// Whether it is as it was before the call.
    pub(crate) fn is_untouched(&self) -> bool {
        let first: *const u8 = ptr::from_ref(&*self.value).cast();
        // SAFETY: so many bytes are there, all of them written by `new` at least.
        (0..size_of::<T>()).all(|index| unsafe { first.add(index).read() } == BEFORE)
    }

    pub(crate) fn value(&self) -> T {
        *self.value
    }
}

/// The status must be one, and no fault of the library.
pub(crate) fn check(status: iiptran_status_t) -> iiptran_status_t {
    assert_ne!(status, IIPTRAN_PANIC);
    let text = iiptran_status_text(status);
    // SAFETY: a text of the library, that stays forever.
    let text = unsafe { std::slice::from_raw_parts(text.text.cast::<u8>(), text.length) };
    assert_ne!(text, b"this is no status", "0x{status:x}");
    status
}

/// A packet and its buffer.
#[derive(Arbitrary, Debug)]
pub(crate) struct PacketInput {
    bytes: Bytes,
    room: [Room; 2],
    flaw: Option<Flaw>,
}

#[derive(Arbitrary, Debug)]
enum Room {
    Enough,
    Bytes(u8),
}

#[derive(Arbitrary, Debug)]
enum Bytes {
    /// Of the vectors.
    Known(u8),
    /// Of the vectors, with a bit turned.
    Turned(u8, u16),
    /// What the last call made of its packet.
    Last,
    /// Anything.
    Any(Vec<u8>),
}

#[derive(Arbitrary, Debug)]
enum Flaw {
    Null,
    NullBuffer,
    Misaligned,
    Capacity(usize),
    Place(usize, usize),
    /// The struct is in its own buffer.
    Within,
}

/// A packet while it goes through calls.
pub(crate) struct PacketMemory {
    /// As long as it says, so that a sanitizer sees who leaves it.
    pub(crate) buffer: Vec<u64>,
    pub(crate) packet: Box<iiptran_packet_t>,
    before: iiptran_packet_t,
    is_null: bool,
    is_misaligned: bool,
}

impl PacketInput {
    pub(crate) fn memory(&self, case: &Case, last: &[u8]) -> PacketMemory {
        let known = |index: u8| {
            let packets = &case.packets;
            let index = usize::from(index).checked_rem(packets.len());
            index
                .map(|index| packets[index].clone())
                .unwrap_or_default()
        };
        let bytes = match &self.bytes {
            Bytes::Known(index) => known(*index),
            Bytes::Turned(index, bit) => {
                let mut bytes = known(*index);
                if let Some(at) = usize::from(bit / 8).checked_rem(bytes.len()) {
                    bytes[at] ^= 1 << (bit % 8);
                }
                bytes
            }
            Bytes::Last => last.to_vec(),
            Bytes::Any(bytes) => bytes.clone(),
        };
        let [before, behind] = self.room.each_ref().map(|room| match room {
            Room::Enough => 512,
            Room::Bytes(bytes) => usize::from(*bytes),
        });
        let capacity = before + bytes.len() + behind;
        let mut buffer = vec![0_u64; capacity.div_ceil(8).max(8)];
        // The end of the buffer is the end of its memory.
        let skipped = buffer.len() * 8 - capacity;
        let first = buffer.as_mut_ptr().cast::<u8>().wrapping_add(skipped);
        // SAFETY: the buffer has room for it there.
        unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), first.add(before), bytes.len()) };
        let mut packet = iiptran_packet_t {
            buffer: first,
            capacity,
            offset: before,
            length: bytes.len(),
        };
        let (mut is_null, mut is_misaligned) = (false, false);
        match self.flaw {
            None => {}
            Some(Flaw::Null) => is_null = true,
            Some(Flaw::NullBuffer) => packet.buffer = ptr::null_mut(),
            Some(Flaw::Misaligned) => is_misaligned = true,
            // Smaller than it is, or larger than anything can be.
            Some(Flaw::Capacity(size)) if size <= capacity || isize::try_from(size).is_err() => {
                packet.capacity = size;
            }
            Some(Flaw::Capacity(_)) => packet.capacity = usize::MAX,
            Some(Flaw::Place(offset, length)) => (packet.offset, packet.length) = (offset, length),
            Some(Flaw::Within) => {}
        }
        let mut memory = PacketMemory {
            buffer,
            before: packet,
            packet: Box::new(packet),
            is_null,
            is_misaligned,
        };
        if matches!(self.flaw, Some(Flaw::Within)) {
            let at = ptr::from_mut(&mut *memory.packet);
            memory.packet.buffer = at.cast();
            memory.packet.capacity = size_of::<iiptran_packet_t>();
            (memory.packet.offset, memory.packet.length) = (0, 8);
            memory.before = *memory.packet;
        }
        memory
    }
}

/// Lays the buffers of packets into one, each beginning so many bytes before the end of the one before. Where
/// they reach into one another, a packet is what was written there last.
pub(crate) fn share(memories: &mut [PacketMemory], lap: u16) -> Box<[u8]> {
    let mut begins = Vec::new();
    let mut end = 0_usize;
    for memory in memories.iter().filter(|memory| memory.is_sound()) {
        let begin = end.saturating_sub(lap.into());
        begins.push(begin);
        end = end.max(begin + memory.before.capacity);
    }
    let mut buffer = vec![0; end].into_boxed_slice();
    let memories = memories.iter_mut().filter(|memory| memory.is_sound());
    for (memory, begin) in memories.zip(begins) {
        let place = begin + memory.before.offset;
        let bytes = memory.bytes();
        buffer[place..place + bytes.len()].copy_from_slice(&bytes);
        memory.packet.buffer = buffer.as_mut_ptr().wrapping_add(begin);
        memory.before = *memory.packet;
    }
    buffer
}

impl PacketMemory {
    pub(crate) fn pointer(&mut self) -> *mut iiptran_packet_t {
        let at = ptr::from_mut(&mut *self.packet);
        if self.is_null {
            ptr::null_mut()
        } else if self.is_misaligned {
            at.wrapping_byte_add(1)
        } else {
            at
        }
    }

    /// Checks the place of the packet after a call; the packet, if that went well.
    pub(crate) fn after(&self, status: iiptran_status_t) -> Option<Vec<u8>> {
        if status == IIPTRAN_OK && !self.is_null && !self.is_misaligned {
            return Some(self.bytes());
        }
        let of = |packet: &iiptran_packet_t| {
            let iiptran_packet_t {
                buffer,
                capacity,
                offset,
                length,
            } = *packet;
            (buffer, capacity, offset, length)
        };
        assert_eq!(of(&self.packet), of(&self.before), "0x{status:x}");
        assert!(status == IIPTRAN_BAD_POINTER || !(self.is_null || self.is_misaligned));
        None
    }

    /// A packet of a burst is in a row of them, so that the pointer to it has no flaw.
    pub(crate) fn without_pointer_flaws(&mut self) -> &Self {
        (self.is_null, self.is_misaligned) = (false, false);
        self
    }

    /// Whether it is where it says.
    pub(crate) fn is_sound(&self) -> bool {
        let packet = &self.before;
        let end = packet.offset.checked_add(packet.length);
        let is_inside = end.is_some_and(|end| end <= packet.capacity);
        !(self.is_null || self.is_misaligned || packet.buffer.is_null())
            && is_inside
            && isize::try_from(packet.capacity).is_ok()
    }

    fn bytes(&self) -> Vec<u8> {
        let iiptran_packet_t {
            buffer,
            capacity,
            offset,
            length,
        } = *self.packet;
        assert!(
            offset
                .checked_add(length)
                .is_some_and(|end| end <= capacity)
        );
        if capacity == 0 || length == 0 {
            return Vec::new();
        }
        // SAFETY: the call found the place inside the buffer, and so did the line above.
        unsafe { std::slice::from_raw_parts(buffer.add(offset), length) }.to_vec()
    }
}
