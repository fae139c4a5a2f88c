"""The fire panel: polls its loop, latches alarms until reset, and drives the fire relay.

What it knows reaches the gateway's registers at the next refresh (every 0.5 s). The common fire
relay closes with the first latched alarm and goes by wire to the door boards, past the gateway and
the controller.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from numpy.random import Generator

from controller.interface.points import Quality, Value
from controller.interface.registers import ALARM, NORMAL, NORMAL_WORD, encode_loop
from devices.loop import TROUBLE, PollCycle, Polled
from devices.machine import Machine
from devices.motion import Motion
from devices.wiring import Wiring


@runtime_checkable
class Repeating(Protocol):
    """A loop device that reports again by itself after a reset: a call point with broken glass."""

    def reset(self, at: int) -> None:
        """The panel has been reset."""
        ...


class FirePanel:
    """Points: reset w, silence w, heartbeat r (counts seconds), trouble r (devices in trouble)."""

    def __init__(self, wiring: Wiring, rng: Generator, relay: Callable[[bool, int], None]) -> None:
        self.wiring = wiring
        self._relay = relay
        self._relay_ms = wiring.drawn(rng, "relay")
        self._every_ms = wiring.ms("refresh")
        self._refresh_ms = int(rng.integers(self._every_ms))
        self._contact = Motion(wiring)
        self._loop: list[Machine] = []
        self._levels: dict[str, str] = {}
        self._stale: dict[str, Wiring] = {}
        self._cycle = PollCycle(wiring.agenda, self.report, wiring.ms("poll"))
        self._beat_s = -1

    def join(self, device: Machine) -> None:
        """Put a device on the loop; it starts normal."""
        self._loop.append(device)
        self._levels[device.wiring.id] = NORMAL
        device.wiring.show("state", NORMAL_WORD)

    def poll(self, first_ms: int, detector: Polled) -> None:
        """Poll a detector of the loop from `first_ms` on."""
        self._cycle.add(first_ms, detector)

    def start(self, at: int) -> None:
        """All normal, relay open."""
        self.wiring.show("trouble", 0)

    def beat(self, now: int) -> None:
        """The heartbeat register shows whole seconds since power-up, 16 bits."""
        seconds = now // 1000
        if seconds != self._beat_s:
            self._beat_s = seconds
            self.wiring.show("heartbeat", seconds & 0xFFFF)

    def command(self, point: str, value: Value, at: int) -> str:
        """`reset` lets go of every latched alarm; `silence` stops the panel's own buzzer."""
        if point == "reset" and value:
            self._reset(at)
        elif point == "silence" and value:
            self._act("silenced")
        return "ok"

    def report(self, wiring: Wiring, level: str, at: int) -> None:
        """Take what a device answered; an alarm stays until the panel is reset."""
        was = self._levels[wiring.id]
        if level == was or was == ALARM:
            return
        self._levels[wiring.id] = level
        wiring.record("sense", what=level)
        self._mark(wiring, at)
        if level == ALARM and list(self._levels.values()).count(ALARM) == 1:
            self._contact.start(at + self._relay_ms, lambda due: self._relay(True, due))

    def _reset(self, at: int) -> None:
        self._act("reset")
        for device in self._loop:
            if self._levels[device.wiring.id] == ALARM:
                self._levels[device.wiring.id] = NORMAL
                device.wiring.record("sense", what=NORMAL)
                self._mark(device.wiring, at)
            if isinstance(device, Repeating):
                device.reset(at)
        self._contact.start(at + self._relay_ms, lambda due: self._relay(False, due))

    def _act(self, state: str) -> None:
        element = f"panel:{self.wiring.id}"
        self.wiring.record("actuate", element=element, state=state, cause=self.wiring.cause)

    def _mark(self, wiring: Wiring, at: int) -> None:
        """The register of this device is out of date until the next refresh."""
        if not self._stale:
            due = at + self._every_ms - (at - self._refresh_ms) % self._every_ms
            self.wiring.agenda.at(due, self._refresh)
        self._stale[wiring.id] = wiring

    def _refresh(self, at: int) -> None:
        for wiring in self._stale.values():
            level = self._levels[wiring.id]
            quality = Quality.FAULT if level == TROUBLE else Quality.GOOD
            wiring.show("state", encode_loop(NORMAL if level == TROUBLE else level, quality))
        self._stale.clear()
        self.wiring.show("trouble", list(self._levels.values()).count(TROUBLE))
