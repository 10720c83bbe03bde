"""To and from Scapy: packets and security associations. Needs the extra `iiptran[scapy]`.

Scapy's own faults in IPsec, as of version 2.8, are those that `tests/test_scapy_faults.py` shows.
"""

from __future__ import annotations

import re
from typing import Any

from scapy.layers.inet import IP, UDP
from scapy.layers.inet6 import IPv6
from scapy.layers.ipsec import ESP, SecurityAssociation

from iiptran import Buffer, Packet, config

__all__ = ["from_scapy", "sa_of", "security_association", "supports", "to_scapy"]

_ENCRYPTION = {
    "gcm": "AES-GCM",
    "ccm": "AES-CCM",
    "gmac": "AES-NULL-GMAC",
    "cbc": "AES-CBC",
    "ctr": "AES-CTR",
}
_INTEGRITY = {
    "hmac-sha1-96": "HMAC-SHA1-96",
    "hmac-sha2-256-128": "SHA2-256-128",
    "hmac-sha2-384-192": "SHA2-384-192",
    "hmac-sha2-512-256": "SHA2-512-256",
    "aes-cmac-96": "AES-CMAC-96",
}
_AES = re.compile(r"aes-(128|192|256)-(gcm|ccm|gmac|cbc|ctr)(?:-(8|12|16))?")


def to_scapy(packet: Packet | Buffer) -> IP | IPv6:
    """The packet as Scapy dissects it."""
    data = bytes(packet if isinstance(packet, Packet) else Packet(packet))
    return (IPv6 if data[:1] and data[0] >> 4 == 6 else IP)(data)


def from_scapy(packet: IP | IPv6, *, headroom: int = 512, tailroom: int = 512) -> Packet:
    """A packet that Scapy builds, with room around it."""
    return Packet(bytes(packet), headroom=headroom, tailroom=tailroom)


def supports(transform: str) -> bool:
    """Whether Scapy has a transform; it has neither implicit IVs nor AES-XCBC-MAC."""
    try:
        _algorithms(transform)
    except ValueError:
        return False
    return True


def security_association(sa: config.Sa) -> SecurityAssociation:
    """Scapy's side of an SA. Its next packet has the number behind `start`.

    Raises `ValueError` where Scapy has no such transform.
    """
    high, low = divmod(sa.start or 0, 1 << 32)
    tunnel = None
    if sa.mode == "tunnel":
        ip = IPv6 if ":" in str(sa.source) else IP
        tunnel = ip(src=str(sa.source), dst=str(sa.destination))
    udp = sa.udp_encapsulation
    return SecurityAssociation(
        ESP,
        spi=_spi(sa.spi),
        seq_num=low + 1,
        **_algorithms(sa.transform),
        crypt_key=_key(sa.key) or None,
        auth_key=_key(sa.integrity_key) or None,
        tunnel_header=tunnel,
        nat_t_header=udp and UDP(sport=udp.source or 4500, dport=udp.destination or 4500),
        esn_en=bool(sa.extended_sequence),
        esn=high,
    )


def sa_of(sa: SecurityAssociation) -> config.Sa:
    """The document of one of Scapy's security associations, for both directions alike."""
    crypt, auth, udp = sa.crypt_algo, sa.auth_algo, sa.nat_t_header
    key = (sa.crypt_key or b"") + (sa.crypt_salt or b"")
    tunnel = sa.tunnel_header
    return config.Sa(
        spi=sa.spi,
        transform=_transform(crypt, auth, len(sa.crypt_key or b""), sa.crypt_icv_size),
        key=key or None,
        integrity_key=sa.auth_key,
        mode="tunnel" if tunnel else "transport",
        source=tunnel.src if tunnel else None,
        destination=tunnel.dst if tunnel else None,
        extended_sequence=bool(sa.esn_en),
        start=((sa.esn if sa.esn_en else 0) << 32) + sa.seq_num - 1,
        udp_encapsulation=config.UdpEncapsulation(source=udp.sport, destination=udp.dport)
        if udp
        else None,
    )


def _algorithms(transform: str) -> dict[str, Any]:
    encryption, _, integrity = (part.strip() for part in transform.partition("+"))
    found = _AES.fullmatch(encryption)
    algorithms: dict[str, Any] = {}
    if found:
        algorithms["crypt_algo"] = _ENCRYPTION[found[2]]
        if found[3]:
            algorithms["crypt_icv_size"] = int(found[3])
    elif encryption == "chacha20-poly1305":
        algorithms["crypt_algo"] = "CHACHA20-POLY1305"
    elif encryption != "null":
        raise ValueError(f"Scapy has no encryption algorithm {encryption}")
    if integrity:
        if integrity not in _INTEGRITY:
            raise ValueError(f"Scapy has no integrity algorithm {integrity}")
        algorithms["auth_algo"] = _INTEGRITY[integrity]
    return algorithms


def _transform(crypt: Any, auth: Any, key_length: int, icv: int | None) -> str:
    integrity = {theirs: ours for ours, theirs in _INTEGRITY.items()}
    modes = {theirs: ours for ours, theirs in _ENCRYPTION.items()}
    if crypt.name in modes:
        mode = modes[crypt.name]
        length = f"-{icv or 16}" if mode in ("gcm", "ccm") else ""
        name = f"aes-{key_length * 8}-{mode}{length}"
    else:
        name = str(crypt.name).lower()
    if auth.name == "NULL":
        return name
    if auth.name not in integrity:
        raise ValueError(f"there is no integrity algorithm {auth.name}")
    return f"{name} + {integrity[auth.name]}"


def _spi(spi: int | str) -> int:
    return int(spi, 0) if isinstance(spi, str) else spi


def _key(key: str | bytes | None) -> bytes:
    return bytes.fromhex(key) if isinstance(key, str) else key or b""
