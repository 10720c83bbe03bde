//! The keys of inbound SAs.

use std::net::IpAddr;

use iiptran_host::{SaId, Spi};
use napi::{Env, Result};
use napi_derive::napi;

use crate::fault;

/// The key under which packets find an inbound SA (RFC 4301 section 4.1).
#[napi(object)]
pub struct SaKey {
    /// Security parameters index.
    pub spi: u32,
    /// The destination, if it takes part in the lookup.
    pub destination: Option<String>,
    /// The source, if it takes part in the lookup.
    pub source: Option<String>,
}

impl SaKey {
    pub(crate) fn id(&self, env: &Env) -> Result<SaId> {
        let parsed = |text: &Option<String>| {
            let text = text.as_deref();
            text.map(|text| address(env, text)).transpose()
        };
        Ok(SaId {
            spi: Spi(self.spi),
            destination: parsed(&self.destination)?,
            source: parsed(&self.source)?,
        })
    }
}

impl From<SaId> for SaKey {
    fn from(id: SaId) -> Self {
        let text = |address: Option<IpAddr>| address.map(|address| address.to_string());
        Self {
            spi: id.spi.0,
            destination: text(id.destination),
            source: text(id.source),
        }
    }
}

/// An IP address.
pub(crate) fn address(env: &Env, text: &str) -> Result<IpAddr> {
    text.parse().map_err(|_wrong| {
        let told = format!("\"{}\" is no IP address", text.escape_debug());
        fault::misuse(env, "no-address", &told)
    })
}
