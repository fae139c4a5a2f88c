"""What the decision core needs of a journal, and where its records stand within a slice."""

from __future__ import annotations

from typing import Any, Protocol

PHASE = 3
"""The controller's phase within a slice."""


class Records(Protocol):
    """Where records go: a `Journal`."""

    def record(self, t_ms: int, phase: int, kind: str, entity: str, **data: Any) -> int:
        """Append one record."""
        ...
