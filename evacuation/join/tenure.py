"""An open zone: who of the graph's people it moves, and the exchange at its lines.

Everybody is owned by one side. Whom the zone moves keeps his row, his mind and his place in the
graph's counts; what he has suffered stays with him when the zone gives him back.
"""

from collections.abc import Callable

import numpy as np

from evacuation.conditions import Handling
from evacuation.crush.crush import Crush
from evacuation.crush.parameters import Falls
from evacuation.engine import bodies
from evacuation.engine.arrays import FALLEN, HALTED, LENT, LENT_QUEUE, Longs
from evacuation.engine.walking import halt
from evacuation.join import aims, persons
from evacuation.join.account import Account
from evacuation.join.drawing import Drawing, leaf
from evacuation.join.handled import handle, is_staffed
from evacuation.join.mirror import Mirror
from evacuation.join.patch import Patch
from evacuation.join.spots import Spots
from evacuation.join.taking import Roster, Taking, ready
from evacuation.join.threshold import Threshold, out_of, ways_out
from evacuation.moves import CrushNote
from evacuation.scene import Scene
from evacuation.zone.body import Leaving, State
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
        self, scene: Scene, patch: Patch, drawing: Drawing, seed: int, t: float, falls: Falls,
        suffered: dict[int, State], crush: Crush,
    ) -> None:  # fmt: skip
        self.patch, self.drawing = patch, drawing
        self.notes: list[CrushNote] = []
        self._scene, self.begun_ms, self._falls, self._crush = scene, t, falls, crush
        floor = sum(scene.floor.spaces[one].walking_area_m2 for one in patch.core)
        buffers = sum(drawing.buffers.values()) * 3.0
        most = int((floor + buffers) * LEAST_BODIES_PER_M2)
        self.zone = Zone(drawing.layout, seed, falls.zone, most)
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
        self._out = ways_out(self.thresholds)
        self._gates = [
            (leaf(p), list(scene.floor.portals).index(p)) for p in (*patch.rim, *patch.inner)
            if any(gate.id == leaf(p) for gate in drawing.layout.gates)
        ]  # fmt: skip
        self._roster = Roster(suffered)
        self._taking = Taking(
            scene, patch, drawing, self.zone, self.thresholds, self._roster, seed, crush
        )
        self._account = Account(scene, self.zone, crush, self._core)
        self.room_beyond: Callable[[str], bool] = lambda portal: True
        self._somebody = persons.somebody_of(scene, int(self._core[0]))

    @property
    def rows(self) -> Longs:
        """The rows of those whom the zone moves."""
        return np.array(sorted(self._roster.rows.values()), np.int64)

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

    def handle(self, told: Handling) -> None:
        """Carry out what is done to its spaces and at its portals from now on."""
        self._taking.urgent = handle(
            told, self.zone, self.drawing.frames, self.patch, self.thresholds, self._falls,
            is_staffed(self._crush, self._core),
        )  # fmt: skip

    def begin(self, t: float, why: str) -> None:
        """Take over everybody in the core and the buffers, and let them find their places."""
        self._shut()
        spots = Spots(self.zone)
        self._taking.core(spots, t)
        self._taking.rim(spots, t)
        self.zone.relax()
        self._follow(t)
        self.note("opened", t, why=why)

    def act(self, t: float) -> None:
        """Go on to a time: move, let out, and at times take in and think."""
        while t - self.begun_ms >= self.zone.now_ms + TENTH_MS:
            self._tenth(t)

    def trip(self, space: int, t: float, bends_s: float) -> str:
        """Let the foremost fall who stands in a space, or bend down for so long; '' if nobody is
        there.
        """
        here = {
            name: i for name, i in self._roster.rows.items()
            if self._scene.crowd.space[i] == space and self._scene.crowd.state[i] != FALLEN
        }  # fmt: skip
        if not here:
            return ""
        way = self.zone.store.people.way
        name = min(here, key=lambda one: (way[self.zone.store.slot[one]], one))
        if bends_s > 0.0:
            self.zone.bend(name, bends_s)
            self._crush.bend(here[name], t, bends_s)
            return name
        rho = float(self.zone.store.people.crowding[self.zone.store.slot[name]])
        self.zone.trip(name)
        self._crush.fell(here[name], "forced", rho, t)
        return name

    def end(self, t: float) -> None:
        """Give everybody back to the graph where he is."""
        self._follow(t)
        for name in sorted(self._roster.rows):
            i = self._roster.rows[name]
            self._let_go(i, self.zone.release(name))
            if self._scene.crowd.state[i] in (LENT, LENT_QUEUE):
                bodies.give_back(ready(self._scene, i), i, t)
        self._roster.rows.clear()
        self._account.end()
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
        self._account.fell(found, self._roster.rows, t)
        for gone in found.left:
            self._let_out(gone, t)
        if self.zone.tick % EXCHANGE_TICKS == 0:
            self._exchange(t)
        elif self._taking.is_due():
            self._taking.core(Spots(self.zone), t, only_free=True)

    def _exchange(self, t: float) -> None:
        self._follow(t)
        self._shut()
        spots, hub = Spots(self.zone), self._hub()
        for one in self.thresholds:
            one.press(hub)
        self._taking.rim(spots, t)
        self._taking.core(spots, t, only_free=True)
        if self.zone.tick % RETHINK_TICKS == 0:
            self._think()

    def _let_out(self, gone: Leaving, t: float) -> None:
        i = self._roster.rows.pop(gone.id)
        by = self._roster.by.pop(gone.id, -1)
        self._let_go(i, gone.state)
        hub, crowd = ready(self._scene, i), self._scene.crowd
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
        self._scene.crowd.line["passed"][one.way_out] += 1
        if one.safe:
            bodies.see_out(hub, i, one.way_out, t)
        else:
            bodies.came_by(hub, i, one.portal if by != one.way_out else -1)
            bodies.give_back(hub, i, t)

    def _let_go(self, i: int, state: State) -> None:
        """Let somebody take along what he has suffered."""
        self._roster.suffered[i] = state
        self._account.left(i, state.dose)

    def _carry(self, gone: Leaving, i: int, t: float) -> None:
        """Who was taken off a pile goes no further if he is unconscious, else walks on."""
        self.note("carried", t, gone.id, "unconscious" if self._is_out_cold(gone) else "conscious")
        if self._scene.crowd.state[i] == HALTED:
            return
        if self._is_out_cold(gone):
            halt(ready(self._scene, i), i, t)
        else:
            self._crush.rose(i, t)
            bodies.give_back(ready(self._scene, i), i, t)

    def _is_out_cold(self, gone: Leaving) -> bool:
        return gone.state.dose >= self.zone.parameters.faint

    def _follow(self, t: float) -> None:
        """Let go of those whom somebody else has stopped or taken out; show where the rest are."""
        scene, zone, people = self._scene, self.zone, self.zone.store.people
        for name, i in list(self._roster.rows.items()):
            state = scene.crowd.state[i]
            if state == HALTED:
                slot = zone.store.slot[name]
                people.dose[slot] = max(people.dose[slot], zone.parameters.faint)
            elif state not in (LENT, LENT_QUEUE, FALLEN):
                self._let_go(i, zone.release(name))
                del self._roster.rows[name]
        if self._roster.rows:
            self._mirror.show(self._roster.rows, ready(scene, self._somebody), t)
        self._account.look(self._roster.rows, t)

    def _shut(self) -> None:
        """Shut the gates that are closed in the building, and open the others."""
        for name, p in self._gates:
            self.zone.shut(name, bool(self._scene.seen.closed[p]))

    def _think(self) -> None:
        """Let everybody see what his space shows, and take the best way out as he knows it."""
        scene, names = self._scene, list(self._roster.rows)
        asked = [bodies.looks(self._hub(), i) for i in self._roster.rows.values()]
        if any(asked):
            scene.knowledge.work_out()
            scene.perception.renew()
        slots = np.array([self.zone.store.slot[name] for name in names], np.int64)
        rows = np.array([self._roster.rows[name] for name in names], np.int64)
        came = np.array([self._roster.by.get(name, -1) for name in names], np.int64)
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
