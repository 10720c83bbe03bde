//! A whole network, run from JavaScript.

use iiptran::Instant;
use iiptran::network::{Event, Observer, Record};
use wasm_bindgen::prelude::*;

use crate::fault;
use crate::look::{self, list, scenario};
use crate::{answer, error, parsed};

/// A network of nodes on a virtual clock.
#[wasm_bindgen]
pub struct Network(iiptran::network::Network);

#[wasm_bindgen]
impl Network {
    /// The network of a scenario, at its beginning.
    ///
    /// # Errors
    /// What is wrong with the request.
    #[wasm_bindgen(constructor)]
    pub fn new(request: &str) -> Result<Self, JsValue> {
        let made = fault::request(request)
            .and_then(|request| scenario(&request))
            .and_then(|scenario| look::network(&scenario));
        made.map(Self).map_err(|fault| error(&fault))
    }

    /// The moment, nanoseconds.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn now(&self) -> u64 {
        self.0.now().as_nanos()
    }

    /// Runs up to a moment, nanoseconds, and gives what happened: as `iiptran sim --events` does.
    ///
    /// # Errors
    /// None.
    #[wasm_bindgen(js_name = runUntil)]
    pub fn run_until(&mut self, nanoseconds: u64) -> Result<JsValue, JsValue> {
        let mut events = Events::default();
        self.0
            .run_until(Instant::from_nanos(nanoseconds), &mut events);
        parsed(&list(&events.0))
    }

    /// What the run came to until now.
    ///
    /// # Errors
    /// None.
    pub fn report(&self) -> Result<JsValue, JsValue> {
        answer(Ok(self.0.report()))
    }

    /// The keys of all SAs that there were.
    ///
    /// # Errors
    /// None.
    pub fn keys(&self) -> Result<JsValue, JsValue> {
        answer(Ok(self.0.keys()))
    }

    /// The tables of a node; undefined if there is none of this name.
    ///
    /// # Errors
    /// None.
    pub fn tables(&self, node: &str) -> Result<JsValue, JsValue> {
        match self.0.nodes().find(|(name, _)| *name == node) {
            Some((_, node)) => answer(Ok(node.report())),
            None => Ok(JsValue::UNDEFINED),
        }
    }
}

#[derive(Default)]
struct Events(Vec<String>);

impl Observer for Events {
    fn event(&mut self, time: Instant, event: &Event<'_>) {
        if let Ok(value) = serde_json::to_string(&Record { time, event }) {
            self.0.push(value);
        }
    }
}
