"""Validation: the model beside flows counted in experiments, from their trajectory files."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

import numpy as np

from evacuation.laws import BOUNDING, LABORATORY, Laws
from evacuation.verification.case import Case, Finding, judged
from evacuation.verification.drill import evacuate, people, rate
from evacuation.verification.geometry import single_room

GROUP = "validation"
START_PER_M2 = 3.0
"""The crowds of these experiments stood at about this density when the way was opened."""
AGREES = 0.20
"""The handbooks' own spread: nothing tighter can be defended for ``laboratory``."""


@dataclass(frozen=True, slots=True)
class Experiment:
    """A bottleneck experiment: where its trajectories are, and what its file gives."""

    id: str
    title: str
    path: str
    people: int
    width_m: float
    flow_per_s: float


EXPERIMENTS = (
    Experiment(
        "V1", "Bottleneck 0.5 m (040_c_56_h-)",
        "ped/trajectories/pedpy/bottleneck/040_c_56_h-.txt", 75, 0.5, 1.148,
    ),
    Experiment(
        "V2", "Bottleneck 3.0 m (AO_300)",
        "ped/trajectories/bottleneck/traj_AO_300.txt", 348, 3.0, 6.689,
    ),
)  # fmt: skip
"""``flow_per_s`` is what reading the file gives; with the files at hand it is counted again."""


def crossing_times(path: Path) -> list[float]:
    """Return when each person of a trajectory file crosses y = 0, in order, in seconds.

    Rows are person, frame, x, y (metres); ValueError where the file names no frame rate.
    """
    with path.open(encoding="utf-8") as lines:
        head = [line for _, line in zip(range(20), lines, strict=False) if line.startswith("#")]
    found = re.search(r"framerate:\s*([0-9.]+)", "".join(head))
    if not found:
        raise ValueError(f"{path}: no `framerate:` among the comments at its beginning")
    rows = np.loadtxt(path, usecols=(0, 1, 3))
    times = []
    for person in np.unique(rows[:, 0]):
        own = rows[rows[:, 0] == person]
        over = np.flatnonzero(np.sign(own[:, 2]) != np.sign(own[0, 2]))
        if over.size:
            times.append(float(own[over[0], 1]) / float(found[1]))
    return sorted(times)


def modelled(one: Experiment, laws: Laws) -> float:
    """Return the flow of the model through a door of the experiment's width, persons per second."""
    side = sqrt(one.people / START_PER_M2)
    floor = single_room(side, side, (side, side / 2, one.width_m))
    return rate(evacuate(floor, people(one.people, "room", speed_m_s=1.34), laws=laws).times_s)


def compared(one: Experiment, flow_per_s: float) -> Finding:
    """Set both presets beside a measured flow."""
    flows = {laws.name: modelled(one, laws) for laws in (BOUNDING, LABORATORY)}
    ratios = {name: flow / flow_per_s for name, flow in flows.items()}
    text = f"measured {flow_per_s:.3f} /s; " + "; ".join(
        f"{name} {flows[name]:.3f} /s, ratio {ratios[name]:.2f}" for name in flows
    )
    holds = ratios["bounding"] <= 1.0 and abs(ratios["laboratory"] - 1.0) <= AGREES
    return judged(holds, text, experiment=flow_per_s, **flows)


def cases(data: Path | None) -> tuple[Case, ...]:
    """Return the experiments as cases; without the data folder on the flows noted here."""
    return tuple(_case(one, data) for one in EXPERIMENTS)


def _case(one: Experiment, data: Path | None) -> Case:
    return Case(
        id=one.id,
        group=GROUP,
        title=one.title,
        refs=(one.path,),
        expected="bounding no more than measured; laboratory within 20 % of it",
        unit="1/s",
        by_construction=False,
        note=f"{one.people} persons over y = 0: (N - 1) headways. Design flow is far below any "
        "laboratory's.",
        measure=_measure(one, data),
    )


def _measure(one: Experiment, data: Path | None) -> Callable[[], Finding]:
    def measure() -> Finding:
        flow = one.flow_per_s if data is None else rate(crossing_times(data / one.path))
        return compared(one, flow)

    return measure
