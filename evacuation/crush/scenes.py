"""Scenes of falls on the graph: a stairwell of a school, drawn here and standing nowhere."""

from dataclasses import dataclass, field

from evacuation.conditions import Conditions, Cue, Handling
from evacuation.crowd import Crowd
from evacuation.crush.parameters import Falls
from evacuation.crush.risk import Outcome
from evacuation.floor import Floor
from evacuation.people import Person
from evacuation.portal import Portal
from evacuation.space import Space
from evacuation.streams import stream
from evacuation.zone.body import BUILDS, Build

STOREYS, FLIGHT_M, LANDING_M2 = 5, 6.0, 5.0
LOWEST = "flight1"
SLICE_MS = 500
PATIENCE_S = 900.0
"""A trial is given up if the flight has not filled by then."""
THIN = 2.0
"""A thinner crowd (adults per m2) needs no blocked foot."""


def stairwell(width_m: float, storeys: int = STOREYS) -> Floor:
    """A stair of one flight per storey with landings; corridors lead in above, a door out below."""
    spaces = {
        "out": Space("out", "street", 1e6, safe=True),
        "hall0": Space("hall0", "landing", LANDING_M2 * width_m, storey="s0"),
    }
    portals = {"exit": Portal("exit", ("hall0", "out"), width_m, (0.0, -2.0), "opening")}
    for k in range(1, storeys):
        z, flight, hall, room = 3.4 * k, f"flight{k}", f"hall{k}", f"floor{k}"
        spaces[hall] = Space(hall, "landing", LANDING_M2 * width_m, storey=f"s{k}", z_m=z)
        spaces[room] = Space(
            room, "corridor", 90.0, storey=f"s{k}", z_m=z, width_m=3.0,
            outline=((2.0, 0.0), (32.0, 0.0), (32.0, 3.0), (2.0, 3.0)),
        )  # fmt: skip
        spaces[flight] = Space(
            flight, "stair", FLIGHT_M * width_m, storey=f"s{k - 1}", z_m=z - 3.4, width_m=width_m,
            slope_length_m=FLIGHT_M,
        )  # fmt: skip
        foot = f"hall{k - 1}"
        portals[f"head{k}"] = Portal(f"head{k}", (hall, flight), width_m, (0.0, 1.0), "opening")
        portals[f"foot{k}"] = Portal(f"foot{k}", (flight, foot), width_m, (0.0, -1.0), "opening")
        portals[f"door{k}"] = Portal(f"door{k}", (room, hall), 1.4, (2.0, 1.0), "opening")
    return Floor(spaces, portals, "stairwell")


def pupils(
    count: int, seed: int, build: Build = BUILDS["pupil"], wait_s: float = 20.0,
    storeys: int = STOREYS, gap_s: float = 0.0,
) -> list[Person]:  # fmt: skip
    """Pupils in the corridors above, who set off within some seconds of the bell; floor by floor
    from below with a gap.
    """
    random = stream(seed, "pupils")
    speeds = random.normal(1.1, 0.15, count).clip(0.7, 1.6)
    waits = random.uniform(0.0, 1000.0 * wait_s, count)
    return [
        Person(
            f"p{k:03}", f"floor{1 + k % (storeys - 1)}", "all", "pupil", float(speed),
            build.area_m2, round(wait + 1000.0 * gap_s * (k % (storeys - 1))),
        )
        for k, (speed, wait) in enumerate(zip(speeds.tolist(), waits.tolist(), strict=True))
    ]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A fall on the lowest flight of the stairwell, once it is as full as asked.

    Its foot is blocked until then, and everybody hurries (1.5) unless told otherwise. ``staff``
    stand on every landing; ``stop_s`` seconds after the fall all floors are held, after ``told_s``
    all are told of it by public address.
    """

    count: int = 400
    width_m: float = 1.2
    density: float = 4.0
    urgency: float = 1.5
    lux: float = 100.0
    staff: bool = False
    stop_s: float | None = None
    told_s: float | None = None
    until_s: float = 180.0
    falls: Falls = field(default_factory=Falls)


def trial(seed: int, given: Trial) -> tuple[Outcome, Crowd]:
    """Play a trial; return what it showed, and the crowd at its end."""
    floor = stairwell(given.width_m)
    crowd = Crowd(floor, pupils(given.count, seed), seed, falls=given.falls)
    flight, fell_ms, down = tuple(floor.spaces).index(LOWEST), 0, set[str]()
    now = _around(floor, given, blocked=given.density > THIN, cued=True)
    while crowd.inside and (not fell_ms or crowd.now_ms < fell_ms + 1000 * given.until_s):
        down |= {one.person for one in crowd.advance(SLICE_MS, now).falls if one.what == "fall"}
        if crowd.now_ms > 1000 * PATIENCE_S and not fell_ms:
            break
        if not fell_ms and _filled(crowd, flight) >= given.density and crowd.trip(LOWEST):
            fell_ms = crowd.now_ms
        held, told = (
            fell_ms > 0 and after is not None and crowd.now_ms - fell_ms >= 1000 * after
            for after in (given.stop_s, given.told_s)
        )  # fmt: skip
        blocked = not fell_ms and given.density > THIN
        now = _around(floor, given, blocked=blocked, held=held, told=told)
    return _shown(crowd, len(down)), crowd


@dataclass(frozen=True, slots=True)
class Descent:
    """How a crowd went down without anybody being tripped: when each was out (s), the density of
    the lowest flight once a second (people per m2), falls that the hazards met would bring on
    average, and the outcome.
    """

    out_s: tuple[float, ...]
    density: tuple[float, ...]
    expected_falls: float
    outcome: Outcome


def descent(floor: Floor, people: list[Person], seed: int, urgency: float = 1.0) -> Descent:
    """Let people go down by themselves until all are out."""
    crowd = Crowd(floor, people, seed, falls=Falls())
    given, out, density = Trial(urgency=urgency), list[float](), list[float]()
    down, bore = set[str](), crowd.hazard_left.sum()
    now = _around(floor, given, blocked=False, cued=True)
    while crowd.inside and crowd.now_ms < 1000 * 2 * PATIENCE_S:
        moves = crowd.advance(1000, now)
        now = _around(floor, given, blocked=False)
        out += [t / 1000.0 for _, _, t in moves.outs]
        down |= {one.person for one in moves.falls if one.what == "fall"}
        density.append(crowd.density(LOWEST))
    expected = float(bore - crowd.hazard_left.sum())
    return Descent(tuple(out), tuple(density), expected, _shown(crowd, len(down)))


def _filled(crowd: Crowd, space: int) -> float:
    assert crowd.crush is not None
    ground = crowd.crush.ground
    return float(ground.spot["rho"][ground.cells(space)].mean())


def _around(
    floor: Floor, given: Trial, blocked: bool, cued: bool = False, held: bool = False,
    told: bool = False,
) -> Conditions:  # fmt: skip
    inner = [name for name, space in floor.spaces.items() if not space.safe]
    halls = frozenset(name for name in inner if name.startswith("hall"))
    doors = frozenset(name for name in floor.portals if name.startswith("door"))
    handling = Handling(
        urgency=dict.fromkeys(inner, given.urgency),
        light_lx=dict.fromkeys(inner, given.lux),
        marshals=halls if given.staff else frozenset(),
        metered={"foot1": 0.06} if blocked else {},
        held=doors if held else frozenset(),
        told=frozenset(inner) if told else frozenset(),
    )
    cues = (Cue(tuple(inner), "bell", "sounder", ""),) if cued else ()
    return Conditions(cues=cues, handling=handling)


def _shown(crowd: Crowd, people: int) -> Outcome:
    assert crowd.crush is not None
    return crowd.crush.outcome(people)
