"""What can be wrong with crowd warnings: cameras that do not see, levels without an effect, holds
without an end or that a fire would not end.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from controller.crowdfile import WatchEntry
from controller.crowdvalues import RISING, SAYS, UNKNOWN
from controller.interface.files import Finding, nearest
from controller.interface.kinds import HOLDING
from controller.interface.people import PeopleFile
from controller.interface.points import PointList
from controller.matrixfile import EffectEntry, MatrixFile

Keys = tuple[str | int, ...]
_MAY_STEER = ("exit-sign", "pa-zone")
"""Kinds that ask people to wait, and cannot keep them from going: doors and locks can."""


def crowd_findings(file: MatrixFile, points: PointList) -> Iterator[Finding]:
    """Findings about watches, and about effects that hold people back."""
    ids = [watch.id for watch in file.crowd.watches]
    for number, watch in enumerate(file.crowd.watches):
        keys: Keys = ("crowd", "watches", number)
        if watch.id in (*ids[:number], *points.devices, *points.points, *points.zones):
            yield Finding((*keys, "id"), f"{watch.id!r} is the id of something else already")
        yield from _camera(keys, watch, points)
        yield from _levels(keys, watch, file)
    for number, effect in enumerate(file.effects):
        yield from _steers(("effects", number), effect, file, points)


def strangers(file: MatrixFile, people: PeopleFile) -> Iterator[Finding]:
    """Groups that a watch counts on and people.yaml does not know."""
    known = [group.id for group in people.groups]
    for number, watch in enumerate(file.crowd.watches):
        for place, one in enumerate(watch.people):
            if not any(fnmatchcase(name, one) for name in known):
                keys = ("crowd", "watches", number, "people", place)
                yield Finding(keys, f"{one!r} names no group of people.yaml", nearest(one, known))


def _camera(keys: Keys, watch: WatchEntry, points: PointList) -> Iterator[Finding]:
    """A camera that sees the flight, and tells all that is needed."""
    camera = points.devices.get(watch.camera)
    if camera is None or camera.kind != "camera":
        cameras = [d.id for d in points.devices.values() if d.kind == "camera"]
        text = f"no such camera: {watch.camera!r}"
        yield Finding((*keys, "camera"), text, nearest(watch.camera, cameras))
        return
    if not any(fnmatchcase(watch.space, seen) for seen in camera.sees):
        text = f"{camera.id} does not see {watch.space}: it sees {', '.join(camera.sees)}"
        yield Finding((*keys, "space"), text)
    missing = [name for name in SAYS if f"{camera.id}.{name}" not in points.points]
    if missing:
        text = f"{camera.id} does not tell {', '.join(missing)}: give it those points"
        yield Finding((*keys, "camera"), text)


def _levels(keys: Keys, watch: WatchEntry, file: MatrixFile) -> Iterator[Finding]:
    """Every level, and not knowing it, has an effect."""
    for level in (*RISING, UNKNOWN):
        if not any(
            cause.when == "crowd" and cause.level == level and not cause.unanswered
            and any(fnmatchcase(watch.id, one) for one in cause.watches)
            for cause in file.causes
        ):  # fmt: skip
            text = f"level {level} of {watch.id!r} has no effect: no cause `when: crowd` names it"
            yield Finding(keys, text)


def _steers(
    keys: Keys, effect: EffectEntry, file: MatrixFile, points: PointList
) -> Iterator[Finding]:
    """What holds people back ends by itself and in a fire, and locks nothing."""
    if effect.steers != (effect.at_most_s is not None):
        text = "what steers people needs a longest time: steers and at_most_s go together"
        yield Finding((*keys, "at_most_s"), text)
    kinds = {
        point.kind: name
        for name, point in points.points.items()
        if any(fnmatchcase(name, one) for one in effect.outputs)
    }
    if not effect.steers:
        if effect.value in HOLDING:
            text = f"{effect.value!r} holds people back, and a fire would not end it: give steers"
            yield Finding((*keys, "value"), text)
        elif effect.value == "no-entry" and _asked_by_crowd(effect.id, file):
            text = "a crowd closes this way, and a fire would not open it: give steers"
            yield Finding((*keys, "value"), text)
        return
    for kind, name in kinds.items():
        if kind not in _MAY_STEER:
            text = f"{name} belongs to a {kind}: what steers people may ask, it never locks"
            yield Finding((*keys, "outputs"), text)


def _asked_by_crowd(effect: str, file: MatrixFile) -> bool:
    crowds = {cause.id for cause in file.causes if cause.when in ("crowd", "above")}
    return any(effect in row for cause, row in file.rows.items() if cause in crowds)
