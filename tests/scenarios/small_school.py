"""Four classes over one narrow stair, and one on the ground floor with its own door."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

PUPILS = 40


def room(number: int, x: float, storey: str) -> dict[str, Any]:
    return {
        "id": f"{storey}.r{number}", "name": f"Room {number}", "kind": "room", "storey": storey,
        "area_m2": 60.0, "outline": [[x, 2], [x + 10, 2], [x + 10, 8], [x, 8]],
    }  # fmt: skip


def small_school(folder: Path, upstairs: int = 4, name: str = "Class") -> Path:
    """Write floor.yaml and people.yaml; the stair is 1.4 m wide, 12 m along its slope."""
    wide = 10.0 * (upstairs + 1)
    spaces: list[dict[str, Any]] = [room(n, 10.0 * n, "u") for n in range(1, upstairs + 1)]
    spaces += [
        room(9, 10.0, "g"),
        *(
            {"id": f"{s}.c", "name": f"Corridor {s}", "kind": "corridor", "storey": s,
             "area_m2": 2 * wide, "outline": [[0, 0], [wide, 0], [wide, 2], [0, 2]]}
            for s in ("g", "u")
        ),
        *(
            {"id": f"a.{s}", "name": f"Stair A, landing {s}", "kind": "landing", "storey": s,
             "area_m2": 8.0, "outline": [[-4, 0], [0, 0], [0, 2], [-4, 2]]}
            for s in ("g", "u")
        ),
        {"id": "a.run", "name": "Stair A, flight", "kind": "stair", "storey": "g",
         "area_m2": 16.8, "width_m": 1.4, "slope_length_m": 12.0, "riser_m": 0.15,
         "tread_m": 0.28, "rises_m": 3.6, "outline": [[-4, 2], [0, 2], [0, 6], [-4, 6]]},
        {"id": "yard", "name": "Yard", "kind": "yard", "area_m2": 1e4, "safe": True},
    ]  # fmt: skip
    portals = [
        *(_door(f"u.d{n}", f"u.r{n}", "u.c", 10.0 * n + 5, 2.0) for n in range(1, upstairs + 1)),
        _door("g.d9", "g.r9", "g.c", 15.0, 2.0),
        *(_door(f"{s}.fd", f"{s}.c", f"a.{s}", 0.0, 1.0) for s in ("g", "u")),
        _door("foot", "a.g", "a.run", -2.0, 2.0),
        _door("head", "a.run", "a.u", -2.0, 2.0),
        _door("out", "a.g", "yard", -4.0, 1.0),
        _door("front", "g.c", "yard", 15.0, 0.0),
    ]
    storeys = [{"id": "g", "name": "1F", "z_m": 0.0}, {"id": "u", "name": "2F", "z_m": 3.6}]
    floor = {"floor": 1, "name": "Small school", "source": "drawn for the test"}
    _write(folder / "floor.yaml", {**floor, "storeys": storeys, "spaces": spaces,
                                   "portals": portals})  # fmt: skip
    places = [f"u.r{n}" for n in range(1, upstairs + 1)] + ["g.r9"]
    groups = [_class(f"c{n}", f"{name} {n}", at) for n, at in enumerate(places, 1)]
    staff = {"id": "office", "kind": "staff", "name": "Office", "profile": "pupil", "count": 2,
             "pre_movement": "ten", "role": "teacher", "at": "g.c"}  # fmt: skip
    speed = {"mean": 1.1, "sd": 0.1, "min": 0.8, "max": 1.4}
    people = {
        "people": 1,
        "profiles": {"pupil": {"speed": speed, "body_area_m2": 0.055}},
        "pre_movement": {"ten": {"median_s": 10, "sigma": 0.2, "scatter_s": 2}},
        "timetable": [{"id": "lesson", "from": "08:00", "to": "09:00"},
                      {"id": "night", "from": "22:00", "to": "23:00"}],
        "groups": [*groups, staff],
    }  # fmt: skip
    _write(folder / "people.yaml", people)
    return folder


def _door(name: str, inner: str, outer: str, x: float, y: float) -> dict[str, Any]:
    row = {"id": name, "name": name, "between": [inner, outer], "width_m": 1.4}
    return {**row, "at": [x, y], "kind": "door"}


def _class(name: str, called: str, at: str) -> dict[str, Any]:
    return {"id": name, "kind": "class", "grade": 1, "name": called, "profile": "pupil",
            "count": PUPILS, "pre_movement": "ten", "at": {"lesson": at}}  # fmt: skip


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
