"""Electronic patrol: rounds by the timetable, and what is late, missed, reversed or told late.

A visit counts by its own time, which the checkpoint keeps while it is offline. Who walked is not
known here: the journal's input names him by his pseudonym.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from controller.plan.desk import Desk
from controller.plan.values import Plan, Route
from controller.service import NEVER

DAY_MS = 86_400_000
UPLOAD_MS = 60_000
"""A visit that is told so much later than it was made was kept offline (design)."""

KEPT = 64


class Patrols:
    """Rounds under way; a round is known by its route and when it was to begin (scan clock).

    `_rounds`: (route, begin) -> checkpoint -> time of the visit. `_over` are the last rounds that
    were closed, with what was missed: a visit that is told late still finds its round.
    """

    def __init__(self, plan: Plan, desk: Desk) -> None:
        self._routes = {route.id: route for route in plan.routes}
        self._offset_ms, self._desk = plan.utc_offset_ms, desk
        self.points = {name for route in plan.routes for name in route.points}
        self._rounds: dict[tuple[str, int], dict[str, int]] = {}
        self._over: dict[tuple[str, int], dict[str, int]] = {}
        self._since_ms = 0

    @property
    def wake_ms(self) -> int:
        """When the next round begins or is over."""
        ends = [begin + _long(self._routes[name]) for name, begin in self._rounds]
        begins = (self._next(route, self._since_ms) for route in self._routes.values())
        return min([*ends, *begins], default=NEVER)

    def decide(self, now: int) -> None:
        """Begin the rounds whose time has come, close those that are over."""
        for route in self._routes.values():
            begin = self._next(route, self._since_ms)
            if begin <= now:
                self._rounds.setdefault((route.id, begin), {})
                self._desk.note(now, "patrol", route.id, what="begins")
        self._since_ms = max(self._since_ms, now + 1)
        for (name, begin), visits in list(self._rounds.items()):
            if begin + _long(self._routes[name]) <= now:
                self._close(name, begin, visits, now)

    def visited(self, checkpoint: str, t_ms: int, now: int) -> None:
        """A tag was shown at `t_ms`, and that is known now."""
        self.decide(now)
        if now - t_ms > UPLOAD_MS:
            self._desk.note(now, "patrol", checkpoint, what="told-late", late_ms=now - t_ms)
        for rounds, over in ((self._rounds, False), (self._over, True)):
            for (name, begin), visits in rounds.items():
                if self._belongs(name, begin, checkpoint, t_ms):
                    self._take(name, begin, visits, (checkpoint, t_ms), now, over)
                    return
        self._desk.note(now, "patrol", checkpoint, what="outside")

    def capture(self) -> dict[str, Any]:
        """What is under way, as plain values."""
        return {
            "rounds": [[*key, dict(visits)] for key, visits in self._rounds.items()],
            "over": [[*key, dict(visits)] for key, visits in self._over.items()],
            "since": self._since_ms,
        }

    def restore(self, plain: dict[str, Any], move: Callable[[int], int]) -> None:
        """Take back what was captured; a route that the plan no longer has is left out."""
        for kept, rounds in (("rounds", self._rounds), ("over", self._over)):
            for name, begin, visits in plain[kept]:
                if name in self._routes:
                    moved = {point: move(t_ms) for point, t_ms in visits.items()}
                    rounds[name, move(begin)] = moved
        self._since_ms = move(plain["since"])

    def _next(self, route: Route, since_ms: int) -> int:
        """When the first round at or after a time is to begin, on the scan clock."""
        local = self._desk.began_ms + self._offset_ms
        day = (since_ms + local) // DAY_MS * DAY_MS
        begins = [day + at + extra - local for extra in (0, DAY_MS) for at in route.rounds_ms]
        return min(begin for begin in begins if begin >= since_ms)

    def _belongs(self, name: str, begin: int, checkpoint: str, t_ms: int) -> bool:
        route = self._routes[name]
        early = begin - route.window_ms
        return checkpoint in route.points and early <= t_ms <= begin + _long(route)

    def _take(
        self, name: str, begin: int, visits: dict[str, int], visit: tuple[str, int], now: int,
        over: bool,
    ) -> None:  # fmt: skip
        (checkpoint, t_ms), route = visit, self._routes[name]
        if checkpoint in visits:
            self._desk.note(now, "patrol", checkpoint, what="again", route=name)
            return
        order = list(route.points)
        behind = order[order.index(checkpoint) + 1 :]
        reverse = [point for point in behind if visits.get(point, t_ms) < t_ms]
        late_ms = t_ms - begin - route.points[checkpoint] - route.window_ms
        what = "late" if late_ms > 0 else "visited"
        what = "reversed" if reverse else what
        visits[checkpoint] = t_ms
        found = {"found": True} if over else {}
        self._desk.note(now, "patrol", checkpoint, what=what, route=name, **found)

    def _close(self, name: str, begin: int, visits: dict[str, int], now: int) -> None:
        route = self._routes[name]
        missed = [point for point in route.points if point not in visits]
        for point in missed:
            self._desk.note(now, "patrol", point, what="missed", route=name)
        what = "incomplete" if missed else "complete"
        self._desk.note(
            now, "patrol", name, what=what, visited=len(visits), of=len(route.points),
        )  # fmt: skip
        self._over[name, begin] = self._rounds.pop((name, begin))
        if len(self._over) > KEPT:
            del self._over[next(iter(self._over))]


def _long(route: Route) -> int:
    """How long after its beginning a round can still be completed."""
    return max(route.points.values()) + route.window_ms
