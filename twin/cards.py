"""People and their cards: who shows one where, and who slips in without.

The crowd's engine knows no arrivals, so people who come in are those who are inside already: they
show their cards at a door and pass it, and are where the timetable has them (a limit: the walk from
the gate to the classroom is not simulated). In an alarm nobody stops at a reader on his way out.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

import simpy

from controller.interface.cards import pseudonym
from controller.interface.points import Device, PointList
from controller.interface.streams import stream
from devices.bank import Bank
from devices.machines.reader import CardReader
from devices.surroundings import Record
from evacuation import Person
from twin.world import World

PATIENCE_MS = 6000
"""How long somebody stands before a door that does not open (assumed)."""

STEP_MS = 250
HEADWAY_MS = 1500
"""Least time between two people at one reader: 40 p/min (m)."""

SHOWS_AT_ASSEMBLY = 0.97
"""Share of people who show their card at the assembly place (assumed; the rest forget it)."""

EARLIER_EVERY_MS = 50
"""Time between two kept reads that a reader hands in."""

Process = Generator[simpy.Event, None, None]
Defer = Callable[[int, Callable[[int], None]], None]


@dataclass(frozen=True, slots=True)
class Coming:
    """One person on the way in: when he is at the door, and whether he shows a card there."""

    person: str
    t_ms: int
    reads: bool


class Cards:
    """What people do at the readers of a site; `key` makes the hashes of their cards."""

    def __init__(
        self, points: PointList, people: Sequence[Person], assembly: Mapping[str, str], key: bytes,
        seed: int,
    ) -> None:  # fmt: skip
        self._key, self._seed = key, seed
        self._people = {person.id: person for person in people}
        self._assembly = assembly
        self._readers = {d.id: d for d in points.devices.values() if d.kind == "card-reader"}
        self._rng = stream(seed, "cards")
        self._turn = self._queues = 0

    @property
    def busy(self) -> bool:
        """Whether anybody stands at a reader or is on his way to one."""
        return bool(self._queues)

    def join(
        self, world: World, bank: Bank, record: Record, clock: simpy.Environment, defer: Defer
    ) -> None:
        """Connect them to everything else of the twin."""
        self._world, self._bank, self._record = world, bank, record
        self._clock, self._defer = clock, defer

    def card(self, who: str) -> str:
        """The hash of somebody's card; a hash stands for itself."""
        return pseudonym(self._key, who)

    def show(self, now: int, reader: str, who: str) -> None:
        """Somebody shows a card at a reader."""
        self._defer(now, lambda at: self._bank.order(at, reader, self.card(who)))

    def leave(self, person: str, portal: str, t_ms: int) -> None:
        """Somebody has gone out: without an alarm he shows his card at the door; with or without
        one at the assembly place, where he is at `t_ms`.
        """
        now = int(self._clock.now)
        calm = not (self._world.sounding or self._world.speaking)
        for reader in self._readers.values() if calm else ():
            if reader.portal == portal and _side(reader) == "out":
                self.show(now, reader.id, person)
        assembled = self._at_assembly(person)
        if assembled and self._rng.random() < SHOWS_AT_ASSEMBLY:
            self._defer(max(now, t_ms), lambda at: self._muster(at, assembled, person))

    def arrive(
        self, now: int, groups: str, through: str, over_ms: int, unread: float, earlier: bool
    ) -> None:
        """People of these groups come in through these portals (globs), evenly over a time.

        A share `unread` slips in behind somebody, without a card. `earlier`: they came before the
        run, and the readers hand in now what they have kept.
        """
        readers = [
            r for r in self._readers.values()
            if _side(r) == "in" and fnmatchcase(r.portal, through)
        ]  # fmt: skip
        people = [p for p in self._people.values() if fnmatchcase(p.group, groups)]
        if not readers or not people:
            raise ValueError(f"nobody of {groups!r} can come in through {through!r}")
        rng = stream(self._seed, f"arrivals at {now}")
        queues: dict[str, list[Coming]] = {reader.id: [] for reader in readers}
        times = sorted(int(t) for t in rng.integers(0, over_ms + 1, len(people)))
        order = rng.permutation(len(people))
        for t_ms, k in zip(times, order.tolist(), strict=True):
            reader = readers[int(rng.integers(len(readers)))].id
            queue = queues[reader]
            reads = not queue or bool(rng.random() >= unread)
            queue.append(Coming(people[k].id, now + t_ms, reads))
        for reader, queue in queues.items():
            if earlier:
                self._keep(now, reader, [one for one in queue if one.reads])
            else:
                self._clock.process(self._stand(reader, queue))

    def _keep(self, now: int, reader: str, queue: Iterable[Coming]) -> None:
        machine = self._bank.devices[reader]
        assert isinstance(machine, CardReader)
        for k, one in enumerate(queue):
            machine.keep(self.card(one.person), now + 1 + EARLIER_EVERY_MS * k)

    def _stand(self, reader: str, queue: Sequence[Coming]) -> Process:
        """One after the other at one reader; who slips in does so behind the one before him."""
        portal, through = self._readers[reader].portal, False
        self._queues += 1
        for one in queue:
            wait_ms = one.t_ms - int(self._clock.now)
            if one.reads or not through:
                yield self._clock.timeout(max(HEADWAY_MS, wait_ms))
                self._bank.order(int(self._clock.now), reader, self.card(one.person))
                through = False
                for _ in range(PATIENCE_MS // STEP_MS):
                    yield self._clock.timeout(STEP_MS)
                    if self._passable(portal):
                        through = True
                        break
            self._enter(one, portal, through)
        self._queues -= 1

    def _enter(self, one: Coming, portal: str, through: bool) -> None:
        now = int(self._clock.now)
        if through:
            self._world.entered[portal] += 1
        what = "entered" if through else "turned-away"
        self._record(now, 1, "person", one.person, what=what, portal=portal, reads=one.reads)

    def _passable(self, portal: str) -> bool:
        return self._world.doors.state(portal) in ("open", "closed")

    def _at_assembly(self, person: str) -> list[str]:
        """The reader that is carried to his assembly place, else all of them."""
        place = self._assembly.get(self._people[person].group, "")
        there = [r for r in self._readers.values() if _side(r) == "muster"]
        own = [r.id for r in there if any(fnmatchcase(place, glob) for glob in r.covers)]
        return own[:1] or [r.id for r in there]

    def _muster(self, at: int, readers: Sequence[str], person: str) -> None:
        self._turn += 1
        self._bank.order(at, readers[self._turn % len(readers)], self.card(person))


def _side(reader: Device) -> str:
    return str(reader.settings.get("side", "in"))
