"""WGS 84 longitude and latitude as metres on a plane that touches the venue."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, isfinite, radians, sin, sqrt
from typing import Any

import numpy as np

from evacuation.bim.problem import ImportProblem

SEMI_MAJOR_M = 6_378_137.0
ECCENTRICITY_2 = 0.006_694_379_990_14
"""WGS 84 (NIMA TR 8350.2)."""


@dataclass(frozen=True, slots=True)
class Projection:
    """Metres east and north of a point, on the ellipsoid's radii of curvature there.

    True to 1 part in 10,000 over the 2 km of a campus.
    """

    lon: float
    lat: float

    @property
    def per_degree(self) -> tuple[float, float]:
        """Metres per degree of longitude and of latitude."""
        bent = 1.0 - ECCENTRICITY_2 * sin(radians(self.lat)) ** 2
        north = SEMI_MAJOR_M * (1.0 - ECCENTRICITY_2) / bent**1.5
        east = SEMI_MAJOR_M / sqrt(bent) * cos(radians(self.lat))
        return radians(1.0) * east, radians(1.0) * north

    def plane(self, geometry: Mapping[str, Any] | None, where: str) -> Any:
        """A GeoJSON geometry as a shapely one in metres; ImportProblem for broken coordinates."""
        import shapely
        from shapely.errors import ShapelyError
        from shapely.geometry import shape

        try:
            drawn = shapely.force_2d(shape(geometry))
        except (AttributeError, KeyError, TypeError, ValueError, IndexError, ShapelyError) as error:
            raise ImportProblem(f"{where} has a geometry that cannot be read.") from error
        corners = shapely.get_coordinates(drawn)
        if not len(corners) or not np.isfinite(corners).all():
            raise ImportProblem(f"{where} has a geometry without usable coordinates.")
        if np.abs(corners).max() > 180.0:
            raise ImportProblem(f"{where} is not in degrees of longitude and latitude.")
        scale = np.array(self.per_degree)
        return shapely.transform(drawn, lambda at: (at - (self.lon, self.lat)) * scale)


def around(longitude: float, latitude: float) -> Projection:
    """The projection whose plane touches here; the place is rounded so that it is readable."""
    if not (isfinite(longitude) and abs(latitude) < 89.0):
        raise ImportProblem("The venue lies at a pole or nowhere; its plane cannot be drawn.")
    return Projection(round(longitude, 4), round(latitude, 4))
