"""An open zone: who of the graph's people it moves, and the exchange at its lines.

Everybody is owned by one side. Whom the zone moves keeps his row, his mind and his place in the
graph's counts; what he has suffered stays with him when the zone gives him back.
"""

from collections.abc import Callable

import numpy as np

from evacuation.engine import bodies
from evacuation.engine.arrays import (
    FALLEN,
    HALTED,
    LENT,
    LENT_QUEUE,
    QUEUE,
    WALK,
    Longs,
)
from evacuation.engine.walking import halt
from evacuation.join import aims, persons
from evacuation.join.drawing import Drawing, leaf
from evacuation.join.mirror import Mirror
from evacuation.join.patch import Patch
from evacuation.join.spots import Spots
from evacuation.join.threshold import Threshold, out_of
from evacuation.moves import CrushNote
from evacuation.scene import Scene
from evacuation.streams import shares, words
from evacuation.zone.body import Body, Leaving, State
from evacuation.zone.parameters import Parameters
from evacuation.zone.zone import TENTH_MS, Zone

EXCHANGE_TICKS, RETHINK_TICKS = 5, 10
"""Tenths of a second between two exchanges with the graph, and between two thoughts of a way."""
WIDE_M = 0.19
"""Radius of an adult."""
LEAST_BODIES_PER_M2 = 16.0
"""Room for so many: small children packed (0.053 m2 at an occupancy of 0.85)."""


class Tenure:
    """One zone that is open, from a time on."""

    def __init__(
        self, scene: Scene, patch: Patch, drawing: Drawing, seed: int, t: float,
        parameters: Parameters, suffered: dict[int, State],
    ) -> None:  # fmt: skip
        self.patch, self.drawing = patch, drawing
        self._suffered = suffered
        self.notes: list[CrushNote] = []
        self._scene, self.begun_ms, self._seed = scene, t, seed
        floor = sum(scene.floor.spaces[one].walking_area_m2 for one in patch.core)
        buffers = sum(drawing.buffers.values()) * 3.0
        most = int((floor + buffers) * LEAST_BODIES_PER_M2)
        self.zone = Zone(drawing.layout, seed, parameters, most)
        names = list(scene.floor.spaces)
        self._core = np.array([names.index(one) for one in patch.core], np.int64)
        self._mirror = Mirror(scene, self.zone, drawing.frames)
        at = {piece.id: k for k, piece in enumerate(drawing.layout.pieces)}
        self.thresholds = [
            Threshold(
                scene, self.zone, line,
                (drawing.frames[at[f"{line.id} beyond"]], drawing.buffers[line.id]),
                out_of(scene, line.id, patch.within(line.id)),
            )
            for line in drawing.layout.lines
        ]  # fmt: skip
        self._out = np.array([one.way_out for one in self.thresholds], np.int64)
        self._gates = [
            (leaf(p), list(scene.floor.portals).index(p)) for p in (*patch.rim, *patch.inner)
            if any(gate.id == leaf(p) for gate in drawing.layout.gates)
        ]  # fmt: skip
        self._rows: dict[str, int] = {}
        self._by: dict[str, int] = {}
        self._fit = persons.lendable(scene)
        self.room_beyond: Callable[[str], bool] = lambda portal: True
        self._somebody = persons.somebody_of(scene, int(self._core[0]))

    @property
    def rows(self) -> Longs:
        """The rows of those whom the zone moves."""
        return np.array(sorted(self._rows.values()), np.int64)

    @property
    def most_n(self) -> float:
        """The greatest compressive force on anybody in it so far, N."""
        return float(self.zone.store.people.most.max())

    def note(self, what: str, t: float, person: str = "", why: str = "") -> None:
        """Write down what happened."""
        most = round(self.most_n, 1)
        self.notes.append(
            CrushNote(what, self.patch.id, person, round(t), why, self.zone.inside, most)
        )

    def begin(self, t: float, why: str) -> None:
        """Take over everybody in the core and the buffers, and let them find their places."""
        self._shut()
        spots = Spots(self.zone)
        for i in self._movers():
            self._settle(i, spots, t)
        for one in self.thresholds:
            for left, i in one.waiting(self._hub()):
                self._come_in(one, i, left, spots, t)
        self.zone.relax()
        self._follow(t)
        self.note("opened", t, why=why)

    def act(self, t: float) -> None:
        """Go on to a time: move, let out, and at times take in and think."""
        while t - self.begun_ms >= self.zone.now_ms + TENTH_MS:
            self._tenth(t)

    def end(self, t: float) -> None:
        """Give everybody back to the graph where he is."""
        self._follow(t)
        for name in sorted(self._rows):
            i = self._rows[name]
            self._suffered[i] = self.zone.release(name)
            if self._scene.crowd.state[i] in (LENT, LENT_QUEUE):
                bodies.give_back(self._ready(i), i, t)
        self._rows.clear()
        self.note("closed", t)

    def has_room(self, portal: str) -> bool:
        """Whether somebody could come in by a portal of the rim now."""
        return self.zone.supply(portal, WIDE_M) > 0

    def waits(self) -> bool:
        """Whether people stand in it before a shut gate."""
        shut = self._scene.seen.closed
        stuck = self._scene.crowd.state[self.rows] == LENT_QUEUE
        return bool(stuck.any() and any(shut[p] for _, p in self._gates))

    def _tenth(self, t: float) -> None:
        hub = self._hub()
        for one in self.thresholds:
            if not one.safe:
                one.meter(hub, TENTH_MS / 1000, self.room_beyond(one.line.id))
        found = self.zone.advance(TENTH_MS)
        for fall in found.falls:
            self.note("fell", t, fall.id, fall.cause)
        for gone in found.left:
            self._let_out(gone, t)
        if self.zone.tick % EXCHANGE_TICKS == 0:
            self._exchange(t)
        elif movers := self._movers():
            spots = Spots(self.zone)
            for i in movers:
                self._settle(i, spots, t, only_free=True)

    def _exchange(self, t: float) -> None:
        self._follow(t)
        self._shut()
        spots, hub = Spots(self.zone), self._hub()
        for one in self.thresholds:
            one.press(hub)
            for left, i in one.waiting(hub):
                self._come_in(one, i, left, spots, t)
        for i in self._movers():
            self._settle(i, spots, t, only_free=True)
        if self.zone.tick % RETHINK_TICKS == 0:
            self._think()

    def _movers(self) -> list[int]:
        """Those in the core whom the graph still moves."""
        crowd = self._scene.crowd
        here = np.isin(crowd.space, self._core) & self._fit
        return np.flatnonzero(here & ((crowd.state == WALK) | (crowd.state == QUEUE))).tolist()

    def _settle(self, i: int, spots: Spots, t: float, only_free: bool = False) -> None:
        """Put somebody of the core down near where he is."""
        x, y, up, _ = bodies.whereabout(self._hub(), i)
        space = int(self._scene.crowd.space[i])
        piece = int(np.flatnonzero(self._mirror.spaces == space)[0])
        body = self._body(i)
        lot = shares(words(self._seed, f"placed {self.patch.id}", [body.id]))[0]
        frame = self.drawing.frames[piece]
        at = frame.zone(x, y, up)
        if frame.up_per_m:
            half = 0.5 * self._scene.floor.spaces[frame.space].width_m - body.build.radius_m
            side = (2.0 * float(lot[0]) - 1.0) * max(half, 0.0)
            at = (at[0] - side * frame.along[1], at[1] + side * frame.along[0])
        at, clear = spots.near(at, body.build.radius_m, float(lot[1]))
        room = body.build.radius_m + (self.zone.parameters.entry_gap if only_free else 0.0)
        if self.zone.store.full or clear == -np.inf or (only_free and clear < room):
            return
        self._own(i, body, at, (0.0, 0.0), spots, t)

    def _come_in(self, one: Threshold, i: int, left: float, spots: Spots, t: float) -> None:
        """Let somebody into a buffer if a disc is free there; else he stays with the graph."""
        if not self._fit[i] or self.zone.store.full:
            return
        body = self._body(i)
        lot = shares(words(self._seed, f"entry {self.patch.id}", [body.id]))[0, 0]
        found = one.place_for(spots, left, body.build.radius_m, float(lot))
        if found is not None:
            x, y, clear = found
            self._by[body.id] = one.way_out
            self._own(i, body, (x, y), one.speed(body, clear), spots, t)

    def _own(
        self, i: int, body: Body, at: tuple[float, float], v: tuple[float, float], spots: Spots,
        t: float,
    ) -> None:  # fmt: skip
        bodies.lend(self._ready(i), i, LENT, t)
        self.zone.put(body, at, v, self._suffered.pop(i, State()))
        self._rows[body.id] = i
        spots.take(at, body.build.radius_m)

    def _body(self, i: int) -> Body:
        aim = self.thresholds[aims.best(self._scene, i, self._out)].line.id
        return persons.body_of(self._scene, i, aim)

    def _let_out(self, gone: Leaving, t: float) -> None:
        i = self._rows.pop(gone.id)
        by = self._by.pop(gone.id, -1)
        self._suffered[i] = gone.state
        hub, crowd = self._ready(i), self._scene.crowd
        if gone.line == "":
            self._carry(gone, i, t)
            return
        one = next(one for one in self.thresholds if one.line.id == gone.line)
        one.passed(int(self._scene.folk.who["size"][i]))
        if crowd.state[i] not in (LENT, LENT_QUEUE, FALLEN):
            return
        x, y = (0.5 * (p + q) for p, q in zip(one.line.a, one.line.b, strict=True))
        at = one.frame.building(x, y)
        net = self._scene.net
        space = net.line["send" if one.safe else "recv"][one.way_out]
        self._put(hub, i, int(space), at, LENT, t)
        if one.safe:
            bodies.see_out(hub, i, one.way_out, t)
        else:
            bodies.came_by(hub, i, one.portal if by != one.way_out else -1)
            bodies.give_back(hub, i, t)

    def _carry(self, gone: Leaving, i: int, t: float) -> None:
        """Who was taken off a pile goes no further if he is unconscious, else walks on."""
        self.note("carried", t, gone.id, "unconscious" if self._is_out_cold(gone) else "conscious")
        if self._scene.crowd.state[i] == HALTED:
            return
        if self._is_out_cold(gone):
            halt(self._ready(i), i, t)
        else:
            bodies.give_back(self._ready(i), i, t)

    def _is_out_cold(self, gone: Leaving) -> bool:
        return gone.state.dose >= self.zone.parameters.faint

    def _follow(self, t: float) -> None:
        """Let go of those whom somebody else has stopped or taken out; show where the rest are."""
        zone, people = self.zone, self.zone.store.people
        for name, i in list(self._rows.items()):
            state = self._scene.crowd.state[i]
            if state == HALTED:
                slot = zone.store.slot[name]
                people.dose[slot] = max(people.dose[slot], zone.parameters.faint)
            elif state not in (LENT, LENT_QUEUE, FALLEN):
                self._suffered[i] = zone.release(name)
                del self._rows[name]
        if self._rows:
            self._mirror.show(self._rows, self._ready(self._somebody), t)

    def _shut(self) -> None:
        """Shut the gates that are closed in the building, and open the others."""
        for name, p in self._gates:
            self.zone.shut(name, bool(self._scene.seen.closed[p]))

    def _think(self) -> None:
        """Let everybody see what his space shows, and take the best way out as he knows it."""
        scene, names = self._scene, list(self._rows)
        asked = [bodies.looks(self._hub(), i) for i in self._rows.values()]
        if any(asked):
            scene.knowledge.work_out()
            scene.perception.renew()
        slots = np.array([self.zone.store.slot[name] for name in names], np.int64)
        rows = np.array([self._rows[name] for name in names], np.int64)
        came = np.array([self._by.get(name, -1) for name in names], np.int64)
        aims.renew(scene, self.zone, slots, rows, came, self._out)

    def _put(
        self, hub: Longs, i: int, space: int, at: tuple[float, float, float], state: int, t: float
    ) -> None:
        bodies.follow(
            hub, np.array([i], np.int32), np.array([space], np.int32), np.array([at]),
            np.array([state], np.int32), t,
        )  # fmt: skip

    def _hub(self) -> Longs:
        return self._scene.hub(self._somebody)

    def _ready(self, i: int) -> Longs:
        """The hub, with room in the log."""
        log = self._scene.log
        if log.length[0] > log.rows.size // 2:
            self._scene.drain()
        return self._scene.hub(i)
