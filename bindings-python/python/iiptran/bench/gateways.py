"""Two gateways of a virtual network, and packets that go through both."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import iiptran
from iiptran import Verdict, config

if TYPE_CHECKING:
    _Arrangement = Literal["iiptran", "tunnel-mode"]


class Gateways:
    """Gateway `a` with hosts of 10.1.0.0/16 on its link `lan`, and `b` with 10.2.0.0/16.

    Their links `wan`, 192.0.2.1 and 192.0.2.2, are on one wire; between them is a virtual link with
    ESP. Keys and SPIs are always the same, and so are the bytes of a run.
    """

    a: iiptran.Node
    b: iiptran.Node
    documents: tuple[config.Node, config.Node]
    """What the gateways were made of."""

    def __init__(
        self,
        arrangement: _Arrangement = "iiptran",
        *,
        transform: str = "aes-128-gcm-16",
        key: bytes | None = bytes(range(20)),
        integrity_key: bytes | None = None,
        extended_sequence: bool = True,
        window: int | None = None,
    ) -> None:
        def protection(outbound: int, inbound: int) -> config.Protection:
            return config.Protection(
                transform=transform,
                extended_sequence=extended_sequence,
                window=window,
                outbound=config.SaKeys(spi=outbound, key=key, integrity_key=integrity_key),
                inbound=config.SaKeys(spi=inbound, key=key, integrity_key=integrity_key),
            )

        a = gateway(arrangement, near=1, far=2, protection=protection(0x1001, 0x2001))
        b = gateway(arrangement, near=2, far=1, protection=protection(0x2001, 0x1001))
        self.documents = (a, b)
        self.a, self.b = iiptran.Node(a), iiptran.Node(b)

    def forward(self, packet: bytes, *, now: int = 0) -> tuple[Verdict, bytes]:
        """What gateway `a` makes of a packet of its hosts: on the wire, if it is transmitted."""
        return through(self.a, "lan", packet, now=now)

    def arrive(self, packet: bytes, *, now: int = 0) -> tuple[Verdict, bytes]:
        """What gateway `b` makes of a packet from the wire: what its hosts get, if it is transmitted."""
        return through(self.b, "wan", packet, now=now)

    def exchange(
        self,
        packets: Iterable[bytes],
        wire: Callable[[list[bytes]], list[bytes]] = list,
        *,
        now: int = 0,
    ) -> list[tuple[Verdict, bytes]]:
        """Packets from the hosts of `a` to those of `b`, over a wire that may have faults."""
        sent = (self.forward(packet, now=now) for packet in packets)
        outside = [packet for verdict, packet in sent if isinstance(verdict, iiptran.Transmit)]
        return [self.arrive(packet, now=now) for packet in wire(outside)]


def through(node: iiptran.Node, link: int | str, data: bytes, *, now: int = 0) -> tuple[Verdict, bytes]:
    """What becomes of a packet that a node receives, and the packet as it is then."""
    packet = iiptran.Packet(data)
    verdict = node.receive(link, packet, now=now)
    return verdict, bytes(packet)


def gateway(
    arrangement: _Arrangement, *, near: int, far: int, protection: config.Protection | None
) -> config.Node:
    """The document of the gateway with the number `near`, whose far end has the number `far`."""
    document = config.Node(
        arrangement=arrangement,
        insecure_test_keys=True,
        networks=[config.Network(name="base"), config.Network(name="vn")],
        links=[
            config.Link(name="wan", addresses=[f"192.0.2.{near}/24"]),
            config.Link(
                name="lan", network="vn", side="protected", addresses=[f"10.{near}.0.1/16"]
            ),
        ],
        virtual_links=[
            config.VirtualLink(
                name="tunnel",
                network="vn",
                local=f"192.0.2.{near}",
                remote=f"192.0.2.{far}",
                protection=protection,
                traffic=[config.Selectors(local=[f"10.{near}.0.0/16"], remote=[f"10.{far}.0.0/16"])],
            )
        ],
    )
    route = config.Route(network="vn", prefix=f"10.{far}.0.0/16", link="tunnel")
    return replace(document, routes=[route])
