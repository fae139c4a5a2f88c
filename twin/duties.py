"""People who are called and come: guards, teachers, the principal, each on his own feet.

A call is read on a phone or at a desk (`people.yaml`, `duties`). Whose duty it is sets off after a
time of his own, walks there, does it, and says so. Inside he is one of the crowd: he queues, meets
closed doors, is slowed by those who come against him. Once outside he walks by `Ways`, as nobody's
obstacle. What stops him leaves the step undone, and whoever told him finds it late.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import simpy

from devices.bank import Bank
from devices.machine import Readable
from devices.surroundings import Record
from evacuation import Crowd, Cue, Moves, Person
from evacuation.callouts import ARRIVED, NO_WAY
from twin.dutyrota import STAYS, Job, Rota
from twin.plan import Plan, Point
from twin.walkers import Walkers
from twin.ways import Ways
from twin.world import World

Process = Generator[simpy.Event, Any, None]
ALARMS = ("sounder", "voice")
AGAIN_MS = 10_000
"""So often somebody who is outside and found no way looks again."""
TICK_MS = 1_000
NOWHERE = (0.0, 0.0)
"""The place of what the floor gives no place."""


@dataclass(slots=True)
class Post:
    """Where somebody is: `outside` the crowd since he has gone out; `stands` for a job.

    `shut`: portals that he does not try, for he knows or has found them shut.
    """

    home: str
    shut: set[str] = field(default_factory=set)
    outside: tuple[str, Point] | None = None
    busy: bool = False
    job: Job | None = None
    stands: Job | None = None
    goal: str = ""
    reached: simpy.Event | None = None


class Duties:
    """Everybody with a duty, from the call to the report."""

    def __init__(
        self, rota: Rota, people: Sequence[Person], crowd: Crowd, plan: Plan, walkers: Walkers
    ) -> None:
        self._rota, self._crowd, self._plan, self._walkers = rota, crowd, plan, walkers
        self._people = {person.id: person for person in people}
        self._ways = Ways(plan)
        self._posts = {who: Post(self._people[who].space) for who in rota.members}
        self._waiting: list[Job] = []
        self._under_way = 0

    def join(self, world: World, bank: Bank, record: Record, clock: simpy.Environment) -> None:
        """Connect them to everything else of the twin; they read what comes up from now on."""
        self._world, self._bank, self._record, self._clock = world, bank, record, clock
        for post in self._posts.values():
            post.shut |= world.doors.impassable  # who works here knows what is kept locked
        for name, machine in bank.devices.items():
            if isinstance(machine, Readable) and self._rota.reads(name):
                machine.reader = self._reader(name)

    @property
    def busy(self) -> bool:
        """Whether anybody is on his way, or about to set off."""
        return bool(self._under_way)

    def take(self, moves: Moves, cues: Sequence[Cue]) -> None:
        """Take in where the crowd has brought people, and who hears that he has to leave."""
        for person, portal, _ in moves.turned:
            if person in self._posts:
                self._posts[person].shut.add(portal)
        for person, what, _, t in moves.duties:
            post = self._posts.get(person)
            if post is None or post.reached is None:
                continue
            if what == ARRIVED:
                self._reach(post, t)
            elif what == NO_WAY:
                self._tell(person, "no-way", "")
                if self._ways.way(self._crowd.where(person), None, post.goal, post.shut):
                    self._reach(post, t)  # he goes round
        for person, portal, t in moves.outs:
            post = self._posts.get(person)
            if post is not None:
                post.outside = self._before(portal) if portal else self._middle(post.home)
                self._reach(post, t)
        for person, post in self._posts.items():
            if post.stands is not None and post.outside is None:
                self._leave(person, post, cues)

    def _reader(self, device: str) -> Any:
        def read(words: str, told: Mapping[str, Any], at: int) -> bool:
            if not words:
                self._relieve(device)
            jobs = list(self._rota.called(device, words, told)) if words else []
            for job in jobs:
                self._under_way += 1
                if job.duty.do in STAYS and not told:
                    self._waiting.append(job)
                self._clock.process(self._carry_out(job))
            return bool(jobs)

        return read

    def _carry_out(self, job: Job) -> Process:
        post = self._posts[job.who]
        self._tell(job.who, "called", job.says)
        yield self._clock.timeout(job.ready_ms)
        while post.busy:
            yield self._clock.timeout(TICK_MS)
        post.busy, post.job, post.stands = True, job, None
        if not job.is_over:
            self._tell(job.who, "sets-off", job.says)
            self._say(job, job.duty.answers)
        for place in job.places:
            yield from self._go(job, post, place)
        if not job.is_over:
            yield from self._do(job)
        post.busy, post.job = False, None
        self._waiting = [one for one in self._waiting if one is not job]
        self._under_way -= 1
        if job.is_over:
            self._tell(job.who, "relieved", job.says)
        if job.duty.do in STAYS and not job.is_over:
            post.stands = job
        elif post.outside is None and job.places:
            self._crowd.send(job.who, post.home)

    def _do(self, job: Job) -> Process:
        self._tell(job.who, "arrived", job.says)
        yield self._clock.timeout(round(1000 * job.duty.takes_s))
        self._act(job)
        self._tell(job.who, "done", job.says)
        self._report(job)

    def _go(self, job: Job, post: Post, place: str) -> Process:
        """He is on his way until he is there; who can not get there is never done."""
        who = job.who
        while post.outside is None and not job.is_over:
            here, post.goal = self._crowd.where(who), place
            if here == place:
                return
            self._crowd.send(who, self._ways.inside(here, place, post.shut))
            post.reached = self._clock.event()
            t = yield post.reached
            post.reached = None
            yield self._clock.timeout(max(0, int(t) - int(self._clock.now)))
        if not job.is_over:
            yield from self._walk(who, post, place)

    def _walk(self, who: str, post: Post, place: str) -> Process:
        """Outside: from portal to portal, and round those that he finds shut."""
        assert post.outside is not None
        space, at = post.outside
        if who not in self._walkers.names:
            self._walkers.appear(who, space, at, int(self._clock.now))
        shut: set[str] = set()
        while space != place:
            way = self._ways.way(space, at, place, shut)
            if not way:
                self._tell(who, "no-way", "")
                yield self._clock.timeout(AGAIN_MS)
                shut.clear()
                continue
            at = self._plan.at[self._plan.gate[way[0]]] or at
            yield from self._step(who, at)
            if way[0] in self._world.doors.impassable:
                shut.add(way[0])
                continue
            space = self._ways.beyond(way[0], space)
            self._walkers.enter(who, space)
            post.outside = (space, at)
        post.outside = self._middle(place)
        yield from self._step(who, post.outside[1])

    def _step(self, who: str, to: Point) -> Process:
        speed_m_s = self._people[who].speed_m_s
        took_ms = self._walkers.walk(who, to, speed_m_s, int(self._clock.now))
        yield self._clock.timeout(took_ms)

    def _act(self, job: Job) -> None:
        place = job.places[-1] if job.places else ""
        match job.duty.do:
            case "marshal":
                self._world.handled.marshal(place, True)
            case "unlock":
                self._world.portal(job.duty.portal, "open", job.who)
            case "lock":
                self._world.portal(job.duty.portal, "locked", job.who)
            case "look":
                strangers = self._world.strangers[place] - (job.who in self._walkers.names)
                self._tell(job.who, "saw-somebody" if strangers > 0 else "saw-nobody", job.says)
            case "stand":
                pass

    def _report(self, job: Job) -> None:
        if job.told.get("kind") == "step":
            self._bank.order(int(self._clock.now), job.device, f"{job.told['id']} done")
        if not job.told.get("drill"):  # confirmed, it would be real to everybody
            self._say(job, job.duty.reports)

    def _say(self, job: Job, said: str) -> None:
        if said:
            self._bank.order(int(self._clock.now), job.desk, job.word(said))

    def _relieve(self, device: str) -> None:
        """What was up at a desk is over: who stands for it, or waits to be there, goes back."""
        now = int(self._clock.now)
        for job in self._waiting:
            job.is_over |= job.device == device
        for who, post in self._posts.items():
            if post.job is not None and post.job.is_over:
                self._reach(post, now)
            stands = post.stands
            if stands is not None and stands.device == device and not stands.told:
                self._end(who, post)
                if post.outside is None:
                    self._crowd.send(who, post.home)

    def _leave(self, who: str, post: Post, cues: Sequence[Cue]) -> None:
        """In an alarm he leaves too, a marshal when nobody is left where he stands."""
        job = post.stands
        assert job is not None
        place = job.places[-1] if job.places else post.home
        if not any(cue.kind in ALARMS and place in cue.spaces for cue in cues):
            return
        if job.duty.do == "marshal" and len(self._crowd.present([place])) > 1:
            return
        self._end(who, post)
        self._crowd.send(who, "")

    def _end(self, who: str, post: Post) -> None:
        job, post.stands = post.stands, None
        assert job is not None
        if job.duty.do == "marshal":
            self._world.handled.marshal(job.places[-1], False)
        self._tell(who, "relieved", job.says)

    def _before(self, exit_: str) -> tuple[str, Point]:
        """The safe space behind an exit, and the exit's place."""
        gate = self._plan.gate[exit_]
        ends = (int(self._plan.inner[gate]), int(self._plan.outer[gate]))
        safe = next(end for end in ends if self._plan.safe[end])
        return self._plan.spaces[safe], self._plan.at[gate] or NOWHERE

    def _middle(self, space: str) -> tuple[str, Point]:
        return space, self._plan.middle[self._plan.place[space]] or NOWHERE

    def _reach(self, post: Post, t: int) -> None:
        if post.reached is not None and not post.reached.triggered:
            post.reached.succeed(t)

    def _tell(self, who: str, what: str, duty: str) -> None:
        now = int(self._clock.now)
        self._record(now, 1, "callout", who, what=what, **({"duty": duty} if duty else {}))
