"""The results of a burst are a sequence, and what a list of them would be."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from known import inner, pair, udp

import iiptran
from iiptran import Drop, DropReason, Misuse, Opened, Packet, Results, Sealed
from iiptran.bench import Gateways

TIGHT = DropReason.NO_HEADROOM


def sealed() -> Results[Sealed | Drop | Misuse]:
    sender, _ = pair()
    outside = (bytearray(64), 0, 65)
    return sender.seal_burst([Packet(udp()), Packet(udp(), headroom=0), outside, Packet(udp())])


def test_results_are_a_sequence() -> None:
    results = sealed()
    listed = list(results)
    assert isinstance(results, Sequence)
    assert isinstance(results, Results)
    assert [type(result) for result in listed] == [Sealed, Drop, Misuse, Sealed]
    assert (len(results), results.failed) == (4, [1, 2])
    assert [results[place] for place in range(-4, 4)] == listed * 2
    for part in (slice(1, 3), slice(None, None, -2), slice(9, None)):
        assert results[part] == listed[part]
    assert list(reversed(results)) == listed[::-1]
    assert results.count(listed[0]) == 1
    assert results.index(listed[3], 1) == 3
    assert listed[1] in results
    assert repr(results) == repr(listed)


@pytest.mark.parametrize("place", [4, -5, 1 << 40])
def test_there_is_nothing_behind_the_last(place: int) -> None:
    with pytest.raises(IndexError):
        sealed()[place]


@pytest.mark.parametrize("place", [1.5, "0", None])
def test_a_place_is_a_number(place: int) -> None:
    with pytest.raises(TypeError):
        sealed()[place]


def test_results_that_say_the_same_are_equal() -> None:
    assert sealed() == sealed()
    assert sealed() == list(sealed())
    assert sealed() != list(sealed())[:3]
    assert sealed() != "results"
    assert sealed()[1] == Drop(TIGHT, 0)
    assert sealed()[1] != Drop(TIGHT, 1)
    assert len({sealed()[1], sealed()[1], sealed()[2], sealed()[2]}) == 2


def test_results_match_patterns() -> None:
    match sealed():
        case [Sealed(), Drop(reason), Misuse(), Sealed()]:
            assert reason == TIGHT
        case other:
            pytest.fail(repr(other))


def test_all_kinds_of_results() -> None:
    sender, receiver = pair()
    packet = Packet(udp())
    sender.seal(packet)
    [opened, replayed] = receiver.open_burst([packet.copy(), packet])
    assert isinstance(opened, Opened)
    assert replayed == Drop(DropReason.REPLAYED, replayed.offset if isinstance(replayed, Drop) else None)
    [verdict, unlucky] = Gateways().a.receive_burst("lan", [Packet(inner()), Packet(b"")])
    assert isinstance(verdict, iiptran.Transmit)
    assert isinstance(unlucky, Drop)


def test_what_was_not_sealed_is_as_it_was() -> None:
    sender, _ = pair()
    packet = Packet(udp(), headroom=0)
    assert sender.seal_burst([packet]).failed == [0]
    assert packet == udp()
