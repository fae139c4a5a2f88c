"""A campus of school buildings, made from a number of people, for measuring size and speed.

Drawn here and standing nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from evacuation.floor import Floor
from evacuation.people import Person
from evacuation.portal import Portal
from evacuation.space import Space
from evacuation.streams import stream

STOREYS, PIECES, SIDES = 4, 10, 2
ROOM_M2, CLASS = 63.0, 45
BUILDING = STOREYS * PIECES * SIDES * CLASS
"""People in a full building."""


def campus(people: int, seed: int) -> tuple[Floor, list[Person]]:
    """Buildings of four storeys, twenty rooms to a storey, two stairs, and four exits each."""
    spaces = {"outside": Space("outside", "street", 1e6, safe=True)}
    portals: dict[str, Portal] = {}
    rooms: list[str] = []
    for number in range(ceil(people / BUILDING)):
        rooms += _building(f"b{number}", 120.0 * number, spaces, portals)
    random = stream(seed, "campus")
    speeds = random.normal(1.2, 0.15, people).clip(0.7, 1.7)
    delays = random.integers(0, 60_000, people)
    folk = [
        Person(f"p{k}", rooms[k % len(rooms)], f"g{k % len(rooms)}", "pupil", float(v), 0.1, int(d))
        for k, (v, d) in enumerate(zip(speeds, delays, strict=True))
    ]
    return Floor(spaces, portals, "campus"), folk


def _building(
    name: str, x: float, spaces: dict[str, Space], portals: dict[str, Portal]
) -> Iterator[str]:
    """Add a building at ``x`` metres, and yield its rooms."""
    for storey in range(STOREYS):
        level, z = f"{name}.f{storey}", 3.6 * storey
        for k in range(PIECES):
            piece = f"{level}.c{k}"
            at = (x + 9.0 * k + 4.5, 1.5)
            spaces[piece] = Space(piece, "corridor", 27.0, storey=level, z_m=z, width_m=3.0)
            if k:
                _join(portals, f"{piece}.o", f"{level}.c{k - 1}", piece, 3.0, (x + 9.0 * k, 1.5))
            for side in range(SIDES):
                room = f"{level}.r{k}-{side}"
                spaces[room] = Space(room, "room", ROOM_M2, storey=level, z_m=z)
                _join(portals, f"{room}.d", room, piece, 0.9, (at[0], 3.0 * side), "door")
                yield room
        for end, k in enumerate((0, PIECES - 1)):
            if storey:
                _stair(f"{level}.st{end}", level, k, z, x, spaces, portals)
            else:
                exit_ = (x + 90.0 * end, 1.5)
                _join(portals, f"{name}.x{end}", f"{level}.c{k}", "outside", 1.8, exit_, "door")
    for k in (3, 6):
        _join(
            portals, f"{name}.y{k}", f"{name}.f0.c{k}", "outside", 1.8, (x + 9.0 * k, 0.0), "door"
        )


def _stair(
    stair: str,
    level: str,
    k: int,
    z: float,
    x: float,
    spaces: dict[str, Space],
    portals: dict[str, Portal],
) -> None:
    """Add the run down from the corridor piece ``k`` of ``level`` to the storey below."""
    building, _, storey = level.rpartition(".f")
    below = f"{building}.f{int(storey) - 1}"
    spaces[stair] = Space(
        stair, "stair", 16.6, storey=below, z_m=z - 3.6, width_m=2.1, slope_length_m=7.9,
        riser_m=0.15, tread_m=0.28,
    )  # fmt: skip
    at = (x + 9.0 * k + 4.5, 0.0)
    _join(portals, f"{stair}.head", f"{level}.c{k}", stair, 2.1, at)
    _join(portals, f"{stair}.foot", stair, f"{below}.c{k}", 2.1, (at[0], 1.0))


def _join(
    portals: dict[str, Portal], name: str, inner: str, outer: str, width: float,
    at: tuple[float, float], kind: str = "opening",
) -> None:  # fmt: skip
    portals[name] = Portal(name, (inner, outer), width, at, kind)
