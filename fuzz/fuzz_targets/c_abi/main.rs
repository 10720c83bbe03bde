//! The functions of the C library: any calls in any order, with documents and packets of the vectors and
//! others, and with pointers, lengths and places that are wrong.
//!
//! What the header forbids and nobody can find out is left out: wild pointers, freed handles, buffers shorter
//! than they say. Of everything else: no panic, no memory that is not the call's, a status that is one, no
//! output without IIPTRAN_OK, and what is sealed opens.
#![no_main]

mod handles;
mod memory;
mod network;
mod questions;
mod vectors;

use arbitrary::Arbitrary;
use handles::Handles;
use iiptran_c::*;
use libfuzzer_sys::fuzz_target;
use memory::{PacketInput, PacketMemory, Place, check, share};
use network::NetworkStep;
use vectors::{CASES, Document};

#[derive(Arbitrary, Debug)]
enum Step {
    Outbound(Document, bool),
    Inbound(Document, bool),
    OutboundConfig(SaConfig),
    InboundConfig(SaConfig),
    Spd(Document),
    Fib(Document),
    Node(Document, bool),
    NodeWithTables,
    Install(u8, Document),
    InstallTables(u8),
    Seal(u8, u32, Option<Options>, PacketInput, bool),
    Open(u8, u32, PacketInput, bool),
    SealAndOpen(PacketInput),
    SealBurst(u8, Vec<PacketInput>, Flaw),
    OpenBurst(u8, Vec<PacketInput>, Flaw),
    Insert(u8),
    Remove(SaId),
    Lookup(SaId),
    SadOpen(u32, PacketInput, [bool; 2]),
    SpdLookup(u32, PacketInput),
    FibLookup(PacketInput),
    FibLookupAddress(Address, u64),
    Send(u8, u32, u8, PacketInput, bool),
    Walk(u8, u32, u8, PacketInput, [bool; 2]),
    NodeBurst(u8, u32, u8, Vec<PacketInput>, Flaw),
    NodeInsert(u8, u8),
    NodeRemove(u8, u8, SaId),
    Ask(u8, u32, Vec<u8>),
    SetLinkUp(u8, u8, bool),
}

/// What is done behind the first steps. A list of its own, as one more kind of step would give all seeds
/// another meaning.
#[derive(Arbitrary, Debug)]
enum Later {
    /// A step; the packets of its burst are in one buffer, if a number says so.
    Step(Option<u16>, Step),
    Network(NetworkStep),
    SetWorker(u8, Worker),
    ForWorker(u8, Worker, bool),
    SpiOf(PacketInput, u16, bool),
}

#[derive(Arbitrary, Debug)]
enum Worker {
    Number(u8),
    None,
    Any(u32),
}

impl Worker {
    fn value(&self) -> u32 {
        match self {
            Self::Number(number) => (number % 4).into(),
            Self::None => IIPTRAN_NO_WORKER,
            Self::Any(number) => *number,
        }
    }
}

#[derive(Arbitrary, Debug)]
pub(crate) struct Options {
    has_sequence: u8,
    padding: u8,
    dummy: u8,
    sequence: u64,
    iv: Option<Vec<u8>>,
    flow_padding: u16,
    pub(crate) outer: Option<Vec<u8>>,
}

#[derive(Arbitrary, Debug)]
pub(crate) struct Address(u8, [u8; 16]);

#[derive(Arbitrary, Debug)]
pub(crate) struct SaId(u32, Option<Address>, Option<Address>);

#[derive(Arbitrary, Debug)]
pub(crate) struct SaConfig {
    spi: u32,
    encryption: u8,
    key_bits: Result<Bits, u16>,
    integrity: u8,
    mode: u8,
    extended_sequence: u8,
    key: (u8, bool),
    integrity_key: (u8, bool),
    addresses: [Option<Address>; 2],
    udp: [u16; 2],
    window: Result<u16, u32>,
    limits: [u64; 6],
    start: u64,
    iv_mask: u64,
    path_mtu: u16,
    lookup: u8,
}

#[derive(Arbitrary, Debug)]
enum Bits {
    Short,
    Middle,
    Long,
}

/// What is wrong with the rows of a burst.
#[derive(Arbitrary, Debug)]
enum Flaw {
    None,
    NullPackets,
    NullResults,
    /// The results are where the packets are.
    Overlap,
    Count,
}

impl Address {
    fn value(&self) -> iiptran_address_t {
        // Mostly a version that is one.
        let version = [4, 6, 0, self.0][usize::from(self.0 % 4)];
        iiptran_address_t {
            version,
            bytes: self.1,
        }
    }
}

impl SaId {
    fn value(&self) -> iiptran_sa_id_t {
        let address = |address: &Option<Address>| match address {
            Some(address) => address.value(),
            None => iiptran_address_t::default(),
        };
        iiptran_sa_id_t {
            spi: if self.0 % 2 == 0 { 0x1000 } else { self.0 },
            destination: address(&self.1),
            source: address(&self.2),
        }
    }
}

impl SaConfig {
    fn with<R>(&self, call: impl FnOnce(*const iiptran_sa_config_t) -> R) -> R {
        const KEY: [u8; 256] = [0x5e; 256];
        let key = |&(length, is_null): &(u8, bool)| match is_null {
            true => (std::ptr::null(), usize::from(length)),
            false => (KEY.as_ptr(), usize::from(length % 80)),
        };
        let [source, destination] = self.addresses.each_ref().map(|address| match address {
            Some(address) => address.value(),
            None => iiptran_address_t::default(),
        });
        let [s0, s1, s2, h0, h1, h2] = self.limits;
        let limits = |seconds, bytes, packets| iiptran_limits_t {
            seconds,
            bytes,
            packets,
        };
        let config = iiptran_sa_config_t {
            spi: self.spi,
            encryption: u16::from(self.encryption % 40),
            key_bits: match self.key_bits {
                Ok(Bits::Short) => 128,
                Ok(Bits::Middle) => 192,
                Ok(Bits::Long) => 256,
                Err(bits) => bits,
            },
            integrity: u16::from(self.integrity % 20),
            mode: self.mode % 3,
            extended_sequence: self.extended_sequence,
            key: key(&self.key).0,
            key_length: key(&self.key).1,
            integrity_key: key(&self.integrity_key).0,
            integrity_key_length: key(&self.integrity_key).1,
            name: std::ptr::null(),
            name_length: 0,
            source,
            destination,
            udp_source: self.udp[0],
            udp_destination: self.udp[1],
            window: match self.window {
                Ok(size) => size.into(),
                Err(size) => size,
            },
            soft: limits(s0, s1, s2),
            hard: limits(h0, h1, h2),
            start: self.start,
            iv_mask: self.iv_mask,
            path_mtu: self.path_mtu.into(),
            lookup: self.lookup % 4,
        };
        call(&config)
    }
}

/// Runs a burst, and checks each packet and result of it.
fn burst<T: Copy>(
    inputs: &[PacketInput],
    flaw: &Flaw,
    handles: &Handles<'_>,
    call: impl FnOnce(*mut iiptran_packet_t, usize, *mut T) -> iiptran_status_t,
    status_of: impl Fn(T) -> iiptran_status_t,
) {
    let mut memories: Vec<PacketMemory> = inputs
        .iter()
        .map(|input| input.memory(handles.case, &handles.last))
        .collect();
    let _buffer = handles.lap.map(|lap| share(&mut memories, lap));
    let mut packets: Vec<_> = memories.iter().map(|memory| *memory.packet).collect();
    let mut results: Vec<T> = packets.iter().map(|_| Place::new(false).value()).collect();
    let count = packets.len();
    let (mut first, mut result) = (packets.as_mut_ptr(), results.as_mut_ptr());
    let mut asked = count;
    match flaw {
        Flaw::None => {}
        Flaw::NullPackets => first = std::ptr::null_mut(),
        Flaw::NullResults => result = std::ptr::null_mut(),
        Flaw::Overlap => result = first.cast(),
        Flaw::Count => asked = usize::MAX / 2,
    }
    let status = check(call(first, asked, result));
    let is_sound = matches!(flaw, Flaw::None) || (count == 0 && asked == 0);
    if !is_sound || status != IIPTRAN_OK {
        assert!(is_sound || status == IIPTRAN_BAD_POINTER);
        for memory in &memories {
            memory.after(IIPTRAN_BAD_POINTER);
        }
        return;
    }
    for ((memory, packet), result) in memories.iter_mut().zip(packets).zip(results) {
        *memory.packet = packet;
        memory
            .without_pointer_flaws()
            .after(check(status_of(result)));
    }
}

fuzz_target!(|input: (u16, Vec<Step>, Vec<Later>)| {
    let (case, steps, later) = input;
    let mut handles = Handles::new(&CASES[usize::from(case) % CASES.len()]);
    for step in steps.iter().take(24) {
        // SAFETY: the handles are live and nobody else's, and each length is that of its memory.
        unsafe { handles.step(step) };
    }
    for later in later.iter().take(24) {
        // SAFETY: as above.
        unsafe { handles.later(later) };
    }
});
