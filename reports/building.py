"""The building as a report draws it: storeys, spaces, portals, stairs and exits of a floor file.

Knows shapes and names only; how people move through them is read from the run's records.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from controller.interface.files import BadFile, read

Point = tuple[float, float]
STACKED = 0.5  # two flights belong to one stair if they share this part of the smaller's ground


@dataclass(frozen=True, slots=True)
class Storey:
    """One level: `z_m` is its height above the site's datum."""

    id: str
    name: str
    z_m: float


@dataclass(frozen=True, slots=True)
class Space:
    """A place people can be in; `outline` (metres) is empty where the file draws none.

    `area_m2` is what densities count on: of a stair at least its slope times its width.
    """

    id: str
    name: str
    kind: str
    storey: str
    area_m2: float
    outline: tuple[Point, ...]
    safe: bool

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Bounding box of the outline: left, bottom, right, top, in metres."""
        xs, ys = zip(*self.outline, strict=True)
        return min(xs), min(ys), max(xs), max(ys)


@dataclass(frozen=True, slots=True)
class Portal:
    """A door or opening from `inner` to `outer` of clear width `width_m`."""

    id: str
    name: str
    inner: str
    outer: str
    width_m: float
    at: Point | None


@dataclass(frozen=True, slots=True)
class Building:
    """All of a floor file that a report needs."""

    name: str
    source: str
    storeys: tuple[Storey, ...]
    spaces: Mapping[str, Space]
    portals: Mapping[str, Portal]

    @classmethod
    def load(cls, path: Path) -> Building:
        """The building in `floor.yaml`; an empty one if the file is missing or unreadable."""
        try:
            raw = read(path)
        except BadFile:
            raw = {}
        return cls.from_mapping(raw if isinstance(raw, Mapping) else {})

    @classmethod
    def from_mapping(cls, raw: Mapping[str, Any]) -> Building:
        """The building in the plain content of a floor file."""
        spaces = [_space(item) for item in raw.get("spaces") or ()]
        portals = [_portal(item) for item in raw.get("portals") or ()]
        storeys = [
            Storey(str(s["id"]), str(s.get("name", s["id"])), float(s.get("z_m", 0.0)))
            for s in raw.get("storeys") or ()
        ]
        return cls(
            name=str(raw.get("name", "")),
            source=str(raw.get("source", "")),
            storeys=tuple(storeys),
            spaces={space.id: space for space in spaces},
            portals={portal.id: portal for portal in portals},
        )

    @property
    def exits(self) -> tuple[Portal, ...]:
        """Portals between a space that is not safe and one that is."""
        return tuple(p for p in self.portals.values() if self._leads_out(p))

    def is_inside(self, space: str) -> bool:
        """Whether a space is known and not a safe place."""
        return space in self.spaces and not self.spaces[space].safe

    def level_spaces(self, storey: str) -> list[str]:
        """Spaces of a storey that are neither stairs nor safe places."""
        return [
            space.id
            for space in self.spaces.values()
            if space.storey == storey and space.kind != "stair" and not space.safe
        ]

    def name_of(self, element: str) -> str:
        """The name on the door plate of a space, portal or storey; the id if it has none."""
        found = self.spaces.get(element) or self.portals.get(element)
        if found is None:
            return next((s.name for s in self.storeys if s.id == element), element)
        return found.name or element

    def stairs(self) -> dict[str, tuple[str, ...]]:
        """Stair name -> its spaces: flights of one name, or drawn above each other."""
        groups: list[list[Space]] = []
        for flight in (s for s in self.spaces.values() if s.kind == "stair"):
            home = [g for g in groups if any(_same_stair(flight, other) for other in g)]
            groups = [g for g in groups if g not in home]
            groups.append([*(space for group in home for space in group), flight])
        named = [(_stair_name(group), tuple(space.id for space in group)) for group in groups]
        return dict(sorted(named))

    def _leads_out(self, portal: Portal) -> bool:
        sides = [self.spaces.get(side) for side in (portal.inner, portal.outer)]
        return all(sides) and len({side.safe for side in sides if side}) == 2


def _space(item: Mapping[str, Any]) -> Space:
    return Space(
        id=str(item["id"]),
        name=str(item.get("name") or item["id"]),
        kind=str(item.get("kind", "room")),
        storey=str(item.get("storey", "")),
        area_m2=_walking_m2(item),
        outline=tuple((float(x), float(y)) for x, y in item.get("outline") or ()),
        safe=bool(item.get("safe", False)),
    )


def _walking_m2(item: Mapping[str, Any]) -> float:
    """The area people stand on; of a stair at least its slope times its width."""
    area = float(item.get("area_m2") or 0.0)
    if item.get("kind") != "stair":
        return area
    return max(area, float(item.get("width_m") or 0.0) * float(item.get("slope_length_m") or 0.0))


def _portal(item: Mapping[str, Any]) -> Portal:
    inner, outer = item["between"]
    at = item.get("at")
    return Portal(
        id=str(item["id"]),
        name=str(item.get("name") or item["id"]),
        inner=str(inner),
        outer=str(outer),
        width_m=float(item.get("width_m") or 0.0),
        at=(float(at[0]), float(at[1])) if at else None,
    )


def _stem(name: str) -> str:
    return name.split(",")[0].strip()


def _same_stair(a: Space, b: Space) -> bool:
    if "," in a.name and "," in b.name:
        return _stem(a.name) == _stem(b.name)
    return bool(a.outline and b.outline) and _shared_ground(a, b) >= STACKED


def _shared_ground(a: Space, b: Space) -> float:
    left, bottom = max(a.box[0], b.box[0]), max(a.box[1], b.box[1])
    right, top = min(a.box[2], b.box[2]), min(a.box[3], b.box[3])
    smaller = min(_ground(a), _ground(b))
    shared = max(0.0, right - left) * max(0.0, top - bottom)
    return shared / smaller if smaller > 0 else 0.0


def _ground(space: Space) -> float:
    left, bottom, right, top = space.box
    return (right - left) * (top - bottom)


def _stair_name(group: Iterable[Space]) -> str:
    spaces = sorted(group, key=lambda space: space.id)
    stems = {_stem(space.name) for space in spaces}
    if len(stems) == 1:
        return stems.pop()
    heads = {space.id.rpartition(".")[0] for space in spaces}
    return f"Stair {heads.pop()}" if len(heads) == 1 else spaces[0].name
