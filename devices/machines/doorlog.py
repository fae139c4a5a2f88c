"""What a door board remembers of its door: alarms until they are reset, the last event, counts."""

from __future__ import annotations

from devices.motion import Motion
from devices.wiring import Wiring

EVENTS = ("", "unlocked", "locked", "forced", "held-open", "exit", "watchdog")
"""Codes of `last-event`."""


class DoorLog:
    """The points forced, held-open, last-event, events and cycles of one door.

    An alarm stands until the leaf is shut and, for a forced door, for its time at least, or until
    it is reset.
    """

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring
        self._stands = Motion(wiring)
        self._shut = True
        self._forced_ms = wiring.ms("forced")
        self._count = self._cycles = 0

    def start(self) -> None:
        """Nothing has happened yet."""
        for name in ("forced", "held-open"):
            self._wiring.show(name, False)
        for name in ("last-event", "events", "cycles"):
            self._wiring.show(name, 0)

    def note(self, event: str, at: int) -> None:
        """An event: its code and how many there were."""
        self._count = (self._count + 1) & 0xFFFF
        self._wiring.show("last-event", EVENTS.index(event))
        self._wiring.show("events", self._count)

    def cycle(self) -> None:
        """The door was unlocked once more."""
        self._cycles += 1
        self._wiring.show("cycles", self._cycles & 0xFFFFFFFF)

    def alarm(self, what: str, at: int) -> None:
        """The door is forced or held open."""
        self._shut = False
        self._wiring.show(what, True)
        self._wiring.record("sense", what=what)
        self.note(what, at)
        if what == "forced":
            self._stands.start(at + self._forced_ms, self._expire)

    def shut(self, at: int) -> None:
        """The leaf is shut: held open is over at once, forced when its time is up."""
        self._shut = True
        if self._wiring.values["held-open"]:
            self._wiring.show("held-open", False)
            self._wiring.record("sense", what="closed")

    def reset(self, at: int) -> None:
        """Somebody has seen it."""
        self._stands.stop()
        for name in ("forced", "held-open"):
            self._wiring.show(name, False)

    def _expire(self, at: int) -> None:
        if self._shut:
            self._wiring.show("forced", False)
        else:
            self._stands.start(at + 1000, self._expire)
