"""Local choice of the next portal: walking, visible queue, and what a mind expects beyond."""

import numpy as np

from evacuation.engine.arrays import QUEUE, SWITCHED, TURNED, WALK, Crowded, Folk, Log, Net, Seen
from evacuation.engine.compiled import entry, inlined, kernel
from evacuation.engine.density import distance, rate, speed
from evacuation.engine.log import change, millis, write
from evacuation.engine.queues import before_me, forget_ring, leave, note_ring

HYSTERESIS = 0.10
HYSTERESIS_CAP_S = 300.0
"""Another way must be a tenth better (of at most five minutes, so that the surcharges for ways
known to be bad do not drown it)."""
TIE = 0.01
TIE_CAP_S = 100.0
TIE_FLOOR_S = 0.2
"""Ways this close are equal to a person; then width decides, by lot."""
LEAST_RATE = 0.05
NEVER = np.inf


@inlined
def waiting(net: Net, crowd: Crowded, i: int, c: int, metres: float) -> float:
    """Return the seconds until those before him have passed a crossing."""
    ahead = before_me(crowd, i, c, metres)
    if ahead == 0:
        return 0.0
    return ahead / max(rate(net, crowd, c), LEAST_RATE)


@inlined
def expected(net: Net, folk: Folk, crowd: Crowded, seen: Seen, i: int, c: int) -> float:
    """Return the seconds to safety through one crossing, as this person expects them."""
    beyond = seen.beyond[crowd.who[i].mind, c]
    if beyond == NEVER:
        return NEVER
    own = speed(net, folk, crowd, i)
    metres = 0.0
    if crowd.who[i].target != c or crowd.state[i] != QUEUE:
        metres = distance(net, crowd, i, c)
    here = max(metres / own, waiting(net, crowd, i, c, metres))
    back = crowd.who[i].memory if c >> 1 == crowd.who[i].came else 0.0
    return float(here + back + beyond / folk.who[i].speed)


@kernel
def stand(net: Net, crowd: Crowded, i: int) -> None:
    """Make the point where a person is now the beginning of his next leg."""
    c = crowd.who[i].target
    if c < 0 or crowd.who[i].leg <= 0.0:
        return
    share = crowd.who[i].left / crowd.who[i].leg
    p = c >> 1
    crowd.who[i].x = net.door[p].x + (crowd.who[i].x - net.door[p].x) * share
    crowd.who[i].y = net.door[p].y + (crowd.who[i].y - net.door[p].y) * share
    crowd.who[i].up = net.line[c].slope + (crowd.who[i].up - net.line[c].slope) * share
    crowd.who[i].leg = crowd.who[i].left


@entry
def choose(net: Net, folk: Folk, crowd: Crowded, seen: Seen, i: int) -> int:
    """Return the crossing a person wants to take from here, -1 if he knows none.

    Equal ways are shared out by the width of the narrowest place beyond, not by heads; who has a
    target keeps it unless another is better by the hysteresis.
    """
    s = crowd.space[i]
    low, high = net.room[s].low, net.room[s].high
    best = NEVER
    current = NEVER
    for k in range(low, high):
        c = net.leaving[k]
        cost = expected(net, folk, crowd, seen, i, c)
        crowd.cost[k - low] = cost
        best = min(best, cost)
        if c == crowd.who[i].target:
            current = cost
    if best == NEVER:
        return -1
    if current - best <= HYSTERESIS * min(current, HYSTERESIS_CAP_S):
        return int(crowd.who[i].target)
    return draw_equal(net, folk, crowd, seen, i, best)


@kernel
def draw_equal(net: Net, folk: Folk, crowd: Crowded, seen: Seen, i: int, best: float) -> int:
    """Pick among the ways that are as good as the best by the person's lot and their width.

    Nobody goes straight back for a way that is merely as good as going on.
    """
    s = crowd.space[i]
    low, high = net.room[s].low, net.room[s].high
    limit = best + TIE_FLOOR_S + TIE * min(best, TIE_CAP_S)
    back, others = -1, 0
    for k in range(low, high):
        if net.leaving[k] >> 1 == crowd.who[i].came:
            back = k - low
        elif crowd.cost[k - low] <= limit:
            others += 1
    if others > 0 and back >= 0:
        crowd.cost[back] = NEVER
    total = 0.0
    for k in range(low, high):
        if crowd.cost[k - low] <= limit:
            total += seen.weight[crowd.who[i].mind, net.leaving[k]]
    drawn = lot_at(folk.who[i].lot, s) * total
    chosen = -1
    for k in range(low, high):
        if crowd.cost[k - low] <= limit:
            chosen = net.leaving[k]
            drawn -= seen.weight[crowd.who[i].mind, chosen]
            if drawn < 0.0:
                break
    return int(chosen)


@inlined
def lot_at(lot: np.uint64, s: int) -> float:
    """Return a number in [0, 1) from a person's lot and a place (splitmix64 finaliser)."""
    z = lot + np.uint64(s + 1) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return float(z >> np.uint64(11)) / 9007199254740992.0


@kernel
def head_for(net: Net, log: Log, crowd: Crowded, i: int, c: int, t: float) -> None:
    """Send a person who stands at the beginning of a leg towards a crossing, or let him wait."""
    crowd.who[i].target = c
    if c < 0:
        crowd.who[i].left = 0.0
        crowd.who[i].leg = 0.0
        change(log, crowd, i, crowd.space[i], QUEUE, t)
        return
    crowd.who[i].leg = distance(net, crowd, i, c)
    crowd.who[i].left = crowd.who[i].leg
    change(log, crowd, i, crowd.space[i], WALK, t)
    note_ring(crowd, i)


@kernel
def remember(net: Net, crowd: Crowded, i: int, taken: int) -> None:
    """Keep in mind the longest queue seen at the ways not taken, against going straight back.

    Out of sight a queue would be out of mind, and people would walk to and fro.
    """
    s = crowd.space[i]
    for k in range(net.room[s].low, net.room[s].high):
        c = net.leaving[k]
        if c != taken and crowd.line[c].queued > 0:
            wait = crowd.line[c].queued / max(rate(net, crowd, c), LEAST_RATE)
            crowd.who[i].memory = max(crowd.who[i].memory, wait)


@kernel
def think_again(
    net: Net, folk: Folk, log: Log, crowd: Crowded, seen: Seen, i: int, t: float
) -> None:
    """Let a walking or waiting person reconsider.

    He turns round if he gives up a way that he has just learnt to be closed or smoky.
    """
    learnt, lost = crowd.who[i].rethink, crowd.who[i].lost
    crowd.who[i].rethink = False
    crowd.who[i].lost = -1
    stand(net, crowd, i)
    old = crowd.who[i].target
    new = choose(net, folk, crowd, seen, i)
    if new == old:
        return
    queued = crowd.state[i] == QUEUE
    if old >= 0:
        if lost >= 0:
            write(log, crowd, TURNED, i, lost, 0, millis(t), 0)
        elif queued or learnt:
            write(log, crowd, SWITCHED, i, old >> 1, 0, millis(t), 0)
        if queued:
            leave(crowd, i)
        else:
            forget_ring(crowd, i)
    head_for(net, log, crowd, i, new, t)
