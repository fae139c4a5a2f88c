"""People by floor area become groups, and rooms to sweep become lists: a file for one floor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

from controller.interface.people import AreaEntry, GroupEntry, PeopleFile, PeriodEntry
from evacuation import Floor, Space

ALWAYS = PeriodEntry.model_validate({"id": "always", "from": "00:00", "to": "23:59"})
"""The timetable of a file that has none."""


def seated(file: PeopleFile, floor: Floor) -> PeopleFile:
    """The file with a group for each space that an area names, and globs written out.

    Spaces that are safe, stairs, lifts and shafts get nobody. Counts are rounded so that the
    people of an area are density times its whole area to within one half.
    """
    periods = tuple(period.id for period in file.timetable) or (ALWAYS.id,)
    more = [group for area in file.areas for group in _groups(area, floor, periods)]
    groups = tuple(_with_rooms(group, floor) for group in (*file.groups, *more))
    timetable = file.timetable or (ALWAYS,)
    return file.model_copy(update={"groups": groups, "areas": (), "timetable": timetable})


def spaces_of(area: AreaEntry, floor: Floor) -> list[Space]:
    """The spaces of an area, in floor order."""
    return [
        space
        for space in floor.spaces.values()
        if not (space.safe or space.is_stair or space.kind in ("lift", "shaft"))
        and (not area.use or space.use == area.use)
        and any(fnmatchcase(space.id, pattern) for pattern in area.at)
        and not any(fnmatchcase(space.id, pattern) for pattern in area.but)
    ]


def _groups(area: AreaEntry, floor: Floor, periods: Sequence[str]) -> Iterator[GroupEntry]:
    due, placed = 0.5, 0
    present = [period for period in periods if not area.periods or period in area.periods]
    for number, space in enumerate(spaces_of(area, floor), 1):
        due += area.density_per_m2 * space.area_m2
        count = int(due) - placed
        placed += count
        if count:
            yield GroupEntry(
                id=f"{area.id}.{number}",
                kind="visitors",
                profile=area.profile,
                count=count,
                pre_movement=area.pre_movement,
                at=dict.fromkeys(present, space.id),
                knows=area.knows,
                assembly=area.assembly,
            )


def _with_rooms(group: GroupEntry, floor: Floor) -> GroupEntry:
    """The group with the rooms that its sweeps name, in the order of the globs."""
    if not any(task.rooms for task in group.tasks):
        return group
    tasks = tuple(
        task.model_copy(update={"rooms": tuple(matching(task.rooms, floor.spaces))})
        for task in group.tasks
    )
    return group.model_copy(update={"tasks": tasks})


def matching(patterns: Sequence[str], names: Iterable[str]) -> list[str]:
    """Every name that a pattern matches, once, in the order of the patterns."""
    known = list(names)
    found = [name for pattern in patterns for name in known if fnmatchcase(name, pattern)]
    return list(dict.fromkeys(found))
