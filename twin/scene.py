"""Where everybody truly stands, for those who look: the cameras and the film of a run.

The crowd knows how far along a straight leg a person is. From that a body is placed: a little to
his own side of the leg, in a queue behind those who came before, on a stair run by how far up he
is (a run is drawn straightened out along its outline). Nobody is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evacuation import Crowd, Whereabouts
from twin.floorfile import FloorFile, SpaceEntry
from twin.plan import Plan

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Flags = NDArray[np.bool_]

SIDE_M = 0.6
"""How far to the side of his leg somebody walks at most (drawn, not simulated)."""
ROW, GAP_M = 5, 0.55
"""People abreast in a queue as it is drawn, and the distance between them: 3.3 people per m2."""
STAIR_ROW = 3
"""People abreast in a queue on a stair, as it is drawn."""
EDGE_M = 0.2
"""Nobody is drawn nearer to the edge of his space than this."""
GOLDEN = 0.6180339887498949


@dataclass(frozen=True, slots=True)
class Bodies:
    """Everybody who is not out, a row each; `space` is the floor's index, `x`, `y` in m."""

    track: Longs
    space: Longs
    x: Floats
    y: Floats
    fallen: Flags


@dataclass(frozen=True, slots=True)
class Run:
    """A stair run on the plan: its foot, the way up, half its width across (m); its slope (m)."""

    foot: Floats
    along: Floats
    across: Floats
    slope_m: float

    @classmethod
    def of(cls, stair: SpaceEntry) -> Run:
        """The run of a stair: the longer side of the box around its outline."""
        outline = np.array(stair.outline or [(0, 0), (1, 0), (1, 1), (0, 1)], float)
        low, high = outline.min(axis=0), outline.max(axis=0)
        size, axis = high - low, int(np.argmax(high - low))
        along, across = np.zeros(2), np.zeros(2)
        along[axis], across[1 - axis] = size[axis], size[1 - axis] / 2
        return cls((high + low) / 2 - along / 2, along, across, float(stair.slope_length_m or 1.0))

    def behind(self, up: Floats, rank: Longs) -> Floats:
        """How far up those stand who queue at the end of the run that they have reached."""
        back = (rank // STAIR_ROW + 0.5) * GAP_M
        return np.where(up > self.slope_m / 2, np.maximum(up - back, 0), up + back)

    def places(self, up: Floats, lean: Floats) -> tuple[Floats, Floats]:
        """Where people are on the plan who are so far up, each on his side."""
        share = np.clip(up / self.slope_m, 0.0, 1.0)
        x, y = (
            self.foot[axis] + self.along[axis] * share + self.across[axis] * lean * 0.8
            for axis in (0, 1)
        )
        return x, y


class Scene:
    """Places everybody, once per moment; `through` counts passages of the watched portals.

    `others` tells who else is there: track, space, x and y of each at a time (see `Walkers`).
    """

    def __init__(self, crowd: Crowd, floor: FloorFile, plan: Plan, watched: Sequence[str]) -> None:
        self._crowd, self._plan = crowd, plan
        self.others: Callable[[int], Iterable[tuple[int, int, float, float]]] = lambda now: ()
        self._x = np.array([p.at[0] if p.at else np.nan for p in floor.portals] or [np.nan])
        self._y = np.array([p.at[1] if p.at else np.nan for p in floor.portals] or [np.nan])
        middle = [m or (np.nan, np.nan) for m in plan.middle]
        self._middle = np.array(middle, float).reshape(-1, 2)
        self._stairs = {plan.place[s.id]: Run.of(s) for s in floor.spaces if s.kind == "stair"}
        self._low, self._high = _boxes(floor)
        self._gates = {plan.gate[portal]: (0, 0) for portal in watched}
        self._taken: tuple[int, Whereabouts, Bodies] | None = None

    def bodies(self) -> Bodies:
        """Everybody who is not out, where he is now."""
        known = self._take()[2]
        more = [*self.others(self._crowd.now_ms)]
        return known if not more else _joined(known, more)

    def through(self, portal: str) -> tuple[int, int]:
        """People through a watched portal so far: from its inner to its outer side, and back."""
        self._take()
        return self._gates[self._plan.gate[portal]]

    def _take(self) -> tuple[int, Whereabouts, Bodies]:
        now = self._crowd.now_ms
        if self._taken is None or self._taken[0] != now:
            where = self._crowd.whereabouts()
            if self._gates and self._taken is not None:
                self._pass(self._taken[1], where)
            self._taken = now, where, self._place(where)
        return self._taken

    def _pass(self, before: Whereabouts, after: Whereabouts) -> None:
        """Count who came through a watched portal since the last moment that was looked at."""
        moved = before.space != after.space
        for gate, (out, back) in self._gates.items():
            by = moved & (after.came_by == gate)
            outwards = int(np.count_nonzero(by & (after.space == self._plan.outer[gate])))
            inwards = int(np.count_nonzero(by & (after.space == self._plan.inner[gate])))
            self._gates[gate] = (out + outwards, back + inwards)

    def _place(self, where: Whereabouts) -> Bodies:
        track = np.flatnonzero(~where.is_out)
        space, x, y = where.space[track], where.x[track], where.y[track]
        goal, up = where.heads_for[track], where.up[track]
        lean = np.asarray((track * GOLDEN) % 1.0 * 2.0 - 1.0, np.float64)
        self._aside(x, y, goal, lean)
        queued = np.flatnonzero(where.queues[track] & (goal >= 0))
        order, rank = _ranks(queued, space, goal, where.since[track])
        self._line_up(x, y, space[order], goal[order], order, rank)
        for stair, run in self._stairs.items():
            waits = space[order] == stair
            up[order[waits]] = run.behind(up[order[waits]], rank[waits])
            on = np.flatnonzero(space == stair)
            x[on], y[on] = run.places(up[on], lean[on])
        low, high = self._low[space], self._high[space]
        x, y = np.clip(x, low[:, 0], high[:, 0]), np.clip(y, low[:, 1], high[:, 1])
        return Bodies(track, space, x, y, where.fallen[track])

    def _aside(self, x: Floats, y: Floats, goal: Longs, lean: Floats) -> None:
        """Move each walker to his side of the way, less as he nears his portal."""
        walks = np.flatnonzero(goal >= 0)
        dx, dy = self._x[goal[walks]] - x[walks], self._y[goal[walks]] - y[walks]
        far = np.hypot(dx, dy)
        side = lean[walks] * np.minimum(SIDE_M, far / 4)
        ok = far > 0.01
        x[walks[ok]] -= (dy[ok] / far[ok]) * side[ok]
        y[walks[ok]] += (dx[ok] / far[ok]) * side[ok]

    def _line_up(
        self, x: Floats, y: Floats, space: Longs, goal: Longs, order: Longs, rank: Longs
    ) -> None:
        """Stand queues before their portals in rows, those who came first in front."""
        gate_x, gate_y = self._x[goal], self._y[goal]
        in_x, in_y = self._middle[space, 0] - gate_x, self._middle[space, 1] - gate_y
        far = np.maximum(np.hypot(in_x, in_y), 0.01)
        in_x, in_y = in_x / far, in_y / far
        back = (rank // ROW + 0.7) * GAP_M
        aside = (rank % ROW - (ROW - 1) / 2) * GAP_M
        x[order] = gate_x + in_x * back - in_y * aside
        y[order] = gate_y + in_y * back + in_x * aside


def _joined(known: Bodies, more: Sequence[tuple[int, int, float, float]]) -> Bodies:
    """The crowd's bodies, and those of others behind them."""
    track, space, x, y = (np.array(column) for column in zip(*more, strict=True))
    return Bodies(
        np.r_[known.track, track], np.r_[known.space, space], np.r_[known.x, x],
        np.r_[known.y, y], np.r_[known.fallen, np.zeros(len(more), np.bool_)],
    )  # fmt: skip


def _ranks(queued: Longs, space: Longs, goal: Longs, since: Floats) -> tuple[Longs, Longs]:
    """Rows of those who queue, queue by queue, and the place of each in his queue from 0."""
    order = queued[np.lexsort((since[queued], goal[queued], space[queued]))]
    if not order.size:
        return order, order
    begins = np.flatnonzero(np.r_[True, (np.diff(space[order]) != 0) | (np.diff(goal[order]) != 0)])
    lengths = np.diff(np.r_[begins, order.size])
    return order, np.arange(order.size) - np.repeat(begins, lengths)


def _boxes(floor: FloorFile) -> tuple[Floats, Floats]:
    """The boxes around the outlines, a little inside them; boundless where there is none."""
    low = np.full((len(floor.spaces), 2), -np.inf)
    high = -low
    for k, space in enumerate(floor.spaces):
        if space.outline:
            outline = np.array(space.outline, float)
            low[k], high[k] = outline.min(axis=0), outline.max(axis=0)
            inside = np.minimum(EDGE_M, (high[k] - low[k]) / 2)
            low[k] += inside
            high[k] -= inside
    return low, high
