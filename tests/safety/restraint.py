"""What must not happen: alarms out of nothing, resets of what stands, outputs that flap."""

from __future__ import annotations

from collections.abc import Iterator

from devices.failing.wording import WORDINGS
from tests.safety.facts import (
    CALL_POINTS,
    DETECTORS,
    FLOWS,
    evacuating,
    first_alarm,
    heard,
    orders,
    quiet_ms,
    running,
    standing,
)
from tests.safety.invariant import Invariant, Judged
from tests.safety.trace import Trace

EVACUATION = (
    ("output:snd-1.on", True),
    ("told:pa-1.message", "evacuate"),
    ("output:lock-w.release", True),
    ("output:lock-e.release", True),
    ("output:turn-1.free", True),
)
FLAP_MS, FLAPS = 10_000, 3


def _truthful(trace: Trace, end: int) -> bool:
    """Whether the panel's gateway says what stands in its registers, as far as it says anything."""
    lies = {*WORDINGS, "garbage"}
    names = trace.between("faults:fire-1", 0, end)
    return not any(lies & (value or frozenset()) for _, value in names)


def _no_false_evacuation(trace: Trace) -> Iterator[Judged]:
    end = min(quiet_ms(trace), trace.ends_ms)
    if _truthful(trace, end):
        for signal, value in EVACUATION:
            when = trace.first(signal, value, 0, end - 1)
            yield Judged(0, when is None, f"{signal} = {value} at {when}, nothing before {end}")


def _one_detector_is_not_a_fire(trace: Trace) -> Iterator[Judged]:
    """The same where a single detector does stand in alarm."""
    end = min(quiet_ms(trace), trace.ends_ms)
    since = first_alarm(trace, DETECTORS)
    if since is not None and since < end and _truthful(trace, end):
        for signal, value in EVACUATION:
            when = trace.first(signal, value, since, end - 1)
            yield Judged(since, when is None, f"{signal} = {value} at {when} on one detector")


def _call_point_moves_no_fire_door(trace: Trace) -> Iterator[Judged]:
    """Up to the first detector's alarm, since the controller holds what it has heard."""
    pressed = first_alarm(trace, CALL_POINTS)
    detected = first_alarm(trace, [*DETECTORS, *FLOWS])
    end = trace.ends_ms if detected is None else detected - 1
    if {"confirm west", "investigate east"} & set(orders(trace, 0, end)):
        return
    if pressed is not None and end > pressed and _truthful(trace, end):
        early = [t for t, v in trace.changes("told:hold-1.hold") if v is False and t <= end]
        yield Judged(pressed, not early, f"the fire door was let go at {early}")


def _no_reset_while_standing(trace: Trace) -> Iterator[Judged]:
    """Each zone is reset by itself: the sounder is due to one in which a device stands."""
    for t, word in trace.changes("order"):
        end = t + 3000
        if word != "reset" or end > trace.ends_ms or len(orders(trace, t, end)) > 1:
            continue
        zones = [zone for zone in evacuating(trace, t) if standing(trace, zone, t, end)]
        if not zones or not heard(trace, t, end):
            continue
        if not running(trace, t, end) or not trace.at("output:snd-1.on", t):
            continue
        stays = trace.always("output:snd-1.on", True, t, end)
        yield Judged(t, stays, f"reset at {t} with {zones} in alarm")


def _no_reset_of_the_unknown(trace: Trace) -> Iterator[Judged]:
    """What cannot be read is not normal: its zone is not reset."""
    for t, word in trace.changes("order"):
        end = t + 3000
        blind = trace.at("faults:fire-1", t) or frozenset()
        until = trace.between("faults:fire-1", t, end)
        since = max((s for s, _ in trace.changes("faults:fire-1") if s <= t), default=t)
        mute = all(v and v & {"off", "partition", "silent"} for _, v in until)
        mute = mute and t - since >= 5000
        if word != "reset" or not mute or end > trace.ends_ms:
            continue
        if trace.at("output:snd-1.on", t) and running(trace, t, end):
            stays = trace.always("output:snd-1.on", True, t, end)
            yield Judged(t, stays, f"reset at {t} while fire-1 is {sorted(blind)}")


def _no_flapping(trace: Trace) -> Iterator[Judged]:
    """A text that rises from crowding to fire does not flap: it takes back nothing it said."""
    for name in trace.names("told:"):
        if name.endswith(".heartbeat"):  # changes by itself, for the board's watchdog
            continue
        changes = list(_alternations(trace, name))
        for t, _ in changes:
            recent = [value for s, value in changes if t <= s < t + FLAP_MS]
            before = [value for s, value in changes if s < t][-1:]
            back = len(before + recent) - len(set(before + recent))
            yield Judged(t, back < FLAPS, f"{name} went back {back} times within {FLAP_MS} ms")


def _alternations(trace: Trace, name: str) -> Iterator[tuple[int, object]]:
    """Commands that ask for something else than the one before did."""
    last: object = object()
    for t, value in trace.changes(name):
        if value != last:
            last = value
            yield t, value


INVARIANTS = (
    Invariant(
        "R1", "Nothing evacuates before two devices or a call point are in alarm",
        "GB 50116-2013 4.1.6", "[] alarms < 2 & !call_point -> !evacuation",
        _no_false_evacuation,
    ),
    Invariant(
        "R2", "A single detector in alarm evacuates nobody", "GB 50116-2013 4.1.6",
        "[] alarms = 1 & detector -> !evacuation", _one_detector_is_not_a_fire,
    ),
    Invariant(
        "R3", "A call point alone moves no fire door", "GB 50116-2013 4.6.1",
        "[] call_point & !confirmed -> !output(hold.hold = off)", _call_point_moves_no_fire_door,
    ),
    Invariant(
        "R4", "A reset is refused while an input stands in alarm", "EN 54-2 8.5 (m); GB 4717 (m)",
        "[] order(reset,t) & standing(t) -> output(snd) unchanged", _no_reset_while_standing,
    ),
    Invariant(
        "R5", "A reset is refused while the panel cannot be read", "unknown is not normal",
        "[] order(reset,t) & unreadable(fire-1,t) -> output(snd) unchanged",
        _no_reset_of_the_unknown,
    ),
    Invariant(
        "R6", "No output goes back to what it said before three times within 10 s",
        "no output flaps", "[] count(returns(output), 10 s) < 3", _no_flapping,
    ),
)  # fmt: skip
