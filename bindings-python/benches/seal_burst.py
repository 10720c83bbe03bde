"""How fast Python seals, beside the library itself and Scapy, as ratios in one run.

    python benches/seal_burst.py

The library's own figure comes from `cargo bench`, with the same transform and sizes.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Sequence
from operator import truediv
from pathlib import Path

from scapy.layers.inet import IP

import iiptran
from iiptran import Packet, config
from iiptran.scapy import security_association

ROOT = Path(__file__).resolve().parents[2]
TRANSFORM = "aes-128-gcm-16"
SIZES = (64, 1400)
BURST = 256
NATIVE_BURST = 32
ROUNDS = 40
SA = config.Sa(
    spi=0x1000,
    transform=TRANSFORM,
    key=bytes(range(20)),
    mode="tunnel",
    source="192.0.2.1",
    destination="192.0.2.2",
)


def packet(size: int) -> bytes:
    return bytes(IP(src="192.0.2.1", dst="192.0.2.2", proto=253) / bytes(size - 20))


def native(size: int) -> float:
    """Nanoseconds that the library takes to seal a packet, in its fastest sample."""
    name = f"esp/{TRANSFORM}/out/{size} x {NATIVE_BURST}"
    command = ["cargo", "bench", "--quiet", "--locked", "--package", "iiptran-benches"]
    subprocess.run(
        [*command, "--bench", "esp", "--", "--exact", name],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    # Criterion's folder of a group has no slash in its name.
    folder = name.replace("/", "_", 1)
    path = ROOT / "target" / "criterion" / folder / "new" / "sample.json"
    sample = json.loads(path.read_text())
    return float(min(map(truediv, sample["times"], sample["iters"]))) / NATIVE_BURST


def best(work: Callable[[], object], prepare: Callable[[], object]) -> float:
    """Nanoseconds of the fastest round; the machine may be busy in others."""
    times = []
    for _ in range(ROUNDS):
        prepare()
        start = time.perf_counter_ns()
        work()
        times.append(time.perf_counter_ns() - start)
    return float(min(times))


def burst_of_packets(size: int, look: Callable[[Sequence[object]], object] = len) -> float:
    sender, plain = iiptran.OutboundSa(SA), packet(size)
    packets: list[Packet] = []

    def prepare() -> None:
        packets[:] = [Packet(plain) for _ in range(BURST)]

    return best(lambda: look(sender.seal_burst(packets)), prepare) / BURST


def burst_with_results(size: int) -> float:
    return burst_of_packets(size, list)


def burst_of_buffers(size: int) -> float:
    sender, plain = iiptran.OutboundSa(SA), packet(size)
    items: list[iiptran.BurstItem] = []

    def prepare() -> None:
        items[:] = [(bytearray(64) + plain + bytearray(64), 64, size) for _ in range(BURST)]

    return best(lambda: sender.seal_burst(items), prepare) / BURST


def one_at_a_time(size: int) -> float:
    sender, plain = iiptran.OutboundSa(SA), packet(size)
    packets: list[Packet] = []

    def prepare() -> None:
        packets[:] = [Packet(plain) for _ in range(BURST)]

    def work() -> None:
        for item in packets:
            sender.seal(item)

    return best(work, prepare) / BURST


def scapy(size: int) -> float:
    theirs = security_association(SA)
    plain = IP(packet(size))
    return best(lambda: theirs.encrypt(plain.copy()), lambda: None)


def main() -> None:
    """Prints the table."""
    print(f"{TRANSFORM}, ns for each packet, and the speed in parts of the library's own")
    for size in SIZES:
        own = native(size)
        print(f"\n{size} bytes")
        for name, measure in (
            ("burst of Packets", burst_of_packets),
            ("and each result read", burst_with_results),
            ("burst of bytearrays", burst_of_buffers),
            ("one at a time", one_at_a_time),
            ("Scapy", scapy),
        ):
            taken = measure(size)
            print(f"  {name:20} {taken:10.0f}   {own / taken:8.2%}")
        print(f"  {'the library itself':20} {own:10.0f}")


if __name__ == "__main__":
    main()
