"""A site: four files in a folder, checked one by one and against each other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from controller.interface.files import (
    BadFile,
    Finding,
    Problem,
    line_of,
    load,
    matrix_path,
    path_of,
)
from controller.interface.people import PeopleFile
from controller.interface.points import PointList
from evacuation import Floor, FloorError
from twin.areas import seated
from twin.floorfile import FloorFile
from twin.references import Names, in_people, in_points

FLOOR, POINTS, PEOPLE = "floor.yaml", "points.yaml", "people.yaml"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Site:
    """A campus as its files describe it; the matrix is the controller's and stays a path.

    `warnings` are spaces from which nobody can reach an exit even with every portal open.
    """

    folder: Path
    floor: Floor
    floor_file: FloorFile
    points: PointList
    people: PeopleFile
    warnings: tuple[Problem, ...] = ()

    @property
    def matrix(self) -> Path:
        """Where the cause-and-effect matrix is."""
        return matrix_path(self.folder)

    @classmethod
    def load(cls, folder: Path) -> Site:
        """Load and cross-check a site; BadFile with the problems of all four files at once."""
        problems: list[Problem] = []
        floor_file = _attempt(problems, lambda: load(folder / FLOOR, FloorFile))
        floor = _attempt(problems, lambda: _floor(folder, floor_file)) if floor_file else None
        points = _attempt(problems, lambda: PointList.load(folder / POINTS))
        people = _attempt(problems, lambda: load(folder / PEOPLE, PeopleFile))
        matrix = _attempt(problems, lambda: matrix_path(folder))
        if matrix is not None and not matrix.is_file():
            problems.append(Problem(str(matrix), 1, "", "no such file"))
        if floor_file is not None:
            names = Names.of(floor_file)
            if points is not None:
                problems += _placed(folder / POINTS, in_points(names, points))
            if people is not None:
                problems += _placed(folder / PEOPLE, in_people(names, people, points))
        if problems or not (floor_file and floor and points and people):
            raise BadFile(problems)
        cut_off = _cut_off(folder, floor, floor_file)
        return cls(folder, floor, floor_file, points, seated(people, floor), cut_off)


def _attempt(problems: list[Problem], work: Callable[[], T]) -> T | None:
    try:
        return work()
    except BadFile as bad:
        problems += bad.problems
        return None


def _floor(folder: Path, file: FloorFile) -> Floor:
    """The floor graph; BadFile with everything that is wrong with it."""
    try:
        return Floor.from_mapping(file.mapping())
    except FloorError as error:
        findings = (Finding(_keys(path), text, hint) for path, text, hint in error.problems)
        raise BadFile(_placed(folder / FLOOR, findings)) from None


def _cut_off(folder: Path, floor: Floor, file: FloorFile) -> tuple[Problem, ...]:
    order = {space.id: number for number, space in enumerate(file.spaces)}
    findings = (
        Finding(("spaces", order[space]), f"{space} reaches no exit: {reason}")
        for space, reason in floor.unreachable()
    )
    return tuple(_placed(folder / FLOOR, findings))


def _placed(path: Path, findings: Iterable[Finding]) -> list[Problem]:
    return [
        Problem(str(path), line_of(path, f.keys), path_of(f.keys), f.message, f.suggestion)
        for f in findings
    ]


def _keys(path: str) -> tuple[str | int, ...]:
    """`portals[3].between` as keys."""
    words = re.findall(r"[^.\[\]]+", path)
    return tuple(int(word) if word.isdigit() else word for word in words)
