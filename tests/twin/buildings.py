"""Small buildings for the tests: a row of rooms, and a stair between two storeys."""

from collections.abc import Mapping
from typing import Any

from twin.floorfile import FloorFile

SIDE_M = 6.0


def space(name: str, x: float = 0.0, y: float = 0.0, **more: Any) -> dict[str, Any]:
    """A square room of 36 m2 and 3 m height whose lower left corner is at (x, y)."""
    corner = [[x, y], [x + SIDE_M, y], [x + SIDE_M, y + SIDE_M], [x, y + SIDE_M]]
    row = {"id": name, "name": name, "kind": "room", "storey": "g", "area_m2": 36.0}
    return {**row, "outline": corner, "height_m": 3.0, **more}


def portal(
    name: str, inner: str, outer: str, at: tuple[float, float], **more: Any
) -> dict[str, Any]:
    """A door of 1 m."""
    row = {"id": name, "name": name, "between": [inner, outer], "width_m": 1.0, "at": list(at)}
    return {**row, "kind": "door", **more}


def outside(name: str = "outside") -> dict[str, Any]:
    """The street: a safe place without an outline."""
    return {
        "id": name, "name": name, "kind": "street", "storey": "g", "area_m2": 1e4, "safe": True,
    }  # fmt: skip


def building(
    spaces: list[dict[str, Any]], portals: list[dict[str, Any]], levels: Mapping[str, float]
) -> FloorFile:
    """A checked floor file."""
    storeys = [{"id": name, "name": name, "z_m": z} for name, z in levels.items()]
    return FloorFile.model_validate(
        {"floor": 1, "name": "test", "source": "drawn for a test", "storeys": storeys,
         "spaces": spaces, "portals": portals}
    )  # fmt: skip


def row(count: int, **doors: dict[str, Any]) -> FloorFile:
    """Rooms r1..rN in a row joined by doors d1..d(N-1), and a door x from rN to the outside.

    `doors` gives more keys for a door by its id.
    """
    spaces = [space(f"r{n}", x=SIDE_M * (n - 1)) for n in range(1, count + 1)]
    portals = [
        portal(f"d{n}", f"r{n}", f"r{n + 1}", (SIDE_M * n, 3.0), **doors.get(f"d{n}", {}))
        for n in range(1, count)
    ]
    leaving = portal("x", f"r{count}", "outside", (SIDE_M * count, 3.0), **doors.get("x", {}))
    return building([*spaces, outside()], [*portals, leaving], {"g": 0.0})


def two_storeys() -> FloorFile:
    """A stair from the ground floor's landing to the upper one; corridors of three pieces on each.

    Both corridors have the same shape, so that only height tells them apart.
    """
    spaces, portals = [], []
    for storey in ("g", "u"):
        spaces.append(space(f"{storey}.landing", kind="landing", storey=storey))
        before = f"{storey}.landing"
        for n in (1, 2, 3):
            name, x = f"{storey}.c{n}", SIDE_M * n
            spaces.append(space(name, x=x, kind="corridor", storey=storey))
            portals.append(portal(f"{storey}.o{n}", before, name, (x, 3.0), kind="opening"))
            before = name
    spaces.append(
        space("stair", y=-SIDE_M, kind="stair", area_m2=14.0, width_m=1.8, slope_length_m=7.9,
              rises_m=3.6)
    )  # fmt: skip
    portals += [
        portal("foot", "g.landing", "stair", (3.0, 0.0), width_m=1.8, kind="opening"),
        portal("head", "stair", "u.landing", (3.0, 0.0), width_m=1.8, kind="opening"),
        portal("x", "g.c3", "outside", (24.0, 3.0)),
    ]
    return building([*spaces, outside()], portals, {"g": 0.0, "u": 3.6})
