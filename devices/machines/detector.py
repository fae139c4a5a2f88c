"""Point detectors on an addressable loop: what reaches the sensing element, and how they judge it.

Both kinds are polled by the panel every 2 s; each has its own place in the poll cycle, entry lag
and sensitivity, drawn once from its own stream.
"""

from __future__ import annotations

from math import exp, log
from typing import Protocol

from numpy.random import Generator

from controller.interface.points import Value
from controller.interface.registers import ALARM, NORMAL, PRE
from devices.loop import POLL_MS, Polled
from devices.wiring import Wiring

SMOKE_ALARM_PER_M = 0.14 * log(10)
"""Extinction at the element that is an alarm, 1/m: optical density 0.14 1/m, the value that NFPA 72
annex B (2013, B.4.8.1.1) takes for detector response when no tested value is known."""

PREALARM_SHARE = 20 / 30
"""Pre-alarm over alarm: Apollo XP95 counts 25 clean, 45 pre-alarm, 55 alarm."""

SMOKE_LAG_S = (5.0, 30.0)
"""First-order entry lag; long in slow air."""

SPREAD = 0.15
"""Sensitivity of a unit against the type's mean (EN 54-7 allows max/mean 1.33)."""

HEAT_ALARM_C = 57.0
HEAT_PREALARM_C = 50.0
HEAT_RISE_C_PER_MIN = 8.0
HEAT_LAG_S = (15.0, 30.0)
REFERENCE_LAG_S = 60.0
"""The second element lags 60 s more than the first; in a steady rise they differ by the rise per
minute, which is how a rate-of-rise detector measures it."""


class LoopPanel(Protocol):
    """The panel, as a device on its loop sees it."""

    def report(self, wiring: Wiring, level: str, at: int) -> None:
        """Answer a poll: normal, prealarm, alarm, or trouble for a missing answer."""
        ...

    def poll(self, first_ms: int, detector: Polled) -> None:
        """Poll a detector from `first_ms` on."""
        ...


TROUBLE = "trouble"
"""What the panel makes of a device that does not answer."""


class _Lag:
    """First-order lag, exact for an input that is constant between two polls."""

    def __init__(self, tau_s: float, value: float) -> None:
        self.value = value
        self._keep = exp(-POLL_MS / 1000 / tau_s)

    def follow(self, target: float) -> float:
        """One poll later."""
        self.value = target + (self.value - target) * self._keep
        return self.value


class SmokeDetector:
    """Point: state r. Wrong: the extinction (1/m) at its element, whatever the air holds."""

    def __init__(self, wiring: Wiring, rng: Generator, panel: LoopPanel) -> None:
        self.wiring = wiring
        self._panel = panel
        self._chamber = _Lag(float(rng.uniform(*SMOKE_LAG_S)), 0.0)
        self._alarm_per_m = SMOKE_ALARM_PER_M * float(rng.uniform(1 - SPREAD, 1 + SPREAD))
        self._first_ms = int(rng.integers(POLL_MS))
        self._air_per_m = wiring.probe(wiring.device.at, "extinction_per_m")

    def start(self, at: int) -> None:
        """Clean air; polls begin."""
        self._panel.poll(at + self._first_ms, self)

    def command(self, point: str, value: Value, at: int) -> str:
        """A detector takes no commands."""
        return "rejected"

    def faulted(self, at: int) -> None:
        """Noticed at the next poll."""

    def reset(self, at: int) -> None:
        """The panel has been reset; smoke that is still in the chamber alarms again."""

    def answer(self) -> str:
        """What the panel makes of its answer to a poll."""
        if self.wiring.off:
            return TROUBLE
        wrong = self.wiring.wrong
        if wrong is None:
            air = self._air_per_m()
            if not air and not self._chamber.value:
                return NORMAL
            per_m = self._chamber.follow(air)
        else:
            per_m = float(wrong)
        if per_m >= self._alarm_per_m:
            return ALARM
        return PRE if per_m >= PREALARM_SHARE * self._alarm_per_m else NORMAL


class HeatDetector:
    """Point: state r; alarm at 57 C or at 8 C/min. Wrong: the temperature (C) of its element."""

    def __init__(self, wiring: Wiring, rng: Generator, panel: LoopPanel) -> None:
        self.wiring = wiring
        self._panel = panel
        self._lag_s = float(rng.uniform(*HEAT_LAG_S))
        self._first_ms = int(rng.integers(POLL_MS))
        self._elements: tuple[_Lag, _Lag] | None = None
        self._air_c = wiring.probe(wiring.device.at, "temperature_c")

    def start(self, at: int) -> None:
        """Polls begin; both elements start at the temperature of the first one."""
        self._panel.poll(at + self._first_ms, self)

    def command(self, point: str, value: Value, at: int) -> str:
        """A detector takes no commands."""
        return "rejected"

    def faulted(self, at: int) -> None:
        """Noticed at the next poll."""

    def reset(self, at: int) -> None:
        """The panel has been reset; heat that is still there alarms again."""

    def answer(self) -> str:
        """What the panel makes of its answer to a poll."""
        if self.wiring.off:
            return TROUBLE
        wrong = self.wiring.wrong
        if wrong is not None:
            celsius, rise = float(wrong), 0.0
        else:
            celsius, rise = self._feel(self._air_c())
        if celsius >= HEAT_ALARM_C or rise >= HEAT_RISE_C_PER_MIN:
            return ALARM
        return PRE if celsius >= HEAT_PREALARM_C else NORMAL

    def _feel(self, air_c: float) -> tuple[float, float]:
        """Temperature of the sensing element (C) and its rise (C/min)."""
        if self._elements is None:
            self._elements = (_Lag(self._lag_s, air_c), _Lag(self._lag_s + REFERENCE_LAG_S, air_c))
        fast, slow = self._elements
        return fast.follow(air_c), fast.value - slow.follow(air_c)
