"""Which space a point of the plan is in, for those who do not go by doors."""

from __future__ import annotations

from controller.interface.corners import Corners
from twin.floorfile import FloorFile
from twin.plan import Point


class Grounds:
    """The outlines of a floor, storey by storey."""

    def __init__(self, floor: FloorFile) -> None:
        self._storeys = {space.id: space.storey for space in floor.spaces}
        self._outlines = {
            space.id: Corners(tuple((float(x), float(y)) for x, y in space.outline))
            for space in floor.spaces
            if space.outline
        }

    def space(self, at: Point, beside: str) -> str:
        """The space at a point, on the storey of the space that he comes from; that one where the
        plan has none there.
        """
        storey = self._storeys[beside]
        for name, outline in self._outlines.items():
            if self._storeys[name] == storey and outline.holds(*at):
                return name
        return beside
