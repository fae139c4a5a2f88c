"""The file's own words: subrooms with walls on a plane, and doors between two of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from math import dist
from xml.etree.ElementTree import Element

from evacuation.bim.problem import ImportProblem
from evacuation.jpscore.markup import Markup, Xy, named

AIR = "-1"
"""The room number that stands for the outside."""
CLOSED = ("close", "closed", "temp_close")


@dataclass(frozen=True, slots=True)
class Subroom:
    """A piece of a room: ``key`` is room/subroom, ``plane`` (A, B, C) of z = A x + B y + C, m."""

    key: str
    room: str
    caption: str
    sort: str
    walls: tuple[tuple[Xy, ...], ...]
    obstacles: tuple[tuple[Xy, ...], ...]
    plane: tuple[float, float, float]

    @property
    def slopes(self) -> bool:
        """Whether people walk up or down here: a stair or an escalator."""
        return "stair" in self.sort or "escalator" in self.sort

    def z_m(self, at: Xy) -> float:
        """The height of the floor at a place."""
        a, b, c = self.plane
        return a * at[0] + b * at[1] + c


@dataclass(frozen=True, slots=True)
class Door:
    """A crossing or a transition: one end leads out, two join subrooms; ``line`` is its sill."""

    tag: str
    number: str
    caption: str
    ends: tuple[str, ...]
    line: tuple[Xy, Xy]
    closed: bool

    @property
    def at(self) -> Xy:
        """Its middle, m."""
        (x0, y0), (x1, y1) = self.line
        return ((x0 + x1) / 2, (y0 + y1) / 2)

    @property
    def width_m(self) -> float:
        """Its clear width: the geometry of jpscore is what people can walk on."""
        return dist(*self.line)


@dataclass(frozen=True, slots=True)
class Geometry:
    """A whole geometry file."""

    markup: Markup
    version: str
    caption: str
    subrooms: Mapping[str, Subroom]
    doors: tuple[Door, ...]

    @classmethod
    def of(cls, markup: Markup) -> "Geometry":
        """Read the file; ImportProblem for another kind of file, unit, or a broken reference."""
        root = markup.root
        if root.tag != "geometry":
            raise ImportProblem(f"{markup.path} is no jpscore geometry: its root is <{root.tag}>.")
        if root.get("unit", "m") != "m":
            raise ImportProblem(f"{markup.path} is in {root.get('unit')}; metres are needed.")
        subrooms = {one.key: one for one in _subrooms(markup)}
        if not subrooms:
            raise ImportProblem(f"{markup.path} has no subroom, so there is nowhere to be.")
        doors = tuple(_doors(markup, subrooms))
        return cls(markup, root.get("version", "?"), root.get("caption", ""), subrooms, doors)

    def doors_of(self, key: str) -> tuple[Door, ...]:
        """The doors of a subroom, in file order."""
        return tuple(door for door in self.doors if key in door.ends)


def _subrooms(markup: Markup) -> Iterator[Subroom]:
    for room in markup.root.iterfind("rooms/room"):
        number = markup.word(room, "id")
        for one in room.findall("subroom"):
            plane = tuple(markup.number(one, key, 0.0) for key in ("A_x", "B_y", "C_z"))
            yield Subroom(
                key=f"{number}/{markup.word(one, 'id')}",
                room=(room.get("caption") or f"Room {number}").strip(),
                caption=(one.get("caption") or "").strip(),
                sort=(one.get("class") or "").strip().casefold(),
                walls=tuple(markup.line(wall) for wall in one.findall("polygon")),
                obstacles=tuple(markup.line(edge) for edge in one.iterfind("obstacle/polygon")),
                plane=(plane[0], plane[1], plane[2]),
            )


def _doors(markup: Markup, subrooms: Mapping[str, Subroom]) -> Iterator[Door]:
    for room in markup.root.iterfind("rooms/room"):
        number = room.get("id", "")
        for one in room.iterfind("crossings/crossing"):
            ends = [f"{number}/{markup.word(one, f'subroom{side}_id')}" for side in (1, 2)]
            yield _door(markup, one, ends, subrooms)
    for one in markup.root.iterfind("transitions/transition"):
        ends = [_end(markup, one, side) for side in (1, 2)]
        yield _door(markup, one, [end for end in ends if end], subrooms)


def _end(markup: Markup, transition: Element, side: int) -> str:
    """Room and subroom on one side of a transition; "" for the outside."""
    room = markup.word(transition, f"room{side}_id")
    return "" if room == AIR else f"{room}/{markup.word(transition, f'subroom{side}_id')}"


def _door(
    markup: Markup, element: Element, ends: list[str], subrooms: Mapping[str, Subroom]
) -> Door:
    line = markup.line(element)
    if len(line) != 2 or line[0] == line[1]:
        raise ImportProblem(f"{markup.path}: {named(element)} needs two different vertices.")
    for end in ends:
        if end not in subrooms:
            close = get_close_matches(end, subrooms, 1)
            hint = f"; did you mean {close[0]}?" if close else "."
            text = f"{named(element)} leads to room/subroom {end}, which is not there{hint}"
            raise ImportProblem(f"{markup.path}: {text}")
    if not ends or (len(ends) == 2 and ends[0] == ends[1]):
        raise ImportProblem(f"{markup.path}: {named(element)} has the same on both sides.")
    return Door(
        tag=element.tag,
        number=element.get("id", "?"),
        caption=(element.get("caption") or "").strip(),
        ends=tuple(ends),
        line=(line[0], line[1]),
        closed=(element.get("state") or "").casefold() in CLOSED,
    )
