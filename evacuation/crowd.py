"""The crowd: people on a floor graph, advanced in steps of at most 100 ms and never lost."""

from collections.abc import Iterable, Sequence
from math import ceil

import numpy as np

from evacuation.conditions import Conditions
from evacuation.direction import Direction, ZoneMode
from evacuation.engine.arrays import (
    ALERT,
    EVENT,
    FAULT,
    FAULT_EVENTS,
    HALTED,
    LOOK,
    ONE,
    OUT,
    QUEUE,
    REFUGE,
    WAIT,
    WALK,
    WANT,
    Floats,
    Log,
    Longs,
    Net,
    Seen,
)
from evacuation.engine.hub import Hubs, pack
from evacuation.engine.step import AGAIN, DONE, can_move, run
from evacuation.engine.walking import halt
from evacuation.floor import Floor
from evacuation.knowledge import Knowledge
from evacuation.laws import BOUNDING, Laws
from evacuation.moves import Duty, Moves, Segment, Stranded
from evacuation.network import build
from evacuation.parts import parts_of
from evacuation.people import Person
from evacuation.perception import Perception
from evacuation.population import Population, settle
from evacuation.routing import CLOSED_M, Routes
from evacuation.scene import Scene
from evacuation.smoke.dose import dose_law
from evacuation.smoke.doses import Dose, Doses
from evacuation.stranding import Stranding
from evacuation.telling import Telling, tallied
from evacuation.whereabouts import Whereabouts, whereabouts

STEP_MS = 100
LOG_ROWS = 16_384
ROWS_SPARE = 1_024
"""Events that the engine holds until they are read; more are needed only where more people can be
told in one space at once."""


class Crowd:
    """People on their way out of a building.

    Raises ValueError at construction for people in unknown spaces or with unknown exits.
    ``advance`` raises AssertionError if anybody were lost or doubled: a fault of the program.
    """

    def __init__(
        self, floor: Floor, people: Sequence[Person], seed: int, laws: Laws = BOUNDING,
        zones: ZoneMode = "off") -> None:  # fmt: skip
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
        self._direction = self._directed(laws, seed, zones)
        self.zones = self._direction.zones
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
            self._crowd.meta[:, [ALERT, LOOK]] = 1
        self._stop(conditions.incapacitated, moves)
        self._doses.breathe(conditions.air, self.now_ms)
        self._run(dt_ms, moves)
        self.now_ms += dt_ms
        moves.duties.extend(self._notes)
        self._notes.clear()
        moves.crush.extend(self._direction.crush())
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
        if self._direction.is_busy:
            return False
        return not can_move(self._hubs(), self._perception.open_way, CLOSED_M)

    def counts(self) -> dict[str, int]:
        """Return the people present by space, for spaces where somebody is."""
        names, tally = self._telling.spaces, self._crowd.room["count"]
        here = np.flatnonzero(tally)
        return {names[s]: n for s, n in zip(here.tolist(), tally[here].tolist(), strict=True)}

    def states(self) -> dict[str, int]:
        """Return how many people are in each state, ``out`` included."""
        return tallied(self._crowd.meta)

    def density(self, space: str) -> float:
        """Return persons per square metre of a space; stairs count their slope times width."""
        s = self._spaces[space]
        return float(self._crowd.room[s]["count"] / self._net.room[s]["area"])

    def queue(self, portal: str) -> int:
        """Return how many queue at a portal, both sides together."""
        c = 2 * self._portals[portal]
        return int(self._crowd.line["queued"][c : c + 2].sum())

    def profile(self, space: str) -> Floats:
        """Return persons per square metre of each cell of a space, along its axis."""
        cells = np.flatnonzero(self._net.cell["room"] == self._spaces[space])
        return np.asarray(self._crowd.cell["load"][cells] / ONE / self._net.cell["area"][cells])

    def stranded(self) -> list[Stranded]:
        """List those who want to leave and can not, with the reason, in order of their ids."""
        crowd = self._crowd
        target, seen = crowd.who["target"], self._perception.seen
        no_way = (target < 0) | seen.closed[target >> 1]
        stuck = ((crowd.state == QUEUE) & no_way) | (crowd.state == HALTED)
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

    def dose(self, person: str) -> Dose:
        """Return the doses of gases and of heat that somebody has taken in so far."""
        return self._doses.of(self._population.number[person], self.now_ms)

    def sheltered(self) -> list[tuple[str, str]]:
        """Return (person, space) of everybody who waits for help in a refuge, by id."""
        here = np.flatnonzero(self._crowd.state == REFUGE).tolist()
        ids, names, at = self._population.ids, self._telling.spaces, self._crowd.space
        return sorted((ids[i], names[at[i]]) for i in here)

    def doorways(self) -> tuple[Longs, Longs]:
        """Return the portal that each person last came by (-1: none), and how many queue at each
        portal, both sides together; portals and persons by their rows.
        """
        came = self._crowd.who["came"].astype(np.int64)
        return came, self._crowd.line["queued"].reshape(-1, 2).sum(axis=1, dtype=np.int64)

    def rows(self, persons: Iterable[str]) -> Longs:
        """Return the rows of persons in such arrays; KeyError for who is not in the crowd."""
        return np.fromiter((self._population.number[p] for p in persons), np.int64)

    def present(self, spaces: Iterable[str]) -> list[tuple[str, str]]:
        """Return (person, space) of everybody inside who is in one of these spaces."""
        wanted = np.zeros(len(self._spaces), np.bool_)
        wanted[[self._spaces[space] for space in spaces]] = True
        here = wanted[self._crowd.space] & (self._crowd.state != OUT)
        ids, names, at = self._population.ids, self._telling.spaces, self._crowd.space
        return [(ids[i], names[at[i]]) for i in np.flatnonzero(here).tolist()]

    def whereabouts(self) -> Whereabouts:
        """Return where everybody is now, as arrays with a row per person."""
        return whereabouts(self._net, self._crowd)

    def open_segments(self) -> list[Segment]:
        """Return the unfinished stretch of everybody inside, as if it ended now."""
        return self._telling.open_segments(self.now_ms)

    def _directed(self, laws: Laws, seed: int, zones: ZoneMode) -> Direction:
        """Return those who direct single persons in this crowd."""
        scene = Scene(
            self.floor, self._net, self._population, self._knowledge, self._perception, self._log,
            self._notes, tuple(self.floor.spaces), lambda i: self._hubs()[self._part(i)],
            lambda: self._read(self._moves),
        )  # fmt: skip
        return Direction(scene, laws.social, seed, zones)

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
