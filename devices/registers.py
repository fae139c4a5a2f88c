"""The registers of one unit: four arrays, as a Modbus master sees them."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

from controller.interface.loopwords import LOOP_BITS
from controller.interface.modbus import READ_COILS, READ_DISCRETE, READ_HOLDING, READ_INPUT
from controller.interface.points import Binding
from devices.profile import AREAS, Profile

_READS = {
    READ_COILS: "coil",
    READ_DISCRETE: "discrete",
    READ_HOLDING: "holding",
    READ_INPUT: "input",
}


class RegisterImage:
    """Coils, discrete inputs, holding and input registers of one unit, all from address 0.

    As long as `version` stands still, every register keeps its value. `pairs`: (area, address) of
    the first word of each 32-bit value.
    """

    def __init__(self, profile: Profile, bindings: Iterable[Binding]) -> None:
        self.version = 0
        bindings = tuple(bindings)
        self._bound = {(b.area, b.address + i) for b in bindings for i in range(b.width)}
        self.pairs = {(b.area, b.address) for b in bindings if b.width == 2}
        self._cells: dict[str, array[int]] = {}
        for area, least in zip(AREAS, profile.sizes, strict=True):
            needed = max((a + 1 for name, a in self._bound if name == area), default=0)
            size = max(least, -(-needed // profile.block) * profile.block)
            blank = profile.blank if area == "holding" else 0
            self._cells[area] = array("H", [blank]) * size
        for area, address in self._bound:
            self._cells[area][address] = 0

    def has(self, area: str, address: int, count: int) -> bool:
        """Whether all registers of a range exist."""
        return address + count <= len(self._cells[area])

    def read(self, function: int, address: int, count: int) -> tuple[int, ...] | None:
        """The values that a read function asks for; None if one of them does not exist."""
        area = _READS[function]
        if not self.has(area, address, count):
            return None
        return tuple(self._cells[area][address : address + count])

    def bound(self, area: str, address: int) -> bool:
        """Whether the I/O list uses this register."""
        return (area, address) in self._bound

    def write(self, area: str, address: int, value: int) -> None:
        """Set one register."""
        self.version += 1
        self._cells[area][address] = value

    def release(self, area: str, address: int) -> None:
        """A pulse is over: its output goes back to 0 by itself."""
        self.write(area, address, 0)

    def put(self, binding: Binding, raw: Iterable[int]) -> None:
        """Set what a binding names; bits leave the others of their register alone."""
        cells = self._cells[binding.area]
        self.version += 1
        for place, value in enumerate(raw, binding.address):
            if binding.bit >= 0:
                mask = (1 << LOOP_BITS.get(binding.as_type, 1)) - 1 << binding.bit
                cells[place] = cells[place] & ~mask | value << binding.bit & mask
            else:
                cells[place] = value
