"""Known answers of Linux 6.1: every packet that it sent, sealed again and opened, byte for byte."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from known import sa, udp

import iiptran
from iiptran import DropReason, Packet, pcap

CAPTURES = Path(__file__).resolve().parents[2] / "tests" / "data" / "captures"
CASES = json.loads((CAPTURES / "manifest.json").read_text())["cases"]


def document(case: dict[str, Any], entry: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """An SA of the manifest as a document; transport mode has no use for the ends."""
    return {
        "spi": entry["spi"],
        "transform": " + ".join(filter(None, (case["encryption"], case["integrity"]))),
        "key": entry["encryption_key"],
        "integrity-key": entry["integrity_key"],
        "extended-sequence": case["extended_sequence"],
        "start": entry["start"],
        **({"udp-encapsulation": {}} if case["udp_encapsulation"] else {}),
        **fields,
    }


def packets(case: dict[str, Any], kind: str) -> list[bytes]:
    return [packet.data for packet in pcap.read(CAPTURES / f"{case['name']}.{kind}.pcap")]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_every_packet_of_linux(case: dict[str, Any]) -> None:
    """In tunnel mode with the outer header that Linux chose; RFC 3884 section 3.1 allows no other bytes."""
    wires, inners = packets(case, "wire"), packets(case, "inner")
    is_tunnel = case["arrangement"] != "transport"
    for entry in case["sas"]:
        ends = {"mode": "tunnel", "source": entry["source"], "destination": entry["destination"]}
        described = document(case, entry, **(ends if is_tunnel else {}))
        sender, receiver = iiptran.OutboundSa(described), iiptran.InboundSa(described)
        for known in entry["packets"]:
            wire, inner = wires[known["wire"]], inners[known["inner"]]
            packet = Packet(inner)
            header = wire[: 20 if wire[0] >> 4 == 4 else 40]
            sealed = sender.seal(
                packet,
                sequence=known["sequence"],
                iv=bytes.fromhex(known["iv"]),
                outer=header if is_tunnel else None,
            )
            assert (packet, sealed.sequence) == (wire, known["sequence"])
            assert receiver.open(packet).sequence == known["sequence"]
            assert packet == inner


def test_all_of_them_are_there() -> None:
    assert sum(len(entry["packets"]) for case in CASES for entry in case["sas"]) == 824


def test_the_high_half_comes_from_the_number_that_is_expected() -> None:
    """No packet carries it: without the right highest number so far, nothing can be verified."""
    case = next(case for case in CASES if case["name"] == "iiptran-4in4-aes128gcm16-esn-roll")
    entry = next(entry for entry in case["sas"] if entry["packets"][-1]["sequence"] >> 32)
    wire = packets(case, "wire")[entry["packets"][-1]["wire"]]
    for start, opens in ((entry["start"], True), (0, False)):
        receiver = iiptran.InboundSa(document(case, entry, start=start))
        assert receiver.sequence == start
        if opens:
            assert receiver.open(Packet(wire)).sequence == entry["packets"][-1]["sequence"]
        else:
            with pytest.raises(iiptran.Drop) as dropped:
                receiver.open(Packet(wire))
            assert dropped.value.reason is DropReason.BAD_ICV


ENDS = {"mode": "tunnel", "source": "192.0.2.1", "destination": "192.0.2.2"}
HEADER = bytes.fromhex("45b8000012344000073200007f000001cb007102")


def test_an_outer_header_that_is_none_changes_nothing() -> None:
    sender = iiptran.OutboundSa(sa(**ENDS))
    for outer in (b"", HEADER[:-1], HEADER + b"\0", bytes(20), HEADER[:6] + b"\x20\0" + HEADER[8:]):
        packet = Packet(udp())
        with pytest.raises(iiptran.Misuse) as wrong:
            sender.seal(packet, outer=outer)
        assert wrong.value.name == "outer-header"
        assert packet == udp()
    with pytest.raises(iiptran.Misuse) as wrong:
        iiptran.OutboundSa(sa()).seal(Packet(udp()), outer=HEADER)
    assert wrong.value.name == "no-outer-header"
    with pytest.raises(TypeError):
        sender.seal(Packet(udp()), outer="45")  # type: ignore[arg-type]
    assert sender.sequence == 0


def test_an_outer_header_needs_room() -> None:
    sender = iiptran.OutboundSa(sa(**ENDS))
    packet = Packet(udp(), headroom=19)
    with pytest.raises(iiptran.Drop) as dropped:
        sender.seal(packet, outer=HEADER)
    assert dropped.value.reason is DropReason.NO_HEADROOM
    assert packet == udp()
