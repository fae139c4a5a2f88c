"""Expected ways to safety: one cost field over the crossings for each distinct knowledge.

Ways give for every crossing the remaining way behind it, in metres of level walking (stairs
count by their speed), plus surcharges for ways known to be bad, and the narrowest capacity on it.
"""

from collections.abc import Collection

import numpy as np

from evacuation.engine.arrays import HOPELESS_M, Flags, Floats, Longs, Net
from evacuation.engine.fields import NONE, Heap, Steps, Ways, work_out
from evacuation.floor import Floor
from evacuation.network import group_by, walkable

SMOKE_M = 1e4
"""Surcharge for a portal into dense smoke: taken only if no clear way is known."""
SIGN_M = 2e3
"""Surcharge for leaving a space by another way than its sign points."""
REFUGE_M = 5e5
"""Offset of ways to a refuge, for those who can not take stairs and know no step-free way out."""
UNFAMILIAR_M = 1e5
"""Offset of ways to exits that one does not know; used when all that one knows are closed."""
FORBIDDEN_M = 1e6
"""Offset of ways through portals that one was told not to use; the last resort."""
CLOSED_M = HOPELESS_M
"""Offset of ways through portals known to be closed: who knows no way out waits at the nearest."""
TRUSTED_M = 1e5
"""Surcharge for waiting at a portal known to be closed, before one that might be open by now."""
LEAST_M = 1e-6


class Routes:
    """Shortest ways over the directed crossings of a floor."""

    def __init__(self, floor: Floor, net: Net) -> None:
        self.net = net
        self.send, self.recv = net.line["send"], net.line["recv"]
        self.usable = walkable(floor, net)
        self.size = net.line.size
        self._outward = self.usable & net.room["safe"][self.recv]
        numbers = {p: k for k, p in enumerate(floor.portals)}
        self.exits = [numbers[e] for e in floor.exits]
        self._of_kinds(floor)
        self._steps = self._all_steps(floor)
        longest = self._steps.tail.size + self.size + 1
        self._heap = Heap(np.zeros(longest), np.zeros(longest, np.int64), np.zeros(1, np.int64))
        self._plain, self._spare = _no_ways(self.size), _no_ways(self.size)
        self._barred: dict[float, Floats] = {}
        self._lead_out: dict[float, Flags] = {}
        self._anything = np.ones(self.size, np.bool_)
        every = self._field(self._out(self.exits), np.zeros(self.size), self._anything)
        self._leads = np.isfinite(every.beyond)

    def field(self, exits: Collection[int], surcharge: Floats) -> Ways:
        """Return the ways to some exits (portal numbers), none of which comes back to the space
        it leaves; ``surcharge`` is metres per crossing, infinite where one knows it is impassable.
        """
        return self._field(self._out(exits), surcharge, self._leads)

    def field_into(self, ends: Flags, surcharge: Floats) -> Ways:
        """Return the ways to some crossings, as in ``field``."""
        return self._field(ends, surcharge, self._anything)

    def into(self, space: int) -> Flags:
        """Return which crossings lead into a space."""
        return np.asarray(self.usable & (self.recv == space))

    def barred(self, wheels_m: float) -> Floats:
        """Return the surcharge of what somebody can not or may not use: infinite or zero.

        On foot (0) lifts for assisted people; who needs a clear width for his wheels, stairs
        and narrower portals.
        """
        if wheels_m not in self._barred:
            bar = self._stairs | (self._clear_m < wheels_m) if wheels_m else self._kept
            self._barred[wheels_m] = np.where(bar, np.inf, 0.0)
        return self._barred[wheels_m]

    def lead_out(self, wheels_m: float) -> Flags:
        """Return which crossings lead out at all, for who needs such a width (0: on foot)."""
        if wheels_m not in self._lead_out:
            found = self.field(self.exits, self.barred(wheels_m))
            self._lead_out[wheels_m] = np.isfinite(found.beyond)
        return self._lead_out[wheels_m]

    def _field(self, ends: Flags, surcharge: Floats, leads: Flags) -> Ways:
        found = _no_ways(self.size)
        price = np.where(self.usable, surcharge, np.inf)
        work_out(self._steps, price, ends, leads, self._plain, self._spare, self._heap, found)
        return found

    def _of_kinds(self, floor: Floor) -> None:
        """Note what spaces mean to those on wheels, and who may use lifts."""
        spaces = list(floor.spaces.values())
        refuge = np.array([s.refuge for s in spaces], np.bool_)
        self.refuge = self.usable & refuge[self.recv]
        self.from_refuge = refuge[self.send]
        self._stairs = np.asarray(self.net.room["stair"][self.recv], np.bool_)
        self._kept = np.array([not s.is_for_all for s in spaces], np.bool_)[self.recv]
        self._clear_m = np.repeat([p.width_m for p in floor.portals.values()], 2)

    def exit_behind(self, crossing: int, surcharge: Floats) -> int:
        """Return the nearest exit behind a crossing without coming back, -1 if there is none."""
        return next((c >> 1 for c in self.way_behind(crossing, surcharge)[-1:]), -1)

    def way_behind(self, crossing: int, surcharge: Floats) -> list[int]:
        """Return the crossings to the nearest exit behind one, itself first; none if there is
        no such way without coming back.
        """
        price = surcharge + self.barred(0.0)
        price[self.ways(int(self.send[crossing]))] = np.inf
        price[crossing] = surcharge[crossing]
        found = self.field(self.exits, price)
        if not np.isfinite(found.beyond[crossing]):
            return []
        way = [crossing]
        while found.after[way[-1]] != NONE:
            way.append(int(found.after[way[-1]]))
        return way

    def ways(self, space: int) -> Longs:
        """Return the crossings that leave a space."""
        room = self.net.room[space]
        return self.net.leaving[room["low"] : room["high"]]

    def _out(self, exits: Collection[int]) -> Flags:
        chosen = np.zeros(self.size, np.bool_)
        for portal in sorted(exits):
            chosen[2 * portal : 2 * portal + 2] = True
        return np.asarray(chosen & self._outward)

    def _all_steps(self, floor: Floor) -> Steps:
        """Return all steps from one crossing to the next, with the metres across the space."""
        tail, head = self._pairs()
        first, order = group_by(head, self.size)
        return Steps(
            first=first,
            tail=tail[order],
            metres=self._across(floor, tail, head)[order],
            send=np.ascontiguousarray(self.send, np.int64),
            capacity=self.net.door["capacity"][np.arange(self.size) >> 1],
            order=self.net.leaving,
        )

    def _pairs(self) -> tuple[Longs, Longs]:
        """Return (a, b) for all crossings b that one can take next after a crossing a."""
        onward = np.flatnonzero(self.usable & ~self._outward)
        room = self.net.room[self.recv[onward]]
        count = room["high"].astype(np.int64) - room["low"]
        tail = np.repeat(onward, count)
        begin = np.repeat(np.cumsum(count) - count, count)
        head = self.net.leaving[np.repeat(room["low"], count) + np.arange(tail.size) - begin]
        good = (head >> 1 != tail >> 1) & self.usable[head]
        return tail[good], head[good]

    def _across(self, floor: Floor, tail: Longs, head: Longs) -> Floats:
        slope, door = self.net.line["slope"], self.net.door
        up = np.abs(slope[tail ^ 1] - slope[head])
        a, b = door[tail >> 1], door[head >> 1]
        flat = np.hypot(a["x"] - b["x"], a["y"] - b["y"])
        metres = np.where(up > 0.0, up, flat) / self.net.line["factor"][head]
        self._rides(floor, tail, head, metres)
        return np.asarray(np.maximum(metres, LEAST_M))

    def _rides(self, floor: Floor, tail: Longs, head: Longs, metres: Floats) -> None:
        """Put the time of a ride in place of the way across a lift."""
        spaces = list(floor.spaces.values())
        lifts = np.array([space.lift is not None for space in spaces], np.bool_)
        for k in np.flatnonzero(lifts[self.recv[tail]]).tolist():
            lift = spaces[self.recv[tail[k]]].lift
            rise = spaces[self.recv[head[k]]].z_m - spaces[self.send[tail[k]]].z_m
            if lift is not None:
                metres[k] = max(metres[k], lift.metres(rise))


def _no_ways(size: int) -> Ways:
    return Ways(np.full(size, np.inf), np.ones(size), np.full(size, NONE, np.int64))
