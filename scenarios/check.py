"""`twin check`: everything that is wrong with a site, one of its files, or a scenario, at once.

Each file is read by its own room's model; here the readings are laid side by side. A file on its
own is checked against the files that lie beside it, and only its own problems are told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from controller import matrix
from controller.interface.files import BadFile, Finding, Problem, load, nearest, problems, read
from controller.interface.people import GroupEntry, PeopleFile
from controller.interface.points import PointList
from controller.matrixfile import MatrixFile
from evacuation import Floor, FloorError
from scenarios.catalog import find_site
from scenarios.mentions import in_scenario
from scenarios.schema import Scenario, load_scenario
from twin.floorfile import FloorFile
from twin.references import Names, in_people, in_points
from twin.site import FLOOR, MATRIX, PEOPLE, POINTS, Site

T = TypeVar("T")
KINDS = ("floor", "points", "people", "matrix", "scenario")
FILES: Mapping[str, str] = {
    "floor": FLOOR,
    "points": POINTS,
    "people": PEOPLE,
    "matrix": MATRIX,
}
MOST_PER_M2 = 2.0
"""People per square metre of a room that are still a timetable and not a mistake: 0.5 m2 each,
denser than any room that the table of GB 50016-2014 5.5.21 counts (check the printed text)."""


def check(path: Path) -> list[Problem]:
    """Return all problems of a site folder or of one file, in the order of the text."""
    if path.is_dir():
        reading = _Reading({kind: path / name for kind, name in FILES.items()})
        return _sorted(reading.all())
    try:
        kind = kind_of(path)
    except BadFile as bad:
        return list(bad.problems)
    if kind == "scenario":
        return _sorted(_scenario(path))
    beside = {k: path.with_name(name) for k, name in FILES.items()}
    present = {k: file for k, file in beside.items() if file.is_file()}
    found = _Reading({**present, kind: path}).all()
    return _sorted(problem for problem in found if problem.file == str(path))


def kind_of(path: Path) -> str:
    """Which of the five kinds of file this is, by its first keys; BadFile if it is none."""
    raw = read(path)
    keys = [str(key) for key in raw] if isinstance(raw, Mapping) else []
    for kind in KINDS:
        if kind in keys:
            # points.yaml and floor.yaml have lists of the same name further in, never on top
            return kind
    text = f"no file of a site: the first key must be one of {', '.join(KINDS)}"
    raise BadFile([Problem(str(path), 1, "", text, nearest(keys[0], KINDS) if keys else "")])


@dataclass
class _Reading:
    """The files of one site as far as they can be read, and what is wrong with them so far."""

    paths: Mapping[str, Path]
    found: list[Problem] = field(default_factory=list)

    def all(self) -> list[Problem]:
        """Read everything, check each file, then each against the others."""
        file = self._read("floor", lambda path: load(path, FloorFile))
        floor = self._read("floor", lambda path: _floor(path, file)) if file else None
        points = self._read("points", PointList.load)
        people = self._read("people", lambda path: load(path, PeopleFile))
        if points is not None:
            self._try("matrix", lambda path: matrix.load(path, points))
        else:
            self._try("matrix", lambda path: load(path, MatrixFile))
        if file is not None:
            self._across(file, points, people)
        if file is not None and floor is not None:
            self._add("floor", _cut_off(file, floor))
        return self.found

    def _across(self, file: FloorFile, points: PointList | None, people: PeopleFile | None) -> None:
        names = Names.of(file)
        if points is not None:
            self._add("points", in_points(names, points))
        if people is not None:
            self._add("people", in_people(names, people))
            self._add("people", _seats(file, people))

    def _read(self, kind: str, work: Callable[[Path], T]) -> T | None:
        path = self.paths.get(kind)
        if path is None:
            return None
        try:
            return work(path)
        except BadFile as bad:
            self.found += bad.problems
            return None

    def _try(self, kind: str, work: Callable[[Path], Any]) -> None:
        self._read(kind, work)

    def _add(self, kind: str, findings: Iterable[Finding]) -> None:
        self.found += problems(self.paths[kind], findings)


def _floor(path: Path, file: FloorFile) -> Floor:
    """The floor graph; BadFile with everything that keeps it from being one."""
    try:
        return Floor.from_mapping(file.mapping())
    except FloorError as error:
        found = (Finding(keys_of(where), text, hint) for where, text, hint in error.problems)
        raise BadFile(problems(path, found)) from None


def _cut_off(file: FloorFile, floor: Floor) -> Iterator[Finding]:
    order = {space.id: number for number, space in enumerate(file.spaces)}
    for space, reason in floor.unreachable():
        yield Finding(("spaces", order[space]), f"{space} reaches no exit: {reason}")


def _seats(file: FloorFile, people: PeopleFile) -> Iterator[Finding]:
    """Groups that do not fit where the timetable puts them, all groups of a period together."""
    areas = {space.id: space.area_m2 for space in file.spaces if not space.safe}
    for period in people.timetable:
        heads: dict[str, int] = {}
        told: set[str] = set()
        for number, group in enumerate(people.groups):
            place = group.place(period.id)
            heads[place] = heads.get(place, 0) + _size(group)
            if place not in areas or place in told or heads[place] <= _room_for(areas[place]):
                continue
            told.add(place)
            text = (
                f"{place} ({areas[place]:g} m2) has room for {_room_for(areas[place])} people, "
                f"with {group.id} there are {heads[place]} in period {period.id!r}"
            )
            keys = ("groups", number, "at") + (() if isinstance(group.at, str) else (period.id,))
            yield Finding(keys, text)


def _size(group: GroupEntry) -> int:
    return group.count + (group.leader.count if group.leader else 0)


def _room_for(area_m2: float) -> int:
    return int(area_m2 * MOST_PER_M2)


def _scenario(path: Path) -> list[Problem]:
    """A scenario against the site that it names; the site's own problems come from its check."""
    try:
        scenario: Scenario = load_scenario(path)
    except BadFile as bad:
        return list(bad.problems)
    try:
        folder = find_site(scenario.site, path.parent)
    except BadFile as bad:
        hints = [problem.suggestion for problem in bad.problems]
        text = f"no site {scenario.site!r}"
        return problems(path, [Finding(("site",), text, hints[0] if hints else "")])
    try:
        site = Site.load(folder)
    except BadFile as bad:
        count = len(bad.problems)
        text = f"the site has {count} problem{'s' if count > 1 else ''} of its own: {folder}"
        return problems(path, [Finding(("site",), text)])
    return problems(path, in_scenario(scenario, site))


def keys_of(path: str) -> tuple[str | int, ...]:
    """`portals[3].between` as the keys that lead there."""
    words = re.findall(r"[^.\[\]]+", path)
    return tuple(int(word) if word.isdigit() else word for word in words)


def _sorted(found: Iterable[Problem]) -> list[Problem]:
    """Each problem once, by file and line."""
    once = dict.fromkeys(found)
    return sorted(once, key=lambda problem: (problem.file, problem.line))
