"""Measured trajectories: who was where when, and what is counted from that."""

import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Box = tuple[float, float, float, float]
"""Least and greatest x, least and greatest y, m."""


@dataclass(frozen=True, slots=True)
class Tracks:
    """One row per person and picture: number, time (s), place (m)."""

    person: Floats
    t_s: Floats
    x_m: Floats
    y_m: Floats
    step_s: float

    @classmethod
    def read(cls, path: Path, rate_hz: float = 0.0, unit_m: float = 1.0) -> "Tracks":
        """Read rows of person, frame, x, y; the file's ``framerate:`` holds unless one is given.

        ValueError where there is none.
        """
        rate = rate_hz or _framerate(path)
        rows = np.loadtxt(path, usecols=(0, 1, 2, 3))
        rows = rows[np.lexsort((rows[:, 1], rows[:, 0]))]
        return cls(
            rows[:, 0], rows[:, 1] / rate, rows[:, 2] * unit_m, rows[:, 3] * unit_m, 1 / rate
        )

    def crossings(self, place: Floats, at_m: float) -> list[float]:
        """Return when each person first is on the other side of a line, in order, in seconds.

        ``place`` is ``x_m`` or ``y_m``; the side is that of his first picture.
        """
        beyond = place > at_m
        first = np.flatnonzero(np.diff(self.person, prepend=np.nan) != 0)
        began = np.repeat(beyond[first], np.diff(np.append(first, len(self.person))))
        over = np.flatnonzero(beyond != began)
        _, one = np.unique(self.person[over], return_index=True)
        return sorted(self.t_s[over[one]].tolist())

    def density(self, box: Box, begin_s: float, end_s: float) -> float:
        """Return persons per m2 in a box, meaned over pictures (the classical density)."""
        x0, x1, y0, y1 = box
        inside = (self.x_m >= x0) & (self.x_m < x1) & (self.y_m >= y0) & (self.y_m < y1)
        inside &= (self.t_s >= begin_s) & (self.t_s <= end_s)
        pictures = round((end_s - begin_s) / self.step_s) + 1
        return float(np.count_nonzero(inside)) / pictures / ((x1 - x0) * (y1 - y0))


def _framerate(path: Path) -> float:
    with path.open(encoding="utf-8") as lines:
        head = "".join(line for line in islice(lines, 20) if line.startswith("#"))
    found = re.search(r"framerate:\s*([0-9.]+)", head)
    if not found:
        raise ValueError(f"{path}: no `framerate:` among the comments at its beginning")
    return float(found[1])
