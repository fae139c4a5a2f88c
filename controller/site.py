"""What the controller knows of a site: three of its four files and its plan, checked together."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from controller import matrix, operators, releaseload
from controller.interface import files
from controller.interface.cards import card_key, pseudonym
from controller.interface.files import BadFile, Problem
from controller.interface.people import PeopleFile
from controller.interface.points import PointList
from controller.interface.release import FILE
from controller.matrix import Matrix
from controller.operators import Operators
from controller.plan import loading
from controller.plan.values import Plan


@dataclass(frozen=True, slots=True)
class Site:
    """points.yaml, people.yaml and the compiled matrix of one site; who may ask it for what, and
    the school's plan, where it has them. `key` is that of its cards.
    """

    points: PointList
    people: PeopleFile
    matrix: Matrix
    operators: Operators | None = None
    plan: Plan | None = None
    key: bytes = field(default=b"", repr=False)

    def veil(self, name: str) -> str:
        """The pseudonym of a person under a twin, whose journal has no key of its own."""
        return pseudonym(self.key, name)


def load(folder: Path) -> Site:
    """points.yaml, people.yaml and the matrix of a site; BadFile with the problems of all."""
    problems: list[Problem] = []
    points = people = plan = None
    try:
        people = files.load(folder / "people.yaml", PeopleFile)
    except BadFile as bad:
        problems += bad.problems
    try:
        points = PointList.load(folder / "points.yaml")
        rules = matrix.load(files.matrix_path(folder), points, people)
        if (folder / loading.FILE).exists():
            plan = loading.load(folder / loading.FILE, points, rules, people)
    except BadFile as bad:
        problems += bad.problems
    try:
        if points is not None and people is not None and not problems:
            rules = releaseload.beside(folder, points, people, rules)
    except BadFile as bad:
        problems += bad.problems
    who: Operators | None = None
    try:
        if (folder / operators.FILE).exists():
            who = operators.load(folder / operators.FILE)
    except BadFile as bad:
        problems += bad.problems
    if problems or points is None or people is None:
        raise BadFile(problems)
    return Site(points, people, rules, who, plan, card_key(folder, points.site))


def file_hashes(folder: Path) -> dict[str, str]:
    """The SHA-256 of each file that the controller reads of a site, by name."""
    paths = [folder / "points.yaml", folder / "people.yaml", files.matrix_path(folder)]
    paths += [folder / FILE] if (folder / FILE).is_file() else []
    if (folder / loading.FILE).exists():
        paths.append(folder / loading.FILE)
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in paths}
