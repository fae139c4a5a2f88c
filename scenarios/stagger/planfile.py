"""The plan as a file: release.yaml, with what the site's points and matrix offer for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from controller import matrix
from controller.interface.dismiss import DISMISS
from controller.interface.files import matrix_path
from controller.interface.points import PointList
from controller.interface.release import (
    CommandEntry,
    HoldEntry,
    PostEntry,
    ReleaseFile,
    StartEntry,
    StepEntry,
)
from scenarios.egress.place import Place
from scenarios.stagger.rehearsal import Schedule
from scenarios.stagger.rooms import Room
from twin.site import POINTS

_HEAD = """# Which classes leave when: made by `twin stagger`; read it, change it, check it.
# `twin check` finds what is wrong with it, `twin schema release` says what may stand here.
"""


def plan_of(
    place: Place,
    folder: Path,
    say: str,
    density_per_m2: float,
    rooms: Sequence[Room],
    schedule: Schedule,
    stood: Sequence[PostEntry],
    watched: Sequence[str],
) -> ReleaseFile:
    """The release plan of a schedule; locks, desk and causes are those of the site, if it has any.

    BadFile where the site's points.yaml or matrix are wrong.
    """
    points = PointList.load(folder / POINTS) if (folder / POINTS).is_file() else None
    devices = points.devices.values() if points else ()
    desk = next((d for d in devices if d.kind == "duty-desk"), None)
    return ReleaseFile(
        release=1,
        say=say,
        period=place.period,
        density_per_m2=density_per_m2,
        start=StartEntry(point=f"{desk.id}.seen", equals=DISMISS) if desk else None,
        during=tuple(_unlocked(place, points)) if points else (),
        hold=_hold(folder, points, watched) if points else None,
        steps=tuple(_steps(rooms, schedule)),
        posts=tuple(stood),
    )


def _steps(rooms: Sequence[Room], schedule: Schedule) -> Iterator[StepEntry]:
    """A step per time and stair, in the order of time."""
    moments = sorted({(schedule[room.id], room.stair) for room in rooms})
    for at_ms, stair in moments:
        called = [r for r in rooms if (schedule[r.id], r.stair) == (at_ms, stair)]
        groups = tuple(g.id for room in called for g in room.groups)
        yield StepEntry(at_s=at_ms / 1_000, groups=groups, by=stair)


def _unlocked(place: Place, points: PointList) -> Iterator[CommandEntry]:
    """Escape locks of exits from the building are released while the plan runs."""
    inside = {s.id for s in place.floor.spaces.values() if not s.safe}
    shut = [p for p in place.released if inside & set(place.floor.portals[p].between)]
    locks = tuple(
        f"{device.id}.release"
        for device in points.devices.values()
        if device.portal in shut and f"{device.id}.release" in points.points
    )
    if locks:
        yield CommandEntry(outputs=locks, value=True)


def _hold(folder: Path, points: PointList, watched: Sequence[str]) -> HoldEntry | None:
    """Crowding on a stair, as the matrix knows it, stops the release."""
    path = matrix_path(folder)
    if not path.is_file():
        return None
    causes = matrix.load(path, points).causes
    found = [c.id for c in causes.values() if c.point and _looks(points, c.point, watched)]
    return HoldEntry(causes=tuple(found)) if found else None


def _looks(points: PointList, point: str, watched: Sequence[str]) -> bool:
    device = points.devices[points.points[point].device]
    sees = device.sees or (device.at,)
    camera = device.kind == "camera"
    return camera and any(fnmatchcase(space, pattern) for space in watched for pattern in sees)


def plan_text(plan: ReleaseFile) -> str:
    """The plan as YAML, one line per entry."""
    lines = [_HEAD + "release: 1", f'say: "{plan.say}"', f"period: {plan.period}"]
    lines.append(f"density_per_m2: {plan.density_per_m2:g}")
    if plan.start is not None:
        lines.append(f"start: {{point: {plan.start.point}, equals: {plan.start.equals}}}")
    lines.append(f"calls: [{', '.join(_quoted(c) for c in plan.calls)}]")
    for number, entry in enumerate(plan.during):
        lines += ["during:"] * (number == 0)
        value = str(entry.value).lower() if isinstance(entry.value, bool) else entry.value
        lines.append(f"  - {{outputs: [{', '.join(entry.outputs)}], value: {value}}}")
    if plan.hold is not None:
        hold = plan.hold
        lines.append(f"hold: {{causes: [{', '.join(hold.causes)}], clear_s: {hold.clear_s:g}, "
                     f"longest_s: {hold.longest_s:g}}}")  # fmt: skip
    lines.append("steps:  # seconds after the bell")
    for step in plan.steps:
        by = f", by: {step.by}" if step.by else ""
        lines.append(f"  - {{at_s: {step.at_s:g}, groups: [{', '.join(step.groups)}]{by}}}")
    for number, post in enumerate(plan.posts):
        lines += ["posts:"] * (number == 0)
        who = f", who: {post.who}" if post.who else ""
        lines.append(f"  - {{at: {post.at}, from_s: {post.from_s:g}, to_s: {post.to_s:g}{who}}}")
    return "\n".join(lines) + "\n"


def _quoted(word: str) -> str:
    return f'"{word}"' if "*" in word else word
