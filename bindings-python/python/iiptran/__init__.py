"""RFC 3884, "Use of IPsec Transport Mode for Dynamic Routing", for test benches.

Two levels, as in the library: SAs, SAD, SPD and FIB for known-answer tests of each part, `Node` for the
whole, and `Network` for many nodes on a virtual clock. `iiptran.config` has a dataclass for each kind of document, `iiptran.bench` whatever a test
bench needs, `iiptran.pcap` captures, `iiptran.scapy` the way to and from Scapy.

Time is in nanoseconds since a moment that the caller chose. Lengths and offsets are in bytes.
"""

from iiptran._errors import ConfigError, Drop, Error, Misuse, Panic
from iiptran._iiptran import (
    Deliver,
    Explained,
    Fib,
    Hold,
    InboundSa,
    Network,
    NextHop,
    Node,
    Opened,
    OutboundSa,
    Packet,
    PacketEnd,
    PolicyMatch,
    Sad,
    SaId,
    Sealed,
    Spd,
    Tables,
    Transmit,
    __version__,
    choose_kernel,
    explain,
    kernel,
    scenarios,
    spi_of,
)
from iiptran._iiptran import follow_environment as _follow_environment
from iiptran._reasons import DropReason
from iiptran._types import Address, AddressLike, Buffer, BurstItem, Document, Results, Verdict
from iiptran._walkthrough import Walkthrough

__all__ = [
    "Address",
    "AddressLike",
    "Buffer",
    "BurstItem",
    "ConfigError",
    "Deliver",
    "Document",
    "Drop",
    "DropReason",
    "Error",
    "Explained",
    "Fib",
    "Hold",
    "InboundSa",
    "Misuse",
    "Network",
    "NextHop",
    "Node",
    "Opened",
    "OutboundSa",
    "Packet",
    "PacketEnd",
    "Panic",
    "PolicyMatch",
    "Results",
    "SaId",
    "Sad",
    "Sealed",
    "Spd",
    "Tables",
    "Transmit",
    "Verdict",
    "Walkthrough",
    "__version__",
    "choose_kernel",
    "explain",
    "kernel",
    "scenarios",
    "spi_of",
]

# Where people look for them, and what tracebacks say.
for _public in (ConfigError, Drop, DropReason, Error, Misuse, Panic, Walkthrough):
    _public.__module__ = __name__

_follow_environment()
