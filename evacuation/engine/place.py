"""Where people are: points of their leg, and the cells that it leads through."""

import numpy as np

from evacuation.engine.arrays import ONE, QUEUE, WAY
from evacuation.engine.compiled import inlined, kernel
from evacuation.engine.density import free_speed, queue_metres
from evacuation.engine.hub import Hub, crowd_of, net_of

LEAST_M = 1e-6
assert WAY.itemsize <= 72


@inlined
def left_now(h: Hub, i: int) -> float:
    """Return the metres that a person has left; in a queue by his place in it."""
    crowd = crowd_of(h)
    left = crowd.who[i].left
    if crowd.state[i] != QUEUE or crowd.who[i].target < 0:
        return float(left)
    return float(min(left, queue_metres(h, crowd.who[i].target, ONE * crowd.trail[i].place)))


@inlined
def place(h: Hub, i: int) -> tuple[float, float, float]:
    """Return where a person is on his leg: x, y and how far up a stair."""
    net, crowd = net_of(h), crowd_of(h)
    me, c = crowd.trail[i], crowd.who[i].target
    if c < 0 or me.leg <= 0.0:
        return me.x, me.y, me.up
    share, x, y = left_now(h, i) / me.leg, net.door[c >> 1].x, net.door[c >> 1].y
    up = net.line[c].slope
    return x + (me.x - x) * share, y + (me.y - y) * share, up + (me.up - up) * share


@inlined
def distance(h: Hub, c: int, x: float, y: float, up: float) -> float:
    """Return the way in metres from a point to a portal of the same space.

    Straight across the space; on a stair along its slope, when the levels differ.
    """
    net = net_of(h)
    rise = abs(up - net.line[c].slope)
    if rise > 0.0:
        return float(rise)
    dx, dy = x - net.door[c >> 1].x, y - net.door[c >> 1].y
    return float(np.sqrt(dx * dx + dy * dy))


@inlined
def along(h: Hub, s: int, x: float, y: float, up: float) -> float:
    """Return how far along the axis of a space a point lies."""
    net = net_of(h)
    if net.room[s].stair:
        return up
    return float(x * net.room[s].ux + y * net.room[s].uy - net.room[s].base)


@kernel
def cell_at(h: Hub, s: int, x: float, y: float, up: float) -> int:
    """Return the cell of a space in which a point lies."""
    net = net_of(h)
    count = net.room[s].cells
    share = along(h, s, x, y, up) / net.room[s].length
    return int(net.room[s].cell + min(max(int(np.floor(share * count)), 0), count - 1))


@kernel
def aim(h: Hub, i: int) -> None:
    """Set the next cell on a person's way, and where on his leg it begins."""
    net, crowd = net_of(h), crowd_of(h)
    c, q = crowd.who[i].target, crowd.who[i].cell
    s = crowd.space[i]
    crowd.who[i].mark = 0.0
    crowd.who[i].per_span = 1.0
    crowd.who[i].ahead = net.line[c].beyond
    count = net.room[s].cells
    if count == 1:
        return
    me, p = crowd.trail[i], c >> 1
    begin = along(h, s, me.x, me.y, me.up)
    end = along(h, s, net.door[p].x, net.door[p].y, net.line[c].slope)
    metres = end - begin
    if abs(metres) < LEAST_M:
        return
    size = net.room[s].length / count
    crowd.who[i].per_span = abs(metres) / (me.leg * size)
    if q == net.line[c].goal:
        return
    forward = net.line[c].goal > q
    edge = (q - net.room[s].cell + (1 if forward else 0)) * size
    mark = me.leg * (end - edge) / metres
    crowd.who[i].mark = min(max(mark, 0.0), crowd.who[i].left)
    crowd.who[i].ahead = q + 1 if forward else q - 1


@kernel
def lay_leg(h: Hub, i: int, c: int) -> None:
    """Let a person who stands at the beginning of a leg head for a crossing."""
    net, crowd = net_of(h), crowd_of(h)
    me = crowd.trail[i]
    metres = distance(h, c, me.x, me.y, me.up)
    me.leg = metres
    crowd.who[i].target = c
    crowd.who[i].left = metres
    own = free_speed(h, i, c)
    crowd.who[i].own = own
    usual = net.room[net.line[c].send].usual * net.line[c].factor
    crowd.who[i].top = max(own, usual)
    aim(h, i)


@kernel
def stand(h: Hub, i: int) -> None:
    """Make the point where a person is now the beginning of his next leg."""
    crowd = crowd_of(h)
    x, y, up = place(h, i)
    crowd.who[i].left = left_now(h, i)
    me = crowd.trail[i]
    me.x, me.y, me.up, me.leg = x, y, up, crowd.who[i].left
