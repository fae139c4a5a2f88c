"""A polygon on the plan, written as its corners: `0 0, 8 0, 8 5` (x and y in m)."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

Xy = tuple[float, float]

_LEAST = 3


@dataclass(frozen=True, slots=True)
class Corners:
    """The corners in order; none of them: no polygon."""

    at: tuple[Xy, ...] = ()

    @classmethod
    def of(cls, text: str) -> Corners:
        """The polygon in a text, none for ""; ValueError if it is not one."""
        if not text.strip():
            return cls()
        pairs = [tuple(map(float, pair.split())) for pair in text.split(",")]
        numbers = all(len(pair) == 2 and all(map(isfinite, pair)) for pair in pairs)
        if not numbers or len(set(pairs)) < _LEAST:
            raise ValueError(f"{text!r} are not the corners of a polygon")
        return cls(tuple((x, y) for x, y in pairs))

    @classmethod
    def reads(cls, text: str) -> bool:
        """Whether a text can be read."""
        try:
            cls.of(text)
        except ValueError:
            return False
        return True

    def __bool__(self) -> bool:
        return bool(self.at)

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies inside: a ray from it crosses an odd number of edges."""
        inside = False
        for (x1, y1), (x2, y2) in zip(self.at, (*self.at[1:], *self.at[:1]), strict=True):
            if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
                inside = not inside
        return inside
