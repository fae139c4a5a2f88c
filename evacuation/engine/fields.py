"""Shortest ways to safety over crossings, worked backwards from the exits with a binary heap.

A way out of a space never leads back into the same space: through the other door of a classroom
and out to where one came from is no way round a queue. So for spaces where the shortest way from
one of their crossings comes back, the ways are worked out again with that space closed.
"""

from typing import NamedTuple

import numpy as np

from evacuation.engine.arrays import Flags, Floats, Longs
from evacuation.engine.compiled import entry, inlined, kernel

NONE = -1


class Steps(NamedTuple):
    """Steps from one crossing to the next, listed by where they lead: rows ``first[b]`` to
    ``first[b + 1]`` of ``tail`` and ``metres`` lead to crossing b. ``send`` is the space that a
    crossing leaves, ``capacity`` what it passes per second.
    ``order`` lists the crossings space by space.
    """

    first: Longs
    tail: Longs
    metres: Floats
    send: Longs
    capacity: Floats
    order: Longs


class Ways(NamedTuple):
    """For each crossing: cost from it to safety, the narrowest capacity, the crossing after."""

    beyond: Floats
    narrowest: Floats
    after: Longs


class Heap(NamedTuple):
    """A binary heap of (cost, crossing); ``size`` has one cell."""

    cost: Floats
    crossing: Longs
    size: Longs


@kernel
def push(heap: Heap, cost: float, crossing: int) -> None:
    """Add an entry."""
    k = heap.size[0]
    heap.size[0] = k + 1
    while k > 0 and heap.cost[(k - 1) // 2] > cost:
        up = (k - 1) // 2
        heap.cost[k], heap.crossing[k] = heap.cost[up], heap.crossing[up]
        k = up
    heap.cost[k], heap.crossing[k] = cost, crossing


@kernel
def drop_least(heap: Heap) -> None:
    """Remove the entry of least cost, which is the first."""
    n = heap.size[0] - 1
    heap.size[0] = n
    cost, crossing = heap.cost[n], heap.crossing[n]
    k = 0
    while 2 * k + 1 < n:
        down = 2 * k + 1
        if down + 1 < n and heap.cost[down + 1] < heap.cost[down]:
            down += 1
        if heap.cost[down] >= cost:
            break
        heap.cost[k], heap.crossing[k] = heap.cost[down], heap.crossing[down]
        k = down
    heap.cost[k], heap.crossing[k] = cost, crossing


@inlined
def offer(heap: Heap, ways: Ways, c: int, cost: float, narrowest: float, after: int) -> None:
    """Take a way for a crossing if it is better than what is known."""
    if cost < ways.beyond[c]:
        ways.beyond[c] = cost
        ways.narrowest[c] = narrowest
        ways.after[c] = after
        push(heap, cost, c)


@kernel
def spread(steps: Steps, price: Floats, out: Flags, shut: int, ways: Ways, heap: Heap) -> None:
    """Work out the cheapest ways from all crossings to those that lead out.

    ``price`` is what a crossing costs by itself, infinite if it can not be used. Nobody walks on
    through the space ``shut`` (-1: none); crossings out of it still get their own way.
    """
    ways.beyond[:] = np.inf
    ways.after[:] = NONE
    heap.size[0] = 0
    for c in range(price.size):
        if out[c]:
            offer(heap, ways, c, price[c], steps.capacity[c], NONE)
    while heap.size[0] > 0:
        cost, b = heap.cost[0], heap.crossing[0]
        drop_least(heap)
        if cost > ways.beyond[b] or steps.send[b] == shut:
            continue
        for k in range(steps.first[b], steps.first[b + 1]):
            a = steps.tail[k]
            narrow = min(steps.capacity[a], ways.narrowest[b])
            offer(heap, ways, a, price[a] + steps.metres[k] + cost, narrow, b)


@kernel
def comes_back(steps: Steps, ways: Ways, c: int) -> bool:
    """Tell whether the way from a crossing leads through the space that it leaves."""
    b = ways.after[c]
    while b != NONE:
        if steps.send[b] == steps.send[c]:
            return True
        b = ways.after[b]
    return False


@entry
def work_out(
    steps: Steps,
    price: Floats,
    out: Flags,
    leads: Flags,
    ways: Ways,
    spare: Ways,
    heap: Heap,
    found: Ways,
) -> None:
    """Fill ``found`` with the cheapest ways that do not come back; ``ways`` and ``spare`` are
    for the work, ``ways`` being left with the plain cheapest ways.

    ``leads`` is false where no way exists that does not come back, whatever is open (the doors of
    rooms behind which nothing lies): there is nothing to look for.
    """
    spread(steps, price, out, NONE, ways, heap)
    for c in range(price.size):
        found.beyond[c] = ways.beyond[c]
        found.narrowest[c] = ways.narrowest[c]
        found.after[c] = ways.after[c]
    worked = NONE
    for k in range(price.size):
        c = steps.order[k]
        if not comes_back(steps, ways, c):
            continue
        if not leads[c]:
            found.beyond[c], found.narrowest[c], found.after[c] = np.inf, 1.0, NONE
            continue
        if steps.send[c] != worked:
            worked = steps.send[c]
            spread(steps, price, out, worked, spare, heap)
        found.beyond[c] = spare.beyond[c]
        found.narrowest[c] = spare.narrowest[c]
        found.after[c] = spare.after[c]
