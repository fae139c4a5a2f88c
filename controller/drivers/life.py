"""Signs of life: numbers that cannot stand still unless what reports them is frozen.

A frozen image behind a live connection, and a frozen camera with fresh times, answer like sound
ones. What gives them away is a heartbeat register, a picture counter or a crowd that does not vary.
"""

from __future__ import annotations

from collections.abc import Iterable

from controller.interface.kind import MANY
from controller.interface.kinds import KINDS
from controller.interface.points import Point, Value


class Life:
    """The signs of life among some points.

    Only what is really heard counts: a source that says nothing is lost, not frozen.
    """

    def __init__(self, points: Iterable[Point]) -> None:
        self._signs: dict[str, tuple[int, float]] = {}
        for point in points:
            role = KINDS[point.kind].points[point.name]
            if role.pace_ms:
                self._signs[point.id] = (role.pace_ms, float("-inf"))
            elif role.varies_ms:
                self._signs[point.id] = (role.varies_ms, MANY)
        self._since: dict[str, tuple[Value, int]] = {}
        self._still: set[str] = set()

    def __bool__(self) -> bool:
        return bool(self._signs)

    @property
    def still(self) -> bool:
        """Whether any of them has stood still for too long."""
        return bool(self._still)

    def hear(self, point: str, value: Value, t_ms: int) -> None:
        """A point read `value` at `t_ms`; one that is no sign of life is passed over."""
        if point not in self._signs or isinstance(value, str):
            return
        limit_ms, least = self._signs[point]
        was, since_ms = self._since.get(point, (None, t_ms))
        if was != value:
            self._since[point] = (value, t_ms)
            self._still.discard(point)
        elif t_ms - since_ms >= limit_ms and value >= least:
            self._still.add(point)

    def forget(self) -> None:
        """The source was away: begin to count anew."""
        self._since.clear()
        self._still.clear()
