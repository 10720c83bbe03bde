"""The module that the package is built around; its classes are described in `iiptran`."""

__all__ = [
    "Deliver",
    "Explained",
    "Fib",
    "Hold",
    "InboundSa",
    "Network",
    "NextHop",
    "Node",
    "Opened",
    "OutboundSa",
    "Packet",
    "PacketEnd",
    "PolicyMatch",
    "Sad",
    "SaId",
    "Sealed",
    "Spd",
    "Tables",
    "Transmit",
    "__version__",
    "explain",
    "reasons",
    "scenarios",
]

from iiptran import Deliver as Deliver
from iiptran import Explained as Explained
from iiptran import Fib as Fib
from iiptran import Hold as Hold
from iiptran import InboundSa as InboundSa
from iiptran import Network as Network
from iiptran import NextHop as NextHop
from iiptran import Node as Node
from iiptran import Opened as Opened
from iiptran import OutboundSa as OutboundSa
from iiptran import Packet as Packet
from iiptran import PacketEnd as PacketEnd
from iiptran import PolicyMatch as PolicyMatch
from iiptran import Sad as Sad
from iiptran import SaId as SaId
from iiptran import Sealed as Sealed
from iiptran import Spd as Spd
from iiptran import Tables as Tables
from iiptran import Transmit as Transmit
from iiptran import __version__ as __version__
from iiptran import explain as explain
from iiptran import scenarios as scenarios

def reasons() -> bytes:
    """The codes of all drop reasons."""
