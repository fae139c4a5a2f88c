"""How close people stand, cell by cell, and what hazard of a fall each of them bears.

Only those on their way count. Hazards add up until what a person bears is used up (``bears``, drawn
once), so the same person with more hazard never falls later. Looked at every half second or two;
the step itself knows nothing of it.
"""

from math import exp, inf
from typing import NamedTuple

from evacuation.engine.arrays import ACTIVE, ONE, WALKERS, Floats, Ints, Longs, Records, record
from evacuation.engine.compiled import entry, inlined, kernel
from evacuation.engine.density import put, queue_metres, rate, speed
from evacuation.engine.hub import Hub, Hubs, crowd_of, folk_of, net_of, seen_of
from evacuation.engine.queues import join

BODY = record(adults="f8", tolerable="f8", small="f8")
"""A kind of body: its area over an adult's, the force it tolerates (N), misstep factor by size."""
SPOT = record(
    adults="f8", loads="f8", free="f8", factor="f8", dim="f8", rho="f8", misstep="f8", force="f8",
    told="f8", creep="f8", ahead="i4", back="i4",
)  # fmt: skip
"""A cell: adult equivalents on their way in it and their loads, area that those who lie leave (m2),
missteps per m by light, slope and rail, how dark it is (0-1), adults per m2, falls per m,
compressive force on a person (N), share who know of a fall and stop, m/s at which those are shoved
on who stand; how many go either way."""
PILE = record(edge="f8", crossing="i4", closed="?")
"""Those who lie in a space: metres left at their upper edge to the crossing they went to (-1:
nobody lies), and whether nobody gets past."""
RISK = record(
    packed_at="f8", packed_width="f8", recover="f8", packed="f8", counter="f8", h_low="f8",
    h_mid="f8", h_high="f8", h_dark="f8", h_told="f8", held="f8", walks="f8", reach="f8", near="f8",
    pressed="f8", fullest="f8",
)  # fmt: skip
"""The numbers of the hazards; sources stand with ``evacuation.crush.parameters``."""
FELL, PRESSED = range(2)
RARE_PER_M = 1e-6
"""Where people fall more seldom, per m (a thin lit crowd on the level), nobody does."""
QUEUE_M_S = 0.2
"""Speed of a queue in a room (assumed)."""
MINOR = 0.1
"""From this share of the smaller stream on, counterflow has its whole effect (assumed)."""


class Danger(NamedTuple):
    """Cells, spaces, kinds of bodies, the numbers; who falls, how many metres from his portal; the
    force on everybody (empty where nothing presses); how many fall and how many cells are pressed;
    whether each part was busy.
    """

    spot: Records
    pile: Records
    body: Records
    risk: Records
    fell: Ints
    left: Floats
    felt: Floats
    meta: Longs
    busy: Floats


@inlined
def _cell_behind(h: Hub, c: int, metres: float) -> int:
    """Return the cell so far before a crossing, in the space that it leaves."""
    net = net_of(h)
    s, goal = net.line[c].send, net.line[c].goal
    count, begin = net.room[s].cells, net.room[s].cell
    if count == 1:
        return int(begin)
    n = int(metres * count / net.room[s].length)
    if 2 * (goal - begin) >= count:
        return int(max(goal - n, begin))
    return int(min(goal + n, begin + count - 1))


@inlined
def _add(h: Hub, x: Danger, i: int, q: int, c: int) -> None:
    net, folk = net_of(h), folk_of(h)
    spot = x.spot[q]
    spot.adults += x.body[folk.who[i].kind].adults
    spot.loads += folk.who[i].size
    s = net.line[c].send
    if 2 * (net.line[c].goal - net.room[s].cell) >= net.room[s].cells:
        spot.ahead += 1
    else:
        spot.back += 1


@inlined
def is_stuck(h: Hub, x: Danger, i: int, c: int) -> bool:
    """Tell whether somebody can not get past those who lie before him."""
    pile = x.pile[net_of(h).line[c].send]
    return bool(pile.closed and pile.crossing == c and crowd_of(h).who[i].left > pile.edge)


@kernel
def _count(h: Hub, x: Danger) -> None:
    """Count everybody on his way where he stands; queues from their heads, or from a pile on."""
    net, folk, crowd = net_of(h), folk_of(h), crowd_of(h)
    for k in range(net.rooms.size):
        room = net.room[net.rooms[k]]
        for q in range(room.cell, room.cell + room.cells):
            x.spot[q].adults = 0.0
            x.spot[q].loads = 0.0
            x.spot[q].ahead = 0
            x.spot[q].back = 0
    for k in range(crowd.meta[WALKERS]):
        i = crowd.walkers[k]
        _add(h, x, i, crowd.who[i].cell, crowd.who[i].target)
    for k in range(2 * crowd.meta[ACTIVE]):
        c = 2 * crowd.active[k >> 1] + (k & 1)
        i, load, base = crowd.line[c].head, 0, 0.0
        while i >= 0:
            if base == 0.0 and is_stuck(h, x, i, c):
                load, base = 0, x.pile[net.line[c].send].edge
            _add(h, x, i, _cell_behind(h, c, base + queue_metres(h, c, float(load))), c)
            load += folk.who[i].size
            i = crowd.trail[i].after


@kernel
def _assess(h: Hub, x: Danger) -> None:
    """Set crowding and falls per metre walked in every cell; count those that are pressed.

    How full a cell is the engine knows; who stands there is taken from the whole space.
    """
    net, crowd, risk = net_of(h), crowd_of(h), x.risk[0]
    for k in range(net.rooms.size):
        room = net.room[net.rooms[k]]
        adults, loads = 0.0, 0.0
        for q in range(room.cell, room.cell + room.cells):
            adults += x.spot[q].adults
            loads += x.spot[q].loads
        for q in range(room.cell, room.cell + room.cells):
            spot = x.spot[q]
            spot.rho = 0.0
            if loads == 0.0:
                continue
            rho = max(crowd.cell[q].load, 0) * adults / loads / spot.free
            spot.rho = min(rho, risk.fullest)
            way = exp(-(spot.rho - risk.packed_at) / risk.packed_width)
            share = risk.recover + (risk.packed - risk.recover) / (1.0 + way)
            minor = min(spot.ahead, spot.back) / max(spot.ahead + spot.back, 1)
            against = 1.0 + (risk.counter - 1.0) * min(minor / MINOR, 1.0)
            hazard = spot.factor * share * against
            spot.misstep = hazard if hazard > RARE_PER_M else 0.0
            x.meta[PRESSED] += spot.rho > risk.pressed


@inlined
def over_body(x: Danger, q: int, rho: float, tolerable: float, v: float) -> float:
    """Return the hazard (1/s) of who is just behind somebody who lies: he walks or is pushed."""
    risk, spot = x.risk[0], x.spot[q]
    if rho < 5.0:
        hazard = risk.h_low + (risk.h_mid - risk.h_low) * max(rho - 3.0, 0.0) / 2.0
    else:
        hazard = risk.h_mid + (risk.h_high - risk.h_mid) * min((rho - 5.0) / 2.0, 1.0)
    hazard *= 1.0 + (risk.h_dark - 1.0) * spot.dim
    if spot.force < risk.held:
        hazard *= 1.0 - (1.0 - risk.h_told) * spot.told
    carried = min(max(spot.force / tolerable - 0.25, 0.0) / 0.75, 1.0)
    return float(hazard * max(min(v / risk.walks, 1.0), carried))


@inlined
def _expose(
    h: Hub, x: Danger, i: int, q: int, c: int, rho: float, v: float, d: float, s: float
) -> None:
    """Take half a second's hazard off what a person bears; note him if nothing is left."""
    net, folk, crowd, risk = net_of(h), folk_of(h), crowd_of(h), x.risk[0]
    body, pile = x.body[folk.who[i].kind], x.pile[net.line[c].send]
    hazard = x.spot[q].misstep * v * body.small
    if pile.edge >= 0.0 and pile.crossing == c and -risk.near <= d < risk.reach:
        hazard += over_body(x, q, rho, body.tolerable, v)
    if x.felt.size > 0:
        x.felt[i] = x.spot[q].force
    crowd.trail[i].bears -= hazard * s
    if crowd.trail[i].bears <= 0.0 and x.meta[FELL] < x.fell.size:
        x.fell[x.meta[FELL]] = i
        x.left[x.meta[FELL]] = max(d + pile.edge, 0.0)
        x.meta[FELL] += 1


@kernel
def _walkers(h: Hub, x: Danger, s: float, t: float) -> None:
    """Let walkers bear their hazards; who comes to a pile that nobody gets past stops there."""
    net, crowd = net_of(h), crowd_of(h)
    for k in range(crowd.meta[WALKERS] - 1, -1, -1):
        i = crowd.walkers[k]
        c, q = crowd.who[i].target, crowd.who[i].cell
        edge = x.pile[net.line[c].send].edge
        if x.spot[q].misstep == 0.0 and edge < 0.0 and x.felt.size == 0:
            continue
        d = crowd.who[i].left - edge
        v = speed(h, i)
        if is_stuck(h, x, i, c) and d < v * s + 0.5:
            v = 0.0
            join(h, i, t)
        _expose(h, x, i, q, c, x.spot[q].rho, v, d, s)


@kernel
def _queues(h: Hub, x: Danger, s: float, t: float) -> None:
    """Let queues bear their hazards; hold those who stand behind a pile, free those who can go."""
    net, folk, crowd, seen = net_of(h), folk_of(h), crowd_of(h), seen_of(h)
    for k in range(2 * crowd.meta[ACTIVE]):
        c = 2 * crowd.active[k >> 1] + (k & 1)
        i, load, base = crowd.line[c].head, 0, 0.0
        if i < 0:
            continue
        room = net.line[c].in_room
        moves = QUEUE_M_S if room else min(rate(h, c) * net.line[c].per_load, 1.0)
        if seen.closed[c >> 1] or crowd.line[c].ready == inf:
            moves = 0.0
        while i >= 0:
            if is_stuck(h, x, i, c):
                if base == 0.0:
                    load, base, moves = 0, x.pile[net.line[c].send].edge, 0.0
                crowd.trail[i].due = inf
            elif crowd.trail[i].due == inf:
                crowd.trail[i].due = t + 1000.0 * crowd.who[i].left / crowd.who[i].own
            metres = base + queue_metres(h, c, float(load))
            q = _cell_behind(h, c, metres)
            rho = x.spot[q].rho
            if room:
                kind = folk.who[i].kind
                rho = max(rho, x.body[kind].adults / (ONE * net.line[c].per_load))
            d = metres - x.pile[net.line[c].send].edge
            v = max(moves, x.spot[q].creep)
            _expose(h, x, i, q, c, rho, v, d, s)
            load += folk.who[i].size
            i = crowd.trail[i].after


@entry
def survey(hubs: Hubs, x: Danger, s: float, t: float) -> None:
    """Look at everybody on his way: crowding, hazards of ``s`` seconds, and who falls now."""
    x.meta[:] = 0
    for g in range(hubs.shape[0]):
        h = hubs[g]
        crowd = crowd_of(h)
        busy = crowd.meta[WALKERS] + crowd.meta[ACTIVE]
        if busy == 0 and x.busy[g] == 0.0:
            continue
        x.busy[g] = float(busy)
        _count(h, x)
        _assess(h, x)
        _walkers(h, x, s, t)
        _queues(h, x, s, t)


@entry
def fit(h: Hub, q: int, area: float, places: int, packed: int) -> None:
    """Give a cell another area and number of places, and have its pace worked out anew."""
    net = net_of(h)
    cell = net.cell[q]
    cell.area, cell.places, cell.packed = area, places, packed
    put(h, q, 0)
