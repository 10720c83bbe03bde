"""Documents that are not text, as JSON."""

from __future__ import annotations

import dataclasses
import enum
import ipaddress
import json
from collections.abc import Mapping
from typing import Any

_ADDRESSES = (
    ipaddress.IPv4Address,
    ipaddress.IPv6Address,
    ipaddress.IPv4Interface,
    ipaddress.IPv6Interface,
    ipaddress.IPv4Network,
    ipaddress.IPv6Network,
)


def json_text(document: object) -> str:
    """The JSON text of a mapping or dataclass.

    Underscores in names of fields are hyphens in JSON, and `from_` is `from`, which is a word of Python; a
    dataclass leaves out fields that are None.
    Bytes become hexadecimal digits, addresses and networks their text, members of enums their value.
    """
    if not isinstance(document, Mapping) and not _is_dataclass(document):
        kind = type(document).__name__
        raise TypeError(f"a document is text, a mapping or a dataclass, and not {kind}")
    return json.dumps(_plain(document), allow_nan=False)


def _is_dataclass(value: object) -> bool:
    return dataclasses.is_dataclass(value) and not isinstance(value, type)


def _plain(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return _plain(value.value)
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, Mapping):
        plain = {_name(key): _plain(item) for key, item in value.items()}
        if len(plain) < len(value):
            raise ValueError(f"a document has a field twice, in two spellings: {list(value)}")
        return plain
    if _is_dataclass(value):
        fields = ((field.name, getattr(value, field.name)) for field in dataclasses.fields(value))
        return {_name(name): _plain(item) for name, item in fields if item is not None}
    if isinstance(value, (bytes, bytearray, memoryview)):
        return value.hex()
    if isinstance(value, _ADDRESSES):
        return str(value)
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    raise TypeError(f"a document can't contain a {type(value).__name__}: {value!r}")


def _name(key: object) -> str:
    if isinstance(key, bool) or not isinstance(key, (str, int)):
        raise TypeError(f"a field of a document can't have the name {key!r}")
    return str(key).removesuffix("_").replace("_", "-")
