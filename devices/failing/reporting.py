"""Faults of reporting: what becomes of a value on its way from the device to its register or topic.

Each may pass the value on changed, hold it back (None) and tell it later by itself.
"""

from __future__ import annotations

import string
from collections.abc import Callable
from functools import partial
from typing import Protocol

from numpy.random import Generator

from controller.interface.points import Point, Value
from devices.agenda import Agenda

BOUNCE_MS = (5, 30)
FRESH_MS = 1000
LOOSE_MS = (500, 5000)
"""How long a loose contact stays open, and closed again: both within this (m)."""


class Reporter(Protocol):
    """The device's way to its registers and topics, behind all faults."""

    agenda: Agenda
    values: dict[str, Value]

    def tell(self, point: str, value: Value, at: int) -> None:
        """Report a value as it is."""
        ...

    def show(self, point: str, value: Value, at: int | None = None) -> None:
        """Report a value through all faults that stand."""
        ...

    def bound(self) -> dict[str, Point]:
        """The points that the I/O list binds."""
        ...


class Reporting:
    """One fault of reporting; this one changes nothing."""

    def __init__(self, reporter: Reporter, rng: Generator, value: int) -> None:
        self.reporter, self.rng, self.value = reporter, rng, value
        self.over = False

    def __call__(self, point: str, value: Value, at: int) -> Value | None:
        """The value to go on with; None if it is held back."""
        return value

    def begin(self, now: int) -> None:
        """The fault begins."""
        for name, value in self._reported().items():
            self.reporter.show(name, value)

    def end(self, now: int) -> None:
        """The fault is over: what is true is reported again."""
        self.over = True
        for name, value in self._reported().items():
            self.reporter.show(name, value)

    def _reported(self) -> dict[str, Value]:
        bound = self.reporter.bound()
        return {n: v for n, v in self.reporter.values.items() if n in bound}


class Delayed(Reporting):
    """Every value comes `value` ms late, with the time at which it was true."""

    def begin(self, now: int) -> None:
        """What has been reported stays."""

    def __call__(self, point: str, value: Value, at: int) -> Value | None:
        """Hold it back."""
        due = self.reporter.agenda.now + self.value
        self.reporter.agenda.at(due, partial(self._tell, point, value, at))
        return None

    def _tell(self, point: str, value: Value, at: int, due: int) -> None:
        if not self.over:
            self.reporter.tell(point, value, at)


class Frozen(Reporting):
    """Values stay as they are; over MQTT they are sent again each second with a fresh time."""

    def begin(self, now: int) -> None:
        """Keep what stands; go on saying it."""
        self._kept = dict(self._reported())
        self._again(now)

    def __call__(self, point: str, value: Value, at: int) -> Value | None:
        """Whatever it is, it does not get out."""
        return None

    def _again(self, at: int) -> None:
        if self.over:
            return
        for point, value in self._kept.items():
            if self.reporter.bound()[point].binding.leaf:
                self.reporter.tell(point, value, at)
        self.reporter.agenda.at(at + FRESH_MS, self._again)


class Garbage(Reporting):
    """Values are random ones of the right type."""

    def __call__(self, point: str, value: Value, at: int) -> Value | None:
        """Something else instead."""
        binding = self.reporter.bound()[point].binding
        word = int(self.rng.integers(0x10000))
        match binding.as_type:
            case "bool":
                return bool(word & 1)
            case "text":
                return "".join(string.ascii_lowercase[i] for i in self.rng.integers(26, size=8))
            case "s16":
                return (word - 0x8000) * binding.scale
            case _:
                return word * binding.scale if binding.scale != 1 else word


class Inverted(Reporting):
    """Contacts report the opposite."""

    def __call__(self, point: str, value: Value, at: int) -> Value | None:
        """The opposite of a contact; anything else as it is."""
        return not value if self.reporter.bound()[point].binding.as_type == "bool" else value


class Bouncing(Reporting):
    """A contact that changes does so `value` times, 5 to 30 ms apart, before it settles."""

    def begin(self, now: int) -> None:
        """Contacts at rest do not bounce."""
        self._stands = dict(self._reported())

    def __call__(self, point: str, value: Value, at: int) -> Value | None:
        """Rattle, then settle."""
        is_bit = self.reporter.bound()[point].binding.as_type == "bool"
        if not is_bit or self._stands.get(point) == value:
            return value
        self._stands[point] = value
        due = at
        for turn in range(1, self.value + 1):
            due += int(self.rng.integers(BOUNCE_MS[0], BOUNCE_MS[1] + 1))
            seen = bool(value) == ((self.value - turn) % 2 == 0)
            self.reporter.agenda.at(due, partial(self._flip, point, seen))
        return value

    def _flip(self, point: str, seen: bool, due: int) -> None:
        if not self.over:
            self.reporter.tell(point, seen, due)


class Restarted(Reporting):
    """Counters start again from 0 when the fault begins."""

    def begin(self, now: int) -> None:
        """Take what they show as their new zero."""
        numbers = {n: v for n, v in self._reported().items() if type(v) in (int, float)}
        self._zero = numbers
        super().begin(now)

    def __call__(self, point: str, value: Value, at: int) -> Value | None:
        """Numbers less what they were; anything else as it is."""
        zero = self._zero.get(point)
        if zero is None or isinstance(value, bool | str) or isinstance(zero, bool | str):
            return value
        return max(0, value - zero)


class Intermittent(Reporting):
    """A loose wire: for 0.5 to 5 s nothing gets through, then for as long everything does."""

    def begin(self, now: int) -> None:
        """Broken at first."""
        self._broken = False
        self._turn(now)

    def __call__(self, point: str, value: Value, at: int) -> Value | None:
        """Nothing gets through while it is broken; what is true then comes when it is not."""
        return None if self._broken and not self.over else value

    def _turn(self, at: int) -> None:
        if self.over:
            return
        self._broken = not self._broken
        if not self._broken:
            for name, value in self._reported().items():
                self.reporter.show(name, value)
        due = at + int(self.rng.integers(LOOSE_MS[0], LOOSE_MS[1] + 1))
        self.reporter.agenda.at(due, self._turn)


REPORTINGS: dict[str, Callable[[Reporter, Generator, int], Reporting]] = {
    "delayed": Delayed,
    "frozen": Frozen,
    "garbage": Garbage,
    "inverted": Inverted,
    "bouncing": Bouncing,
    "counter-reset": Restarted,
    "intermittent": Intermittent,
}
