"""Density laws, looked up in the tables of the chosen law."""

import numpy as np

from evacuation.engine.arrays import Crowded, Floats, Folk, Net, Seen
from evacuation.engine.compiled import inlined, kernel

FULL_FLOW = 1e-3


@inlined
def look_up(table: Floats, position: float) -> float:
    """Interpolate a table at a position counted in its steps; beyond the end its last value."""
    i = int(position)
    if i >= table.size - 1:
        return float(table[-1])
    return float(table[i] + (position - i) * (table[i + 1] - table[i]))


@kernel
def set_pace(net: Net, crowd: Crowded, seen: Seen) -> None:
    """Set for every space the share of the free speed that density and smoke leave.

    Density counts the others: somebody alone in a small place is not slowed by himself.
    """
    for s in range(net.room.size):
        others = max(crowd.room[s].count - 1, 0)
        share = look_up(net.speeds, others / net.room[s].area * net.per_density)
        crowd.room[s].pace = share
        crowd.room[s].air = seen.room[s].smoke
        crowd.room[s].loss = seen.room[s].loss
        crowd.room[s].least = seen.room[s].least


@inlined
def supply(net: Net, crowd: Crowded, s: int) -> float:
    """Return the share of the greatest inflow that a space accepts; falls when it is crowded."""
    if net.room[s].safe:
        return 1.0
    return look_up(net.supplies, crowd.room[s].count / net.room[s].area * net.per_density)


@inlined
def is_full(net: Net, crowd: Crowded, s: int) -> bool:
    """Tell whether nobody fits into a space any more."""
    return bool(crowd.room[s].count >= net.room[s].places)


@inlined
def speed(net: Net, folk: Folk, crowd: Crowded, i: int) -> float:
    """Return the walking speed of a person where he is, in metres per second along his path.

    Density slows the fast in proportion. Who is slower than the law's own free speed goes at the
    speed of the crowd as long as that is below his own: a law gives flow and speed by density
    alone, so a crowd of slow walkers loses none of the specific flow until its members are slower
    than the law's speed at capacity (half of k: 0.7 m/s on the level). Scaling the law by own speed
    as well would let a queue of pupils run up to jam density and throttle their stair to a creep.
    Bodies count as one person each, whatever their area: pupils get the places and flows of
    adults, which is on the safe side (children queue denser and pass doors faster). Smoke acts on
    the speed that density leaves, and slows nobody below its law's least speed.
    """
    s = crowd.space[i]
    own = free_speed(net, folk, crowd, i)
    usual = net.usual * net.room[s].factor
    clear = min(own, max(own, usual) * crowd.room[s].pace)
    smoke = clear * crowd.room[s].air - crowd.room[s].loss
    return float(min(clear, max(smoke, crowd.room[s].least)))


@inlined
def free_speed(net: Net, folk: Folk, crowd: Crowded, i: int) -> float:
    """Return his own speed where he is, alone and in clear air; stairs by riser and tread."""
    s = crowd.space[i]
    if net.room[s].stair and folk.who[i].stair_speed > 0.0:
        return float(folk.who[i].stair_speed)
    return float(folk.who[i].speed * net.room[s].factor)


@inlined
def distance(net: Net, crowd: Crowded, i: int, c: int) -> float:
    """Return the way in metres from where a leg began to a portal of the same space.

    Straight across the space; on a stair along its slope, when the levels differ.
    """
    up = abs(crowd.who[i].up - net.line[c].slope)
    if up > 0.0:
        return float(up)
    dx = crowd.who[i].x - net.door[c >> 1].x
    dy = crowd.who[i].y - net.door[c >> 1].y
    return float(np.sqrt(dx * dx + dy * dy))


@inlined
def rate(net: Net, crowd: Crowded, c: int) -> float:
    """Return the persons per second that a crossing passes now if it has them all to itself."""
    r = net.line[c].recv
    share = supply(net, crowd, r)
    if net.room[r].stair:
        return float(min(net.door[c >> 1].capacity, net.room[r].entry * share))
    return float(net.door[c >> 1].capacity * share)
