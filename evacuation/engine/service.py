"""Portals at work: who passes next, when, and what that costs portal, stair and landing.

Within a step passages are worked off in order of time. After each one the portal needs one
headway before the next, whichever direction that takes: no credit is saved up while nobody
comes, and two directions share one capacity, reduced while people queue on both sides; there they
take turns, so neither stream is kept out by the other. A stair needs a headway of its own flow
between any two who step onto it. Who enters a space that several portals want to fill is settled by
start-time fair queueing with the effective widths as weights, not by who came first.
"""

import numpy as np

from evacuation.engine.agenda import drop_first, enter, is_valid
from evacuation.engine.arrays import (
    ACTIVE,
    KEYS,
    MEMBER,
    ONE,
    OUT,
    PASSED_OUT,
    QUEUE,
    WALK,
)
from evacuation.engine.choice import choose, head_for, remember
from evacuation.engine.compiled import inlined, kernel
from evacuation.engine.density import is_full, let_in, put, touch
from evacuation.engine.hub import Hub, crowd_of, folk_of, net_of, seen_of
from evacuation.engine.log import change, is_short, millis, write
from evacuation.engine.queues import leave
from evacuation.engine.walking import give_order, walk
from evacuation.engine.word import come_in

NEVER = np.inf
TWO_WAY_LOSS, TWO_WAY_SLOPE, TWO_WAY_LEAST = 0.17, 0.27, 0.04
"""Share of a level portal's flow lost to counterflow, by the share x of the smaller stream:
0.17 - 0.27 x, at least 0.04; a line through Navin and Wheeler's 14.5, 11.5, 8.5, 6 and 4 % at x =
0.1 to 0.5."""
TWO_WAY_STAIR_LOSS = 0.25
"""The same where a stair begins or ends, at any share (the value recommended for firefighters who
go up against people who come down)."""


@inlined
def can_swap(h: Hub, c: int) -> bool:
    """Tell whether somebody may enter a full cell because somebody wants out by the same portal.

    Two who face each other change places, or two full spaces would lock for ever. Where there is
    one too many already, they take strict turns.
    """
    net, crowd = net_of(h), crowd_of(h)
    q = net.line[c].into
    if crowd.line[c ^ 1].head < 0:
        return False
    return bool(crowd.cell[q].load <= net.cell[q].packed or crowd.door[c >> 1].last != c)


@inlined
def earliest(h: Hub, c: int, t0: float) -> float:
    """Return when the first in the queue of a crossing can pass, never if it is blocked."""
    net, crowd, seen = net_of(h), crowd_of(h), seen_of(h)
    i = crowd.line[c].head
    q = net.line[c].into
    if i < 0 or seen.closed[c >> 1] or (is_full(h, q) and not can_swap(h, c)):
        return NEVER
    t = max(t0, crowd.trail[i].due, crowd.door[c >> 1].ready, crowd.line[c].ready)
    return float(max(t, crowd.cell[q].freed, crowd.room[net.line[c].recv].entered))


@inlined
def first_side(h: Hub, p: int, t0: float) -> tuple[int, float]:
    """Return the direction of a portal that goes next and when; at equal times they alternate."""
    crowd = crowd_of(h)
    a, b = 2 * p, 2 * p + 1
    ta = earliest(h, a, t0)
    tb = earliest(h, b, t0)
    if tb < ta or (tb == ta and crowd.door[p].last == a):
        return b, tb
    return a, ta


@inlined
def turn_of(h: Hub, c: int) -> float:
    """Return a crossing's turn in the merge behind it."""
    net, crowd = net_of(h), crowd_of(h)
    return float(max(crowd.line[c].tag, crowd.room[net.line[c].recv].virtual))


@kernel
def announce(h: Hub, p: int, t0: float, t1: float) -> None:
    """Put a portal on the agenda if somebody can pass it before t1 and it is not there already."""
    crowd = crowd_of(h)
    c, t = first_side(h, p, t0)
    if t >= t1:
        crowd.door[p].due = NEVER
        return
    tag = turn_of(h, c)
    if crowd.door[p].due != t or crowd.door[p].tag != tag:
        enter(h, p, t, tag)


@kernel
def gather(h: Hub, t0: float, t1: float) -> None:
    """Make the agenda of a step, and drop portals from the list at which nobody queues."""
    crowd = crowd_of(h)
    crowd.meta[KEYS] = 0
    kept = 0
    for k in range(crowd.meta[ACTIVE]):
        p = crowd.active[k]
        if crowd.line[2 * p].head < 0 and crowd.line[2 * p + 1].head < 0:
            crowd.door[p].is_active = False
            continue
        crowd.active[kept] = p
        kept += 1
        crowd.door[p].due = NEVER
        if crowd.door[p].ready < t1:
            announce(h, p, t0, t1)
    crowd.meta[ACTIVE] = kept


@inlined
def two_way(h: Hub, c: int) -> float:
    """Return the share of its flow that counterflow leaves to a portal."""
    net, crowd = net_of(h), crowd_of(h)
    here, there = crowd.line[c].queued + 1, crowd.line[c ^ 1].queued
    if there == 0:
        return 1.0
    if net.room[net.line[c].recv].stair or net.room[net.line[c].send].stair:
        return 1.0 - TWO_WAY_STAIR_LOSS
    smaller = min(here, there) / (here + there)
    return float(1.0 - max(TWO_WAY_LOSS - TWO_WAY_SLOPE * smaller, TWO_WAY_LEAST))


@kernel
def charge(h: Hub, c: int, size: int, t: float) -> None:
    """Book a passage: headways of portal and stair, and the turn of this portal in the merge.

    A crowd behind the portal holds up those who want into it, not those who come out of it.
    """
    net, crowd = net_of(h), crowd_of(h)
    p, r = c >> 1, net.line[c].recv
    share = let_in(h, c)
    adults = size / ONE
    if net.line[c].entry > 0.0:
        crowd.room[r].entered = t + 1000.0 * adults / (net.line[c].entry * share)
        share = 1.0
    headway = 1000.0 * adults / (net.door[p].capacity * two_way(h, c))
    crowd.door[p].ready = t + headway
    crowd.line[c].ready = t + headway * net.line[c].over / share
    crowd.door[p].last = c
    crowd.line[c].passed += 1
    began = turn_of(h, c)
    crowd.room[r].virtual = began
    crowd.line[c].tag = began + adults / net.door[p].width


@kernel
def move_over(h: Hub, i: int, c: int, size: int, t: float) -> None:
    """Take a person who has left his queue out of his space, and put him at the portal in the
    next one.
    """
    net, crowd = net_of(h), crowd_of(h)
    s, r, q = net.line[c].send, net.line[c].recv, net.line[c].goal
    if crowd.cell[q].load + size >= net.cell[q].packed:
        crowd.cell[q].freed = t
    crowd.room[s].count -= 1
    crowd.room[s].load -= size
    if not net.room[r].safe:
        crowd.room[r].count += 1
        crowd.room[r].load += size
        put(h, net.line[c].into, size)
        touch(h, r)
    crowd.who[i].cell = net.line[c].into
    me = crowd.trail[i]
    me.x, me.y, me.up = net.door[c >> 1].x, net.door[c >> 1].y, net.line[c ^ 1].slope
    crowd.who[i].came = c >> 1
    crowd.who[i].target = -1
    crowd.who[i].left = 0.0
    crowd.who[i].options = 0


@kernel
def is_out(h: Hub, i: int, c: int, t: float) -> bool:
    """Note that a person has passed a portal; tells whether he is safe now, or else walks on."""
    net = net_of(h)
    r = net.line[c].recv
    if net.room[r].safe:
        write(h, PASSED_OUT, i, c >> 1, 0, millis(t), 0)
        change(h, i, r, OUT, t)
        return True
    change(h, i, r, WALK, t)
    come_in(h, i)
    return False


@kernel
def pass_one(h: Hub, c: int, t: float, t1: float) -> None:
    """Let the first in a queue pass at time t, choose his way on, and walk until t1."""
    folk, crowd = folk_of(h), crowd_of(h)
    i = crowd.line[c].head
    size = folk.who[i].size
    remember(h, i, c)
    leave(h, i)
    charge(h, c, size, t)
    move_over(h, i, c, size, t)
    if is_out(h, i, c, t):
        return
    if folk.who[i].leads:
        give_order(h, i, t)
    head_for(h, i, choose(h, i), t)
    if crowd.state[i] == WALK:
        walk(h, i, t, t1)


@inlined
def rows_of(h: Hub, c: int) -> int:
    """Return how many events a passage may cause: a leader's orders in the space that he enters."""
    net, folk = net_of(h), folk_of(h)
    r = net.line[c].recv
    return int(2 * (folk.ends[r] - folk.rows[r]))


@kernel
def serve(h: Hub, t0: float, t1: float) -> bool:
    """Work off everybody who passes a portal between t0 and t1, in order of time; False if the log
    has to be read first, and the rest is to be worked off then.
    """
    crowd = crowd_of(h)
    if crowd.meta[MEMBER] == 0:
        gather(h, t0, t1)
        crowd.meta[MEMBER] = 1
    while crowd.meta[KEYS] > 0:
        due, tag, p = crowd.keys[0].due, crowd.keys[0].tag, crowd.keys[0].portal
        if is_valid(h, 0):
            c, t = first_side(h, p, t0)
            if t == due and turn_of(h, c) == tag:
                if is_short(h, rows_of(h, c)):
                    return False
                drop_first(h)
                let_pass(h, c, t, t0, t1)
                continue
            drop_first(h)
            crowd.door[p].due = NEVER
            announce(h, p, t0, t1)
        else:
            drop_first(h)
    crowd.meta[MEMBER] = 0
    return True


@kernel
def let_pass(h: Hub, c: int, t: float, t0: float, t1: float) -> None:
    """Let one pass, and look again at the portals to which that makes a difference."""
    net, crowd = net_of(h), crowd_of(h)
    i, p, s = crowd.line[c].head, c >> 1, net.line[c].send
    was_full = is_full(h, net.line[c].goal)
    crowd.door[p].due = NEVER
    pass_one(h, c, t, t1)
    announce(h, p, t0, t1)
    if was_full:
        for k in range(net.room[s].low, net.room[s].high):
            if crowd.door[net.leaving[k] >> 1].is_active:
                announce(h, net.leaving[k] >> 1, t0, t1)
    if crowd.state[i] == QUEUE and crowd.who[i].target >= 0:
        announce(h, crowd.who[i].target >> 1, t0, t1)
