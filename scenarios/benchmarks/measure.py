"""One measured figure with its peer and its target, and a stopwatch on the CPU."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from controller.interface.clock import cpu_ms

LEAST_MS = 200
"""A turn repeats its work until it has taken so long, since the clock counts milliseconds."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A row of `twin bench`: ``at_most`` tells whether less is better; ``met`` None follows from
    value (or ratio, where ``by_ratio``) and target, False stays with its reason in ``more``.
    """

    name: str
    value: float
    unit: str
    target: float | None = None
    at_most: bool = True
    peer: str | None = None
    peer_value: float | None = None
    by_ratio: bool = False
    met: bool | None = None
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        """How many times better than the peer; None without one."""
        if not self.peer_value or not self.value:
            return None
        return self.peer_value / self.value if self.at_most else self.value / self.peer_value

    def row(self) -> dict[str, Any]:
        """The row of the document."""
        return {
            "name": self.name,
            "value": _short(self.value),
            "unit": self.unit,
            "peer": self.peer,
            "peer_value": _short(self.peer_value),
            "ratio": _short(self.ratio),
            "target": self.target,
            "met": self._met(),
            **self.more,
        }

    def _met(self) -> bool | None:
        if self.met is not None or self.target is None:
            return self.met
        if self.by_ratio:
            return None if self.ratio is None else self.ratio >= self.target
        return self.value <= self.target if self.at_most else self.value >= self.target


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")


def cpu_s(work: Callable[[], object]) -> float:
    """CPU seconds of one call, averaged over as many as fill 0.2 s."""
    begin, calls, spent = cpu_ms(), 0, 0
    while spent < LEAST_MS:
        work()
        calls += 1
        spent = cpu_ms() - begin
    return spent / 1_000 / calls


def median(values: Sequence[float]) -> float:
    """The median; machines are noisy."""
    return float(statistics.median(values))


def tell(text: str) -> None:
    """Say on stderr what is being measured."""
    print(text, file=sys.stderr)
