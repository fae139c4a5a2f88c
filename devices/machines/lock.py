"""Magnetic lock on an escape door: power holds it, so it fails open.

It is released by command, by its hard-wired fire input or by loss of the mains, whichever asks;
only when none asks does it hold again. 100 to 300 ms from asking to bond lost (magnetic lock).
"""

from __future__ import annotations

from numpy.random import Generator

from controller.interface.points import Value
from devices.motion import Drive
from devices.wiring import Wiring

RELEASE_MS = (100, 300)


class DoorLock:
    """Points: release w, bolt r (1 locked), contact r (1 closed), fire-input r.

    The contact stays closed: whether people hold the leaf open is not among what a device senses.
    """

    def __init__(self, wiring: Wiring, rng: Generator) -> None:
        self.wiring = wiring
        travel_ms = int(rng.integers(RELEASE_MS[0], RELEASE_MS[1] + 1))
        self._bolt = Drive(wiring, travel_ms, True, self._moved)
        self._command = False
        self._fire = False
        self._mains = True

    def start(self, at: int) -> None:
        """Locked and closed."""
        self._report()
        self.wiring.show("contact", True)
        self.wiring.show("fire-input", False)

    def command(self, point: str, value: Value, at: int) -> str:
        """`release` true lets go, false holds again when neither fire nor mains loss forbid it."""
        self._command = bool(value)
        self._settle(at)
        return "ok"

    def fire(self, on: bool, at: int) -> None:
        """The wire from the fire panel; it works without the controller."""
        self._fire = on
        self.wiring.show("fire-input", on)
        self.wiring.cause = "fire-input"
        self._settle(at)

    def mains(self, on: bool, at: int) -> None:
        """Without mains there is no holding force."""
        self._mains = on
        self.wiring.cause = "mains"
        self._settle(at)

    def faulted(self, at: int) -> None:
        """A stuck bolt stays where it is, whoever asks; freed, it follows what is asked."""
        self._report()
        self._settle(at)

    def _settle(self, at: int) -> None:
        self._bolt.ask(self._mains and not self._command and not self._fire, at)

    def _moved(self, locked: bool) -> None:
        self._report()
        state = "locked" if locked else "unlocked"
        self.wiring.actuate(f"portal:{self.wiring.device.portal}", state)

    def _report(self) -> None:
        wrong = self.wiring.wrong
        self.wiring.show("bolt", self._bolt.position if wrong is None else bool(wrong))
