"""Networks on a virtual clock."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

import iiptran
from iiptran import Network, config, pcap

SECOND = 1_000_000_000
# From 10.1.0.5 (X) to 10.2.0.5 (Y), TTL 64.
PACKET = bytes.fromhex("450000160000000040fd65df0a0100050a020005aabb")


def test_a_packet_takes_the_way_of_the_figure(network: Network) -> None:
    """X to Y by A, B and D: the TTL is one lower for each router, and the wires take 5 ms each."""
    network.run_until(4 * SECOND)
    number = network.send("X", PACKET)
    assert network.under_way > 0
    network.run_until(4 * SECOND + SECOND // 10)
    [end] = [end for end in network.take_ends() if end.number == number]
    assert (end.verdict, end.place, end.reason) == ("deliver", "Y", None)
    assert end.time == 4 * SECOND + 10_000_000
    assert end.packet == PACKET[:8] + bytes([61]) + PACKET[9:10] + b"\x68\xdf" + PACKET[12:]


def test_a_cut_wire_is_gone_around(network: Network) -> None:
    network.run_until(4 * SECOND)
    assert network.way("A", "vn", "10.2.0.5") == "link-3"
    network.set_wire_up("a-b", False)
    network.run_until(12 * SECOND)
    assert network.way("A", "vn", "10.2.0.5") == "link-4"
    events = network.take_trace()
    assert {"time": 4 * SECOND, "event": "wire", "wire": "a-b", "up": False} in events


def test_a_link_goes_down(network: Network) -> None:
    network.set_link_up("A", "x", False)
    network.send("A", PACKET, network="vn")
    assert network.now == 0
    with pytest.raises(iiptran.Misuse, match="no such link"):
        network.set_link_up("A", "?", False)


def test_captures_show_esp_alone_outside(network: Network, tmp_path: Path) -> None:
    network.run_until(6 * SECOND)
    file = tmp_path / "a-b.pcap"
    file.write_bytes(network.take_capture("a-b"))
    packets = list(pcap.read(file))
    assert {packet.data[9] for packet in packets} == {50}
    assert len(network.take_capture("a-b")) == 24  # It was taken.
    assert network.keys()["sas"]


def test_the_seed_is_all_the_chance_there_is() -> None:
    one, other = Network("comparison"), Network("comparison")
    for network in (one, other):
        network.reset(seed=5)
        network.run_until(2 * SECOND)
    assert one.seed == 5
    assert one.report() == other.report()
    assert one.take_capture() == other.take_capture()


def test_steps_end() -> None:
    network = Network({"arrangement": "iiptran", "duration": "1s"})
    assert network.step() is None
    assert repr(network) == "<iiptran.Network of  at 0 ns, seed=0, 0 under way>"


def test_nothing_is_noted_that_is_not_watched(network: Network) -> None:
    network.watch(ends=False, trace=False, captures=False)
    network.run_until(6 * SECOND)
    assert (network.take_ends(), network.take_trace()) == ([], [])
    assert len(network.take_capture()) == 24


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda network: network.send("?", PACKET), "unknown-station"),
        (lambda network: network.send("A", PACKET, network="?"), "unknown-network"),
        (lambda network: network.send("X", b"no packet"), "not-ip"),
        (lambda network: network.set_wire_up("?", False), "unknown-wire"),
        (lambda network: network.tables("X"), "unknown-station"),
        (lambda network: network.take_capture("?"), "unknown-wire"),
        (lambda network: network.way("A", "?", "10.2.0.5"), "unknown-network"),
    ],
)
def test_wrong_calls_change_nothing(
    network: Network, call: Callable[[Network], object], name: str
) -> None:
    with pytest.raises(iiptran.Misuse) as caught:
        call(network)
    assert caught.value.name == name
    assert (network.now, network.under_way, network.take_trace()) == (0, 0, [])


def test_a_scenario_as_dataclasses() -> None:
    """A host on each side of a router: one hop."""
    router = config.ScenarioNode(
        name="R",
        links=[
            config.Link(name="x", side="protected", addresses=["10.1.0.1/24"]),
            config.Link(name="y", side="protected", addresses=["10.2.0.1/24"]),
        ],
    )
    scenario = config.Scenario(
        arrangement="iiptran",
        duration="1s",
        nodes=[router],
        hosts=[
            config.Host(name="X", addresses=["10.1.0.5/24"]),
            config.Host(name="Y", addresses=["10.2.0.5/24"]),
        ],
        wires=[
            config.Wire(ends=["X", "R.x"], delay="1ms"),
            config.Wire(ends=["R.y", "Y"], name="y"),
        ],
        flows=[config.Flow(from_="X", to="Y", count=3)],
        events=[config.Event(at="15ms", action={"wire-down": "y"})],
    )
    network = Network(scenario)
    network.run_until(network.duration)
    ends = [(end.verdict, end.place, end.time, end.reason) for end in network.take_ends()]
    assert ends == [
        ("deliver", "Y", 1_000_000, None),
        ("deliver", "Y", 11_000_000, None),
        ("drop", "R", 21_000_000, "link-down"),
    ]


def test_wrong_names_and_documents_say_so() -> None:
    with pytest.raises(iiptran.ConfigError, match="figure-3"):
        Network("figure-33")
    with pytest.raises(iiptran.ConfigError) as caught:
        Network({"arrangement": "iiptran", "duration": "1s", "wires": [{"ends": ["A.x", "B"]}]})
    assert caught.value.path.startswith("wires[0]")
    assert "figure-3" in iiptran.scenarios()


def test_a_network_is_in_one_hand() -> None:
    network = Network("figure-3")
    runner = threading.Thread(target=network.run_until, args=(30 * SECOND,))
    runner.start()
    seen: set[int | str] = set()
    while runner.is_alive():
        try:
            seen.add(network.now)
        except iiptran.Misuse as misuse:
            seen.add(misuse.name)
    runner.join()
    assert seen <= {0, 30 * SECOND, "in-use"}
    assert network.now == 30 * SECOND


def test_the_fixture_has_the_seed(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_seed(network): assert network.seed == 42")
    pytester.runpytest_subprocess("--iiptran-seed=42").assert_outcomes(passed=1)
    pytester.runpytest_subprocess().assert_outcomes(failed=1)
