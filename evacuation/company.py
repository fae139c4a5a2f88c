"""Groups that stay together: one pace, one way, and those ahead wait for who falls behind.

Declared rules. The group sets off when its slowest to prepare is ready, walks at the speed of its
slowest on the level and on stairs, and goes where its slowest goes while he is in the same space.
Once a second, who has ``APART_M`` less way left than the last of the group stops, until the gap is
half of that. Nobody waits in a queue (he passes and waits behind the door), in a crowd denser than
``DENSE_PER_M2``, for somebody who is not on his way, or longer than ``PATIENCE_MS`` in all.
"""

from collections.abc import Sequence

import numpy as np

from evacuation.engine.arrays import QUEUE, WAIT, WALK, Folk, Longs
from evacuation.people import Person
from evacuation.routing import UNFAMILIAR_M
from evacuation.scene import TICK_STEPS, Scene

APART_M = 5.0
DENSE_PER_M2 = 2.0
PATIENCE_MS = 120_000.0


def tie(folk: Folk, rows: Sequence[Person]) -> list[Longs]:
    """Give the members of each group that stays together one pace and one guide; list them."""
    together = np.array([p.together for p in rows], np.bool_)
    found = []
    for g in np.unique(folk.who["group"][together]).tolist():
        members = folk.members[folk.first[g] : folk.first[g + 1]].astype(np.int64)
        members = members[together[members]]
        if members.size > 1:
            bind(folk, members)
            found.append(members)
    return found


def bind(folk: Folk, members: Longs) -> None:
    """Set pace, preparation, lot and guide of people who go together."""
    who = folk.who
    slowest = members[np.argmin(who["speed"][members])]
    for field in ("speed", "stair_speed", "stair_up"):
        given = who[field][members]
        who[field][members] = given[given > 0.0].min(initial=np.inf) if given.any() else 0.0
    who["pre_ms"][members] = who["pre_ms"][members].max()
    who["lot"][members] = who["lot"][slowest]
    who["guide"][members] = slowest


class Company:
    """Lets those ahead wait."""

    def __init__(self, scene: Scene, groups: Sequence[Longs]) -> None:
        self._scene = scene
        self._rows = self._first = self._group = np.zeros(0, np.int64)
        self._rest, self._waited = np.zeros(0), np.zeros(0)
        self._held = np.zeros(0, np.bool_)
        self._looked = 0.0
        for members in groups:
            self._list(members)

    @property
    def is_busy(self) -> bool:
        """Whether somebody waits for others."""
        return bool(self._held.any())

    def add(self, members: Longs) -> None:
        """Let some people go together from now on."""
        bind(self._scene.folk, members)
        self._list(members)

    def _list(self, members: Longs) -> None:
        size = members.size
        self._first = np.append(self._first, self._rows.size)
        self._rows = np.append(self._rows, members)
        self._group = np.append(self._group, np.full(size, self._first.size - 1))
        self._rest, self._waited = (
            np.append(a, np.zeros(size)) for a in (self._rest, self._waited)
        )
        self._held = np.append(self._held, np.zeros(size, np.bool_))

    def act(self, t: float) -> int:
        """Look who is ahead; return after how many steps to look again."""
        scene, rows = self._scene, self._rows
        self._waited[self._held] += t - self._looked
        self._looked = t
        if not rows.size:
            return TICK_STEPS
        state = scene.crowd.state[rows]
        self._held &= state == WAIT
        moving = (state == WALK) | (state == QUEUE)
        rest = np.where(moving, scene.rest_m(rows), -np.inf)
        rest[rest >= UNFAMILIAR_M] = -np.inf
        last = np.maximum.reduceat(rest, self._first)[self._group]
        crowded = self._density() >= DENSE_PER_M2
        mine = np.where(self._held, self._rest, rest)
        gap = np.where(mine > -np.inf, last - np.maximum(mine, 0.0), 0.0)
        patient = ~crowded & (self._waited < PATIENCE_MS)
        stop = (state == WALK) & patient & (gap > APART_M)
        go = self._held & (~patient | (gap <= 0.5 * APART_M))
        for k in np.flatnonzero(go).tolist():
            self._held[k] = False
            scene.set_off(int(rows[k]), t)
        for k in np.flatnonzero(stop).tolist():
            self._held[k], self._rest[k] = True, rest[k]
            scene.station(int(rows[k]), WAIT, t)
        return TICK_STEPS

    def _density(self) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        """Return persons per m2 where each member is."""
        scene = self._scene
        here = scene.crowd.space[self._rows]
        return np.asarray(scene.crowd.room["count"][here] / scene.net.room["area"][here])
