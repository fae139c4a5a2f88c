"""How crowded each space was, from the journeys and the spaces' areas.

Density is people present divided by the whole area of the space (people per m2), exact in time.
Levels of service: Fruin 1971, area per person on walkways and on stairs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reports.building import Building
from reports.journeys import Journeys

CROWD = 4  # fewer people than this make no crowd, however small the space
LETTERS = "ABCDEF"
WALKWAY_M2 = (3.25, 2.32, 1.39, 0.93, 0.46)  # Fruin 1971, least m2 per person of levels A to E
STAIR_M2 = (1.86, 1.39, 0.93, 0.65, 0.37)
WARNING_PER_M2 = 4.0  # moving crowds above this: warning (Fruin 1993, Still 2000)
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Peak:
    """The most crowded instant of one space; `above_s`: seconds above the warning density."""

    space: str
    t_ms: int
    people: int
    per_m2: float
    service: str
    above_s: float


@dataclass(frozen=True, slots=True)
class Crowding:
    """Peaks per space (most crowded first) and the worst moment of the run."""

    peaks: tuple[Peak, ...]
    worst: Peak | None
    at_worst: Mapping[str, float]  # space -> people per m2 at the worst moment
    highest: Mapping[str, float]  # space -> highest people per m2 at any time


def crowding(journeys: Journeys, building: Building) -> Crowding:
    """Peaks and the worst moment over all spaces that are not safe places.

    The worst is the highest density (to 0.1 per m2), among equals that of the most people.
    """
    found = [
        _peak(journeys, building, code)
        for code, name in enumerate(journeys.spaces)
        if building.is_inside(name) and building.spaces[name].area_m2 > 0
    ]
    peaks = sorted(found, key=lambda p: (-round(p.per_m2, 1), -p.people, p.space))
    worst = next((peak for peak in peaks if peak.people >= CROWD), None)
    at_worst = _densities(journeys, building, worst.t_ms) if worst else {}
    highest = {peak.space: peak.per_m2 for peak in peaks}
    return Crowding(tuple(peaks), worst, at_worst, highest)


def people_at(journeys: Journeys, t_ms: int) -> dict[str, int]:
    """Space -> people in it at `t_ms` (in included, out excluded)."""
    present = (journeys.t_in_ms <= t_ms) & (t_ms < journeys.t_out_ms)
    counts = np.bincount(journeys.space[present], minlength=len(journeys.spaces))
    return {name: int(n) for name, n in zip(journeys.spaces, counts, strict=True)}


def series(
    journeys: Journeys, building: Building, space: str, step_ms: int = 1000
) -> list[tuple[int, float]]:
    """(ms, people per m2) of one space on a grid of `step_ms`, from 0 to the last journey."""
    area = building.spaces[space].area_m2
    if space not in journeys.spaces or not len(journeys) or area <= 0:
        return []
    rows = journeys.space == journeys.spaces.index(space)
    grid = np.arange(0, int(journeys.t_out_ms.max()) + step_ms, step_ms)
    arrived = np.searchsorted(np.sort(journeys.t_in_ms[rows]), grid, side="right")
    gone = np.searchsorted(np.sort(journeys.t_out_ms[rows]), grid, side="right")
    return [(int(t), float(n) / area) for t, n in zip(grid, arrived - gone, strict=True)]


def service(per_m2: float, kind: str) -> str:
    """Fruin's level of service A to F; of stairs for kind `stair`, else of walkways."""
    if per_m2 <= 0:
        return LETTERS[0]
    limits = STAIR_M2 if kind == "stair" else WALKWAY_M2
    return LETTERS[sum(1 / per_m2 < limit for limit in limits)]


def _peak(journeys: Journeys, building: Building, code: int) -> Peak:
    space = building.spaces[journeys.spaces[code]]
    rows = journeys.space == code
    times, counts = _steps(journeys.t_in_ms[rows], journeys.t_out_ms[rows])
    top = int(np.argmax(counts))
    lasting = np.diff(times, append=times[-1])
    above = int(lasting[counts / space.area_m2 > WARNING_PER_M2].sum())
    per_m2 = float(counts[top]) / space.area_m2
    letter = service(per_m2, space.kind)
    return Peak(space.id, int(times[top]), int(counts[top]), per_m2, letter, above / 1000)


def _steps(t_in: Counts, t_out: Counts) -> tuple[Counts, Counts]:
    """Instants of change and the people present from each on; leaving goes before coming."""
    times, places = np.unique(np.concatenate([t_in, t_out]), return_inverse=True)
    change = np.concatenate([np.ones_like(t_in), -np.ones_like(t_out)])
    sums = np.bincount(places, weights=change, minlength=len(times))
    return times.astype(np.int64), np.cumsum(sums).astype(np.int64)


def _densities(journeys: Journeys, building: Building, t_ms: int) -> dict[str, float]:
    return {
        name: count / building.spaces[name].area_m2
        for name, count in people_at(journeys, t_ms).items()
        if building.is_inside(name) and building.spaces[name].area_m2 > 0
    }
