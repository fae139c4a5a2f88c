"""What the cameras of `twin devices` show: their floor, empty, with the date, true to faults."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from controller.interface.files import BadFile
from controller.interface.points import PointList
from reports.footage import Reel
from reports.web_gallery import check_camera
from reports.web_plan import load_plan

BENCH = "bench"
"""Stands for the run, where pictures are usually those of a run."""


class BenchReel(Reel):
    """Pictures of cameras before which nobody is; there are some from time 0 on."""

    def __init__(self, points: PointList, site: Path, now: Callable[[], int], utc_0_ms: int):
        def stamp(t_ms: int) -> str:
            date = datetime.fromtimestamp((utc_0_ms + t_ms) / 1000, UTC)
            return f"{date:%Y-%m-%d %H:%M:%S}.{date.microsecond // 100_000} UTC"

        super().__init__(points, load_plan(site), lambda _: (True, []), stamp)
        self._now = now

    @property
    def until_ms(self) -> int:
        """The newest time that can be shown."""
        return self._now()

    def hear(self, t_ms: int, kind: str, entity: str, data: Mapping[str, object]) -> None:
        """Take note of a fact of the devices' journal."""
        if kind == "fault":
            self.note_fault(t_ms, entity, str(data["fault"]), data["what"] == "begin")


class BenchGallery:
    """The one reel of a bench (`reports.web_gallery.Gallery`)."""

    def __init__(self, reel: BenchReel) -> None:
        self.reel = reel

    def run(self, run_id: str) -> str:
        """There is only one."""
        return BENCH

    def goes_on(self, run_id: str) -> bool:
        """It goes on until everything ends."""
        return True

    def footage(self, run_id: str, camera: str = "") -> BenchReel:
        """Its pictures up to now."""
        check_camera(camera, self.reel.cameras)
        return self.reel


def bench_gallery(
    points: PointList, site: Path, now: Callable[[], int], utc_0_ms: int
) -> BenchGallery | None:
    """The cameras' pictures; None without cameras, or where the site has no floor to draw."""
    if not any(device.kind == "camera" for device in points.devices.values()):
        return None
    try:
        return BenchGallery(BenchReel(points, site, now, utc_0_ms))
    except BadFile:
        return None
