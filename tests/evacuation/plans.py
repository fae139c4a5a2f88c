"""Drawn floors and crowds for the tests, and a watcher that collects what happens."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from evacuation import BOUNDING, Conditions, Crowd, Cue, Floor, Laws, Person
from evacuation.moves import Moves

Row = dict[str, Any]
STREET: Row = {"id": "street", "kind": "street", "area_m2": 1e5, "safe": True}


def room(name: str, x: float, y: float, w: float, d: float, **more: Any) -> Row:
    outline = [[x, y], [x + w, y], [x + w, y + d], [x, y + d]]
    return {"id": name, "kind": "room", "area_m2": w * d, "outline": outline, **more}


def door(name: str, a: str, b: str, x: float, y: float, width: float = 1.0, **more: Any) -> Row:
    return {"id": name, "between": [a, b], "at": [x, y], "width_m": width, **more}


def stair(name: str, length: float, width: float, storey: str = "", **more: Any) -> Row:
    return {
        "id": name, "kind": "stair", "area_m2": length * width, "width_m": width,
        "slope_length_m": length, "storey": storey, **more,
    }  # fmt: skip


def plan(*rows: Row, storeys: tuple[Row, ...] = ()) -> Floor:
    return Floor.from_mapping(
        {
            "storeys": list(storeys),
            "spaces": [r for r in rows if "between" not in r] + [STREET],
            "portals": [r for r in rows if "between" in r],
        }
    )


def people(count: int, space: str, prefix: str = "p", **more: Any) -> list[Person]:
    base = Person("", space, "g", "adult", 1.2, 0.1, 0)
    return [replace(base, id=f"{prefix}{k:04d}", **more) for k in range(count)]


def alarm(floor: Floor, **more: Any) -> Conditions:
    """Everybody hears it."""
    return Conditions(cues=(Cue(tuple(floor.spaces), "bell", "sounder", "c#1"),), **more)


@dataclass
class Watch:
    """A crowd on its way, and all its moves."""

    crowd: Crowd
    moves: Moves = field(default_factory=Moves)

    def go(self, seconds: float, conditions: Conditions, slice_ms: int = 250) -> "Watch":
        end = self.crowd.now_ms + round(seconds * 1000)
        while self.crowd.now_ms < end and self.crowd.inside:
            new = self.crowd.advance(min(slice_ms, end - self.crowd.now_ms), conditions)
            for name in (
                "notices",
                "segments",
                "outs",
                "turned",
                "switched",
                "incapacitated",
                "duties",
            ):
                getattr(self.moves, name).extend(getattr(new, name))
        return self

    @property
    def out_s(self) -> dict[str, float]:
        return {person: t / 1000 for person, _, t in self.moves.outs}

    @property
    def by(self) -> dict[str, str]:
        return {person: portal for person, portal, _ in self.moves.outs}

    @property
    def last_s(self) -> float:
        assert self.crowd.inside == 0, f"{self.crowd.inside} still inside: {self.crowd.stranded()}"
        return max(self.out_s.values())

    def used(self) -> Mapping[str, int]:
        shares: dict[str, int] = {}
        for portal in self.by.values():
            shares[portal] = shares.get(portal, 0) + 1
        return shares


def watch(floor: Floor, crowd: list[Person], seed: int = 1, laws: Laws = BOUNDING) -> Watch:
    return Watch(Crowd(floor, crowd, seed, laws))


def evacuate(floor: Floor, crowd: list[Person], seconds: float = 1800, **more: Any) -> Watch:
    return watch(floor, crowd, **more).go(seconds, alarm(floor))
