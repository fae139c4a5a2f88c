"""Electric lock on a door: a block of 16 points with its own logic, timers and watchdog.

A magnetic lock is held by power and fails open (setting `fail: safe`); a strike is moved by power
and fails locked (`fail: secure`), which is for doors whose inside handle is always free. Fire input
and request to exit work in every mode and without the controller.
"""

from __future__ import annotations

from numpy.random import Generator

from controller.interface.points import Value
from devices.machines.doorlog import DoorLog
from devices.machines.watchdog import Watchdog
from devices.motion import Drive, Motion
from devices.wiring import Wiring

NORMAL, UNLOCKED, LOCKED, LOCKDOWN, FIRE = range(5)
"""Modes, in `mode` and `set-mode`."""

REX_MS = 1000
"""How long a pressed exit button stays down (assumed)."""


class DoorLock:
    """Points: the 16-point block of the declaration; those that are not bound go nowhere.

    The contact follows the fault `propped` only: whether people hold the leaf open is not among
    what a device senses. A leaf that opens while the bond holds was forced.
    """

    def __init__(self, wiring: Wiring, rng: Generator) -> None:
        self.wiring = wiring
        self._bolt = Drive(wiring, wiring.drawn(rng, "release"), True, self._moved)
        self._pulse = Motion(wiring)
        self._rex = Motion(wiring)
        self._held = Motion(wiring)
        self._log = DoorLog(wiring)
        self._dog = Watchdog(wiring, self._bite)
        self._set = {"release": 0, "lockdown": 0, "set-mode": NORMAL}
        self._times_s = {"unlock-time": 5, "held-open-time": 30}
        self._pulsed = self._leaving = self._button = False
        self._closed = True

    def start(self, at: int) -> None:
        """Locked and closed, as the factory sets it."""
        self.wiring.report("bolt", True)
        self.wiring.update("contact", True)
        for name, seconds in {**self._times_s, "watchdog": self._dog.after_ms // 1000}.items():
            self.wiring.show(name, seconds)
        for name in ("fire-input", "rex", "tamper", "local-key"):
            self.wiring.show(name, False)
        self._log.start()
        self.settle(at)

    def command(self, point: str, value: Value, at: int) -> str:
        """Obey a coil or take a setting."""
        number = int(value)
        if point in self._set:
            self._set[point] = number
        elif point in self._times_s:
            self._times_s[point] = number
        elif point == "watchdog":
            self._dog.after_ms = number * 1000
        elif point == "heartbeat":
            self._dog.stroke(number, at)
        elif point == "pulse" and number:
            self._open_for(at)
        elif point == "reset-latch" and number:
            self._log.reset(at)
        elif point == "buzzer":
            self.wiring.record(
                "actuate",
                element=f"buzzer:{self.wiring.id}",
                state="on" if number else "off",
                cause=self.wiring.cause,
            )
        self.settle(at)
        return "ok"

    def press(self, at: int) -> None:
        """Somebody inside presses the exit button: it unlocks in every mode."""
        self._leaving = self._button = True
        self._rex.start(at + REX_MS, self._let_go)
        self._log.note("exit", at)
        self.wiring.cause = "rex"
        self._open_for(at)
        self.settle(at)

    def settle(self, at: int) -> None:
        """Lock or unlock as is asked now; look at the leaf."""
        wiring, failing = self.wiring, self.wiring.failing
        self.wiring.update("fire-input", wiring.fire)
        self.wiring.update("mains-ok", wiring.mains)
        self.wiring.update("battery-ok", "battery" not in failing)
        self.wiring.update("tamper", "tamper" in failing)
        self.wiring.update("local-key", "key" in failing)
        self.wiring.update("rex", self._button or "rex-stuck" in failing)
        self.wiring.update("mode", self._mode)
        self._bolt.ask(self._locks, at)
        wiring.report("bolt", self._bolt.position)
        self._leaf("propped" not in failing or "contact-stuck" in failing, at)

    @property
    def _mode(self) -> int:
        """Fire over lockdown over unlocked over locked."""
        asked = self._set["set-mode"]
        alone = self.wiring.setting("alone") if self._dog.bitten else "hold"
        if self.wiring.fire or alone == "unlock" or asked == FIRE:
            return FIRE
        if self._set["lockdown"] or alone == "secure" or asked == LOCKDOWN:
            return LOCKDOWN
        return UNLOCKED if self._set["release"] or asked == UNLOCKED else asked

    @property
    def _locks(self) -> bool:
        if not self.wiring.mains:
            return self.wiring.setting("fail") == "secure"
        mode = self._mode
        if mode in (FIRE, UNLOCKED) or {"key", "rex-stuck"} & self.wiring.failing.keys():
            return False
        return not (self._leaving or (self._pulsed and mode == NORMAL))

    def _open_for(self, at: int) -> None:
        """Unlock for the unlock time; again from the beginning if it runs already."""
        self._pulsed = True
        self._pulse.start(at + self._times_s["unlock-time"] * 1000, self._relock)

    def _relock(self, at: int) -> None:
        self._pulsed = self._leaving = False
        self.settle(at)

    def _let_go(self, at: int) -> None:
        self._button = False
        self.wiring.update("rex", "rex-stuck" in self.wiring.failing)

    def _bite(self, at: int) -> None:
        self.wiring.cause = "watchdog"
        self._log.note("watchdog", at)
        self.settle(at)

    def _moved(self, locked: bool) -> None:
        self.wiring.report("bolt", locked)
        now = self.wiring.agenda.now
        self._log.note("locked" if locked else "unlocked", now)
        state = "locked" if locked else "unlocked"
        self.wiring.actuate(f"portal:{self.wiring.device.portal}", state)
        if not locked:
            self._log.cycle()

    def _leaf(self, closed: bool, at: int) -> None:
        """The contact has opened or closed; open too long, or while locked, is an alarm."""
        if closed == self._closed:
            return
        self._closed = closed
        self.wiring.update("contact", closed)
        if closed:
            self._held.stop()
            self._log.shut(at)
        elif self._bolt.position:
            self._log.alarm("forced", at)
        else:
            self._held.start(at + self._times_s["held-open-time"] * 1000, self._too_long)

    def _too_long(self, at: int) -> None:
        self._log.alarm("held-open", at)
