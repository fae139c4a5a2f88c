"""One model walks one storey: exit times, who is not out, and a sentence on what went wrong."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

from evacuation.floor import Floor, Point
from evacuation.opinion.aims import aims_of
from evacuation.opinion.models import KNOWN, Model, NoOpinion, peer_version
from evacuation.opinion.places import places_of, radius_m
from evacuation.opinion.plane import Plane, plane_of
from evacuation.people import Person

LIMIT_S = 3_600.0
JAM_S = 120.0
"""Nobody out for so long, everybody having set off, is a jam."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a model says: exit times in s by person (inf if not out), and its shortcomings."""

    model: str
    version: str
    dt_s: float
    exit_s: Mapping[str, float]
    note: str

    @property
    def not_out(self) -> int:
        """How many are inside at the end."""
        return sum(time == inf for time in self.exit_s.values())


def ask(floor: Floor, people: Sequence[Person], models: Sequence[str], seed: int) -> list[Opinion]:
    """Ask each model about a floor on one level, told at 0; failures are sentences in ``note``.

    ``models`` are names of KNOWN. Raises NoOpinion where JuPedSim is not installed.
    """
    version = peer_version()
    try:
        start = _start(floor, people, seed)
    except NoOpinion as none:
        nobody = dict.fromkeys((person.id for person in people), inf)
        return [Opinion(name, version, KNOWN[name].dt_s, nobody, str(none)) for name in models]
    return [_asked(KNOWN[name], version, start) for name in models]


@dataclass(frozen=True, slots=True)
class _Start:
    people: Sequence[Person]
    plane: Plane
    places: Mapping[str, Point]
    aims: Mapping[str, str]


def _start(floor: Floor, people: Sequence[Person], seed: int) -> _Start:
    plane = plane_of(floor)
    places = places_of(people, plane.rooms, seed)
    return _Start(people, plane, places, aims_of(floor, people, places, list(plane.exits)))


def _asked(model: Model, version: str, start: _Start) -> Opinion:
    exit_s = dict.fromkeys((person.id for person in start.people), inf)
    notes = []
    cut_off = [person.id for person in start.people if person.id not in start.aims]
    if cut_off:
        notes.append(f"{len(cut_off)} people reach no exit that the plane shows")
    if start.plane.lost:
        notes.append(f"portals not drawn: {', '.join(start.plane.lost)}")
    parts = getattr(start.plane.walked, "geoms", [start.plane.walked])
    for part in parts:
        held = [p for p in start.people if p.id in start.aims and _within(part, start, p)]
        if held:
            said = _walk(model, part, held, start)
            exit_s |= said.exit_s
            notes += [said.note] if said.note else []
    return Opinion(model.name, version, model.dt_s, exit_s, "; ".join(notes))


def _within(part: Any, start: _Start, person: Person) -> bool:
    from shapely import contains_xy

    return bool(contains_xy(part, *start.places[person.id]))


@dataclass(frozen=True, slots=True)
class _Said:
    exit_s: Mapping[str, float]
    note: str


def _walk(model: Model, part: Any, people: Sequence[Person], start: _Start) -> _Said:
    """Simulate one connected part until all are out, a jam, the limit, or an exception."""
    agents: dict[int, str] = {}
    out: dict[str, float] = {}
    step = 0
    try:
        simulation = _simulation(model, part, people, start, agents)
        waiting = sorted((p.pre_movement_ms / 1_000, p.id, p.speed_m_s) for p in people)
        numbers = {name: number for number, name in agents.items()}
        last = waiting[-1][0]
        while simulation.agent_count() and step * model.dt_s < min(LIMIT_S, last + JAM_S):
            while waiting and waiting[0][0] <= step * model.dt_s:
                _, name, speed = waiting.pop(0)
                if name not in out:  # pushed out while he still waited
                    simulation.agent(numbers[name]).model.desired_speed = speed
            simulation.iterate(1)
            step += 1
            for gone in simulation.removed_agents():
                out[agents[gone]] = last = round(step * model.dt_s, 3)
            last = max(last, waiting[-1][0]) if waiting else last
    except Exception as error:  # whatever a model dies of is what it says
        return _Said(out, f"stopped at {step * model.dt_s:.1f} s: {_sentence(error)}")
    return _Said(out, _ending(people, out, step * model.dt_s))


def _simulation(
    model: Model, part: Any, people: Sequence[Person], start: _Start, agents: dict[int, str]
) -> Any:
    import jupedsim

    simulation = jupedsim.Simulation(model=model.build(), geometry=part, dt=model.dt_s)
    ways: dict[str, dict[str, int]] = {}
    for person in people:
        aim = start.aims[person.id]
        if aim not in ways:
            stage = simulation.add_exit_stage(start.plane.exits[aim])
            journey = simulation.add_journey(jupedsim.JourneyDescription([stage]))
            ways[aim] = {"journey_id": journey, "stage_id": stage}
        at, radius = start.places[person.id], radius_m(person)
        agents[simulation.add_agent(model.agent(at, 0.0, radius, ways[aim]))] = person.id
    return simulation


def _ending(people: Sequence[Person], out: Mapping[str, float], end_s: float) -> str:
    left = len(people) - len(out)
    if not left:
        return ""
    if end_s >= LIMIT_S:
        return f"{left} still inside after {LIMIT_S:.0f} s"
    return f"jammed: {left} inside, nobody out for {JAM_S:.0f} s before {end_s:.0f} s"


def _sentence(error: Exception) -> str:
    return " ".join(str(error).split())[:160] or type(error).__name__


def bracket(opinions: Sequence[Opinion]) -> tuple[float, float] | None:
    """The span of the times when all are out, over the models that get everybody out, s."""
    times = [max(one.exit_s.values()) for one in _complete(opinions)]
    return (min(times), max(times)) if times else None


def _complete(opinions: Sequence[Opinion]) -> Iterator[Opinion]:
    return (one for one in opinions if one.exit_s and not one.not_out)
