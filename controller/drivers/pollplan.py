"""Which requests read all inputs behind a gateway: few, within the limits of the specification."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from controller.interface import modbus
from controller.interface.points import Device, Point

_FUNCTION = {"coil": 1, "discrete": 2, "holding": 3, "input": 4}
_LIMIT = {1: modbus.MAX_READ_BITS, 2: modbus.MAX_READ_BITS, 3: 125, 4: 125}
_GAP = {1: 32, 2: 32, 3: 16, 4: 16}
"""Reading over a small hole is cheaper than a second request; a server that minds is asked
without holes from then on."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a point's raw value begins in a block."""

    point: Point
    offset: int


@dataclass(frozen=True, slots=True)
class Block:
    """One read request and the points in it."""

    unit: int
    request: modbus.Request
    slots: tuple[Slot, ...]

    @property
    def whole(self) -> bool:
        """Whether every address in it belongs to a point."""
        return len(_addresses(self.slots)) == self.request.count


def plan(devices: Iterable[Device]) -> tuple[Block, ...]:
    """The blocks that read every input of a gateway's devices, in order of unit and area."""
    groups: dict[tuple[int, int], list[Point]] = {}
    for device in devices:
        for point in device.points:
            if not point.write:
                groups.setdefault((device.unit, _FUNCTION[point.binding.area]), []).append(point)
    return tuple(
        block
        for (unit, function), points in sorted(groups.items(), key=lambda item: item[0])
        for block in _blocks(unit, function, points, _GAP[function])
    )


def without_holes(block: Block) -> tuple[Block, ...]:
    """The same points in blocks that touch no other address."""
    points = [slot.point for slot in block.slots]
    return tuple(_blocks(block.unit, block.request.function, points, 0))


def _blocks(unit: int, function: int, points: Sequence[Point], gap: int) -> list[Block]:
    runs: list[list[Point]] = []
    end = 0
    for point in sorted(points, key=lambda p: (p.binding.address, p.binding.bit)):
        first, after = point.binding.address, point.binding.address + point.binding.width
        if runs and first <= end + gap and after - runs[-1][0].binding.address <= _LIMIT[function]:
            runs[-1].append(point)
            end = max(end, after)
        else:
            runs.append([point])
            end = after
    return [_block(unit, function, run) for run in runs]


def _block(unit: int, function: int, points: Sequence[Point]) -> Block:
    first = points[0].binding.address
    last = max(p.binding.address + p.binding.width for p in points)
    slots = tuple(Slot(point, point.binding.address - first) for point in points)
    return Block(unit, modbus.Request(function, first, last - first), slots)


def _addresses(slots: Sequence[Slot]) -> frozenset[int]:
    return frozenset(
        slot.offset + extra for slot in slots for extra in range(slot.point.binding.width)
    )
