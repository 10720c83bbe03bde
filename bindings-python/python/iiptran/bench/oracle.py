"""A reference node beside the implementation that is under test."""

from __future__ import annotations

from dataclasses import dataclass

import iiptran
from iiptran import Document, Verdict
from iiptran.bench.gateways import through


@dataclass(frozen=True)
class Difference:
    """Where another implementation does something else with a packet than the reference."""

    verdict: Verdict
    """What the reference does."""
    expected: bytes | None
    """The packet that the reference gives; None if it drops or keeps it."""
    found: bytes | None
    """The packet that the implementation gave."""

    @property
    def offset(self) -> int | None:
        """The first byte that differs; None if only one of the two gives a packet."""
        if self.expected is None or self.found is None:
            return None
        pairs = enumerate(zip(self.expected, self.found, strict=False))
        shorter = min(len(self.expected), len(self.found))
        return next((place for place, (one, other) in pairs if one != other), shorter)

    def __str__(self) -> str:
        def text(packet: bytes | None) -> str:
            return "no packet" if packet is None else packet.hex()

        place = "" if self.offset is None else f", first at byte {self.offset}"
        return (
            f"the reference says {self.verdict!r}; the packets differ{place}\n"
            f"reference: {text(self.expected)}\n"
            f"found:     {text(self.found)}"
        )


class Oracle:
    """What an implementation should do, told by a reference node that gets the same packets.

    The document describes the implementation under test. Give it every packet that the implementation
    gets, in the same order, and what came of it:

        oracle = Oracle(document)
        oracle.check("wan", packet_in, packet_out)     # None where it dropped the packet

    IVs, and an outer identification that the implementation chooses, differ legitimately; compare
    packets that come out of the tunnel, or give both the same.
    """

    node: iiptran.Node
    """The reference."""

    def __init__(self, document: Document) -> None:
        self.node = iiptran.Node(document)

    def expect(self, link: int | str, packet: bytes, *, now: int = 0) -> tuple[Verdict, bytes | None]:
        """What should become of a packet, and the packet as it should be then."""
        verdict, result = through(self.node, link, packet, now=now)
        gives = isinstance(verdict, (iiptran.Transmit, iiptran.Deliver))
        return verdict, result if gives else None

    def compare(
        self, link: int | str, packet: bytes, found: bytes | None, *, now: int = 0
    ) -> Difference | None:
        """How what an implementation did with a packet differs from what it should do."""
        verdict, expected = self.expect(link, packet, now=now)
        return None if expected == found else Difference(verdict, expected, found)

    def check(self, link: int | str, packet: bytes, found: bytes | None, *, now: int = 0) -> None:
        """Asserts that an implementation did with a packet what it should do."""
        difference = self.compare(link, packet, found, now=now)
        assert difference is None, str(difference)
