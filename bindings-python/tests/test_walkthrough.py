"""Walkthroughs: told, drawn, and what the node did."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

from known import inner, udp

import iiptran
from iiptran import Packet
from iiptran.bench import Gateways


class Balanced(HTMLParser):
    """Whether every element that begins ends, in order, and what text is in them."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.add(tag)
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_it_tells_what_the_node_did() -> None:
    gateways = Gateways()
    packet = Packet(inner())
    verdict, walk = gateways.a.walk_receive("lan", packet)
    assert isinstance(verdict, iiptran.Transmit)
    assert [step["stage"] for step in walk.steps] == [
        "arrive", "hop", "route", "encapsulate", "policy", "choose-sa", "seal", "route",
    ]  # fmt: skip
    assert walk.steps[-1]["packet"] == packet.hex()
    assert (walk.arrangement, len(walk)) == ("iiptran", len(walk.titles))
    assert walk.outcome["next-hop"] == str(verdict.next_hop)
    assert str(walk).endswith("=>   transmit by wan to 192.0.2.2")
    assert repr(walk) == "<iiptran.Walkthrough, 8 steps: transmit by wan to 192.0.2.2>"


def test_a_drop_is_told_too_and_leaves_the_packet() -> None:
    packet = Packet(inner(ttl=1))
    verdict, walk = Gateways().a.walk_receive("lan", packet)
    assert isinstance(verdict, iiptran.Drop)
    assert walk.outcome["reason"] == verdict.reason.label
    assert packet == inner(ttl=1)
    assert verdict.explanation.meaning in str(walk)


def test_sending_is_walked_as_well() -> None:
    node = Gateways().a
    for verdict, walk in (
        node.walk_send("base", Packet(udp())),
        node.walk_send_via("wan", Packet(udp())),
    ):
        assert walk.outcome["verdict"] in ("transmit", "drop")
        assert isinstance(verdict, (iiptran.Transmit, iiptran.Drop))


def test_a_notebook_draws_it_whole() -> None:
    _, walk = Gateways().a.walk_receive("lan", Packet(inner()))
    page = Balanced()
    page.feed(walk._repr_html_())
    page.close()
    assert page.open == []
    assert {"details", "mark", "table"} <= page.seen
    for title in walk.titles:
        assert title in page.text
    for digits in (f"{byte:02x}" for byte in bytes.fromhex(walk.steps[-1]["packet"])):
        assert digits in page.text


def test_names_of_a_document_are_text_and_not_html() -> None:
    name = "<script>alert(1)</script>"
    node = iiptran.Node({"arrangement": "transport", "links": [{"name": name}]})
    _, walk = node.walk_receive(name, Packet(inner()))
    assert "<script>" not in walk._repr_html_()
    assert "&lt;script&gt;" in walk._repr_html_()


def test_the_text_is_the_same_as_elsewhere() -> None:
    data = Path(__file__).resolve().parents[2] / "tests" / "data" / "behaviour"
    expected = (data / "walkthroughs.txt").read_text()
    told = []
    for case in json.loads((data / "nodes.json").read_text())["cases"]:
        if f"{case['name']}: " not in expected:
            continue
        steps = case["steps"]
        documents = {step["on"]: step["document"] for step in steps[::-1] if step["call"] == "node"}
        nodes = {name: iiptran.Node(document) for name, document in documents.items()}
        sent = [step for step in steps if step["call"] in ("send", "receive")]
        for step in sent[:2]:
            node, packet = nodes[step["on"]], Packet.fromhex(step["packet"])
            walk, where = (
                (node.walk_send, step["network"])
                if step["call"] == "send"
                else (node.walk_receive, step["link"])
            )
            _, text = walk(where, packet, now=step.get("now", 0))
            told.append(f"{case['name']}: {step['on']} {step['call']}\n{text}\n")
    assert "\n".join(told) == expected
