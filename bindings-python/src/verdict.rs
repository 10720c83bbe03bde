//! What becomes of a packet. One that met its end is an exception that is not raised.

use std::net::IpAddr;

use iiptran_host::{Error, Place, Verdict};
use pyo3::prelude::*;

use crate::raise;
use crate::results::Shown;

/// Send the packet out of a physical link.
#[pyclass(frozen, eq, get_all, module = "iiptran")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Transmit {
    /// The link's number.
    link: u32,
    /// The neighbour on that link: the far end itself, or a router.
    next_hop: IpAddr,
    /// Where the packet is in its buffer now.
    offset: usize,
    /// The packet's length now.
    length: usize,
}

/// Hand the packet to the node's own upper layers.
#[pyclass(frozen, eq, get_all, module = "iiptran")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Deliver {
    /// The number of the physical or virtual link that it came through.
    link: u32,
    /// Where the packet is in its buffer now.
    offset: usize,
    /// The packet's length now.
    length: usize,
}

/// The packet is a fragment; the node keeps it until the datagram is whole.
#[pyclass(frozen, eq, module = "iiptran")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hold;

#[pymethods]
impl Transmit {
    #[classattr]
    const fn __match_args__() -> (&'static str, &'static str) {
        ("link", "next_hop")
    }

    fn __repr__(&self) -> String {
        format!(
            "<iiptran.Transmit link={} next_hop={} offset={} length={}>",
            self.link, self.next_hop, self.offset, self.length
        )
    }
}

#[pymethods]
impl Deliver {
    #[classattr]
    const fn __match_args__() -> (&'static str,) {
        ("link",)
    }

    fn __repr__(&self) -> String {
        format!(
            "<iiptran.Deliver link={} offset={} length={}>",
            self.link, self.offset, self.length
        )
    }
}

#[pymethods]
impl Hold {
    fn __repr__(&self) -> &'static str {
        "<iiptran.Hold>"
    }
}

/// A drop as an error, which leaves the packet as it was.
pub(crate) fn or_error(verdict: Verdict) -> Result<Verdict, Error> {
    match verdict {
        Verdict::Drop(reason) => Err(reason.into()),
        verdict => Ok(verdict),
    }
}

impl Shown for Verdict {
    fn object(self, py: Python<'_>, place: Place) -> PyResult<Bound<'_, PyAny>> {
        let Place { offset, length } = place;
        match self {
            Self::Transmit { link, next_hop } => {
                let transmit = Transmit {
                    link: link.0,
                    next_hop,
                    offset,
                    length,
                };
                Ok(Bound::new(py, transmit)?.into_any())
            }
            Self::Deliver { link } => {
                let deliver = Deliver {
                    link: link.0,
                    offset,
                    length,
                };
                Ok(Bound::new(py, deliver)?.into_any())
            }
            Self::Hold => Ok(Bound::new(py, Hold)?.into_any()),
            Self::Drop(reason) => raise::drop_object(py, reason, Some(offset)),
        }
    }
}
