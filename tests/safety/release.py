"""Doors: they let people out, in time and for as long as it takes, and lock nobody in."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from tests.safety.facts import (
    FLOWS,
    LOCKS,
    RECOVERY_MS,
    alarmed,
    confirmations,
    confirmed_ms,
    free_to_lock,
    heard,
    orders,
    reached,
    running,
    settled,
    watching,
)
from tests.safety.invariant import Invariant, Judged
from tests.safety.trace import Trace

LIMIT_MS = 3000
BOND_MS = 1000
"""The bolt follows within this: 0.3 s by its kind, and a slice."""


def _release_out(trace: Trace) -> Iterator[Judged]:
    for t, zone in confirmations(trace):
        if not watching(trace, t, t + LIMIT_MS):
            continue
        for lock, (board, _) in LOCKS.items():
            if settled(trace, (board,), t, t + LIMIT_MS):
                out = trace.first(f"output:{lock}.release", True, t, t + LIMIT_MS)
                yield Judged(t, out is not None, f"{zone} confirmed, {lock} released: {out} ms")


def _release_beside_dead_boards(trace: Trace) -> Iterator[Judged]:
    for judged in _release_out(trace):
        others = [n for n in trace.names("faults:") if trace.at(n, judged.t_ms)]
        if others:
            yield judged


def _release_without_broker(trace: Trace) -> Iterator[Judged]:
    for judged in _release_out(trace):
        if trace.at("broker", judged.t_ms) is False:
            yield judged


def _release_for_water(trace: Trace) -> Iterator[Judged]:
    """Where nothing but the flow switch is in alarm."""
    for judged in _release_out(trace):
        if alarmed(trace, judged.t_ms) <= {*FLOWS}:
            yield judged


def _bolt_open(trace: Trace) -> Iterator[Judged]:
    for t, zone in confirmations(trace):
        end = t + LIMIT_MS + BOND_MS
        if not watching(trace, t, end) or end > trace.ends_ms:
            continue
        for lock, (_, portal) in LOCKS.items():
            if reached(trace, lock, t, end):
                state = trace.at(f"portal:{portal}", end)
                yield Judged(t, state == "unlocked", f"{zone} confirmed, {portal} is {state}")


def _hard_wired(trace: Trace) -> Iterator[Judged]:
    for t, closed in trace.changes("relay"):
        end = t + BOND_MS
        for lock, (_, portal) in LOCKS.items():
            stood = closed and end <= trace.ends_ms and trace.always("relay", True, t, end)
            if stood and trace.sound((lock,), 0, end):
                state = trace.at(f"portal:{portal}", end)
                yield Judged(t, state == "unlocked", f"fire contact closed, {portal} is {state}")


def _hard_wired_alone(trace: Trace) -> Iterator[Judged]:
    for judged in _hard_wired(trace):
        start, end = judged.t_ms, judged.t_ms + BOND_MS
        if not trace.always("controller", True, start, end) or not trace.sound(
            ("doors-w", "doors-e", "fire-1"), start, end
        ):
            yield judged


def _open_while_wired(trace: Trace) -> Iterator[Judged]:
    """From 1 s after the contact has closed to its opening; a reset of the panel opens it."""
    for closed, opened in _spells(trace):
        for lock, (_, portal) in LOCKS.items():
            if opened - closed > BOND_MS and trace.sound((lock,), 0, opened):
                stays = trace.always(f"portal:{portal}", "unlocked", closed + BOND_MS, opened - 1)
                yield Judged(closed, stays, f"{portal} while the contact stood, {closed}-{opened}")


def _spells(trace: Trace) -> Iterator[tuple[int, int]]:
    """(closed, opened) of the fire contact."""
    resets = [(t, None) for t, _ in trace.changes("panel-reset")]
    again = [(t + BOND_MS, trace.at("relay", t + BOND_MS)) for t, _ in resets]
    changes = sorted([*trace.changes("relay"), *resets, *again], key=lambda change: change[0])
    changes.append((trace.ends_ms, None))
    for (t, closed), (until, _) in pairwise(changes):
        if closed:
            yield t, until


def _no_relock(trace: Trace) -> Iterator[Judged]:
    confirmed = confirmed_ms(trace)
    if confirmed is None or not heard(trace, confirmed, confirmed + LIMIT_MS):
        return
    for lock in LOCKS:
        changes = list(trace.changes(f"output:{lock}.release"))
        out = next((t for t, v in changes if v and t >= confirmed), None)
        if out is None:
            continue
        back = next((t for t, v in changes if not v and t > out), None)
        end = trace.ends_ms if back is None else back
        freed = free_to_lock(trace, confirmed, end)
        yield Judged(out, back is None or freed, f"{lock} released at {out}, taken back at {back}")


def _free_exit(trace: Trace) -> Iterator[Judged]:
    for lock, (_, portal) in LOCKS.items():
        for t, _ in trace.changes(f"pressed:{lock}"):
            if t + BOND_MS <= trace.ends_ms and trace.sound((lock,), 0, t + BOND_MS):
                opened = trace.first(f"portal:{portal}", "unlocked", t, t + BOND_MS)
                yield Judged(t, opened is not None, f"exit button of {lock}: {opened} ms")


def _free_exit_in_lockdown(trace: Trace) -> Iterator[Judged]:
    for judged in _free_exit(trace):
        if any(trace.at(f"output:{lock}.lockdown", judged.t_ms) for lock in LOCKS):
            yield judged


def _owed(trace: Trace) -> Iterator[Judged]:
    """The board that was away when the fire was confirmed gets the release once it is back."""
    for t, zone in confirmations(trace):
        if not heard(trace, t, t + LIMIT_MS) or not running(trace, t, trace.ends_ms):
            continue
        for lock, (board, _) in LOCKS.items():
            away = trace.at(f"faults:{board}", t) or frozenset()
            back = trace.first(f"faults:{board}", frozenset(), t, trace.ends_ms)
            if not away & {"off", "refused", "partition", "silent", "reboot"} or back is None:
                continue
            end = back + RECOVERY_MS
            if end <= trace.ends_ms and not orders(trace, t, end):
                out = trace.at(f"output:{lock}.release", end)
                yield Judged(t, out is True, f"{zone} confirmed, {board} back at {back}: {out}")


INVARIANTS = (
    Invariant(
        "D1", "Release commands reach the door boards within 3 s of confirmation at the panel's "
        "registers", "GB 50166-2019 4.1.3", "[] confirmed(z,t) -> <>3s output(lock.release)",
        _release_out,
    ),
    Invariant(
        "D2", "They do so while other devices, boards or cameras are failing",
        "GB 50116-2013 4.1.6; no clause for the faults",
        "[] confirmed(z,t) & fault(other,t) -> <>3s output(lock.release)",
        _release_beside_dead_boards,
    ),
    Invariant(
        "D3", "They do so without a broker", "degraded mode, no clause",
        "[] confirmed(z,t) & !broker(t) -> <>3s output(lock.release)", _release_without_broker,
    ),
    Invariant(
        "D12", "They do so for water that flows to a sprinkler alone, in lockdown too",
        "GB 50116-2013 4.2 (m); NFPA 72 waterflow (m): nobody confirms it",
        "[] alarms(t) = {flow(z)} -> <>3s output(lock.release)", _release_for_water,
    ),
    Invariant(
        "D11", "A board that was away at the time is released within 40 s of its return",
        "the claim stands; attempts are at most 30 s apart",
        "[] confirmed(t) & away(board,t) & back(board,t') -> output(lock.release) at t'+40s", _owed,
    ),
    Invariant(
        "D4", "The bolts are drawn within 4 s of confirmation", "GB 50116-2013 4.10.3 (m)",
        "[] confirmed(z,t) & sound(lock) -> portal(t+4s) = unlocked", _bolt_open,
    ),
    Invariant(
        "D5", "The fire contact draws every bolt by wire within 1 s",
        "GB 50116-2013 4.10.3 (m); hard-wired path",
        "[] relay(t) & sound(lock) -> portal(t+1s) = unlocked", _hard_wired,
    ),
    Invariant(
        "D6", "It does so with the controller, a board's gateway or the panel's gateway dead",
        "hard-wired path", "[] relay(t) & (!controller(t) | fault(gateway,t)) -> portal(t+1s) = "
        "unlocked", _hard_wired_alone,
    ),
    Invariant(
        "D7", "No bolt closes while the fire contact stands", "GB 50116-2013 4.10.3 (m)",
        "[] relay -> !rising(portal = locked)", _open_while_wired,
    ),
    Invariant(
        "D8", "A released door is locked again only after reset and the operator's release",
        "NFPA 101 (m): stays unlocked until the fire system is reset",
        "[] released(t) & falling(output(lock.release),t') -> reset & release in [t,t']",
        _no_relock,
    ),
    Invariant(
        "D9", "The exit button draws the bolt within 1 s, whatever else is the case",
        "NFPA 101 (m): egress from inside is always free",
        "[] pressed(lock,t) & sound(lock) -> <>1s portal = unlocked", _free_exit,
    ),
    Invariant(
        "D10", "It does so in lockdown", "NFPA 101 (m)",
        "[] pressed(lock,t) & lockdown(t) -> <>1s portal = unlocked", _free_exit_in_lockdown,
    ),
)  # fmt: skip
