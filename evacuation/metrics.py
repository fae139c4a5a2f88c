"""Counts, densities and the egress curve from the stretches that people spent in spaces."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evacuation.floor import Floor
from evacuation.moves import Passage, Segment


@dataclass(frozen=True, slots=True)
class Course:
    """A number that changes at times: ``values[k]`` holds from ``times_ms[k]`` to the next."""

    times_ms: NDArray[np.int64]
    values: NDArray[np.float64]

    def at(self, t_ms: int) -> float:
        """Return the value that holds at a time; 0 before the first change."""
        k = int(np.searchsorted(self.times_ms, t_ms, side="right")) - 1
        return float(self.values[k]) if k >= 0 else 0.0

    @property
    def peak(self) -> tuple[float, int]:
        """Return the greatest value and the time it was first reached; (0, 0) if there is none."""
        if not self.values.size:
            return (0.0, 0)
        k = int(np.argmax(self.values))
        return (float(self.values[k]), int(self.times_ms[k]))


def counts(segments: Iterable[Segment]) -> dict[str, Course]:
    """Return the people in each space over time."""
    changes: dict[str, dict[int, int]] = {}
    for _, space, _, begin, end in segments:
        own = changes.setdefault(space, {})
        own[begin] = own.get(begin, 0) + 1
        own[end] = own.get(end, 0) - 1
    return {space: _course(own) for space, own in sorted(changes.items())}


def densities(floor: Floor, segments: Iterable[Segment]) -> dict[str, Course]:
    """Return persons per square metre in each space over time (stairs: slope times width)."""
    return {
        space: Course(course.times_ms, course.values / floor.spaces[space].walking_area_m2)
        for space, course in counts(segments).items()
    }


def peaks(courses: Mapping[str, Course]) -> dict[str, tuple[float, int]]:
    """Return the greatest value and its time for each of several courses."""
    return {name: course.peak for name, course in courses.items()}


def egress_curve(outs: Iterable[Passage]) -> Course:
    """Return how many are out over time."""
    changes: dict[int, int] = {}
    for _, _, t in outs:
        changes[t] = changes.get(t, 0) + 1
    return _course(changes)


def _course(changes: Mapping[int, int]) -> Course:
    times = np.array(sorted(t for t, step in changes.items() if step), np.int64)
    steps = np.array([changes[int(t)] for t in times], np.float64)
    return Course(times, np.cumsum(steps))
