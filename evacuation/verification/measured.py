"""Beside measured data: the model next to what was counted in experiments' trajectory files.

The files are those of the Pedestrian Dynamics Data Archive, Forschungszentrum Juelich (doi
10.34735/ped.2018.1 and others), read at every run; nothing is fitted to them.
"""

from dataclasses import dataclass
from functools import partial
from math import sqrt
from pathlib import Path

from evacuation.laws import BOUNDING, LABORATORY, Laws
from evacuation.verification import corridors, published, singlefile
from evacuation.verification.case import Case, Finding, judged
from evacuation.verification.drill import evacuate, people, rate
from evacuation.verification.geometry import opening, plan, room
from evacuation.verification.likeness import GOOD, Likeness, likeness
from evacuation.verification.trajectories import Tracks

GROUP = published.GROUP
START_PER_M2 = 3.0
"""The crowds of these experiments stood at about this density when the way was opened."""
AGREES = 0.20
"""The handbooks' own spread: nothing tighter can be defended for ``laboratory``."""


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """A bottleneck experiment; its opening lies at y = 0 and its file is in metres."""

    id: str
    title: str
    path: str
    width_m: float


BOTTLENECKS = (
    Bottleneck(
        "V1", "Bottleneck 0.5 m (040_c_56_h-)",
        "ped/trajectories/pedpy/bottleneck/040_c_56_h-.txt", 0.5,
    ),
    Bottleneck(
        "V2", "Bottleneck 3.0 m (AO_300)", "ped/trajectories/bottleneck/traj_AO_300.txt", 3.0,
    ),
)  # fmt: skip


def crossed(one: Bottleneck, data: Path) -> list[float]:
    """Return when each person of an experiment passed its opening, s."""
    tracks = Tracks.read(data / one.path)
    return tracks.crossings(tracks.y_m, 0.0)


def modelled(width_m: float, count: int, laws: Laws, per_m2: float = START_PER_M2) -> list[float]:
    """Return when people leave a square room through an opening of some width, s."""
    side = sqrt(count / per_m2)
    way_out = opening("x", "room", "street", side, side / 2, width_m)
    floor = plan(room("room", 0, 0, side, side), way_out)
    return evacuate(floor, people(count, "room", speed_m_s=1.34), laws=laws).times_s


def bottleneck(one: Bottleneck, data: Path) -> Finding:
    """Set both presets beside a measured flow and its curve."""
    times = crossed(one, data)
    flow, texts, off = rate(times), [], []
    values = {"experiment": flow, "people": float(len(times))}
    for laws in (BOUNDING, LABORATORY):
        model = modelled(one.width_m, len(times), laws)
        alike, ratio = likeness(model, times), rate(model) / flow
        texts.append(f"{laws.name} {rate(model):.3f} /s, ratio {ratio:.2f}, {alike}")
        off += _off(laws, ratio, alike)
        values |= {laws.name: rate(model), f"{laws.name} ERD": alike.erd}
    text = f"{len(times)} persons, measured {flow:.3f} /s; " + "; ".join(texts)
    return judged(not off, text + f"; off: {', '.join(off)}" * bool(off), **values)


def _off(laws: Laws, ratio: float, alike: Likeness) -> list[str]:
    """Return what is not as it should be: design flow above that seen, or unlike the laboratory."""
    if laws is BOUNDING:
        return ["bounding lets more through than was seen"] * (ratio > 1.0)
    found = [f"laboratory flow {ratio:.2f} of that seen"] * (abs(ratio - 1.0) > AGREES)
    return found + [f"laboratory curve {alike.epc:.2f} times as long"] * (not alike.good)


def cases(data: Path | None) -> tuple[Case, ...]:
    """Return the published tables as cases and, on a folder of data, the experiments."""
    if data is None:
        return published.CASES
    return (
        *published.CASES,
        *(_bottleneck(one, data) for one in BOTTLENECKS),
        *corridors.cases(data),
        *singlefile.cases(data),
    )


def missing(data: Path) -> list[str]:
    """Return the files that the cases need and that are not in a folder."""
    wanted = [one.path for one in BOTTLENECKS]
    wanted += [*corridors.FILES, *singlefile.FILES]
    return [path for path in wanted if not (data / path).is_file()]


def _bottleneck(one: Bottleneck, data: Path) -> Case:
    return Case(
        id=one.id,
        group=GROUP,
        title=one.title,
        refs=(one.path,),
        expected=f"bounding: no more flow than measured; laboratory: flow within 20 %, {GOOD}",
        unit="1/s",
        by_construction=False,
        note="Passages of the opening, from the first on: (N - 1) headways. Design flow is far "
        "below any laboratory's.",
        measure=partial(bottleneck, one, data),
    )
