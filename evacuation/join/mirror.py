"""Keeps the graph's counts true of those whom a zone moves: where each is, and what he does."""

from collections.abc import Mapping, Sequence

import numpy as np

from evacuation.engine import bodies
from evacuation.engine.arrays import FALLEN, HALTED, LENT, LENT_QUEUE, Floats, Ints, Longs
from evacuation.engine.hub import Hub
from evacuation.join.frame import Frame
from evacuation.join.spots import pieces_at
from evacuation.scene import Scene
from evacuation.zone.kernels.arrays import FALLEN as LIES
from evacuation.zone.kernels.arrays import TRAIL
from evacuation.zone.zone import Zone

STANDS_M_S, GOES_M_S = 0.3, 0.5
"""Who comes no further than the first in a second queues, until he does the second: queues move."""
SECOND_TICKS = 9


class Mirror:
    """Shows the graph where the people of a zone are."""

    def __init__(self, scene: Scene, zone: Zone, frames: Sequence[Frame]) -> None:
        """``frames`` are those of the zone's pieces of ground."""
        names = list(scene.floor.spaces)
        self._scene, self._zone, self._frames = scene, zone, frames
        self.spaces = np.array([names.index(one.space) for one in frames], np.int32)

    def show(self, rows: Mapping[str, int], hub: Hub, t: float) -> None:
        """Put all of them where they are; ``rows`` by name."""
        slots = np.array([self._zone.store.slot[name] for name in rows], np.int64)
        who = np.array(list(rows.values()), np.int32)
        d = self._zone.store.discs
        piece = pieces_at(self._zone, np.stack([d.x[slots], d.y[slots]], 1))
        spaces = np.where(piece >= 0, self.spaces[piece], self._scene.crowd.space[who])
        states = self._states(slots, who)
        keep = np.flatnonzero(self._scene.crowd.state[who] != HALTED)
        keep = keep[np.argsort(who[keep], kind="stable")]
        at = self._places(piece, slots, who)
        bodies.follow(
            hub, who[keep], spaces[keep].astype(np.int32), np.ascontiguousarray(at[keep]),
            states[keep], t,
        )  # fmt: skip

    def _places(self, piece: Ints, slots: Longs, who: Ints) -> Floats:
        """Places in the building; who is off the ground stays where he was."""
        d, trail = self._zone.store.discs, self._scene.crowd.trail
        found = np.stack([trail[name][who].astype(np.float64) for name in ("x", "y", "up")], 1)
        for k, (p, i) in enumerate(zip(piece.tolist(), slots.tolist(), strict=True)):
            if p >= 0:
                found[k] = self._frames[p].building(float(d.x[i]), float(d.y[i]))
        return found

    def _states(self, slots: Longs, who: Ints) -> Ints:
        """Whether people lie, stand or walk, by how far they came in the last second."""
        d, f = self._zone.store.discs, self._zone.store.people
        back = slots * TRAIL + (self._zone.tick - SECOND_TICKS) % TRAIL
        came = np.hypot(d.x[slots] - f.trail_x[back], d.y[slots] - f.trail_y[back])
        stood = self._scene.crowd.state[who] == LENT_QUEUE
        states = np.where(came < np.where(stood, GOES_M_S, STANDS_M_S), LENT_QUEUE, LENT)
        return np.where(d.kind[slots] == LIES, FALLEN, states).astype(np.int32)
