"""A wire with faults, the same ones for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class FaultInjector:
    """What a bad network does to packets. Each probability is from 0 to 1, and for each packet.

    `carry` is a function of the seed and the calls before; with no fault configured it changes nothing.
    """

    seed: int = 0
    loss: float = 0.0
    """A packet does not arrive."""
    reorder: float = 0.0
    """A packet arrives behind up to `depth` later ones."""
    replay: float = 0.0
    """Somebody sends a packet once more, some time later."""
    bit_flips: float = 0.0
    """One bit of a packet is wrong."""
    depth: int = 8
    """How far a packet is displaced at most, packets."""
    counts: dict[str, int] = field(init=False)
    """How many faults there were, by kind."""

    def __post_init__(self) -> None:
        for name in ("loss", "reorder", "replay", "bit_flips"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise ValueError(f"{name} is a probability, from 0 to 1")
        if self.depth < 1:
            raise ValueError("depth is at least 1")
        self.counts = dict.fromkeys(("loss", "reorder", "replay", "bit_flips"), 0)
        self._random = random.Random(self.seed)

    def carry(self, packets: Iterable[bytes]) -> list[bytes]:
        """The packets as they arrive."""
        arrivals: list[tuple[float, int, bytes]] = []
        for place, packet in enumerate(packets):
            if self._happens("loss"):
                continue
            late = self._late() if self._happens("reorder") else 0.0
            sent = bytes(packet)
            wrong = self._flip(sent) if self._happens("bit_flips") else sent
            arrivals.append((place + late, len(arrivals), wrong))
            if self._happens("replay"):
                arrivals.append((place + self._late(), len(arrivals), sent))
        return [packet for _, _, packet in sorted(arrivals)]

    def _happens(self, fault: str) -> bool:
        happens = self._random.random() < float(getattr(self, fault))
        self.counts[fault] += happens
        return happens

    def _late(self) -> float:
        return self._random.randint(1, self.depth) + 0.5

    def _flip(self, packet: bytes) -> bytes:
        if not packet:
            return packet
        bit = self._random.randrange(len(packet) * 8)
        flipped = bytearray(packet)
        flipped[bit // 8] ^= 1 << bit % 8
        return bytes(flipped)
