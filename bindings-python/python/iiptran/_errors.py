"""What goes wrong, in three kinds: a packet meets its end, a document is wrong, or a call is."""

from __future__ import annotations

from iiptran._iiptran import Explained, explain
from iiptran._reasons import DropReason


class Error(Exception):
    """What went wrong. Errors of the same kind that say the same are equal."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.args == getattr(other, "args", None)

    def __hash__(self) -> int:
        return hash((type(self), self.args))

    @property
    def hint(self) -> str:
        """What to look at first."""
        return str(self)


class Drop(Error):
    """A packet met its end. Normal, counted, explained.

    Sealing, opening and lookups raise it; a node's verdicts and the results of bursts contain it.
    """

    __match_args__ = ("reason",)

    reason: DropReason
    """Why."""
    offset: int | None
    """Where the packet was in its buffer; None for a lookup."""

    def __init__(self, reason: int, offset: int | None = None) -> None:
        super().__init__(reason, offset)
        self.reason = DropReason(reason)
        self.offset = offset

    @property
    def explanation(self) -> Explained:
        """What the reason means, which clause asks for the drop, and what to check."""
        return explain(self.reason)

    @property
    def hint(self) -> str:
        """What to check."""
        return self.explanation.check

    def __str__(self) -> str:
        return f"{self.explanation.name}: {self.explanation.meaning}"

    def __repr__(self) -> str:
        return f"<iiptran.Drop {self.explanation.name}>"


class ConfigError(Error, ValueError):
    """A document is wrong."""

    path: str
    """The field, such as `virtual-links[0].local`; `.` for the whole document."""
    cause: str
    """What is wrong with it."""
    line: int | None
    """Where in the text, from 1, if the document was text and the fault is in the text itself."""
    column: int | None
    """Where in that line, from 1."""

    def __init__(
        self, path: str, cause: str, text: str, line: int | None = None, column: int | None = None
    ) -> None:
        super().__init__(path, cause, text, line, column)
        self.path = path
        self.cause = cause
        self.line = line
        self.column = column
        self._text = text

    @property
    def hint(self) -> str:
        """What is wrong with the field."""
        return self.cause

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"<iiptran.ConfigError {self._text}>"


class Misuse(Error, ValueError):
    """A call is wrong."""

    name: str
    """Stable name of the mistake, in kebab case."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(name, text)
        self.name = name
        self._text = text

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"<iiptran.Misuse {self.name}>"


class Panic(Error):
    """An earlier call with the object ended in a fault of the library, and left it half done."""

    def __str__(self) -> str:
        return "an earlier call with the object ended in a panic and left it half done"

    @property
    def hint(self) -> str:
        """What to do about it."""
        return "report it; the object is of no more use"
