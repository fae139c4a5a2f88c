"""`twin check`: everything that is wrong with a site, one of its files, or a scenario, at once.

Each file is read by its own room's model; here the readings are laid side by side. A file on its
own is checked against the files that lie beside it, and only its own problems are told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from controller import matrix, operators
from controller.interface.files import (
    BadFile,
    Finding,
    Problem,
    load,
    matrix_path,
    nearest,
    problems,
    read,
)
from controller.interface.people import GroupEntry, PeopleFile
from controller.interface.points import PointList
from controller.interface.release import FILE as RELEASE
from controller.interface.release import ReleaseFile, in_release
from controller.interface.spreadsheet import SUFFIXES
from controller.matrix import Matrix
from controller.plan import loading
from controller.plan.planfile import PlanFile
from evacuation import Floor, FloorError
from scenarios.catalog import find_site
from scenarios.dismissals import dismissals
from scenarios.drafts import (
    NO_POINTS,
    areas_in,
    floor_draft,
    names_in,
    noted_in,
    people_draft,
    points_draft,
    with_widths,
)
from scenarios.mentions import in_scenario
from scenarios.schema import Scenario, load_scenario
from scenarios.smoke import smoke_tables
from twin.floorfile import FloorFile
from twin.references import in_people, in_points, in_posts
from twin.site import FLOOR, PEOPLE, POINTS, Site

T = TypeVar("T")
KINDS = ("operators", "floor", "points", "people", "matrix", "release", "plan", "scenario")
"""By their first keys; operators.yaml has a key `people` too."""
FILES: Mapping[str, str] = {
    "floor": FLOOR,
    "points": POINTS,
    "people": PEOPLE,
}
MOST_PER_M2 = 2.0
"""People per square metre of a room that are still a timetable and not a mistake: 0.5 m2 each,
denser than any room that the table of GB 50016-2014 5.5.21 counts (check the printed text)."""
PACKED_PER_M2 = 8.0
"""More people than this do not fit anywhere; 6 to 8 per m2 are the crushes of the literature."""


def check(path: Path) -> list[Problem]:
    """Return all problems of a site, of a folder of single files, or of one file, by line."""
    if path.is_dir():
        if not any((path / name).is_file() for name in FILES.values()):
            alone = sorted(path.glob("*.yaml"))
            if alone:
                return _sorted(problem for file in alone for problem in check(file))
        try:
            return _sorted(_Reading(_beside(path)).all())
        except BadFile as bad:
            return list(bad.problems)
    try:
        kind = kind_of(path)
    except BadFile as bad:
        return list(bad.problems)
    if kind == "scenario":
        return _sorted(_scenario(path))
    present = {k: file for k, file in _beside(path.parent).items() if file.is_file()}
    found = _Reading({**present, kind: path}).all()
    return _sorted(problem for problem in found if problem.file == str(path))


def _beside(folder: Path) -> dict[str, Path]:
    """The files of a site by kind, those that it may have too; BadFile for several matrices."""
    files = {k: folder / name for k, name in FILES.items()} | {"matrix": matrix_path(folder)}
    others = {
        "release": folder / RELEASE, "plan": folder / loading.FILE,
        "operators": folder / operators.FILE,
    }  # fmt: skip
    return {**files, **{k: path for k, path in others.items() if path.is_file()}}


def kind_of(path: Path) -> str:
    """Which of the seven kinds of file this is, by its first keys; BadFile if it is none."""
    if path.suffix in SUFFIXES:
        return "matrix"
    raw = read(path)
    keys = [str(key) for key in raw] if isinstance(raw, Mapping) else []
    for kind in KINDS:
        if kind in keys:
            return kind
    text = f"no file of a site: the first key must be one of {', '.join(KINDS)}"
    raise BadFile([Problem(str(path), 1, "", text, nearest(keys[0], KINDS) if keys else "")])


@dataclass
class _Reading:
    """The files of one site as far as they can be read, and what is wrong with them so far.

    A file with problems goes on as a draft, so that the others are checked in the same go.
    """

    paths: Mapping[str, Path]
    found: list[Problem] = field(default_factory=list)
    cut_off: dict[str, str] = field(default_factory=dict)

    def all(self) -> list[Problem]:
        """Read everything, check each file, then each against the others."""
        floor = self._floor()
        points = self._read("points", PointList.load) or self._draft("points", points_draft)
        people = self._read("people", lambda path: load(path, PeopleFile))
        people = people or self._draft("people", people_draft)
        rules = self._matrix(points, people)
        release = self._release(points, people, rules)
        self._plan(points, rules, people if isinstance(people, PeopleFile) else None)
        self._read("operators", operators.load)
        if floor is not None:
            self._across(floor, points, people)
            self._add("release", in_posts(names_in(floor), release) if release else ())
        return self.found

    def _floor(self) -> dict[str, Any] | None:
        """The floor file and the graph that it makes."""
        file = self._read("floor", lambda path: load(path, FloorFile))
        draft = self._draft("floor", floor_draft)
        if draft is None:
            return None
        try:
            graph = Floor.from_mapping(file.mapping() if file else with_widths(draft))
        except FloorError as error:
            self._add_new(Finding(keys_of(path), *rest) for path, *rest in error.problems)
        else:
            self.cut_off = dict(graph.unreachable())
            self._add("floor", _cut_off(draft["spaces"], self.cut_off))
        return draft

    def _plan(
        self, points: PointList | None, rules: Matrix | None, people: PeopleFile | None
    ) -> None:
        """The plan against points and matrix; where one of them cannot be read, by itself."""
        if points is not None and rules is not None:
            self._read("plan", lambda path: loading.load(path, points, rules, people))
        else:
            self._read("plan", lambda path: load(path, PlanFile))

    def _matrix(self, points: PointList | None, people: PeopleFile | None) -> Matrix | None:
        """The matrix against the points; without them, its rows against itself."""
        if points is not None:
            return self._read("matrix", lambda path: matrix.load(path, points, people))
        if self._read("matrix", matrix.read) is not None:
            found = matrix.check(self.paths["matrix"], NO_POINTS)
            self.found += [problem for problem in found if problem.path.startswith("rows")]
        return None

    def _release(
        self, points: PointList | None, people: PeopleFile | None, rules: Matrix | None
    ) -> ReleaseFile | None:
        """The release plan against the other files; where one cannot be read, by itself."""
        plan = self._read("release", lambda path: load(path, ReleaseFile))
        if plan is not None and points is not None and people is not None and rules is not None:
            self._add("release", in_release(plan, points, people, rules.causes))
        return plan

    def _across(
        self, floor: Mapping[str, Any], points: PointList | None, people: PeopleFile | None
    ) -> None:
        names = names_in(floor)
        if points is not None:
            self._add("points", in_points(names, points))
        if people is not None:
            self._add("people", in_people(names, people, points))
            self._add("people", _seats(areas_in(floor), noted_in(floor), people))
            self._add("people", _shut_in(self.cut_off, people))

    def _read(self, kind: str, work: Callable[[Path], T]) -> T | None:
        path = self.paths.get(kind)
        if path is None:
            return None
        try:
            return work(path)
        except BadFile as bad:
            self.found += bad.problems
            return None

    def _draft(self, kind: str, work: Callable[[Path], T | None]) -> T | None:
        path = self.paths.get(kind)
        return None if path is None else work(path)

    def _add(self, kind: str, findings: Iterable[Finding]) -> None:
        self.found += problems(self.paths[kind], findings) if kind in self.paths else []

    def _add_new(self, findings: Iterable[Finding]) -> None:
        """What the graph says of the floor, unless the file's model has said so of that place."""
        path = self.paths["floor"]
        told = {problem.path for problem in self.found if problem.file == str(path)}
        self.found += [p for p in problems(path, findings) if p.path not in told]


def _cut_off(spaces: Sequence[Mapping[str, Any]], reasons: Mapping[str, str]) -> Iterator[Finding]:
    """Spaces that reach no exit; one whose `notes` say something of it is known to be so."""
    for number, space in enumerate(spaces):
        name = str(space.get("id"))
        if name in reasons and not space.get("notes"):
            text = f"{name} reaches no exit: {reasons[name]} (if that is right, say why in `notes`)"
            yield Finding(("spaces", number), text)


def _shut_in(reasons: Mapping[str, str], people: PeopleFile) -> Iterator[Finding]:
    """Groups in a space that reaches no exit, whatever its notes say."""
    for number, group in enumerate(people.groups):
        places = {"": group.at} if isinstance(group.at, str) else group.at
        for period, place in places.items():
            if place in reasons:
                keys = ("groups", number, "at") + ((period,) if period else ())
                yield Finding(keys, f"{group.id} cannot leave: {place} reaches no exit")


def _seats(
    areas: Mapping[str, float], noted: Container[str], people: PeopleFile
) -> Iterator[Finding]:
    """Groups that do not fit where the timetable puts them, all groups of a period together.

    A space whose `notes` say something of it may be packed until nobody else can stand there.
    """
    rooms = {
        name: int(area * (PACKED_PER_M2 if name in noted else MOST_PER_M2))
        for name, area in areas.items()
    }
    for period in people.timetable:
        heads: dict[str, int] = {}
        told: set[str] = set()
        for number, group in enumerate(people.groups):
            place = group.place(period.id)
            heads[place] = heads.get(place, 0) + _size(group)
            if place not in rooms or place in told or heads[place] <= rooms[place]:
                continue
            told.add(place)
            text = (
                f"{place} ({areas[place]:g} m2) has room for {rooms[place]} people, "
                f"with {group.id} there are {heads[place]} in period {period.id!r}"
            )
            keys = ("groups", number, "at") + (() if isinstance(group.at, str) else (period.id,))
            yield Finding(keys, text)


def _size(group: GroupEntry) -> int:
    return group.count + (group.leader.count if group.leader else 0)


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
    _, findings = smoke_tables(scenario, site.floor, path.parent)
    _, wrong, unknown = dismissals(scenario, site, path.parent)
    return [*problems(path, [*in_scenario(scenario, site), *findings, *unknown]), *wrong]


def keys_of(path: str) -> tuple[str | int, ...]:
    """`portals[3].between` as the keys that lead there."""
    words = re.findall(r"[^.\[\]]+", path)
    return tuple(int(word) if word.isdigit() else word for word in words)


def _sorted(found: Iterable[Problem]) -> list[Problem]:
    """Each problem once, by file and line."""
    once = dict.fromkeys(found)
    return sorted(once, key=lambda problem: (problem.file, problem.line))
