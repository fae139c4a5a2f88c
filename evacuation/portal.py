"""A portal: a door or opening between two spaces."""

from dataclasses import dataclass

from evacuation.space import Point


@dataclass(frozen=True, slots=True)
class Portal:
    """A door or opening between two spaces; ``between`` is (inner, outer), ``at`` its middle.

    ``width_m`` is the clear width. ``storey_z_m`` is the level it stands on, where known.
    """

    id: str
    between: tuple[str, str]
    width_m: float
    at: Point
    kind: str = "door"
    name: str = ""
    normally: str = "open"
    storey_z_m: float | None = None
