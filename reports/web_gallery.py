"""Where pictures of cameras are found: in the runs of a folder, or wherever else cameras are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from PIL import Image

from controller.interface.files import nearest
from controller.interface.points import Device
from reports.footage import Footage, NoFootage
from reports.runs import Runs
from reports.web_run import Run, RunProblem

_KEPT = 4


class CameraRefusal(Exception):  # noqa: N818 - a refusal is an answer
    """No such camera or time: one sentence, the HTTP status, the nearest valid name."""

    def __init__(self, text: str, status: int, close: str = "") -> None:
        super().__init__(text)
        self.status, self.nearest = status, close


class Showing(Protocol):
    """Cameras and what they showed, up to `until_ms`."""

    cameras: dict[str, Device]

    @property
    def until_ms(self) -> int:
        """The newest time that can be shown; -1 while there is nothing."""
        ...

    def picture(self, camera: str, t_ms: int) -> Image.Image:
        """What a camera showed at a time."""
        ...


class Gallery(Protocol):
    """Where the routes find pictures."""

    def run(self, run_id: str) -> str:
        """The full id of what is asked for; of an empty one what is most likely meant."""
        ...

    def goes_on(self, run_id: str) -> bool:
        """Whether there will be more pictures."""
        ...

    def footage(self, run_id: str, camera: str = "") -> Showing:
        """Its pictures up to now; refused if there are none, or no such camera."""
        ...


def check_camera(camera: str, cameras: Iterable[str]) -> None:
    """CameraRefusal with the nearest name unless there is such a camera; "" is any."""
    known = list(cameras)
    if camera and camera not in known:
        text = f"There is no camera {camera!r} in this run."
        raise CameraRefusal(text, 404, nearest(camera, known))


class RunGallery:
    """Opens runs and their cameras for the routes."""

    def __init__(self, runs: Runs) -> None:
        self._runs = runs
        self._open: dict[str, Footage] = {}

    def run(self, run_id: str) -> str:
        """The run of an id; of an empty one the newest that goes on, else that has pictures."""
        if run_id:
            return self._runs.open(run_id).id
        listed = sorted(self._runs.list(), key=lambda run: run.status != "running")
        for item in listed:
            if self._footage(self._runs.open(item.id)) is not None:
                return item.id
        raise CameraRefusal("No run in this folder has pictures.", 404)

    def goes_on(self, run_id: str) -> bool:
        """Whether a run is still going on."""
        return self._runs.open(run_id).summary().status == "running"

    def footage(self, run_id: str, camera: str = "") -> Footage:
        """The pictures of a run, read up to now; refused if it has none, or no such camera."""
        found = self._footage(self._runs.open(run_id))
        if found is None:
            raise RunProblem("There are no pictures of this run.")
        try:
            found.refresh()
        except NoFootage as error:
            raise RunProblem(str(error)) from error
        check_camera(camera, found.cameras)
        return found

    def _footage(self, run: Run) -> Footage | None:
        held = self._open.get(run.id)
        if held is None or not held.is_current:
            self._open.pop(run.id, None)
            try:
                held = self._open[run.id] = Footage(run.folder)
            except NoFootage:
                return None
            while len(self._open) > _KEPT:
                self._open.pop(next(iter(self._open)))
        return held
