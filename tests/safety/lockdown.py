"""Fire against lockdown, drills and silences: who has the outputs, and who is told."""

from __future__ import annotations

from collections.abc import Iterator

from tests.safety.facts import (
    FLOWS,
    LOCKS,
    LOOP,
    alarmed,
    confirmations,
    confirmed_ms,
    first_alarm,
    free_to_lock,
    heard,
    orders,
    quiet_ms,
    reached,
    running,
    settled,
    watching,
)
from tests.safety.invariant import Invariant, Judged
from tests.safety.trace import Trace

LIMIT_MS = 3000
VERIFY_MS = 30_000
"""`lockdown.verify_s` of the proving ground's matrix."""


def _fire_ends_lockdown(trace: Trace) -> Iterator[Judged]:
    for t, zone in confirmations(trace):
        end = t + LIMIT_MS
        if not watching(trace, t, end) or end > trace.ends_ms:
            continue
        for lock, (board, _) in LOCKS.items():
            locked = trace.always(f"output:{lock}.lockdown", True, max(0, t - 1000), t - 1)
            if locked and settled(trace, (board,), t, end):
                both = [trace.at(f"output:{lock}.{p}", end) for p in ("release", "lockdown")]
                yield Judged(t, both == [True, False], f"{zone} confirmed in lockdown: {both}")


def _never_both(trace: Trace) -> Iterator[Judged]:
    """Two writes in one scan may arrive one after the other; at its end they do not contradict."""
    for lock, (board, _) in LOCKS.items():
        if not trace.sound((board,), 0, trace.ends_ms):
            continue
        for t, on in trace.changes(f"output:{lock}.lockdown"):
            if on and running(trace, t, t, 0):
                released = trace.at(f"output:{lock}.release", t)
                yield Judged(t, not released, f"{lock} locked down while released at {t}")


def _bollard_never_both(trace: Trace) -> Iterator[Judged]:
    if not trace.sound(("gate-1",), 0, trace.ends_ms):
        return
    for t, up in trace.changes("output:bollard-1.efo"):
        if up:
            down = trace.at("output:bollard-1.lower", t)
            yield Judged(t, not down, f"bollard raised at {t} while lowered for the fire engine")


def _single_alarm(trace: Trace) -> Iterator[tuple[int, int]]:
    """(when, until): one device alone, the site's first alarm, in a lockdown that stands.

    Until another device alarms, the threat is over or somebody orders anything. That the lockdown
    stood is read from a door board that could be told; that it stands on, from who asks for it.
    """
    firsts = (first_alarm(trace, [name]) for name in LOOP)
    onsets = sorted(t for t in firsts if t is not None)
    if not onsets or alarmed(trace, onsets[0]) & {*FLOWS}:
        return
    t, given = onsets[0], orders(trace, 0, onsets[0])
    later = [s for name in ("order", "calm") for s, _ in trace.changes(name) if s > t]
    ends = min([*onsets[1:2], trace.ends_ms, *later, _threat_ends(trace, t)])
    locked = trace.always("output:lock-w.lockdown", True, max(0, t - 2000), t)
    told = settled(trace, ("doors-w",), t, t)
    if t > 2000 and locked and told and set(given) <= {"lockdown"} and not alarmed(trace, t - 1):
        yield t, ends


def _threat_ends(trace: Trace, t: int) -> int:
    """When the panic button, if it asked for the lockdown at `t` or just before, no longer does."""
    if trace.first("register:panic-1", True, max(0, t - 2000), t) is None:
        return trace.ends_ms
    ended = trace.first("register:panic-1", False, t, trace.ends_ms)
    return trace.ends_ms if ended is None else ended


def _single_alarm_releases_nobody(trace: Trace) -> Iterator[Judged]:
    for t, end in _single_alarm(trace):
        until = min(end - 1, t + VERIFY_MS - 1)
        if until > t + LIMIT_MS:
            kept = trace.first("output:lock-w.release", True, t, until) is None
            said = trace.between("told:pa-1.message", t, until)
            calm = all(value != "evacuate" for _, value in said)
            yield Judged(t, kept and calm, f"one device in lockdown at {t}: {said}")


def _ends_only_its_own(trace: Trace) -> Iterator[Judged]:
    fire = confirmed_ms(trace)
    if fire is None:
        return
    ends = [t for t, word in trace.changes("order") if word == "order all-clear"]
    ends += [t for t, _ in trace.changes("calm")]
    for t in ends:
        end = t + LIMIT_MS
        if t < fire + 10_000 or end > trace.ends_ms or free_to_lock(trace, 0, end):
            continue
        for lock in LOCKS:
            if trace.at(f"output:{lock}.release", t):
                stays = trace.always(f"output:{lock}.release", True, t, end)
                yield Judged(t, stays, f"{lock} after the lockdown ended at {t}")


def _drills(trace: Trace) -> Iterator[int]:
    """When a drill was asked for while nothing had happened yet."""
    for t, word in trace.changes("order"):
        if word == "order drill" and not alarmed(trace, t) and t < quiet_ms(trace) + 1:
            yield t


def _no_police_in_a_drill(trace: Trace) -> Iterator[Judged]:
    for t in _drills(trace):
        others = [s for s, _ in trace.changes("pressed:panic-1")]
        others += [s for s, word in trace.changes("order") if word == "order lockdown"]
        if any(s <= t for s in others) or trace.at("told:police-1.alarm", t - 1):
            continue
        risen = [
            s
            for name in trace.names("register:")
            for s, v in trace.changes(name)
            if v == "alarm" and not name.startswith("register:panic")
        ]
        end = min([*others, *risen, trace.ends_ms])
        if end > t:
            told = [v for s, v in trace.changes("told:police-1.alarm") if t <= s < end]
            yield Judged(t, not any(told), f"drill at {t}, the police was told {told}")


def _police_in_a_fire(trace: Trace) -> Iterator[Judged]:
    t = confirmed_ms(trace)
    if t is None or t + 10_000 > trace.ends_ms:
        return
    end = t + 10_000
    if watching(trace, t, end) and reached(trace, "police-1", t, end):
        told = trace.first("told:police-1.alarm", "fire", t, end)
        yield Judged(t, told is not None, f"fire at {t}, police told at {told}")


def _police_after_a_drill(trace: Trace) -> Iterator[Judged]:
    for judged in _police_in_a_fire(trace):
        if any(t < judged.t_ms for t in _drills(trace)):
            yield judged


def _silence(trace: Trace) -> Iterator[tuple[int, int]]:
    """(when the sounder fell silent on somebody's word, until when nothing else was asked)."""
    for t, word in trace.changes("order"):
        if word != "order silence" or t + LIMIT_MS > trace.ends_ms:
            continue
        later = [s for s, _ in trace.changes("order") if s > t]
        end = min([*later, trace.ends_ms])
        quiet = trace.first("output:snd-1.on", False, t, min(end, t + LIMIT_MS))
        if quiet is not None and quiet > t - 1 and trace.at("output:snd-1.on", t - 1):
            yield quiet, end


def _silence_moves_no_door(trace: Trace) -> Iterator[Judged]:
    for t, end in _silence(trace):
        for lock in LOCKS:
            if trace.at(f"output:{lock}.release", t):
                stays = trace.always(f"output:{lock}.release", True, t, end - 1)
                yield Judged(t, stays, f"{lock} after a silence at {t}")


def _further_alarm_resounds(trace: Trace) -> Iterator[Judged]:
    for t, end in _silence(trace):
        for zone_ms, zone in confirmations(trace):
            limit = zone_ms + LIMIT_MS
            if not t < zone_ms <= limit < end or not heard(trace, zone_ms, limit):
                continue
            if running(trace, zone_ms, limit) and reached(trace, "snd-1", zone_ms, limit):
                again = trace.first("output:snd-1.on", True, zone_ms, limit)
                yield Judged(zone_ms, again is not None, f"{zone} after the silence at {t}")


def _evacuation_ordered(trace: Trace) -> Iterator[Judged]:
    for t, word in trace.changes("order"):
        end = t + 2 * LIMIT_MS
        if not word.startswith("order evacuate") or end > trace.ends_ms:
            continue
        given = orders(trace, t - 11_000, end)
        if len(given) > 1 or not running(trace, t, end) or not reached(trace, "desk-1", t, end):
            continue
        for signal, device in (("told:pa-1.message", "pa-1"), ("output:snd-1.on", "snd-1")):
            if reached(trace, device, t, end):
                value = "evacuate" if device == "pa-1" else True
                at = trace.first(signal, value, t, end)
                yield Judged(t, at is not None, f"{word} at {t}, {signal} at {at}")


INVARIANTS = (
    Invariant(
        "L1", "A confirmed fire ends a lockdown of the doors within 3 s",
        "NFPA 101 (m): life safety wins",
        "[] confirmed(t) & lockdown(t) -> output(t+3s) = release & !lockdown", _fire_ends_lockdown,
    ),
    Invariant(
        "L2", "No door is told to lock against entry while it is told to let out",
        "priorities: fire before lockdown, both orders",
        "[] !(output(lock.release) & rising(output(lock.lockdown)))", _never_both,
    ),
    Invariant(
        "L3", "No bollard is told to rise while it is down for the fire engine",
        "GB 50116-2013 4.10 (m); interlock", "[] !(output(lower) & rising(output(efo)))",
        _bollard_never_both,
    ),
    Invariant(
        "L4", "In a lockdown a single device opens no door to strangers while it is verified",
        "site policy verify_then_fire, 30 s",
        "[] lockdown(t) & alarms(t) = 1 -> !release & !evacuate in [t, t+30s]",
        _single_alarm_releases_nobody,
    ),
    Invariant(
        "L5", "The end of a lockdown takes back only what the lockdown asked for",
        "claims per output", "[] released(t) & end(lockdown,t) -> released in [t, t+3s]",
        _ends_only_its_own,
    ),
    Invariant(
        "L6", "A drill calls no police", "site plan; no clause",
        "[] drill(t) & !alarm -> !told(police)", _no_police_in_a_drill,
    ),
    Invariant(
        "L7", "A confirmed fire is told to the police within 10 s", "GB 50116-2013 (m)",
        "[] confirmed(t) & sound(police-1) -> <>10s told(police) = fire", _police_in_a_fire,
    ),
    Invariant(
        "L8", "It is, too, when it breaks out in a drill", "drill gives way to a real alarm",
        "[] drill & confirmed(t) -> <>10s told(police) = fire", _police_after_a_drill,
    ),
    Invariant(
        "L9", "A silence moves no door", "EN 54-2 7.8 (m)",
        "[] silenced(t) & released(t) -> released until order", _silence_moves_no_door,
    ),
    Invariant(
        "L10", "A further fire makes silenced sounders sound again within 3 s",
        "EN 54-2 7.8 (m): resound", "[] silenced & confirmed(t) -> <>3s output(snd)",
        _further_alarm_resounds,
    ),
    Invariant(
        "L11", "An evacuation ordered at the desk sounds and speaks within 6 s",
        "operator's order, no clause", "[] order(evacuate,t) -> <>6s output(snd) & told(pa)",
        _evacuation_ordered,
    ),
)  # fmt: skip
