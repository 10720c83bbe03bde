//! The calls for JavaScript, which reads the vectors and compares.

use wasm_bindgen::prelude::wasm_bindgen;

use crate::Runner;

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
