"""The fire panel: polls its loop, latches alarms until reset, and drives the fire relay.

What it knows reaches the gateway's registers at the next refresh (every 0.5 s). The common fire
relay closes with the first latched alarm and goes by wire to the door boards, past the gateway and
the controller.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from numpy.random import Generator

from controller.interface.loopwords import (
    ACK_BLOCK,
    ACK_FIRE,
    ALARM,
    NORMAL,
    NORMAL_WORD,
    encode_loop,
)
from controller.interface.points import Quality, Value
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


Listener = Callable[[str, str, int], None]
"""Takes what happens in the panel: a device's level, reset, silenced, no-link, link; and when."""


class FirePanel:
    """Points: reset w, silence w, heartbeat r (counts seconds), trouble r (devices in trouble).

    No link: it does not answer its gateway; its loop and its fire relay go on.
    """

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
        self._acknowledged: set[str] = set()
        self._disabled: set[str] = set()
        self.silenced = False
        self.listeners: list[Listener] = []
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
            self.silenced = True
            self._act("silenced")
            self._tell("silenced", "", at)
        return "ok"

    def settle(self, at: int) -> None:
        """Its link to the gateway has failed, or is back."""
        self._tell("no-link" if "no-link" in self.wiring.failing else "link", "", at)

    def acknowledge(self, device: str, at: int) -> None:
        """Somebody has taken note of what a device reports; it is shown beside its state."""
        if self._levels[device] in (ALARM, TROUBLE):
            self._acknowledged.add(device)
            self._mark(self._wiring(device), at)

    def disable(self, device: str, disabled: bool, at: int) -> None:
        """Take a device out of service, where it raises nothing; or put it back."""
        (self._disabled.add if disabled else self._disabled.discard)(device)
        wiring = self._wiring(device)
        if disabled and self._levels[device] != NORMAL:
            self._levels[device] = NORMAL
            wiring.record("sense", what=NORMAL)
            if ALARM not in self._levels.values():
                self._contact.start(at + self._relay_ms, lambda due: self._relay(False, due))
        self._mark(wiring, at)
        machine = next(one for one in self._loop if one.wiring is wiring)
        if not disabled and isinstance(machine, Repeating):
            machine.reset(at)

    def report(self, wiring: Wiring, level: str, at: int) -> None:
        """Take what a device answered; an alarm stays until the panel is reset."""
        was = self._levels[wiring.id]
        if level == was or was == ALARM or wiring.id in self._disabled:
            return
        self._levels[wiring.id] = level
        self._acknowledged.discard(wiring.id)
        wiring.record("sense", what=level)
        self._mark(wiring, at)
        if level == ALARM and list(self._levels.values()).count(ALARM) == 1:
            self._contact.start(at + self._relay_ms, lambda due: self._relay(True, due))
        self.silenced = self.silenced and level != ALARM
        self._tell(level, wiring.id, at)

    def _reset(self, at: int) -> None:
        self._act("reset")
        self.silenced = False
        self._tell("reset", "", at)
        for device in self._loop:
            if self._levels[device.wiring.id] == ALARM:
                self._levels[device.wiring.id] = NORMAL
                self._acknowledged.discard(device.wiring.id)
                device.wiring.record("sense", what=NORMAL)
                self._mark(device.wiring, at)
            if isinstance(device, Repeating):
                device.reset(at)
        self._contact.start(at + self._relay_ms, lambda due: self._relay(False, due))

    def _act(self, state: str) -> None:
        element = f"panel:{self.wiring.id}"
        self.wiring.record("actuate", element=element, state=state, cause=self.wiring.cause)

    def _tell(self, what: str, device: str, at: int) -> None:
        for listener in self.listeners:
            listener(what, device, at)

    def _wiring(self, device: str) -> Wiring:
        return next(one.wiring for one in self._loop if one.wiring.id == device)

    def _word(self, device: str) -> int:
        """What the registers say of a device, with who has seen it and whether it is in service."""
        level = self._levels[device]
        quality = Quality.FAULT if level == TROUBLE else Quality.GOOD
        if device in self._disabled:
            quality = Quality.DISABLED
        word = encode_loop(NORMAL if level == TROUBLE else level, quality)
        if device in self._acknowledged:
            word |= ACK_FIRE if level == ALARM else ACK_BLOCK
        return word

    def _mark(self, wiring: Wiring, at: int) -> None:
        """The register of this device is out of date until the next refresh."""
        if not self._stale:
            due = at + self._every_ms - (at - self._refresh_ms) % self._every_ms
            self.wiring.agenda.at(due, self._refresh)
        self._stale[wiring.id] = wiring

    def _refresh(self, at: int) -> None:
        for wiring in self._stale.values():
            wiring.show("state", self._word(wiring.id))
        self._stale.clear()
        self.wiring.show("trouble", list(self._levels.values()).count(TROUBLE))
