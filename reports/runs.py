"""The runs in a folder: found, listed, and opened by id."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from controller.interface.clock import wall_ms
from controller.interface.files import nearest
from reports.web_models import RunSummary
from reports.web_run import Run, is_run

_LEVELS = 3
_KEPT = 12
_JOINT = ":"


class UnknownRun(LookupError):  # noqa: N818 - the run is unknown, nothing failed
    """No run of this id; `nearest` is the closest id, or empty."""

    def __init__(self, run_id: str, close: str) -> None:
        super().__init__(f"There is no run {run_id!r} in this folder.")
        self.nearest = close


class Runs:
    """All runs below a folder, up to three levels deep (suites keep theirs in subfolders).

    An id is the path below the folder with `:` between levels. Only what was found by looking
    is ever opened, so an id cannot lead out of the folder.
    """

    def __init__(
        self,
        folder: Path,
        now_ms: Callable[[], int] = wall_ms,
        alive: Callable[[str], bool | None] = lambda _: None,
    ) -> None:
        """`alive` tells of a run whether its process goes on; None where nobody here knows."""
        self.folder = folder.resolve()
        self._now_ms = now_ms
        self._alive = alive
        self._open: dict[str, Run] = {}

    def list(self) -> list[RunSummary]:
        """Every run, the newest first; broken ones with the reason."""
        found = [self._run(run_id, path).summary() for run_id, path in self._find()]
        return sorted(found, key=lambda run: (run.started, run.id), reverse=True)

    def open(self, run_id: str) -> Run:
        """The run of an id; UnknownRun names the nearest one."""
        paths = dict(self._find())
        if run_id not in paths:
            self._open.pop(run_id, None)
            raise UnknownRun(run_id, nearest(run_id, paths))
        if run_id not in self._open:
            self._open[run_id] = self._run(run_id, paths[run_id])
            while len(self._open) > _KEPT:
                self._open.pop(next(iter(self._open)))
        return self._open[run_id]

    def _run(self, run_id: str, folder: Path) -> Run:
        return Run(run_id, folder, self._now_ms, self._alive)

    def _find(self) -> Iterator[tuple[str, Path]]:
        yield from self._below(self.folder, (), _LEVELS)

    def _below(
        self, folder: Path, names: tuple[str, ...], levels: int
    ) -> Iterator[tuple[str, Path]]:
        if not folder.is_dir():
            return
        for path in sorted(folder.iterdir()):
            if not path.is_dir() or path.name.startswith(".") or not self._inside(path):
                continue
            below = (*names, path.name)
            if is_run(path):
                yield _JOINT.join(below), path
            elif levels > 1:
                yield from self._below(path, below, levels - 1)

    def _inside(self, path: Path) -> bool:
        return path.resolve().is_relative_to(self.folder)
