"""What every device is: a small state machine that takes commands and bears faults."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from controller.interface.points import Value
from devices.wiring import Wiring


class Machine(Protocol):
    """One device. Its timers call it; the bank gives it commands and tells it of faults."""

    wiring: Wiring

    def start(self, at: int) -> None:
        """Power up: show the rest state and enter the first timers."""
        ...

    def command(self, point: str, value: Value, at: int) -> str:
        """Obey; the answer is an ack result: ok or rejected. The cause is in the wiring."""
        ...

    def faulted(self, at: int) -> None:
        """A fault of the wiring has begun or ended."""
        ...


@runtime_checkable
class Powered(Protocol):
    """A machine whose safe state depends on the mains."""

    def mains(self, on: bool, at: int) -> None:
        """The mains has gone or come back."""
        ...


@runtime_checkable
class FireWired(Protocol):
    """A machine with a fire input of its own, wired to the fire panel's relay."""

    def fire(self, on: bool, at: int) -> None:
        """The fire contact has closed or opened."""
        ...
