"""Sensing elements of detectors on a loop: what reaches them, and when it is an alarm."""

from __future__ import annotations

from collections import deque
from math import exp, log

from numpy.random import Generator

from controller.interface.loopwords import ALARM, NORMAL, PRE
from devices.loop import TROUBLE
from devices.wiring import Wiring

SMOKE_ALARM_PER_M = 0.14 * log(10)
"""Extinction at the element that is an alarm, 1/m: optical density 0.14 1/m, the value that NFPA 72
annex B (2013, B.4.8.1.1) takes for detector response when no tested value is known."""

PREALARM_SHARE = 20 / 30
"""Pre-alarm over alarm: Apollo XP95 counts 25 clean, 45 pre-alarm, 55 alarm."""

SPREAD = 0.15
"""Sensitivity of a unit against the type's mean (EN 54-7 allows max/mean 1.33)."""

DIRTY_SHARE = 0.5
"""Drift that compensation can no longer take out, as a share of the alarm value (m)."""

HEAT_ALARM_C = 57.0
HEAT_PREALARM_C = 50.0
HEAT_RISE_C_PER_MIN = 8.0
REFERENCE_LAG_MS = 60_000
"""The second element lags 60 s more than the first; in a steady rise they differ by the rise per
minute, which is how a rate-of-rise detector measures it."""

BULB_C = 68.0
"""Red bulb, the usual one of rooms (EN 12259-1, GB 5135.1, (m))."""

BEAM_ALARM = 0.35
"""Obscured share of the light of a beam that is an alarm (1.9 dB; EN 54-12 allows to 6 dB, (m))."""
BEAM_BLOCKED = 0.9
"""More than this within one poll is an object in the beam, not smoke (m)."""

LEVELS_PER_FT = (0.00012, 0.0003, 0.0005, 0.00071, 0.0025)
"""Obscured share per foot of Alert, Action 1, Action 2, Fire 1, Fire 2 of FAAST as shipped (m)."""
LEVELS_PER_M = tuple(-log(1 - share) / 0.3048 for share in LEVELS_PER_FT)
FLOW_PERCENT = (80, 120)
"""Flow in the pipe outside 20 % of normal is a fault (EN 54-20, (m))."""


class Lag:
    """First-order lag, exact for an input that is constant between two polls."""

    def __init__(self, tau_ms: float, value: float, poll_ms: int) -> None:
        self.value = value
        self._keep = exp(-poll_ms / tau_ms)

    def follow(self, target: float) -> float:
        """One poll later."""
        self.value = target + (self.value - target) * self._keep
        return self.value


def _lag_ms(wiring: Wiring, rng: Generator) -> float:
    timing = wiring.kind.timing["lag"]
    return float(rng.uniform(timing.low_ms, timing.high_ms))


class Smoke:
    """A scattered-light chamber. Dirty: it sees this much extinction (1/m) in clean air."""

    def __init__(self, wiring: Wiring, rng: Generator) -> None:
        self._wiring = wiring
        self._chamber = Lag(_lag_ms(wiring, rng), 0.0, wiring.ms("poll"))
        self._alarm_per_m = SMOKE_ALARM_PER_M * float(rng.uniform(1 - SPREAD, 1 + SPREAD))
        self._air_per_m = wiring.probe(wiring.device.at, "extinction_per_m")

    def level(self) -> str:
        """What it makes of the air."""
        air = self._air_per_m()
        if not air and not self._chamber.value:
            return NORMAL
        return self._judge(self._chamber.follow(air))

    def failing(self) -> str:
        """The same with a fault: wrong sees what it is told, dirty drifts, masked sees nothing."""
        failing = self._wiring.failing
        if "wrong" in failing:
            return self._judge(float(failing["wrong"]))
        air = 0.0 if "masked" in failing else self._air_per_m()
        dirt = float(failing.get("dirty", 0.0))
        level = self._judge(self._chamber.follow(air) + dirt)
        drifted = dirt >= DIRTY_SHARE * self._alarm_per_m
        return TROUBLE if drifted and level != ALARM else level

    def _judge(self, per_m: float) -> str:
        if per_m >= self._alarm_per_m:
            return ALARM
        return PRE if per_m >= PREALARM_SHARE * self._alarm_per_m else NORMAL


class Heat:
    """A fixed temperature of 57 C and a rate of rise of 8 C/min."""

    def __init__(self, wiring: Wiring, rng: Generator) -> None:
        self._wiring = wiring
        self._lag_ms = _lag_ms(wiring, rng)
        self._elements: tuple[Lag, Lag] | None = None
        self._air_c = wiring.probe(wiring.device.at, "temperature_c")

    def level(self) -> str:
        """What it makes of the air."""
        air_c = self._air_c()
        if self._elements is None:
            poll_ms, slow_ms = self._wiring.ms("poll"), self._lag_ms + REFERENCE_LAG_MS
            self._elements = (Lag(self._lag_ms, air_c, poll_ms), Lag(slow_ms, air_c, poll_ms))
        fast, slow = self._elements
        return _warmth(fast.follow(air_c), fast.value - slow.follow(air_c))

    def failing(self) -> str:
        """The same with a fault: wrong has the temperature it is told, masked feels nothing."""
        wrong = self._wiring.failing.get("wrong")
        if wrong is not None:
            return _warmth(float(wrong), 0.0)
        return NORMAL if "masked" in self._wiring.failing else self.level()


class Water:
    """A sprinkler beside it and the paddle in its pipe: the bulb breaks once, water flows on.

    Surge: the paddle is moved without a fire. Valve: it is shut, no water comes.
    """

    def __init__(self, wiring: Wiring, rng: Generator) -> None:
        self._wiring = wiring
        self._lag_ms = _lag_ms(wiring, rng)
        self._retard = -(-wiring.drawn(rng, "retard") // wiring.ms("poll"))
        self._bulb: Lag | None = None
        self._broken = False
        self._flows = 0
        self._air_c = wiring.probe(wiring.device.at, "temperature_c")

    def level(self) -> str:
        """Whether water has flowed for longer than the retard."""
        return self._judge(self._opened())

    def failing(self) -> str:
        """The same with a surge in the pipe, or with the valve shut."""
        failing = self._wiring.failing
        opened = self._opened() and "valve" not in failing
        return self._judge(opened or "surge" in failing)

    def _opened(self) -> bool:
        air_c = self._air_c()
        if self._bulb is None:
            self._bulb = Lag(self._lag_ms, air_c, self._wiring.ms("poll"))
        self._broken = self._bulb.follow(air_c) >= BULB_C or self._broken
        return self._broken

    def _judge(self, flows: bool) -> str:
        self._flows = self._flows + 1 if flows else 0
        return ALARM if self._flows > self._retard else NORMAL


def _warmth(celsius: float, rise_c_per_min: float) -> str:
    if celsius >= HEAT_ALARM_C or rise_c_per_min >= HEAT_RISE_C_PER_MIN:
        return ALARM
    return PRE if celsius >= HEAT_PREALARM_C else NORMAL


class Beam:
    """A projected beam across the spaces that it sees; it reports the obscured share in percent.

    Smoke must last for the response time; a beam that is gone within one poll is blocked.
    """

    def __init__(self, wiring: Wiring, rng: Generator) -> None:
        self._wiring = wiring
        self._patience = -(-wiring.drawn(rng, "response") // wiring.ms("poll"))
        path = wiring.device.sees or (wiring.device.at,)
        self._depths = [wiring.probe(place, "optical_depth") for place in path]
        self._above = 0
        self._share = 0.0
        self._blocked = False

    def level(self) -> str:
        """What it makes of the light that arrives."""
        return self._judge(1.0 - exp(-sum(depth() for depth in self._depths)))

    def failing(self) -> str:
        """The same with a fault: an object in the way, mirrors out of line, dirty lenses."""
        failing = self._wiring.failing
        if "misaligned" in failing or "blocked" in failing:
            self._show(1.0)
            return TROUBLE
        if "wrong" in failing:
            return self._judge(float(failing["wrong"]) / 100)
        return self.level()

    def _judge(self, share: float) -> str:
        jump = self._share < BEAM_ALARM and share >= BEAM_BLOCKED
        self._blocked = jump or (self._blocked and share >= BEAM_BLOCKED)
        self._show(share)
        if self._blocked:
            return TROUBLE
        self._above = self._above + 1 if share >= BEAM_ALARM else 0
        if self._above > self._patience:
            return ALARM
        return PRE if share >= PREALARM_SHARE * BEAM_ALARM else NORMAL

    def _show(self, share: float) -> None:
        self._share = share
        self._wiring.update("obscuration", round(100 * share))


class Aspirating:
    """Air drawn through a pipe with a hole in each space that it sees, mixed, and late.

    `level` has FAAST's bits: 0 Alert, 1 Action 1, 2 Action 2, 3 Fire 1, 4 Fire 2.
    """

    def __init__(self, wiring: Wiring, rng: Generator) -> None:
        self._wiring = wiring
        polls = -(-wiring.drawn(rng, "pipe") // wiring.ms("poll"))
        holes = wiring.device.sees or (wiring.device.at,)
        self._holes = [wiring.probe(place, "extinction_per_m") for place in holes]
        self._pipe = deque([0.0] * polls, polls)

    def level(self) -> str:
        """What it makes of the air that arrives."""
        arrived = self._pipe[0]
        self._pipe.append(sum(hole() for hole in self._holes) / len(self._holes))
        return self._judge(arrived, 100)

    def failing(self) -> str:
        """The same with a fault: a flow other than normal, or an extinction that it is told."""
        failing = self._wiring.failing
        flow = int(failing.get("flow", 100))
        if "wrong" in failing:
            return self._judge(float(failing["wrong"]), flow)
        level = self.level() if flow else self._judge(0.0, flow)
        low, high = FLOW_PERCENT
        self._wiring.update("flow", flow)
        return level if low <= flow <= high or level == ALARM else TROUBLE

    def _judge(self, per_m: float, flow: int) -> str:
        reached = sum(per_m >= least for least in LEVELS_PER_M)
        self._wiring.update("level", (1 << reached) - 1)
        self._wiring.update("flow", flow)
        return ALARM if reached >= 4 else PRE if reached >= 2 else NORMAL
