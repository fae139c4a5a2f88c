"""Queues at portals, one per direction, in order of exact arrival and then of the person's lot.

Who reaches the end of a queue joins it; he can be at the portal no sooner than he walks there. In
long spaces a queue takes the cells before its portal at jam density, one after the other.
"""

from evacuation.engine.arrays import (
    ACTIVE,
    BIN_M,
    BINS,
    QUEUE,
    WALK,
    WALKERS,
)
from evacuation.engine.chains import link, unlink
from evacuation.engine.compiled import inlined, kernel
from evacuation.engine.density import is_full, looseness, put, queue_metres, slowed, touch
from evacuation.engine.files import leave_file
from evacuation.engine.hub import Hub, crowd_of, folk_of, net_of
from evacuation.engine.log import change
from evacuation.engine.place import cell_at, stand

SLOWEST_M_S = 0.05
FEW = 0.25
"""A queue where a corridor goes on has dissolved when it takes this share of a cell."""


@kernel
def join(h: Hub, i: int, t: float) -> None:
    """Put a walker who reached the end of the queue to his portal at time t into it."""
    net, folk, crowd = net_of(h), folk_of(h), crowd_of(h)
    c, goal = crowd.who[i].target, net.line[crowd.who[i].target].goal
    stop_walking(h, i)
    own = max(slowed(h, crowd.who[i].cell, crowd.who[i].own), SLOWEST_M_S)
    crowd.trail[i].due = t + 1000.0 * crowd.who[i].left / own
    last = crowd.line[c].tail
    if crowd.who[i].narrow and last >= 0:
        t = max(t, crowd.trail[last].joined)
    crowd.trail[i].joined = t
    while last >= 0 and _later(h, last, i):
        last = crowd.trail[last].before
    line = crowd.line[c]
    line.head, line.tail = link(h, line.head, line.tail, last, i)
    crowd.trail[i].place = crowd.line[c].queued
    crowd.line[c].queued += 1
    crowd.line[c].choosers += crowd.who[i].options > 1
    size = folk.who[i].size
    if goal != crowd.who[i].cell:
        put(h, crowd.who[i].cell, -size)
        put(h, goal, size)
    _lengthen(h, c, size)
    change(h, i, crowd.space[i], QUEUE, t)
    p = c >> 1
    if not crowd.door[p].is_active:
        crowd.door[p].is_active = True
        crowd.active[crowd.meta[ACTIVE]] = p
        crowd.meta[ACTIVE] += 1


@inlined
def _lengthen(h: Hub, c: int, size: int) -> None:
    net, crowd = net_of(h), crowd_of(h)
    crowd.line[c].load += size
    crowd.reach[c] = queue_metres(h, c, crowd.line[c].load) if crowd.line[c].stands else 0.0
    touch(h, net.line[c].send)


@inlined
def _later(h: Hub, a: int, b: int) -> bool:
    folk, crowd = folk_of(h), crowd_of(h)
    if crowd.trail[a].joined != crowd.trail[b].joined:
        return bool(crowd.trail[a].joined > crowd.trail[b].joined)
    return bool(folk.who[a].lot > folk.who[b].lot and not crowd.who[b].narrow)


@kernel
def leave(h: Hub, i: int) -> None:
    """Take a person out of the queue he stands in, wherever in it he is, and off the load of
    those who stand.
    """
    net, folk, crowd = net_of(h), folk_of(h), crowd_of(h)
    c = crowd.who[i].target
    line = crowd.line[c]
    line.head, line.tail = unlink(h, line.head, line.tail, i)
    crowd.line[c].queued -= 1
    crowd.line[c].choosers -= crowd.who[i].options > 1
    size = folk.who[i].size
    goal = net.line[c].goal
    put(h, goal, -size)
    _lengthen(h, c, -size)


@inlined
def begin_walking(h: Hub, i: int) -> None:
    """Put a person on the list of walkers."""
    crowd = crowd_of(h)
    n = crowd.meta[WALKERS]
    crowd.walkers[n] = i
    crowd.who[i].slot = n
    crowd.meta[WALKERS] = n + 1


@kernel
def stop_walking(h: Hub, i: int) -> None:
    """Take a person off the list of walkers, out of his file and his ring."""
    crowd = crowd_of(h)
    n = crowd.meta[WALKERS] - 1
    last, slot = crowd.walkers[n], crowd.who[i].slot
    crowd.walkers[slot] = last
    crowd.who[last].slot = slot
    crowd.meta[WALKERS] = n
    forget_ring(h, i)
    if crowd.who[i].narrow:
        leave_file(h, i)


@kernel
def step_aside(h: Hub, i: int) -> None:
    """Let a walking or waiting person stand where he is, on no list and in no queue."""
    folk, crowd = folk_of(h), crowd_of(h)
    stand(h, i)
    if crowd.state[i] == WALK:
        stop_walking(h, i)
    elif crowd.state[i] == QUEUE and crowd.who[i].target >= 0:
        leave(h, i)
        me = crowd.trail[i]
        crowd.who[i].cell = cell_at(h, crowd.space[i], me.x, me.y, me.up)
        put(h, crowd.who[i].cell, folk.who[i].size)


@inlined
def note_ring(h: Hub, i: int) -> None:
    """Count a walker among those who head for his portal, by remaining distance."""
    crowd = crowd_of(h)
    b = min(int(crowd.who[i].left / BIN_M), BINS - 1)
    crowd.who[i].ring = b
    crowd.rings[crowd.who[i].target, b] += 1


@inlined
def forget_ring(h: Hub, i: int) -> None:
    """Count a walker no longer among those who head for his portal."""
    crowd = crowd_of(h)
    if crowd.who[i].ring >= 0:
        crowd.rings[crowd.who[i].target, crowd.who[i].ring] -= 1
        crowd.who[i].ring = -1


@inlined
def before_me(h: Hub, i: int, c: int, metres: float) -> int:
    """Return how many will pass a crossing before somebody this far from it, as far as one sees.

    The queue, and those who head for it from a nearer ring.
    """
    crowd = crowd_of(h)
    if crowd.who[i].target == c and crowd.state[i] == QUEUE:
        return int(crowd.trail[i].place)
    total = crowd.line[c].queued
    mine = min(int(metres / BIN_M), BINS - 1)
    for b in range(mine):
        total += crowd.rings[c, b]
    return int(total)


@inlined
def is_standing(h: Hub, c: int) -> bool:
    """Tell whether a queue stands: before a portal that narrows the way always; where a corridor
    merely goes on, if people stand behind it as well, until what is left of it fits one cell. A
    loose queue must fill half of what it could: a dense crowd that walks is no queue.
    """
    net, crowd = net_of(h), crowd_of(h)
    q = net.line[c].beyond
    if q < 0:
        return True
    room, cell = _standing_room(h, q), crowd.cell[q]
    least = 0 if cell.slack == 0 else room // 2
    if cell.stood > least and cell.load >= room:
        return True
    few = FEW * net.cell[net.line[c].goal].places
    return bool(crowd.line[c].stands and crowd.line[c].load > few)


@inlined
def _standing_room(h: Hub, q: int) -> int:
    return int(net_of(h).cell[q].places * (100 - crowd_of(h).cell[q].slack) // 100)


@kernel
def spread_queues(h: Hub, s: int, t: float) -> None:
    """Let the queues of a long space stand in its cells: from each portal outwards, at the density
    at which they move on, in what walkers leave of them; then as close as it goes; what does not
    fit stands at the portal.
    """
    net, crowd = net_of(h), crowd_of(h)
    begin, end = net.room[s].cell, net.room[s].cell + net.room[s].cells
    for q in range(begin, end):
        crowd.cell[q].tally = 0
    for k in range(net.room[s].low, net.room[s].high):
        c = net.leaving[k]
        line = crowd.line[c]
        put(h, net.line[c].goal, line.spread - line.load)
        line.stands = is_standing(h, c)
        line.slack = looseness(h, c) - 1.0
        line.spread = line.load if line.stands else 0
        crowd.reach[c] = queue_metres(h, c, line.load) if line.stands else 0.0
    for k in range(net.room[s].low, net.room[s].high):
        c = net.leaving[k]
        rest = _fill_from(h, c, crowd.line[c].spread, s, False)
        rest = _fill_from(h, c, rest, s, True)
        crowd.cell[net.line[c].goal].tally += rest
    for k in range(net.room[s].low, net.room[s].high):
        line = crowd.line[net.leaving[k]]
        put(h, net.line[net.leaving[k]].goal, line.load - line.spread)
    for q in range(begin, end):
        _set_stood(h, q, t)


@inlined
def _set_stood(h: Hub, q: int, t: float) -> None:
    crowd = crowd_of(h)
    more = crowd.cell[q].tally - crowd.cell[q].stood
    if more != 0:
        was_full = is_full(h, q)
        crowd.cell[q].stood += more
        put(h, q, more)
        if was_full and not is_full(h, q):
            crowd.cell[q].freed = t


@kernel
def _fill_from(h: Hub, c: int, rest: int, s: int, closely: bool) -> int:
    """Give a load places in the cells of a space, from a portal outwards; return what is left."""
    net = net_of(h)
    begin, count, goal = net.room[s].cell, net.room[s].cells, net.line[c].goal
    for far in range(count):
        if rest <= 0:
            return 0
        if goal - far >= begin:
            rest -= _fill(h, c, goal - far, rest, closely)
        if far > 0 and goal + far < begin + count:
            rest -= _fill(h, c, goal + far, rest, closely)
    return rest


@inlined
def _fill(h: Hub, c: int, q: int, rest: int, closely: bool) -> int:
    net, crowd = net_of(h), crowd_of(h)
    if not closely:
        slack = crowd.line[c].slack
        crowd.cell[q].slack = int(100.0 * slack / (1.0 + slack))
    room = net.cell[q].packed if closely else _standing_room(h, q)
    room -= crowd.cell[q].load - crowd.cell[q].stood + crowd.cell[q].tally
    part = max(min(rest, room), 0)
    crowd.cell[q].tally += part
    return int(part)
