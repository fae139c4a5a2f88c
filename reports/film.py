"""The film of a run, read while it may still be growing: who was before the cameras, and when.

The file says itself how it is written: a first line of JSON with `spaces` and the NumPy fields of
`frame` and `body`, then frames. A frame that is not whole yet is left for the next look.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

NAME = "cameras.film"
_BRIDGED_MS = 2000
"""Between frames farther apart than this nobody moved: equal frames are left out."""


@dataclass(frozen=True, slots=True)
class Body:
    """Somebody before the cameras: where (m), in which space, whether fallen."""

    space: str
    x: float
    y: float
    fallen: bool


class Film:
    """All frames of one film so far; ValueError with a sentence if the file is no film."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0
        self._times: list[int] = []
        self._frames: list[tuple[bool, NDArray[np.void]]] = []
        self.spaces: tuple[str, ...] = ()
        self._frame: Any = None
        self._body: Any = None

    def read(self) -> None:
        """Take in what was appended since the last look."""
        with self._path.open("rb") as file:
            if self._offset == 0 and not self._begin(file.readline()):
                return
            file.seek(self._offset)
            content = file.read()
        done = 0
        while (size := self._whole(content, done)) > 0:
            done += size
        self._offset += done

    @property
    def last_ms(self) -> int:
        """Time of the newest frame; -1 without any."""
        return self._times[-1] if self._times else -1

    def at(self, t_ms: int) -> tuple[bool, list[Body]]:
        """Whether there was mains at a time, and everybody then: on the way between two frames."""
        k = bisect_right(self._times, t_ms) - 1
        if k < 0:
            return True, []
        mains, now = self._frames[k]
        x, y = now["x_cm"] / 100.0, now["y_cm"] / 100.0
        if k + 1 < len(self._times):
            share = _share(self._times[k], self._times[k + 1], t_ms)
            _move(x, y, now, self._frames[k + 1][1], share)
        names = [self.spaces[s] for s in now["space"].tolist()]
        rows = zip(names, x.tolist(), y.tolist(), now["fallen"].tolist(), strict=True)
        return mains, [Body(space, px, py, bool(fallen)) for space, px, py, fallen in rows]

    def _begin(self, line: bytes) -> bool:
        """Read the first line; False if it is not whole yet."""
        if not line.endswith(b"\n"):
            return False
        try:
            head = json.loads(line)
            self._frame = np.dtype([tuple(field) for field in head["frame"]])
            self._body = np.dtype([tuple(field) for field in head["body"]])
            self.spaces = tuple(str(name) for name in head["spaces"])
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{self._path.name} is no film: its first line is {error}") from error
        self._offset = len(line)
        return True

    def _whole(self, content: bytes, start: int) -> int:
        """Take one frame; its length in bytes, 0 if it is not whole."""
        body = start + int(self._frame.itemsize)
        if body > len(content):
            return 0
        head = np.frombuffer(content, self._frame, 1, start)[0]
        size = int(head["bodies"]) * int(self._body.itemsize)
        if body + size > len(content):
            return 0
        self._times.append(int(head["t_ms"]))
        bodies = np.frombuffer(content[body : body + size], self._body)
        self._frames.append((bool(head["mains"]), bodies))
        return body + size - start


def _share(before: int, after: int, t_ms: int) -> float:
    """How much of the way between two frames is done; the way takes the last 2 s at most."""
    begun = max(before, after - _BRIDGED_MS)
    return max(0.0, (t_ms - begun) / (after - begun))


def _move(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    now: NDArray[np.void],
    then: NDArray[np.void],
    share: float,
) -> None:
    """Move those who are in both frames and in the same space on their way to the later one."""
    _, here, there = np.intersect1d(now["track"], then["track"], return_indices=True)
    same = now["space"][here] == then["space"][there]
    here, there = here[same], there[same]
    x[here] += (then["x_cm"][there] / 100.0 - x[here]) * share
    y[here] += (then["y_cm"][there] / 100.0 - y[here]) * share
