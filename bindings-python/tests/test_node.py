"""Nodes, and what a test bench has for them."""

from __future__ import annotations

import struct
from ipaddress import ip_address
from pathlib import Path

import pytest
from known import inner, sa, udp

import iiptran
from iiptran import DropReason, Packet, pcap
from iiptran.bench import FaultInjector, Gateways, Oracle
from iiptran.bench.gateways import gateway


@pytest.mark.parametrize("arrangement", ["iiptran", "tunnel-mode"])
def test_a_packet_goes_through_both_gateways(arrangement: object) -> None:
    assert arrangement == "iiptran" or arrangement == "tunnel-mode"
    gateways = Gateways(arrangement)
    verdict, wire = gateways.forward(inner())
    assert isinstance(verdict, iiptran.Transmit)
    assert (verdict.link, verdict.next_hop) == (0, ip_address("192.0.2.2"))
    # ESP from 192.0.2.1 to 192.0.2.2, SPI and sequence number.
    assert (wire[9], wire[12:28].hex()) == (50, "c0000201c00002020000100100000001")
    verdict, out = gateways.arrive(wire)
    assert isinstance(verdict, iiptran.Transmit) and verdict.link == gateways.b.link("lan")
    assert out == inner(ttl=62)


def test_verdicts_match_patterns() -> None:
    node = Gateways().a
    to_node = bytearray(inner())
    to_node[10:12], to_node[16:20] = b"\x65\xe4", bytes([10, 1, 0, 1])
    match node.receive("lan", Packet(bytes(to_node))):
        case iiptran.Deliver(link):
            assert node.link_name(link) == "lan"
        case verdict:
            pytest.fail(repr(verdict))
    packet = Packet(inner(ttl=1))
    match node.receive("lan", packet):
        case iiptran.Drop(reason):
            assert reason is DropReason.TTL_EXPIRED
        case verdict:
            pytest.fail(repr(verdict))
    assert packet == inner(ttl=1)
    assert node.drops(DropReason.TTL_EXPIRED) == 1


def test_host_03_a_packet_that_ends_halfway_is_as_it_was() -> None:
    node = Gateways().a
    # The TTL is one less by the time that there is no room for the outer header.
    tight, buffer = Packet(inner(), headroom=0, tailroom=0), bytearray(inner())
    verdicts: list[object] = [node.receive("lan", tight), node.receive("lan", buffer)]
    verdicts += node.receive_burst("lan", [tight, buffer])
    for verdict in verdicts:
        assert isinstance(verdict, iiptran.Drop)
        assert verdict.reason is DropReason.NO_HEADROOM
    assert tight == inner() == buffer


def test_a_fragment_is_held_until_the_datagram_is_whole() -> None:
    gateways = Gateways()
    _, wire = gateways.forward(inner())
    cut = 48

    def fragment(start: int, end: int | None) -> bytes:
        body = wire[20:][start:end]
        more = 0x2000 if end else 0
        head = bytearray(wire[:20])
        head[2:4], head[6:8] = (20 + len(body)).to_bytes(2), (more | start // 8).to_bytes(2)
        head[10:12] = bytes(2)
        total = sum(int.from_bytes(head[place : place + 2]) for place in range(0, 20, 2))
        total = (total & 0xFFFF) + (total >> 16)
        head[10:12] = (~total & 0xFFFF).to_bytes(2)
        return bytes(head) + body

    held, _ = gateways.arrive(fragment(0, cut))
    assert isinstance(held, iiptran.Hold)
    verdict, out = gateways.arrive(fragment(cut, None))
    assert isinstance(verdict, iiptran.Transmit)
    assert out == inner(ttl=62)


def test_wrong_names_and_numbers() -> None:
    node = Gateways().a
    for link, name in (("dmz", "unknown-link"), (99, "unknown-link"), ("tunnel", "virtual-link")):
        with pytest.raises(iiptran.Misuse) as wrong:
            node.receive(link, Packet(inner()))
        assert wrong.value.name == name
    with pytest.raises(iiptran.Misuse) as wrong:
        node.send("moon", Packet(inner()))
    assert wrong.value.name == "unknown-network"
    for number in (-1, 2**32, None, 1.5):
        with pytest.raises((OverflowError, TypeError)):
            node.receive(number, Packet(inner()))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="drop reason"):
        node.drops(0)


def test_an_inbound_sa_is_handed_from_node_to_node() -> None:
    gateways = Gateways()
    second = iiptran.Node.with_tables(gateways.b.tables())
    _, wire = gateways.forward(inner())
    match second.receive("wan", Packet(wire)):
        case iiptran.Drop(reason):
            assert reason is DropReason.UNKNOWN_SPI
        case verdict:
            pytest.fail(repr(verdict))
    moved = gateways.b.remove_inbound_sa("base", 0x1001)
    assert moved.spi == 0x1001
    second.insert_inbound_sa(moved)
    assert isinstance(second.receive("wan", Packet(wire)), iiptran.Transmit)
    with pytest.raises(iiptran.Misuse) as refused:
        second.insert_inbound_sa(iiptran.InboundSa(sa(spi=0x1001)))
    assert refused.value.name == "duplicate-sa"


def test_a_missing_sa_is_an_event() -> None:
    a, _ = Gateways().documents
    protection = iiptran.config.Protection(transform="aes-128-gcm-16")
    node = iiptran.Node(gateway("iiptran", near=1, far=2, protection=protection))
    assert node.poll_event() is None
    node.receive("lan", Packet(inner()))
    event = node.poll_event()
    assert event is not None and event["event"] == "acquire" and event["policy"] == "tunnel"
    node.install(a)
    assert isinstance(node.receive("lan", Packet(inner())), iiptran.Transmit)


def test_a_link_that_is_down_transmits_nothing() -> None:
    node = Gateways().a
    node.set_link_up("wan", False)
    assert isinstance(node.receive("lan", Packet(inner())), iiptran.Drop)
    node.set_link_up("wan", True)
    assert isinstance(node.receive("lan", Packet(inner())), iiptran.Transmit)


def test_bursts_of_a_node_are_its_single_calls() -> None:
    one, many = Gateways(), Gateways()
    packets = [Packet(inner(ttl)) for ttl in (64, 1, 3)]
    verdicts = many.a.receive_burst("lan", packets)
    for ttl, packet, verdict in zip((64, 1, 3), packets, verdicts, strict=True):
        expected, data = one.forward(inner(ttl))
        assert (repr(verdict), bytes(packet)) == (repr(expected), data)
    sent = many.a.send_burst("base", [Packet(udp())])
    assert repr(sent) == repr([one.a.send("base", Packet(udp()))])
    assert repr(one.a.send_via("wan", Packet(udp()))) == repr(many.a.send_via(0, Packet(udp())))


def test_faults_cost_what_they_must_and_nothing_else() -> None:
    gateways = Gateways(window=64)
    wire = FaultInjector(7, loss=0.1, reorder=0.2, replay=0.2, bit_flips=0.1)
    sent = [inner(ttl) for ttl in range(10, 60)] * 20
    arrived = gateways.exchange(sent, wire.carry)
    whole = [packet for verdict, packet in arrived if isinstance(verdict, iiptran.Transmit)]
    allowed = {inner(ttl - 2) for ttl in range(10, 60)}
    assert set(whole) <= allowed
    replayed = gateways.b.drops(DropReason.REPLAYED)
    damaged = sum(isinstance(verdict, iiptran.Drop) for verdict, _ in arrived) - replayed
    assert wire.counts["loss"] > 0 and replayed > 0 and damaged > 0
    # A packet that was damaged arrives nevertheless if somebody replays it whole.
    assert len(whole) >= len(sent) - wire.counts["loss"] - wire.counts["bit_flips"]
    assert len(whole) <= len(sent) - wire.counts["loss"]


def test_the_same_seed_makes_the_same_faults() -> None:
    packets = [bytes([number]) * 20 for number in range(200)]

    def run(seed: int) -> list[bytes]:
        return FaultInjector(seed, loss=0.1, reorder=0.1, replay=0.1, bit_flips=0.1).carry(packets)

    assert run(1) == run(1) != run(2)
    assert FaultInjector().carry(packets) == packets
    assert sorted(FaultInjector(reorder=1.0).carry(packets)) == packets
    assert FaultInjector(loss=1.0).carry(packets) == []
    assert len(FaultInjector(replay=1.0).carry(packets)) == 400
    with pytest.raises(ValueError, match="probability"):
        FaultInjector(loss=1.5)


def test_the_oracle_tells_where_another_implementation_differs() -> None:
    gateways = Gateways()
    oracle = Oracle(gateways.documents[1])
    _, wire = gateways.forward(inner())
    oracle.check("wan", wire, inner(ttl=62))
    oracle.check("wan", wire, None)
    _, wire = gateways.forward(inner())
    difference = oracle.compare("wan", wire, inner(ttl=63))
    assert difference is not None and difference.offset == 8
    _, wire = gateways.forward(inner())
    with pytest.raises(AssertionError, match="no packet"):
        oracle.check("wan", wire, None)


def test_captures_are_read_and_written(tmp_path: Path, root: Path) -> None:
    captures = root / "tests" / "data" / "captures"
    recorded = list(pcap.read(captures / "iiptran-4in4-aes128gcm16.wire.pcap"))
    assert recorded and all(packet.data[0] == 0x45 and packet.data[9] == 50 for packet in recorded)
    again = tmp_path / "again.pcap"
    pcap.write(again, [*recorded, inner()])
    assert list(pcap.read(again)) == [*recorded, pcap.Captured(inner(), 0)]


def test_captures_of_ethernet_in_either_byte_order(tmp_path: Path) -> None:
    # Microseconds; a frame with IPv4, and one with ARP, which is no IP packet.
    frames = [bytes(12) + b"\x08\x00" + inner(), bytes(12) + b"\x08\x06" + bytes(28)]
    for order in "<>":
        data = struct.pack(f"{order}IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
        for frame in frames:
            data += struct.pack(f"{order}IIII", 5, 7, len(frame), len(frame)) + frame
        path = tmp_path / "ethernet.pcap"
        path.write_bytes(data)
        assert list(pcap.read(path)) == [pcap.Captured(inner(), 5_000_007_000)]


@pytest.mark.parametrize(
    ("damage", "offset"),
    [
        (lambda data: b"", 0),
        (lambda data: bytes(24) + data[24:], 0),
        (lambda data: data[:30], 24),
        (lambda data: data[:-1], 40),
        (lambda data: data[:20] + b"\xff\xff\0\0" + data[24:], 20),
        (lambda data: data[:32] + b"\xff\xff\xff\x7f" + data[36:], 24),
    ],
)
def test_a_damaged_capture_says_where(tmp_path: Path, damage: object, offset: int) -> None:
    assert callable(damage)
    path = tmp_path / "damaged.pcap"
    pcap.write(path, [inner()])
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(pcap.CaptureError) as wrong:
        list(pcap.read(path))
    assert wrong.value.offset == offset
