"""Many threads at once, and one object in two hands."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from known import inner, pair, udp

import iiptran
from iiptran import Packet
from iiptran.bench import Gateways


def test_no_sequence_number_is_given_out_twice() -> None:
    sender, _ = pair(extended_sequence=True)

    def seal(_: int) -> list[int]:
        results = sender.seal_burst(Packet(udp()) for _ in range(200))
        return [result.sequence for result in results if isinstance(result, iiptran.Sealed)]

    with ThreadPoolExecutor(4) as pool:
        numbers = [number for part in pool.map(seal, range(8)) for number in part]
    assert sorted(numbers) == list(range(1, 1601))


def test_a_burst_lets_other_threads_run() -> None:
    sender, _ = pair(extended_sequence=True)
    plain = udp(bytes(1400))
    ran, start = threading.Event(), threading.Lock()

    def run() -> None:
        with start:
            ran.set()

    other = threading.Thread(target=run)
    interval = sys.getswitchinterval()
    with start:
        other.start()
        # From here on a thread gets its turn only where another one gives way by itself.
        sys.setswitchinterval(1000)
    try:
        for _ in range(20_000):
            sender.seal_burst([Packet(plain) for _ in range(64)])
            if ran.is_set():
                break
        assert ran.is_set()
    finally:
        sys.setswitchinterval(interval)
        other.join()


class Meddler:
    """Packets of a burst that use what the burst uses, while it collects them."""

    def __init__(self, meddle: Any) -> None:
        self.meddle = meddle

    def __iter__(self) -> Any:
        self.meddle()
        return iter([Packet(udp())])


def test_an_sa_in_a_burst_is_in_use() -> None:
    _, receiver = pair()
    with pytest.raises(iiptran.Misuse) as wrong:
        receiver.open_burst(Meddler(lambda: receiver.open(Packet(udp()))))
    assert wrong.value.name == "in-use"
    with pytest.raises(iiptran.Misuse):
        receiver.open_burst(Meddler(lambda: iiptran.Sad().insert(receiver)))
    assert receiver.packets == 0


def test_a_node_in_a_burst_is_in_use() -> None:
    node = Gateways().a
    for meddle in (node.counters, node.tables, lambda: node.install({"arrangement": "transport"})):
        with pytest.raises(iiptran.Misuse) as wrong:
            node.receive_burst("lan", Meddler(meddle))
        assert wrong.value.name == "in-use"
    assert node.link("lan") == 1
    assert repr(node) == "<iiptran.Node with links wan, lan, tunnel>"


def in_use(work: Callable[[], object], use: Callable[[], object]) -> bool:
    """Whether what one thread works with was seen to be in use by another."""
    done = threading.Event()

    def run() -> None:
        try:
            for _ in range(200):
                work()
        finally:
            done.set()

    worker = threading.Thread(target=run)
    worker.start()
    seen = False
    while not (seen or done.is_set()):
        try:
            use()
        except iiptran.Misuse as misuse:
            seen = misuse.name == "in-use"
    worker.join()
    return seen


def test_what_a_burst_uses_is_in_use_for_other_threads() -> None:
    packets = [Packet(udp(bytes(1400))) for _ in range(2000)]
    _, receiver = pair()
    assert in_use(lambda: receiver.open_burst(packets), lambda: receiver.packets)
    assert in_use(lambda: receiver.open_burst(packets), packets[-1].hex)
    node = Gateways().a
    assert in_use(lambda: node.receive_burst("lan", packets), node.counters)
    assert node.counters()["links"][1]["received"]["packets"] % len(packets) == 0


def test_threads_that_share_a_node_get_verdicts_or_misuse() -> None:
    node = Gateways().a
    passed: list[object] = []
    refused: list[str] = []

    def receive(_: int) -> None:
        try:
            passed.extend(node.receive_burst("lan", [Packet(inner()) for _ in range(100)]))
        except iiptran.Misuse as misuse:
            refused.append(misuse.name)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(receive, range(40)))
    assert set(refused) <= {"in-use"}
    assert all(isinstance(verdict, iiptran.Transmit) for verdict in passed)
    assert node.counters()["links"][1]["received"]["packets"] == len(passed)
