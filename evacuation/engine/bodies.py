"""People whom a crush zone moves: taken over from the graph, kept in its counts, given back.

While a zone moves somebody the graph does not: he is on no list and in no queue. He still counts
in the space and the cell where he is, so that densities, cameras and the room that is left for
others stay true.
"""

import numpy as np

from evacuation.engine.arrays import WALK, Floats, Ints
from evacuation.engine.choice import choose, head_for
from evacuation.engine.compiled import entry, kernel
from evacuation.engine.density import is_full, let_in, put, queue_metres, rate, touch
from evacuation.engine.hub import Hub, crowd_of, folk_of, net_of, seen_of
from evacuation.engine.log import change
from evacuation.engine.place import cell_at, left_now, place
from evacuation.engine.queues import step_aside
from evacuation.engine.service import is_out, move_over
from evacuation.engine.word import adopt, come_in


@entry
def lend(h: Hub, i: int, state: int, t: float) -> None:
    """Take a walking or queueing person off the lists of the graph, where he is."""
    crowd = crowd_of(h)
    step_aside(h, i)
    crowd.who[i].target = -1
    crowd.who[i].left = 0.0
    crowd.trail[i].leg = 0.0
    change(h, i, crowd.space[i], state, t)


@entry
def follow(h: Hub, rows: Ints, spaces: Ints, at: Floats, states: Ints, t: float) -> None:
    """Put people who are lent where they now are: spaces, ``at`` [n, 3] x, y and how far up a
    stair (m), states.
    """
    for k in range(rows.size):
        shift(h, rows[k], spaces[k], at[k, 0], at[k, 1], at[k, 2], states[k], t)


@kernel
def shift(h: Hub, i: int, s: int, x: float, y: float, up: float, state: int, t: float) -> None:
    """Put one of them where he is."""
    folk, crowd = folk_of(h), crowd_of(h)
    was, size = crowd.space[i], folk.who[i].size
    me = crowd.trail[i]
    me.x, me.y, me.up, me.leg = x, y, up, 0.0
    put(h, crowd.who[i].cell, -size)
    crowd.who[i].cell = cell_at(h, s, x, y, up)
    put(h, crowd.who[i].cell, size)
    if s != was:
        crowd.room[was].count -= 1
        crowd.room[was].load -= size
        crowd.room[s].count += 1
        crowd.room[s].load += size
        touch(h, was)
        touch(h, s)
    change(h, i, s, state, t)


@entry
def give_back(h: Hub, i: int, t: float) -> None:
    """Let the graph move a person again, from where he is, by the way that he thinks best."""
    crowd = crowd_of(h)
    crowd.who[i].rethink = False
    change(h, i, crowd.space[i], WALK, t)
    come_in(h, i)
    head_for(h, i, choose(h, i), t)


@entry
def see_out(h: Hub, i: int, c: int, t: float) -> None:
    """Let a person who is lent pass a crossing into a safe place."""
    folk, crowd = folk_of(h), crowd_of(h)
    put(h, crowd.who[i].cell, -folk.who[i].size)
    move_over(h, i, c, folk.who[i].size, t)
    is_out(h, i, c, t)


@entry
def came_by(h: Hub, i: int, p: int) -> None:
    """Note the portal by which a person who is lent has come into his space."""
    crowd = crowd_of(h)
    crowd.who[i].came = p
    crowd.who[i].options = 0


@entry
def whereabout(h: Hub, i: int) -> tuple[float, float, float, float]:
    """Return where a person is (x, y, how far up a stair) and the metres left to his portal."""
    x, y, up = place(h, i)
    return x, y, up, left_now(h, i)


@entry
def queue_of(h: Hub, c: int, most_m: float, rows: Ints, metres: Floats) -> int:
    """List who queues at a crossing no further off than so, the first first, and how far, m, as if
    all had moved up; return how many.
    """
    folk, crowd = folk_of(h), crowd_of(h)
    i, load, count = crowd.line[c].head, 0, 0
    while i >= 0 and count < rows.size:
        away = queue_metres(h, c, float(load))
        if away > most_m:
            break
        rows[count], metres[count] = i, away
        count += 1
        load += folk.who[i].size
        i = crowd.trail[i].after
    return count


@entry
def receives(h: Hub, c: int) -> float:
    """Return how many loads per second a crossing may bring into the space behind it: none if the
    cell there is full, without an end where it is free or safe.
    """
    net = net_of(h)
    if net.room[net.line[c].recv].safe:
        return np.inf
    if is_full(h, net.line[c].into):
        return 0.0
    return np.inf if let_in(h, c) >= 1.0 else rate(h, c)


@entry
def looks(h: Hub, i: int) -> bool:
    """Let a person who is lent take in what his space shows; tells whether a mind is to be worked
    out first.
    """
    crowd, seen = crowd_of(h), seen_of(h)
    sight = seen.room[crowd.space[i]].sight
    return bool(sight != 0 and adopt(h, i, sight))
