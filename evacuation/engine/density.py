"""Density laws, looked up in the tables of the chosen law, and what each cell holds."""

import numpy as np

from evacuation.engine.arrays import CHANGED, ONE, TOUCHED, Floats
from evacuation.engine.compiled import inlined, kernel
from evacuation.engine.hub import Hub, crowd_of, folk_of, net_of, seen_of

EVEN = 3.0
"""From a third of jam density on, about the density of greatest flow, a person counts himself."""
STORAGE_STEPS = 100.0
"""Steps of the table of storage densities from no flow to the greatest."""
LEAST_AREA = 0.1
"""Share of a cell that a queue always leaves to those who walk past it."""


@inlined
def look_up(table: Floats, row: int, position: float) -> float:
    """Interpolate a row at a position counted in its steps; beyond the end its last value."""
    i = int(position)
    if i >= table.shape[1] - 1:
        return float(table[row, -1])
    return float(table[row, i] + (position - i) * (table[row, i + 1] - table[row, i]))


@kernel
def set_pace(h: Hub, q: int) -> None:
    """Set for a cell the share of the free speed that density leaves to those who walk.

    Density counts the others who walk, on the area that those who stand in a queue leave at jam
    density. Somebody alone in a small place is not slowed by himself; in a crowd people keep even
    distances, so he counts himself the more the fuller the cell is.
    """
    net, crowd = net_of(h), crowd_of(h)
    places, load, stood = net.cell[q].places, crowd.cell[q].load, crowd.cell[q].stood
    alone = ONE * max(1.0 - EVEN * load / places, 0.0)
    others = max(load - stood - alone, 0.0)
    area = net.cell[q].area * max(1.0 - stood / places, LEAST_AREA)
    row = int(net.room[net.cell[q].room].stair)
    share = look_up(net.speeds, row, others / area * net.law[0].per_density)
    crowd.cell[q].pace = share
    crowd.cell[q].is_changed = False


@kernel
def renew_paces(h: Hub) -> None:
    """Bring the paces of all cells up to date in which the load has changed."""
    crowd = crowd_of(h)
    for k in range(crowd.meta[CHANGED]):
        set_pace(h, crowd.changed[k])
    crowd.meta[CHANGED] = 0


@kernel
def set_air(h: Hub) -> None:
    """Take in the smoke of all spaces."""
    net, crowd, seen = net_of(h), crowd_of(h), seen_of(h)
    for k in range(net.rooms.size):
        s = net.rooms[k]
        for q in range(net.room[s].cell, net.room[s].cell + net.room[s].cells):
            cell, view = crowd.cell[q], seen.room[s]
            cell.air, cell.loss, cell.least = view.smoke, view.loss, view.least
            set_pace(h, q)
    crowd.meta[CHANGED] = 0


@inlined
def touch(h: Hub, s: int) -> None:
    """Put a space on the list of those to be looked at when the step ends."""
    crowd = crowd_of(h)
    if not crowd.room[s].is_touched:
        crowd.room[s].is_touched = True
        crowd.touched[crowd.meta[TOUCHED]] = s
        crowd.meta[TOUCHED] += 1


@inlined
def put(h: Hub, q: int, load: int) -> None:
    """Add a load to a cell (or take it away, if it is negative)."""
    crowd = crowd_of(h)
    crowd.cell[q].load += load
    if not crowd.cell[q].is_changed:
        crowd.cell[q].is_changed = True
        crowd.changed[crowd.meta[CHANGED]] = q
        crowd.meta[CHANGED] += 1


@inlined
def supply(h: Hub, q: int) -> float:
    """Return the share of the greatest inflow that a cell accepts; falls when it is crowded."""
    net, crowd = net_of(h), crowd_of(h)
    s = net.cell[q].room
    if net.room[s].safe:
        return 1.0
    position = max(crowd.cell[q].load, 0) / net.cell[q].area * net.law[0].per_density
    return look_up(net.supplies, int(net.room[s].stair), position)


@inlined
def let_in(h: Hub, c: int) -> float:
    """Return the share of its greatest flow that the cell behind a crossing accepts; where a lane
    goes on, all of it: there people keep their distance themselves.
    """
    net = net_of(h)
    if net.line[c].beyond >= 0 and net.room[net.line[c].recv].lane:
        return 1.0
    return supply(h, net.line[c].into)


@inlined
def is_full(h: Hub, q: int) -> bool:
    """Tell whether nobody fits into a cell any more; queues stand a little less close than that,
    so that one can press on past them.
    """
    return bool(crowd_of(h).cell[q].load >= net_of(h).cell[q].packed)


@inlined
def slowed(h: Hub, q: int, clear: float) -> float:
    """Return what the smoke in a cell leaves of a speed, not below its law's least speed."""
    cell = crowd_of(h).cell[q]
    return float(min(clear, max(clear * cell.air - cell.loss, cell.least)))


@inlined
def speed(h: Hub, i: int) -> float:
    """Return the walking speed of a person where he is, in metres per second along his path.

    Density slows the fast in proportion. Who is slower than the law's own free speed goes at the
    speed of the crowd as long as that is below his own: a law gives flow and speed by density
    alone, so a crowd of slow walkers loses none of the specific flow until its members are slower
    than the law's speed at capacity (half of k: 0.7 m/s on the level). Scaling the law by own speed
    as well would let a queue of pupils run up to jam density and throttle their stair to a creep.
    People look ahead: the nearer the next cell, the more its pace counts. A crowd of even density
    stays even so, where the pace of one's own cell alone lets it break up. Before a portal that
    narrows the way nothing but its queue is ahead, and that is walked up to. Smoke acts on the
    speed that density leaves.
    """
    crowd = crowd_of(h)
    me = crowd.who[i]
    pace = crowd.cell[me.cell].pace
    near = 1.0 - (me.left - me.mark) * me.per_span
    if near > 0.0:
        ahead = crowd.cell[me.ahead].pace if me.ahead >= 0 else 1.0
        pace += near * (ahead - pace)
    return slowed(h, me.cell, min(me.own, me.top * pace))


@inlined
def free_speed(h: Hub, i: int, c: int) -> float:
    """Return his own speed towards a crossing, alone and in clear air; stairs by their law."""
    net, folk = net_of(h), folk_of(h)
    if net.room[net.line[c].send].stair and folk.who[i].stair_speed > 0.0:
        up = net.line[c].slope > 0.0
        return float(folk.who[i].stair_up if up else folk.who[i].stair_speed)
    return float(folk.who[i].speed * net.line[c].factor)


@inlined
def rate(h: Hub, c: int) -> float:
    """Return the loads per second that a crossing passes now if it has them all to itself."""
    net = net_of(h)
    share = let_in(h, c)
    if net.line[c].entry > 0.0:
        return float(ONE * min(net.door[c >> 1].capacity, net.line[c].entry * share))
    return float(ONE * net.door[c >> 1].capacity * share / net.line[c].over)


@inlined
def looseness(h: Hub, c: int) -> float:
    """Return the room that a queue takes over that at jam density: as much as those have who move
    on at the rate at which its portal passes them; 1 where that is no less than can come.
    """
    net = net_of(h)
    carried, passed = net.line[c].carried, rate(h, c)
    if passed >= carried or seen_of(h).closed[c >> 1]:
        return 1.0
    row = int(net.room[net.line[c].send].stair)
    return look_up(net.storage, row, STORAGE_STEPS * passed / carried)


@inlined
def queue_metres(h: Hub, c: int, load: float) -> float:
    """Return how far from its portal a queue of some load reaches: along a corridor or stair, or in
    a room around the portal at jam density (its width deep in front, a quarter disc at each side).
    """
    net = net_of(h)
    area = load * net.line[c].per_load
    if not net.line[c].in_room:
        return float(area * (1.0 + crowd_of(h).line[c].slack))
    w = net.door[c >> 1].width
    return float((np.sqrt(w * w + 2.0 * np.pi * area) - w) / np.pi)
