"""A whole venue put together, with readable ids: `a1.r104` is unit 104, level 1, building a."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from string import ascii_lowercase

import networkx as nx

from evacuation.bim.draft import OUTSIDE
from evacuation.bim.naming import Names, slug
from evacuation.imdf.categories import VOID, meaning_of
from evacuation.imdf.doors import Door
from evacuation.imdf.survey import Level, Survey, Unit
from evacuation.imdf.ways import Entrance, Run


@dataclass(frozen=True)
class Venue:
    """Units, doors, ways out and runs of stairs, and the assumed height of a storey, m.

    ``grounds`` is the ordinal of the ground level by building.
    """

    survey: Survey
    doors: tuple[Door, ...]
    ways: tuple[Entrance, ...]
    runs: tuple[Run, ...]
    grounds: Mapping[str, int]
    storey_height_m: float

    def z_m(self, level: Level) -> float:
        """The assumed height of a level above the ground of its building."""
        return (level.ordinal - self.grounds[level.building]) * self.storey_height_m

    @cached_property
    def levels(self) -> tuple[Level, ...]:
        """Levels by building, from the lowest up."""
        order = list(self.survey.buildings)
        found = self.survey.levels.values()
        return tuple(
            sorted(found, key=lambda one: (order.index(one.building), one.ordinal, one.key))
        )

    @cached_property
    def level_ids(self) -> Mapping[str, str]:
        """`a1` is level 1 of the first building, `ab1` its level -1."""
        taken, found = Names(), {}
        for level in self.levels:
            rank = list(self.survey.buildings).index(level.building)
            letter = ascii_lowercase[rank % 26] + (str(rank // 26) if rank >= 26 else "")
            mark = f"b{-level.ordinal}" if level.ordinal < 0 else str(level.ordinal)
            found[level.key] = taken.take(letter + mark)
        return found

    @cached_property
    def unit_ids(self) -> Mapping[str, str]:
        """Ids of units: level, and number, label or category."""
        taken, found = Names(), {}
        for unit in self.survey.units.values():
            name = slug(unit.number) or slug(unit.label) or slug(unit.category) or "unit"
            name = f"r{name}" if name[0].isdigit() else name
            found[unit.key] = taken.take(f"{self.level_ids[unit.level]}.{name}")
        return found

    @cached_property
    def run_ids(self) -> Mapping[Run, str]:
        """`a1.st1` is the first run of stairs up from level 1 of building a."""
        numbers: dict[str, int] = {}
        found = {}
        for run in self.runs:
            level = self.level_ids[self.survey.units[run.lower].level]
            numbers[level] = numbers.get(level, 0) + 1
            found[run] = f"{level}.st{numbers[level]}"
        return found

    def title(self, unit: Unit) -> str:
        """A unit as a person finds it: label or category, level, building."""
        level = self.survey.levels[unit.level]
        name = unit.label or unit.number or unit.category.capitalize()
        return f"{name}, {level.name}, {self.survey.buildings[level.building]}"

    def kind(self, unit: str) -> str:
        """Kind of space by the unit's category; ``void`` has no floor."""
        return meaning_of(self.survey.units[unit].category).kind

    def walked(self, door: Door) -> bool:
        """Whether people walk through a door: two units, neither a lift nor a void."""
        kinds = {self.kind(key) for key in door.ends}
        return door.role == "inner" and not kinds & {"lift", VOID}

    def hops(self, riding: bool = False) -> Mapping[str, int]:
        """Doors, stairs and exits from each unit to the open air; unreached units are absent."""
        graph: nx.Graph[str] = nx.Graph()
        graph.add_node(OUTSIDE)
        graph.add_edges_from((way.unit, OUTSIDE) for way in self.ways)
        graph.add_edges_from((run.lower, run.upper) for run in self.runs)
        ridden = [door for door in self.doors if door.role == "inner" and riding]
        walked = ridden or [door for door in self.doors if self.walked(door)]
        graph.add_edges_from((door.ends[0], door.ends[1]) for door in walked)
        found = nx.single_source_shortest_path_length(graph, OUTSIDE)
        return {key: int(count) for key, count in found.items() if key != OUTSIDE}
