"""How people of the graph become bodies of a zone: where they are put down, and what they bring."""

from dataclasses import dataclass, field, replace

import numpy as np

from evacuation.crush.crush import Crush
from evacuation.engine import bodies
from evacuation.engine.arrays import FALLEN, LENT, QUEUE, WALK, Longs
from evacuation.engine.hub import Hub
from evacuation.join import aims, persons
from evacuation.join.drawing import Drawing
from evacuation.join.patch import Patch
from evacuation.join.spots import Spots
from evacuation.join.threshold import Threshold, ways_out
from evacuation.scene import Scene
from evacuation.streams import shares, words
from evacuation.zone.body import Body, State
from evacuation.zone.zone import Zone


@dataclass(slots=True)
class Roster:
    """Whom a zone moves: ``rows`` by name, ``by`` the crossing out by which each came in (if by a
    line), and ``suffered`` what people take along from zone to zone, by row.
    """

    suffered: dict[int, State]
    rows: dict[str, int] = field(default_factory=dict)
    by: dict[str, int] = field(default_factory=dict)


class Taking:
    """Takes people over for one zone."""

    def __init__(
        self, scene: Scene, patch: Patch, drawing: Drawing, zone: Zone,
        thresholds: list[Threshold], roster: Roster, seed: int, crush: Crush,
    ) -> None:  # fmt: skip
        self._scene, self._zone, self._roster, self._crush = scene, zone, roster, crush
        self._frames, self._thresholds, self._out = drawing.frames, thresholds, ways_out(thresholds)
        names = list(scene.floor.spaces)
        self._core = np.array([names.index(one) for one in patch.core], np.int64)
        self._spaces = [names.index(one.space) for one in drawing.frames]
        outside = {f"{line.id} beyond" for line in drawing.layout.lines}
        self._within = [k for k, one in enumerate(drawing.layout.pieces) if one.id not in outside]
        self._name, self._seed = patch.id, seed
        self._fit = persons.lendable(scene)
        self._somebody = persons.somebody_of(scene, int(self._core[0]))
        self.urgent = False

    def core(self, spots: Spots, t: float, only_free: bool = False) -> None:
        """Put everybody down who is in the core and moved by the graph, and who lies there."""
        crowd = self._scene.crowd
        here = np.isin(crowd.space, self._core) & self._fit
        for i in np.flatnonzero(here & np.isin(crowd.state, (WALK, QUEUE))).tolist():
            self._settle(i, spots, t, only_free)
        for i in self._crush.give_up(self._core, self._fit):
            self._lay(i, spots, t)

    def rim(self, spots: Spots, t: float) -> None:
        """Let those in who come to a line, as far as it takes people."""
        for one in self._thresholds:
            for left, i in one.waiting(self._hub()):
                if self._fit[i] and not self._zone.store.full and one.may_enter:
                    self._come_in(one, i, left, spots, t)

    def is_due(self) -> bool:
        """Whether anybody in the core is still moved by the graph, or lies there."""
        crowd = self._scene.crowd
        here = np.isin(crowd.space, self._core) & self._fit
        moves = bool((here & np.isin(crowd.state, (WALK, QUEUE))).any())
        return moves or self._crush.has_piles(self._core)

    def _settle(self, i: int, spots: Spots, t: float, only_free: bool) -> None:
        """Put somebody of the core down near where he is."""
        body = self._body(i)
        lot = shares(words(self._seed, f"placed {self._name}", [body.id]))[0]
        at = self._place(i, body.build.radius_m, float(lot[0]))
        own = [k for k in self._within if self._spaces[k] == self._scene.space(i)]
        at, clear = spots.near(at, body.build.radius_m, float(lot[1]), own)
        room = body.build.radius_m + (self._zone.parameters.entry_gap if only_free else 0.0)
        if self._zone.store.full or clear == -np.inf or (only_free and clear < room):
            return
        bodies.lend(ready(self._scene, i), i, LENT, t)
        self._own(i, body, at, (0.0, 0.0), spots)

    def _lay(self, i: int, spots: Spots, t: float) -> None:
        """Take somebody over who lies, where he lies."""
        body = self._body(i)
        self._own(i, body, self._place(i, body.build.radius_m, 0.5), (0.0, 0.0), spots)
        space, at = self._scene.space(i), bodies.whereabout(self._hub(), i)[:3]
        bodies.follow(
            ready(self._scene, i), np.array([i], np.int32), np.array([space], np.int32),
            np.array([at]), np.array([FALLEN], np.int32), t,
        )  # fmt: skip
        self._zone.trip(body.id)

    def _come_in(self, one: Threshold, i: int, left: float, spots: Spots, t: float) -> None:
        """Let somebody into a buffer if a disc is free there; else he stays with the graph."""
        body = self._body(i)
        lot = float(shares(words(self._seed, f"entry {self._name}", [body.id]))[0, 0])
        found = one.place_for(spots, left, body.build.radius_m, lot)
        if found is not None:
            x, y, clear = found
            self._roster.by[body.id] = one.way_out
            one.entered(int(self._scene.folk.who["size"][i]))
            bodies.lend(ready(self._scene, i), i, LENT, t)
            self._own(i, body, (x, y), one.speed(body, clear), spots)

    def _own(
        self, i: int, body: Body, at: tuple[float, float], v: tuple[float, float], spots: Spots
    ) -> None:
        state, harm = self._roster.suffered.pop(i, State()), self._crush.harm
        state = replace(state, dose=float(harm.dose[i]), most_n=float(harm.most[i]))
        self._zone.put(body, at, v, state)
        self._roster.rows[body.id] = i
        spots.take(at, body.build.radius_m)

    def _place(self, i: int, radius: float, lot: float) -> tuple[float, float]:
        """Return where somebody of the core is on the plan of the zone; across a flight by lot."""
        x, y, up, _ = bodies.whereabout(self._hub(), i)
        frame = self._frames[self._spaces.index(self._scene.space(i))]
        at = frame.zone(x, y, up)
        if not frame.up_per_m:
            return at
        half = 0.5 * self._scene.floor.spaces[frame.space].width_m - radius
        side = (2.0 * lot - 1.0) * max(half, 0.0)
        return at[0] - side * frame.along[1], at[1] + side * frame.along[0]

    def _body(self, i: int) -> Body:
        aim = self._thresholds[aims.best(self._scene, i, self._out)].line.id
        return persons.body_of(self._scene, i, aim, self.urgent)

    def _hub(self) -> Longs:
        return self._scene.hub(self._somebody)


def ready(scene: Scene, i: int) -> Hub:
    """Return the hub of a person, with room in the log."""
    log = scene.log
    if log.length[0] > log.rows.size // 2:
        scene.drain()
    return scene.hub(i)
