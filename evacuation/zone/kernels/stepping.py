"""The zone's clock: a tenth of a second of contact steps, then what people notice and decide."""

from evacuation.engine.compiled import entry, kernel
from evacuation.zone.kernels.arrays import (
    DRAWN,
    EMPTY,
    LIVE,
    STALE,
    Discs,
    Ground,
    Law,
    Pairs,
    People,
    Walls,
)
from evacuation.zone.kernels.contact import book_others, clear, move, press_pairs, press_walls
from evacuation.zone.kernels.crowding import count_people, feel_crowd
from evacuation.zone.kernels.falling import let_fall
from evacuation.zone.kernels.harm import feel_forces, feel_walls
from evacuation.zone.kernels.lying import let_rise, weigh
from evacuation.zone.kernels.pacing import make_up_minds
from evacuation.zone.kernels.pairing import renew

TENTH_S = 0.1


@entry
def run_tenth(
    d: Discs, f: People, p: Pairs, w: Walls, g: Ground, law: Law, tick: int, first: int, steps: int
) -> int:
    """Take the contact steps of one tenth of a second from the ``first``; return how many are done.

    Fewer than ``steps`` are done where the lists are too short: make room and go on.
    """
    for k in range(first, steps):
        if p.meta[STALE] != 0 and not renew(d, p, w, law):
            return k
        clear(d, f, p, law, tick * TENTH_S + k * law.dt)
        press_pairs(d, f, p, law)
        book_others(d, f, p, law)
        press_walls(d, f, p, w, law)
        move(d, f, p, law)
    return steps


@entry
def decide(
    d: Discs, f: People, p: Pairs, w: Walls, g: Ground, law: Law, tick: int
) -> tuple[int, int]:
    """End a tenth of a second: forces, doses, falls, risings; return how many fell and rose."""
    weigh(d, f, p, law)
    feel_walls(w)
    count_people(d, f, p, g, law, tick)
    feel_crowd(d, f, p, g, law)
    fell = let_fall(d, f, p, w, g, law, tick * TENTH_S)
    rose = let_rise(d, f, p, law)
    feel_forces(d, f, p, law, tick)
    list_live(d, p)
    return fell, rose


@entry
def think(d: Discs, f: People, p: Pairs, w: Walls, g: Ground, law: Law, tick: int) -> bool:
    """Let everybody look round, on fresh lists; False if they are too short."""
    if p.meta[STALE] != 0 and not renew(d, p, w, law):
        return False
    make_up_minds(d, f, p, w, g, law, tick)
    return True


@kernel
def list_live(d: Discs, p: Pairs) -> None:
    """List the discs that are there, by number."""
    count = 0
    for i in range(len(d.x)):
        if d.kind[i] != EMPTY:
            p.live[count] = i
            count += 1
    p.meta[LIVE] = count


@entry
def renew_live(d: Discs, p: Pairs) -> None:
    """List the discs anew after somebody came or went; pair lists follow before the next step."""
    list_live(d, p)
    p.meta[STALE] = 1
    p.meta[DRAWN] = -1
