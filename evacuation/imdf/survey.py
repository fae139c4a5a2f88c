"""Levels, units and openings of a venue, in metres, with what does not hold together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evacuation.bim.problem import Finding, ImportProblem
from evacuation.imdf.archive import Archive, Feature
from evacuation.imdf.projection import Projection, around


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a building; ``ordinal`` orders the levels of one building."""

    key: str
    building: str
    ordinal: int
    name: str
    plan: Any


@dataclass(frozen=True, slots=True)
class Unit:
    """A room, walkway, stair or lift; ``plan`` is its footprint (shapely), m."""

    key: str
    level: str
    category: str
    label: str
    number: str
    plan: Any


@dataclass(frozen=True, slots=True)
class Opening:
    """A door as a line, m."""

    key: str
    level: str
    line: Any

    @property
    def width_m(self) -> float:
        """Its length; IMDF draws what people pass, so it is the clear width."""
        return float(self.line.length)


@dataclass(frozen=True, slots=True)
class Survey:
    """All that was found; ``buildings`` are names by id, of those that have levels."""

    archive: Archive
    projection: Projection
    buildings: Mapping[str, str]
    levels: Mapping[str, Level]
    units: Mapping[str, Unit]
    openings: tuple[Opening, ...]
    lost: tuple[Finding, ...]

    def units_on(self, level: str) -> list[Unit]:
        """The units of a level, in file order."""
        return [unit for unit in self.units.values() if unit.level == level]


def survey_of(archive: Archive) -> Survey:
    """Read the venue; ImportProblem if it has no level or no unit."""
    projection = _touching(archive)
    levels = {one["id"]: _level(projection, one) for one in archive.all("level")}
    lost: list[Finding] = []
    units = {
        one["id"]: _unit(projection, one)
        for one in archive.all("unit")
        if _placed(one, levels, "Unit", lost)
    }
    if not levels or not units:
        raise ImportProblem(f"{archive.path} has no {'unit' if levels else 'level'} to stand on.")
    openings = [
        _opening(projection, one)
        for one in archive.all("opening")
        if _placed(one, levels, "Opening", lost)
    ]
    names = {one["id"]: words(one, "name") for one in archive.all("building")}
    used = sorted(
        {level.building for level in levels.values()}, key=lambda b: (names.get(b, ""), b)
    )
    buildings = {key: names.get(key) or f"Building {rank}" for rank, key in enumerate(used, 1)}
    return Survey(archive, projection, buildings, levels, units, tuple(openings), tuple(lost))


def words(feature: Feature, key: str) -> str:
    """A label: English where there is one, else the first language."""
    said = feature["properties"].get(key)
    if isinstance(said, Mapping):
        said = said.get("en") or next((text for text in said.values() if text), "")
    return str(said or "").strip()


def _touching(archive: Archive) -> Projection:
    import shapely
    from shapely.geometry import shape

    for one in archive.all("level"):
        try:
            middle = shapely.centroid(shape(one["geometry"]))
            return around(float(middle.x), float(middle.y))
        except (AttributeError, KeyError, TypeError, ValueError, IndexError) as error:
            text = f"Level {one['id']} of {archive.path} has a geometry that cannot be read."
            raise ImportProblem(text) from error
    raise ImportProblem(f"{archive.path} has no level to stand on.")


def _level(projection: Projection, one: Feature) -> Level:
    said = one["properties"]
    ordinal = said.get("ordinal")
    if isinstance(ordinal, bool) or not isinstance(ordinal, int):
        raise ImportProblem(f"Level {one['id']} needs a whole number as its ordinal.")
    buildings = said.get("building_ids") or [""]
    name = words(one, "name") or words(one, "short_name") or f"Level {ordinal}"
    plan = projection.plane(one.get("geometry"), f"Level {one['id']}")
    return Level(one["id"], str(buildings[0]), ordinal, name, plan)


def _unit(projection: Projection, one: Feature) -> Unit:
    plan = projection.plane(one.get("geometry"), f"Unit {one['id']}")
    said = one["properties"]
    return Unit(
        key=one["id"],
        level=said["level_id"],
        category=str(said.get("category") or "unspecified"),
        label=words(one, "name"),
        number=words(one, "alt_name"),
        plan=plan if plan.is_valid else plan.buffer(0.0),
    )


def _opening(projection: Projection, one: Feature) -> Opening:
    line = projection.plane(one.get("geometry"), f"Opening {one['id']}")
    if line.length <= 0.0:
        raise ImportProblem(f"Opening {one['id']} has no length.")
    return Opening(one["id"], one["properties"]["level_id"], line)


def _placed(one: Feature, levels: Mapping[str, Level], what: str, lost: list[Finding]) -> bool:
    """Whether a feature names a level that is there; if not, say that it is left out."""
    level = one["properties"].get("level_id")
    if level in levels:
        return True
    text = f"{what} {one['id']} names level {level}, which is not there; left out."
    lost.append(Finding("no-level", one["id"], text))
    return False
