"""The muster list: who is still inside, by the last reader, and how far it can be wrong.

It begins when a fire, an evacuation or a drill opens doors past their readers, and ends when no
door is open so. Whoever shows his card at an assembly place or at a reader on the way out is safe.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from controller.access.compiled import AccessPlan
from controller.access.deciding import Access, Passage, Place
from controller.service import NEVER


@dataclass(frozen=True, slots=True)
class Listed:
    """The list at one time. `missing`: card -> last reader.

    `unread_in`: people who came in without a card, as far as doors noticed; `unread_out`: people
    who were counted out and not read. Between `low` and `high` people are still inside, as far as
    doors count; `low` is 0 where a door that stands open counts nobody.
    """

    missing: Mapping[str, Place]
    safe: int
    unread_in: int
    unread_out: int
    low: int
    high: int
    doubts: tuple[str, ...]


class Muster:
    """Keeps the list while it is needed; `since_ms` is when it began, NEVER while there is none."""

    def __init__(self, plan: AccessPlan, access: Access) -> None:
        self._plan, self._access = plan, access
        self.since_ms = self.due_ms = NEVER
        self.safe: set[str] = set()
        self._left = self._unread_in = 0
        self._stood: dict[str, bool] = {}
        self._counted: dict[str, tuple[int, int]] = {}
        self._open: frozenset[str] = frozenset()

    def hear(self, passage: Passage) -> None:
        """Somebody has shown a card."""
        if passage.what in ("mustered", "left"):
            self.safe.add(passage.card)
            self._left += passage.what == "left"
        elif passage.opens:
            self.safe.discard(passage.card)

    def watch(self, good: Callable[[str], object]) -> None:
        """Look at the doors' own inputs: people who pass without a card, people counted out."""
        for door in self._plan.doors.values():
            for point in door.unread:
                stands = good(point) is True
                self._unread_in += stands and not self._stood.get(point, False)
                self._stood[point] = stands
            for point in door.counts:
                count = good(point)
                if isinstance(count, int) and not isinstance(count, bool):
                    from_, last = self._counted.get(point, (count, count))
                    self._counted[point] = (from_ - last if count < last else from_, count)

    def turn(self, released: frozenset[str], now: int) -> str:
        """The portals that stand open past their readers for a fire; `begin`, `list`, `end` or "".

        Doors with a reader only; where none is open there is no list.
        """
        open_now = released & {door.portal for door in self._plan.doors.values()}
        self._open |= open_now
        if open_now and self.since_ms == NEVER:
            self._begin(open_now, now)
            return "begin"
        if self.since_ms == NEVER:
            return ""
        if not open_now:
            self.since_ms = self.due_ms = NEVER
            return "end"
        if now >= self.due_ms:
            self.due_ms = now + self._plan.list_every_ms
            return "list"
        return ""

    def listed(self, now: int) -> Listed:
        """The list as it stands."""
        missing = {c: p for c, p in self._access.inside(now).items() if c not in self.safe}
        counted = sum(last - from_ for from_, last in self._counted.values())
        unread_out = max(0, counted - self._left)
        doubts = tuple(self._doubts())
        blind = any(door.portal in self._open and not door.counts for door in self._ways())
        low = 0 if blind else max(0, len(missing) - unread_out)
        safe, high = len(self.safe), len(missing) + self._unread_in
        return Listed(missing, safe, self._unread_in, unread_out, low, high, doubts)

    def capture(self) -> dict[str, Any]:
        """Everything that must not be forgotten, as plain values."""
        return {
            "since_ms": self.since_ms, "due_ms": self.due_ms, "safe": sorted(self.safe),
            "left": self._left, "unread_in": self._unread_in, "stood": dict(self._stood),
            "counted": {p: list(c) for p, c in self._counted.items()}, "open": sorted(self._open),
        }  # fmt: skip

    def restore(self, plain: Mapping[str, Any], move: Callable[[int], int]) -> None:
        """Take back what was captured."""
        self.since_ms, self.due_ms = move(plain["since_ms"]), move(plain["due_ms"])
        self.safe, self._open = set(plain["safe"]), frozenset(plain["open"])
        self._left, self._unread_in = plain["left"], plain["unread_in"]
        self._stood = dict(plain["stood"])
        self._counted = {p: (c[0], c[1]) for p, c in plain["counted"].items()}

    def _begin(self, open_now: frozenset[str], now: int) -> None:
        """From here on the list counts who comes out."""
        self.since_ms, self.due_ms = now, now + self._plan.list_every_ms
        self.safe.clear()
        self._open, self._left = open_now, 0
        self._counted = {point: (last, last) for point, (_, last) in self._counted.items()}

    def _ways(self) -> Iterable[Any]:
        return (door for door in self._plan.doors.values() if door.side != "muster")

    def _doubts(self) -> Iterable[str]:
        """Sentences: why the list may be wrong."""
        if self._unread_in:
            yield f"{self._unread_in} times somebody may have come in without a card"
        for portal in sorted(self._open):
            counted = any(door.portal == portal and door.counts for door in self._ways())
            yield f"{portal} stood open" + (" and counts" if counted else " and counts nobody")
