"""The crowd: people on a floor graph, advanced in steps of at most 100 ms and never lost."""

from collections.abc import Iterable, Sequence
from math import ceil

import numpy as np

from evacuation.conditions import Conditions
from evacuation.crush.crush import Crush
from evacuation.crush.gates import Gates
from evacuation.crush.parameters import Falls
from evacuation.direction import Direction, ZoneMode
from evacuation.engine import orders
from evacuation.engine.arrays import (
    ALERT,
    EVENT,
    FALLEN,
    FAULT,
    FAULT_EVENTS,
    HALTED,
    LENT,
    LOOK,
    OUT,
    QUEUE,
    WAIT,
    WALK,
    WANT,
    Floats,
    Log,
    Net,
    Seen,
)
from evacuation.engine.hub import Hubs, pack
from evacuation.engine.step import AGAIN, DONE, can_move, run
from evacuation.engine.walking import halt
from evacuation.floor import Floor
from evacuation.knowledge import Knowledge
from evacuation.laws import BOUNDING, Laws
from evacuation.mind import NO_GOAL
from evacuation.moves import Duty, Moves, Stranded
from evacuation.network import build
from evacuation.parts import parts_of
from evacuation.people import Person
from evacuation.perception import Perception
from evacuation.population import Population, settle
from evacuation.presence import Presence
from evacuation.routing import CLOSED_M, Routes
from evacuation.scene import Scene
from evacuation.smoke.dose import dose_law
from evacuation.smoke.doses import Dose, Doses
from evacuation.stranding import Stranding
from evacuation.telling import Telling

STEP_MS = 100
LOG_ROWS = 16_384
ROWS_SPARE = 1_024
"""Events that the engine holds until they are read; more are needed only where more people can be
told in one space at once."""


class Crowd(Presence):
    """People on their way out of a building.

    With ``falls`` people fall, lie in the way and are pressed (``crush``); without, nobody does.
    Raises ValueError at construction for people in unknown spaces or with unknown exits.
    ``advance`` raises AssertionError if anybody were lost or doubled: a fault of the program.
    """

    def __init__(
        self, floor: Floor, people: Sequence[Person], seed: int, laws: Laws = BOUNDING,
        falls: Falls | None = None, zones: ZoneMode = "off",
    ) -> None:  # fmt: skip
        self.floor, self.laws, self.now_ms = floor, laws, 0
        net = build(floor, laws)
        parts = parts_of(net)
        self._net: Net = net._replace(rooms=parts.order())
        self._knowledge = Knowledge(Routes(floor, self._net))
        self._population: Population = settle(
            floor, self._net, parts, self._knowledge, people, seed, laws
        )
        self._folk, self._crowd = self._population.folk, self._population.crowd
        self._perception = Perception(floor, self._net, self._knowledge, laws)
        limits = self._population.dose_limits
        self._doses = Doses(
            self._perception.space, self._net, self._crowd, limits, dose_law(laws.dose)
        )
        self._stranding = Stranding(floor, self._knowledge, self._doses)
        self._telling = Telling(floor, self._population, self._perception, self._doses)
        fullest = int(np.max(self._folk.ends - self._folk.rows, initial=0))
        rows = np.zeros(max(LOG_ROWS, 4 * fullest + ROWS_SPARE), EVENT)
        self._log = Log(rows, np.zeros(1, np.int64))
        self._spaces = {space: k for k, space in enumerate(floor.spaces)}
        self._portals = {portal: k for k, portal in enumerate(floor.portals)}
        self._halted: frozenset[str] = frozenset()
        self._out = 0
        self._given: Conditions | None = None
        self._steps = 0
        self._packed: tuple[Hubs, Seen | None] = (np.zeros((0, 0), np.int64), None)
        self._arrived = self._telling.already_safe()
        self._moves, self._notes = Moves(), list[Duty]()
        self._gates = Gates(floor, self._net, self._crowd, self._perception, laws)
        scene = self._scene()
        falls = falls or (Falls() if zones == "auto" else None)
        self.crush = Crush(scene, self._gates, falls, seed) if falls is not None else None
        self._direction = Direction(scene, laws.social, seed, zones, self.crush)
        self.zones, self.errands = self._direction.zones, self._direction.errands
        self._inside = self._count_inside()

    def advance(self, dt_ms: int, conditions: Conditions) -> Moves:
        """Advance everybody by dt_ms under constant conditions and say what happened."""
        if dt_ms <= 0:
            raise ValueError(f"a crowd advances by a positive time, not by {dt_ms} ms")
        self._moves = moves = Moves(outs=self._arrived)
        self._arrived = []
        if conditions is not self._given:
            self._perception.update(conditions)
            self._given = conditions
            self._gates.handle(conditions.handling, self.now_ms)
            if self.crush is not None:
                self.crush.handle(conditions.handling)
            if self.zones is not None:
                self.zones.handle(conditions.handling, self._gates.floor)
            self._crowd.meta[:, [ALERT, LOOK]] = 1
        self._stop(conditions.incapacitated, moves)
        self._doses.breathe(conditions.air, self.now_ms)
        self._run(dt_ms, moves)
        self.now_ms += dt_ms
        moves.duties.extend(self._notes)
        self._notes.clear()
        moves.crush.extend(self._direction.crush())
        if self.crush is not None:
            moves.falls.extend(self.crush.news)
            self.crush.news.clear()
        self._check(moves)
        return moves

    @property
    def inside(self) -> int:
        """How many are not out yet."""
        return self._inside

    @property
    def step_ms(self) -> int:
        """The longest step that the engine takes, in ms; a call is cut into steps no longer."""
        return STEP_MS

    @property
    def bytes_per_person(self) -> float:
        """What the engine keeps in memory for each person: all arrays with a row per person."""
        return self._population.bytes_per_person

    @property
    def settled(self) -> bool:
        """Whether nobody inside can move or be told to, and no lift, wait or task is under way."""
        if self._direction.is_busy or (self.crush is not None and self.crush.is_busy):
            return False
        return not can_move(self._hubs(), self._perception.open_way, CLOSED_M)

    def stranded(self) -> list[Stranded]:
        """List those who want to leave and can not, with the reason, in order of their ids."""
        crowd = self._crowd
        target, seen = crowd.who["target"], self._perception.seen
        no_way = (target < 0) | seen.closed[target >> 1]
        stuck = ((crowd.state == QUEUE) & no_way) | np.isin(crowd.state, (HALTED, FALLEN))
        if self.settled:
            stuck |= (crowd.state == QUEUE) | (crowd.state == WALK) | (crowd.state == WAIT)
        found = [
            Stranded(
                self._population.ids[i],
                self._telling.spaces[crowd.space[i]],
                self._stranding.reason(crowd, seen, i),
            )
            for i in np.flatnonzero(stuck).tolist()
        ]
        return sorted(found, key=lambda one: one.person)

    def trip(self, space: str, bends_s: float = 0.0) -> str:
        """Let somebody fall on the last steps of a space, or bend down for so long, and return who;
        '' if nobody is on his way there, or falls are not modelled.
        """
        now = float(self.now_ms)
        owned = self.zones.trip(space, now, bends_s) if self.zones is not None else None
        if owned is not None or self.crush is None:
            return owned or ""
        return self.crush.trip(self._spaces[space], now, bends_s)

    @property
    def hazard_left(self) -> Floats:
        """What everybody still bears before he falls: what it has lost is the expected falls."""
        return np.asarray(self._crowd.trail["bears"], np.float64)

    def send(self, person: str, space: str) -> None:
        """Send somebody to a space at once, to stand there; "" sends him out of the building."""
        i, goal = self._population.number[person], self._spaces.get(space, NO_GOAL)
        self._direction.send(i, goal, float(self.now_ms))

    def lend(self, persons: Iterable[str]) -> None:
        """Stop people on their way, for somebody else to move them; they stay in the counts of
        their spaces until ``deliver`` or ``release``.
        """
        for i in self.rows(persons).tolist():
            orders.station(self._hubs()[self._part(i)], i, LENT, float(self.now_ms))
        self._read(self._moves)

    def deliver(self, person: str, portal: str) -> None:
        """Take somebody back who was lent, through a portal of his space, and let him go on."""
        i, c = self._population.number[person], 2 * self._portals[portal]
        c += int(self._net.line[c]["send"] != self._crowd.space[i])
        orders.deliver(self._hubs()[self._part(i)], i, c, float(self.now_ms))
        self._read(self._moves)

    def release(self, person: str) -> None:
        """Take somebody back who was lent where he was, and let him go on."""
        i = self._population.number[person]
        orders.set_off(self._hubs()[self._part(i)], i, float(self.now_ms))
        self._read(self._moves)

    def dose(self, person: str) -> Dose:
        """Return the doses of gases and of heat that somebody has taken in so far."""
        return self._doses.of(self._population.number[person], self.now_ms)

    def _scene(self) -> Scene:
        """Return this crowd as those see it who direct single persons in it."""
        return Scene(
            self.floor, self._net, self._population, self._knowledge, self._perception, self._log,
            self._notes, tuple(self.floor.spaces), lambda i: self._hubs()[self._part(i)],
            self._hubs, lambda: self._read(self._moves),
        )  # fmt: skip

    def _hubs(self) -> Hubs:
        """Return the addresses of all arrays by part; what is seen is replaced now and then."""
        seen = self._perception.seen
        if seen is not self._packed[1]:
            arrays = (self._net, self._folk, self._log, self._crowd, seen)
            self._packed = (pack(*arrays, self._population.offsets), seen)
        return self._packed[0]

    def _run(self, dt_ms: int, moves: Moves) -> None:
        steps = ceil(dt_ms / STEP_MS)
        h, done = dt_ms / steps, 0
        while done < steps:
            start = self.now_ms + done * h
            at_once = min(steps - done, self._direction.act(start, self._steps))
            if self._doses.harmful:
                at_once = self._fell(start, h, at_once, moves)
            self._take(at_once, start, h, moves)
            done += at_once

    def _take(self, steps: int, start: float, h: float, moves: Moves) -> None:
        """Take some steps of h ms, reading the log and working out minds as often as it takes."""
        first, result = self._steps, AGAIN
        self._steps += steps
        while result != DONE:
            result = run(self._hubs(), float(start), h, first, self._steps)
            self._read(moves)
            if self._crowd.meta[:, WANT].any():
                self._knowledge.work_out()
                self._perception.renew()
                self._crowd.meta[:, WANT] = 0

    def _read(self, moves: Moves) -> None:
        if self._doses.harmful:
            self._doses.book(self._log.rows[: self._log.length[0]])
        self._telling.read(self._log, moves)

    def _fell(self, start: float, h: float, steps: int, moves: Moves) -> int:
        """Stop those whose dose is full within the next step; return how many steps to take."""
        steps, falling = self._doses.falling(start, h, steps)
        for i, after in falling:
            halt(self._hubs()[self._part(i)], i, start + after)
            self._read(moves)
        return steps

    def _stop(self, named: frozenset[str], moves: Moves) -> None:
        if named == self._halted:
            return
        for person in sorted(named - self._halted):
            i = self._population.number[person]
            if self._crowd.state[i] not in (OUT, HALTED):
                halt(self._hubs()[self._part(i)], i, float(self.now_ms))
                self._read(moves)
        self._halted = named

    def _part(self, i: int) -> int:
        """Return the part of the floor that a person belongs to."""
        return int(np.searchsorted(self._population.offsets["people"], i, side="right")) - 1

    def _count_inside(self) -> int:
        return len(self._population.ids) - int(np.count_nonzero(self._crowd.state == OUT))

    def _check(self, moves: Moves) -> None:
        self._out += len(moves.outs)
        self._inside = self._count_inside()
        fault = int(self._crowd.meta[:, FAULT].max())
        what = "the event log overflowed" if fault == FAULT_EVENTS else "people were lost"
        total = len(self._population.ids)
        if fault or self.inside + self._out != total or self._log.length[0]:
            raise AssertionError(
                f"{what} at {self.now_ms} ms: {self.inside} inside + {self._out} out of {total}"
            )
