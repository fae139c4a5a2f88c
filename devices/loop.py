"""The poll cycle of an addressable loop: every detector once in 2 s, each in its own place.

All polls that fall due in a slice are taken in one go, for what a detector senses is the same
throughout a slice. Only an answer that may be news waits its turn among the other timers.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable
from functools import partial
from typing import Protocol

from controller.interface.loopwords import NORMAL
from devices.agenda import Agenda
from devices.wiring import Wiring

TROUBLE = "trouble"
"""What a panel makes of a device that does not answer; in a register it is a quality."""

Report = Callable[[Wiring, str, int], None]
"""Takes what a device answered at a time (ms): normal, prealarm, alarm or trouble."""


class Polled(Protocol):
    """A detector, as the poll cycle sees it."""

    wiring: Wiring

    def answer(self) -> str:
        """What it answers to the poll that is made now."""
        ...


class _Turn:
    """A detector's place in the cycle: when it is polled next, and what it answered last."""

    def __init__(self, due_ms: int, detector: Polled) -> None:
        self.due_ms = due_ms
        self.last = NORMAL
        self.detector = detector


class PollCycle:
    """Polls the detectors of one loop, in the order of their places."""

    def __init__(self, agenda: Agenda, report: Report, poll_ms: int) -> None:
        self._agenda = agenda
        self._report = report
        self._poll_ms = poll_ms
        self._turns: list[_Turn] = []
        self._next = 0

    def add(self, first_ms: int, detector: Polled) -> None:
        """Poll a detector from `first_ms` on; before the cycle has begun."""
        if not self._turns:
            self._agenda.at(0, self._poll)
        insort(self._turns, _Turn(first_ms, detector), key=_due_ms)

    def _poll(self, at: int) -> None:
        now = self._agenda.now
        turn = self._turns[self._next]
        while turn.due_ms <= now:
            self._take(turn)
            turn.due_ms += self._poll_ms
            self._next = (self._next + 1) % len(self._turns)
            turn = self._turns[self._next]
        self._agenda.at(turn.due_ms, self._poll)

    def _take(self, turn: _Turn) -> None:
        """Normal after normal changes nothing, whatever else happens in the slice."""
        said, turn.last = turn.last, turn.detector.answer()
        if turn.last != NORMAL or said != NORMAL:
            report = partial(self._report, turn.detector.wiring, turn.last)
            self._agenda.ahead(turn.due_ms, report)


def _due_ms(turn: _Turn) -> int:
    return turn.due_ms
