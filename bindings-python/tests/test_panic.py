"""A fault of the library is an exception, and what it left half done is of no more use."""

from __future__ import annotations

import pytest

import iiptran
from iiptran import _iiptran


def test_an_object_that_a_panic_left_half_done_is_of_no_more_use() -> None:
    sad = iiptran.Sad()
    with pytest.raises(BaseException, match="a fault of the library"):
        _iiptran.panic(sad)
    for use in (lambda: sad.is_vacant(0x1000), lambda: len(sad), lambda: sad.remove(0x1000)):
        with pytest.raises(iiptran.Panic) as refused:
            use()
        assert isinstance(refused.value, iiptran.Error)
        assert "report it" in refused.value.hint
    assert iiptran.Sad().is_vacant(0x1000)


def test_packets_that_a_panic_left_half_done_are_of_no_more_use() -> None:
    packets = [iiptran.Packet(bytes(20)) for _ in range(3)]
    with pytest.raises(BaseException, match="a fault of the library"):
        _iiptran.panic_in_burst(packets)
    for packet in packets:
        with pytest.raises(iiptran.Panic):
            packet.hex()
