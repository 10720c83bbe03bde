//! Links and networks by name or number.

use iiptran_host::{LinkId, Misuse, NetworkId, Node};
use pyo3::FromPyObject;
use pyo3::pybacked::PyBackedStr;

/// A link or network, by number or name.
#[derive(Debug, FromPyObject)]
pub(crate) enum Name {
    Number(u32),
    Text(PyBackedStr),
}

impl Name {
    pub(crate) fn link(&self, node: &Node) -> Result<LinkId, Misuse> {
        match self {
            Self::Number(number) => Ok(LinkId(*number)),
            Self::Text(name) => node.link(name),
        }
    }

    pub(crate) fn network(&self, node: &Node) -> Result<NetworkId, Misuse> {
        match self {
            Self::Number(number) => Ok(NetworkId(*number)),
            Self::Text(name) => node.network(name),
        }
    }
}
