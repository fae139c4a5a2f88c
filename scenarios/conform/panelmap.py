"""What the register map of another make's fire panel must have, and where it must end.

The map is what the maker's document says (`controller.interface.panels`), for the loops that the
I/O list names; without a list only what every panel of the make has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from controller.interface.modbus import (
    ILLEGAL_ADDRESS,
    ILLEGAL_FUNCTION,
    READ_HOLDING,
    READ_INPUT,
)
from controller.interface.panels import CGW_MB, MODBUS_GW, NK_COMMANDS
from controller.interface.points import Device, Gateway
from devices.agenda import Agenda
from devices.panels.card import PanelCard
from devices.panels.gateway import CARDS
from devices.profile import Profile
from scenarios.conform.verdict import InapplicableError

_PAST: Mapping[str, Mapping[str, tuple[int, ...]]] = {
    "notifier": {"holding": (MODBUS_GW.points.stop,)},
    "notifier-cgw": {"holding": (CGW_MB.points.stop, CGW_MB.troubles.stop)},
    "siemens-nk8237": {"holding": (0,), "input": (0,)},
}
"""Addresses that no panel of a make has: past the last loop and the last trouble; 0 where plain
addresses are counted as they are written (A6V10316242 p. 28)."""

Blocks = Mapping[str, tuple[range, ...]]


@dataclass(frozen=True, slots=True)
class PanelMap:
    """The map of one unit of a make's gateway.

    `blocks` are the registers that it must have; `listed`: an I/O list says what is behind it.
    """

    make: str
    card: PanelCard
    unit: int
    blocks: Blocks
    listed: bool

    @classmethod
    def of(cls, gateway: Gateway, members: Sequence[Device], unit: int) -> PanelMap:
        """The map of a unit behind a gateway, with the devices that an I/O list has there."""
        card = CARDS[gateway.profile](gateway, members, Agenda())
        image = card.units.get(unit) or next(iter(card.units.values()))
        return cls(gateway.profile, card, unit, image.blocks, bool(members))

    @property
    def profile(self) -> Profile:
        """Functions and exceptions of the make, without sizes: its areas have holes."""
        return self.card.profile({})

    @property
    def loop(self) -> Mapping[int, Device]:
        """The devices of the I/O list by their number on the panel."""
        return self.card.loops.get(self.unit, {})

    @property
    def zones(self) -> Mapping[str, Sequence[Device]]:
        """The zones of the I/O list, in its order."""
        return self.card.zones(self.unit)

    @property
    def maker(self) -> str:
        """The make's name in its identification; "" where it has none."""
        return dict(self.card.identity).get(0, "")

    @property
    def first(self) -> tuple[str, int]:
        """Area and address of a register that is always there."""
        area = "holding" if READ_HOLDING in self.card.functions else "input"
        return area, self.blocks[area][0].start

    def base(self, table: str) -> int:
        """The first register of one of NK8237's tables, as the gateway is set up."""
        return int(self.card.settings[table])

    def past(self, area: str) -> tuple[int, ...]:
        """Addresses of an area that must be refused."""
        function = {"holding": READ_HOLDING, "input": READ_INPUT}.get(area)
        if function not in self.card.functions:
            return ()
        blocks = self.blocks[area]
        known = _PAST.get(self.make, {}).get(area, ())
        return tuple(a for a in known if not any(a in block for block in blocks))

    @property
    def refuses(self) -> int:
        """The exception for a write where no command is taken; InapplicableError if not known."""
        if self.make != "siemens-nk8237":
            return ILLEGAL_ADDRESS
        if not self.listed:
            raise InapplicableError("say with --site whether there is an agreement on commands")
        return ILLEGAL_ADDRESS if self.card.settings["commands"] else ILLEGAL_FUNCTION

    @property
    def status(self) -> int:
        """The register that takes the panel's own commands; -1 where there is none."""
        known = {"notifier": MODBUS_GW.status, "notifier-cgw": CGW_MB.status}
        if self.make == "siemens-nk8237":
            return self.base(next(iter(NK_COMMANDS)))
        return known.get(self.make, -1)
