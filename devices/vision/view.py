"""What is truly in front of a camera: bodies without names, handed out by the twin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class View:
    """The people in a field of view at one moment, a row each; all are truly there.

    `track` tells one body from another and means nothing else; `x`, `y` in m; `density` people
    per m2 of the space around each; `stair`, `fallen`, `hidden` (by smoke) per person; `fullest`
    the greatest density of a space in view; `through` people so far through the portal that the
    camera watches, from its inner to its outer side and back.
    """

    track: Longs
    x: Floats
    y: Floats
    density: Floats
    stair: Flags
    fallen: Flags
    hidden: Flags
    fullest: float
    through: tuple[int, int]

    @property
    def people(self) -> int:
        """How many are truly in view."""
        return int(self.track.size)

    @property
    def lying(self) -> int:
        """How many of them have fallen."""
        return int(np.count_nonzero(self.fallen))


Look = Callable[[], View]
"""Tells what is in front of one camera, now."""


_NONE, _NEVER = np.zeros(0), np.zeros(0, np.bool_)
NOBODY = View(np.zeros(0, np.int64), _NONE, _NONE, _NONE, _NEVER, _NEVER, _NEVER, 0.0, (0, 0))
"""A view with nobody in it."""
