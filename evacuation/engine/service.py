"""Portals at work: who passes next, when, and what that costs portal, stair and landing.

Within a step passages are worked off in order of time. After each one the portal needs one
headway before the next, whichever direction that takes: no credit is saved up while nobody
comes, and two directions share one capacity, reduced while people queue on both sides; there they
take turns, so neither stream is kept out by the other. A stair needs a headway of its own flow
between any two who step onto it. Who enters a space that several portals want to fill is settled by
start-time fair queueing with the effective widths as weights, not by who came first.
"""

import numpy as np

from evacuation.engine.arrays import (
    ACTIVE,
    OUT,
    PASSED_OUT,
    WALK,
    Crowded,
    Folk,
    Log,
    Net,
    Seen,
)
from evacuation.engine.choice import choose, head_for, remember
from evacuation.engine.compiled import inlined, kernel
from evacuation.engine.density import is_full, supply
from evacuation.engine.log import change, millis, write
from evacuation.engine.queues import leave
from evacuation.engine.walking import give_order, walk

NEVER = np.inf
TWO_WAY_LOSS, TWO_WAY_SLOPE, TWO_WAY_LEAST = 0.17, 0.27, 0.04
"""Share of a level portal's flow lost to counterflow, by the share x of the smaller stream:
0.17 - 0.27 x, at least 0.04; a line through Navin and Wheeler's 14.5, 11.5, 8.5, 6 and 4 % at x =
0.1 to 0.5."""
TWO_WAY_STAIR_LOSS = 0.25
"""The same where a stair begins or ends, at any share (the value recommended for firefighters who
go up against people who come down)."""


@inlined
def can_swap(net: Net, crowd: Crowded, c: int) -> bool:
    """Tell whether somebody may enter a full space because somebody wants out by the same portal.

    Two who face each other change places, or two full spaces would lock for ever; for the time
    between the two passages one person too many may be in a space, never more.
    """
    return bool(
        crowd.line[c ^ 1].head >= 0
        and crowd.room[net.line[c].recv].count <= net.room[net.line[c].recv].places
    )


@inlined
def earliest(net: Net, crowd: Crowded, seen: Seen, c: int, t0: float) -> float:
    """Return when the first in the queue of a crossing can pass, never if it is blocked."""
    i = crowd.line[c].head
    r = net.line[c].recv
    if i < 0 or seen.closed[c >> 1] or (is_full(net, crowd, r) and not can_swap(net, crowd, c)):
        return NEVER
    t = max(t0, crowd.who[i].arrive, crowd.door[c >> 1].ready)
    return float(max(t, crowd.room[r].freed, crowd.room[r].entered))


@inlined
def first_side(net: Net, crowd: Crowded, seen: Seen, p: int, t0: float) -> tuple[int, float]:
    """Return the direction of a portal that goes next and when; at equal times they alternate."""
    a, b = 2 * p, 2 * p + 1
    ta = earliest(net, crowd, seen, a, t0)
    tb = earliest(net, crowd, seen, b, t0)
    if tb < ta or (tb == ta and crowd.door[p].last == a):
        return b, tb
    return a, ta


@inlined
def next_passage(net: Net, crowd: Crowded, seen: Seen, t0: float, t1: float) -> tuple[int, float]:
    """Return the crossing that passes somebody next before t1, and when; -1 if none does."""
    best, best_t, best_tag = -1, t1, NEVER
    kept = 0
    for k in range(crowd.meta[ACTIVE]):
        p = crowd.door[k].active
        if crowd.line[2 * p].head < 0 and crowd.line[2 * p + 1].head < 0:
            crowd.door[p].is_active = False
            continue
        crowd.door[kept].active = p
        kept += 1
        c, t = first_side(net, crowd, seen, p, t0)
        if t > best_t or t == NEVER:
            continue
        tag = max(crowd.line[c].tag, crowd.room[net.line[c].recv].virtual)
        if t < best_t or (best >= 0 and _goes_before(net, c, tag, best, best_tag)):
            best, best_t, best_tag = c, t, tag
    crowd.meta[ACTIVE] = kept
    return best, best_t


@inlined
def _goes_before(net: Net, c: int, tag: float, other: int, other_tag: float) -> bool:
    if tag != other_tag:
        return tag < other_tag
    if net.door[c >> 1].width != net.door[other >> 1].width:
        return bool(net.door[c >> 1].width > net.door[other >> 1].width)
    return c < other


@inlined
def two_way(net: Net, crowd: Crowded, c: int) -> float:
    """Return the share of its flow that counterflow leaves to a portal."""
    here, there = crowd.line[c].queued + 1, crowd.line[c ^ 1].queued
    if there == 0:
        return 1.0
    if net.room[net.line[c].recv].stair or net.room[net.line[c].send].stair:
        return 1.0 - TWO_WAY_STAIR_LOSS
    smaller = min(here, there) / (here + there)
    return float(1.0 - max(TWO_WAY_LOSS - TWO_WAY_SLOPE * smaller, TWO_WAY_LEAST))


@kernel
def charge(net: Net, crowd: Crowded, c: int, t: float) -> None:
    """Book a passage: headways of portal and stair, and the turn of this portal in the merge."""
    p, r = c >> 1, net.line[c].recv
    share = supply(net, crowd, r)
    if net.room[r].stair:
        crowd.room[r].entered = t + 1000.0 / (net.room[r].entry * share)
        share = 1.0
    share *= two_way(net, crowd, c)
    crowd.door[p].ready = t + 1000.0 / (net.door[p].capacity * share)
    crowd.door[p].last = c
    began = max(crowd.line[c].tag, crowd.room[r].virtual)
    crowd.room[r].virtual = began
    crowd.line[c].tag = began + 1.0 / net.door[p].width


@kernel
def move_over(net: Net, crowd: Crowded, i: int, c: int, t: float) -> None:
    """Take a person out of his space, and put him at the portal in the next one."""
    s, r = net.line[c].send, net.line[c].recv
    if is_full(net, crowd, s):
        crowd.room[s].freed = t
    crowd.room[s].count -= 1
    if not net.room[r].safe:
        crowd.room[r].count += 1
    crowd.who[i].x = net.door[c >> 1].x
    crowd.who[i].y = net.door[c >> 1].y
    crowd.who[i].up = net.line[c ^ 1].slope
    crowd.who[i].came = c >> 1
    crowd.who[i].target = -1


@kernel
def pass_one(
    net: Net,
    folk: Folk,
    log: Log,
    crowd: Crowded,
    seen: Seen,
    c: int,
    t: float,
    t1: float,
) -> None:
    """Let the first in a queue pass at time t, choose his way on, and walk until t1."""
    i = crowd.line[c].head
    leave(crowd, i)
    remember(net, crowd, i, c)
    charge(net, crowd, c, t)
    move_over(net, crowd, i, c, t)
    r = net.line[c].recv
    if net.room[r].safe:
        write(log, crowd, PASSED_OUT, i, c >> 1, 0, millis(t), 0)
        change(log, crowd, i, r, OUT, t)
        return
    change(log, crowd, i, r, WALK, t)
    if folk.who[i].leads:
        give_order(folk, log, crowd, i, t)
    head_for(net, log, crowd, i, choose(net, folk, crowd, seen, i), t)
    if crowd.state[i] == WALK:
        walk(net, folk, log, crowd, i, t, t1)


@kernel
def serve(net: Net, folk: Folk, log: Log, crowd: Crowded, seen: Seen, t0: float, t1: float) -> None:
    """Work off everybody who passes a portal between t0 and t1, in order of time."""
    while True:
        c, t = next_passage(net, crowd, seen, t0, t1)
        if c < 0:
            return
        pass_one(net, folk, log, crowd, seen, c, t, t1)
