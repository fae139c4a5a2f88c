"""The cameras of one run and what each showed at a time: film, floor plan, faults and smoke."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from threading import Lock
from typing import Any

from PIL import Image

from controller.interface.fieldofview import FieldOfView
from controller.interface.files import BadFile
from controller.interface.points import Device, PointList
from reports.film import NAME, Body, Film
from reports.picture import Easel, Ground, Moment
from reports.web_models import Plan
from reports.web_plan import load_plan
from reports.web_tail import Tail

SHOWN = ("off", "lens-blocked")
"""Faults that hide the whole picture."""


class NoFootage(Exception):  # noqa: N818 - the run has none, nothing failed
    """A run has no pictures; the message is one sentence."""


class Reel:
    """What cameras show: their floor, their faults, smoke, and who is where at a time.

    `frames` gives mains and bodies at a time, `stamp` what is burnt in. Safe to call from several
    threads.
    """

    def __init__(
        self,
        points: PointList,
        plan: Plan,
        frames: Callable[[int], tuple[bool, Sequence[Body]]],
        stamp: Callable[[int], str],
    ) -> None:
        self.cameras = {one.id: one for one in points.devices.values() if one.kind == "camera"}
        self._plan, self._frames, self._stamp = plan, frames, stamp
        self._faults: dict[str, list[tuple[int, str, bool]]] = {}
        self._smoke: dict[str, list[tuple[int, float]]] = {}
        self._easels: dict[str, Easel] = {}
        self._lock = Lock()

    def note_fault(self, t_ms: int, camera: str, fault: str, begins: bool) -> None:
        """A fault of a camera begins or ends."""
        if camera in self.cameras:
            self._faults.setdefault(camera, []).append((t_ms, fault, begins))

    def picture(self, camera: str, t_ms: int) -> Image.Image:
        """What a camera showed at a time; a frozen one shows when it froze."""
        with self._lock:
            begun = self._begun(camera, t_ms)
            shown = min(t_ms, begun.get("frozen", t_ms))
            mains, bodies = self._frames(shown)
            easel = self._easel(camera)
            state = next((name for name in SHOWN if name in begun), "")
            moment = Moment(
                bodies,
                {space: _last(track, shown) for space, track in self._smoke.items()},
                not mains or "night" in begun,
                state,
                f"{camera}   {self._stamp(shown)}",
            )
            return easel.draw(moment)

    def people(self, camera: str, t_ms: int) -> int:
        """How many are truly in a camera's view at a time."""
        with self._lock:
            return len(self._easel(camera).visible(self._frames(t_ms)[1]))

    def _begun(self, camera: str, t_ms: int) -> dict[str, int]:
        """The faults that a camera has at a time, with when they began."""
        found: dict[str, int] = {}
        for t, fault, begins in tuple(self._faults.get(camera, ())):
            if t > t_ms:
                break
            if begins:
                found.setdefault(fault, t)
            else:
                found.pop(fault, None)
        return found

    def _easel(self, camera: str) -> Easel:
        if camera not in self._easels:
            self._easels[camera] = Easel(_ground(self.cameras[camera], self._plan))
        return self._easels[camera]


class Footage(Reel):
    """Pictures of the cameras of one run's folder."""

    def __init__(self, folder: Path) -> None:
        path = folder / NAME
        if not path.is_file():
            raise NoFootage(f"There are no pictures of this run: it has no {NAME}.")
        try:
            points = PointList.load(folder / "site" / "points.yaml")
            plan = load_plan(folder / "site")
        except BadFile as error:
            raise NoFootage(f"There are no pictures of this run: {error}.") from error
        self._wanted = (path, path.stat().st_ino)
        self._film, self._tail = Film(path), Tail(folder / "twin.jsonl")
        self._until_ms = 0
        super().__init__(points, plan, self._film.at, clock)

    @property
    def is_current(self) -> bool:
        """Whether the film is still the one that was opened, not that of a run made anew."""
        path, number = self._wanted
        return path.is_file() and path.stat().st_ino == number

    def refresh(self) -> None:
        """Take in what film and journal hold by now."""
        with self._lock:
            try:
                self._film.read()
            except (OSError, ValueError) as error:
                raise NoFootage(f"{error}.") from error
            for record in self._tail.read():
                self._take(record)

    @property
    def until_ms(self) -> int:
        """The newest time that can be shown; -1 while there is nothing.

        The journal tells how far a run has come in which nobody has moved for a while.
        """
        return max(self._film.last_ms, self._until_ms) if self._film.last_ms >= 0 else -1

    def _take(self, record: Mapping[str, Any]) -> None:
        entity, t = record["e"], record["t"]
        self._until_ms = max(self._until_ms, t)
        if record["k"] == "fault":
            self.note_fault(t, entity, record["fault"], record.get("what") == "begin")
        elif record["k"] == "hazard" and record.get("what") != "ignition":
            clear = record.get("what") == "clear"
            value = 0.0 if clear else float(record.get("value") or 0.0)
            self._smoke.setdefault(entity, []).append((t, value))


def clock(t_ms: int) -> str:
    """A time since the beginning of a run as h:mm:ss.t."""
    seconds, rest = divmod(t_ms, 1000)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest // 100}"


def _last(track: list[tuple[int, float]], t_ms: int) -> float:
    k = bisect_right(track, (t_ms, float("inf")))
    return track[k - 1][1] if k else 0.0


def _ground(camera: Device, plan: Plan) -> Ground:
    """What does not move before a camera."""
    seen = [s for s in plan.spaces if any(fnmatchcase(s.id, glob) for glob in camera.sees)]
    outlines = {space.id: space.outline for space in seen}
    doors = [p.at for p in plan.portals if p.at and {*p.between} & {*outlines}]
    own = next((space.outline for space in plan.spaces if space.id == camera.at), ())
    return Ground(outlines, doors, FieldOfView.of(camera, _middle(own)))


def _middle(outline: tuple[tuple[float, float], ...]) -> tuple[float, float] | None:
    """Area centroid of a simple polygon (shoelace formula); None without an outline."""
    twice = x = y = 0.0
    for (x0, y0), (x1, y1) in zip(outline, outline[1:] + outline[:1], strict=True):
        cross = x0 * y1 - x1 * y0
        twice, x, y = twice + cross, x + (x0 + x1) * cross, y + (y0 + y1) * cross
    return (x / (3 * twice), y / (3 * twice)) if twice else None
