"""Which command wrote a register: Modbus does not say, so the controller does, beside the bus.

Controller and gateway number the requests alike. A controller that says nothing is taken to count
the changes of each output, as ours does while nothing goes wrong: `<point>#<n>` for the nth change.
"""

from __future__ import annotations

from collections.abc import Mapping

from controller.interface.points import Point, Value
from devices.gateway import Write


class CommandNames:
    """Ids of the commands behind register writes; empty where nobody can know."""

    def __init__(self) -> None:
        self._told: dict[str, dict[int, str]] = {}
        self._counted: dict[str, tuple[Value | None, int]] = {}

    def tell(self, writes: Mapping[str, Mapping[int, str]]) -> None:
        """Gateway -> number of the request -> command, as the controller has sent them."""
        for gateway, commands in writes.items():
            self._told.setdefault(gateway, {}).update(commands)

    def name(self, gateway: str, write: Write, point: Point, value: Value) -> str:
        """The command of one write, which is now done with."""
        if self._told:
            return self._told.get(gateway, {}).pop(write.request, "")
        last, count = self._counted.get(point.id, (None, 0))
        if value != last or type(value) is not type(last):
            count += 1
        self._counted[point.id] = (value, count)
        return f"{point.id}#{count}"

    def cleared(self, point: Point) -> None:
        """An output has gone back by itself: the same value again is another command."""
        _, count = self._counted.get(point.id, (None, 0))
        self._counted[point.id] = (None, count)
