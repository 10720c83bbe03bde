"""Buffers of Python, in place; and every buffer that is none."""

from __future__ import annotations

import mmap
from array import array
from typing import Any

import numpy as np
import pytest
from known import pair, udp

import iiptran
from iiptran import DropReason, Packet

ROOM = 64
PLAIN = udp()


def sealed() -> bytes:
    packet = Packet(PLAIN)
    pair()[0].seal(packet)
    return bytes(packet)


def with_room(data: bytes) -> bytes:
    return bytes(ROOM) + data + bytes(ROOM)


@pytest.mark.parametrize(
    "kind",
    [
        bytearray,
        lambda data: memoryview(bytearray(data)),
        lambda data: memoryview(bytearray(b"before" + data + b"behind"))[6:-6],
        lambda data: np.frombuffer(bytearray(data), dtype=np.uint8),
        lambda data: np.array([list(data), list(data)], dtype=np.uint8)[1],
        lambda data: array("B", data),
    ],
)
def test_packets_are_processed_in_place(kind: Any) -> None:
    buffer = kind(with_room(PLAIN))
    sender, receiver = pair()
    done = sender.seal(buffer, ROOM, len(PLAIN))
    assert bytes(buffer[done.offset : done.offset + done.length]) == sealed()
    back = receiver.open(buffer, done.offset, done.length)
    assert bytes(buffer[back.offset : back.offset + back.length]) == PLAIN


def test_bytes_beside_a_slice_stay() -> None:
    whole = bytearray(b"before" + with_room(PLAIN) + b"behind")
    pair()[0].seal(memoryview(whole)[6:-6], ROOM, len(PLAIN))
    assert whole.startswith(b"before") and whole.endswith(b"behind")


def test_memory_of_the_system_is_a_buffer() -> None:
    with mmap.mmap(-1, 4096) as memory:
        memory[ROOM : ROOM + len(PLAIN)] = PLAIN
        done = pair()[0].seal(memory, ROOM, len(PLAIN))
        assert memory[done.offset : done.offset + done.length] == sealed()


def test_without_room_the_packet_stays_as_it_was() -> None:
    buffer = bytearray(PLAIN)
    with pytest.raises(iiptran.Drop) as dropped:
        pair()[0].seal(buffer)
    assert dropped.value.reason in (DropReason.NO_HEADROOM, DropReason.NO_TAILROOM)
    assert buffer == PLAIN
    tight = Packet(PLAIN, headroom=0, tailroom=0)
    with pytest.raises(iiptran.Drop):
        pair()[0].seal(tight)
    assert tight == PLAIN


@pytest.mark.parametrize(
    ("buffer", "error"),
    [
        (PLAIN, TypeError),
        (memoryview(PLAIN), TypeError),
        (memoryview(bytearray(PLAIN)).toreadonly(), TypeError),
        (np.frombuffer(PLAIN, dtype=np.uint8), TypeError),
        (np.zeros(256, dtype=np.uint16), BufferError),
        (np.zeros(256, dtype=np.int8), BufferError),
        (np.zeros(256, dtype=np.uint8)[::2], BufferError),
        (memoryview(bytearray(256))[::-1], BufferError),
        (np.zeros((4, 4), dtype=np.uint8).T[1:], BufferError),
        (array("I", [0] * 64), BufferError),
        ("text", TypeError),
        ([0] * 64, TypeError),
        (None, TypeError),
        (17, TypeError),
    ],
)
def test_what_is_no_writable_buffer_is_refused(buffer: Any, error: type[Exception]) -> None:
    sender, receiver = pair()
    with pytest.raises(error):
        sender.seal(buffer)
    with pytest.raises(error):
        receiver.open(buffer)
    with pytest.raises(error):
        sender.seal_burst([buffer])
    assert (sender.sequence, receiver.packets) == (0, 0)


@pytest.mark.parametrize(
    ("offset", "length"), [(0, 257), (257, 0), (200, 57), (2**63, 1), (2**64 - 1, 2), (2**64 - 1, 0)]
)
def test_a_place_outside_the_buffer_is_refused(offset: int, length: int) -> None:
    sender, _ = pair()
    with pytest.raises(iiptran.Misuse) as wrong:
        sender.seal(bytearray(256), offset, length)
    assert wrong.value.name == "outside-buffer"
    results = sender.seal_burst([(bytearray(256), offset, length)])
    assert [getattr(result, "name", None) for result in results] == ["outside-buffer"]


@pytest.mark.parametrize("number", [-1, 2**64, 1.5, "1", None])
def test_numbers_have_their_ranges(number: Any) -> None:
    sender, _ = pair()
    with pytest.raises((OverflowError, TypeError)):
        sender.seal(Packet(PLAIN), now=number)
    with pytest.raises((OverflowError, TypeError)):
        sender.seal(Packet(PLAIN), padding=256 if number is None else number)
    assert sender.sequence == 0


def test_a_packet_knows_its_own_place() -> None:
    with pytest.raises(TypeError, match="offset"):
        pair()[0].seal(Packet(PLAIN), 0)


def test_an_iv_of_another_length_is_refused() -> None:
    for iv in (b"", bytes(7), bytes(9), bytes(1000)):
        with pytest.raises(iiptran.Misuse) as wrong:
            pair()[0].seal(Packet(PLAIN), iv=iv)
        assert wrong.value.name == "iv-length"


def test_an_iv_may_be_in_the_packets_own_buffer() -> None:
    buffer = bytearray(with_room(PLAIN))
    buffer[:8] = bytes.fromhex("0102030405060708")
    done = pair()[0].seal(buffer, ROOM, len(PLAIN), iv=buffer[:8])
    assert buffer[done.offset + 28 : done.offset + 36] == buffer[:8]


@pytest.mark.parametrize("room", [2**62, 2**63, 2**64 - 1, 2**64])
def test_room_that_nobody_has_is_refused(room: int) -> None:
    with pytest.raises((MemoryError, OverflowError)):
        Packet(PLAIN, headroom=room)
    with pytest.raises((MemoryError, OverflowError)):
        Packet(PLAIN, headroom=room, tailroom=room)
    with pytest.raises((iiptran.Drop, OverflowError)):
        pair()[0].seal(Packet(PLAIN), flow_padding=room)


def test_a_buffer_is_free_again_after_a_call() -> None:
    buffer = bytearray(with_room(PLAIN))
    pair()[0].seal(buffer, ROOM, len(PLAIN))
    with pytest.raises(iiptran.Misuse):
        pair()[0].seal(buffer, 0, 10_000)
    buffer.extend(b"room")


class TestBursts:
    """Many packets in one call."""

    def test_each_has_a_result_of_its_own(self) -> None:
        packets: list[Any] = [Packet(PLAIN), bytearray(PLAIN), (bytearray(with_room(PLAIN)), ROOM, len(PLAIN))]
        sender, receiver = pair()
        first, second, third = sender.seal_burst(packets)
        assert isinstance(first, iiptran.Sealed) and isinstance(third, iiptran.Sealed)
        assert isinstance(second, iiptran.Drop) and packets[1] == PLAIN
        assert (first.sequence, sender.sequence) == (1, third.sequence)
        replay = packets[0].copy()
        opened, again = receiver.open_burst([packets[0], replay])
        assert isinstance(opened, iiptran.Opened) and packets[0] == PLAIN
        match again:
            case iiptran.Drop(reason):
                assert reason is DropReason.REPLAYED
            case _:
                pytest.fail(repr(again))

    def test_rows_of_numpy(self) -> None:
        rows = np.zeros((32, 256), dtype=np.uint8)
        rows[:, ROOM : ROOM + len(PLAIN)] = np.frombuffer(PLAIN, dtype=np.uint8)
        sender, receiver = pair()
        done = sender.seal_burst((row, ROOM, len(PLAIN)) for row in rows)
        places = [(result.offset, result.length) for result in done if isinstance(result, iiptran.Sealed)]
        opened = receiver.open_burst(
            (row, offset, length) for row, (offset, length) in zip(rows, places, strict=True)
        )
        assert [getattr(result, "sequence", 0) for result in opened] == list(range(1, 33))

    @pytest.mark.parametrize("shift", [0, 1, 100])
    def test_shared_bytes_are_refused(self, shift: int) -> None:
        buffer = bytearray(512)
        before = bytes(buffer)
        view = memoryview(buffer)
        with pytest.raises(iiptran.Misuse) as wrong:
            pair()[0].seal_burst([view[:200], view[shift : shift + 200]])
        assert wrong.value.name == "overlapping-buffers"
        assert buffer == before

    def test_one_packet_twice_is_refused_and_stays(self) -> None:
        packet = Packet(PLAIN)
        sender, _ = pair()
        with pytest.raises(iiptran.Misuse) as wrong:
            sender.seal_burst([packet, packet])
        assert wrong.value.name == "in-use"
        assert (sender.sequence, packet) == (0, Packet(PLAIN))
        sender.seal(packet)

    @pytest.mark.parametrize("packets", [None, 17, [None], [(bytearray(9), 1)], [(b"", 0, 0)]])
    def test_what_is_no_burst_is_refused(self, packets: Any) -> None:
        sender, receiver = pair()
        with pytest.raises(TypeError):
            sender.seal_burst(packets)
        with pytest.raises(TypeError):
            receiver.open_burst(packets)
        assert receiver.packets == 0

    def test_an_iterator_that_fails_leaves_everything(self) -> None:
        packet = Packet(PLAIN)
        sender, receiver = pair()

        def packets() -> Any:
            yield packet
            raise KeyError("no more")

        with pytest.raises(KeyError):
            sender.seal_burst(packets())
        with pytest.raises(KeyError):
            receiver.open_burst(packets())
        assert (packet == PLAIN, sender.sequence, receiver.packets) == (True, 0, 0)

    def test_a_burst_of_none(self) -> None:
        assert pair()[0].seal_burst([]) == []
