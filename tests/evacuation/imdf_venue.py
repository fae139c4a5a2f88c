"""A small IMDF venue measured by hand: a house of two levels near Aachen.

Level 0: hall 10 x 6 m with an opening in its outline, a stairwell 3 x 6 m, a lift of 4 m2.
Level 1: a classroom 10 x 6 m, the stairwell above. Coordinates are metres turned into degrees.
"""

import json
import zipfile
from pathlib import Path
from typing import Any

LON, LAT = 6.08, 50.78
PER_DEGREE = (70_500.0, 111_250.0)
"""Metres per degree at 50.78 degrees, to 0.5 %."""


def degrees(x: float, y: float) -> list[float]:
    return [LON + x / PER_DEGREE[0], LAT + y / PER_DEGREE[1]]


def box(x0: float, y0: float, x1: float, y1: float) -> dict[str, Any]:
    corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)]
    return {"type": "Polygon", "coordinates": [[degrees(x, y) for x, y in corners]]}


def line(x0: float, y0: float, x1: float, y1: float) -> dict[str, Any]:
    return {"type": "LineString", "coordinates": [degrees(x0, y0), degrees(x1, y1)]}


def feature(key: str, geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"id": key, "type": "Feature", "geometry": geometry, "properties": properties}


def unit(key: str, level: str, category: str, shape: Any, name: str = "") -> dict[str, Any]:
    label = {"de": name, "en": name} if name else None
    return feature(key, shape, category=category, level_id=level, name=label, alt_name=None)


def venue() -> dict[str, list[dict[str, Any]]]:
    ground, upper = box(0, 0, 16, 6), box(0, 0, 14, 6)
    return {
        "building": [feature("b", None, name={"en": "House"}), feature("b2", None, name=None)],
        "level": [
            feature("l0", ground, ordinal=0, building_ids=["b"], name={"en": "Ground"}),
            feature("l1", upper, ordinal=1, building_ids=["b"], name={"en": "Upper"}),
        ],
        "unit": [
            unit("hall", "l0", "lobby", box(0, 0, 10, 6), "Hall"),
            unit("s0", "l0", "stairs", box(10.2, 0, 13.2, 6)),
            unit("e0", "l0", "elevator", box(13.4, 0, 15.4, 2)),
            unit("class", "l1", "classroom", box(0, 0, 10, 6), "101"),
            unit("s1", "l1", "stairs", box(10.2, 0, 13.2, 6)),
            unit("store", "l1", "storage", box(13.4, 0, 14, 2)),
        ],
        "opening": [
            feature("out", line(0, 2, 0, 4), level_id="l0", category="pedestrian.principal"),
            feature("d0", line(10.1, 1, 10.1, 2), level_id="l0", category="pedestrian"),
            feature("lift", line(13.3, 0.5, 13.3, 1.5), level_id="l0", category="pedestrian"),
            feature("d1", line(10.1, 1, 10.1, 2), level_id="l1", category="pedestrian"),
            feature("inside", line(4, 3, 5, 3), level_id="l1", category="pedestrian"),
            feature("lost", line(4, 3, 5, 3), level_id="l9", category="pedestrian"),
        ],
    }


def write(folder: Path, features: dict[str, list[dict[str, Any]]] | None = None) -> Path:
    """Write the venue as a folder of GeoJSON; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (venue() if features is None else features).items():
        text = json.dumps({"type": "FeatureCollection", "name": name, "features": rows})
        (folder / f"{name}.geojson").write_text(text)
    return folder


def zipped(folder: Path, path: Path) -> Path:
    """The same as the zip that IMDF is handed over in."""
    with zipfile.ZipFile(path, "w") as archive:
        for one in sorted(folder.glob("*.geojson")):
            archive.write(one, one.name)
    return path
