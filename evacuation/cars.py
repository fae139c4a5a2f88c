"""Lifts in service: a car that answers calls, takes people in, rides, and lets them out.

Evacuation service, declared: an idle car goes to the highest storey where somebody waits for it;
it stays until nobody has stepped through its doors for the dwell time, then rides to the nearest
storey where somebody aboard wants out. One person steps through a door per headway of its flow.
The portals of a car are passed by its order only; it stands still while all of them are closed.
"""

from dataclasses import dataclass

import numpy as np

from evacuation.engine.arrays import Longs
from evacuation.floor import Floor
from evacuation.lift import Lift
from evacuation.scene import TICK_STEPS, Scene

IDLE, CLOSING, RIDING, OPENING, OPEN = range(5)
NEVER = float("inf")


@dataclass(slots=True)
class Stop:
    """A storey at which a car stops: its level, and its crossings out of the car."""

    z_m: float
    out: Longs


class Car:
    """One lift. Acts at every step while somebody is in it or waits for it."""

    def __init__(self, scene: Scene, space: int, lift: Lift) -> None:
        self._scene, self._space, self._lift = scene, space, lift
        self._stops = _stops(scene.floor, scene, space)
        self._at = int(np.argmin([abs(stop.z_m) for stop in self._stops])) if self._stops else 0
        self._phase, self._until, self._to = IDLE, 0.0, self._at
        self._used = self._looked = 0.0
        for stop in self._stops:
            scene.crowd.door["ready"][stop.out >> 1] = NEVER

    @property
    def is_busy(self) -> bool:
        """Whether the car moves, or has somebody to take."""
        return self._phase != IDLE or self._is_called

    def act(self, t: float) -> int:
        """Go on; return after how many steps to look again."""
        since, self._looked = t - self._looked, t
        if self._is_stopped:
            if self._phase != IDLE:
                self._until, self._used = self._until + since, self._used + since
            return 1 if self._phase != IDLE else TICK_STEPS
        if self._phase == IDLE and not self._is_called:
            return 1 if self._is_wanted else TICK_STEPS
        if self._phase in (CLOSING, RIDING, OPENING) and t >= self._until:
            self._arrive(t)
        elif self._phase == OPEN:
            self._serve(t)
        elif self._phase == IDLE:
            self._start(t)
        return 1

    @property
    def _is_stopped(self) -> bool:
        """Whether every door of the shaft is closed: the car stays where it is, as it is."""
        shut = self._scene.perception.seen.closed
        return bool(self._stops) and all(shut[stop.out >> 1].all() for stop in self._stops)

    def _queue(self, crossings: Longs) -> int:
        return int(self._scene.crowd.line["queued"][crossings].sum())

    @property
    def _is_called(self) -> bool:
        """Whether somebody queues for the car, or in it."""
        return any(self._queue(stop.out ^ 1) + self._queue(stop.out) for stop in self._stops)

    @property
    def _is_wanted(self) -> bool:
        """Whether somebody is on his way to the car."""
        return any(self._scene.crowd.rings[stop.out ^ 1].any() for stop in self._stops)

    def _start(self, t: float) -> None:
        """Answer: those aboard first, then the highest call."""
        aboard = [k for k, stop in enumerate(self._stops) if self._wants_out(stop)]
        calls = [k for k, stop in enumerate(self._stops) if self._queue(stop.out ^ 1)]
        z = self._stops[self._at].z_m
        if aboard:
            self._to = min(aboard, key=lambda k: (abs(self._stops[k].z_m - z), k))
        elif calls:
            self._to = max(calls, key=lambda k: (self._stops[k].z_m, -k))
        else:
            return
        if self._to == self._at:
            self._phase, self._until = OPENING, t + self._lift.open_ms
        else:
            self._ride(t)

    def _wants_out(self, stop: Stop) -> bool:
        crowd = self._scene.crowd
        here = crowd.space == self._space
        return bool(np.isin(crowd.who["target"][here], stop.out).any())

    def _ride(self, t: float) -> None:
        rise = self._stops[self._to].z_m - self._stops[self._at].z_m
        self._phase, self._until = RIDING, t + self._lift.ride_ms(rise)

    def _arrive(self, t: float) -> None:
        due = self._until
        if self._phase == RIDING:
            self._at = self._to
            self._phase, self._until = OPENING, due + self._lift.open_ms
        elif self._phase == OPENING:
            self._phase, self._used, self._until = OPEN, due, due
        else:
            self._phase = IDLE
            self._start(due)
            return
        if t >= self._until and self._phase == OPENING:
            self._arrive(t)

    def _serve(self, t: float) -> None:
        """Let people out, then in, one per headway; close when nobody has come for a while."""
        stop = self._stops[self._at]
        crowd, net = self._scene.crowd, self._scene.net
        while self._until <= t:
            c = next((c for c in stop.out.tolist() if crowd.line["queued"][c]), -1)
            full = crowd.room["count"][self._space] >= self._lift.capacity
            if c < 0 and not full:
                c = next((c ^ 1 for c in stop.out.tolist() if crowd.line["queued"][c ^ 1]), -1)
            if c < 0 or self._is_full_beyond(c):
                break
            self._scene.usher(int(crowd.line["head"][c]), t)
            self._used = t
            self._until = t + 1000.0 / float(net.door["capacity"][c >> 1])
        if t >= self._used + self._lift.dwell_ms and not self._wants_out(stop):
            self._phase, self._until = CLOSING, t + self._lift.close_ms

    def _is_full_beyond(self, c: int) -> bool:
        cell, net = int(self._scene.net.line["into"][c]), self._scene.net
        return bool(self._scene.crowd.cell["load"][cell] >= net.cell["packed"][cell])


def _stops(floor: Floor, scene: Scene, space: int) -> list[Stop]:
    """Return the storeys of a car, from below; portals on one level are one stop."""
    spaces = list(floor.spaces.values())
    levels: dict[float, list[int]] = {}
    for c in scene.knowledge.routes.ways(space).tolist():
        levels.setdefault(spaces[scene.net.line["recv"][c]].z_m, []).append(c)
    return [Stop(z, np.array(levels[z], np.int64)) for z in sorted(levels)]
