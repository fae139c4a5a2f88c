"""A corridor, its people, and `twin egress` on them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scenarios.egress import Order
from scenarios.egress import egress as ordered

CORRIDOR_M = 40.0


def site(folder: Path, count: int = 1) -> Path:
    """A corridor of 40 m with a room at its end and one door out; everybody walks at 1.25 m/s."""
    floor = {
        "floor": 1,
        "name": "Corridor",
        "source": "drawn for the test",
        "storeys": [{"id": "g", "name": "G", "z_m": 0.0}],
        "spaces": [
            {"id": "room", "name": "Room", "kind": "room", "storey": "g", "area_m2": 50.0,
             "outline": [[-10, 0], [0, 0], [0, 5], [-10, 5]]},
            {"id": "corridor", "name": "Corridor", "kind": "corridor", "storey": "g",
             "area_m2": 80.0, "outline": [[0, 0], [40, 0], [40, 2], [0, 2]]},
            {"id": "street", "name": "Street", "kind": "street", "area_m2": 1e4, "safe": True},
        ],
        "portals": [
            {"id": "door", "name": "Door", "between": ["room", "corridor"], "width_m": 1.0,
             "at": [0, 1], "kind": "door"},
            {"id": "out", "name": "Way out", "between": ["corridor", "street"], "width_m": 2.0,
             "at": [CORRIDOR_M, 1], "kind": "door"},
        ],
    }  # fmt: skip
    people = {
        "people": 1,
        "profiles": {
            "walker": {
                "speed": {"mean": 1.25, "sd": 0, "min": 1.0, "max": 1.5},
                "body_area_m2": 0.1,
            }
        },
        "pre_movement": {"ten": {"median_s": 10, "sigma": 0, "scatter_s": 0}},
        "timetable": [
            {"id": "lesson", "from": "08:00", "to": "09:00"},
            {"id": "night", "from": "22:00", "to": "23:00"},
        ],
        "groups": [
            {"id": "g", "kind": "class", "profile": "walker", "count": count,
             "pre_movement": "ten", "at": {"lesson": "room"}}
        ],
    }  # fmt: skip
    (folder / "floor.yaml").write_text(json.dumps(floor))
    (folder / "people.yaml").write_text(json.dumps(people))
    return folder


def egress(floor: Path, seeds: Sequence[int] = (1,), **more: Any) -> dict[str, Any]:
    return ordered(Order(floor=floor, seeds=seeds, **{"laws": ("bounding",), **more}))


def rows(folder: Path, file: str, part: str) -> list[dict[str, Any]]:
    return list(json.loads((folder / file).read_text())[part])


def rewrite(folder: Path, file: str, part: str, value: object) -> None:
    document = json.loads((folder / file).read_text())
    document[part] = value
    (folder / file).write_text(json.dumps(document))
