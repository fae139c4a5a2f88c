"""Delayed changes of state: one movement at a time, a new one replaces the one under way."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from devices.agenda import Agenda, Task


class Mover(Protocol):
    """Whose part moves: what it needs of its device's wiring."""

    agenda: Agenda
    cause: str
    stuck: bool


class Motion:
    """A delayed change, such as a spoken phrase; what caused it is still its cause when it ends."""

    def __init__(self, mover: Mover) -> None:
        self._mover = mover
        self._number = 0

    def start(self, due_ms: int, task: Task) -> None:
        """Run `task` at `due_ms`, unless another movement starts or `stop` is called before."""
        self._number += 1
        self._mover.agenda.at(due_ms, partial(self._arrive, self._number, self._mover.cause, task))

    def stop(self) -> None:
        """Forget the movement under way."""
        self._number += 1

    def _arrive(self, number: int, cause: str, task: Task, at: int) -> None:
        if number == self._number:
            self._mover.cause = cause
            task(at)


class Drive:
    """A part with two positions that follows what is asked after `travel_ms`.

    Asking again for the same does not start the travel anew. While the device is stuck it stays
    where it is, also when it was moving.
    """

    def __init__(
        self, mover: Mover, travel_ms: int, position: bool, arrived: Callable[[bool], None]
    ) -> None:
        self.position = position
        self._target = position
        self._mover = mover
        self._travel_ms = travel_ms
        self._arrived = arrived
        self._motion = Motion(mover)

    def ask(self, position: bool, at: int) -> None:
        """Go to `position`; `arrived` is called when the part gets there."""
        if self._mover.stuck:
            position = self.position
        if position == self._target:
            return
        self._target = position
        if position == self.position:
            self._motion.stop()
        else:
            self._motion.start(at + self._travel_ms, self._arrive)

    def _arrive(self, at: int) -> None:
        self.position = self._target
        self._arrived(self.position)
