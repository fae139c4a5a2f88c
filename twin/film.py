"""The film of a run: who is in front of its cameras, once a second, as ground truth beside the
journals.

The file begins with one line of JSON that says how it is written: `spaces` by number, and the
fields of `frame` and `body` as NumPy types. Then follow frames: a head (time in ms, number of
bodies, whether there is mains), and a row per body (a number that tells one body from another,
space, place in cm, whether he has fallen). A frame that is like the last one is left out.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from twin.plan import Plan
from twin.scene import Scene

NAME = "cameras.film"
PERIOD_MS = 1000
FRAME = [("t_ms", "<i4"), ("bodies", "<u4"), ("mains", "u1")]
BODY = [("track", "<u4"), ("space", "<u2"), ("x_cm", "<i4"), ("y_cm", "<i4"), ("fallen", "u1")]


class Film:
    """Appends frames to a file; every frame is written out at once, so that it can be watched."""

    def __init__(self, path: Path, scene: Scene, plan: Plan, watched: Sequence[int]) -> None:
        self._scene, self._due_ms, self._last = scene, 0, b""
        self._watched = np.zeros(len(plan.spaces), np.bool_)
        self._watched[list(watched)] = True
        self._file = path.open("wb", buffering=0)
        head = {"film": 1, "spaces": plan.spaces, "frame": FRAME, "body": BODY}
        self._file.write(json.dumps(head).encode() + b"\n")

    def take(self, now: int, mains: bool) -> None:
        """One frame if a second has passed and anything has changed."""
        if now < self._due_ms:
            return
        self._due_ms = (now // PERIOD_MS + 1) * PERIOD_MS
        bodies = self._scene.bodies()
        rows = np.flatnonzero(self._watched[bodies.space])
        frame = np.zeros(rows.size, BODY)
        frame["track"], frame["space"] = bodies.track[rows], bodies.space[rows]
        for axis, metres in (("x_cm", bodies.x), ("y_cm", bodies.y)):
            frame[axis] = np.round(100 * np.nan_to_num(metres[rows]))
        frame["fallen"] = bodies.fallen[rows]
        content = frame.tobytes() + bytes([mains])
        if content != self._last:
            self._last = content
            head = np.array([(now, rows.size, mains)], FRAME)
            self._file.write(head.tobytes() + frame.tobytes())

    def close(self) -> None:
        """No more frames."""
        self._file.close()
