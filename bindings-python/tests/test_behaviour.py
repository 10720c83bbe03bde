"""The behaviour vectors: the same calls give the same bytes, verdicts and errors as in every host."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import iiptran

DATA = Path(__file__).resolve().parents[2] / "tests" / "data" / "behaviour"
Step = dict[str, Any]


def cases() -> list[Any]:
    found = []
    for file in sorted(DATA.glob("*.json")):
        for case in json.loads(file.read_text())["cases"]:
            found.append(pytest.param(case["steps"], id=f"{file.stem}: {case['name']}"))
    return found


class Runner:
    """Makes the calls of a case."""

    def __init__(self) -> None:
        self.made: dict[tuple[str, str], Any] = {}

    def call(self, step: Step) -> dict[str, Any]:
        """What comes back, as the vectors have it."""
        try:
            given: dict[str, Any] = self.try_call(step)
        except iiptran.Error as error:
            return expected(error)
        return given

    def try_call(self, step: Step) -> Any:
        makers = {
            "outbound-sa": iiptran.OutboundSa,
            "inbound-sa": iiptran.InboundSa,
            "spd": iiptran.Spd,
            "fib": iiptran.Fib,
            "node": iiptran.Node,
            "network": iiptran.Network,
        }
        call, on = step["call"], step["on"]
        if call in makers:
            self.made[call, on] = makers[call](step["document"])
            return {}
        method = getattr(self, call.replace("-", "_"))
        return method(step)

    def sad(self, step: Step) -> Any:
        self.made["sad", step["on"]] = iiptran.Sad()
        return {}

    def node_with_tables(self, step: Step) -> Any:
        tables = self.made["node", step["with"]].tables()
        self.made["node", step["on"]] = iiptran.Node.with_tables(tables)
        return {}

    def for_worker(self, step: Step) -> Any:
        node = self.made["node", step["with"]].for_worker(step["worker"])
        self.made["node", step["on"]] = node
        return {}

    def set_worker(self, step: Step) -> Any:
        self.made["node", step["on"]].set_worker(step.get("worker"))
        return {}

    def spi_of(self, step: Step) -> Any:
        spi = iiptran.spi_of(bytes.fromhex(step["packet"]))
        return {} if spi is None else {"spi": spi}

    def seal(self, step: Step) -> Any:
        options = {name.replace("-", "_"): value for name, value in step.get("options", {}).items()}
        if "sequence" in options:
            options["sequence"] = int(options["sequence"])
        for name in options.keys() & {"iv", "outer"}:
            options[name] = bytes.fromhex(options[name])
        buffer, offset, length = place(step)
        sa = self.made["outbound-sa", step["on"]]
        sealed = sa.seal(buffer, offset, length, now=step.get("now", 0), **options)
        return {
            "packet": buffer[sealed.offset :][: sealed.length].hex(),
            "sequence": str(sealed.sequence),
            "pad-length": sealed.pad_length,
        }

    def open(self, step: Step) -> Any:
        packet = room(step)
        return opened(packet, self.made["inbound-sa", step["on"]].open(packet, now=now(step)))

    def sad_open(self, step: Step) -> Any:
        packet = room(step)
        key, found = self.made["sad", step["on"]].open(packet, now=now(step))
        return {"spi": key.spi, **opened(packet, found)}

    def sad_insert(self, step: Step) -> Any:
        self.made["sad", step["on"]].insert(self.made["inbound-sa", step["with"]])
        return {}

    def sad_remove(self, step: Step) -> Any:
        self.made["inbound-sa", step["with"]] = self.made["sad", step["on"]].remove(step["spi"])
        return {}

    def spd_lookup(self, step: Step) -> Any:
        packet = bytes.fromhex(step["packet"])
        found = self.made["spd", step["on"]].lookup(step.get("direction", "outbound"), packet)
        return {"policy": found.name, "action": found.action}

    def fib_lookup(self, step: Step) -> Any:
        hop = self.made["fib", step["on"]].lookup(bytes.fromhex(step["packet"]))
        return {"link": hop.link, "next-hop": str(hop.address)}

    def send(self, step: Step) -> Any:
        buffer, offset, length = place(step)
        node = self.made["node", step["on"]]
        given = node.send(step["network"], buffer, offset, length, now=now(step))
        return verdict(given, buffer)

    def send_via(self, step: Step) -> Any:
        buffer, offset, length = place(step)
        node = self.made["node", step["on"]]
        return verdict(node.send_via(step["link"], buffer, offset, length, now=now(step)), buffer)

    def receive(self, step: Step) -> Any:
        buffer, offset, length = place(step)
        node = self.made["node", step["on"]]
        return verdict(node.receive(step["link"], buffer, offset, length, now=now(step)), buffer)

    def install(self, step: Step) -> Any:
        self.made["node", step["on"]].install(step["document"])
        return {}

    def install_tables(self, step: Step) -> Any:
        self.made["node", step["on"]].install_tables(self.made["node", step["with"]].tables())
        return {}

    def insert_inbound_sa(self, step: Step) -> Any:
        self.made["node", step["on"]].insert_inbound_sa(self.made["inbound-sa", step["with"]])
        return {}

    def remove_inbound_sa(self, step: Step) -> Any:
        node = self.made["node", step["on"]]
        removed = node.remove_inbound_sa(step["network"], step["spi"])
        self.made["inbound-sa", step["with"]] = removed
        return {}

    def set_link_up(self, step: Step) -> Any:
        self.made["node", step["on"]].set_link_up(step["link"], step.get("up", True))
        return {}

    def counters(self, step: Step) -> Any:
        return {"document": self.made["node", step["on"]].counters()}

    def poll_event(self, step: Step) -> Any:
        return {"document": self.made["node", step["on"]].poll_event()}


    def network_run(self, step: Step) -> Any:
        self.network(step).run_until(step["now"])
        return {}

    def network_step(self, step: Step) -> Any:
        return {"sequence": str(self.network(step).step())}

    def network_reset(self, step: Step) -> Any:
        self.network(step).reset(step["seed"])
        return {}

    def network_send(self, step: Step) -> Any:
        packet, inside = bytes.fromhex(step["packet"]), step.get("network")
        return {"sequence": str(self.network(step).send(step["with"], packet, network=inside))}

    def network_wire(self, step: Step) -> Any:
        self.network(step).set_wire_up(step["link"], step["up"])
        return {}

    def network_link(self, step: Step) -> Any:
        self.network(step).set_link_up(step["with"], step["link"], step["up"])
        return {}

    def network_ends(self, step: Step) -> Any:
        return {"document": [end_document(end) for end in self.network(step).take_ends()]}

    def network_trace(self, step: Step) -> Any:
        return {"document": self.network(step).take_trace()}

    def network_report(self, step: Step) -> Any:
        return {"document": self.network(step).report()}

    def network_keys(self, step: Step) -> Any:
        return {"document": self.network(step).keys()}

    def network_tables(self, step: Step) -> Any:
        return {"document": self.network(step).tables(step["with"])}

    def network_capture(self, step: Step) -> Any:
        return {"packet": self.network(step).take_capture(step.get("link")).hex()}

    def network(self, step: Step) -> iiptran.Network:
        network: iiptran.Network = self.made["network", step["on"]]
        return network


def together(steps: list[Step]) -> int:
    """How many steps from the first on are one burst; 0 if the first is of none."""

    def kind(step: Step) -> tuple[Any, ...]:
        return tuple(step.get(name) for name in ("call", "on", "link", "network", "now"))

    count = 0
    for step in steps:
        is_burst = step["call"] in ("seal", "open", "send", "receive") and "options" not in step
        if not is_burst or kind(step) != kind(steps[0]):
            break
        count += 1
    return count


def in_burst(runner: Runner, steps: list[Step]) -> list[dict[str, Any]]:
    """What comes back from the calls of steps as one burst, half of it in buffers."""
    first = steps[0]
    items: list[Any] = [place(step) if at % 2 else room(step) for at, step in enumerate(steps)]
    call = {
        "seal": ("outbound-sa", "seal_burst", ()),
        "open": ("inbound-sa", "open_burst", ()),
        "send": ("node", "send_burst", (first.get("network"),)),
        "receive": ("node", "receive_burst", (first.get("link"),)),
    }[first["call"]]
    kind, name, arguments = call
    try:
        results = getattr(runner.made[kind, first["on"]], name)(*arguments, items, now=now(first))
    except iiptran.Misuse as misuse:
        return [expected(misuse) for _ in steps]
    return [burst_result(*pair) for pair in zip(items, results, steps, strict=True)]


def burst_result(item: Any, result: Any, step: Step) -> dict[str, Any]:
    if isinstance(result, iiptran.Error):
        # It is as it was.
        if isinstance(item, iiptran.Packet):
            assert (item.hex(), item.headroom) == (step["packet"], step.get("room", [512])[0])
        else:
            assert item == place(step)
        return expected(result)
    if isinstance(item, iiptran.Packet):
        assert isinstance(result, iiptran.Hold) or item.headroom == result.offset
        buffer = bytearray(item.headroom) + bytes(item)
    else:
        buffer = item[0]
    if step["call"] in ("send", "receive"):
        given: dict[str, Any] = verdict(result, buffer)
        return given
    found = {
        "packet": buffer[result.offset :][: result.length].hex(),
        "sequence": str(result.sequence),
        "pad-length": result.pad_length,
    }
    return found | ({"next-header": result.next_header} if step["call"] == "open" else {})


def end_document(end: iiptran.PacketEnd) -> dict[str, Any]:
    """The end of a packet as the vectors have it."""
    names = ("time", "number", "flow", "verdict", "place", "reason")
    document = {name: getattr(end, name) for name in names if getattr(end, name) is not None}
    return {**document, "packet": end.packet.hex()}


def now(step: Step) -> int:
    return int(step.get("now", 0))


def place(step: Step) -> tuple[bytearray, int, int]:
    """The packet of a step in a buffer, with offset and length."""
    before, behind = step.get("room", (512, 512))
    packet = bytes.fromhex(step["packet"])
    return bytearray(before) + packet + bytearray(behind), before, len(packet)


def room(step: Step) -> iiptran.Packet:
    """The same as a packet with room."""
    before, behind = step.get("room", (512, 512))
    return iiptran.Packet(bytes.fromhex(step["packet"]), headroom=before, tailroom=behind)


def opened(packet: iiptran.Packet, found: iiptran.Opened) -> dict[str, Any]:
    return {
        "packet": packet.hex(),
        "sequence": str(found.sequence),
        "pad-length": found.pad_length,
        "next-header": found.next_header,
    }


def verdict(given: iiptran.Verdict, buffer: bytearray) -> Any:
    match given:
        case iiptran.Transmit(link, next_hop):
            packet = buffer[given.offset :][: given.length].hex()
            hop = {"link": link, "next-hop": str(next_hop)}
            return {"verdict": "transmit", "packet": packet, **hop}
        case iiptran.Deliver(link):
            packet = buffer[given.offset :][: given.length].hex()
            return {"verdict": "deliver", "packet": packet, "link": link}
        case iiptran.Hold():
            return {"verdict": "hold"}
        case iiptran.Drop():
            raise given


def expected(error: iiptran.Error) -> dict[str, Any]:
    match error:
        case iiptran.Drop(reason):
            return {"drop": reason.label}
        case iiptran.ConfigError():
            line, column = error.line or 0, error.column or 0
            fault = {"path": error.path, "cause": error.cause, "line": line, "column": column}
            return {"config": fault}
        case iiptran.Misuse():
            return {"misuse": error.name}
    raise error


def test_there_are_vectors() -> None:
    assert len(cases()) > 20


@pytest.mark.parametrize("steps", cases())
def test_host_01_the_same_calls_give_the_same_bytes(steps: list[Step]) -> None:
    runner = Runner()
    for number, step in enumerate(steps):
        expect = dict(step["expect"])
        if "document" in expect:
            expect["document"] = json.loads(expect["document"]) if expect["document"] else None
        assert runner.call(step) == expect, (number, step)


@pytest.mark.parametrize("steps", cases())
def test_host_10_packets_in_bursts_get_what_they_got_alone(steps: list[Step]) -> None:
    runner = Runner()
    while steps:
        count = together(steps)
        part, steps = steps[: max(count, 1)], steps[max(count, 1) :]
        given = in_burst(runner, part) if count else [runner.call(part[0])]
        for step, found in zip(part, given, strict=True):
            expect = dict(step["expect"])
            if "document" in expect:
                expect["document"] = json.loads(expect["document"]) if expect["document"] else None
            assert found == expect, step
