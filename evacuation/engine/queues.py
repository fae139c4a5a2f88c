"""Queues at portals, one per direction, in order of exact arrival and then of the person's lot.

People are held in the order of their lots, so the index breaks ties and the order in which a
population was listed decides nothing.
"""

from evacuation.engine.arrays import ACTIVE, BIN_M, BINS, QUEUE, WALK, Crowded, Log
from evacuation.engine.compiled import inlined, kernel
from evacuation.engine.log import change


@kernel
def join(log: Log, crowd: Crowded, i: int, t: float) -> None:
    """Put a walker who reached his portal at time t into its queue."""
    c = crowd.who[i].target
    forget_ring(crowd, i)
    crowd.who[i].arrive = t
    crowd.who[i].left = 0.0
    other = crowd.line[c].tail
    while other >= 0 and _later(crowd, other, i):
        other = crowd.who[other].before
    _insert_after(crowd, c, other, i)
    crowd.who[i].ahead = crowd.line[c].queued
    crowd.line[c].queued += 1
    change(log, crowd, i, crowd.space[i], QUEUE, t)
    p = c >> 1
    if not crowd.door[p].is_active:
        crowd.door[p].is_active = True
        crowd.door[crowd.meta[ACTIVE]].active = p
        crowd.meta[ACTIVE] += 1


@inlined
def _later(crowd: Crowded, a: int, b: int) -> bool:
    if crowd.who[a].arrive != crowd.who[b].arrive:
        return bool(crowd.who[a].arrive > crowd.who[b].arrive)
    return a > b


@inlined
def _insert_after(crowd: Crowded, c: int, other: int, i: int) -> None:
    follower = crowd.who[other].after if other >= 0 else crowd.line[c].head
    crowd.who[i].before = other
    crowd.who[i].after = follower
    if other >= 0:
        crowd.who[other].after = i
    else:
        crowd.line[c].head = i
    if follower >= 0:
        crowd.who[follower].before = i
    else:
        crowd.line[c].tail = i


@inlined
def leave(crowd: Crowded, i: int) -> None:
    """Take a person out of the queue he stands in, wherever in it he is."""
    c = crowd.who[i].target
    b, a = crowd.who[i].before, crowd.who[i].after
    if b >= 0:
        crowd.who[b].after = a
    else:
        crowd.line[c].head = a
    if a >= 0:
        crowd.who[a].before = b
    else:
        crowd.line[c].tail = b
    crowd.who[i].before = -1
    crowd.who[i].after = -1
    crowd.line[c].queued -= 1


@inlined
def note_ring(crowd: Crowded, i: int) -> None:
    """Count a walker among those who head for his portal, by remaining distance."""
    b = min(int(crowd.who[i].left / BIN_M), BINS - 1)
    crowd.who[i].ring = b
    crowd.rings[crowd.who[i].target, b] += 1


@inlined
def forget_ring(crowd: Crowded, i: int) -> None:
    """Count a walker no longer among those who head for his portal."""
    if crowd.who[i].ring >= 0:
        crowd.rings[crowd.who[i].target, crowd.who[i].ring] -= 1
        crowd.who[i].ring = -1


@kernel
def recount(crowd: Crowded) -> None:
    """Bring rings and places in queues up to date (once a second; in between they drift)."""
    crowd.rings[:, :] = 0
    for i in range(crowd.state.size):
        crowd.who[i].ring = -1
        if crowd.state[i] == WALK:
            note_ring(crowd, i)
    for k in range(crowd.meta[ACTIVE]):
        for c in (2 * crowd.door[k].active, 2 * crowd.door[k].active + 1):
            place = 0
            i = crowd.line[c].head
            while i >= 0:
                crowd.who[i].ahead = place
                place += 1
                i = crowd.who[i].after


@inlined
def before_me(crowd: Crowded, i: int, c: int, metres: float) -> int:
    """Return how many will pass a crossing before somebody this far from it, as far as one sees.

    The queue, and those who head for it from a nearer ring.
    """
    if crowd.who[i].target == c and crowd.state[i] == QUEUE:
        return int(crowd.who[i].ahead)
    total = crowd.line[c].queued
    mine = min(int(metres / BIN_M), BINS - 1)
    for b in range(mine):
        total += crowd.rings[c, b]
    return int(total)
