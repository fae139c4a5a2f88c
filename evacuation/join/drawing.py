"""Draws the zone of a patch from the floor: flights unrolled, landings by their outlines.

Level spaces keep their shape and are turned so that they join the flights that lead to them;
outside each portal of the rim lies a buffer as wide as the portal, with the line at its far end.
"""

from collections import deque
from collections.abc import Collection
from dataclasses import dataclass
from math import atan, degrees

from evacuation.engine.arrays import Net
from evacuation.floor import Floor, Point, Space
from evacuation.join import frame, outline
from evacuation.join.frame import Frame
from evacuation.join.outline import Opening, Segment
from evacuation.join.patch import Patch
from evacuation.zone.layout import Gate, Layout, Line, Piece

UPSTREAM_M, DOORSTEP_M = 3.0, 0.3
"""Buffers before a portal by which people come in, and behind one by which they leave: beyond it
the floor belongs to people of the graph or of another zone, who have no bodies here."""
SAMPLE_M = 0.2


@dataclass(frozen=True, slots=True)
class Drawing:
    """A layout; for each of its pieces the frame, and how long the buffer of each line is (m)."""

    layout: Layout
    frames: tuple[Frame, ...]
    buffers: dict[str, float]


def leaf(portal: str) -> str:
    """Return the name of a portal's gate in the layout."""
    return f"{portal} leaf"


def draw(
    patch: Patch, net: Net, others: Collection[str] = (), leads_out: Collection[str] = (),
    lux: float = 100.0,
) -> Drawing:  # fmt: skip
    """Draw a patch; ``others`` are spaces that other zones own, ``leads_out`` portals of the rim
    behind which the way to safety goes on. ValueError if it cannot be drawn.
    """
    draft = _Draft(patch, net, frozenset(others), frozenset(leads_out), lux)
    draft.lay_out()
    draft.open_up()
    layout = Layout(tuple(draft.walls), tuple(draft.lines), tuple(draft.pieces), tuple(draft.gates))
    return Drawing(layout, tuple(draft.frames), draft.buffers)


class _Draft:
    def __init__(
        self, patch: Patch, net: Net, others: frozenset[str], leads_out: frozenset[str], lux: float
    ) -> None:
        self._leads_out = leads_out
        self._patch, self._net, self._others, self._lux = patch, net, others, lux
        self._floor: Floor = patch.floor
        self._number = {portal: k for k, portal in enumerate(self._floor.portals)}
        self.pieces: list[Piece] = []
        self.frames: list[Frame] = []
        self.walls: list[Segment] = []
        self.gates: list[Gate] = []
        self.lines: list[Line] = []
        self.buffers: dict[str, float] = {}
        self._placed: dict[str, Frame] = {}
        self._holes: list[Opening] = []

    def lay_out(self) -> None:
        """Place the core, space by space, from the first level one on."""
        levels = [s for s in self._patch.core if not self._floor.spaces[s].is_stair]
        first = (levels or list(self._patch.core))[0]
        if levels:
            at, along = self._first_way(first)
            self._place(first, frame.level(first, (0.0, 0.0), (1.0, 0.0), at, along))
        else:
            self._place(first, self._flight(first, (0.0, 0.0), (1.0, 0.0), 0.0))
        todo = deque([first])
        while todo:
            here = todo.popleft()
            for portal in self._patch.inner:
                ends = self._floor.portals[portal].between
                if here in ends:
                    there = ends[ends[0] == here]
                    if there not in self._placed:
                        self._join(here, there, portal)
                        todo.append(there)
        missing = [s for s in self._patch.core if s not in self._placed]
        if missing:
            raise ValueError(f"the zone of {self._patch.id} falls apart: {missing[0]}")

    def _first_way(self, space: str) -> tuple[Point, Point]:
        """Return a point and a direction of its plan that are laid along x: towards a flight."""
        inner = [p for p in self._patch.inner if space in self._floor.portals[p].between]
        flights = [
            p for p in inner
            if any(self._floor.spaces[s].is_stair for s in self._floor.portals[p].between)
        ]  # fmt: skip
        if not flights:
            return (0.0, 0.0), (1.0, 0.0)
        gap = self._plan_opening(space, flights[0])
        return gap.middle, gap.out

    def _join(self, here: str, there: str, portal: str) -> None:
        gap = self._opening(here, portal)
        if self._floor.spaces[there].is_stair:
            self._place(there, self._flight(there, gap.middle, gap.out, self._up(portal, there)))
        elif self._floor.spaces[here].is_stair:
            own = self._plan_opening(there, portal)
            back = (-gap.out[0], -gap.out[1])
            self._place(there, frame.level(there, gap.middle, back, own.middle, own.out))
        else:
            old = self._placed[here]
            placed = frame.level(there, old.at, old.along, old.plan, old.along_plan)
            self._place(there, placed)
            self._sill(portal, gap, self._opening(there, portal), placed)

    def _sill(self, portal: str, gap: Opening, other: Opening, placed: Frame) -> None:
        """Join two level rooms whose outlines leave the wall between them out."""
        (ax, ay), (bx, by) = gap.middle, other.middle
        deep = (bx - ax) * gap.out[0] + (by - ay) * gap.out[1]
        if deep > 0.01:
            self._strip(f"{portal} sill", gap, deep, placed, None)

    def _place(self, space: str, at: Frame) -> None:
        self._placed[space] = at
        here = self._floor.spaces[space]
        if here.is_stair:
            half, length = 0.5 * here.width_m, here.slope_length_m
            shape = tuple(at.point(a, b) for a, b in ((0, -half), (length, -half), (length, half),
                                                      (0, half)))  # fmt: skip
        else:
            shape = tuple(at.zone(x, y, 0.0) for x, y in self._outline(space))
        self._ground(space, shape, at, here)

    def _ground(self, name: str, shape: tuple[Point, ...], at: Frame, space: Space | None) -> None:
        piece = Piece(name, shape, lux=self._lux)
        if space is not None and space.is_stair:
            sign = -1.0 if at.up_per_m > 0.0 else 1.0
            piece = Piece(
                name, shape, degrees(atan(space.riser_m / space.tread_m)),
                (sign * at.along[0], sign * at.along[1]), space.slope_length_m, self._lux, True,
            )  # fmt: skip
        self.pieces.append(piece)
        self.frames.append(at)

    def open_up(self) -> None:
        """Draw walls with their openings, gates in these, and buffers outside the rim."""
        for portal in self._patch.rim:
            beyond = self._floor.spaces[self._patch.beyond(portal)]
            if beyond.is_walked:
                gap = self._opening(self._patch.within(portal), portal)
                self._holes.append(gap)
                self.gates.append(Gate(leaf(portal), gap.a, gap.b))
        for portal in self._patch.inner:
            gaps = [self._opening(s, portal) for s in self._floor.portals[portal].between]
            self._holes += gaps
            self.gates.append(Gate(leaf(portal), gaps[0].a, gaps[0].b))
        for space in self._patch.core:
            shape = next(one.outline for one in self.pieces if one.id == space)
            for edge in outline.edges(shape):
                self._wall(edge)
        for portal in self._patch.rim:
            if self._floor.spaces[self._patch.beyond(portal)].is_walked:
                self._buffer(portal)

    def _wall(self, edge: Segment) -> None:
        rest = [edge]
        for cut in [*((hole.a, hole.b) for hole in self._holes), *self.walls]:
            rest = [part for one in rest for part in outline.minus(one, cut)]
        self.walls += rest

    def _buffer(self, portal: str) -> None:
        inside, outside = self._patch.within(portal), self._patch.beyond(portal)
        gap, beyond = self._opening(inside, portal), self._floor.spaces[outside]
        safe, shared = beyond.safe, outside in self._others
        comes_in = not (safe or shared or portal in self._leads_out)
        length = self._clear(gap, UPSTREAM_M) if comes_in else DOORSTEP_M
        at = self._buffer_frame(portal, gap, inside if safe else outside)
        self._strip(f"{portal} beyond", gap, length, at, None if safe else beyond)
        ends = [(x + length * gap.out[0], y + length * gap.out[1]) for x, y in (gap.a, gap.b)]
        inward = (-gap.out[0], -gap.out[1])
        self.lines.append(Line(portal, ends[0], ends[1], inward, into=not safe, out=True))
        self.buffers[portal] = length

    def _buffer_frame(self, portal: str, gap: Opening, space: str) -> Frame:
        outside = self._floor.spaces[space]
        if outside.is_stair and space not in self._patch.core:
            return self._flight(space, gap.middle, gap.out, self._up(portal, space))
        inside = self._patch.within(portal)
        if self._floor.spaces[inside].is_stair:
            own = self._plan_opening(self._patch.beyond(portal), portal)
            out = (-own.out[0], -own.out[1])
            return frame.level(space, gap.middle, gap.out, own.middle, out)
        own = self._plan_opening(inside, portal)
        return frame.level(space, gap.middle, gap.out, own.middle, own.out)

    def _clear(self, gap: Opening, most_m: float) -> float:
        """Return how long a buffer can be before it meets another piece."""
        far = SAMPLE_M
        while far < most_m:
            for share in (0.1, 0.5, 0.9):
                x = gap.a[0] + share * (gap.b[0] - gap.a[0]) + (far + 0.1) * gap.out[0]
                y = gap.a[1] + share * (gap.b[1] - gap.a[1]) + (far + 0.1) * gap.out[1]
                if any(outline.contains(one.outline, x, y) for one in self.pieces):
                    return max(0.5 * far, DOORSTEP_M)
            far += SAMPLE_M
        return most_m

    def _strip(
        self, name: str, gap: Opening, length: float, at: Frame, space: Space | None
    ) -> None:
        """Put a rectangle outside an opening, with a wall on either side."""
        far = [(x + length * gap.out[0], y + length * gap.out[1]) for x, y in (gap.a, gap.b)]
        self._ground(name, (gap.a, gap.b, far[1], far[0]), at, space)
        self.walls += [(gap.a, far[0]), (gap.b, far[1])]

    def _up(self, portal: str, stair: str) -> float:
        k = self._number[portal]
        side = self._floor.portals[portal].between[1] == stair
        return float(self._net.line["slope"][2 * k + side])

    def _flight(self, stair: str, at: Point, along: Point, up: float) -> Frame:
        """Return the frame of a flight that begins somewhere, ``up`` its slope there."""
        space = self._floor.spaces[stair]
        end = space.slope_length_m - up
        ends = {self._up(p, stair): self._floor.portals[p].at
                for p in reversed(self._floor.portals_of(stair))}  # fmt: skip
        if len(self._floor.portals_of(stair)) > 1 and len(ends) == 1:
            raise ValueError(f"both ends of {stair} lie on one level")
        plan = ends.get(up, (0.0, 0.0)), ends.get(end, ends.get(up, (0.0, 0.0)))
        return frame.flight(stair, at, along, plan, (up, end))

    def _outline(self, space: str) -> tuple[Point, ...]:
        doors = [self._floor.portals[p] for p in self._floor.portals_of(space)]
        return outline.outline_of(self._floor.spaces[space], doors)

    def _plan_opening(self, space: str, portal: str) -> Opening:
        door = self._floor.portals[portal]
        return outline.opening(self._outline(space), door.at, door.width_m)

    def _opening(self, space: str, portal: str) -> Opening:
        """Return where a portal opens a space that has been placed."""
        at, here = self._placed[space], self._floor.spaces[space]
        door = self._floor.portals[portal]
        if here.is_stair:
            end = 0.0 if self._up(portal, space) == at.up else here.slope_length_m
            out = at.along if end else (-at.along[0], -at.along[1])
            half = 0.5 * min(door.width_m, here.width_m)
            return Opening(at.point(end, -half), at.point(end, half), out)
        own = self._plan_opening(space, portal)
        return Opening(at.zone(*own.a, 0.0), at.zone(*own.b, 0.0), at.turned(*own.out))
