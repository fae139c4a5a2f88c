"""Walking along a leg, and the first steps: cue, pre-movement, and the leader who goes last."""

import numpy as np

from evacuation.engine.arrays import (
    HALT,
    HALTED,
    NOTICE,
    NOTICE_SMOKE,
    NOTICE_TOLD,
    PREMOVE,
    QUEUE,
    UNAWARE,
    WALK,
)
from evacuation.engine.choice import choose, head_for
from evacuation.engine.compiled import entry, inlined, kernel
from evacuation.engine.density import is_full, put, slowed, speed
from evacuation.engine.hub import Hub, crowd_of, folk_of, net_of, seen_of
from evacuation.engine.log import change, millis, write
from evacuation.engine.place import aim, distance, place
from evacuation.engine.preparing import prepare
from evacuation.engine.queues import join, step_aside

CRAMMED = 1.5
"""Nobody changes places with somebody in a cell that holds more than so much of what it can."""
FACING_MS = 150.0
"""Who stood at the edge of a cell within this time stands there still (a step and a half)."""

STILL_M_S = 1e-3


@inlined
def stop_at(h: Hub, i: int) -> float:
    """Return the metres left at which a walker meets a cell's edge or the end of his queue."""
    crowd = crowd_of(h)
    return float(max(crowd.who[i].mark, crowd.reach[crowd.who[i].target]))


@inlined
def stroll(h: Hub, i: int, ms: float) -> bool:
    """Let a walker go on for so long if he meets nothing on the way; tells whether he did."""
    crowd = crowd_of(h)
    left = crowd.who[i].left - speed(h, i) * ms / 1000.0
    if left <= stop_at(h, i) or crowd.who[i].narrow:
        return False
    crowd.who[i].left = left
    return True


@inlined
def is_lane(h: Hub, i: int) -> bool:
    """Tell whether a person is in a space of one lane."""
    return bool(net_of(h).room[crowd_of(h).space[i]].lane)


@kernel
def gap_behind(h: Hub, c: int) -> float:
    """Return how far behind a crossing the nearest person goes on; endless if the lane does not."""
    net, crowd = net_of(h), crowd_of(h)
    r, gap = net.line[c].recv, np.inf
    if net.line[c].beyond < 0 or not net.room[r].lane:
        return float(gap)
    for k in range(net.room[r].low, net.room[r].high):
        on = net.leaving[k]
        last = crowd.line[on].last if crowd.line[on].last >= 0 else crowd.line[on].tail
        if last >= 0 and on >> 1 != c >> 1:
            x, y, up = place(h, last)
            gap = min(gap, distance(h, c ^ 1, x, y, up))
    return float(gap)


@inlined
def following(h: Hub, i: int, gap: float) -> float:
    """Return the speed at some distance behind somebody in a lane: (gap - body) / time, by Seyfried
    et al. 2005, not above his own; next to nothing where the bodies touch.
    """
    me, law = crowd_of(h).who[i], net_of(h).law[0]
    kept = max((gap - law.body) / law.gap_s, STILL_M_S)
    return float(min(slowed(h, me.cell, me.own), kept))


@kernel
def walk(h: Hub, i: int, t0: float, t1: float) -> None:
    """Walk from t0 to t1, cell by cell; who reaches the end of his queue, or a cell in which there
    is no room, joins the queue at that very moment. In single file only the first one joins.
    """
    crowd = crowd_of(h)
    t = t0
    while True:
        pace = speed(h, i) / 1000.0
        left, mark = crowd.who[i].left, crowd.who[i].mark
        in_file = crowd.who[i].narrow and crowd.trail[i].before >= 0
        stop = mark if in_file else stop_at(h, i)
        if in_file:
            front = crowd.who[crowd.trail[i].before].left
            if is_lane(h, i):
                pace = following(h, i, left - front) / 1000.0
            if mark <= front or left - mark > pace * (t1 - t):
                crowd.who[i].left = min(left, max(left - pace * (t1 - t), front))
                return
        elif crowd.who[i].narrow and is_lane(h, i):
            pace = following(h, i, left + gap_behind(h, crowd.who[i].target)) / 1000.0
        if left - stop > pace * (t1 - t):
            crowd.who[i].left = left - pace * (t1 - t)
            return
        t = min(t + max(left - stop, 0.0) / pace, t1)
        crowd.who[i].left = min(left, stop)
        if mark < stop or stop <= 0.0:
            join(h, i, t)
            return
        if not step_over(h, i, t):
            if crowd.line[crowd.who[i].target].stands and not in_file:
                join(h, i, t)
            return


@kernel
def step_over(h: Hub, i: int, t: float) -> bool:
    """Let a walker step into the next cell of his space; tells whether there was room.

    Two who face each other change places, or two streams would lock for ever.
    """
    net, folk, crowd = net_of(h), folk_of(h), crowd_of(h)
    q, own = crowd.who[i].ahead, crowd.who[i].cell
    if is_full(h, q):
        facing = crowd.cell[q].low_at if q > own else crowd.cell[q].high_at
        if facing < t - FACING_MS or crowd.cell[q].load > CRAMMED * net.cell[q].packed:
            if q > own:
                crowd.cell[own].high_at = t
            else:
                crowd.cell[own].low_at = t
            return False
    size = folk.who[i].size
    put(h, own, -size)
    put(h, q, size)
    crowd.who[i].cell = q
    aim(h, i)
    return True


@kernel
def notice(h: Hub, i: int, code: int, t: float) -> None:
    """Let somebody perceive his first cue; pre-movement begins."""
    folk, crowd = folk_of(h), crowd_of(h)
    write(h, NOTICE, i, code, 0, millis(t), 0)
    crowd.trail[i].due = t + folk.who[i].pre_ms
    change(h, i, crowd.space[i], PREMOVE, t)
    prepare(h, i)


@kernel
def perceive(h: Hub, i: int, t: float) -> None:
    """Alert a person if a cue reaches his space or he stands in smoke that he can see."""
    crowd, seen = crowd_of(h), seen_of(h)
    s = crowd.space[i]
    if seen.room[s].cue >= 0:
        notice(h, i, seen.room[s].cue, t)
    elif seen.room[s].smoky:
        notice(h, i, NOTICE_SMOKE, t)


@kernel
def give_order(h: Hub, leader: int, t: float) -> None:
    """A leader, ready to go or passing, tells all in his space who have noticed nothing yet."""
    folk, crowd = folk_of(h), crowd_of(h)
    crowd.who[leader].ordered = True
    s = crowd.space[leader]
    for j in range(folk.rows[s], folk.ends[s]):
        if crowd.state[j] == UNAWARE:
            notice(h, j, NOTICE_TOLD - leader, t)


@kernel
def must_wait(h: Hub, leader: int) -> bool:
    """Tell whether somebody of the leader's group is still in the start space and can leave it."""
    folk, crowd, seen = folk_of(h), crowd_of(h), seen_of(h)
    g, s = folk.who[leader].group, folk.who[leader].start
    if crowd.room[s].count <= 1:
        return False
    for k in range(folk.first[g], folk.first[g + 1]):
        j = folk.members[k]
        if crowd.space[j] != s or folk.who[j].leads:
            continue
        c = crowd.who[j].target
        leaving = crowd.state[j] == QUEUE and c >= 0 and not seen.closed[c >> 1]
        if crowd.state[j] < QUEUE or leaving:
            return True
    return False


@kernel
def set_off(h: Hub, i: int, t0: float, t1: float) -> bool:
    """Begin to walk once pre-movement is over, and go on until the end of the step; a leader who
    has to wait for his group does not (False).
    """
    folk, crowd = folk_of(h), crowd_of(h)
    t = max(t0, crowd.trail[i].due)
    if folk.who[i].leads:
        if not crowd.who[i].ordered:
            give_order(h, i, t)
        if must_wait(h, i):
            return False
    crowd.who[i].rethink = False
    head_for(h, i, choose(h, i), t)
    if crowd.state[i] == WALK:
        walk(h, i, t, t1)
    return True


@entry
def halt(h: Hub, i: int, t: float) -> None:
    """Stop a person for good where he is; he stays in the count of his space."""
    crowd = crowd_of(h)
    step_aside(h, i)
    crowd.who[i].target = -1
    write(h, HALT, i, crowd.space[i], 0, millis(t), 0)
    change(h, i, crowd.space[i], HALTED, t)
