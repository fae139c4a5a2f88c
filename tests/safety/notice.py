"""What a fire sets going beside the doors: sounders, voice, light, desk, fire door, gate, lift."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from tests.safety.facts import confirmations, confirmed_ms, ordered, reached, watching
from tests.safety.invariant import Invariant, Judged
from tests.safety.trace import Trace

SOUND_MS = 10_000


def _follows(
    trace: Trace, *, device: str, signal: str, value: object, within_ms: int
) -> Iterator[Judged]:
    """A confirmed fire has the signal take the value within a time, where the ways are sound."""
    t = confirmed_ms(trace)
    if t is None or t + within_ms > trace.ends_ms:
        return
    end = t + within_ms
    if watching(trace, t, end) and reached(trace, device, t, end):
        at = trace.first(signal, value, t, end)
        yield Judged(t, at is not None, f"{signal} = {value}: {at} ms")


def _sounds(trace: Trace) -> Iterator[Judged]:
    """As long as nobody silences what has just begun."""
    judged = _follows(trace, device="snd-1", signal="sound:snd-1", value="on", within_ms=SOUND_MS)
    for one in judged:
        if not ordered(trace, "silence", one.t_ms, one.t_ms + SOUND_MS):
            yield one


def _sign(trace: Trace) -> Iterator[Judged]:
    """The sign hangs in the west wing; the fire there has the last word on it."""
    t = next((t for t, zone in confirmations(trace) if zone == "west"), None)
    if t is not None and t + 5000 <= trace.ends_ms:
        end = t + 5000
        if watching(trace, t, end) and reached(trace, "sign-w", t, end):
            at = trace.first("told:sign-w.show", "left", t, end)
            yield Judged(t, at is not None, f"fire in the west, sign away: {at} ms")


def _once_on(
    trace: Trace, *, device: str, signal: str, value: object, within_ms: int
) -> Iterator[Judged]:
    """What a fire switched on stays on, as nobody has reset anything."""
    for judged in _follows(trace, device=device, signal=signal, value=value, within_ms=within_ms):
        if not judged.holds:
            continue
        on = trace.first(signal, value, judged.t_ms, trace.ends_ms)
        assert on is not None
        end = min((t - 1 for t, _ in trace.changes("order")), default=trace.ends_ms)
        if end > on and trace.sound((device,), on, end):
            stays = trace.always(signal, value, on, end)
            yield Judged(on, stays, f"{signal} after {on}: {trace.between(signal, on, end)}")


def _invariant(
    number: str, say: str, clause: str, device: str, signal: str, value: object, within_ms: int
) -> Invariant:
    judge = partial(_follows, device=device, signal=signal, value=value, within_ms=within_ms)
    shown = "on" if value is True else "off" if value is False else value
    formal = f"[] confirmed(t) & sound({device}) -> <>{within_ms / 1000:g}s {signal} = {shown}"
    return Invariant(number, say, clause, formal, judge)


_SOUNDING = partial(_once_on, device="snd-1", signal="output:snd-1.on", value=True, within_ms=3000)

INVARIANTS = (
    _invariant("N1", "Sounders are switched on within 3 s", "GB 50116-2013 4.8.1",
               "snd-1", "output:snd-1.on", True, 3000),
    Invariant("N2", "They truly sound within 10 s, unless somebody silences them",
              "EN 54-2 7.7 (m)",
              "[] confirmed(t) & sound(snd-1) & !silenced -> <>10s sound:snd-1 = on", _sounds),
    Invariant("N3", "They go on until somebody acts at the desk", "GB 50116-2013 4.8.6",
              "[] on(t) -> on U order", _SOUNDING),
    _invariant("N4", "The evacuation message is sent within 3 s", "GB 50116-2013 4.8.8",
               "pa-1", "told:pa-1.message", "evacuate", 3000),
    _invariant("N5", "Emergency light is lit within 5 s", "GB 50116-2013 4.9.2",
               "lite-1", "light:lite-1", "on", 5000),
    _invariant("N6", "The duty desk is told of the fire within 10 s", "EN 54-2 7.1 (m)",
               "desk-1", "told:desk-1.alarm", "fire", 10_000),
    _invariant("N7", "The fire door is let go within 3 s", "GB 50116-2013 4.6.1",
               "hold-1", "output:hold-1.hold", False, 3000),
    _invariant("N8", "The fire door is shut within 30 s", "GB 50116-2013 4.6.1; closer time (m)",
               "hold-1", "portal:fd-1", "closed", 30_000),
    _invariant("N9", "The turnstile swings free within 5 s", "GB 50116-2013 4.10.1 (m)",
               "turn-1", "portal:x-turn", "free", 5000),
    _invariant("N10", "The lift is recalled within 3 s", "GB 50116-2013 4.7.1",
               "lift-a", "output:lift-a.recall", 1, 3000),
    Invariant("N11", "The sign in the burning wing points away within 5 s",
              "GB 50116-2013 4.9.2; GB 51309-2018 3.2 (m)",
              "[] confirmed(west,t) & sound(sign-w) -> <>5s told(sign-w) = left", _sign),
)  # fmt: skip
