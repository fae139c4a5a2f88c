"""What is wrong with the levels and patrols of a plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from controller.interface.files import Finding, nearest
from controller.interface.points import PointList
from controller.matrixvalues import Matrix
from controller.plan.planfile import PatrolEntry, PlanFile, RouteEntry
from controller.service import NEVER

NORMAL = "normal"
"""The word for no level at all."""


def findings(file: PlanFile, points: PointList, matrix: Matrix) -> Iterator[Finding]:
    """Steps for nobody, levels that are not there, rounds that cannot be walked."""
    yield from _levels(file, points)
    levels = [level.id for level in file.levels]
    for cause in matrix.causes.values():
        if cause.when == "plan" and cause.equals not in levels:
            text = f"the matrix has a cause {cause.id!r} for a level {cause.equals!r}"
            yield Finding(("levels",), text, nearest(str(cause.equals), levels))
    if file.patrol is not None:
        yield from _patrol(file.patrol, points)


def _levels(file: PlanFile, points: PointList) -> Iterator[Finding]:
    seen: set[str] = {NORMAL}
    steps: set[str] = set()
    for number, level in enumerate(file.levels):
        keys = ("levels", number)
        if level.id in seen:
            yield Finding((*keys, "id"), f"{level.id!r} is taken already")
        seen.add(level.id)
        for place, step in enumerate(level.steps):
            at = (*keys, "steps", place)
            if step.id in steps:
                yield Finding((*at, "id"), f"{step.id!r} is already the id of another step")
            steps.add(step.id)
            for key in ("to", "instead"):
                name = getattr(step, key)
                if name and name not in file.receivers:
                    text = f"no such receiver: {name!r}"
                    yield Finding((*at, key), text, nearest(name, file.receivers))
                elif name and points.devices[name].bus != "mqtt":
                    text = f"{name} is told over HTTP and cannot say when a step is done"
                    yield Finding((*at, key), text)


def _patrol(patrol: PatrolEntry, points: PointList) -> Iterator[Finding]:
    known = [d.id for d in points.devices.values() if d.kind == "patrol-checkpoint"]
    rounds = sum(len(route.rounds) for route in patrol.routes)
    if rounds < patrol.rounds_a_day:
        text = f"{rounds} rounds a day are planned, {patrol.rounds_a_day} are asked for"
        yield Finding(("patrol", "routes"), text)
    for number, route in enumerate(patrol.routes):
        keys = ("patrol", "routes", number)
        counts = Counter(point.at for point in route.points)
        last_min = -1.0
        for place, point in enumerate(route.points):
            at = (*keys, "points", place)
            if point.at not in known:
                text = f"no such patrol checkpoint: {point.at!r}"
                yield Finding((*at, "at"), text, nearest(point.at, known))
            elif counts[point.at] > 1:
                yield Finding((*at, "at"), f"{point.at} is visited twice in one round")
            if point.after_min <= last_min:
                yield Finding((*at, "after_min"), "checkpoints stand in the order of the walk")
            last_min = point.after_min
        yield from _overlap((*keys, "rounds"), route)


def _overlap(keys: tuple[str | int, ...], route: RouteEntry) -> Iterator[Finding]:
    """A visit belongs to one round: the next must not begin before the last window is over."""
    long_min = route.points[-1].after_min + 2 * route.window_min
    last_min: float = -NEVER
    for number, text in enumerate(route.rounds):
        hour, minute = text.split(":")
        begin = int(hour) * 60 + int(minute)
        if begin < last_min + long_min:
            text = f"the round before lasts until {long_min:g} min after it began"
            yield Finding((*keys, number), text)
        last_min = begin
