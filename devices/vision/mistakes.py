"""Who bends on a stair and is taken for fallen: a shoelace, a thing picked up.

A camera tells lying from standing by the outline; a bent body looks like a lying one as long as it
is bent. How often is a setting of the camera (`mistaken`); how long one stays bent is drawn with
a mean of 2 s (assumed; nothing measured on school stairs).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.random import Generator

from devices.vision.view import View

BENT_MS = 2000.0
HOUR_MS = 3_600_000.0


class Mistakes:
    """Whom one camera takes for fallen; `per_hour` by person in view on a stair."""

    def __init__(self, per_hour: float) -> None:
        self._per_hour = per_hour
        self._until: dict[int, float] = {}
        self._last = 0

    def seen(self, view: View, at: int, rng: Generator) -> View:
        """The view as the camera takes it at `at`, ms; it draws nothing where the rate is 0."""
        since, self._last = at - self._last, at
        if not self._per_hour or not view.people:
            return view
        begins = rng.random(view.people) < self._per_hour * since / HOUR_MS
        for row in np.flatnonzero(begins & view.stair & ~view.fallen).tolist():
            self._until[int(view.track[row])] = at + float(rng.exponential(BENT_MS))
        self._until = {body: end for body, end in self._until.items() if end > at}
        if not self._until:
            return view
        return replace(view, fallen=view.fallen | np.isin(view.track, list(self._until)))
