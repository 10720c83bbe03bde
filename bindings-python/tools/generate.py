"""Writes what the package knows of the library's documents and drop reasons.

`core/schema` comes from the types of the library, and these files come from `core/schema`.
With `--check`, only tells whether they are up to date.
"""

from __future__ import annotations

import json
import keyword
import sys
import textwrap
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "core" / "schema"
PACKAGE = ROOT / "bindings-python" / "python" / "iiptran"
COMMAND = "python bindings-python/tools/generate.py"
NOTICE = f"# Made by {COMMAND}, from core/schema."

# Text that Python has better types for.
TEXTS = {
    "HexKey": "str | bytes",
    "InterfaceText": "str | IPv4Interface | IPv6Interface",
    "PrefixText": "str | IPv4Network | IPv6Network",
    "AddressRangeText": "str | IPv4Address | IPv6Address | IPv4Network | IPv6Network",
}
ADDRESS = "str | IPv4Address | IPv6Address"


def reasons() -> str:
    """The module with `DropReason`."""
    listed = json.loads((SCHEMA / "drop-reasons.json").read_text())["drop-reasons"]
    lines = [
        '"""Why packets meet their end."""',
        "",
        NOTICE,
        "",
        "import enum",
        "",
        "",
        "class DropReason(enum.IntEnum):",
        '    """Why a packet met its end; the value is the stable code. See `iiptran.explain`."""',
        "",
    ]
    for reason in listed:
        name = reason["name"].replace("-", "_").upper()
        lines.append(f"    {name} = 0x{reason['code']:02x}")
        lines.extend(docstring(reason["meaning"]))
    lines += [
        "",
        "    @property",
        "    def label(self) -> str:",
        '        """The stable name, in kebab case, such as `bad-icv`."""',
        '        return self.name.lower().replace("_", "-")',
    ]
    return "\n".join(lines) + "\n"


def config() -> str:
    """The module with a dataclass for each object of a document."""
    definitions: dict[str, Any] = {}
    for file in ("node.json", "scenario.json"):
        root = json.loads((SCHEMA / file).read_text())
        definitions |= root["$defs"] | {root["title"]: root}
    objects = {name: item for name, item in definitions.items() if is_object(item)}
    lines = [
        '"""Documents as dataclasses: what is said of nodes and scenarios, field by field.',
        "",
        "A field that is None is left out of the document, and the library's default holds. The lists of",
        "SAs, policies and routes on their own are `iiptran.OutboundSa(Sa(...))`, `iiptran.Spd({'policies':",
        "[Policy(...)]})` and `iiptran.Fib({'links': [...], 'routes': [Route(...)]})`.",
        '"""',
        "",
        NOTICE,
        "",
        "from __future__ import annotations",
        "",
        "from collections.abc import Mapping, Sequence",
        "from dataclasses import dataclass",
        "from ipaddress import (",
        "    IPv4Address,",
        "    IPv4Interface,",
        "    IPv4Network,",
        "    IPv6Address,",
        "    IPv6Interface,",
        "    IPv6Network,",
        ")",
        "from typing import Literal",
        "",
        "__all__ = [",
        *(f'    "{class_name(name)}",' for name in sorted(objects)),
        "]",
    ]
    for name in sorted(objects):
        lines += one_class(name, objects[name], definitions)
    return "\n".join(lines) + "\n"


def one_class(name: str, schema: Any, definitions: dict[str, Any]) -> list[str]:
    lines = ["", "", "@dataclass(kw_only=True, frozen=True)", f"class {class_name(name)}:"]
    lines += docstring(schema["description"]) + [""]
    required = schema.get("required", [])
    properties = schema["properties"]
    for field in sorted(properties, key=lambda field: field not in required):
        kind = type_of(properties[field], definitions)
        optional = field not in required
        if optional and "None" not in kind.split(" | "):
            kind += " | None"
        default = " = None" if optional else ""
        lines.append(f"    {attribute(field)}: {kind}{default}")
        lines += docstring(properties[field].get("description", ""))
    return lines


def type_of(schema: Any, definitions: dict[str, Any]) -> str:
    """The type of Python for a schema."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name in TEXTS:
            return TEXTS[name]
        definition = definitions[name]
        return class_name(name) if is_object(definition) else type_of(definition, definitions)
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return union(schema[key], definitions)
    if "const" in schema:
        return f"Literal[{json.dumps(schema['const'])}]"
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return " | ".join(simple(kind, schema, definitions) for kind in kinds)


def simple(kind: str, schema: Any, definitions: dict[str, Any]) -> str:
    match kind:
        case "array":
            return f"Sequence[{type_of(schema['items'], definitions)}]"
        case "object" if "properties" in schema:
            kinds = [type_of(field, definitions) for field in schema["properties"].values()]
            return f"Mapping[str, {' | '.join(kinds)}]"
        case "object":
            inner = schema.get("additionalProperties") or {"type": "integer"}
            return f"Mapping[int | str, {type_of(inner, definitions)}]"
        case "string":
            return ADDRESS if schema.get("format") == "ip" else "str"
        case "integer":
            return "int"
        case "number":
            return "float"
        case "boolean":
            return "bool"
        case "null":
            return "None"
        case _:
            raise ValueError(f"no type of Python for {kind}")


def union(choices: list[Any], definitions: dict[str, Any]) -> str:
    words = [json.dumps(choice["const"]) for choice in choices if "const" in choice]
    kinds = [f"Literal[{', '.join(words)}]"] if words else []
    kinds += [type_of(choice, definitions) for choice in choices if "const" not in choice]
    return " | ".join(dict.fromkeys(kinds))


def is_object(schema: Any) -> bool:
    return schema.get("type") == "object" and "properties" in schema


def attribute(field: str) -> str:
    """The field's name in Python, which has words of its own."""
    name = field.replace("-", "_")
    return f"{name}_" if keyword.iskeyword(name) else name


def class_name(name: str) -> str:
    return name.removesuffix("Config")


def docstring(text: str) -> list[str]:
    words = " ".join(text.split())
    if not words:
        return []
    wrapped = textwrap.wrap(words, 92)
    if len(wrapped) == 1:
        return [f'    """{words}"""']
    return [f'    """{wrapped[0]}', *(f"    {line}" for line in wrapped[1:]), '    """']


def main() -> int:
    """Writes the files, or compares them."""
    stale = 0
    for name, text in (("_reasons.py", reasons()), ("config.py", config())):
        path = PACKAGE / name
        if path.exists() and path.read_text() == text:
            continue
        if "--check" in sys.argv[1:]:
            print(f"{name} is not up to date; run {COMMAND}")
            stale = 1
        else:
            path.write_text(text)
            print(f"wrote {name}")
    return stale


if __name__ == "__main__":
    sys.exit(main())
