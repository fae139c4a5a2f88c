"""Single file: how fast people go at how many per metre, in the two oval experiments at hand."""

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from evacuation.laws import LABORATORY
from evacuation.people import Person
from evacuation.verification.case import Case, Finding, judged
from evacuation.verification.diagram import counted
from evacuation.verification.drill import alarm, drill, people
from evacuation.verification.geometry import long_corridor

FOLDER = "ped/trajectories/pedpy/single_file"
FILES = (f"{FOLDER}/n34_cam2.csv", f"{FOLDER}/n56_cam1.csv")
FIELD_M = 0.9
"""Half the length of the field at the middle of the camera's view, in which people are counted."""
LENGTH_M, PIECE_M = 60.0, 5.0
WIDTH_M = 0.8
"""A way on which people can not walk side by side."""


@dataclass(frozen=True, slots=True)
class Point:
    """One state of single-file walking: persons per metre, and speed in m/s."""

    per_m: float
    speed_m_s: float


def observed(path: Path) -> Point:
    """Return the mean of a file with rows ID, frame, x, y, v_x, v_y: along x, m and m/s."""
    rows = np.loadtxt(path, delimiter=",", skiprows=1)
    inside = np.abs(rows[:, 2]) <= FIELD_M
    pictures = len(np.unique(rows[:, 1]))
    per_m = np.count_nonzero(inside) / pictures / (2 * FIELD_M)
    return Point(per_m, float(np.abs(rows[inside, 4]).mean()))


def _evenly(count: int) -> list[tuple[Person, float]]:
    """Return persons, and where along the way each one starts."""
    at = (np.arange(count) + 0.5) * (LENGTH_M / count)
    return list(zip(people(count, "c0", speed_m_s=1.34), at.tolist(), strict=True))


def modelled(per_m: float) -> Point:
    """Return what a long way of the width of one does when people stand on it at even distances."""
    floor = long_corridor(LENGTH_M, WIDTH_M, PIECE_M)
    crowd = [
        replace(one, space=f"c{int(x / PIECE_M)}", xy=(x, WIDTH_M / 2))
        for one, x in _evenly(round(LENGTH_M * per_m))
    ]
    run = drill(floor, crowd, 1, LABORATORY).go(20, alarm(floor))
    flow, inside = counted(run, "c5", 5.0, 20.0)
    return Point(inside / 5.0, flow * 5.0 / max(inside, 1e-9))


def rings(data: Path) -> Finding:
    """Set the laboratory preset beside both densities."""
    texts, off, values = [], [], dict[str, float]()
    for name in FILES:
        seen = observed(data / name)
        model = modelled(seen.per_m)
        ratio = model.speed_m_s / seen.speed_m_s
        texts.append(
            f"{seen.per_m:.2f} /m: {seen.speed_m_s:.2f} m/s, model {model.speed_m_s:.2f} m/s at "
            f"{model.per_m:.2f} /m"
        )
        off += [f"{ratio:.1f} of the speed seen at {seen.per_m:.2f} /m"] * (abs(ratio - 1) > 0.2)
        values[f"{seen.per_m:.2f}"] = ratio
    texts += [f"off: {', '.join(off)}"] * bool(off)
    return judged(not off, "; ".join(texts), **values)


def cases(data: Path) -> tuple[Case, ...]:
    """Return the single-file experiments as one case on a folder of data."""
    return (
        Case(
            id="V6", group="measured", title="Single file (34 and 56 persons on an oval)",
            refs=FILES, expected="laboratory: speed +/- 20 % at both densities", unit="m/s",
            by_construction=False,
            note="Persons per metre in 1.8 m of the straight part; the model on a way 0.8 m wide.",
            measure=partial(rings, data),
        ),
    )  # fmt: skip
