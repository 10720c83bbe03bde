//! Networks: any calls with the scenarios that the library brings, and with others. Each runs for a few
//! events or microseconds only, so that no flow makes an input slow.

use std::ffi::c_char;
use std::path::Path;
use std::ptr;
use std::sync::LazyLock;

use arbitrary::Arbitrary;
use iiptran_c::*;
use serde_json::Value;

use crate::Address;
use crate::handles::pick;
use crate::memory::{PacketInput, Place, check};
use crate::questions::{inside, made};
use crate::vectors::{Case, Document};

#[derive(Arbitrary, Debug)]
pub(crate) enum NetworkStep {
    New(Document, bool),
    Reset(u8, Option<u64>),
    Watch(u8, [bool; 3]),
    Steps(u8, u8),
    Run(u8, u16),
    Send(u8, [Name; 2], PacketInput, bool),
    SetWireUp(u8, Name, bool),
    SetLinkUp(u8, [Name; 2], bool),
    TakeCapture(u8, Name, bool),
    Ask(u8, u8, bool),
    Tables(u8, Name),
    Way(u8, [Name; 2], Address),
}

/// The name of a station, a wire, a link or a network.
#[derive(Arbitrary, Debug)]
pub(crate) enum Name {
    Known(u8),
    None,
    Any(Vec<u8>),
    Null(usize),
}

/// Names in the scenarios below.
const NAMES: [&str; 16] = [
    "A", "B", "D", "X", "Y", "wan", "x", "y", "b", "wire", "a-b", "x-a", "link-3", "base", "vn", "",
];

/// The scenarios of the library: name and text of each.
static SCENARIOS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/scenarios");
    let names = ["figure-1", "figure-3", "path-mtu", "rekey", "spoofing"];
    let texts = names.map(|name| std::fs::read_to_string(folder.join(format!("{name}.toml"))));
    let texts = texts.into_iter().map(Result::unwrap);
    names.map(String::from).into_iter().chain(texts).collect()
});

#[derive(Default)]
pub(crate) struct Networks(Vec<*mut iiptran_network_t>);

impl Name {
    fn with<R>(&self, call: impl FnOnce(*const c_char, usize) -> R) -> R {
        let bytes = match self {
            Self::None => return call(ptr::null(), 0),
            Self::Null(length) => return call(ptr::null(), *length),
            Self::Known(index) => NAMES[usize::from(index % 16)].as_bytes(),
            Self::Any(bytes) => bytes,
        };
        // As long as it says, so that a sanitizer sees who leaves it.
        let bytes = Box::<[u8]>::from(bytes);
        call(bytes.as_ptr().cast(), bytes.len())
    }

    fn with_both<R>(
        [first, second]: &[Self; 2],
        call: impl FnOnce(*const c_char, usize, *const c_char, usize) -> R,
    ) -> R {
        first.with(|first, length| {
            second.with(|second, second_length| call(first, length, second, second_length))
        })
    }
}

impl Networks {
    // SAFETY: of every call: handles are live and nobody else's, lengths are those of their memory.
    pub(crate) unsafe fn step(&mut self, step: &NetworkStep, case: &Case, last: &[u8]) {
        unsafe {
            match step {
                NetworkStep::New(document, is_null) if self.0.len() < 3 => {
                    self.0.extend(made(*is_null, |error, place| {
                        document.with(&SCENARIOS, |first, length| {
                            iiptran_network_new(first, length, error, place)
                        })
                    }));
                }
                NetworkStep::New(..) => {}
                NetworkStep::Reset(network, seed) => {
                    let network = pick(&self.0, *network);
                    // Half of all, as one that looks like an untouched place is no fault.
                    let seed = seed.map(|seed| seed / 2);
                    let seed = seed.as_ref().map_or(ptr::null(), ptr::from_ref);
                    // Nothing is made: see Step::Install.
                    made::<iiptran_network_t>(false, |error, place| {
                        let status = iiptran_network_reset(network, seed, error);
                        if status == IIPTRAN_OK {
                            place.write(ptr::null_mut());
                        }
                        status
                    });
                }
                NetworkStep::Watch(network, [ends, trace, captures]) => {
                    let network = pick(&self.0, *network);
                    check(iiptran_network_watch(network, *ends, *trace, *captures));
                }
                NetworkStep::Steps(network, count) => {
                    let network = pick(&self.0, *network);
                    for _ in 0..count % 32 {
                        let before = now(network);
                        let mut value = Place::new(false);
                        let status = iiptran_network_step(network, value.pointer());
                        if let Some(at) = value.after(check(status)) {
                            assert!(at == IIPTRAN_NEVER || Some(at) == now(network));
                            assert!(now(network) >= before, "time goes back");
                        }
                    }
                }
                NetworkStep::Run(network, time) => {
                    let network = pick(&self.0, *network);
                    let until = now(network).unwrap_or(0).saturating_add((*time).into());
                    let status = check(iiptran_network_run_until(network, until));
                    assert_eq!(now(network), (status == IIPTRAN_OK).then_some(until));
                }
                NetworkStep::Send(network, names, input, is_null) => {
                    let network = pick(&self.0, *network);
                    let (memory, mut number) = (input.memory(case, last), Place::new(*is_null));
                    let place: *mut u64 = number.pointer();
                    let Some((first, length)) = inside(&memory.packet) else {
                        return;
                    };
                    let before = memory.buffer.clone();
                    let status = Name::with_both(names, |from, n, within, m| {
                        iiptran_network_send(network, from, n, within, m, first, length, place)
                    });
                    number.after(check(status));
                    assert_eq!(memory.buffer, before);
                }
                NetworkStep::SetWireUp(network, wire, up) => {
                    let network = pick(&self.0, *network);
                    check(wire.with(|wire, n| iiptran_network_set_wire_up(network, wire, n, *up)));
                }
                NetworkStep::SetLinkUp(network, names, up) => {
                    let network = pick(&self.0, *network);
                    check(Name::with_both(names, |node, n, link, m| {
                        iiptran_network_set_link_up(network, node, n, link, m, *up)
                    }));
                }
                NetworkStep::TakeCapture(network, wire, is_null) => {
                    let (network, mut capture) = (pick(&self.0, *network), Place::new(*is_null));
                    let place = capture.pointer();
                    let status =
                        wire.with(|wire, n| iiptran_network_take_capture(network, wire, n, place));
                    if let Some(capture) = capture.after(check(status)) {
                        let file = iiptran_capture_bytes(capture);
                        let file = std::slice::from_raw_parts(file.first, file.length);
                        assert!(file.len() >= 24, "no pcap header");
                        iiptran_capture_free(capture);
                    }
                }
                NetworkStep::Ask(network, question, is_null) => {
                    let network = pick(&self.0, *network);
                    self.ask(network);
                    tell(*is_null, |text| match question % 7 {
                        0 => iiptran_network_take_ends(network, text),
                        1 => iiptran_network_take_trace(network, text),
                        2 => iiptran_network_report(network, text),
                        3 => iiptran_network_keys(network, text),
                        4 => iiptran_network_nodes(network, text),
                        5 => iiptran_network_wires(network, text),
                        _ => iiptran_scenarios(text),
                    });
                }
                NetworkStep::Tables(network, node) => {
                    let network = pick(&self.0, *network);
                    tell(false, |text| {
                        node.with(|node, n| iiptran_network_tables(network, node, n, text))
                    });
                }
                NetworkStep::Way(network, names, address) => {
                    let (network, mut link) = (pick(&self.0, *network), Place::new(false));
                    let (address, place) = (address.value(), link.pointer());
                    let status = Name::with_both(names, |node, n, within, m| {
                        iiptran_network_way(network, node, n, within, m, &address, place)
                    });
                    // NULL where no route leads there.
                    iiptran_text_free(link.after(check(status)).unwrap_or(ptr::null_mut()));
                }
            }
        }
    }

    /// The numbers that a network tells of itself.
    unsafe fn ask(&self, network: *const iiptran_network_t) {
        for ask in [
            iiptran_network_duration,
            iiptran_network_seed,
            iiptran_network_under_way,
        ] {
            let mut value = Place::new(false);
            // SAFETY: the network is live, or NULL.
            let status = unsafe { ask(network, value.pointer()) };
            value.after(check(status));
        }
    }
}

/// How much time has passed; nothing of NULL.
unsafe fn now(network: *const iiptran_network_t) -> Option<u64> {
    let mut value = Place::new(false);
    // SAFETY: the network is live, or NULL.
    let status = unsafe { iiptran_network_now(network, value.pointer()) };
    value.after(check(status))
}

/// Asks for a document, which must be JSON.
unsafe fn tell(is_null: bool, ask: impl FnOnce(*mut *mut iiptran_text_t) -> iiptran_status_t) {
    let mut place = Place::new(is_null);
    let status = check(ask(place.pointer()));
    if let Some(text) = place.after(status) {
        // SAFETY: the library gave the text.
        unsafe {
            let words = iiptran_text_words(text);
            let words = std::slice::from_raw_parts(words.text.cast::<u8>(), words.length);
            serde_json::from_slice::<Value>(words).unwrap();
            iiptran_text_free(text);
        }
    }
}

impl Drop for Networks {
    fn drop(&mut self) {
        for network in &self.0 {
            // SAFETY: it is live and nobody else's.
            unsafe { iiptran_network_free(*network) };
        }
    }
}
