"""Captures: packets from and to pcap files of IP packets, without any other library.

`read` takes the classic format, in either byte order and resolution, of raw IP, Ethernet, Linux
cooked or loopback captures; `write` makes one of raw IP packets.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from iiptran._errors import Error

_MAGIC = {0xA1B2C3D4: 1000, 0xA1B23C4D: 1}
"""Nanoseconds of one unit of the fraction of a second."""
_RAW_IP = 101
_LONGEST = 262_144
"""No packet of a capture is longer; a larger length is damage."""
_HEADERS = {0: 4, 1: 14, 12: 0, 101: 0, 108: 4, 113: 16, 228: 0, 229: 0, 276: 20}
"""Bytes before the IP packet, by link type."""
_ETHERTYPE = {1: 12, 113: 14, 276: 0}
"""Where the EtherType is, by link type."""
_IP = (0x0800, 0x86DD)


class CaptureError(Error, ValueError):
    """A file is no capture, or a damaged one; `offset` says where."""

    offset: int
    """Bytes from the start of the file."""

    def __init__(self, cause: str, offset: int) -> None:
        super().__init__(cause, offset)
        self.offset = offset
        self._cause = cause

    def __str__(self) -> str:
        return f"byte {self.offset}: {self._cause}"


@dataclass(frozen=True)
class Captured:
    """An IP packet of a capture."""

    data: bytes
    """The packet from its IP header on."""
    time: int
    """When it was captured, nanoseconds since 1970."""


def read(path: str | os.PathLike[str]) -> Iterator[Captured]:
    """The IP packets of a capture; frames that carry none are left out."""
    with open(path, "rb") as file:
        yield from _packets(file)


def write(path: str | os.PathLike[str], packets: Iterable[bytes | Captured]) -> None:
    """Writes a capture of raw IP packets, times in nanoseconds."""
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, _LONGEST, _RAW_IP))
        for item in packets:
            packet = item if isinstance(item, Captured) else Captured(bytes(item), 0)
            seconds, fraction = divmod(packet.time, 1_000_000_000)
            length = len(packet.data)
            file.write(struct.pack("<IIII", seconds, fraction, length, length) + packet.data)


def _packets(file: BinaryIO) -> Iterator[Captured]:
    header = _exactly(file, 24, "the file is too short for a capture")
    order = next((order for order in "<>" if _magic(order, header) in _MAGIC), None)
    if order is None:
        raise CaptureError("this is no pcap file", 0)
    unit = _MAGIC[_magic(order, header)]
    link_type = struct.unpack(f"{order}I", header[20:])[0] & 0xFFFF
    if link_type not in _HEADERS:
        raise CaptureError(f"the link type {link_type} is not known", 20)
    while start := file.read(16):
        offset = file.tell() - len(start)
        if len(start) < 16:
            raise CaptureError("the header of a packet is cut off", offset)
        seconds, fraction, length, _ = struct.unpack(f"{order}IIII", start)
        if length > _LONGEST:
            raise CaptureError(f"a packet of {length} bytes is too long", offset)
        frame = _exactly(file, length, "a packet is cut off")
        if _is_ip(frame, link_type):
            yield Captured(frame[_HEADERS[link_type] :], seconds * 1_000_000_000 + fraction * unit)


def _magic(order: str, header: bytes) -> int:
    return int(struct.unpack(f"{order}I", header[:4])[0])


def _is_ip(frame: bytes, link_type: int) -> bool:
    if len(frame) <= _HEADERS[link_type]:
        return False
    place = _ETHERTYPE.get(link_type)
    return place is None or int.from_bytes(frame[place : place + 2]) in _IP


def _exactly(file: BinaryIO, length: int, cause: str) -> bytes:
    offset = file.tell()
    data = file.read(length)
    if len(data) < length:
        raise CaptureError(cause, offset)
    return data
