"""release.yaml: which classes leave when after the bell, what holds them, who stands where.

The controller reads it beside points.yaml and people.yaml; without it a site releases nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Annotated, Literal

from pydantic import Field, model_validator

from controller.interface.files import Entry, Finding, nearest
from controller.interface.people import GroupEntry, Name, PeopleFile, Seconds
from controller.interface.points import PointList

FILE = "release.yaml"
"""Its name in the folder of a site."""
LATER_S = float("inf")
LONGEST_HOLD_S = 600
"""No hold lasts longer, whatever a file says: waiting classes are no safer for ever (judgement)."""


class StartEntry(Entry):
    """The input that starts the plan: a point that begins to read `equals`."""

    point: str
    equals: bool | int | float | str


class CommandEntry(Entry):
    """What outputs (ids or globs) are to be while the plan runs."""

    outputs: tuple[str, ...] = Field(min_length=1)
    value: bool | int | float | str


class HoldEntry(Entry):
    """Causes of the matrix (ids or globs) that stop the release while they hold.

    It goes on once they have been clear for `clear_s`, and after `longest_s` in any case.
    """

    causes: tuple[str, ...] = Field(min_length=1)
    clear_s: Annotated[float, Field(ge=0, le=LONGEST_HOLD_S, allow_inf_nan=False)] = 10.0
    longest_s: Annotated[float, Field(gt=0, le=LONGEST_HOLD_S, allow_inf_nan=False)] = 120.0


class StepEntry(Entry):
    """Classes that may go `at_s` seconds after the bell.

    They are named by `groups` (ids or globs), by `grades`, or by `rooms` (globs over the spaces
    they sit in, such as a whole floor); a group is meant if any of the three names it. They are
    called by name, or by the bell (`ring`), which lets go all in the rooms where it is heard.
    `shows` are what signs show from then on.
    """

    at_s: Seconds
    groups: tuple[str, ...] = ()
    grades: tuple[int, ...] = ()
    rooms: tuple[str, ...] = ()
    by: str = ""
    ring: bool = False
    shows: tuple[CommandEntry, ...] = ()

    @model_validator(mode="after")
    def _names_somebody(self) -> StepEntry:
        if not (self.groups or self.grades or self.rooms):
            raise ValueError("a step names who may go: groups, grades or rooms")
        return self

    def means(self, group: GroupEntry, place: str) -> bool:
        """Whether a group that sits in a space is let go in this step."""
        return (
            any(fnmatchcase(group.id, pattern) for pattern in self.groups)
            or group.grade in self.grades
            or any(fnmatchcase(place, pattern) for pattern in self.rooms)
        )


class PostEntry(Entry):
    """Where a member of staff stands while classes pass, seconds after the bell; `who` if named."""

    at: str
    from_s: Seconds = 0.0
    to_s: Seconds
    who: str = ""

    @model_validator(mode="after")
    def _lasts(self) -> PostEntry:
        if self.to_s <= self.from_s:
            raise ValueError(f"a post ends after it begins, not at {self.to_s:g} s")
        return self


class ReleaseFile(Entry):
    """release.yaml."""

    release: Literal[1]
    say: str = Field(min_length=3)
    period: Name
    density_per_m2: float = Field(default=2.0, gt=0, le=8, allow_inf_nan=False)
    start: StartEntry | None = None
    calls: tuple[str, ...] = ("*.message",)
    during: tuple[CommandEntry, ...] = ()
    hold: HoldEntry | None = None
    steps: tuple[StepEntry, ...] = Field(min_length=1)
    posts: tuple[PostEntry, ...] = ()

    def findings(self) -> Iterator[Finding]:
        """Steps that go back in time."""
        for number, (before, step) in enumerate(zip(self.steps, self.steps[1:], strict=False), 1):
            if step.at_s < before.at_s:
                text = f"steps stand in the order of time: {step.at_s:g} s after {before.at_s:g} s"
                yield Finding(("steps", number, "at_s"), text)

    def released(self, people: PeopleFile) -> dict[str, float]:
        """When each class present may go, s after the bell; the first step that names it counts."""
        found: dict[str, float] = {}
        for step in self.steps:
            for group in present(people, self.period):
                if step.means(group, group.place(self.period)):
                    found.setdefault(group.id, step.at_s)
        return found


def present(people: PeopleFile, period: str) -> list[GroupEntry]:
    """The classes that are somewhere on the site in a period."""
    return [g for g in people.groups if g.kind == "class" and g.place(period)]


def in_release(
    plan: ReleaseFile, points: PointList, people: PeopleFile, causes: Iterable[str]
) -> Iterator[Finding]:
    """What a release plan says of periods, classes, points and causes that do not exist."""
    yield from in_classes(plan, people)
    yield from _outputs(plan, points)
    yield from _rings(plan, points, people)
    known = list(causes)
    for number, pattern in enumerate(plan.hold.causes if plan.hold else ()):
        if not any(fnmatchcase(cause, pattern) for cause in known):
            yield _none(("hold", "causes", number), "cause in the matrix", pattern, known)


def in_classes(plan: ReleaseFile, people: PeopleFile) -> Iterator[Finding]:
    """What a release plan says of periods, classes and people that do not exist."""
    periods = [entry.id for entry in people.timetable]
    if plan.period not in periods:
        yield _none(("period",), "timetable period", plan.period, periods)
        return
    yield from _steps(plan, people)
    members = [f"{g.id}.p{n:02}" for g in people.groups for n in range(1, g.count + 1)]
    for number, post in enumerate(plan.posts):
        if post.who and post.who not in members:
            yield _none(("posts", number, "who"), "member of a group", post.who, members)


def _steps(plan: ReleaseFile, people: PeopleFile) -> Iterator[Finding]:
    """Steps that name nobody, and classes of one room that are told to go at different times."""
    classes = present(people, plan.period)
    ids, rooms = [g.id for g in classes], [g.place(plan.period) for g in classes]
    grades = {g.grade for g in classes}
    for number, step in enumerate(plan.steps):
        keys = ("steps", number)
        for place, pattern in enumerate(step.groups):
            if not any(fnmatchcase(name, pattern) for name in ids):
                yield _none((*keys, "groups", place), "class in this period", pattern, ids)
        for place, pattern in enumerate(step.rooms):
            if not any(fnmatchcase(room, pattern) for room in rooms):
                yield _none((*keys, "rooms", place), "space with a class", pattern, rooms)
        for place, grade in enumerate(step.grades):
            if grade not in grades:
                there = ", ".join(str(g) for g in sorted(g for g in grades if g is not None))
                text = f"no class of grade {grade} in this period; there are grades {there}"
                yield Finding((*keys, "grades", place), text)
    at = plan.released(people)
    first: dict[str, str] = {}
    for group, room in zip(ids, rooms, strict=True):
        other = first.setdefault(room, group)
        if at.get(group) != at.get(other):
            text = f"{other} and {group} sit in {room} and hear the same call: one time for both"
            yield Finding(("steps",), text)


def _outputs(plan: ReleaseFile, points: PointList) -> Iterator[Finding]:
    """Points that do not exist, or that can not be read or written."""
    writes = [point.id for point in points.points.values() if point.write]
    reads = [point.id for point in points.points.values() if not point.write]
    if plan.start is not None and plan.start.point not in reads:
        yield _none(("start", "point"), "input", plan.start.point, reads)
    named: list[tuple[tuple[str | int, ...], tuple[str, ...]]] = [(("calls",), plan.calls)]
    named += [(("during", n, "outputs"), entry.outputs) for n, entry in enumerate(plan.during)]
    named += [
        (("steps", number, "shows", n, "outputs"), entry.outputs)
        for number, step in enumerate(plan.steps) for n, entry in enumerate(step.shows)
    ]  # fmt: skip
    for keys, patterns in named:
        for place, pattern in enumerate(patterns):
            if not any(fnmatchcase(name, pattern) for name in writes):
                yield _none((*keys, place), "output", pattern, writes)


def _rings(plan: ReleaseFile, points: PointList, people: PeopleFile) -> Iterator[Finding]:
    """Bells that would let a class go before its time: all in the rooms of a zone hear it."""
    at = plan.released(people)
    rooms = {g.id: g.place(plan.period) for g in present(people, plan.period)}
    zones = [
        points.devices[point.device].covers
        for point in points.points.values()
        if point.write and any(fnmatchcase(point.id, glob) for glob in plan.calls)
    ]
    for number, step in enumerate(plan.steps):
        called = {g for g, t in at.items() if t == step.at_s} if step.ring else set()
        for covers in zones:
            heard = {g for g, room in rooms.items() if any(fnmatchcase(room, c) for c in covers)}
            early = sorted(g for g in heard if at.get(g, LATER_S) > step.at_s)
            if early and heard & called:
                text = f"{', '.join(early)} would hear the bell, too, and go before their time"
                yield Finding(("steps", number, "ring"), text)


def _none(keys: tuple[str | int, ...], noun: str, word: str, known: list[str]) -> Finding:
    return Finding(keys, f"no such {noun}: {word!r}", nearest(word, known))
