"""When a device on MQTT answers a command and when it reports it, as was measured on a real one.

The machine behind goes its own way; only what is said of it comes earlier or later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from controller.interface.envelope import Order
from controller.interface.points import Point, Value
from devices.agenda import Agenda

Draw = Callable[[], int]
"""The next time, in ms."""

_LONGEST_MS = 60_000
"""So long a report may run ahead of a machine that does not follow."""


class Speaker(Protocol):
    """The station, as far as it is kept to a tempo."""

    orders: list[tuple[Point, Order]]

    def result(self, command: str) -> str | None:
        """How a command was answered."""
        ...

    def told(self, leaf: str) -> Value | None:
        """What was said last of a point."""
        ...

    def report(self, leaf: str, value: Value, t_ms: int) -> None:
        """Say that a point has a value."""
        ...


@dataclass(slots=True)
class _Report:
    """What is said of one leaf: `awaited`, the command whose report is not due yet; `native`, what
    the machine showed last; `ahead`, what was said before the machine showed it; `kept`: something
    that the machine showed has not been said.
    """

    awaited: str = ""
    native: Value | None = None
    ahead: Value | None = None
    kept: bool = False


class Tempo:
    """Holds back commands for the time of an answer, and reports until they are due.

    `shows`: name of a point that is written -> leaf that reports it.
    """

    def __init__(
        self, agenda: Agenda, answer: Draw | None, report: Draw | None, shows: Mapping[str, str]
    ) -> None:
        self._agenda, self._answer, self._draw = agenda, answer, report
        self._shows = shows if report is not None else {}
        self._reports = {leaf: _Report() for leaf in self._shows.values()}

    def take(self, speaker: Speaker, point: Point, order: Order) -> None:
        """A command has come: it is carried out and answered when an answer is due."""
        self._agenda.at(self._agenda.now, lambda _: self._begin(speaker, point, order))

    def keeps(self, leaf: str, value: Value) -> bool:
        """The machine shows a value: whether that is not to be said, or has been said already."""
        report = self._reports.get(leaf)
        if report is None:
            return False
        report.native = value
        if report.awaited:
            report.kept = True
            return True
        ahead, report.ahead = report.ahead, None
        return ahead == value

    def _begin(self, speaker: Speaker, point: Point, order: Order) -> None:
        now = self._agenda.now
        after_ms = self._answer() if self._answer is not None else 0
        self._agenda.at(now + after_ms, lambda at: self._hand_over(speaker, point, order, at))
        leaf = self._shows.get(point.name)
        if leaf is None or self._draw is None or speaker.result(order.id) is not None:
            return
        report = self._reports[leaf]
        report.awaited = order.id
        if report.native is None:
            report.native = speaker.told(leaf)
        due = now + max(after_ms + 1, self._draw())
        self._agenda.at(due, lambda _: self._due(speaker, leaf, order))

    def _hand_over(self, speaker: Speaker, point: Point, order: Order, at: int) -> None:
        """The command is there; whoever runs the devices is to look at it at once."""
        speaker.orders.append((point, order))
        self._agenda.at(at + 1, _look_again)

    def _due(self, speaker: Speaker, leaf: str, order: Order) -> None:
        """Report what was commanded, if it was obeyed; else what the machine shows."""
        report = self._reports[leaf]
        if report.awaited != order.id:
            return
        report.awaited = ""
        now = self._agenda.now
        if speaker.result(order.id) == "ok":
            speaker.report(leaf, order.value, now)
            if report.native != order.value:
                report.ahead = order.value
                self._agenda.at(now + _LONGEST_MS, lambda _: self._fall_back(speaker, leaf))
        elif report.kept and report.native is not None:
            speaker.report(leaf, report.native, now)
        report.kept = False

    def _fall_back(self, speaker: Speaker, leaf: str) -> None:
        """The machine has not followed what was said of it: say what it shows."""
        report = self._reports[leaf]
        if report.ahead is not None and report.native is not None and not report.awaited:
            report.ahead = None
            speaker.report(leaf, report.native, self._agenda.now)


def _look_again(at: int) -> None:
    """Nothing to do: the command is carried out with what else came in."""
