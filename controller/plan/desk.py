"""What the sections of a plan need of each other: numbers, notices and records."""

from __future__ import annotations

from typing import Any, Protocol


class Desk(Protocol):
    """`began_ms` is when the scan clock's 0 was (ms since 1970; 0 under a twin)."""

    site: str
    began_ms: int

    def tell(self, notice: str, text: str, receiver: str, now: int, *, asks: bool) -> None:
        """A notice is to be told; `asks`: a person's acknowledgement is wanted."""
        ...

    def settle(self, notice: str) -> None:
        """Nobody need acknowledge a notice any more."""
        ...

    def number(self) -> str:
        """The id of a new notice."""
        ...

    def note(self, now: int, kind: str, entity: str, **data: Any) -> None:
        """Put something on record."""
        ...
