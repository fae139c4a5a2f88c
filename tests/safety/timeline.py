"""Random timelines: what happens on the proving ground, drawn whole before it begins.

At least two minutes, at least three faults of any device or gateway, an alarm in four of five, and
then at least one of the faults while the alarm stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from numpy.random import Generator

from controller.interface.points import PointList, Value
from controller.interface.streams import stream
from devices.failing.vocabulary import TERMS
from devices.faults import own, possible

ALARM_SHARE = 0.8
SHORTEST_MS, LONGEST_MS = 120_000, 180_000
SETTLED_MS = 8_000
"""Nothing happens before: by then every gateway has been read."""

HEAT_SHARE = 0.15
PLACES = {"west": ("w1", "w2"), "east": ("e1", "e2")}
ALARM_PER_M, CLEAR_PER_M = 1.2, 0.0
"""Extinction (1/m) far over and far under the alarm value of any detector."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something that happens at `t_ms` to `target`; what `verb` means stands in `bench`."""

    t_ms: int
    verb: str
    target: str
    params: Mapping[str, Value] = field(default_factory=dict)

    def __str__(self) -> str:
        extra = "".join(f" {key}={value}" for key, value in self.params.items())
        return f"{self.t_ms / 1000:.2f} s {self.verb} {self.target}{extra}"


@dataclass(frozen=True, slots=True)
class Timeline:
    """What happens, in order of time; `alarm_ms` is when an alarm is first caused (None: never)."""

    seed: int
    ends_ms: int
    alarm_ms: int | None
    actions: tuple[Action, ...]

    def __str__(self) -> str:
        lines = [f"seed {self.seed}, {self.ends_ms / 1000:.0f} s", *map(str, self.actions)]
        return "\n  ".join(lines)


def draw(seed: int, points: PointList) -> Timeline:
    """The timeline of a seed: the same one every time."""
    rng = stream(seed, "timeline")
    ends_ms = int(rng.integers(SHORTEST_MS, LONGEST_MS + 1))
    alarm_ms = None
    actions: list[Action] = []
    if rng.random() < ALARM_SHARE:
        alarm_ms = int(rng.integers(SETTLED_MS, ends_ms - 60_000))
        actions += _alarm(rng, alarm_ms)
    actions += _faults(rng, points, alarm_ms, ends_ms)
    actions += _threats(rng, ends_ms)
    actions += _people(rng, alarm_ms, ends_ms)
    actions += _operators(rng, alarm_ms, ends_ms)
    actions += _outages(rng, alarm_ms, ends_ms)
    actions += _heat(stream(seed, "heat"), ends_ms)
    return Timeline(seed, ends_ms, alarm_ms, tuple(sorted(actions, key=lambda a: a.t_ms)))


def _alarm(rng: Generator, at: int) -> list[Action]:
    """One detector; two of a zone; a detector and a call point; call points alone; two fires."""
    zones = list(PLACES)
    rng.shuffle(zones)
    first, second = PLACES[zones[0]]
    later = at + int(rng.integers(0, 30_000))
    smoke, more = _smoke(at, first), _smoke(later, second)
    press = Action(later, "press", f"mcp-{zones[0][0]}")
    match int(rng.integers(6)):
        case 0:
            return [smoke]
        case 1:
            return [smoke, press]
        case 2:
            return [Action(at, "press", f"mcp-{zones[0][0]}")]
        case 3:
            far = at + int(rng.integers(1000, 50_000))
            return [smoke, more, *(_smoke(far, place) for place in PLACES[zones[1]])]
        case _:
            return [smoke, more]


def _heat(rng: Generator, ends_ms: int) -> list[Action]:
    """A fire under the sprinkler: without a word of the detectors, or beside them."""
    if rng.random() > HEAT_SHARE:
        return []
    at = int(rng.integers(SETTLED_MS, ends_ms - 60_000))
    return [Action(at, "heat", "e2", {"temperature_c": 400.0})]


def _smoke(at: int, place: str, per_m: float = ALARM_PER_M) -> Action:
    return Action(at, "smoke", place, {"per_m": per_m})


def _faults(rng: Generator, points: PointList, alarm_ms: int | None, ends_ms: int) -> list[Action]:
    """Three to six faults, each of another target; with an alarm the first one after it."""
    count = int(rng.integers(3, 7))
    actions: list[Action] = []
    for number in range(count):
        least = alarm_ms if alarm_ms is not None and number == 0 else SETTLED_MS
        at = int(rng.integers(least, ends_ms - 20_000))
        until = min(ends_ms, at + int(rng.integers(1000, 90_000)))
        target, fault, params = _mute(rng) if rng.random() < 0.25 else _fault(rng, points)
        while target in {action.target for action in actions}:
            target, fault, params = _fault(rng, points)
        actions.append(Action(at, "fault", target, {"fault": fault, "until": until, **params}))
    return actions


_MUTE = (
    ("fire-1", "off"), ("fire-1", "silent"), ("fire-1", "partition"), ("doors-w", "off"),
    ("doors-e", "partition"), ("doors-w", "silent"), ("doors-e", "off"),
    ("snd-1", "stuck"), ("turn-1", "stuck"), ("lock-e", "stuck"), ("pa-1", "hung"),
)  # fmt: skip


def _mute(rng: Generator) -> tuple[str, str, dict[str, Value]]:
    """One of the plainest faults, which a fair draw from the whole vocabulary seldom brings."""
    target, fault = _MUTE[int(rng.integers(len(_MUTE)))]
    return target, fault, {}


def _fault(rng: Generator, points: PointList) -> tuple[str, str, dict[str, Value]]:
    gateways, devices = list(points.gateways), list(points.devices)
    place = int(rng.integers(len(gateways) + len(devices)))
    device = None if place < len(gateways) else points.devices[devices[place - len(gateways)]]
    target = gateways[place] if device is None else device.id
    can = [n for n in possible(device) if n not in TERMS or not TERMS[n].wire_only]
    fault = can[int(rng.integers(len(can)))]
    role = own(device.kind).get(fault) if device is not None else None
    if role is not None:
        return (
            target,
            fault,
            {} if role.takes is None else {"value": _fitting(rng, role.takes.fits)},
        )
    amount = TERMS[fault].amount
    if amount is None:
        return target, fault, {}
    return target, fault, {amount.key: _fitting(rng, amount.fits)}


_TRIES: Sequence[Value] = (
    3000, 800, 15_000, 60_000, 1, 2, 3, 4, 5, 10, 0.3, 0.9, 40.0, 100, "nonsense", "", True, 0,
    50, "left", "drill",
)  # fmt: skip


def _fitting(rng: Generator, fits: object) -> Value:
    """One of a list of amounts, great and small, that the fault can have."""
    assert callable(fits)
    good = [value for value in _TRIES if fits(value)]
    assert good, "no amount on the list fits a declared fault"
    return good[int(rng.integers(len(good)))]


def _threats(rng: Generator, ends_ms: int) -> list[Action]:
    """Somebody under threat presses the panic button, and later it is put back."""
    if rng.random() > 0.4:
        return []
    at = int(rng.integers(SETTLED_MS, ends_ms - 30_000))
    back = at + int(rng.integers(10_000, 90_000))
    return [Action(at, "panic", "panic-1"), Action(back, "calm", "panic-1")]


def _people(rng: Generator, alarm_ms: int | None, ends_ms: int) -> list[Action]:
    """Exit buttons, orders at the duty desk, the panel's own reset, a crowd before the camera."""
    actions = []
    for lock in ("lock-w", "lock-e"):
        if rng.random() < 0.5:
            actions.append(Action(int(rng.integers(SETTLED_MS, ends_ms - 9000)), "press", lock))
    if rng.random() < 0.5:
        at = int(rng.integers(SETTLED_MS, ends_ms - 40_000))
        actions.append(Action(at, "crowd", "west", {"per_m2": 3.0}))
        actions.append(Action(at + 20_000, "crowd", "west", {"per_m2": 0.2}))
    actions += [Action(int(rng.integers(SETTLED_MS, ends_ms)), "order", "desk-1", {"word": word})
                for word in ("reset", "release") if rng.random() < 0.3]  # fmt: skip
    if alarm_ms is not None and rng.random() < 0.5:
        actions += _putting_right(rng, alarm_ms, ends_ms)
    return actions


_ORDERS = (
    "acknowledge", "silence", "resound", "reset", "all-clear", "evacuate", "evacuate east",
    "confirm west", "investigate east", "dismiss east", "test west", "end-test west",
    "disable sd-e1", "enable sd-e1", "lockdown", "drill", "end-drill",
)  # fmt: skip


def _operators(rng: Generator, alarm_ms: int | None, ends_ms: int) -> list[Action]:
    """Operations at the desk: any at any time; a drill, a lockdown or a test before an alarm; a
    silence after it.
    """
    found: list[tuple[int, str]] = []
    if rng.random() < 0.3:
        count = int(rng.integers(1, 4))
        words = [_ORDERS[int(n)] for n in rng.integers(0, len(_ORDERS), count)]
        found += [(int(rng.integers(SETTLED_MS, ends_ms - 5000)), word) for word in words]
    if alarm_ms is not None and alarm_ms > 4 * SETTLED_MS:
        before = int(rng.integers(SETTLED_MS, alarm_ms - 15_000))
        before_that = int(rng.integers(12))
        word = {0: "drill", 1: "lockdown", 2: "lockdown", 3: "test west"}.get(before_that)
        found += [(before, word)] if word else []
    if alarm_ms is not None and rng.random() < 0.25:
        later = min(ends_ms - 15_000, alarm_ms + int(rng.integers(15_000, 50_000)))
        found.append((later, "silence"))
    return [Action(t, "order", "desk-1", {"word": f"order {word}"}) for t, word in found]


def _putting_right(rng: Generator, alarm_ms: int, ends_ms: int) -> list[Action]:
    """The smoke clears, the panel is reset, the guard resets and then releases."""
    at = int(rng.integers(alarm_ms + 10_000, ends_ms - 40_000))
    clear = [_smoke(at, place, CLEAR_PER_M) for places in PLACES.values() for place in places]
    return [
        *clear,
        Action(at + 12_000, "panel-reset", "panel-1"),
        Action(at + 16_000, "order", "desk-1", {"word": "reset"}),
        Action(at + 28_000, "order", "desk-1", {"word": "release"}),
    ]


def _outages(rng: Generator, alarm_ms: int | None, ends_ms: int) -> list[Action]:
    """The broker goes down for a time; the controller is killed and started again; the mains."""
    actions = []
    for verb, target, share in (
        ("broker", "broker", 0.3), ("kill", "controller", 0.35), ("mains", "west", 0.2),
    ):  # fmt: skip
        if rng.random() < share:
            at = int(rng.integers(SETTLED_MS, ends_ms - 20_000))
            until = at + int(rng.integers(1000, 25_000))
            actions.append(Action(at, verb, target, {"until": until}))
    if alarm_ms is not None and rng.random() < 0.2:
        at = alarm_ms + int(rng.integers(0, 20_000))
        actions.append(Action(at, "kill", "controller", {"until": at + 3000}))
    return actions
