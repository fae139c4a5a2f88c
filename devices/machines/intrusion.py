"""Intrusion detectors: a PIR in a room, a beam along a fence. Somebody there is an alarm.

Both look four times a second while they are armed. One whose settings place it on the plan goes by
geometry: a PIR has its sector, a beam its line, and who crosses the line breaks it. Without a place
it senses anybody in its space. A PIR sees movement; people in the twin count as moving wherever
they are (a limit: nobody hides by standing still).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from controller.interface.points import Value
from devices.motion import Motion
from devices.vision.tracks import Tracks
from devices.wiring import Wiring

HOUR_MS = 3_600_000
LINE = ("line-x1", "line-y1", "line-x2", "line-y2")
SECTOR = ("x", "y", "direction", "angle", "range")
BROKEN_MS = 1_250
"""How long a beam that somebody crossed counts as broken: until its slowest sense has acted."""
Presence = Callable[[int], bool]
FRESH_M_S = 10.0
"""Wind for which the setting `gusts` is stated."""


class IntrusionDetector:
    """Points: arm w, armed r, alarm r (held 2 s after the last movement), tamper r, mask r.

    Masked: covered, so that it sees nothing; it says so after its time. Nuisance: so many false
    alarms an hour at seeded times. Weather: too thick to see. Wind and animals of the world make it
    alarm falsely, too, as often as its settings say.
    """

    def __init__(self, wiring: Wiring, rng: Generator) -> None:
        self.wiring = wiring
        self._rng = rng
        self._sense_ms = wiring.drawn(rng, "sense")
        self._anybody = _presence(wiring)
        around = wiring.device.sees or (wiring.device.at,)
        self._animals = [wiring.probe(place, "animals") for place in around]
        self._wind = wiring.probe(wiring.device.at, "wind_m_s")
        self._armed = False
        self._present_since = -1
        self._hold = Motion(wiring)
        self._mask = Motion(wiring)
        self._false = Motion(wiring)
        self._looks = Motion(wiring)

    def start(self, at: int) -> None:
        """Disarmed and quiet."""
        for point in ("armed", "alarm", "tamper", "mask"):
            self.wiring.show(point, False)

    def command(self, point: str, value: Value, at: int) -> str:
        """`arm` 1 arms it, 0 disarms it and ends its alarm."""
        armed = bool(value)
        if armed != self._armed:
            self._armed, self._present_since = armed, -1
            self.wiring.show("armed", armed)
            if armed:
                self._looks.start(at + self.wiring.ms("look"), self._look)
            else:
                self._looks.stop()
                self._quiet(at)
        return "ok"

    def settle(self, at: int) -> None:
        """Cover, lens and weather."""
        failing = self.wiring.failing
        self.wiring.show("tamper", "tamper" in failing)
        if self._blind:
            self._mask.start(at + self.wiring.ms("mask"), self._say_masked)
        else:
            self._mask.stop()
            self.wiring.show("mask", False)
        self._false.stop()
        if "nuisance" in failing:
            self._await(at)

    @property
    def _blind(self) -> bool:
        return bool({"masked", "weather"} & self.wiring.failing.keys())

    def _look(self, at: int) -> None:
        self._looks.start(at + self.wiring.ms("look"), self._look)
        if self._blind or self.wiring.stuck:
            self._present_since = -1
            return
        if not self._anybody(at):
            self._present_since = -1
            if self._fooled:
                self._alarm(at)
            return
        if self._present_since < 0:
            self._present_since = at
        if at - self._present_since >= self._sense_ms:
            self._alarm(at)

    @property
    def _fooled(self) -> bool:
        """Whether wind or an animal makes it alarm at this look.

        Gusts shake it with the cube of the wind's speed (its power; assumed). Nothing is drawn
        while it is calm and nothing runs about.
        """
        wind, animals = self._wind(), any(animal() for animal in self._animals)
        if not wind and not animals:
            return False
        hourly = float(self.wiring.setting("gusts")) * (wind / FRESH_M_S) ** 3
        chance = hourly * self.wiring.ms("look") / HOUR_MS
        chance += animals * float(self.wiring.setting("animals")) / 100
        return bool(self._rng.random() < chance)

    def _alarm(self, at: int) -> None:
        if not self.wiring.values["alarm"]:
            self.wiring.record("sense", what="alarm")
            self.wiring.show("alarm", True)
        self._hold.start(at + self.wiring.ms("hold"), self._quiet)

    def _quiet(self, at: int) -> None:
        self._hold.stop()
        if self.wiring.values["alarm"]:
            self.wiring.record("sense", what="normal")
            self.wiring.show("alarm", False)

    def _say_masked(self, at: int) -> None:
        self.wiring.show("mask", True)

    def _await(self, at: int) -> None:
        """The next false alarm: exponential waits make a Poisson process."""
        per_hour = float(self.wiring.failing["nuisance"])
        wait_ms = float(self._rng.exponential(HOUR_MS / per_hour))
        self._false.start(at + int(wait_ms), self._falsely)

    def _falsely(self, at: int) -> None:
        if self._armed:
            self._alarm(at)
        self._await(at)


def _presence(wiring: Wiring) -> Presence:
    """What tells at a look, ms, whether anybody is where the detector senses him."""
    given = wiring.device.settings
    if any(name in given for name in LINE):
        return _crossing(wiring)
    if any(name in given for name in SECTOR):
        look = wiring.look()
        return lambda at: look().people > 0
    around = wiring.device.sees or (wiring.device.at,)
    places = [wiring.probe(place, "people") for place in around]
    return lambda at: any(people() for people in places)


def _crossing(wiring: Wiring) -> Presence:
    """A beam: broken by whoever goes through its line between two looks, either way."""
    x1, y1, x2, y2 = (float(wiring.setting(name)) for name in LINE)
    look, tracks = wiring.look(), Tracks((x1, y1, x2, y2), BROKEN_MS)
    known, until = 0, -1

    def broken(at: int) -> bool:
        nonlocal known, until
        view = look()
        tracks.take(view, np.ones(view.people, np.bool_), at)
        count = tracks.outwards + tracks.inwards
        if count != known:
            known, until = count, at + BROKEN_MS
        return at <= until

    return broken
