"""Ways over a campus from portal to portal, for people who walk where the crowd's engine does not.

The engine lets people out and never in again; a guard in the yard goes where he is sent all the
same. His way is the shortest one over all portals but those that he has found shut.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection
from math import hypot

from twin.plan import Plan, Point


class Ways:
    """Shortest ways; lengths in m, straight from portal to portal, a stair by its run."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._doors: dict[int, list[int]] = {k: [] for k in range(len(plan.spaces))}
        for gate in range(len(plan.portals)):
            self._doors[int(plan.inner[gate])].append(gate)
            self._doors[int(plan.outer[gate])].append(gate)

    def way(
        self, space: str, at: Point | None, goal: str, shut: Collection[str] = ()
    ) -> list[str] | None:
        """The portals from a point in a space to another space, in order; None if there is no way.

        `shut`: portals that he does not try.
        """
        plan = self._plan
        start, end = plan.place[space], plan.place[goal]
        closed = {plan.gate[name] for name in shut}
        heap: list[tuple[float, int, int, tuple[int, ...]]] = [(0.0, start, -1, ())]
        known: set[tuple[int, int]] = set()
        while heap:
            gone, here, by, way = heapq.heappop(heap)
            if here == end:
                return [plan.portals[gate] for gate in way]
            if (here, by) in known:
                continue
            known.add((here, by))
            for gate in self._doors[here]:
                if gate not in closed and gate != by:
                    step = self._across(here, by, gate, at)
                    there = self._beyond(gate, here)
                    heapq.heappush(heap, (gone + step, there, gate, (*way, gate)))
        return None

    def inside(self, space: str, goal: str, shut: Collection[str] = ()) -> str:
        """The first safe space on the way to a goal; the goal if there is none. Where all is shut
        it is the way that there would be.
        """
        plan = self._plan
        here = plan.place[space]
        way = self.way(space, plan.middle[here], goal, shut) or self.way(space, None, goal)
        for portal in way or ():
            here = self._beyond(plan.gate[portal], here)
            if plan.safe[here]:
                return plan.spaces[here]
        return goal

    def beyond(self, portal: str, space: str) -> str:
        """The space on the other side of a portal."""
        gate = self._plan.gate[portal]
        return self._plan.spaces[self._beyond(gate, self._plan.place[space])]

    def _beyond(self, gate: int, here: int) -> int:
        inner, outer = int(self._plan.inner[gate]), int(self._plan.outer[gate])
        return outer if inner == here else inner

    def _across(self, here: int, by: int, gate: int, at: Point | None) -> float:
        plan = self._plan
        a, b = (at if by < 0 else plan.at[by]), plan.at[gate]
        if plan.spaces[here] not in plan.stairs and a is not None and b is not None:
            return hypot(a[0] - b[0], a[1] - b[1])
        return self._reach(here, gate) + (self._reach(here, by) if by >= 0 else 0.0)

    def _reach(self, here: int, gate: int) -> float:
        return float(self._plan.reach_m[gate, 0 if int(self._plan.inner[gate]) == here else 1])
