"""What is broken is said: lost gateways and devices, movements that did not come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tests.safety.facts import (
    BOARDS,
    brokered,
    running,
    settled,
)
from tests.safety.invariant import Invariant, Judged
from tests.safety.trace import Trace

COMMS_LIMIT_MS = 100_000
LOST_MS = 15_000
"""Tighter than the clause: three polls with repetitions, or 3 s without a heartbeat, and more."""

MUTE_GATEWAY = ("off", "partition", "silent")
MUTE_STATION = ("off", "partition", "hung")


def _spells(trace: Trace, target: str, faults: Sequence[str]) -> Iterator[tuple[int, int]]:
    """(from, to) of the times at which one of the faults stood."""
    since: int | None = None
    for t, standing in [*trace.changes(f"faults:{target}"), (trace.ends_ms, frozenset())]:
        there = bool(standing & set(faults))
        if there and since is None:
            since = t
        elif not there and since is not None:
            yield since, t
            since = None


def _said_lost(trace: Trace, targets: Sequence[str], faults: Sequence[str]) -> Iterator[Judged]:
    for target in targets:
        for start, end in _spells(trace, target, faults):
            if end - start < LOST_MS or not running(trace, start, start + LOST_MS):
                continue
            if not brokered(trace, start, start + LOST_MS):
                continue
            said = [
                t
                for t, (entity, what, _) in trace.changes("record:comms")
                if entity == target and what in ("lost", "silent", "stale") and t <= start + LOST_MS
            ]
            yield Judged(start, bool(said), f"{target} mute from {start}, said at {said}")


def _lost_gateway(trace: Trace) -> Iterator[Judged]:
    yield from _said_lost(trace, sorted({*BOARDS.values(), "fire-1"}), MUTE_GATEWAY)


def _lost_station(trace: Trace) -> Iterator[Judged]:
    yield from _said_lost(trace, ("pa-1", "sign-w", "cam-1", "desk-1"), MUTE_STATION)


def _panel_lost_on_the_desk(trace: Trace) -> Iterator[Judged]:
    for start, end in _spells(trace, "fire-1", MUTE_GATEWAY):
        limit = start + LOST_MS + 10_000
        if end <= limit or not running(trace, start, limit):
            continue
        if not brokered(trace, start, limit):
            continue
        if not settled(trace, ("desk-1",), start, limit):
            continue
        told = [
            (t, what)
            for t, (rule, what, _) in trace.changes("record:decision")
            if rule == "panel-lost>desk-fault" and t <= limit
        ]
        stands = bool(told) and told[-1][1] == "on"
        yield Judged(start, stands, f"fire-1 mute from {start}, the desk's rule {told}")


def _missing_feedback(trace: Trace) -> Iterator[Judged]:
    """A part that is stuck when it is commanded is reported when its time is over."""
    for point in ("snd-1.on", "turn-1.free", "lock-e.release"):
        device = point.partition(".")[0]
        told = [t for t, value in trace.changes(f"told:{point}") if value is True]
        for t in told[:1]:
            end = t + 12_000
            if end > trace.ends_ms or not running(trace, t, end, 0):
                continue
            if not trace.always(f"told:{point}", True, t, end):
                continue
            standing = trace.between(f"faults:{device}", t - 1000, end)
            if not all(v and "stuck" in v for _, v in standing):
                continue
            if not settled(trace, (BOARDS[device],), t, end):
                continue
            if any(trace.at(f"{name}", t) in moved for name, moved in _MOVED[device]):
                continue
            said = [
                s
                for s, (entity, what, _) in trace.changes("record:feedback")
                if entity == point and what == "missing" and t <= s <= end
            ]
            yield Judged(t, bool(said), f"{point} commanded at {t}, stuck; missing said at {said}")


_MOVED: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "snd-1": (("sound:snd-1", ("on",)),),
    "turn-1": (("portal:x-turn", ("free",)),),
    "lock-e": (("portal:x-east", ("unlocked",)),),
}


INVARIANTS = (
    Invariant(
        "K1", "A gateway that says nothing for 15 s is reported", "GB 16806 (m): within 100 s",
        "[] mute(gateway, 15 s) -> record(comms lost)", _lost_gateway,
    ),
    Invariant(
        "K2", "An MQTT device that says nothing for 15 s is reported", "GB 16806 (m): within 100 s",
        "[] mute(device, 15 s) -> record(comms lost)", _lost_station,
    ),
    Invariant(
        "K3", "The duty desk is told of a silent panel within 25 s", "EN 54-2 8.2.4 (m): 100 s",
        "[] mute(fire-1, 25 s) -> decision(desk-fault)", _panel_lost_on_the_desk,
    ),
    Invariant(
        "K4", "A part that does not move is reported within 12 s", "GB 16806 (m): feedback 10 s",
        "[] commanded(part,t) & stuck(part) -> <>12s record(feedback missing)",
        _missing_feedback,
    ),
)  # fmt: skip
