"""A controller that is killed and started again forgets nothing and disturbs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from tests.safety.facts import LOCKS, START_MS, alarmed, confirmations, heard, orders, settled
from tests.safety.invariant import Invariant, Judged
from tests.safety.trace import Trace

HELD = ("snd-1.on", "lite-1.mode", "turn-1.free", "lift-a.recall", *(f"{n}.release" for n in LOCKS))


def _starts(trace: Trace) -> Iterator[tuple[int, int]]:
    """(killed, started again)."""
    changes = list(trace.changes("controller"))
    for (killed, up), (started, _) in pairwise(changes):
        if not up:
            yield killed, started


def _undone(trace: Trace, start: int, end: int) -> bool:
    """Whether somebody asked for less, or for a drill, which a real alarm ends."""
    less = ("reset", "release", "all-clear", "silence", "end-drill", "dismiss east")
    if "drill" in orders(trace, 0, end):
        return True
    return bool(set(orders(trace, start, end)) & set(less))


def _keeps_outputs(trace: Trace) -> Iterator[Judged]:
    for killed, started in _starts(trace):
        end = min(trace.ends_ms, started + 2 * START_MS)
        if _undone(trace, killed - 15_000, end):
            continue
        for point in HELD:
            before = trace.at(f"output:{point}", killed)
            if before:
                stays = trace.always(f"output:{point}", before, killed, end)
                yield Judged(started, stays, f"{point} after the restart at {started}")


def _acts_on_what_it_missed(trace: Trace) -> Iterator[Judged]:
    for killed, started in _starts(trace):
        for t, zone in confirmations(trace):
            end = started + START_MS
            if not killed <= t <= started or end > trace.ends_ms or not heard(trace, t, end):
                continue
            if not trace.always("controller", True, started, end):
                continue
            if not all(
                trace.always(f"register:{name}", "alarm", t, end) for name in alarmed(trace, t)
            ):
                continue
            for lock, (board, _) in LOCKS.items():
                if settled(trace, (board,), t, end):
                    out = trace.first(f"output:{lock}.release", True, t, end)
                    yield Judged(t, out is not None, f"{zone} confirmed while down, {lock}: {out}")


def _alarm_is_not_lost(trace: Trace) -> Iterator[Judged]:
    """What the panel forgets while the controller is down, the controller does not."""
    for killed, started in _starts(trace):
        fires = [t for t, _ in confirmations(trace) if t < killed - 3000]
        end = min(trace.ends_ms, started + 2 * START_MS)
        if not fires or not trace.at("output:snd-1.on", killed):
            continue
        sound = trace.sound(("sounders-1", "snd-1"), 0, end)
        if not sound or _undone(trace, fires[0], end):
            continue
        stays = trace.always("output:snd-1.on", True, killed, end)
        yield Judged(started, stays, f"the alarm of {fires[0]} after the restart at {started}")


INVARIANTS = (
    Invariant(
        "S1", "Outputs that a fire holds do not move when the controller is killed and started",
        "state kept across a restart", "[] kill(t) & on(output,t) -> on(output) in [t, up + 24 s]",
        _keeps_outputs,
    ),
    Invariant(
        "S2", "A fire confirmed while the controller is down is acted on within 12 s of its start",
        "stated limit from restart to the first complete poll",
        "[] confirmed(t) & !controller(t) & start(t') -> <= t'+12s output(lock.release)",
        _acts_on_what_it_missed,
    ),
    Invariant(
        "S3", "A latched alarm is still an alarm after a restart", "EN 54-2 7.6 (m): latching",
        "[] confirmed(t) & kill(t') & t < t' -> sounding in [t', up + 24 s]", _alarm_is_not_lost,
    ),
)  # fmt: skip
