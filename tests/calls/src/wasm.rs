//! The calls for JavaScript, which reads the vectors and compares.

use wasm_bindgen::prelude::wasm_bindgen;

use crate::{Runner, Seals};

/// What was made in one case.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct Calls(Runner);

#[wasm_bindgen]
impl Calls {
    /// Nothing was made yet.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes the call of a step, and gives what comes back; both are JSON.
    ///
    /// # Panics
    /// If it is no step, or names what does not exist.
    pub fn call(&mut self, step: &str) -> String {
        let step = serde_json::from_str(step).expect("a step");
        serde_json::to_string(&self.0.call(&step)).expect("JSON")
    }
}

/// An SA and a packet, whose seals JavaScript takes the time of.
#[wasm_bindgen]
#[derive(Debug)]
pub struct TimedSeals(Seals);

#[wasm_bindgen]
impl TimedSeals {
    /// The outbound SA of a document, and a packet of `size` bytes.
    ///
    /// # Panics
    /// If the document is wrong, or no packet is so long.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(document: &str, size: usize) -> Self {
        Self(Seals::new(document, size).expect("an SA"))
    }

    /// Seals the packet `count` times, and gives what the last of them came to.
    ///
    /// # Panics
    /// If a packet is not sealed.
    pub fn run(&mut self, count: u32) -> Vec<u8> {
        self.0.run(count).expect("a sealed packet").to_vec()
    }
}
