"""SAs: known answers of everything that can be set."""

from __future__ import annotations

import copy
import pickle

import pytest
from known import KEY, pair, sa, udp

import iiptran
from iiptran import DropReason, Packet

# RFC 4106 nonce and ESP header, by hand: SPI, sequence number, IV.
HEADER = bytes.fromhex("00001000 00000007 0102030405060708")


def test_the_starting_number_and_the_iv_are_on_the_wire() -> None:
    sender, receiver = pair(start=6)
    packet = Packet(udp())
    sealed = sender.seal(packet, iv=HEADER[8:])
    assert (sealed.sequence, sealed.length) == (7, len(packet))
    assert bytes(packet)[20:36] == HEADER
    opened = receiver.open(packet)
    assert (opened.sequence, opened.next_header, opened.pad_length) == (7, 17, sealed.pad_length)
    assert packet == udp()


def test_a_64_bit_number_goes_on_behind_its_low_half() -> None:
    start = (5 << 32) - 1
    sender, receiver = pair(extended_sequence=True, start=start)
    packet = Packet(udp())
    assert sender.seal(packet).sequence == 5 << 32
    assert bytes(packet)[24:28] == bytes(4)
    assert receiver.open(packet).sequence == 5 << 32
    assert sender.sequence == receiver.sequence == 5 << 32


def test_an_explicit_number_leaves_the_counter_alone() -> None:
    sender, _ = pair(extended_sequence=True)
    assert sender.seal(Packet(udp()), sequence=99).sequence == 99
    assert sender.sequence == 0
    with pytest.raises(iiptran.Misuse) as wrong:
        pair()[0].seal(Packet(udp()), sequence=1 << 32)
    assert wrong.value.name == "sequence-too-large"


def test_the_window_forgets_what_is_older() -> None:
    sender, receiver = pair(window=32)
    packets = [Packet(udp()) for _ in range(64)]
    sender.seal_burst(packets)
    receiver.open(packets[63])
    assert receiver.open(packets[32]).sequence == 33
    with pytest.raises(iiptran.Drop) as dropped:
        receiver.open(packets[31])
    assert dropped.value.reason is DropReason.LEFT_OF_WINDOW
    with pytest.raises(iiptran.Drop) as dropped:
        receiver.open(packets[31].copy())
    assert dropped.value.reason is DropReason.LEFT_OF_WINDOW


def test_udp_ports_are_those_of_the_document() -> None:
    sender, receiver = pair(udp_encapsulation={"source": 4500, "destination": 40000})
    packet = Packet(udp())
    sender.seal(packet)
    assert bytes(packet)[9] == 17
    assert bytes(packet)[20:24] == bytes.fromhex("11949c40")
    receiver.open(packet)
    assert packet == udp()


def test_padding_dummy_packets_and_overhead() -> None:
    sender, receiver = pair()
    padded = Packet(udp())
    assert sender.seal(padded, padding=40).pad_length >= 40
    assert receiver.open(padded).pad_length >= 40
    dummy = Packet(udp())
    sender.seal(dummy, dummy=True)
    with pytest.raises(iiptran.Drop) as dropped:
        receiver.open(dummy)
    assert dropped.value.reason is DropReason.DUMMY
    plain = Packet(udp())
    length = len(plain)
    assert sender.seal(plain).length == length + sender.overhead(length - 20)


def test_a_drop_says_why_where_and_what_to_check() -> None:
    _, receiver = pair()
    packet = Packet(udp(), headroom=100)
    with pytest.raises(iiptran.Drop) as dropped:
        receiver.open(packet)
    error = dropped.value
    assert isinstance(error, iiptran.Error)
    assert error.offset == 100
    assert error.explanation == iiptran.explain(error.reason)
    assert error.hint == error.explanation.check
    assert str(error).startswith(error.reason.label)
    assert packet == udp()
    again = pickle.loads(pickle.dumps(error))
    assert (again.reason, again.offset) == (error.reason, 100)


def test_damage_is_found_and_the_packet_stays() -> None:
    sender, receiver = pair()
    packet = Packet(udp())
    sender.seal(packet)
    damaged = bytearray(bytes(packet))
    damaged[-1] ^= 1
    before = bytes(damaged)
    with pytest.raises(iiptran.Drop) as dropped:
        receiver.open(damaged)
    assert dropped.value.reason is DropReason.BAD_ICV
    assert damaged == before


def test_what_an_sa_tells_about_itself() -> None:
    sender, receiver = pair(name="to-b", extended_sequence=True)
    for side in (sender, receiver):
        assert (side.name, side.spi, side.mode) == ("to-b", 0x1000, "transport")
        assert (side.transform, side.extended_sequence) == ("aes-128-gcm-16", True)
    assert repr(sender) == (
        '<iiptran.OutboundSa "to-b" spi=0x00001000 transport aes-128-gcm-16 sequence=0 extended=True>'
    )
    assert KEY.hex() not in repr(sender) + repr(receiver)
    sender.seal(Packet(udp()))
    assert (sender.packets, sender.bytes > 0) == (1, True)


def test_the_soft_lifetime_is_told_once() -> None:
    sender, receiver = pair(lifetime={"soft": {"packets": 1}, "hard": {"packets": 2}})
    packets = [Packet(udp()) for _ in range(3)]
    results = sender.seal_burst(packets)
    assert [sender.take_soft_expiry(), sender.take_soft_expiry()] == [True, False]
    match results:
        case [iiptran.Sealed(), iiptran.Sealed(), iiptran.Drop(reason)]:
            assert reason is DropReason.LIFETIME_EXCEEDED
        case _:
            pytest.fail(repr(results))
    receiver.open(packets[0])
    assert receiver.take_soft_expiry()


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, pickle.dumps])
def test_an_inbound_sa_cant_be_copied(duplicate: object) -> None:
    assert callable(duplicate)
    with pytest.raises(TypeError):
        duplicate(pair()[1])


def test_an_sa_of_the_other_direction_is_refused() -> None:
    with pytest.raises(iiptran.ConfigError) as wrong:
        iiptran.OutboundSa(sa(direction="inbound"))
    assert wrong.value.path == "direction"
