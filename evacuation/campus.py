"""A made-up campus of any size, for measuring speed: teaching blocks of three storeys, alike.

Drawn here and standing nowhere. One block: per storey a corridor of 45 x 3 m in pieces of 9 m,
five classrooms of 9 x 7 m on either side, a stair at both ends with a landing; two exits below.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np

from evacuation.floor import Floor
from evacuation.people import Person
from evacuation.streams import stream

Row = dict[str, Any]
STOREYS, PIECES, CLASSES = 3, 5, 10
PER_BLOCK = 600
"""Twenty in each classroom of a block."""
PITCH_M = 80.0
STOREY_M = 3.6
SLOPE_M = 7.8
"""From storey to storey by steps of 150/290 mm."""


def campus(people: int, seed: int) -> tuple[Floor, list[Person]]:
    """Return a floor with room for so many, and the people in its classrooms.

    Everybody knows all exits. A class prepares as one, lognormal with median 25 s and sigma 0.5,
    and each pupil 3 s sooner or later; speeds are normal, 1.2 +/- 0.2 m/s, cut at two sigma.
    """
    count = max(1, ceil(people / PER_BLOCK))
    blocks = [Block(k, PITCH_M * (k % 20), PITCH_M * (k // 20)) for k in range(count)]
    street: Row = {"id": "street", "kind": "street", "area_m2": 1e7, "safe": True}
    floor = Floor.from_mapping(
        {
            "name": f"campus of {count} blocks",
            "storeys": [{"id": f"f{k}", "z_m": STOREY_M * k} for k in range(STOREYS)],
            "spaces": [row for block in blocks for row in block.spaces()] + [street],
            "portals": [row for block in blocks for row in block.portals()],
        }
    )
    return floor, _people(people, [r for block in blocks for r in block.rooms()], seed)


def _people(count: int, rooms: list[str], seed: int) -> list[Person]:
    source = stream(seed, "campus")
    classes = 25_000 * np.exp(0.5 * source.standard_normal(len(rooms)))
    waits = classes[np.arange(count) % len(rooms)] + 3_000 * source.standard_normal(count)
    speeds = 1.2 + 0.2 * np.clip(source.standard_normal(count), -2.0, 2.0)
    return [
        Person(
            id=f"p{k}",
            space=rooms[k % len(rooms)],
            group=rooms[k % len(rooms)],
            role="pupil",
            speed_m_s=speed,
            body_area_m2=0.1,
            pre_movement_ms=wait,
        )
        for k, (speed, wait) in enumerate(
            zip(speeds.tolist(), np.maximum(waits, 0.0).astype(np.int64).tolist(), strict=True)
        )
    ]


@dataclass(frozen=True, slots=True)
class Block:
    """One teaching block with its south-west corner at (x, y) metres."""

    number: int
    x: float
    y: float

    def rooms(self) -> list[str]:
        """Return the classrooms, storey by storey."""
        return [self._id(f"r{s}.{k}") for s in range(STOREYS) for k in range(CLASSES)]

    def spaces(self) -> Iterator[Row]:
        """Yield the rows of its spaces."""
        for s in range(STOREYS):
            for k in range(CLASSES):
                yield self._room(f"r{s}.{k}", "room", s, 9.0 * (k % 5), 10.0 * (k // 5), 9.0, 7.0)
            for k in range(PIECES):
                yield self._room(f"c{s}.{k}", "corridor", s, 9.0 * k, 7.0, 9.0, 3.0)
            for side, x in (("w", -4.0), ("e", 45.0)):
                yield self._room(f"l{s}.{side}", "landing", s, x, 6.5, 4.0, 4.0)
                if s:
                    yield {
                        "id": self._id(f"s{s}.{side}"), "kind": "stair", "storey": f"f{s - 1}",
                        "area_m2": 1.8 * SLOPE_M, "width_m": 1.8, "slope_length_m": SLOPE_M,
                        "riser_m": 0.150, "tread_m": 0.290,
                    }  # fmt: skip

    def portals(self) -> Iterator[Row]:
        """Yield the rows of its portals."""
        for s in range(STOREYS):
            for k in range(CLASSES):
                y = 7.0 if k < 5 else 10.0
                x = 9.0 * (k % 5) + 4.5
                yield self._door(f"d{s}.{k}", f"r{s}.{k}", f"c{s}.{k % 5}", x, y, 1.0)
            for k in range(1, PIECES):
                link = self._door(f"o{s}.{k}", f"c{s}.{k - 1}", f"c{s}.{k}", 9.0 * k, 8.5, 3.0)
                yield link | {"kind": "opening"}
            for side, x, piece in (("w", 0.0, 0), ("e", 45.0, PIECES - 1)):
                yield self._door(f"f{s}.{side}", f"c{s}.{piece}", f"l{s}.{side}", x, 8.5, 1.8)
                yield from self._flight(s, side)

    def _flight(self, s: int, side: str) -> Iterator[Row]:
        """Yield the doors of the stair that leads down from a landing, or its exit."""
        x = -2.0 if side == "w" else 47.0
        if s == 0:
            yield self._door(f"x.{side}", f"l0.{side}", "street", x, 6.5, 1.8)
            return
        yield self._door(f"t{s}.{side}", f"l{s}.{side}", f"s{s}.{side}", x, 10.5, 1.8)
        yield self._door(f"b{s}.{side}", f"s{s}.{side}", f"l{s - 1}.{side}", x, 10.0, 1.8)

    def _id(self, name: str) -> str:
        return f"b{self.number}.{name}"

    def _room(
        self, name: str, kind: str, storey: int, x: float, y: float, width: float, depth: float
    ) -> Row:
        left, low = self.x + x, self.y + y
        right, high = left + width, low + depth
        return {
            "id": self._id(name), "kind": kind, "storey": f"f{storey}", "area_m2": width * depth,
            "width_m": min(width, depth),
            "outline": [[left, low], [right, low], [right, high], [left, high]],
        }  # fmt: skip

    def _door(self, name: str, a: str, b: str, x: float, y: float, width: float) -> Row:
        other = b if b == "street" else self._id(b)
        return {
            "id": self._id(name), "between": [self._id(a), other],
            "at": [self.x + x, self.y + y], "width_m": width,
        }  # fmt: skip
