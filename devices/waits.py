"""What waits at a gateway: requests for their time, and replies under way to their masters."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from numpy.random import Generator

from devices.agenda import NEVER
from devices.failing.framing import Sent
from devices.network.conditions import Conditions
from devices.network.lane import Way


class Held(NamedTuple):
    """A request that waits for its time; `late_ms`: how long, because of a fault, 0 if at all."""

    due_ms: int
    conn: int
    adu: bytes
    number: int
    late_ms: int


class Coming(NamedTuple):
    """A reply under way to its master; `garbled`: faults of frames have had it."""

    due_ms: int
    conn: int
    sent: Sent
    garbled: bool
    late_ms: int


class Waits:
    """Oldest first. `there` and `back`: the ways of requests and of replies."""

    def __init__(self) -> None:
        self.there, self.back = Way(), Way()
        self._held: deque[Held] = deque()
        self._coming: deque[Coming] = deque()

    def hold(self, now: int, delay_ms: int, conn: int, adu: bytes, number: int) -> int:
        """Let a request wait; how much later (ms) it is seen to because of a fault."""
        there = self.there.arrives(now, len(adu))
        late_ms = there - now + delay_ms
        self._held.append(Held(max(now + 1, there + delay_ms), conn, adu, number, late_ms))
        return late_ms

    def reply(self, held: Held, sent: Sent, garbled: bool, now: int) -> None:
        """Send the reply to a request on its way."""
        due, late_ms = now, held.late_ms
        if not self.back.calm:
            due = self.back.arrives(held.due_ms, sum(map(len, sent.pieces)))
            late_ms += due - held.due_ms
        self._coming.append(Coming(due, held.conn, sent, garbled, late_ms))

    def due(self, now: int) -> Iterator[Held | Coming]:
        """Take what is due: replies before further requests are seen to."""
        while True:
            if self._coming and self._coming[0].due_ms <= now:
                yield self._coming.popleft()
            elif self._held and self._held[0].due_ms <= now:
                yield self._held.popleft()
            else:
                return

    def next_due(self) -> int:
        """When something is due (ms); NEVER if nothing waits."""
        return min(
            self._held[0].due_ms if self._held else NEVER,
            self._coming[0].due_ms if self._coming else NEVER,
        )

    def count(self, conn: int) -> int:
        """How much of a master waits."""
        if not self._held and not self._coming:
            return 0
        held = sum(one.conn == conn for one in self._held)
        return held + sum(one.conn == conn for one in self._coming)

    def carry(self, conditions: Conditions, rng: Generator, now: int) -> None:
        """Other conditions on both ways; once they are calm, what waits is due."""
        self.there.change(conditions, rng)
        self.back.change(conditions, rng)
        if self.back.calm:
            self.hurry(now)

    def hurry(self, now: int) -> None:
        """Let nothing be due later than now."""
        self._held = deque(h._replace(due_ms=min(h.due_ms, now)) for h in self._held)
        self._coming = deque(c._replace(due_ms=min(c.due_ms, now)) for c in self._coming)

    def forget(self, conn: int) -> None:
        """A master has gone."""
        self._held = deque(one for one in self._held if one.conn != conn)
        self._coming = deque(one for one in self._coming if one.conn != conn)

    def clear(self) -> None:
        """Nothing waits any more."""
        self._held.clear()
        self._coming.clear()
