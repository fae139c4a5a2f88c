"""What is truly before each camera: the scene, cut to its field of view, seen through the smoke."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Protocol

import numpy as np

from controller.interface.fieldofview import FieldOfView
from controller.interface.points import Device, PointList
from devices.vision.seeing import SEEN_THROUGH
from devices.vision.view import Flags, Longs, Look, View
from twin.hazards import Hazards
from twin.plan import Plan
from twin.scene import Bodies, Scene


class Surrounding(Protocol):
    """Smoke and time, as the world has them."""

    now: int
    hazards: Hazards


class Eyes:
    """Hands out looks by camera; `open` gives them the scene, before anybody looks."""

    def __init__(self, plan: Plan, world: Surrounding) -> None:
        self._plan, self._world = plan, world
        self._is_stair = np.zeros(len(plan.spaces), np.bool_)
        self._is_stair[[plan.place[name] for name in plan.stairs]] = True
        self._scene: Scene | None = None

    def open(self, scene: Scene) -> None:
        """From now on there is something to see."""
        self._scene = scene

    def look(self, camera: Device) -> Look:
        """What tells who is in front of a camera now."""
        plan = self._plan
        seen = np.zeros(len(plan.spaces), np.bool_)
        seen[spaces_of(camera, plan)] = True
        field = FieldOfView.of(camera, plan.middle[plan.place[camera.at]])
        return lambda: self._view(camera, seen, field)

    def _view(self, camera: Device, seen: Flags, field: FieldOfView) -> View:
        if self._scene is None:
            raise AssertionError(f"{camera.id} looks before there is anything to see")
        bodies = self._scene.bodies()
        rows = np.flatnonzero(seen[bodies.space])
        crowded = np.bincount(bodies.space[rows], minlength=seen.size) / self._plan.walking_m2
        here = zip(bodies.x[rows].tolist(), bodies.y[rows].tolist(), strict=True)
        rows = rows[[field.holds(x, y) for x, y in here]] if rows.size else rows
        space = bodies.space[rows]
        density = crowded[space]
        portal = camera.portal
        return View(
            track=bodies.track[rows],
            x=bodies.x[rows],
            y=bodies.y[rows],
            density=density,
            stair=self._is_stair[space],
            fallen=bodies.fallen[rows],
            hidden=self._hidden(bodies, rows, field),
            fullest=float(density.max(initial=0.0)),
            through=self._scene.through(portal) if portal else (0, 0),
        )

    def _hidden(self, bodies: Bodies, rows: Longs, field: FieldOfView) -> Flags:
        """Who stands too deep in the smoke of his space, as seen from the camera."""
        hazards, now = self._world.hazards, self._world.now
        thick = {s: hazards.sensed_per_m(s, now) for s in set(bodies.space[rows].tolist())}
        if not any(thick.values()):
            return np.zeros(rows.size, np.bool_)
        depth = [
            thick[s] * field.away_m(x, y)
            for s, x, y in zip(
                bodies.space[rows].tolist(),
                bodies.x[rows].tolist(),
                bodies.y[rows].tolist(),
                strict=True,
            )
        ]
        return np.array(depth) > SEEN_THROUGH


def spaces_of(camera: Device, plan: Plan) -> list[int]:
    """Indices of the spaces that a camera sees, else that it is in; `sees` may hold globs."""
    return [
        index
        for index, space in enumerate(plan.spaces)
        if any(fnmatchcase(space, pattern) for pattern in camera.sees or (camera.at,))
    ]


def watched(points: PointList, plan: Plan) -> Sequence[int]:
    """Indices of all spaces that any camera sees."""
    cameras = [device for device in points.devices.values() if device.kind == "camera"]
    return sorted({index for camera in cameras for index in spaces_of(camera, plan)})
