"""One-way corridors: densities that come about behind a narrow entrance or before a narrow exit.

HERMES experiments of 2009 in Duesseldorf, Zhang, Klingsch, Schadschneider and Seyfried 2011: a
corridor of 8 x 1.8 m from y = 4 to y = -4 m, 16 pictures a second, places in centimetres.
"""

from dataclasses import dataclass, replace
from functools import partial
from math import sqrt
from pathlib import Path

import numpy as np

from evacuation.floor import Floor
from evacuation.laws import BOUNDING, LABORATORY, Laws
from evacuation.people import Person
from evacuation.profiles import PROFILES
from evacuation.streams import stream
from evacuation.verification.case import Case, Finding, judged
from evacuation.verification.diagram import counted
from evacuation.verification.drill import Drill, evacuate, middle, people, rate
from evacuation.verification.geometry import corridor, opening, plan, room
from evacuation.verification.likeness import GOOD, Likeness, likeness
from evacuation.verification.trajectories import Tracks

FOLDER = "ped/trajectories/pedpy/uni-directional"
WIDTH_M = 1.8
FIELD = (0.0, WIDTH_M, -1.0, 1.0)
SPEED_M_S = 1.34
"""Weidmann's mean; those of the experiments were given as 1.55 +/- 0.18 m/s (m)."""
START_PER_M2 = 3.0
DRAWS = 5


@dataclass(frozen=True, slots=True)
class Steady:
    """Flow over the middle of the corridor (1/s), density there (1/m2), passages of its end (s).

    Flow and density are those of the middle half of the people; density is the classical one,
    persons in 2 x 1.8 m meaned over pictures.
    """

    flow_per_s: float
    density_per_m2: float
    ends_s: list[float]

    @property
    def speed_m_s(self) -> float:
        """Flow over density and width, the mean speed in space."""
        return self.flow_per_s / (self.density_per_m2 * WIDTH_M)


NARROW_ENTRANCE = (0.50, 0.60, 0.70, 1.00, 1.45, 1.80)
NARROW_EXIT = (1.20, 0.95, 0.70)


def path_of(entrance_m: float, exit_m: float) -> str:
    """Return where a run's file is."""
    return f"{FOLDER}/uo-{round(100 * entrance_m):03}-180-{round(100 * exit_m):03}.txt"


WIDE_FILE = f"{FOLDER}/traj_UNI_CORR_500_01.txt"
FILES = (
    *(path_of(b, WIDTH_M) for b in NARROW_ENTRANCE),
    *(path_of(WIDTH_M, b) for b in NARROW_EXIT),
    WIDE_FILE,
)


def observed(path: Path) -> Steady:
    """Return what the trajectories of a run show."""
    tracks = Tracks.read(path, rate_hz=16.0, unit_m=0.01)
    passed = middle(tracks.crossings(tracks.y_m, 0.0))
    density = tracks.density(FIELD, passed[0], passed[-1])
    return Steady(rate(passed), density, tracks.crossings(tracks.y_m, -4.0))


def walkers(count: int, draw: int) -> list[Person]:
    """Return people with Weidmann's free speeds, N(1.34, 0.26) m/s cut off, in no order."""
    shares = (np.arange(count) + 0.5) / count
    speeds = PROFILES["weidmann/adult"].level.quantiles(shares)
    stream(draw, "verification/corridor").shuffle(speeds)
    crowd = zip(people(count, "wait"), speeds.tolist(), strict=True)
    return [replace(one, speed_m_s=speed) for one, speed in crowd]


def modelled(entrance_m: float, exit_m: float, count: int, laws: Laws) -> Steady:
    """Return the same of the model: a waiting crowd, the entrance, 4 m, the corridor, its exit;
    the mean of some draws of who is how fast and who comes when.
    """
    floor = _floor(entrance_m, exit_m, count)
    runs = [_steady(evacuate(floor, walkers(count, k), laws=laws)) for k in range(DRAWS)]
    flow, density = (np.mean([(r.flow_per_s, r.density_per_m2) for r in runs], axis=0)).tolist()
    return Steady(flow, density, np.mean([r.ends_s for r in runs], axis=0).tolist())


def _steady(run: Drill) -> Steady:
    passed = middle(run.entries("b").values())
    flow, inside = counted(run, "b", passed[0], passed[-1])
    return Steady(flow, inside / (2.0 * WIDTH_M), run.times_s)


def _floor(entrance_m: float, exit_m: float, count: int) -> Floor:
    side = sqrt(count / START_PER_M2)
    y = side / 2
    return plan(
        room("wait", -side, 0, side, side),
        room("foyer", 0, y - 1.5, 4, 3),
        *(corridor(name, x, y - 0.9, w, WIDTH_M, width_m=WIDTH_M)
          for name, x, w in (("a", 4, 3), ("b", 7, 2), ("c", 9, 3))),
        opening("in", "wait", "foyer", 0, y, entrance_m),
        opening("mouth", "foyer", "a", 4, y, WIDTH_M),
        opening("ab", "a", "b", 7, y, WIDTH_M),
        opening("bc", "b", "c", 9, y, WIDTH_M),
        opening("x", "c", "street", 12, y, exit_m),
    )  # fmt: skip


def beside(pairs: tuple[tuple[float, float], ...], data: Path) -> Finding:
    """Set both presets beside each run; ``off`` names what is not within 20 %."""
    texts, off = [], []
    values: dict[str, float] = {}
    for entrance, exit_ in pairs:
        name = f"{entrance:.2f}-{exit_:.2f} m"
        seen = observed(data / path_of(entrance, exit_))
        count = len(seen.ends_s)
        slow, model = (modelled(entrance, exit_, count, laws) for laws in (BOUNDING, LABORATORY))
        alike = likeness(model.ends_s, seen.ends_s)
        texts.append(f"{name}: {_told(seen)}, model {_told(model)}, {alike}")
        found = _off(name, seen, slow, model, alike)
        passed = seen.flow_per_s / min(entrance, exit_)
        why = f" (its opening passed {passed:.2f} /(m s), the law has {LABORATORY.opening_flow})"
        off += found and [*found[:-1], found[-1] + why]
        values |= {f"{name} flow": seen.flow_per_s, f"{name} density": seen.density_per_m2}
        values |= {f"{name} model flow": model.flow_per_s, f"{name} ERD": alike.erd}
    if off:
        texts.append("off: " + ", ".join(off))
    return judged(not off, "; ".join(texts), **values)


def _told(one: Steady) -> str:
    return f"{one.flow_per_s:.2f} /s at {one.density_per_m2:.2f} /m2 and {one.speed_m_s:.2f} m/s"


def _off(name: str, seen: Steady, slow: Steady, model: Steady, alike: Likeness) -> list[str]:
    flow = model.flow_per_s / seen.flow_per_s
    density = model.density_per_m2 / seen.density_per_m2
    found = [f"{name} flow {flow:.2f}"] if abs(flow - 1.0) > 0.2 else []
    found += [f"{name} density {density:.2f}"] if abs(density - 1.0) > 0.2 else []
    found += [] if alike.good else [f"{name} curve"]
    faster = slow.flow_per_s > seen.flow_per_s
    return found + ([f"{name} bounding faster than seen"] if faster else [])


EXPECTED = f"laboratory: flow and density +/- 20 %, {GOOD}; bounding: no more flow than measured"


def _case(id: str, title: str, pairs: tuple[tuple[float, float], ...], data: Path) -> Case:
    return Case(
        id=id, group="measured", title=title, refs=(f"{FOLDER}/uo-*",),
        expected=EXPECTED, unit="", by_construction=False,
        note="Classical density in 2 x 1.8 m at the middle, middle half of the people; flow, "
        "density and passages of the corridor's end; five draws. Above 2 /m2 handbooks differ by "
        "more than 20 %.",
        measure=partial(beside, pairs, data),
    )  # fmt: skip


def wide(data: Path) -> Finding:
    """Let people into 8 x 5 m when the trajectories say so, and compare when they are through."""
    tracks = Tracks.read(data / WIDE_FILE)
    came, left = tracks.crossings(tracks.x_m, 4.0), tracks.crossings(tracks.x_m, -4.0)
    pieces = [corridor(f"c{k}", 2 * k, 0, 2, 5, width_m=5) for k in range(4)]
    joints = [opening(f"d{k}", f"c{k - 1}", f"c{k}", 2 * k, 2.5, 5) for k in range(1, 4)]
    floor = plan(
        room("hall", -60, -30, 60, 60), *pieces, *joints,
        opening("in", "hall", "c0", 0, 2.5, 5), opening("x", "c3", "street", 8, 2.5, 5),
    )  # fmt: skip
    crowd = [
        person
        for k, t in enumerate(came)
        for person in people(
            1, "hall", f"w{k:03}-", xy=(0.0, 2.5), speed_m_s=SPEED_M_S,
            pre_movement_ms=round(1e3 * t),
        )
    ]  # fmt: skip
    run = evacuate(floor, crowd, laws=LABORATORY)
    walk = [
        sum(times) / len(times) - sum(came) / len(came) for times in (left, run.times_s)
    ]  # fmt: skip
    alike, ratio = likeness(run.times_s, left), walk[0] / walk[1]
    text = f"{len(came)} persons; 8 m in {walk[0]:.2f} s, model {walk[1]:.2f} s; {alike}"
    return judged(alike.good and abs(ratio - 1.0) <= 0.2, text, speed_ratio=ratio, ERD=alike.erd)


def cases(data: Path) -> tuple[Case, ...]:
    """Return the corridor experiments on a folder of data."""
    narrow = tuple((b, WIDTH_M) for b in NARROW_ENTRANCE)
    jammed = tuple((WIDTH_M, b) for b in NARROW_EXIT)
    return (
        _case("V3", "One-way corridor 1.8 m, entrance 0.5 to 1.8 m", narrow, data),
        _case("V4", "One-way corridor 1.8 m, exit 1.2 to 0.7 m", jammed, data),
        Case(
            id="V5", group="measured", title="One-way corridor 5 m, thin (UNI_CORR_500_01)",
            refs=(WIDE_FILE,), unit="", by_construction=False,
            expected=f"laboratory: mean time over 8 m +/- 20 %; {GOOD}",
            note="People come in when the file says so: what is compared is how they walk.",
            measure=partial(wide, data),
        ),
    )  # fmt: skip
