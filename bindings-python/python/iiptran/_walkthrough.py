"""A packet's way through a node, told step by step."""

from __future__ import annotations

import html
from typing import Any

_BYTES_PER_LINE = 16

# Colours that read on a light and on a dark page.
_STYLE = (
    "<style>"
    ".iiptran{font-family:sans-serif;font-size:13px;line-height:1.4}"
    ".iiptran details{border-left:3px solid #8886;margin:2px 0;padding:2px 8px}"
    ".iiptran summary{cursor:pointer}"
    ".iiptran code{font-family:monospace;font-size:12px;white-space:pre}"
    ".iiptran mark{background:#e8a33d66;color:inherit}"
    ".iiptran td{text-align:left;padding:0 8px;vertical-align:top}"
    ".iiptran .clause{opacity:.6}"
    ".iiptran .end{font-weight:bold}"
    "</style>"
)


class Walkthrough:
    """The way of one packet through one node: what was looked up and why, and which bytes changed.

    `str` tells it in brief, a notebook draws it whole, and `document` has everything that is to be
    said, with the names of `core/schema/walkthrough.json`.
    """

    document: dict[str, Any]

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document

    @property
    def arrangement(self) -> str:
        """The word of the node's arrangement."""
        return str(self.document["arrangement"])

    @property
    def steps(self) -> list[dict[str, Any]]:
        """The steps, in their order."""
        return list(self.document["steps"])

    @property
    def titles(self) -> list[str]:
        """What happened at each step, in one sentence."""
        return [str(step["title"]) for step in self.steps]

    @property
    def outcome(self) -> dict[str, Any]:
        """What became of the packet."""
        return dict(self.document.get("outcome", {}))

    def __len__(self) -> int:
        return len(self.steps)

    def __repr__(self) -> str:
        return f"<iiptran.Walkthrough, {len(self)} steps: {_ending(self.outcome)}>"

    def __str__(self) -> str:
        lines = [
            f"{number:>4}   {step['title']}  [{step['stage']} in {step['network']}, {step['clause']}]"
            for number, step in enumerate(self.steps, 1)
        ]
        return "\n".join([*lines, f"  =>   {_ending(self.outcome)}"])

    def _repr_html_(self) -> str:
        steps = "".join(_step(number, step) for number, step in enumerate(self.steps, 1))
        ending = html.escape(_ending(self.outcome))
        return f'<div class="iiptran">{_STYLE}{steps}<div class="end">{ending}</div></div>'


def _ending(outcome: dict[str, Any]) -> str:
    words = [str(outcome.get("verdict", "on its way"))]
    words += [f"by {outcome['link']}"] if "link" in outcome else []
    words += [f"to {outcome['next-hop']}"] if "next-hop" in outcome else []
    words += [f"{outcome['reason']}: {outcome['meaning']}"] if "reason" in outcome else []
    return " ".join(words)


def _step(number: int, step: dict[str, Any]) -> str:
    clause = html.escape(f"{step['stage']} in {step['network']}, {step['clause']}")
    parts = [
        f"<summary>{number}. {html.escape(step['title'])} "
        f'<span class="clause">{clause}</span></summary>'
    ]
    parts += [f"<div>{html.escape(note)}</div>" for note in step.get("notes", [])]
    if "lookup" in step:
        parts.append(_lookup(step["lookup"]))
    for name in ("esp", "window"):
        if name in step:
            parts.append(_rows([(key, str(value)) for key, value in step[name].items()]))
    parts.append(_packet(step))
    parts += [_layer(layer) for layer in step["layers"]]
    return f"<details>{''.join(parts)}</details>"


def _lookup(lookup: dict[str, Any]) -> str:
    candidates = [
        (("-> " if entry["matches"] else "") + entry["entry"], entry["why"])
        for entry in lookup["candidates"]
    ]
    asked = f"{lookup['table']}: {lookup['key']}"
    return f"<div>{html.escape(asked)}</div>{_rows(candidates)}"


def _packet(step: dict[str, Any]) -> str:
    packet = bytes.fromhex(step["packet"])
    changed = {
        place for change in step.get("changes", []) for place in range(change["start"], change["end"])
    }
    lines = []
    for start in range(0, len(packet), _BYTES_PER_LINE):
        places = range(start, min(start + _BYTES_PER_LINE, len(packet)))
        digits = (
            f"<mark>{packet[place]:02x}</mark>" if place in changed else f"{packet[place]:02x}"
            for place in places
        )
        lines.append(f"{start:04x}  {' '.join(digits)}")
    return f"<code>{'<br>'.join(lines)}</code>"


def _layer(layer: dict[str, Any]) -> str:
    title = html.escape(f"{layer['name']}  {layer['clause']}")
    fields = [(field["name"], field["value"]) for field in layer["fields"]]
    return f"<details><summary>{title}</summary>{_rows(fields)}</details>"


def _rows(rows: list[tuple[str, str]]) -> str:
    cells = (
        f"<tr><td>{html.escape(name)}</td><td>{html.escape(value)}</td></tr>"
        for name, value in rows
    )
    return f"<table>{''.join(cells)}</table>"
