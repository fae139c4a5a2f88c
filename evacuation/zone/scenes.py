"""Scenes to run a zone on: the rooms, stairs and gates of the acceptance tests. Metres, seconds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, sqrt

import numpy as np

from evacuation.streams import stream
from evacuation.zone.body import BUILDS, Body, Build, Fall, Leaving
from evacuation.zone.layout import Gate, Layout, Line, Piece, Point, rectangle
from evacuation.zone.parameters import Parameters
from evacuation.zone.zone import Zone

CALM, URGENT = Parameters(push_share=0.05), Parameters(push_share=0.4)
HELBING = Parameters(
    mu=1e9, mu_wall=1e9, spring=0.0, zeta=0.0, kappa=2.4e5, social_n=2000.0, social_per_kg=0.0,
    headway=0.0, headway_crowd=0.0, headway_stair=0.0, brace=0.0, push_share=1.0, push_speed=99.0,
    noise_n=0.0, missteps=-1.0,
    shoulder=0.0, tolerable=1e9, dt_ms=1.0,
)  # fmt: skip
"""The room of Helbing, Farkas and Vicsek 2000: everybody pushes, viscous friction, no falls."""
CHAIN = Parameters(
    mu=0.0, mu_wall=0.0, spring=0.0, headway=0.0, headway_crowd=0.0, headway_stair=0.0, brace=0.0,
    push_share=1.0, push_speed=99.0, noise_n=0.0, missteps=-1.0, shoulder=0.0, tolerable=1e9,
)  # fmt: skip
"""Everybody pushes with all his drive, without friction, falls or restlessness."""
FLIGHT_M, LANDING_M, SLOPE_DEG = 3.6, 1.2, 30.0


@dataclass(slots=True)
class Outcome:
    """What came of a run: who left when (s, in order), falls, doses by person, peaks."""

    out_s: list[float]
    falls: list[Fall]
    doses: dict[str, float]
    inside: int
    most_n: float

    @property
    def dead(self) -> int:
        """People with dose 1 and more."""
        return sum(dose >= 1.0 for dose in self.doses.values())

    @property
    def serious(self) -> int:
        """People with a dose of 0.25 to 1: unconscious."""
        return sum(0.25 <= dose < 1.0 for dose in self.doses.values())

    @property
    def harm(self) -> float:
        """Sum of doses, nobody counted above 1: what must never fall when things get worse."""
        return sum(min(dose, 1.0) for dose in self.doses.values())


class Watch:
    """Collects what leaves a zone and what happens in it, as it is advanced."""

    def __init__(self, zone: Zone) -> None:
        """Begin with nothing."""
        self.zone = zone
        self.left: list[Leaving] = []
        self.falls: list[Fall] = []
        self.most_n = 0.0

    def go(self, seconds: float) -> None:
        """Advance by some seconds."""
        found = self.zone.advance(round(1000 * seconds))
        self.left += found.left
        self.falls += found.falls
        self.most_n = max(self.most_n, float(self.zone.store.people.most.max()))

    def until_empty(self, most_s: float) -> None:
        """Advance until nobody is inside, or up to a time."""
        while self.zone.inside and self.zone.now_ms < 1000 * most_s:
            self.go(1.0)

    def outcome(self) -> Outcome:
        """What came of it."""
        doses = {one.id: one.state.dose for one in self.left}
        people = self.zone.store.people
        doses |= {name: float(people.dose[i]) for name, i in self.zone.store.slot.items()}
        out = sorted(one.t_ms / 1000 for one in self.left if one.line)
        return Outcome(out, self.falls, doses, self.zone.inside, self.most_n)


def crowd(
    count: int, build: Build, aim: str, seed: int, speed: tuple[float, float] = (1.2, 0.15)
) -> list[Body]:
    """People ``p0, p1 ...`` of one build; speeds are normal, cut at 0.6 and 2 m/s."""
    draws = np.clip(stream(seed, "speeds").normal(*speed, count), 0.6, 2.0)
    return [Body(f"p{k}", build, float(v), aim) for k, v in enumerate(draws)]


def spread(count: int, box: tuple[float, float, float, float], r: float, seed: int) -> list[Point]:
    """Places on a grid in a box (x0, x1, y0, y1), each moved by a centimetre at most."""
    x0, x1, y0, y1 = box[0] + r + 0.02, box[1] - r - 0.02, box[2] + r + 0.02, box[3] - r - 0.02
    across = max(int((y1 - y0) / (2.1 * r)) + 1, 1)
    rows = ceil(count / across)
    while across > 1 and (x1 - x0) / max(rows - 1, 1) > 1.2 * (y1 - y0) / max(across - 1, 1):
        across -= 1
        rows = ceil(count / across)
    drawn = stream(seed, "places").uniform(-0.01, 0.01, (count, 2))
    xs = x1 - (np.arange(count) // across) * (x1 - x0) / max(rows - 1, 1)
    ys = (
        (y0 + y1) / 2
        if across == 1
        else y0 + (np.arange(count) % across) * (y1 - y0) / (across - 1)
    )
    return [(float(x), float(y)) for x, y in np.stack([xs, np.broadcast_to(ys, count)], 1) + drawn]


def _funnel(room: tuple[float, float], width: float, length: float, **flight: float) -> Layout:
    """A room with a passage of some width and length at the middle of its right wall."""
    x, low, high = room[0], (room[1] - width) / 2, (room[1] + width) / 2
    end = x + length
    passage = Piece("passage", rectangle(x, low, end, high))
    if flight:
        passage = replace(passage, slope_deg=SLOPE_DEG, length_m=length, handrail=True)
    return Layout(
        walls=(
            ((x, low), (x, 0.0), (0.0, 0.0), (0.0, room[1]), (x, room[1]), (x, high)),
            ((x, low), (end, low)), ((x, high), (end, high)),
        ),
        lines=(Line("out", (end, low), (end, high), (-1.0, 0.0), out=True),),
        pieces=(Piece("room", rectangle(0.0, 0.0, *room)), passage),
    )  # fmt: skip


def chain(count: int, dt_ms: float) -> Zone:
    """A single file of 40 kg at 1.5 m/s before a shut gate, 0.5 m wide."""
    layout = Layout(
        walls=(((0.0, 0.0), (12.0, 0.0)), ((0.0, 0.5), (12.0, 0.5))),
        lines=(Line("out", (12.0, 0.0), (12.0, 0.5), (-1.0, 0.0), out=True),),
        pieces=(Piece("way", rectangle(0.0, 0.0, 12.0, 0.5)),),
        gates=(Gate("gate", (11.0, 0.0), (11.0, 0.5), True),),
    )
    zone = Zone(layout, 1, replace(CHAIN, dt_ms=dt_ms), 32)
    build = Build(40.0, 0.0616, 1.40)
    zone.place(
        [Body(f"p{k}", build, 1.5, "out") for k in range(count)],
        [(10.8 - 0.35 * k, 0.25) for k in range(count)],
    )
    return zone


def helbing_room(speed: float, seed: int) -> Zone:
    """15 x 15 m, 200 people of 80 kg and 0.5 to 0.7 m, a door of 1 m."""
    zone = Zone(_funnel((15.0, 15.0), 1.0, 0.3), seed, HELBING, 200)
    draws = stream(seed, "room")
    radii = draws.uniform(0.25, 0.35, 200)
    places: list[Point] = []
    while len(places) < 200:
        x, y = draws.uniform(0.5, 14.5, 2)
        if all((x - a) ** 2 + (y - b) ** 2 > 0.75**2 for a, b in places):
            places.append((float(x), float(y)))
    builds = [Build(80.0, float(np.pi * r * r), 1.75) for r in radii]
    zone.place([Body(f"p{k}", b, speed, "out") for k, b in enumerate(builds)], places)
    return zone


def bottleneck(
    width: float, length: float, count: int, seed: int, parameters: Parameters = CALM,
    start: float = 3.3,
) -> Zone:  # fmt: skip
    """Adults from a waiting crowd of some density through a passage."""
    side = sqrt(count / start)
    room = (max(8.0, side + 1.0), max(6.0, side + 1.0))
    zone = Zone(_funnel(room, width, length), seed, parameters, count)
    build, middle = BUILDS["adult"], room[1] / 2
    box = (room[0] - side, room[0], middle - side / 2, middle + side / 2)
    zone.place(
        crowd(count, build, "out", seed, (1.34, 0.26)), spread(count, box, build.radius_m, seed)
    )
    return zone


def flight(count: int, seed: int, parameters: Parameters = CALM, width: float = 1.5) -> Zone:
    """Youths from a landing of 10 x 6 m down a straight flight of 6 m."""
    zone = Zone(_funnel((10.0, 6.0), width, 6.0, stair=1.0), seed, parameters, count)
    build = BUILDS["youth"]
    zone.place(
        crowd(count, build, "out", seed), spread(count, (0.0, 10.0, 0.0, 6.0), build.radius_m, seed)
    )
    return zone


def gate(
    seed: int, parameters: Parameters, most: int = 150, width: float = 1.5, lux: float = 100.0
) -> Zone:
    """A landing, a flight of 8 m and a landing before a shut gate; pupils come in by line `in`."""
    layout = Layout(
        walls=(((0.0, 0.0), (14.0, 0.0)), ((0.0, width), (14.0, width))),
        lines=(
            Line("out", (14.0, 0.0), (14.0, width), (-1.0, 0.0), out=True),
            Line("in", (0.0, 0.0), (0.0, width), (1.0, 0.0), into=True),
        ),
        pieces=(
            Piece("above", rectangle(0.0, 0.0, 2.0, width), lux=lux),
            Piece(
                "flight", rectangle(2.0, 0.0, 10.0, width), SLOPE_DEG, (1.0, 0.0), 8.0, lux, True
            ),
            Piece("below", rectangle(10.0, 0.0, 14.0, width), lux=lux),
        ),
        gates=(Gate("gate", (12.0, 0.0), (12.0, width), True),),
    )  # fmt: skip
    return Zone(layout, seed, parameters, most + 10)


def stairwell(
    count: int, density: float, seed: int, parameters: Parameters, width: float = 1.2,
    lux: float = 100.0,
) -> Zone:  # fmt: skip
    """A stair of many flights, unrolled, full of 40 kg pupils at some adults' density, going down.

    It ends in a landing of 2 m with its whole width open (line `out`); flight 0 is the lowest.
    """
    build = BUILDS["pupil"]
    per_m2 = density * BUILDS["adult"].area_m2 / build.area_m2
    length = count / per_m2 / width + 4.0
    pieces, top, k = [Piece("exit", rectangle(length - 2.0, 0.0, length, width), lux=lux)], 0.0, 0
    end = length - 2.0
    while end > 0.0:
        top = max(end - FLIGHT_M, 0.0)
        slope = rectangle(top, 0.0, end, width)
        pieces.append(Piece(f"flight {k}", slope, SLOPE_DEG, (1.0, 0.0), FLIGHT_M, lux, True))
        end = max(top - LANDING_M, 0.0)
        if top > 0.0:
            pieces.append(Piece(f"landing {k}", rectangle(end, 0.0, top, width), lux=lux))
        k += 1
    layout = Layout(
        walls=(((length, 0.0), (0.0, 0.0), (0.0, width), (length, width)),),
        lines=(Line("out", (length, 0.0), (length, width), (-1.0, 0.0), out=True),),
        pieces=tuple(pieces),
    )
    zone = Zone(layout, seed, parameters, count)
    box = (0.0, length - 3.8, 0.0, width)
    zone.place(crowd(count, build, "out", seed), spread(count, box, build.radius_m, seed))
    return zone


def lowest(zone: Zone, from_end_m: float) -> str:
    """Who stands nearest to a place, so far before the end of a stairwell."""
    store, end = zone.store, zone.layout.box[1]
    standing = [i for i in store.slot.values() if store.discs.kind[i] == 1]
    nearest = min(standing, key=lambda i: (abs(store.discs.x[i] - end + from_end_m), i))
    return store.ids[nearest]


def fed(watch: Watch, bodies: Sequence[Body], rate: float, seconds: float) -> None:
    """Let people arrive at line `in` at a rate per s for some seconds; who finds no room waits."""
    waiting = list(bodies)
    for k in range(round(seconds)):
        while waiting and len(bodies) - len(waiting) < rate * (k + 1):
            if not watch.zone.offer("in", waiting[0]):
                break
            waiting.pop(0)
        watch.go(1.0)
