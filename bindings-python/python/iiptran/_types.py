"""Types of arguments and results."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import Field
from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeAlias, TypeVar

from iiptran._errors import Drop
from iiptran._iiptran import BurstResults, Deliver, Hold, Packet, Transmit


class _Array(Protocol):
    """An array of NumPy, whose own types tell of the buffer protocol from Python 3.12 on only."""

    @property
    def __array_interface__(self) -> dict[str, Any]: ...


if TYPE_CHECKING:
    import typing_extensions

    Buffer: TypeAlias = typing_extensions.Buffer | _Array
else:
    Buffer = bytes | bytearray | memoryview
    """Bytes in one piece: bytes, bytearray, memoryview, array, mmap, an array of NumPy."""


class _Dataclass(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


Document: TypeAlias = str | Mapping[str, Any] | _Dataclass
"""JSON if it begins with a brace and TOML if not; or the same as a mapping or dataclass."""
Address: TypeAlias = IPv4Address | IPv6Address
AddressLike: TypeAlias = str | IPv4Address | IPv6Address
BurstItem: TypeAlias = Packet | Buffer | tuple[Buffer, int, int]
"""A packet of a burst: a `Packet`, a writable buffer, or one with offset and length."""
Verdict: TypeAlias = Transmit | Deliver | Hold | Drop
"""What becomes of a packet."""

R_co = TypeVar("R_co", covariant=True)


class Results(Sequence[R_co]):
    """What became of the packets of a burst, in their order; what did not work is an exception, not raised.

    An object is made when it is asked for. Ask for each once if there are many.
    """

    @property
    @abstractmethod
    def failed(self) -> Sequence[int]:
        """The places of the packets that failed, from 0."""

    @abstractmethod
    def __eq__(self, other: object) -> bool:
        """Whether the other results, or those of a list, say the same."""


Results.register(BurstResults)
