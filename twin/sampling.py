"""Read-only sampling of the crowd into the journal, once a second."""

from __future__ import annotations

from devices.surroundings import Record
from evacuation import Crowd
from twin.plan import Plan

PERIOD_MS = 1000


class Sampling:
    """Records the crowd as a whole, and each space whose number of people changed."""

    def __init__(self, crowd: Crowd, plan: Plan, record: Record) -> None:
        self._crowd, self._plan, self._record = crowd, plan, record
        self._present: dict[str, int] = {}
        self.due_ms = 0

    def take(self, now: int) -> None:
        """One sample if a second has passed; waiting counts the unaware and the preparing."""
        if now < self.due_ms:
            return
        self.due_ms = (now // PERIOD_MS + 1) * PERIOD_MS
        tally = self._crowd.states()
        walking, queued, out = tally["walk"], tally["queue"], tally["out"]
        inside = self._crowd.inside
        data = {"inside": inside, "waiting": inside - walking - queued}
        self._record(now, 5, "sample", "crowd", **data, walking=walking, queued=queued, out=out)
        self._spaces(now)

    def _spaces(self, now: int) -> None:
        present, before = self._crowd.counts(), self._present
        changed = [s for s in present | before if present.get(s, 0) != before.get(s, 0)]
        for space in sorted(changed):
            n = present.get(space, 0)
            density = round(n / float(self._plan.walking_m2[self._plan.place[space]]), 3)
            self._record(now, 5, "sample", space, n=n, density=density)
        self._present = present
