"""Reads spaces and portals from a plain mapping and reports every problem in it at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from math import isfinite
from typing import Any

from evacuation.lift import USES, Lift
from evacuation.portal import Portal
from evacuation.space import DEFAULT_RISER_M, DEFAULT_TREAD_M, Point, Space

Problem = tuple[str, str, str]
RATES = ("speed_m_s", "acceleration_m_s2")
LIFT = {"speed_m_s": 1.0, "acceleration_m_s2": 0.8, "open_s": 2.5, "close_s": 3.0, "dwell_s": 3.0}
KINDS = (
    "room", "corridor", "landing", "stair", "hall", "yard", "street", "lift", "shaft",
)  # fmt: skip


class FloorError(ValueError):
    """A floor that can not be used; ``problems`` lists (path, message, suggestion)."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{path}: {message}" for path, message, _ in problems))


def read_plan(mapping: Mapping[str, Any]) -> tuple[dict[str, Space], dict[str, Portal]]:
    """Return spaces and portals by id, or raise FloorError with all that is wrong with them."""
    return _Reader(mapping).read()


def nearest(word: str, known: Sequence[str]) -> str:
    """Return the known word closest to one that is not known, or nothing."""
    close = get_close_matches(str(word), known, n=1, cutoff=0.5)
    return close[0] if close else ""


def _point(x: Any, y: Any) -> Point:
    """Return a place; ValueError where a coordinate is no finite number."""
    place = (float(x), float(y))
    if not (isfinite(place[0]) and isfinite(place[1])):
        raise ValueError(f"({x}, {y}) is no place")
    return place


@dataclass
class _Reader:
    mapping: Mapping[str, Any]
    problems: list[Problem] = field(default_factory=list)

    def read(self) -> tuple[dict[str, Space], dict[str, Portal]]:
        levels = self._levels()
        spaces = self._spaces(levels)
        portals = self._portals(spaces, levels)
        if not spaces:
            self._report("spaces", "the floor has no spaces")
        if self.problems:
            raise FloorError(self.problems)
        return spaces, portals

    def _report(self, path: str, message: str, suggestion: str = "") -> None:
        self.problems.append((path, message, suggestion))

    def _levels(self) -> dict[str, float]:
        levels: dict[str, float] = {}
        for i, row in enumerate(self.mapping.get("storeys") or ()):
            levels[str(row.get("id"))] = self._number(row, "z_m", f"storeys[{i}]", 0.0)
        return levels

    def _spaces(self, levels: Mapping[str, float]) -> dict[str, Space]:
        spaces: dict[str, Space] = {}
        for i, row in enumerate(self.mapping.get("spaces") or ()):
            path = f"spaces[{i}]"
            name = self._id(row, path, spaces)
            if name:
                spaces[name] = self._space(row, path, name, levels)
        return spaces

    def _id(self, row: Mapping[str, Any], path: str, taken: Mapping[str, object]) -> str:
        name = str(row.get("id") or "")
        if not name:
            self._report(f"{path}.id", "an id is missing")
        elif name in taken:
            self._report(f"{path}.id", f"{name} is used twice")
            return ""
        return name

    def _space(
        self, row: Mapping[str, Any], path: str, name: str, levels: Mapping[str, float]
    ) -> Space:
        kind = self._kind(row, path)
        storey = str(row.get("storey") or "")
        if storey and storey not in levels:
            self._report(f"{path}.storey", f"no storey {storey}", nearest(storey, list(levels)))
        area = self._positive(row, "area_m2", path)
        stair = kind == "stair"
        return Space(
            id=name,
            kind=kind,
            area_m2=area,
            name=str(row.get("name") or ""),
            storey=storey,
            z_m=levels.get(storey, 0.0),
            outline=self._outline(row, path),
            width_m=self._positive(row, "width_m", path) if stair else self._width(row, path),
            slope_length_m=self._positive(row, "slope_length_m", path) if stair else 0.0,
            riser_m=self._number(row, "riser_m", path, DEFAULT_RISER_M) or DEFAULT_RISER_M,
            tread_m=self._number(row, "tread_m", path, DEFAULT_TREAD_M) or DEFAULT_TREAD_M,
            safe=bool(row.get("safe", False)),
            use=str(row.get("use") or ""),
            refuge=bool(row.get("refuge", False)),
            lift=self._lift(row, path, kind),
        )

    def _lift(self, row: Mapping[str, Any], path: str, kind: str) -> Lift | None:
        """Return the service of a lift in an evacuation; none is given: out of service."""
        given = row.get("evacuation_lift")
        if given is None:
            return None
        if kind != "lift":
            self._report(f"{path}.evacuation_lift", f"a {kind} is no lift; write kind: lift")
            return None
        use = given.get("use", "assisted")
        if use not in USES:
            text = f"no use of a lift in an evacuation: {use}; known: {', '.join(USES)}"
            self._report(f"{path}.evacuation_lift.use", text, nearest(str(use), USES))
        capacity = self._positive(given, "capacity", f"{path}.evacuation_lift")
        read = {k: self._number(given, k, f"{path}.evacuation_lift", d) for k, d in LIFT.items()}
        for key, value in read.items():
            if not 0.0 <= value < 1e6 or (key in RATES and value == 0.0):
                self._report(f"{path}.evacuation_lift.{key}", f"{value!r} is no {key}")
        return Lift(
            capacity=int(capacity),
            speed_m_s=read["speed_m_s"],
            acceleration_m_s2=read["acceleration_m_s2"],
            open_ms=round(1000 * read["open_s"]),
            close_ms=round(1000 * read["close_s"]),
            dwell_ms=round(1000 * read["dwell_s"]),
            use=use,
        )

    def _kind(self, row: Mapping[str, Any], path: str) -> str:
        kind = str(row.get("kind") or "room")
        if kind not in KINDS:
            self._report(f"{path}.kind", f"no kind of space {kind}", nearest(kind, KINDS))
        return kind

    def _width(self, row: Mapping[str, Any], path: str) -> float:
        return self._number(row, "width_m", path, 0.0)

    def _outline(self, row: Mapping[str, Any], path: str) -> tuple[Point, ...]:
        points = row.get("outline") or ()
        try:
            outline = tuple(_point(x, y) for x, y in points)
        except (TypeError, ValueError):
            self._report(f"{path}.outline", "an outline is a list of [x, y] in metres")
            return ()
        if 0 < len(outline) < 3:
            self._report(f"{path}.outline", "an outline needs three points or more")
            return ()
        return outline

    def _portals(
        self, spaces: Mapping[str, Space], levels: Mapping[str, float]
    ) -> dict[str, Portal]:
        portals: dict[str, Portal] = {}
        for i, row in enumerate(self.mapping.get("portals") or ()):
            path = f"portals[{i}]"
            name = self._id(row, path, portals)
            between = self._between(row, path, spaces)
            width = self._positive(row, "width_m", path)
            at = self._at(row, path)
            if name and between and at:
                portals[name] = Portal(
                    id=name,
                    between=between,
                    width_m=width,
                    at=at,
                    kind=str(row.get("kind") or "door"),
                    name=str(row.get("name") or ""),
                    normally=str(row.get("normally") or "open"),
                    storey_z_m=levels.get(str(row.get("storey") or "")),
                )
        return portals

    def _between(
        self, row: Mapping[str, Any], path: str, spaces: Mapping[str, Space]
    ) -> tuple[str, str] | None:
        ends = [str(s) for s in row.get("between") or ()]
        if len(ends) != 2 or ends[0] == ends[1]:
            self._report(f"{path}.between", "a portal joins two different spaces")
            return None
        for i, end in enumerate(ends):
            if end not in spaces:
                self._report(f"{path}.between[{i}]", f"no space {end}", nearest(end, list(spaces)))
        return (ends[0], ends[1])

    def _at(self, row: Mapping[str, Any], path: str) -> Point | None:
        try:
            x, y = row["at"]
            return _point(x, y)
        except (KeyError, TypeError, ValueError):
            self._report(f"{path}.at", "a portal needs its place, at: [x, y] in metres")
            return None

    def _positive(self, row: Mapping[str, Any], key: str, path: str) -> float:
        value = self._number(row, key, path, 0.0)
        if value <= 0.0:
            who = row.get("id") or "it"
            self._report(f"{path}.{key}", f"{who} needs a {key} above zero")
        return value

    def _number(self, row: Mapping[str, Any], key: str, path: str, default: float) -> float:
        value = row.get(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._report(f"{path}.{key}", f"{value!r} is not a number")
            return default
        if not isfinite(value):
            self._report(f"{path}.{key}", f"{value} is no size; a finite number is needed")
            return default
        return float(value)
