"""Rows of a floor, drawn in code: rooms, corridor pieces, stairs, doors, openings. Metres."""

from typing import Any

from evacuation.floor import Floor

Row = dict[str, Any]
STREET: Row = {"id": "street", "kind": "street", "area_m2": 1e5, "safe": True}
STOREY_M = 3.6
STOREYS: tuple[Row, ...] = tuple({"id": f"f{k}", "z_m": STOREY_M * k} for k in range(4))
SCHOOL_STAIR = {"riser_m": 0.180, "tread_m": 0.280}


def room(name: str, x: float, y: float, w: float, d: float, **more: Any) -> Row:
    """Return a rectangular room with its corner at (x, y)."""
    outline = [[x, y], [x + w, y], [x + w, y + d], [x, y + d]]
    return {"id": name, "kind": "room", "area_m2": w * d, "outline": outline, **more}


def corridor(name: str, x: float, y: float, w: float, d: float, **more: Any) -> Row:
    """Return a piece of corridor; its width is the shorter side unless it is given."""
    return room(name, x, y, w, d, kind="corridor", **({"width_m": min(w, d)} | more))


def stair(name: str, slope: float, width: float, storey: str, **more: Any) -> Row:
    """Return a flight that begins on a storey; ``slope`` is its length along the incline."""
    return {
        "id": name,
        "kind": "stair",
        "area_m2": slope * width,
        "width_m": width,
        "slope_length_m": slope,
        "storey": storey,
        **more,
    }


def door(name: str, a: str, b: str, x: float, y: float, width: float = 1.0, **more: Any) -> Row:
    """Return a door of a clear width between two spaces."""
    return {"id": name, "between": [a, b], "at": [x, y], "width_m": width, **more}


def opening(name: str, a: str, b: str, x: float, y: float, width: float) -> Row:
    """Return an opening without a leaf."""
    return door(name, a, b, x, y, width, kind="opening")


def plan(*rows: Row) -> Floor:
    """Return the floor of these rows, with a street outside and four storeys of 3.6 m."""
    return Floor.from_mapping(
        {
            "storeys": list(STOREYS),
            "spaces": [row for row in rows if "between" not in row] + [STREET],
            "portals": [row for row in rows if "between" in row],
        }
    )


def single_room(width: float, depth: float, *doors: tuple[float, float, float]) -> Floor:
    """Return a room with exits ``x1, x2 ...`` at (x, y) of some clear width, as one floor."""
    exits = [door(f"x{k}", "room", "street", *at) for k, at in enumerate(doors, 1)]
    return plan(room("room", 0, 0, width, depth), *exits)


def long_corridor(length: float, width: float, piece: float) -> Floor:
    """Return a straight corridor in pieces ``c0, c1 ...``, open at its far end (exit ``x``)."""
    count = round(length / piece)
    pieces = [corridor(f"c{k}", piece * k, 0, piece, width, width_m=width) for k in range(count)]
    links = [
        opening(f"d{k}", f"c{k - 1}", f"c{k}", piece * k, width / 2, width) for k in range(1, count)
    ]
    end = opening("x", f"c{count - 1}", "street", length, width / 2, width)
    return plan(*pieces, *links, end)
