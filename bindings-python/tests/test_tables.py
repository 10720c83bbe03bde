"""SAD, SPD and FIB."""

from __future__ import annotations

import copy
from ipaddress import ip_address

import pytest
from known import pair, sa, udp

import iiptran
from iiptran import DropReason, Packet, SaId, config


def test_a_sad_takes_sas_in_and_gives_them_back() -> None:
    sender, receiver = pair()
    sad = iiptran.Sad()
    assert sad.is_vacant(0x1000)
    sad.insert(receiver)
    assert (len(sad), sad.is_vacant(0x1000)) == (1, False)
    assert sad.lookup(0x1000, "192.0.2.2", ip_address("192.0.2.1")) == SaId(0x1000)
    assert sad.lookup(0x1001, "192.0.2.2", "192.0.2.1") is None
    with pytest.raises(iiptran.Misuse) as gone:
        receiver.open(Packet(udp()))
    assert gone.value.name == "handed-over"
    packet = Packet(udp())
    sender.seal(packet)
    replayed = packet.copy()
    key, opened = sad.open(packet)
    assert (key, opened.sequence, bytes(packet)) == (SaId(0x1000), 1, udp())
    back = sad.remove(0x1000)
    with pytest.raises(iiptran.Drop) as dropped:
        back.open(replayed)
    assert dropped.value.reason is DropReason.REPLAYED
    with pytest.raises(iiptran.Misuse) as unknown:
        sad.remove(SaId(0x1000))
    assert unknown.value.name == "unknown-sa"


def test_a_refused_sa_stays_where_it_was() -> None:
    sad = iiptran.Sad()
    sad.insert(iiptran.InboundSa(sa()))
    sender, second = pair()
    with pytest.raises(iiptran.Misuse) as refused:
        sad.insert(second)
    assert refused.value.name == "duplicate-sa"
    packet = Packet(udp())
    sender.seal(packet)
    second.open(packet)
    assert packet == udp()


def test_the_keys_of_multicast_sas_have_addresses() -> None:
    receiver = iiptran.InboundSa(sa(lookup="source", source="192.0.2.1", destination="233.252.0.1"))
    key = SaId(0x1000, "233.252.0.1", ip_address("192.0.2.1"))
    assert receiver.id == key and hash(receiver.id) == hash(key)
    assert repr(key) == "iiptran.SaId(0x00001000, destination='233.252.0.1', source='192.0.2.1')"
    assert (key.destination, key.source) == (ip_address("233.252.0.1"), ip_address("192.0.2.1"))
    assert SaId(0x1000).destination is None


def test_the_first_policy_that_matches_decides() -> None:
    peer = config.Selectors(remote=["192.0.2.2"], protocol="udp")
    spd = iiptran.Spd(
        {
            "policies": [
                config.Policy(name="dns", action="bypass", selectors=[config.Selectors(protocol=6)]),
                config.Policy(name="peer", action="protect", selectors=[peer]),
            ]
        }
    )
    found = spd.lookup("outbound", udp())
    assert (found.index, found.name, found.action) == (1, "peer", "protect")
    assert found == spd.lookup("outbound", Packet(udp()))
    with pytest.raises(iiptran.Drop) as dropped:
        spd.lookup("inbound", udp(source="198.51.100.9"))
    assert dropped.value.reason is DropReason.NO_POLICY
    with pytest.raises(ValueError, match="direction"):
        spd.lookup("sideways", udp())


def test_the_longest_prefix_leads_the_way() -> None:
    fib = iiptran.Fib(
        {
            "links": ["wan", "lan"],
            "routes": [
                config.Route(prefix="0.0.0.0/0", link="wan", via="192.0.2.254"),
                config.Route(prefix="192.0.2.0/24", link="lan"),
                config.Route(prefix="198.51.100.0/24", action="unreachable"),
            ],
        }
    )
    assert len(fib) == 3
    hop = fib.lookup(udp())
    assert (hop.link, hop.address) == (1, ip_address("192.0.2.2"))
    far = fib.lookup_address("203.0.113.5")
    assert (far.link, far.address) == (0, ip_address("192.0.2.254"))
    with pytest.raises(iiptran.Drop) as dropped:
        fib.lookup_address(ip_address("198.51.100.1"))
    assert dropped.value.reason is DropReason.UNREACHABLE
    assert dropped.value.offset is None


def test_every_reason_is_in_the_enum() -> None:
    from iiptran._iiptran import reasons

    assert [int(reason) for reason in DropReason] == list(reasons())
    for reason in DropReason:
        assert iiptran.explain(reason).name == reason.label
    with pytest.raises(ValueError, match="no drop reason"):
        iiptran.explain(0)


def test_a_packet_is_its_bytes_with_room() -> None:
    packet = Packet.fromhex("45 00")
    assert (bytes(packet), len(packet), packet.hex()) == (b"\x45\x00", 2, "4500")
    assert (packet.headroom, packet.tailroom) == (512, 512)
    assert packet == b"\x45\x00" and packet != b"" and packet == copy.copy(packet)
    assert copy.deepcopy(packet) is not packet
    assert repr(packet) == "<iiptran.Packet, 2 bytes: 4500>"
    with pytest.raises(TypeError):
        hash(packet)
