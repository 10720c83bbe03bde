"""Writes the types of the module in Rust, as its own source tells them.

PyO3 notes names, types and comments while it builds the module, and maturin writes them down. What is
added here are the imports of the package's own types, which the source names in its signatures.
With `--check`, only tells whether the file is up to date.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
STUBS = PACKAGE / "python" / "iiptran" / "_iiptran.pyi"
COMMAND = "python bindings-python/tools/stubs.py"
NOTICE = f"# Made by {COMMAND}, from bindings-python/src."
WIDTH = 100

# Where the types are that signatures name in words.
HOMES = {
    "collections.abc": ("Iterable",),
    "iiptran._errors": ("Drop", "Misuse"),
    "iiptran._types": ("AddressLike", "Buffer", "BurstItem", "Document", "Results", "Verdict"),
    "iiptran._walkthrough": ("Walkthrough",),
}


def told() -> str:
    """What maturin writes."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "maturin", "generate-stubs", "--quiet"]
        subprocess.run([*command, "--features", "stubs", "--out", folder], cwd=PACKAGE, check=True)
        return (Path(folder) / "iiptran" / "_iiptran.pyi").read_text()


def stubs(text: str) -> str:
    """The same with imports, a notice, and lines that can be read."""
    text = re.sub(r'(?m)^( *)"""\n\1(\S.*)\n\1"""$', r'\1"""\2"""', text)
    # PyO3 knows nothing of what an iterator gives.
    text = text.replace("-> Iterator:", "-> Iterator[Any]:")
    head, body = text.split("\n\n", 1)
    # A class with a property `bytes` has no other name for the type.
    imports = ["import builtins"]
    imports += [f"from {home} import {', '.join(names)}" for home, names in HOMES.items()]
    lines = [line for whole in body.split("\n") for line in broken(unquoted(whole))]
    return "\n".join([head, "", NOTICE, "", *imports, *lines])


def unquoted(line: str) -> str:
    """Types in words are types as well."""
    return re.sub(r'"([^"]+)"', r"\1", line) if line.lstrip().startswith("def ") else line


def broken(line: str) -> list[str]:
    """A list or signature that is too long, an item a line."""
    if len(line) <= WIDTH or not re.match(r"\s*(def |__all__)", line):
        return [line]
    opening = "(" if "def " in line else "["
    start = line.index(opening) + 1
    end = line.rindex(") ->" if opening == "(" else "]")
    indent = " " * (len(line) - len(line.lstrip()))
    items = re.split(r", (?![^\[]*\])", line[start:end])
    return [line[:start], *(f"{indent}    {item}," for item in items), indent + line[end:]]


def main() -> int:
    """Writes the file, or compares it."""
    text = stubs(told())
    if STUBS.exists() and STUBS.read_text() == text:
        return 0
    if "--check" in sys.argv[1:]:
        print(f"{STUBS.name} is not up to date; run {COMMAND}")
        return 1
    STUBS.write_text(text)
    print(f"wrote {STUBS.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
