"""One guarded zone: disarmed, leaving, armed, entered, checked, alarm; and the guard who is asked.

Pure: readings and times in, what happened out. Times on the scan clock (ms).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from controller.access.hours import is_open
from controller.intrusion.compiled import Guarded
from controller.service import NEVER

DISARMED, LEAVING, ARMED, ENTERED, CHECK, ALARM = (
    "disarmed", "leaving", "armed", "entered", "check", "alarm",
)  # fmt: skip


@dataclass(slots=True)
class Zone:
    """The state of a zone. `manual`: armed or disarmed by hand until the schedule next changes.

    `due_ms`: when leaving or entering is over; `ask_ms`: when the next guard is asked. `asked`:
    how many guards have been; `seen`: when each source was active last, `last` its last reading.
    """

    plan: Guarded
    state: str = DISARMED
    due_ms: int = NEVER
    ask_ms: int = NEVER
    asked: int = 0
    answered: bool = False
    manual: bool | None = None
    scheduled: bool = False
    seen: dict[str, int] = field(default_factory=dict)
    last: dict[str, float] = field(default_factory=dict)

    @property
    def armed(self) -> bool:
        """Whether its detectors are to be on."""
        return self.state != DISARMED

    @property
    def guard(self) -> str:
        """Who is asked now; "" if nobody is, or nobody is left to ask."""
        if self.answered or not 0 < self.asked <= len(self.plan.guards):
            return ""
        return self.plan.guards[self.asked - 1]

    @property
    def wake_ms(self) -> int:
        """When something is due by itself."""
        quiet_ms = NEVER
        if self.state in (CHECK, ALARM) and self.answered:
            quiet_ms = max(self.seen.values(), default=0) + self.plan.window_ms
        return min(self.due_ms, self.ask_ms, quiet_ms)

    def step(
        self, good: Callable[[str], object], day_ms: int, now: int
    ) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Look at schedule and sources; what happened, with the sources that are the reason."""
        yield from self._schedule(day_ms, now)
        active = self._active(good)
        if self.state == LEAVING and now >= self.due_ms:
            self.state, self.due_ms = ARMED, NEVER
            yield ARMED, ()
        if self.state not in (DISARMED, LEAVING):
            self.seen |= dict.fromkeys(active, now)
            limit = now - self.plan.window_ms
            self.seen = {s: t for s, t in self.seen.items() if t > limit or s in active}
            yield from self._judge(now)
        yield from self._ask(now)

    def arm(self, on: bool, now: int) -> bool:
        """Somebody arms or disarms it by hand; whether that changes anything."""
        if on == self.armed:
            return False
        self.manual = on
        self._turn(on, now)
        return True

    def answer(self) -> bool:
        """The guard who is asked says that he goes; whether anybody was asked."""
        if not self.asked or self.answered:
            return False
        self.answered, self.ask_ms = True, NEVER
        return True

    def capture(self) -> list[Any]:
        """Everything but the plan, as plain values."""
        return [
            self.state, self.due_ms, self.ask_ms, self.asked, self.answered, self.manual,
            self.scheduled, dict(self.seen), dict(self.last),
        ]  # fmt: skip

    def restore(self, plain: list[Any], move: Callable[[int], int]) -> None:
        """Take back what was captured."""
        self.state, due_ms, ask_ms, self.asked, self.answered, self.manual, *rest = plain
        self.due_ms, self.ask_ms = move(due_ms), move(ask_ms)
        self.scheduled, seen, last = rest
        self.seen = {source: move(t) for source, t in seen.items()}
        self.last = dict(last)

    def _schedule(self, day_ms: int, now: int) -> Iterator[tuple[str, tuple[str, ...]]]:
        wanted = bool(self.plan.hours) and is_open(self.plan.hours, day_ms)
        if wanted != self.scheduled:
            self.scheduled, self.manual = wanted, None
        if self.manual is None and wanted != self.armed:
            self._turn(wanted, now)
            yield self.state, ()

    def _turn(self, on: bool, now: int) -> None:
        self.state = LEAVING if on else DISARMED
        self.due_ms = now + self.plan.exit_ms if on else NEVER
        self.ask_ms, self.asked, self.answered = NEVER, 0, False
        self.seen = {}

    def _active(self, good: Callable[[str], object]) -> list[str]:
        """The sources that see somebody; a line counts when its number grows."""
        found = []
        for source, counts in self.plan.sources.items():
            value = good(source)
            number = float(value) if isinstance(value, (bool, int, float)) else 0.0
            before = self.last.get(source, number if counts else 0.0)
            if number > before if counts else number > 0:
                found.append(source)
            if value is not None:
                self.last[source] = number
        return found

    def _judge(self, now: int) -> Iterator[tuple[str, tuple[str, ...]]]:
        sources = tuple(self.seen)
        if self.state == ARMED and sources:
            self.state, self.due_ms = ENTERED, now + self.plan.entry_ms
            if self.plan.entry_ms:
                yield ENTERED, sources
        if self.state == ENTERED and now >= self.due_ms:
            self.state, self.due_ms, self.ask_ms = CHECK, NEVER, now
            yield CHECK, sources
        if self.state == CHECK and len(sources) >= self.plan.verify:
            self.state = ALARM
            if self.answered:
                self.asked, self.answered, self.ask_ms = 0, False, now
            yield ALARM, sources
        if self.state in (CHECK, ALARM) and self.answered and not sources:
            self._turn(True, now)
            self.state, self.due_ms = ARMED, NEVER
            yield "quiet", ()

    def _ask(self, now: int) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The next guard, when the one before has not answered; the last is followed by nobody."""
        if now < self.ask_ms:
            return
        self.asked += 1
        if self.asked > len(self.plan.guards):
            self.ask_ms = NEVER
            yield "unanswered", ()
        else:
            self.ask_ms = now + self.plan.ack_ms
            yield "assigned", (self.guard,)
