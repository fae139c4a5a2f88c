"""What crowding people met: densities, levels of service, queues, sampled at even times.

Arrays are [spaces, samples]; densities in persons per square metre, times in seconds.
Levels of service: Fruin 1971, Pedestrian Planning and Design, square metres per person.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from evacuation.crowd import Crowd

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
LEVELS = ("A", "B", "C", "D", "E", "F")
WALKWAY_M2 = (3.24, 2.32, 1.39, 0.93, 0.46)
"""Least area per person of levels A to E on the level; less is F."""
STAIR_M2 = (1.85, 1.39, 0.93, 0.65, 0.37)
"""The same on stairs, of horizontal area in Fruin; taken here on the slope, a little strict."""
QUEUE_M2 = (1.21, 0.93, 0.65, 0.28, 0.19)
"""The same for people who stand and wait."""
CROWDED_PER_M2 = 2.0
"""rho0 of the density-time exposure: above it people no longer choose their pace."""
THRESHOLDS_PER_M2 = (2.0, 4.0, 5.0)


def levels(density: Floats, stair: NDArray[np.bool_]) -> Longs:
    """Return the level of service of each sample, 0 (A) to 5 (F); `stair` [spaces] picks the table.

    A density on the border between two levels has the better one.
    """
    density = np.asarray(density, np.float64)
    found = np.empty(density.shape, np.int64)
    for rows, areas in ((~stair, WALKWAY_M2), (stair, STAIR_M2)):
        found[rows] = np.searchsorted(1.0 / np.array(areas), density[rows], side="left")
    return found


def queue_levels(density: Floats) -> Longs:
    """Return the level of service of people who wait at a density, 0 (A) to 5 (F)."""
    return np.searchsorted(1.0 / np.array(QUEUE_M2), np.asarray(density, np.float64), side="left")


def level(density: float, stair: bool) -> str:
    """Return the letter of one density for walkers."""
    return LEVELS[int(levels(np.array([[density]]), np.array([stair]))[0, 0])]


def queue_level(density: float) -> str:
    """Return the letter of one density for people who wait."""
    return LEVELS[int(queue_levels(np.array([density]))[0])]


def by_level(found: Longs, persons: Longs, step_s: float) -> Floats:
    """Return person-seconds by level of service, [spaces, 6], of the persons counted."""
    spaces = found.shape[0]
    cells = found + len(LEVELS) * np.arange(spaces)[:, None]
    tally = np.bincount(cells.ravel(), persons.ravel(), spaces * len(LEVELS))
    return np.asarray(tally.reshape(spaces, len(LEVELS)) * step_s, np.float64)


def density_time(density: Floats, over_per_m2: float, step_s: float) -> Floats:
    """Return the integral of max(0, density - over) dt by space, in s/m2."""
    return np.asarray(np.maximum(density - over_per_m2, 0.0).sum(axis=1) * step_s, np.float64)


def person_seconds(
    density: Floats, persons: Longs, over_per_m2: Sequence[float], step_s: float
) -> Floats:
    """Return person-seconds spent above each density, [spaces, thresholds]."""
    above = [np.where(density > limit, persons, 0).sum(axis=1) for limit in over_per_m2]
    return np.asarray(np.stack(above, axis=1) * step_s, np.float64)


class Doorways:
    """Watches who queues at each portal and which portal people came by, slice after slice.

    Segments name spaces only: between two spaces with two doors the door is told here.
    """

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd
        self._came, queued = crowd.doorways()
        self._changes: list[tuple[Longs, Longs]] = []
        self._queues: list[Longs] = [queued]

    def look(self) -> None:
        """Take note of the crowd as it is, once at the end of every slice."""
        came, queued = self._crowd.doorways()
        rows = np.flatnonzero(came != self._came)
        self._changes.append((rows, came[rows]))
        self._queues.append(queued)
        self._came = came

    @property
    def queues(self) -> Longs:
        """Persons who queue at each portal, both sides together, [portals, slices + 1]."""
        return np.stack(self._queues, axis=1)

    def portals(self, persons: Sequence[str], slices: Longs) -> Longs:
        """Return the number of the portal each person had last come by at the end of a slice.

        -1 where he had passed none. The first slice is 0.
        """
        width = max(1, len(self._changes))
        rows = np.concatenate([rows for rows, _ in self._changes] or [np.zeros(0, np.int64)])
        doors = np.concatenate([doors for _, doors in self._changes] or [rows])
        when = np.repeat(np.arange(len(self._changes)), [len(rows) for rows, _ in self._changes])
        keys = rows * width + when
        order = np.argsort(keys, kind="stable")
        who = self._crowd.rows(persons)
        k = np.searchsorted(keys[order], who * width + slices, side="right") - 1
        known = (k >= 0) & (keys[order][np.maximum(k, 0)] // width == who) if len(keys) else k >= 0
        return np.where(known, doors[order][np.maximum(k, 0)] if len(keys) else -1, -1)
