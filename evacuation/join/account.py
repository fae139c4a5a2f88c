"""Books with the crowd's falls and crush what a zone does to people, as the graph books its own."""

from collections.abc import Mapping

import numpy as np

from evacuation.crush.crush import Crush
from evacuation.engine.arrays import Longs
from evacuation.scene import Scene
from evacuation.zone.kernels.arrays import FALLEN
from evacuation.zone.zone import Happenings, Zone


class Account:
    """The account of one zone: falls, risings, doses, crowding and forces, and who goes where."""

    def __init__(self, scene: Scene, zone: Zone, crush: Crush, core: Longs) -> None:
        self._scene, self._zone, self._crush, self._core = scene, zone, crush, core
        line = scene.net.line
        ends = zip(line["send"].tolist(), line["recv"].tolist(), strict=True)
        self._crossings = {ends: c for c, ends in enumerate(ends)}
        self._dose: dict[str, float] = {}
        self._space: dict[str, int] = {}
        self._lying: set[str] = set()

    def fell(self, found: Happenings, rows: Mapping[str, int], t: float) -> None:
        """Book who fell by himself, or over others."""
        for fall in found.falls:
            self._crush.fell(rows[fall.id], fall.cause, fall.adults_per_m2, t)

    def look(self, rows: Mapping[str, int], t: float) -> None:
        """Book how people are who are in the zone, once the graph knows where."""
        zone, crush = self._zone, self._crush
        names = list(rows)
        who = np.array(list(rows.values()), np.int64)
        slots = np.array([zone.store.slot[name] for name in names], np.int64)
        f, lies = zone.store.people, zone.store.discs.kind[slots] == FALLEN
        now = self._scene.crowd.space[who].astype(np.int64)
        before = np.array(
            [self._dose.get(n, float(crush.harm.dose[i])) for n, i in rows.items()], np.float64
        )
        crush.bear(who, before, f.dose[slots], f.most[slots], t)
        self._dose = dict(zip(names, f.dose[slots].tolist(), strict=True))
        crush.measures.feel(
            self._core, now, f.crowding[slots], np.where(lies, 0.0, f.squeeze[slots]), lies
        )
        lying = {name for name, one in zip(names, lies.tolist(), strict=True) if one}
        for name in sorted((self._lying - lying) & rows.keys()):
            crush.rose(rows[name], t)
        self._lying = lying
        self._pass(dict(zip(names, now.tolist(), strict=True)))

    def left(self, row: int, dose: float) -> None:
        """Book what somebody takes along who leaves the zone."""
        self._crush.harm.dose[row] = dose

    def end(self) -> None:
        """Forget the crowding of a zone that is closed."""
        none = np.zeros(0)
        self._crush.measures.feel(self._core, none.astype(np.int64), none, none, none > 0.0)

    def _pass(self, now: dict[str, int]) -> None:
        """Count who has gone from one space into the next of the core."""
        passed = self._scene.crowd.line["passed"]
        for name, space in now.items():
            crossing = self._crossings.get((self._space.get(name, space), space))
            if crossing is not None and space in self._core:
                passed[crossing] += 1
        self._space = now
