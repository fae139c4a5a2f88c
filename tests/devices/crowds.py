"""Crowds of known size in front of a camera."""

from __future__ import annotations

import numpy as np

from devices.vision.view import Flags, View


def standing(
    people: int,
    density: float,
    *,
    stair: bool = False,
    lying: int = 0,
    x: float = 0.0,
    first: int = 0,
    through: tuple[int, int] = (0, 0),
) -> View:
    """So many people in a row at `x`, the first `lying` of them on the ground."""

    def every(value: bool) -> Flags:
        return np.full(people, value)

    return View(
        track=np.arange(first, first + people),
        x=np.full(people, x),
        y=np.arange(people, dtype=float),
        density=np.full(people, density),
        stair=every(stair),
        fallen=np.arange(people) < lying,
        hidden=every(False),
        fullest=density if people else 0.0,
        through=through,
    )
