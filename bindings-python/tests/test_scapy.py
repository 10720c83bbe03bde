"""Against Scapy: thousands of random packets, sealed by one and opened by the other, byte for byte.

Where Scapy is wrong, `test_scapy_faults.py` shows how; those cases are left out here, by name.
"""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

import pytest
from known import inner
from scapy.layers.inet import ICMP, IP, TCP, UDP
from scapy.layers.inet6 import IPv6
from scapy.layers.ipsec import ESP, SecurityAssociation
from scapy.packet import Raw

import iiptran
from iiptran import Packet, config
from iiptran.scapy import from_scapy, sa_of, security_association, supports, to_scapy

PACKETS = 30
"""Random packets for each transform and arrangement."""

# Bytes of key and salt.
KEYS = {
    **{f"aes-{bits}-gcm-16": bits // 8 + 4 for bits in (128, 192, 256)},
    **{f"aes-{bits}-ccm-{icv}": bits // 8 + 3 for bits in (128, 192, 256) for icv in (8, 12, 16)},
    **{f"aes-{bits}-gmac": bits // 8 + 4 for bits in (128, 192, 256)},
    "chacha20-poly1305": 36,
    **{f"aes-{bits}-cbc": bits // 8 for bits in (128, 192, 256)},
    **{f"aes-{bits}-ctr": bits // 8 + 4 for bits in (128, 192, 256)},
    "null": 0,
}
INTEGRITY_KEYS = {
    "hmac-sha1-96": 20,
    "hmac-sha2-256-128": 32,
    "hmac-sha2-384-192": 48,
    "hmac-sha2-512-256": 64,
    "aes-cmac-96": 16,
}
COMBINED = ("gcm", "ccm", "gmac", "poly1305")


def transforms() -> list[str]:
    names = []
    for encryption in KEYS:
        if any(word in encryption for word in COMBINED):
            names.append(encryption)
        else:
            names += [f"{encryption} + {integrity}" for integrity in INTEGRITY_KEYS]
    return names


def sa(transform: str, dice: random.Random, **fields: object) -> config.Sa:
    encryption, _, integrity = transform.partition(" + ")
    plain = config.Sa(
        spi=dice.randrange(256, 1 << 32),
        transform=transform,
        key=dice.randbytes(KEYS[encryption]) or None,
        integrity_key=dice.randbytes(INTEGRITY_KEYS[integrity]) if integrity else None,
        check_padding=True,
    )
    return replace(plain, **fields)  # type: ignore[arg-type]


def iv_length(transform: str) -> int:
    return 16 if "cbc" in transform else 0 if transform.startswith("null") else 8


def packet(dice: random.Random, version: int) -> IP | IPv6:
    """A random packet, as Scapy builds it."""
    payload = Raw(dice.randbytes(dice.choice([0, 1, 2, 3, 15, 16, 17, dice.randrange(1400)])))
    upper = dice.choice(
        [
            UDP(sport=dice.randrange(5000, 65536), dport=dice.randrange(5000, 65536)),
            TCP(sport=dice.randrange(1, 65536), dport=dice.randrange(1, 65536), flags="PA"),
            ICMP() if version == 4 else UDP(sport=7, dport=9),
        ]
    )
    head: IP | IPv6
    if version == 4:
        head = IP(
            src=f"192.0.2.{dice.randrange(1, 255)}",
            dst=f"198.51.100.{dice.randrange(1, 255)}",
            tos=dice.randrange(256),
            ttl=dice.randrange(1, 256),
            id=dice.randrange(65536),
            flags="DF" if dice.random() < 0.5 else 0,
        )
    else:
        head = IPv6(
            src=f"2001:db8::{dice.randrange(1, 65536):x}",
            dst=f"2001:db8:1::{dice.randrange(1, 65536):x}",
            tc=dice.randrange(256),
            fl=dice.randrange(1 << 20),
            hlim=dice.randrange(1, 256),
        )
    return to_scapy(bytes(head / upper / payload))


def mended(sealed: IP | IPv6) -> bytes:
    """Scapy's packet with the UDP checksum that Scapy computes when it is asked to."""
    if sealed.version == 6 and sealed.nh == 17:
        sealed = to_scapy(bytes(sealed))
        del sealed[UDP].chksum
    return bytes(sealed)


CASES = list(itertools.product(transforms(), (4, 6), (False, True)))


@pytest.mark.parametrize(
    ("transform", "version", "extended"),
    CASES,
    ids=[f"{name}, IPv{version}{', ESN' if esn else ''}" for name, version, esn in CASES],
)
def test_both_make_the_same_bytes_and_open_them(
    transform: str, version: int, extended: bool
) -> None:
    dice = random.Random(f"{transform} {version} {extended}")
    # Not from 0: a high half of 0 is one of Scapy's faults.
    high = dice.randrange(1, 1 << 32) if extended else 0
    start = (high << 32) + dice.randrange(1, (1 << 32) - PACKETS - 1)
    udp = config.UdpEncapsulation() if dice.random() < 0.5 else None
    document = sa(
        transform, dice, extended_sequence=extended, start=start, udp_encapsulation=udp
    )
    theirs = security_association(document)
    sender, receiver = iiptran.OutboundSa(document), iiptran.InboundSa(document)
    for number in range(start + 1, start + 1 + PACKETS):
        plain = packet(dice, version)
        iv = dice.randbytes(iv_length(transform))
        sealed = from_scapy(plain)
        assert sender.seal(sealed, iv=iv).sequence == number
        expected = mended(theirs.encrypt(plain.copy(), iv=iv))
        assert sealed == expected
        assert receiver.open(sealed).sequence == number
        assert sealed == bytes(plain)
        assert bytes(theirs.decrypt(to_scapy(expected))) == bytes(plain)


@pytest.mark.parametrize("version", [4, 6])
def test_tunnel_mode_carries_the_same_inner_packets(version: int) -> None:
    dice = random.Random(version)
    ends = ("192.0.2.1", "192.0.2.2") if version == 4 else ("2001:db8::1", "2001:db8::2")
    tunnel = sa("aes-256-gcm-16", dice, mode="tunnel", source=ends[0], destination=ends[1])
    theirs = security_association(tunnel)
    receiver = iiptran.InboundSa(tunnel)
    for _ in range(PACKETS):
        plain = packet(dice, dice.choice([4, 6]))
        # ECN of a mixture of inner and outer is not Scapy's business.
        if plain.version == 4:
            plain.tos &= 0xFC
            del plain.chksum
        else:
            plain.tc &= 0xFC
        wire = Packet(bytes(theirs.encrypt(to_scapy(bytes(plain)))))
        receiver.open(wire)
        assert wire == bytes(plain)


def test_a_transport_sa_on_an_ipip_packet_is_scapys_tunnel_mode() -> None:
    """RFC 3884: on the wire nobody can tell the difference."""
    dice = random.Random(3884)
    tunnel = sa("aes-128-gcm-16", dice, mode="tunnel", source="192.0.2.1", destination="192.0.2.2")
    theirs = security_association(tunnel)
    transport = iiptran.OutboundSa(replace(tunnel, mode="transport"))
    iv = dice.randbytes(8)
    outer = IP(src="192.0.2.1", dst="192.0.2.2", proto=4)
    packet = from_scapy(outer / IP(inner()))
    transport.seal(packet, iv=iv)
    assert packet == bytes(theirs.encrypt(IP(inner()), iv=iv))


@pytest.mark.parametrize("transform", transforms())
def test_an_sa_comes_back_from_scapy_as_it_was(transform: str) -> None:
    dice = random.Random(transform)
    document = sa(
        transform,
        dice,
        extended_sequence=True,
        start=(7 << 32) + 8,
        mode="tunnel",
        source="192.0.2.1",
        destination="192.0.2.2",
        udp_encapsulation=config.UdpEncapsulation(source=4500, destination=4501),
        check_padding=None,
    )
    back = sa_of(security_association(document))
    assert back == document


def test_what_scapy_has_not() -> None:
    for transform in ("aes-128-gcm-16-iiv", "aes-128-cbc + aes-xcbc-96", "rot13"):
        assert not supports(transform)
    assert all(supports(transform) for transform in transforms())
    with pytest.raises(ValueError, match="aes-xcbc-96"):
        security_association(config.Sa(spi=256, transform="aes-128-cbc + aes-xcbc-96"))
    with pytest.raises(ValueError, match="HMAC-MD5-96"):
        md5 = SecurityAssociation(ESP, spi=256, auth_algo="HMAC-MD5-96", auth_key=bytes(16))
        sa_of(md5)


def test_packets_go_to_scapy_and_back() -> None:
    dice = random.Random(0)
    for version in (4, 6):
        there = packet(dice, version)
        back = from_scapy(there, headroom=10, tailroom=20)
        assert (back.headroom, back.tailroom) == (10, 20)
        assert to_scapy(back) == there == to_scapy(bytearray(bytes(there)))
