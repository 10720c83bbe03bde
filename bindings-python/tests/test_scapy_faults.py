"""Scapy's own faults in IPsec, each with its evidence; a test fails once Scapy mends one.

Seen in Scapy 2.8.0. The differential test leaves these cases out, and nothing else.
"""

from __future__ import annotations

import struct

import pytest
from known import KEY, udp
from scapy.layers.inet import IP, UDP
from scapy.layers.inet6 import IPv6
from scapy.layers.ipsec import ESP, SecurityAssociation

import iiptran
from iiptran import Packet, config
from iiptran.scapy import security_association, to_scapy

IV = bytes(8)


def gcm(icv: int = 16, **fields: object) -> config.Sa:
    plain = {"spi": 0x1000, "transform": f"aes-128-gcm-{icv}", "key": KEY}
    return config.Sa(**{**plain, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize("icv", [8, 12])
def test_gcm_has_always_an_icv_of_16_bytes(icv: int) -> None:
    """`crypt_icv_size` means nothing to AES-GCM. RFC 4106 section 6 has ICVs of 8 and 12 bytes."""
    sealed = Packet(udp())
    iiptran.OutboundSa(gcm(icv)).seal(sealed, iv=IV)
    theirs = bytes(security_association(gcm(icv)).encrypt(IP(udp()), iv=IV))
    assert len(theirs) - len(sealed) == 16 - icv
    # The shorter ICV is the beginning of the longer one.
    assert theirs[20:].startswith(bytes(sealed)[20:])


def test_a_zero_is_taken_for_no_number() -> None:
    """`seq_num or self.seq_num`: the SA's number takes the place of a 0 that was asked for."""
    theirs = SecurityAssociation(
        ESP, spi=256, seq_num=9, crypt_algo="AES-GCM", crypt_key=KEY, esn_en=True, esn=5
    )
    assert theirs.encrypt(IP(udp()), seq_num=0, iv=IV)[ESP].seq == 9
    asked = bytes(theirs.encrypt(IP(udp()), seq_num=1, esn=0, iv=IV))
    assert asked == bytes(theirs.encrypt(IP(udp()), seq_num=1, esn=5, iv=IV))
    ours = iiptran.InboundSa(gcm(spi=256, extended_sequence=True, start=0))
    with pytest.raises(iiptran.Drop) as dropped:
        ours.open(Packet(asked))
    assert dropped.value.reason is iiptran.DropReason.BAD_ICV


def test_the_high_half_does_not_follow_the_low_one() -> None:
    """Behind 2^32 - 1 comes a number that no header holds. RFC 4303 section 2.2.1 goes on with 2^32."""
    document = gcm(extended_sequence=True, start=(1 << 32) - 2)
    theirs = security_association(document)
    theirs.encrypt(IP(udp()), iv=IV)
    with pytest.raises(struct.error):
        theirs.encrypt(IP(udp()), iv=IV)
    ours = iiptran.OutboundSa(document)
    assert [ours.seal(Packet(udp())).sequence for _ in range(2)] == [(1 << 32) - 1, 1 << 32]


def test_udp_over_ipv6_has_no_checksum() -> None:
    """A checksum of 0 is for IPv4 (RFC 3948 section 2.1); RFC 8200 section 8.1 wants one over IPv6."""
    document = gcm(udp_encapsulation=config.UdpEncapsulation())
    plain = bytes(IPv6(src="2001:db8::1", dst="2001:db8::2") / UDP(sport=1, dport=2) / b"ping")
    theirs = to_scapy(bytes(security_association(document).encrypt(IPv6(plain), iv=IV)))
    assert theirs[UDP].chksum == 0
    sealed = Packet(plain)
    iiptran.OutboundSa(document).seal(sealed, iv=IV)
    ours = to_scapy(sealed)
    assert ours[UDP].chksum != 0
    told = ours[UDP].chksum
    del ours[UDP].chksum
    assert to_scapy(bytes(ours))[UDP].chksum == told


def test_wrong_padding_is_accepted() -> None:
    """RFC 4303 section 2.4: the receiver SHOULD inspect padding of 1, 2, 3 and so on."""
    integrity = bytes(range(32))
    document = config.Sa(spi=256, transform="null + hmac-sha2-256-128", integrity_key=integrity)
    theirs = security_association(document)
    esp = ESP(spi=256, seq=1, data=udp(b"1234")[20:] + bytes(2) + bytes([2, 17]))
    theirs.auth_algo.sign(esp, integrity)
    wire = bytes(IP(src="192.0.2.1", dst="192.0.2.2", proto=50) / esp)
    assert bytes(theirs.decrypt(IP(wire)))[20:] == udp(b"1234")[20:]
    with pytest.raises(iiptran.Drop) as dropped:
        iiptran.InboundSa(document).open(Packet(wire))
    assert dropped.value.reason is iiptran.DropReason.BAD_PADDING
