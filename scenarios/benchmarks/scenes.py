"""The floor and the hall on which our crowd and JuPedSim are timed, drawn once for both.

Floor: ten rooms of 9 x 7 m with 45 people and a door of 0.9 m each, a corridor of 46 x 3 m, a
door of 1.8 m at either end. Hall: 60 x 40 m, 1,000 people, eight doors of 2.4 m. Everybody walks
1.34 m/s, starts at once, and goes to the nearest door.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evacuation import Floor, Person
from evacuation.portal import Portal
from evacuation.space import Space
from evacuation.streams import stream

SPEED_M_S, BODY_M2, SEED = 1.34, 0.113, 1
WALL_M, APRON_M, BEHIND_M, WIDER_M = 0.2, 1.6, 1.0, 2.0
"""Walls; how deep and how much wider than its door an apron is; who is so far behind is out.
With walls of 0.1 m, or on an apron as narrow as its door, JuPedSim's default model jams."""
PIECES = 4
"""The corridor is cut into so many pieces, as in a site."""
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Scene:
    """A scene for both engines: floor and people for ours; for JuPedSim the polygon that is
    walked (shapely) and, behind each exit, the polygon that counts as out.
    """

    name: str
    floor: Floor
    people: tuple[Person, ...]
    walked: Any
    exits: Mapping[str, Any]


def classroom_floor() -> Scene:
    """Ten classrooms along a corridor; 450 people."""
    spaces, portals, boxes, people = _outdoors(), {}, [], []
    south, north = 7.0 + WALL_M, 10.0 + WALL_M
    length = 46.0 / PIECES
    for k in range(PIECES):
        box = (k * length, south, (k + 1) * length, north)
        boxes.append(box)
        spaces[f"c{k}"] = _space(f"c{k}", "corridor", box)
        if k:
            at = (k * length, south + 1.5)
            portals[f"o{k}"] = Portal(f"o{k}", (f"c{k - 1}", f"c{k}"), 3.0, at, "opening")
    for k in range(10):
        x, low = 0.5 + 9.0 * (k % 5), 0.0 if k < 5 else north + WALL_M
        box, name = (x, low, x + 9.0, low + 7.0), f"r{k}"
        wall = 7.0 if k < 5 else north
        boxes += [box, (x + 4.05, wall, x + 4.95, wall + WALL_M)]
        spaces[name] = _space(name, "room", box)
        piece = f"c{int((x + 4.5) // length)}"
        at = (x + 4.5, wall + WALL_M / 2)
        portals[f"d{k}"] = Portal(f"d{k}", (name, piece), 0.9, at)
        people += _grid(name, box, 9, 5, 0.2)
    exits = {"west": (0.0, south + 1.5, -1.0, 0.0), "east": (46.0, south + 1.5, 1.0, 0.0)}
    portals |= {
        name: Portal(name, (f"c{0 if name == 'west' else PIECES - 1}", "outside"), 1.8, (x, y))
        for name, (x, y, _, _) in exits.items()
    }
    return _scene("floor", spaces, portals, boxes, people, exits, 1.8)


def hall() -> Scene:
    """A hall of 60 x 40 m with two doors in each wall; 1,000 people."""
    box = (0.0, 0.0, 60.0, 40.0)
    spaces = _outdoors() | {"hall": _space("hall", "hall", box)}
    exits = {
        f"{side}{k}": (x, y, dx, dy)
        for k in (1, 2)
        for side, x, y, dx, dy in (
            ("south", 20.0 * k, 0.0, 0.0, -1.0),
            ("north", 20.0 * k, 40.0, 0.0, 1.0),
            ("west", 0.0, 40.0 / 3 * k, -1.0, 0.0),
            ("east", 60.0, 40.0 / 3 * k, 1.0, 0.0),
        )
    }
    portals = {
        name: Portal(name, ("hall", "outside"), 2.4, (x, y)) for name, (x, y, _, _) in exits.items()
    }
    return _scene("hall", spaces, portals, [box], _grid("hall", box, 40, 25, 0.3), exits, 2.4)


def _scene(
    name: str,
    spaces: dict[str, Space],
    portals: dict[str, Portal],
    boxes: list[Box],
    people: list[Person],
    exits: Mapping[str, Box],
    width: float,
) -> Scene:
    from shapely import box, unary_union

    doors = {key: _behind(at, width) for key, at in exits.items()}
    drawn = [box(*one) for one in boxes]
    walked = unary_union([*drawn, *(apron for apron, _ in doors.values())])
    outs = {key: out for key, (_, out) in doors.items()}
    return Scene(name, Floor(spaces, portals, name), tuple(people), walked, outs)


def _behind(exit_: Box, width: float) -> tuple[Any, Any]:
    """The door with the apron behind it, wider by 2 m, and the part that counts as out."""
    from shapely import LineString, unary_union

    x, y, dx, dy = exit_

    def strip(start: float, end: float, wide: float) -> Any:
        line = LineString([(x + dx * start, y + dy * start), (x + dx * end, y + dy * end)])
        return line.buffer(wide / 2, cap_style="flat")

    wide = width + WIDER_M
    apron = unary_union([strip(-0.05, WALL_M, width), strip(WALL_M, APRON_M, wide)])
    return apron, strip(BEHIND_M, APRON_M, wide)


def _outdoors() -> dict[str, Space]:
    return {"outside": Space("outside", "street", 1e5, safe=True)}


def _space(name: str, kind: str, box: Box) -> Space:
    x0, y0, x1, y1 = box
    corners = ((x0, y0), (x1, y0), (x1, y1), (x0, y1))
    return Space(name, kind, (x1 - x0) * (y1 - y0), outline=corners, width_m=y1 - y0)


def _grid(space: str, box: Box, columns: int, rows: int, jitter: float) -> list[Person]:
    """People on a grid, each moved by up to ``jitter`` metres along both axes."""
    x0, y0, x1, y1 = box
    moved = stream(SEED, f"scene/{space}").uniform(-jitter, jitter, (columns, rows, 2))
    return [
        Person(
            id=f"{space}.{i}-{j}",
            space=space,
            group=f"{space}.{i}-{j}",
            role="adult",
            speed_m_s=SPEED_M_S,
            body_area_m2=BODY_M2,
            pre_movement_ms=0,
            xy=(
                x0 + (i + 0.5) * (x1 - x0) / columns + float(moved[i, j, 0]),
                y0 + (j + 0.5) * (y1 - y0) / rows + float(moved[i, j, 1]),
            ),
        )
        for i in range(columns)
        for j in range(rows)
    ]
