"""Recorded dismissals in files, so that a measurement can be continued.

A file is named by kind, seed and a hash of what it hangs on: the site's files and the program of
the people and the cameras; for steered ones the matrix and the controller's program too. So
another site or program is never mistaken for it, and other thresholds need no new recordings.
"""

from __future__ import annotations

import json
from dataclasses import astuple
from hashlib import sha256
from pathlib import Path

import numpy as np

from controller.interface.points import Quality, Sample
from scenarios.warning.dismissal import Fell, Recorded

CODE = ("devices", "evacuation", "twin", "scenarios/warning/dismissal.py",
        "scenarios/warning/feed.py")  # fmt: skip
SITE = ("floor.yaml", "points.yaml", "people.yaml")


def _mark(site: Path, steered: bool) -> str:
    """Twelve characters that change with the files of the site and of the program."""
    root, site, found = Path(__file__).resolve().parents[2], site.resolve(), sha256()
    files = [p for p in site.iterdir() if p.name in SITE or (steered and p.suffix == ".yaml")]
    for name in (*CODE, *(("controller",) if steered else ())):
        place = root / name
        files += place.rglob("*.py") if place.is_dir() else [place]
    for path in sorted(files):
        found.update(path.read_bytes())
    return found.hexdigest()[:12]


class Shelf:
    """The recordings of a site in a folder."""

    def __init__(self, folder: Path, site: Path) -> None:
        self._folder = folder
        self._marks = {steered: _mark(site, steered) for steered in (False, True)}
        folder.mkdir(parents=True, exist_ok=True)

    def path(self, kind: str, seed: int) -> Path:
        """Where a recording is, or would be."""
        mark = self._marks[kind.endswith("-steered")]
        return self._folder / f"{mark}-{kind}-{seed}.npz"

    def put(self, one: Recorded) -> None:
        """Keep a recording; it is there whole or not at all."""
        points = sorted(one.pictures[0][1])
        rows = [[picture[p] for p in points] for _, picture in one.pictures]
        told = {
            "points": points,
            "falls": [astuple(fall) for fall in one.falls],
            "held": one.held,
            "left": one.left,
        }
        path = self.path(one.kind, one.seed)
        part = path.with_suffix(".part.npz")
        np.savez_compressed(
            part,
            told=np.frombuffer(json.dumps(told).encode(), np.uint8),
            times=np.array([t for t, _ in one.pictures]),
            values=np.array([[float(s.value) for s in row] for row in rows]),
            good=np.array([[s.quality is Quality.GOOD for s in row] for row in rows]),
        )
        part.replace(path)

    def get(self, kind: str, seed: int) -> Recorded:
        """Take a recording down; its samples are good or stale, its values numbers."""
        with np.load(self.path(kind, seed)) as kept:
            told = json.loads(kept["told"].tobytes())
            times, values, good = (kept[name].tolist() for name in ("times", "values", "good"))
        pictures = [
            (now, {
                point: Sample(point, value, Quality.GOOD if fine else Quality.STALE, now)
                for point, value, fine in zip(told["points"], row, fit, strict=True)
            })
            for now, row, fit in zip(times, values, good, strict=True)
        ]  # fmt: skip
        falls = [Fell(*fall) for fall in told["falls"]]
        held = [(int(t), str(portal)) for t, portal in told["held"]]
        return Recorded(kind, seed, pictures, falls, held, int(told["left"]))
