"""The campus in motion: one clock, in which hazards, people, devices and scripts share time.

Simulated time is SimPy's, in integer milliseconds, run in half-open stretches: what falls due at
`now` belongs to the slice that begins then. Nothing here knows sockets or wall-clock time.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import simpy

from controller.interface.cards import card_key
from controller.interface.points import PointList
from devices.bank import Bank
from devices.surroundings import Record
from evacuation import BOUNDING, Crowd
from evacuation.crush.parameters import Falls
from evacuation.crush.risk import CLASSES, mechanism, risk_class
from evacuation.direction import ZoneMode
from evacuation.seating import overfull, told
from twin import hazards
from twin.cards import Cards
from twin.crushed import write_crushed
from twin.doors import Doors, at_rest
from twin.duties import Duties
from twin.dutyrota import Rota
from twin.eyes import watched
from twin.film import Film
from twin.grounds import Grounds
from twin.hazards import Hazards
from twin.intruder import Intruders
from twin.journeys import Journeys
from twin.measures import Measures
from twin.people import heads, roll_call
from twin.perception import Perception
from twin.plan import Plan
from twin.sampling import Sampling
from twin.scene import Scene
from twin.site import Site
from twin.stage import Stage
from twin.vents import Vents
from twin.walkers import Walkers
from twin.world import World

Process = Generator[simpy.Event, None, None]


class Twin:
    """A site at one period of its timetable, with everybody in place and every device at rest."""

    def __init__(
        self, site: Site, period: str, seed: int, slice_ms: int, record: Record,
        zones: ZoneMode = "off", parameters: Mapping[str, float] | None = None,
    ) -> None:  # fmt: skip
        """``zones``: whether crush zones open by themselves (``auto``). They are off unless asked
        for: they cost time, and give no forecast but orders of magnitude. ``parameters`` of falls
        take the place of the usual ones, by the names of `evacuation.crush.parameters`.
        """
        self._slice_ms, self._record = slice_ms, record
        self.day_ms = _begins(site, period)
        plan = self._plan = Plan.of(site.floor_file)
        vehicles = [p.id for p in site.floor_file.portals if p.opens_for == "vehicles"]
        doors = Doors(plan, at_rest(site.floor_file, site.points), vehicles)
        self._hazards = Hazards(plan, record, Vents.of(plan, site.points))
        self._hazards.shut(doors.shut)
        self.world = World(plan, doors, self._hazards, record)
        self.world.lamps = _lamps(site.points)
        spaces = site.floor_file.spaces
        self.world.outside = frozenset(s.id for s in spaces if s.kind in ("yard", "street"))
        self.world.lifts = _lifts(site, plan)
        self.bank = Bank(site.points, self.world, seed, self._heard, plan.spaces)
        _refuse_overfull(site, period)
        roll = roll_call(site.people, period, seed)
        self.people = len(roll.people)
        falls = Falls().but(**(parameters or {}))
        self._crowd = Crowd(site.floor, roll.people, seed, falls=falls, zones=zones)
        self.world.trip = self._crowd.trip
        self._scene = Scene(self._crowd, site.floor_file, plan, _gates(site.points))
        self.world.eyes.open(self._scene)
        walkers = Walkers(plan, self.world, self.people)
        self._scene.others = walkers.bodies
        self._watched = watched(site.points, plan)
        self._film: Film | None = None
        self._journeys = Journeys(plan, roll, record)
        rooms = {group.id: group.place(period) for group in site.people.groups}
        led = any(group.leader is not None for group in site.people.groups)
        taught = [g.id for g in site.people.groups if g.kind == "class" and g.place(period)]
        self._perception = Perception(plan, site.points, self.world, record, rooms, led, taught)
        self._sampling = Sampling(self._crowd, plan, record)
        self._clock = simpy.Environment()
        self._to_come: list[int] = []
        key = card_key(site.folder, site.points.site)
        self._cards = Cards(site.points, roll.people, roll.assembly, key, seed)
        self._cards.join(self.world, self.bank, record, self._clock, self._defer)
        rota = Rota(site.people.duties, [person.id for person in roll.people], seed)
        self._duties = Duties(rota, roll.people, self._crowd, plan, walkers)
        self._duties.join(self.world, self.bank, record, self._clock)
        grounds = Grounds(site.floor_file)
        self._intruders = Intruders(self.world, walkers, grounds, self._clock)
        measures = Measures(self.world, self._crowd.errands, site.floor, roll, seed, self._defer)
        self.stage = Stage(
            self.world, self.bank, site.points, self._defer, self._cards, measures, self._intruders
        )
        self._clock.process(self._burn())
        self._clock.process(self._move())
        self.world.people = self._crowd.counts()
        record(0, 1, "run", "twin", what="start", people=self.people, period=period)

    def advance(self, now: int) -> None:
        """Phase 1: let everything happen that falls due before `now`."""
        if now <= self._clock.now:
            return
        self.world.phase = 1
        self._clock.run(until=now)
        self.world.now, self.world.phase = now, 2
        self.world.people = self._crowd.counts()

    def sample(self, now: int) -> None:
        """Phase 5: record where people are; once a second, and spaces only when they changed."""
        self._sampling.take(now)
        if self._film is not None:
            self._film.take(now, self.world.mains)

    def film(self, path: Path) -> None:
        """Keep what is in front of the cameras, once a second; nothing if there are none."""
        if self._watched:
            self._film = Film(path, self._scene, self._plan, self._watched)

    def next_wake(self) -> int:
        """When a slice must be run for the twin's sake: the next one, while anything moves.

        At rest it is the next sample, or the slice that begins after a scripted happening.
        """
        now = int(self._clock.now)
        if self._hazards.active or self._perception.stale or self._moving or self._busy:
            return now + self._slice_ms
        scripted = [(at // self._slice_ms + 1) * self._slice_ms for at in self._to_come]
        return min([self._sampling.due_ms, *scripted])

    def finish(self, now: int) -> None:
        """Record who is still inside, and why."""
        reasons = {one.person: one.reason for one in self._crowd.stranded()}
        self._journeys.strand(now, self._crowd.open_segments(), reasons, self._crowd.dose)
        if self._film is not None:
            self._film.close()
        self._judge(now)
        ended = {"out": self._journeys.out, "inside": self.inside}
        if self._journeys.sheltered:
            ended["refuge"] = self._journeys.sheltered
        self._record(now, 5, "run", "twin", what="end", **ended)

    @property
    def inside(self) -> int:
        """People who are not yet out."""
        return self._crowd.inside

    @property
    def settled(self) -> bool:
        """Whether nobody can move any more, as far as they have seen the world of this moment.

        Devices may still free those who are caught; how long to wait is the caller's decision.
        """
        return self._crowd.settled and not (self._perception.stale or self._duties.busy)

    def journeys(self) -> pa.Table:
        """Where everybody was and in which state: gapless segments per person."""
        return self._journeys.table(self._crowd.open_segments())

    def _judge(self, now: int) -> None:
        """Record the class of risk of every space where people were at any."""
        crush = self._crowd.crush
        for space, peak in zip(self._plan.spaces, crush.peaks() if crush else (), strict=False):
            if (risk := risk_class(peak)) != CLASSES[0]:
                self._record(
                    now, 5, "crush", space, what="risk", state=risk, why=mechanism(peak),
                    adults_per_m2=round(peak.density_per_m2, 2), lying=peak.lying,
                    load_n_per_m=round(peak.load_n_per_m),
                )  # fmt: skip

    def write_crush(self, folder: Path) -> list[Path]:
        """Write what falls came to by space, and each crush zone once a second, into a folder."""
        write_crushed(self._crowd, folder)
        zones = self._crowd.zones
        return zones.write(folder) if zones is not None else []

    @property
    def _busy(self) -> bool:
        """Whether anybody whom the crowd does not move is under way."""
        return self._cards.busy or self._duties.busy or bool(self._intruders.under_way)

    @property
    def _moving(self) -> bool:
        tally = self._crowd.states()
        return bool(tally["premove"] or tally["walk"] or tally["queue"] or tally["wait"])

    def _heard(self, t_ms: int, phase: int, kind: str, entity: str, **data: object) -> object:
        """Pass on a device's record; what it then does to the world happens in its phase."""
        self.world.phase = phase
        if kind in ("actuate", "sense") and entity in self.world.followed:
            return None  # only its real counterpart does, and senses
        return self._record(t_ms, phase, kind, entity, **data)

    def _defer(self, at: int, act: Callable[[int], None]) -> None:
        """Do something at a time: now, or when the clock gets there."""
        if at <= self._clock.now:
            act(int(self._clock.now))
        else:
            self._to_come.append(at)
            self._clock.process(self._later(at, act))

    def _later(self, at: int, act: Callable[[int], None]) -> Process:
        yield self._clock.timeout(at - self._clock.now)
        self._to_come.remove(at)
        self.world.now = at
        act(at)

    def _burn(self) -> Process:
        while True:
            yield self._clock.timeout(hazards.STEP_MS)
            self.world.now = int(self._clock.now)
            self._hazards.step(self.world.now)

    def _move(self) -> Process:
        while True:
            self.world.now = int(self._clock.now)
            conditions = self._perception.conditions()
            moves = self._crowd.advance(self._slice_ms, conditions)
            self._journeys.take(moves, self._crowd.dose)
            for person, portal, t in moves.outs:
                if portal:
                    self.world.passed[portal] += 1
                    there_ms = self._journeys.assembled(person, portal, t)
                    self._cards.leave(person, portal, t if there_ms is None else there_ms)
            self._duties.take(moves, conditions.cues)
            yield self._clock.timeout(self._slice_ms)


def _refuse_overfull(site: Site, period: str) -> None:
    """Raise ValueError where more people are to be at a place than there is room for."""
    crammed = overfull(site.floor, heads(site.people, period), BOUNDING.jam_per_m2)
    if crammed:
        raise ValueError(told(crammed))


def _begins(site: Site, period: str) -> int:
    """The time of day at which a period begins, ms; 0 for one that there is not."""
    hours, minutes = next(
        (one.from_ for one in site.people.timetable if one.id == period), "00:00"
    ).split(":")
    return (int(hours) * 60 + int(minutes)) * 60_000


def _lamps(points: PointList) -> dict[str, Sequence[str]]:
    """The emergency lights of each space."""
    found: dict[str, list[str]] = {}
    for device in points.devices.values():
        if device.kind == "emergency-light":
            found.setdefault(device.at, []).append(device.id)
    return dict(found)


def _lifts(site: Site, plan: Plan) -> dict[str, Sequence[str]]:
    """The doors of each lift device that stands for a lift in which people may ride."""
    found: dict[str, Sequence[str]] = {}
    for device in site.points.devices.values():
        if device.kind == "lift" and site.floor.spaces[device.at].lift is not None:
            ends = plan.place[device.at]
            doors = zip(plan.portals, plan.inner.tolist(), plan.outer.tolist(), strict=True)
            found[device.id] = [portal for portal, a, b in doors if ends in (a, b)]
    return found


def _gates(points: PointList) -> list[str]:
    """The portals that cameras watch."""
    cameras = (device for device in points.devices.values() if device.kind == "camera")
    return list(dict.fromkeys(camera.portal for camera in cameras if camera.portal))
