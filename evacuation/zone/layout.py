"""What a zone is made of: walls, gates, flights, lines where people come in and go out. Metres.

Flights are drawn along their slope (unrolled), so a metre on the plan is a metre walked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import hypot, pi

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Gate:
    """A leaf across a passage; while it is shut it is a wall that people press on."""

    id: str
    a: Point
    b: Point
    shut: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A portal between the zone and the rest of the building: ``inward`` points into the zone.

    It is ``into`` the zone, ``out`` of it, or both.
    """

    id: str
    a: Point
    b: Point
    inward: Point
    into: bool = False
    out: bool = False

    @property
    def width_m(self) -> float:
        """Its clear width."""
        return hypot(self.b[0] - self.a[0], self.b[1] - self.a[1])


@dataclass(frozen=True, slots=True)
class Piece:
    """A polygon of ground: level (``slope_deg`` 0) or a flight that goes ``down`` a direction."""

    id: str
    outline: tuple[Point, ...]
    slope_deg: float = 0.0
    down: Point = (1.0, 0.0)
    length_m: float = 0.0
    lux: float = 100.0
    handrail: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """A zone's geometry; ``walls`` are polylines. ValueError for what cannot be a zone."""

    walls: tuple[tuple[Point, ...], ...]
    lines: tuple[Line, ...]
    pieces: tuple[Piece, ...]
    gates: tuple[Gate, ...] = ()
    ways: Mapping[str, tuple[Point, ...]] = field(default_factory=dict)
    """Rings: people with this aim go round these points for ever, and leave by no line."""

    def __post_init__(self) -> None:
        """Check that pieces are polygons and that ids are there once."""
        ids = [*(one.id for one in self.lines), *(one.id for one in self.gates)]
        ids += [*(one.id for one in self.pieces), *self.ways]
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise ValueError(f"a zone with two parts called {twice[0]!r}")
        for piece in self.pieces:
            if len(piece.outline) < 3:
                raise ValueError(f"piece {piece.id!r} of a zone has fewer than three corners")
        if not self.pieces:
            raise ValueError("a zone needs at least one piece of ground")

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Least and greatest x, least and greatest y of the ground."""
        xs = [x for piece in self.pieces for x, _ in piece.outline]
        ys = [y for piece in self.pieces for _, y in piece.outline]
        return min(xs), max(xs), min(ys), max(ys)


def rectangle(x0: float, y0: float, x1: float, y1: float) -> tuple[Point, ...]:
    """Return the outline of a rectangle."""
    return ((x0, y0), (x1, y0), (x1, y1), (x0, y1))


def radians(degrees: float) -> float:
    """Return an angle in radians."""
    return degrees * pi / 180.0
