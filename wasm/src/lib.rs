//! IIPtran for JavaScript: packet walkthroughs and whole networks of RFC 3884, in a browser or Node.
//!
//! Requests and answers are plain objects whose fields are named as in documents. What is wrong with a
//! request is thrown as an `Error` with the properties `part`, `path`, `cause`, `line` and `column`. There
//! is no state behind the functions but in [`Exchange`] and [`Network`].

mod capture;
mod exchange;
mod fault;
mod history;
mod journey;
mod line;
mod look;
mod mishap;
mod network;
mod tamper;

pub use capture::{Capture, CaptureReport, CaptureWalk, RowReport};
pub use exchange::SealedReport;
pub use fault::Fault;
pub use history::{HistoryRequest, Part, history};
pub use journey::{Journey, KeysReport, Leg};
pub use line::{
    EchoRequest, LineReport, LineRequest, PacketRequest, SourceReport, StationRequest,
    StationTables, walk,
};
pub use look::{LookReport, LookRequest, RunRequest, look, scenario};
pub use mishap::Mishap;
pub use network::Network;

use std::sync::Mutex;

use iiptran::network::{SHIPPED, ScenarioConfig};
use iiptran::walkthrough::GATEWAYS;
use iiptran::{DropReason, Explained};
use serde::Serialize;
use wasm_bindgen::prelude::*;

static LAST_PANIC: Mutex<String> = Mutex::new(String::new());

/// Notes what a fault of the program itself says, for [`last_panic`].
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|information| {
        if let Ok(mut last) = LAST_PANIC.lock() {
            *last = information.to_string();
        }
    }));
}

/// The message of the last fault of the program itself. The module must be loaded anew after it.
#[wasm_bindgen(js_name = lastPanic)]
#[must_use]
pub fn last_panic() -> String {
    LAST_PANIC
        .lock()
        .map(|last| last.clone())
        .unwrap_or_default()
}

/// Follows a packet through a line of nodes: see [`walk`].
///
/// # Errors
/// What is wrong with the request.
#[wasm_bindgen(js_name = walk)]
pub fn walk_from_js(request: &str) -> Result<JsValue, JsValue> {
    answer(fault::request(request).and_then(|request| walk(&request)))
}

/// Looks at a network at a moment, and the way of its next packet.
///
/// # Errors
/// What is wrong with the request.
#[wasm_bindgen(js_name = look)]
pub fn look_from_js(request: &str) -> Result<JsValue, JsValue> {
    let report = fault::request(request).and_then(|request| look(&request));
    let text = report.map_err(|fault| error(&fault))?.json();
    parsed(&text.map_err(|error| error.to_string())?)
}

/// How many packets of a flow were sent and arrived, part by part of a run.
///
/// # Errors
/// What is wrong with the request.
#[wasm_bindgen(js_name = history)]
pub fn history_from_js(request: &str) -> Result<JsValue, JsValue> {
    answer(fault::request(request).and_then(|request| history(&request)))
}

/// The scenario of a request as it is run, as an object.
///
/// # Errors
/// What is wrong with the request.
#[wasm_bindgen(js_name = scenario)]
pub fn scenario_from_js(request: &str) -> Result<JsValue, JsValue> {
    answer(fault::request(request).and_then(|request| scenario(&request)))
}

/// What a drop reason means: name, code, clause, meaning and what to check; undefined if there is none of
/// this name.
///
/// # Errors
/// None.
#[wasm_bindgen]
pub fn explain(name: &str) -> Result<JsValue, JsValue> {
    match DropReason::from_name(name) {
        Some(reason) => answer(Ok(Explained::from(reason))),
        None => Ok(JsValue::UNDEFINED),
    }
}

/// All drop reasons.
///
/// # Errors
/// None.
#[wasm_bindgen(js_name = dropReasons)]
pub fn drop_reasons() -> Result<JsValue, JsValue> {
    let all = DropReason::ALL.iter().copied().map(Explained::from);
    answer(Ok(all.collect::<Vec<_>>()))
}

#[derive(Serialize)]
struct Shipped {
    name: &'static str,
    text: &'static str,
    title: Option<String>,
    description: Option<String>,
}

/// The scenarios that come with the crate: names, texts, titles and descriptions.
///
/// # Errors
/// None.
#[wasm_bindgen]
pub fn shipped() -> Result<JsValue, JsValue> {
    let scenarios = SHIPPED.iter().map(|scenario| {
        let config = ScenarioConfig::from_toml(scenario.text).ok();
        let words = config.map(|config| (config.title, config.description));
        let (title, description) = words.unzip();
        Shipped {
            name: scenario.name,
            text: scenario.text,
            title,
            description,
        }
    });
    answer(Ok(scenarios.collect::<Vec<_>>()))
}

#[derive(Serialize)]
struct GatewayText {
    name: &'static str,
    document: &'static str,
}

/// The two gateways that come with the crate: names and documents.
///
/// # Errors
/// None.
#[wasm_bindgen]
pub fn gateways() -> Result<JsValue, JsValue> {
    let gateways = GATEWAYS.iter().map(|gateway| GatewayText {
        name: gateway.name,
        document: gateway.text,
    });
    answer(Ok(gateways.collect::<Vec<_>>()))
}

/// Packets sealed at one end of a line and opened at the other, in any order.
#[wasm_bindgen]
pub struct Exchange(exchange::Exchange);

#[wasm_bindgen]
impl Exchange {
    /// The two ends of a line.
    ///
    /// # Errors
    /// What is wrong with the request.
    #[wasm_bindgen(constructor)]
    pub fn new(request: &str) -> Result<Self, JsValue> {
        let made = fault::request(request).and_then(|request| exchange::Exchange::new(&request));
        made.map(Self).map_err(|fault| error(&fault))
    }

    /// Seals one more packet: its number and its bytes.
    ///
    /// # Errors
    /// Why it can't be sealed.
    pub fn send(&mut self) -> Result<JsValue, JsValue> {
        answer(self.0.send())
    }

    /// Delivers the packet of this place, from 0: its walkthrough.
    ///
    /// # Errors
    /// There is no such packet.
    pub fn deliver(&mut self, place: usize) -> Result<JsValue, JsValue> {
        answer(self.0.deliver(place))
    }

    /// Delivers the packet of this place with another number on it.
    ///
    /// # Errors
    /// There is no such packet.
    pub fn forge(&mut self, place: usize, sequence: u32) -> Result<JsValue, JsValue> {
        answer(self.0.forge(place, sequence))
    }
}

/// A capture, and what became of each of its packets.
#[wasm_bindgen(js_name = Capture)]
pub struct CaptureHandle(Capture, CaptureReport);

#[wasm_bindgen(js_class = Capture)]
impl CaptureHandle {
    /// Reads a capture, pcap or pcapng, and opens what the keys open: our document, Wireshark's table or
    /// `ip xfrm state`.
    ///
    /// # Errors
    /// What is wrong with the capture or the keys.
    #[wasm_bindgen(constructor)]
    pub fn new(name: &str, bytes: &[u8], keys: &str) -> Result<Self, JsValue> {
        let read = Capture::new(name, bytes, keys);
        let (capture, report) = read.map_err(|fault| error(&fault))?;
        Ok(Self(capture, report))
    }

    /// Packets in hexadecimal digits, one on each line.
    ///
    /// # Errors
    /// What is wrong with a line, or with the keys.
    #[wasm_bindgen(js_name = fromHex)]
    pub fn from_hex(text: &str, keys: &str) -> Result<Self, JsValue> {
        let (capture, report) = Capture::from_hex(text, keys).map_err(|fault| error(&fault))?;
        Ok(Self(capture, report))
    }

    /// The capture as a whole.
    ///
    /// # Errors
    /// None.
    pub fn report(&self) -> Result<JsValue, JsValue> {
        answer(Ok(&self.1))
    }

    /// Packets from a place on, from 0, and what became of them.
    ///
    /// # Errors
    /// None.
    pub fn rows(&self, from: usize, count: usize) -> Result<JsValue, JsValue> {
        answer(Ok(self.0.rows(from, count)))
    }

    /// The way of a packet through its receiver.
    ///
    /// # Errors
    /// There is no such packet, or it is not IP.
    pub fn walk(&self, place: usize) -> Result<JsValue, JsValue> {
        answer(self.0.walk(place))
    }

    /// The keys in the comment of a capture, pcapng, as [`Self::pcapng`] puts them there; undefined if it has
    /// none. Their text is not looked at further.
    ///
    /// # Errors
    /// What is wrong with the beginning of the capture.
    #[wasm_bindgen(js_name = keysIn)]
    pub fn keys_in(name: &str, bytes: &[u8]) -> Result<Option<String>, JsValue> {
        capture::keys_in(name, bytes).map_err(|fault| error(&fault))
    }

    /// The IP packets as a pcapng file, with a comment such as the keys.
    #[must_use]
    pub fn pcapng(&self, comment: &str) -> Vec<u8> {
        self.0.pcapng(comment)
    }
}

fn answer<T: Serialize>(result: Result<T, Fault>) -> Result<JsValue, JsValue> {
    let value = result.map_err(|fault| error(&fault))?;
    parsed(&serde_json::to_string(&value).map_err(|error| error.to_string())?)
}

/// A JSON text as a value of JavaScript.
fn parsed(text: &str) -> Result<JsValue, JsValue> {
    js_sys::JSON::parse(text)
}

/// A fault as a JavaScript `Error`.
fn error(fault: &Fault) -> JsValue {
    let error = js_sys::Error::new(&fault.to_string());
    let set = |name: &str, value: JsValue| {
        // Setting a property of a new object can't fail.
        let _ = js_sys::Reflect::set(&error, &name.into(), &value);
    };
    set("part", fault.part.as_str().into());
    set("cause", fault.cause.as_str().into());
    set("path", fault.path.as_deref().into());
    set("line", fault.line.map(|line| line as f64).into());
    set("column", fault.column.map(|column| column as f64).into());
    error.into()
}
