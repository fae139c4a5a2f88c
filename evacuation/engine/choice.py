"""Local choice of the next portal: walking, visible queue, and what a mind expects beyond."""

import numpy as np

from evacuation.engine.arrays import QUEUE, SWITCHED, TURNED, WALK
from evacuation.engine.company import attraction, guided
from evacuation.engine.compiled import entry, inlined, kernel
from evacuation.engine.density import free_speed, rate, slowed
from evacuation.engine.files import join_file
from evacuation.engine.hub import Hub, crowd_of, folk_of, net_of, seen_of
from evacuation.engine.log import change, millis, write
from evacuation.engine.place import distance, lay_leg, place
from evacuation.engine.queues import (
    before_me,
    begin_walking,
    note_ring,
    step_aside,
)

HYSTERESIS = 0.10
HYSTERESIS_CAP_S = 300.0
"""Another way must be a tenth better (of at most five minutes, so that the surcharges for ways
known to be bad do not drown it)."""
TIE = 0.01
TIE_CAP_S = 100.0
TIE_FLOOR_S = 0.2
"""Ways this close are equal to a person; then width decides, by lot."""
LEAST_RATE = 50.0
"""Loads per second that people expect of a portal at least (0.05 adults)."""
SLOWEST_M_S = 0.02
NEVER = np.inf


@inlined
def waiting(h: Hub, i: int, c: int, metres: float) -> float:
    """Return the seconds until those before him have passed a crossing; all as big as he is."""
    folk = folk_of(h)
    ahead = before_me(h, i, c, metres)
    if ahead == 0:
        return 0.0
    return float(ahead * folk.who[i].size / max(rate(h, c), LEAST_RATE))


@inlined
def walking_s(h: Hub, i: int, c: int, metres: float) -> float:
    """Return the seconds that a person expects to walk to a portal of his space, by the crowd that
    he sees in the cells between.
    """
    net, crowd = net_of(h), crowd_of(h)
    if metres <= 0.0:
        return 0.0
    own = free_speed(h, i, c)
    top = max(own, net.room[net.line[c].send].usual * net.line[c].factor)
    q, goal = crowd.who[i].cell, net.line[c].goal
    step = 1 if goal > q else -1
    inverse = 0.0
    for k in range(abs(goal - q) + 1):
        cell = crowd.cell[q + k * step]
        pace = slowed(h, q + k * step, min(own, top * cell.pace))
        inverse += 1.0 / max(pace, SLOWEST_M_S)
    return float(metres * inverse / (abs(goal - q) + 1))


@kernel
def weigh(h: Hub, i: int) -> tuple[float, float]:
    """Work out the seconds to safety through each crossing of his space, as a person expects them,
    into ``cost``; return the least of them, and that of the crossing he heads for.
    """
    net, folk, crowd, seen = net_of(h), folk_of(h), crowd_of(h), seen_of(h)
    s, mind, target = crowd.space[i], crowd.who[i].mind, crowd.who[i].target
    low, high = net.room[s].low, net.room[s].high
    x, y, up = place(h, i)
    best, current, options = NEVER, NEVER, 0
    for k in range(low, high):
        c = net.leaving[k]
        beyond = seen.beyond[mind, c]
        cost = NEVER
        if beyond != NEVER:
            metres = 0.0
            if target != c or crowd.state[i] != QUEUE:
                metres = distance(h, c, x, y, up)
            here = max(walking_s(h, i, c, metres), waiting(h, i, c, metres))
            back = crowd.who[i].memory if c >> 1 == crowd.who[i].came else 0.0
            cost = here + back + beyond / folk.who[i].speed
            options += 1
            best = min(best, cost)
            if c == target:
                current = cost
        crowd.cost[k - low] = cost
    if target >= 0 and crowd.state[i] == QUEUE:
        crowd.line[target].choosers += (options > 1) - (crowd.who[i].options > 1)
    crowd.who[i].options = min(options, 127)
    return best, current


@inlined
def is_better(cost: float, than: float) -> bool:
    """Tell whether a way is so much better than another that people change."""
    return bool(than - cost > HYSTERESIS * min(than, HYSTERESIS_CAP_S))


@kernel
def choose(h: Hub, i: int) -> int:
    """Return the crossing a person wants to take from here, -1 if he knows none.

    Equal ways are shared out by the width of the narrowest place beyond, not by heads; who has a
    target keeps it unless another is better by the hysteresis, and so does not go straight back who
    has just come in.
    """
    net, crowd = net_of(h), crowd_of(h)
    ahead = guided(h, i)
    if ahead >= 0:
        return ahead
    best, current = weigh(h, i)
    if best == NEVER:
        return -1
    if crowd.who[i].target >= 0:
        if not is_better(best, current):
            return int(crowd.who[i].target)
        return draw_equal(h, i, best)
    low, back, onward = net.room[crowd.space[i]].low, -1, NEVER
    for k in range(low, net.room[crowd.space[i]].high):
        if net.leaving[k] >> 1 == crowd.who[i].came:
            back = k - low
        else:
            onward = min(onward, crowd.cost[k - low])
    if back >= 0 and onward != NEVER and not is_better(crowd.cost[back], onward):
        crowd.cost[back] = NEVER
        best = onward
    return draw_equal(h, i, best)


@entry
def preferred(h: Hub, i: int) -> int:
    """Return what ``choose`` finds for a person, for who looks at the engine from outside."""
    return choose(h, i)


@kernel
def draw_equal(h: Hub, i: int, best: float) -> int:
    """Pick among the ways that are as good as the best by the person's lot, their width, and
    where others go.

    Nobody goes straight back for a way that is merely as good as going on.
    """
    net, folk, crowd, seen = net_of(h), folk_of(h), crowd_of(h), seen_of(h)
    s = crowd.space[i]
    low, high = net.room[s].low, net.room[s].high
    limit = best + TIE_FLOOR_S + TIE * min(best, TIE_CAP_S)
    back, others, only = -1, 0, -1
    for k in range(low, high):
        if crowd.cost[k - low] <= limit:
            if net.leaving[k] >> 1 == crowd.who[i].came:
                back = k - low
            else:
                others += 1
                only = net.leaving[k]
    if others == 1:
        return int(only)
    if others > 0 and back >= 0:
        crowd.cost[back] = NEVER
    total = 0.0
    for k in range(low, high):
        if crowd.cost[k - low] <= limit:
            c = net.leaving[k]
            total += seen.weight[crowd.who[i].mind, c] * attraction(h, i, c)
    drawn = lot_at(folk.who[i].lot, s) * total
    chosen = -1
    for k in range(low, high):
        if crowd.cost[k - low] <= limit:
            chosen = net.leaving[k]
            drawn -= seen.weight[crowd.who[i].mind, chosen] * attraction(h, i, chosen)
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
def head_for(h: Hub, i: int, c: int, t: float) -> None:
    """Send a person who stands at the beginning of a leg towards a crossing, or let him wait.

    He is on no list when this begins: neither a walker nor in a queue.
    """
    net, crowd = net_of(h), crowd_of(h)
    if c < 0:
        crowd.who[i].target = c
        crowd.who[i].left = 0.0
        crowd.trail[i].leg = 0.0
        change(h, i, crowd.space[i], QUEUE, t)
        return
    lay_leg(h, i, c)
    change(h, i, crowd.space[i], WALK, t)
    begin_walking(h, i)
    note_ring(h, i)
    crowd.who[i].narrow = net.room[crowd.space[i]].narrow
    if crowd.who[i].narrow:
        join_file(h, i)


@kernel
def remember(h: Hub, i: int, taken: int) -> None:
    """Keep in mind the longest queue seen at the ways not taken, against going straight back.

    Out of sight a queue would be out of mind, and people would walk to and fro.
    """
    net, crowd = net_of(h), crowd_of(h)
    s = crowd.space[i]
    for k in range(net.room[s].low, net.room[s].high):
        c = net.leaving[k]
        if c != taken and crowd.line[c].queued > 0:
            wait = crowd.line[c].load / max(rate(h, c), LEAST_RATE)
            crowd.who[i].memory = max(crowd.who[i].memory, wait)


@kernel
def turn_to(h: Hub, i: int, c: int, t: float) -> None:
    """Let a walking or waiting person give up his way where he is, for another crossing."""
    step_aside(h, i)
    head_for(h, i, c, t)


@kernel
def think_again(h: Hub, i: int, t: float) -> None:
    """Let a walking or waiting person reconsider.

    He turns round if he gives up a way that he has just learnt to be closed or smoky.
    """
    crowd = crowd_of(h)
    learnt, lost = crowd.who[i].rethink, crowd.trail[i].lost
    crowd.who[i].rethink = False
    crowd.trail[i].lost = -1
    old = crowd.who[i].target
    new = choose(h, i)
    if new == old:
        return
    if old >= 0:
        if lost >= 0:
            write(h, TURNED, i, lost, 0, millis(t), 0)
        elif crowd.state[i] == QUEUE or learnt:
            write(h, SWITCHED, i, old >> 1, 0, millis(t), 0)
    turn_to(h, i, new, t)
