"""What `twin egress` works on: a floor and the people on it in one period, checked against it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from controller.interface.files import BadFile, Finding, load, nearest, problems
from controller.interface.people import PeopleFile
from evacuation import BOUNDING, Floor, FloorError
from evacuation.seating import fitting
from evacuation.smoke.source import load_smoke
from evacuation.smoke.table import SmokeTable
from scenarios.catalog import find_site
from twin.areas import seated
from twin.floorfile import FloorFile
from twin.references import Names, in_people


@dataclass(frozen=True, slots=True)
class Place:
    """A floor, its people at one period, and the portals nobody can pass.

    `released` are portals that are normally locked and taken as open; `warnings` name spaces
    without a way out in which nobody is. `smoke` is what others computed for the spaces, if any;
    `storeys` are the names of storeys.
    """

    floor: Floor
    people: PeopleFile
    period: str
    closed: tuple[str, ...]
    released: tuple[str, ...]
    warnings: tuple[str, ...]
    smoke: SmokeTable | None = None
    storeys: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def load(
        cls,
        floor: Path,
        people: Path | None,
        period: str | None,
        closed: Sequence[str],
        most_per_m2: float = BOUNDING.jam_per_m2,
        smoke: Path | None = None,
    ) -> Place:
        """Load and check; BadFile or ValueError name the place and the nearest valid thing.

        `most_per_m2` is the jam density of the law: more people than that have no place.
        """
        floor_at = _floor_file(floor)
        people_at = people or floor_at.parent / "people.yaml"
        file = load(floor_at, FloorFile)
        plan = _plan(floor_at, file)
        folk = load(people_at, PeopleFile)
        found = problems(people_at, in_people(Names.of(file), folk))
        if found:
            raise BadFile(found)
        folk, when = _at_period(seated(folk, plan), period)
        shut = _closed(plan, closed)
        _check_people(people_at, plan, folk, when, most_per_m2)
        _check_exits(floor_at, file, plan, folk, when)
        locked = [p.id for p in plan.portals.values() if p.normally == "locked"]
        released = tuple(p for p in locked if p not in shut)
        table = load_smoke(smoke, plan) if smoke else None
        names = {storey.id: storey.name or storey.id for storey in file.storeys}
        return cls(plan, folk, when, shut, released, _cut_off(plan), table, names)


def _floor_file(given: Path) -> Path:
    """Return the file of a floor given as a file, a site's folder or a site's name."""
    return given if given.is_file() else find_site(str(given)) / "floor.yaml"


def _plan(path: Path, file: FloorFile) -> Floor:
    try:
        floor = Floor.from_mapping(file.mapping())
    except FloorError as error:
        findings = [Finding(_keys(place), text, hint) for place, text, hint in error.problems]
        raise BadFile(problems(path, findings)) from None
    if not floor.exits:
        text = (
            "the floor has no exit: no portal leads to a space with safe: true; mark the street or "
            "yard as safe and join it to the building by a portal"
        )
        raise BadFile(problems(path, [Finding(("portals",), text)]))
    return floor


def _keys(path: str) -> tuple[str | int, ...]:
    """`portals[3].between` as keys."""
    words = re.findall(r"[^.\[\]]+", path)
    return tuple(int(word) if word.isdigit() else word for word in words)


def _at_period(file: PeopleFile, period: str | None) -> tuple[PeopleFile, str]:
    """Return the period asked for, or the first."""
    known = [entry.id for entry in file.timetable]
    if period is None:
        return file, known[0]
    if period not in known:
        hint = nearest(period, known)
        rest = f"did you mean {hint!r}?" if hint else f"the timetable has {', '.join(known)}"
        raise ValueError(f"--period {period!r}: no such period; {rest}")
    return file, period


def _closed(floor: Floor, patterns: Sequence[str]) -> tuple[str, ...]:
    """Return the portals meant: ids, globs over ids, or `locked` for all that normally are."""
    found: list[str] = []
    for pattern in patterns:
        hits = [p for p in floor.portals if fnmatchcase(p, pattern)]
        if pattern == "locked" and not hits:
            hits = [p.id for p in floor.portals.values() if p.normally == "locked"]
        elif not hits:
            hint = nearest(pattern, floor.portals)
            more = f"; did you mean {hint!r}?" if hint else f"; exits: {', '.join(floor.exits)}"
            raise ValueError(f"--closed {pattern!r}: no such portal{more}")
        found += hits
    return tuple(dict.fromkeys(found))


def _present(file: PeopleFile, period: str) -> dict[str, list[tuple[int, int]]]:
    """Return space -> (group number, persons) of those present."""
    present: dict[str, list[tuple[int, int]]] = {}
    for number, group in enumerate(file.groups):
        size = group.count + (group.leader.count if group.leader else 0)
        if group.place(period) and size:
            present.setdefault(group.place(period), []).append((number, size))
    return present


def _check_people(
    path: Path, floor: Floor, file: PeopleFile, period: str, most_per_m2: float
) -> None:
    """Raise BadFile where more people are in a room than fit, ValueError where nobody is inside."""
    present = _present(file, period)
    findings = []
    for name, groups in present.items():
        space, count = floor.spaces[name], sum(size for _, size in groups)
        places = fitting(space, most_per_m2)
        if count > places and not space.safe:
            text = (
                f"{count} people do not fit in {name} ({space.walking_area_m2:g} m2): {places} "
                f"places at {most_per_m2:.2f} per m2; move some or check area_m2"
            )
            largest = max(groups, key=lambda entry: entry[1])[0]
            findings.append(Finding((*_at_keys(file, largest, period),), text))
    if findings:
        raise BadFile(problems(path, findings))
    if all(floor.spaces[name].safe for name in present):
        raise ValueError(f"{path}: nobody is inside in period {period!r}; {_busy(floor, file)}")


def _busy(floor: Floor, file: PeopleFile) -> str:
    """Return what to do when a period is empty: others to try, or that people are missing."""
    inside = [
        entry.id
        for entry in file.timetable
        if any(not floor.spaces[name].safe for name in _present(file, entry.id))
    ]
    return f"try --period {' or '.join(inside)}" if inside else "give a group a room in its `at`"


def _at_keys(file: PeopleFile, group: int, period: str) -> tuple[str | int, ...]:
    keys: tuple[str | int, ...] = ("groups", group, "at")
    return keys if isinstance(file.groups[group].at, str) else (*keys, period)


def _check_exits(path: Path, file: FloorFile, floor: Floor, folk: PeopleFile, period: str) -> None:
    """Raise BadFile for people in a space that no open portal joins to an exit."""
    order = {space.id: number for number, space in enumerate(file.spaces)}
    present = _present(folk, period)
    findings = [
        Finding(
            ("spaces", order[space]),
            f"{sum(size for _, size in present[space])} people are in {space}, which reaches no "
            f"exit: {reason}; join it by a portal or move the people",
        )
        for space, reason in floor.unreachable()
        if space in present
    ]
    if findings:
        raise BadFile(problems(path, findings))


def _cut_off(floor: Floor) -> tuple[str, ...]:
    return tuple(f"{space} reaches no exit: {reason}" for space, reason in floor.unreachable())
