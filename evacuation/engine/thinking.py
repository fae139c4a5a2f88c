"""Who thinks again, and when: who has learnt something at once, walkers each at his own step, and
whole queues once a second, from their tail on.
"""

from evacuation.engine.arrays import (
    ACTIVE,
    CURSOR,
    FIRST,
    LAST,
    MEMBER,
    MINDED,
    PART,
    QUEUE,
    WALK,
)
from evacuation.engine.choice import (
    HYSTERESIS,
    HYSTERESIS_CAP_S,
    LEAST_RATE,
    think_again,
)
from evacuation.engine.compiled import inlined, kernel
from evacuation.engine.density import rate
from evacuation.engine.hub import Hub, crowd_of, folk_of, net_of, seen_of
from evacuation.engine.log import is_short
from evacuation.engine.queues import forget_ring, note_ring

LEARNING, QUEUEING = range(2)


@kernel
def think_minded(h: Hub, t: float) -> bool:
    """Let those think who have learnt something; False if the log has to be read first."""
    crowd = crowd_of(h)
    everybody = crowd.meta[MINDED] > crowd.minded.size
    first = crowd.meta[FIRST]
    count = crowd.meta[LAST] - first if everybody else crowd.meta[MINDED]
    for k in range(crowd.meta[CURSOR], count):
        i = first + k if everybody else crowd.minded[k]
        if is_short(h, 0):
            crowd.meta[CURSOR] = k
            return False
        if crowd.who[i].rethink and (crowd.state[i] == WALK or crowd.state[i] == QUEUE):
            think_again(h, i, t)
    crowd.meta[MINDED] = 0
    return True


@kernel
def think_queueing(h: Hub, t: float) -> bool:
    """Let all queues think in which somebody knows another way; False if the log has to be read
    first.
    """
    crowd = crowd_of(h)
    while crowd.meta[CURSOR] < 2 * crowd.meta[ACTIVE]:
        k = crowd.meta[CURSOR]
        c = 2 * crowd.active[k >> 1] + (k & 1)
        if crowd.line[c].choosers > 0 and not think_in_queue(h, c, t):
            return False
        crowd.meta[CURSOR] = k + 1
        crowd.meta[MEMBER] = 0
    return True


@kernel
def note_waits(h: Hub, s: int) -> None:
    """Bring up to date what the queues of a space take."""
    net, crowd = net_of(h), crowd_of(h)
    for k in range(net.room[s].low, net.room[s].high):
        c = net.leaving[k]
        crowd.line[c].wait = 0.0
        if crowd.line[c].load > 0:
            crowd.line[c].wait = crowd.line[c].load / max(rate(h, c), LEAST_RATE)


@kernel
def think_in_queue(h: Hub, c: int, t: float) -> bool:
    """Let a queue think from its tail on, and bring the places in it up to date; False if the log
    has to be read first.
    """
    net, folk, crowd = net_of(h), folk_of(h), crowd_of(h)
    s, place = net.line[c].send, crowd.line[c].queued
    i = crowd.line[c].tail
    if crowd.meta[MEMBER] > 0:
        i = crowd.meta[MEMBER] - 1
        place = crowd.trail[i].place + 1
    note_waits(h, s)
    while i >= 0:
        place -= 1
        crowd.trail[i].place = place
        before = crowd.trail[i].before
        if crowd.who[i].options > 1 and might_gain(h, i, c, s, folk.who[i].speed):
            if is_short(h, 0):
                crowd.meta[MEMBER] = i + 1
                return False
            think_again(h, i, t)
            note_waits(h, s)
        i = before
    return True


@inlined
def might_gain(h: Hub, i: int, c: int, s: int, own: float) -> bool:
    """Tell whether another way could be better for somebody in a queue, if he were there already.

    No closer look is taken otherwise.
    """
    net, crowd, seen = net_of(h), crowd_of(h), seen_of(h)
    mind, came = crowd.who[i].mind, crowd.who[i].came
    share = crowd.trail[i].place / max(crowd.line[c].queued, 1)
    here = crowd.line[c].wait * share + seen.beyond[mind, c] / own
    limit = here - HYSTERESIS * min(here, HYSTERESIS_CAP_S)
    for k in range(net.room[s].low, net.room[s].high):
        d = net.leaving[k]
        there = seen.beyond[mind, d] / own + crowd.line[d].wait
        if d >> 1 == came:
            there += crowd.who[i].memory
        if there < limit and d != c:
            return True
    return False


@kernel
def think_strolling(h: Hub, i: int, t: float) -> None:
    """Let a walker think whose turn it is; he keeps a way on which nobody waits."""
    crowd = crowd_of(h)
    forget_ring(h, i)
    note_ring(h, i)
    if crowd.who[i].options > 1 and crowd.line[crowd.who[i].target].queued > 0:
        think_again(h, i, t)


@kernel
def reconsider(h: Hub, turn: int, t: float) -> bool:
    """Let those think at the beginning of a step who have learnt something, and, once a second, the
    queues; False if the log has to be read first.
    """
    crowd = crowd_of(h)
    if crowd.meta[PART] == LEARNING:
        if not think_minded(h, t):
            return False
        crowd.meta[PART] = QUEUEING
        crowd.meta[CURSOR] = 0
        crowd.meta[MEMBER] = 0
    if turn == 0 and not think_queueing(h, t):
        return False
    crowd.meta[PART] = LEARNING
    return True
