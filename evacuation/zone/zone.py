"""A zone: people as bodies between walls, advanced by tenths of a second.

The hand-over to whatever else moves people: ``supply`` says how many a line takes now, ``offer``
hands one over (False: he stays with who offers him), ``advance`` hands back who left. ``press``
carries a queue's push in, ``pressure`` reads it out, ``block`` spills back. Nobody is owned twice.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from evacuation.zone import lines
from evacuation.zone.bending import Bending
from evacuation.zone.body import CAUSES, Body, Fall, Leaving, State
from evacuation.zone.grids import ground_of, walls_of
from evacuation.zone.kernels.arrays import FALLEN, STALE, STANDING
from evacuation.zone.kernels.falling import let_go, trip
from evacuation.zone.kernels.lying import settle
from evacuation.zone.kernels.relaxing import spread_out
from evacuation.zone.kernels.stepping import decide, renew_live, run_tenth, think
from evacuation.zone.kernels.wayfield import look_for_ways
from evacuation.zone.layout import Layout, Line, Point
from evacuation.zone.parameters import Parameters
from evacuation.zone.rescue import Rescue
from evacuation.zone.store import Store, longer, new_pairs
from evacuation.zone.word import Word

TENTH_MS = 100
RELAX_STEPS, CALM_TICKS, LOOK_TICKS = 200, 10, 10


@dataclass(slots=True)
class Happenings:
    """What happened while a zone advanced."""

    left: list[Leaving] = field(default_factory=list)
    falls: list[Fall] = field(default_factory=list)
    risen: int = 0


class Zone:
    """One zone; the same layout, seed, people and calls give the same bytes."""

    def __init__(
        self, layout: Layout, seed: int, parameters: Parameters | None = None, most: int = 1000
    ) -> None:
        """Draw the zone; it holds at most ``most`` people. ValueError where no aim can be drawn."""
        self.layout, self.parameters = layout, parameters or Parameters()
        self.law = self.parameters.law()
        self.walls = walls_of(layout)
        self.ground = ground_of(layout, self.walls)
        self.store = Store(most, seed, self.parameters.tough_sigma)
        self.pairs = new_pairs(self.ground, most, self.law)
        self._lines = {line.id: line for line in layout.lines}
        outs = [line.id for line in layout.lines if line.out]
        self._aims = {name: k for k, name in enumerate([*outs, *layout.ways])}
        self._ways = len(outs)
        self._first_gate = len(self.walls.x0) - len(layout.gates) - len(layout.lines)
        self._wall = {
            name: self._first_gate + k
            for k, name in enumerate([*(g.id for g in layout.gates), *(x.id for x in layout.lines)])
        }
        self._pressed: dict[str, float] = {}
        self.word, self.rescue = Word(self.parameters), Rescue(self.parameters)
        self._bending = Bending()
        self.tick = self._calm_until = 0
        self.entered = self.gone = 0

    @property
    def now_ms(self) -> int:
        """Time since the zone began."""
        return self.tick * TENTH_MS

    @property
    def inside(self) -> int:
        """How many the zone owns."""
        return len(self.store.slot)

    @property
    def standing(self) -> int:
        """How many of them stand."""
        return int((self.store.discs.kind[: self.store.slots] == STANDING).sum())

    @property
    def fallen(self) -> int:
        """How many lie."""
        return int((self.store.discs.kind[: self.store.slots] == FALLEN).sum())

    def place(self, bodies: Sequence[Body], at: Sequence[Point]) -> None:
        """Put people down who are there from the start."""
        for body, point in zip(bodies, at, strict=True):
            self._add(body, point, (0.0, 0.0), State())

    def supply(self, line: str, radius_m: float) -> int:
        """How many people of a radius could come in by a line now, side by side."""
        if self.store.full:
            return 0
        return lines.fits(self._line(line), radius_m, self.store.discs, self.parameters.entry_gap)

    def offer(self, line: str, body: Body, state: State = State()) -> bool:  # noqa: B008
        """Take a person over at a line; False if there is no room, and then he is not ours."""
        door, radius = self._line(line), body.build.radius_m
        at = lines.spots(door, radius)
        if self.store.full or not len(at):
            return False
        clear = lines.clearance(at, self.store.discs)
        free = np.flatnonzero(clear >= radius + self.parameters.entry_gap)
        if not len(free):
            return False
        pick = int(free[self.entered * 7919 % len(free)])
        headway = max(self.law.headway, 0.1)
        speed = min(body.speed_m_s, max(float(clear[pick]) - radius, 0.0) / headway)
        v = (door.inward[0] * speed, door.inward[1] * speed)
        self._add(body, (float(at[pick, 0]), float(at[pick, 1])), v, state)
        return True

    def put(self, body: Body, at: Point, v: Point, state: State = State()) -> None:  # noqa: B008
        """Take a person over at a place and a speed, wherever others are."""
        self._add(body, at, v, state)

    def release(self, person: str) -> State:
        """Hand somebody out where he is; what he takes along."""
        state = self.store.remove(self.store.slot[person])
        self.gone += 1
        settle(self.store.discs, self.store.people)
        renew_live(self.store.discs, self.pairs)
        return state

    def aims(self, person: str, line: str) -> None:
        """Let somebody head for another line from now on."""
        self.store.people.aim[self.store.slot[person]] = self._aims[line]

    def relax(self) -> float:
        """Move people apart who were put down over each other; the deepest overlap left, m.

        Nobody falls or is hurt in the second that follows.
        """
        d, f, slots = self.store.discs, self.store.people, self.store.slots
        deep = spread_out(d, self.walls, slots, RELAX_STEPS)
        f.trail_x.reshape(slots, -1)[:] = d.x[:slots, None]
        f.trail_y.reshape(slots, -1)[:] = d.y[:slots, None]
        self.pairs.meta[STALE] = 1
        self._calm_until = self.tick + CALM_TICKS
        return float(deep)

    def press(self, line: str, force_n: float) -> None:
        """Push inward at a line from now on, as a queue outside does; 0 ends it."""
        self._line(line)
        self._pressed[line] = force_n

    def pressure(self, line: str) -> float:
        """The line load at a line from inside, N/m."""
        return lines.felt(self._line(line), self.store.discs, self.store.people)

    def block(self, line: str, blocked: bool) -> None:
        """Let nobody out by a line (whoever is behind it has no room), or let them again."""
        self._line(line)
        self._stand(line, blocked)

    def shut(self, gate: str, shut: bool) -> None:
        """Shut or open a gate; who leant on it may fall as it opens."""
        wall = self._wall[gate]
        if self.walls.stands[wall] and not shut:
            let_go(self.store.discs, self.store.people, self.pairs, self.walls, self.law, wall)
        self._stand(gate, shut)

    def light(self, piece: str, lux: float) -> None:
        """Change the light on a piece of ground."""
        names = [one.id for one in self.layout.pieces]
        self.ground.lux[names.index(piece)] = lux

    def rail(self, piece: str, reached: bool) -> None:
        """Put a rail in reach on a piece of ground, or take it away."""
        names = [one.id for one in self.layout.pieces]
        self.ground.rail[names.index(piece)] = reached

    def heed(self, push_share: float, told_share: float, word_m_s: float, help_s: float) -> None:
        """From now on such a share push and such a share of the told stop, word of a fall goes so
        fast, and helpers come after so long.
        """
        self.law = self.law._replace(push_share=push_share, told_share=told_share)
        self.word.speed_m_s, self.rescue.come_s = word_m_s, help_s

    def bend(self, person: str, seconds: float) -> None:
        """Let a person stand still for so long, as who bends down for his shoe."""
        self._bending.down(self.store, person, self.tick + round(10 * seconds))

    def trip(self, person: str) -> None:
        """Let a person fall now."""
        i = self.store.slot[person]
        trip(self.store.discs, self.store.people, self.pairs, self.walls, i, self.tick / 10)
        renew_live(self.store.discs, self.pairs)

    def advance(self, dt_ms: int, watch: Callable[["Zone"], None] | None = None) -> Happenings:
        """Go on for whole tenths of a second; ``watch`` is called after each.

        ValueError for another step.
        """
        if dt_ms <= 0 or dt_ms % TENTH_MS:
            raise ValueError(f"a zone goes by tenths of a second, not by {dt_ms} ms")
        found = Happenings()
        for _ in range(dt_ms // TENTH_MS):
            self._tenth(found)
            if watch is not None:
                watch(self)
        return found

    def _tenth(self, found: Happenings) -> None:
        d, f, law = self.store.discs, self.store.people, self.law
        if self.tick < self._calm_until:
            law = law._replace(missteps=-1.0, tolerable=np.inf)
        self._push()
        if self.tick % LOOK_TICKS == 0:
            self._look()
        while not think(d, f, self.pairs, self.walls, self.ground, law, self.tick):
            self.pairs = longer(self.pairs)
        done, steps = 0, max(round(TENTH_MS / self.parameters.dt_ms), 1)
        while True:
            done = run_tenth(d, f, self.pairs, self.walls, self.ground, law, self.tick, done, steps)
            if done == steps:
                break
            self.pairs = longer(self.pairs)
        self.tick += 1
        self._bending.up(self.store, self.tick)
        fell, rose = decide(d, f, self.pairs, self.walls, self.ground, law, self.tick)
        found.risen += rose
        if fell:
            self._note(found)
        self.word.spread(self.store, self.tick)
        self._let_out(found)

    def _look(self) -> None:
        """Let all see where crowds are, on the ways that somebody takes."""
        slots = list(self.store.slot.values())
        for aim in np.unique(self.store.people.aim[slots]).tolist():
            if aim < self._ways:
                look_for_ways(self.ground, self.law, aim)

    def _push(self) -> None:
        f = self.store.people
        f.push_x[:] = 0.0
        f.push_y[:] = 0.0
        for name, force in self._pressed.items():
            if force > 0.0:
                lines.press(self._lines[name], force, self.store.discs, f)

    def _note(self, found: Happenings) -> None:
        """Write down who fell in this tenth."""
        f = self.store.people
        lies = self.store.discs.kind[: self.store.slots] == FALLEN
        for i in np.flatnonzero(lies & (f.fell_at >= self.tick / 10 - 0.05)):
            found.falls.append(
                Fall(self.store.ids[i], self.now_ms, CAUSES[f.cause[i]], int(f.layer[i]),
                     round(float(f.crowding[i]), 3))
            )  # fmt: skip

    def _let_out(self, found: Happenings) -> None:
        """Take out who crossed a line, and who is carried away."""
        gone: dict[int, tuple[str, int]] = {}
        for line in self.layout.lines:
            if line.out and not self.walls.stands[self._wall[line.id]]:
                for i in lines.crossed(line, self.store.discs, self.store.slots):
                    gone.setdefault(int(i), (line.id, self._when(int(i), line.id)))
        carried = self.rescue.next(self.store, self.tick)
        if carried is not None:
            gone[carried] = ("", self.now_ms)
        for i, (line_id, t_ms) in gone.items():
            name = self.store.ids[i]
            found.left.append(Leaving(name, line_id, t_ms, self.store.remove(i)))
            self.gone += 1
        if carried is not None:
            settle(self.store.discs, self.store.people)
        if gone:
            renew_live(self.store.discs, self.pairs)

    def _when(self, i: int, name: str) -> int:
        """When somebody crossed a line within the last tenth."""
        line, d = self._lines[name], self.store.discs
        deep = (d.x[i] - line.a[0]) * line.inward[0] + (d.y[i] - line.a[1]) * line.inward[1]
        speed = -(d.vx[i] * line.inward[0] + d.vy[i] * line.inward[1])
        ago = min(-deep / speed, 0.1) if speed > 0.01 else 0.1
        return self.now_ms - int(1000 * ago)

    def _add(self, body: Body, at: Point, v: Point, state: State) -> None:
        if body.aim not in self._aims:
            raise ValueError(f"{body.id!r} wants to go to {body.aim!r}, which the zone has not")
        self.store.add(body, self._aims[body.aim], at, v, state, self.tick)
        renew_live(self.store.discs, self.pairs)
        self.entered += 1

    def _stand(self, name: str, stands: bool) -> None:
        self.walls.stands[self._wall[name]] = stands
        self.pairs.meta[STALE] = 1

    def _line(self, name: str) -> Line:
        if name not in self._lines:
            raise ValueError(f"the zone has no line {name!r}; it has {', '.join(self._lines)}")
        return self._lines[name]
