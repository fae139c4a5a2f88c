"""Reads release.yaml and compiles it against the other files of the site."""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

from controller.interface import files
from controller.interface.dismiss import BELL, DISMISS
from controller.interface.files import BadFile
from controller.interface.people import PeopleFile
from controller.interface.points import Point, PointList
from controller.interface.release import FILE, ReleaseFile, in_release, present
from controller.matrixvalues import Matrix
from controller.releaseplan import Call, ReleasePlan

AFTER_MS = 300_000
"""How long the outputs of the plan stay as they are after the last call, without posts."""
ENDING = ("confirmed", "call-point", "flow", "key", "evacuate", "lockdown", "drill")
"""Kinds of causes that end a release at once: fire, orders to leave, and orders to stay."""


def beside(folder: Path, points: PointList, people: PeopleFile, matrix: Matrix) -> Matrix:
    """The matrix with the site's release plan, if it has one; BadFile with every problem."""
    path = folder / FILE
    if not path.is_file():
        return matrix
    file = files.load(path, ReleaseFile)
    found = files.problems(path, in_release(file, points, people, matrix.causes))
    if found:
        raise BadFile(found)
    return replace(matrix, release=compiled(file, points, people, matrix))


def compiled(
    file: ReleaseFile, points: PointList, people: PeopleFile, matrix: Matrix
) -> ReleasePlan:
    """The plan of a checked file."""
    during = {
        point.id: entry.value for entry in file.during for point in _writes(points, entry.outputs)
    }
    calls = _calls(file, points, people)
    last_ms = max((round(1_000 * post.to_s) for post in file.posts), default=0)
    hold = file.hold
    return ReleasePlan(
        start=file.start.point if file.start else "",
        equals=file.start.equals if file.start else "",
        during=during,
        calls=calls,
        holds=tuple(c for c in matrix.causes if hold and _any(c, hold.causes)),
        clear_ms=round(1_000 * hold.clear_s) if hold else 0,
        longest_ms=round(1_000 * hold.longest_s) if hold else 0,
        ends=tuple(c.id for c in matrix.causes.values() if c.when in ENDING or c.lockdown),
        lasts_ms=max(last_ms, calls[-1].at_ms + AFTER_MS),
    )


def _calls(file: ReleaseFile, points: PointList, people: PeopleFile) -> tuple[Call, ...]:
    """One call per time; a voice zone says the classes whose rooms it covers."""
    at = file.released(people)
    rooms = {g.id: g.place(file.period) for g in present(people, file.period)}
    voices = [p for p in _writes(points, file.calls) if points.devices[p.device].covers]
    found = []
    for at_s in sorted(set(at.values())):
        groups = tuple(g for g, t in at.items() if t == at_s)
        heard = {
            voice.id: [g for g in groups if _any(rooms[g], points.devices[voice.device].covers)]
            for voice in voices
        }
        steps = [step for step in file.steps if step.at_s == at_s]
        ring = any(step.ring for step in steps)
        said = {
            output: BELL if ring else f"{DISMISS} {' '.join(some)}"
            for output, some in heard.items() if some
        }  # fmt: skip
        shows = {
            point.id: entry.value
            for step in steps for entry in step.shows for point in _writes(points, entry.outputs)
        }  # fmt: skip
        found.append(Call(round(1_000 * at_s), groups, said, shows))
    return tuple(found)


def _writes(points: PointList, patterns: tuple[str, ...]) -> list[Point]:
    return [p for p in points.points.values() if p.write and _any(p.id, patterns)]


def _any(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
