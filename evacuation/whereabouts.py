"""Where everybody is, as arrays: for those who look at a crowd and do not move it."""

from dataclasses import dataclass

import numpy as np

from evacuation.engine.arrays import (
    FALLEN,
    HALTED,
    LENT_QUEUE,
    OUT,
    QUEUE,
    Crowded,
    Flags,
    Floats,
    Longs,
    Net,
)


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """One row per person, always in the same order, also of those who are out.

    `space` is an index into the floor's spaces. `x`, `y` (m) lie on the straight leg to the portal
    `heads_for`; `up` is how far up a stair's slope (m). `came_by` and `heads_for` are indices of
    portals, -1 for none; `since` (ms) is when he joined his queue. Who queues stands, for the
    engine, at his portal; whom a crush zone moves is where he is, and heads for no portal.
    `fallen` are those who lie, or can go no further.
    """

    is_out: Flags
    queues: Flags
    fallen: Flags
    space: Longs
    x: Floats
    y: Floats
    up: Floats
    came_by: Longs
    heads_for: Longs
    since: Floats


def whereabouts(net: Net, crowd: Crowded) -> Whereabouts:
    """Return where everybody is now: the share of the leg that is left, along a straight line."""
    who, trail, state = crowd.who, crowd.trail, crowd.state
    target = who["target"].astype(np.int64)
    leg = trail["leg"].astype(np.float64)
    on_leg = (target >= 0) & (leg > 0.0)
    left = np.where(state == QUEUE, 0.0, who["left"])
    share = np.where(on_leg, left / np.where(on_leg, leg, 1.0), 1.0)
    rows = np.flatnonzero(on_leg)
    c = target[rows]
    x, y, up = (trail[name].astype(np.float64) for name in ("x", "y", "up"))
    goals = (net.door["x"][c >> 1], net.door["y"][c >> 1], net.line["slope"][c])
    for at, goal in zip((x, y, up), goals, strict=True):
        at[rows] = goal + (at[rows] - goal) * share[rows]
    return Whereabouts(
        is_out=state == OUT,
        queues=(state == QUEUE) | (state == LENT_QUEUE),
        fallen=(state == HALTED) | (state == FALLEN),
        space=crowd.space.astype(np.int64),
        x=x,
        y=y,
        up=up,
        came_by=who["came"].astype(np.int64),
        heads_for=np.where(target >= 0, target >> 1, -1),
        since=trail["joined"].copy(),
    )
