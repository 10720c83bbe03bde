"""Packets and SAs that tests share, written by hand from the RFCs."""

from __future__ import annotations

import struct
from typing import Any

import iiptran

KEY = bytes(range(20))


def udp(payload: bytes = b"ping over ESP", source: str = "192.0.2.1", ttl: int = 64) -> bytes:
    """An IPv4 packet with a UDP datagram from `source` to 192.0.2.2."""
    body = struct.pack("!HHHH", 12345, 7, 8 + len(payload), 0) + payload
    addresses = bytes(map(int, source.split("."))) + bytes([192, 0, 2, 2])
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(body), 0, 0, ttl, 17, 0) + addresses
    checksum = sum(struct.unpack("!10H", head))
    checksum = (checksum & 0xFFFF) + (checksum >> 16)
    return head[:10] + struct.pack("!H", ~(checksum + (checksum >> 16)) & 0xFFFF) + head[12:] + body


def inner(ttl: int = 64) -> bytes:
    """A packet from 10.1.0.5 to 10.2.0.5 with two bytes of an unassigned protocol."""
    packet = bytearray.fromhex("4500001600000000 40fd 65df 0a010005 0a020005 aabb".replace(" ", ""))
    packet[8] = ttl
    packet[10:12] = struct.pack("!H", 0x65DF + ((64 - ttl) << 8))
    return bytes(packet)


def sa(**fields: Any) -> dict[str, Any]:
    """The document of an SA with AES-GCM."""
    return {"spi": 0x1000, "transform": "aes-128-gcm-16", "key": KEY, **fields}


def pair(**fields: Any) -> tuple[iiptran.OutboundSa, iiptran.InboundSa]:
    """Both sides of an SA."""
    return iiptran.OutboundSa(sa(**fields)), iiptran.InboundSa(sa(**fields))
