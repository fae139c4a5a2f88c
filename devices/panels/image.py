"""The registers of one unit of a fire panel's gateway: blocks with holes between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from controller.interface.modbus import READ_INPUT
from controller.interface.points import Binding
from devices.agenda import Agenda
from devices.profile import AREAS, Profile
from devices.registers import RegisterImage

Blocks = Mapping[str, tuple[range, ...]]
"""Area -> the registers that exist."""


class PanelImage(RegisterImage):
    """Registers that exist only inside `blocks`; a range that touches a hole does not exist.

    A master's write does not change them: they show states, and take commands beside that. `keeps`
    says where a command stays readable. `blocks` by area are in order, neighbours as one.
    """

    def __init__(
        self,
        profile: Profile,
        bindings: Iterable[Binding],
        blocks: Blocks,
        blank: Callable[[int], int],
        keeps: Callable[[int], bool],
    ) -> None:
        super().__init__(profile, bindings)
        self.blocks = {area: _joined(blocks.get(area, ())) for area in AREAS}
        self._keeps = keeps
        for address in (a for block in self.blocks["holding"] for a in block):
            self._cells["holding"][address] = blank(address)

    def has(self, area: str, address: int, count: int) -> bool:
        """Whether all registers of a range exist."""
        return any(
            block.start <= address and address + count <= block.stop for block in self.blocks[area]
        )

    def write(self, area: str, address: int, value: int) -> None:
        """Take what a master writes: only a command register keeps it."""
        self.version += 1
        if area == "holding" and self._keeps(address):
            self._cells[area][address] = value

    def release(self, area: str, address: int) -> None:
        """Nothing: a command code is not taken back."""

    def see(self, area: str, address: int) -> int:
        """What a register holds now."""
        return self._cells[area][address]

    def set(self, area: str, address: int, value: int) -> None:
        """Show a value."""
        if self._cells[area][address] != value:
            self.version += 1
            self._cells[area][address] = value

    def set_bits(self, area: str, address: int, low: int, width: int, value: int) -> None:
        """Show a value in some bits of a register."""
        mask = ((1 << width) - 1) << low
        self.set(area, address, self._cells[area][address] & ~mask | value << low)


class AnalogueImage(PanelImage):
    """A unit whose analogue values are polled only while somebody asks for them.

    The first read is answered with zeros and begins the polling; it ends when nobody has asked for
    `timeout_ms`. Any master's reading counts.
    """

    def __init__(
        self,
        profile: Profile,
        bindings: Iterable[Binding],
        blocks: Blocks,
        blank: Callable[[int], int],
        polled: tuple[range, int, Agenda],
    ) -> None:
        super().__init__(profile, bindings, blocks, blank, _nowhere)
        self._analogue, self._timeout_ms, self._agenda = polled
        self._polled_until = -1

    def read(self, function: int, address: int, count: int) -> tuple[int, ...] | None:
        """The values that a read function asks for; None if one of them does not exist."""
        values = super().read(function, address, count)
        if values is None or function != READ_INPUT or address not in self._analogue:
            return values
        self.version += 1  # the same question may be answered otherwise the next time
        polling = self._agenda.now < self._polled_until
        self._polled_until = self._agenda.now + self._timeout_ms
        return values if polling else (0,) * count


def _joined(blocks: Iterable[range]) -> tuple[range, ...]:
    """The blocks in order, neighbours as one."""
    joined: list[range] = []
    for block in sorted(filter(None, blocks), key=lambda block: block.start):
        if joined and block.start <= joined[-1].stop:
            joined[-1] = range(joined[-1].start, max(joined[-1].stop, block.stop))
        else:
            joined.append(block)
    return tuple(joined)


def _nowhere(address: int) -> bool:
    return False
