"""One incident from its beginning to its end: who was told, who confirmed it, what was done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

MOST_MEASURES = 40
"""Of what was done during an incident the reports tell so much, the first and the last."""


@dataclass(slots=True)
class Case:
    """An incident that stands. `source`: the button or cause; `notice`: the alarm's id.

    `next_step`: of its chain; `acknowledged`: receivers, or operators by role. `confirmed`: by whom
    ("" nobody yet), `reported`: report id -> how many were sent.
    """

    incident: str
    source: str
    notice: str
    since_ms: int
    drill: bool
    next_step: int = 0
    told: list[str] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    confirmed: str = ""
    confirmed_ms: int = 0
    closed: bool = False
    presses: int = 1
    measures: list[tuple[int, str]] = field(default_factory=list)
    reported: dict[str, int] = field(default_factory=dict)

    def did(self, now: int, text: str) -> None:
        """Something was done about it."""
        self.measures.append((now, text))
        if len(self.measures) > MOST_MEASURES:
            del self.measures[MOST_MEASURES // 2]

    def capture(self) -> list[Any]:
        """As plain values."""
        return [
            self.incident, self.source, self.notice, self.since_ms, self.drill,
            self.next_step, list(self.told), list(self.acknowledged), self.confirmed,
            self.confirmed_ms, self.closed, self.presses, [list(one) for one in self.measures],
            dict(self.reported),
        ]  # fmt: skip

    @classmethod
    def restored(cls, plain: list[Any], move: Callable[[int], int]) -> Case:
        """From plain values, on the new clock."""
        case = cls(*plain)
        case.since_ms, case.confirmed_ms = move(case.since_ms), move(case.confirmed_ms)
        case.measures = [(move(t_ms), text) for t_ms, text in plain[12]]
        return case
