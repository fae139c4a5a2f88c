"""Triangle meshes of building elements, in metres and world coordinates."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import ifcopenshell.geom
import numpy as np
from numpy.typing import NDArray
from shapely import Polygon, polygons, unary_union
from shapely.geometry.base import BaseGeometry

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Mesh:
    """Corner points of triangles, shape (n, 3, 3): triangle, corner, xyz in m."""

    corners: Array

    @property
    def points(self) -> Array:
        """All corners, shape (3n, 3)."""
        return self.corners.reshape(-1, 3)

    @property
    def z_min(self) -> float:
        """Lowest point, m."""
        return float(self.corners[:, :, 2].min())

    @property
    def z_max(self) -> float:
        """Highest point, m."""
        return float(self.corners[:, :, 2].max())

    def normal_z(self) -> Array:
        """z of the unit normal per triangle; 0 for triangles without area."""
        edge = self.corners[:, 1:] - self.corners[:, :1]
        cross = np.cross(edge[:, 0], edge[:, 1])
        size = np.linalg.norm(cross, axis=1)
        upright: Array = np.divide(cross[:, 2], size, out=np.zeros_like(size), where=size > 1e-12)
        return upright

    def plan(self, chosen: NDArray[np.bool_] | None = None) -> BaseGeometry:
        """Union of the chosen triangles (all by default) seen from above."""
        corners = self.corners if chosen is None else self.corners[chosen]
        flat = polygons(corners[:, :, :2])
        edge = corners[:, 1:, :2] - corners[:, :1, :2]
        area = np.abs(edge[:, 0, 0] * edge[:, 1, 1] - edge[:, 0, 1] * edge[:, 1, 0])
        solid = flat[area > 1e-8]
        return unary_union(solid).buffer(0) if len(solid) else Polygon()

    def extent(self, axis: Array) -> tuple[float, float]:
        """Smallest and largest coordinate along a horizontal unit ``axis`` (x, y), m."""
        along = self.points[:, :2] @ axis
        return float(along.min()), float(along.max())


def meshes(model: Any, elements: Iterable[Any]) -> Mapping[int, Mesh]:
    """Mesh per element id, for those that have a body.

    Openings are not cut out of walls: it costs 80 % of the time, and walls are only used as
    footprints here.
    """
    wanted = [element for element in elements if element.Representation]
    if not wanted:
        return {}
    kernel: Any = ifcopenshell.geom
    settings = kernel.settings()
    settings.set("use-world-coords", True)
    settings.set("disable-opening-subtractions", True)
    iterator = kernel.iterator(settings, model, 1, include=wanted)
    found: dict[int, Mesh] = {}
    more = iterator.initialize()
    while more:
        shape = iterator.get()
        vertices = np.array(shape.geometry.verts, dtype=np.float64).reshape(-1, 3)
        faces = np.array(shape.geometry.faces, dtype=np.int64).reshape(-1, 3)
        if len(faces):
            found[shape.id] = Mesh(vertices[faces])
        more = iterator.next()
    return found
