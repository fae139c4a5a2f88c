"""What every device is: a small state machine that takes commands and bears faults."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, runtime_checkable

from controller.interface.points import Value
from devices.wiring import Wiring


class Machine(Protocol):
    """One device; what it depends on stands in its wiring."""

    wiring: Wiring

    def start(self, at: int) -> None:
        """Power up: show the rest state and enter the first timers."""
        ...


@runtime_checkable
class Settling(Protocol):
    """A machine that acts when its mains, its fire contact or a fault has come or gone."""

    def settle(self, at: int) -> None:
        """Look at the wiring again; nothing happens where nothing has changed."""
        ...


@runtime_checkable
class Commanded(Protocol):
    """A machine that the controller commands."""

    def command(self, point: str, value: Value, at: int) -> str:
        """Obey; an ack result: ok, rejected or interlock. The cause is in the wiring."""
        ...


@runtime_checkable
class Pressed(Protocol):
    """A machine with something to press: a call point, a panic button, a request to exit."""

    def press(self, at: int) -> None:
        """Somebody presses it."""
        ...


@runtime_checkable
class Ordered(Protocol):
    """A machine that a person tells a word: an order at a desk, a guard's tag."""

    def order(self, word: str, at: int) -> None:
        """Somebody gives it a word."""
        ...


Reader = Callable[[str, Mapping[str, Any], int], bool]
"""Somebody reads words at a time (ms), and what else stands there; whether he will see to it."""


def nobody(words: str, told: Mapping[str, Any], at: int) -> bool:
    """Nobody in particular reads it."""
    return False


@runtime_checkable
class Readable(Protocol):
    """A machine that words come up on, for people to act on: a phone, a duty desk."""

    reader: Reader
