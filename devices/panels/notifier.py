"""Notifier MODBUS-GW and Honeywell CGW-MB: a register per point, commands to the point's own."""

from __future__ import annotations

from collections.abc import Sequence

from controller.interface.loopwords import (
    ACTIVE,
    ENABLED,
    NORMAL_WORD,
    NOT_PROGRAMMED,
    TROUBLE,
    LoopWord,
)
from controller.interface.modbus import (
    GATEWAY_PATH,
    IDENTIFY,
    ILLEGAL_ADDRESS,
    ILLEGAL_VALUE,
    READ_HOLDING,
    READ_INPUT,
    WRITE_REGISTER,
)
from controller.interface.panels import CGW_MB, MODBUS_GW, NotifierMap
from controller.interface.points import Binding, Device
from devices.panels.card import PanelCard
from devices.panels.image import AnalogueImage, PanelImage

ACK_POINT, ACK_BLOCK, ENABLE, DISABLE = 0x0200, 0x0300, 0x0400, 0x0500
ACTIVATE, DEACTIVATE, ACK_TROUBLE, ACK_ALARM = 0x0800, 0x0900, 0x0B00, 0x0C00
POINT_COMMANDS = (ACK_POINT, ACK_BLOCK, ENABLE, DISABLE, ACK_TROUBLE, ACK_ALARM)
"""What a detector or a call point takes; activating is for output modules only."""

RESET, SILENCE = 0x0001, 0x0002
SILENCED = 1 << 1
ZONE_ACTIVE = 0x71
"""Active type of a zone: always a non-fire activation."""

TYPES = {
    "heat-detector": 1, "smoke-detector": 2, "beam-detector": 3, "aspirating-detector": 4,
    "call-point": 5, "flow-switch": 6,
}  # fmt: skip
"""Device type codes (m): the maker's list is in an appendix that we have not seen."""


class NotifierCard(PanelCard):
    """MODBUS-GW: blocks of 200 registers, panel status at 49500."""

    layout: NotifierMap = MODBUS_GW
    functions = (READ_HOLDING, READ_INPUT, WRITE_REGISTER, IDENTIFY)
    unknown_unit = GATEWAY_PATH
    identity: tuple[tuple[int, str], ...] = (
        (0, "Notifier"), (1, "1"), (2, "V1.0"), (3, "www.notifier.com"), (4, "Modbus Gateway"),
        (5, "Modbus Gateway"), (6, "Modbus Gateway"),
    )  # fmt: skip

    def image(self, unit: int, bindings: Sequence[Binding]) -> PanelImage:
        """Points of ten loops, 0x00FF where none is programmed, and the panel's status."""
        status = range(self.layout.status, self.layout.status + 1)
        blocks = {"holding": (self.layout.points, status), "input": (range(16),)}
        return PanelImage(self.profile(blocks), bindings, blocks, self.blank, lambda _: False)

    def blank(self, address: int) -> int:
        """What a register says where nothing is programmed."""
        known = self.layout
        told = (known.points, known.zones, known.logic_zones, known.trouble_zones, known.circuits)
        return NOT_PROGRAMMED if any(address in block for block in told) else 0

    def spread(self, image: PanelImage, slot: int, state: LoopWord, word: int) -> None:
        """The word itself, in the point's register."""
        image.set("holding", slot, word)

    def summarise(self, unit: int) -> None:
        """The panel's status: whether it has been silenced."""
        panel = self.panels.get(unit)
        silenced = SILENCED if panel is not None and panel.silenced else 0
        self.units[unit].set("holding", self.layout.status, silenced)

    def objection(self, unit: int, address: int, raw: int) -> int:
        """Commands go to programmed points and to the panel; others are exception 2 or 3."""
        if address == self.layout.status:
            return 0 if raw in (RESET, SILENCE) else ILLEGAL_VALUE
        if address in self.loops.get(unit, {}):
            return 0 if raw in POINT_COMMANDS else ILLEGAL_VALUE
        return ILLEGAL_ADDRESS

    def heed(self, unit: int, address: int, raw: int, at: int) -> None:
        """Do to the panel, or to one point, what was asked."""
        panel = self.panels[unit]
        if address == self.layout.status:
            panel.command("reset" if raw == RESET else "silence", True, at)
        else:
            self._do(unit, self.loops[unit][address], raw, at)

    def _do(self, unit: int, device: Device, raw: int, at: int) -> None:
        if raw in (ENABLE, DISABLE):
            self.panels[unit].disable(device.id, raw == DISABLE, at)
        else:
            self.panels[unit].acknowledge(device.id, at)


class HoneywellCard(NotifierCard):
    """CGW-MB: blocks of 300, zones, circuits, troubles, device types, analogue values, nodes."""

    layout = CGW_MB
    identity = ((0, "Honeywell"), (1, "CGW-MB"), (2, "V1.0"))

    def image(self, unit: int, bindings: Sequence[Binding]) -> PanelImage:
        """Every block; analogue values are zeros until the gateway has begun to poll them."""
        known = self.layout
        holding = (
            known.points, known.zones, known.logic_zones, known.trouble_zones, known.circuits,
            range(known.status, known.status + 1), known.troubles,
        )  # fmt: skip
        blocks = {"holding": holding, "input": (known.types, known.analogue, known.nodes)}
        timeout_ms = 1000 * int(self.settings["analogue-timeout"])
        polled = (known.analogue, timeout_ms, self.agenda)
        image = AnalogueImage(self.profile(blocks), bindings, blocks, self.blank, polled)
        for slot, device in self.loops.get(unit, {}).items():
            image.set("input", known.types.start + slot, TYPES[device.kind])
        for number, _ in enumerate(self.zones(unit)):
            image.set("holding", known.zones.start + number, NORMAL_WORD)
        return image

    def summarise(self, unit: int) -> None:
        """Zones, troubles, and which nodes answer: bit n-1 counted through the registers (m)."""
        super().summarise(unit)
        image, known = self.units[unit], self.layout
        for number, devices in enumerate(self.zones(unit).values()):
            active = self.alarmed(devices)
            word = ACTIVE | ENABLED | ZONE_ACTIVE if active else NORMAL_WORD
            image.set("holding", known.zones.start + number, word)
        words = (self.words.get(device.id, 0) for device in self.loops.get(unit, {}).values())
        troubled = any(word & TROUBLE for word in words)
        image.set("holding", known.troubles.start, int(troubled))
        image.set("holding", known.troubles.start + 1, int(troubled))
        for one in self.units.values():
            for node in (n for n in self.units if 1 <= n <= 240):
                place = known.nodes.start + (node - 1) // 16
                one.set_bits("input", place, (node - 1) % 16, 1, int(node not in self.silent))

    def objection(self, unit: int, address: int, raw: int) -> int:
        """As the smaller gateway; besides, whole zones are enabled and disabled."""
        number = address - self.layout.zones.start
        if 0 <= number < len(self.zones(unit)):
            return 0 if raw in (ENABLE, DISABLE) else ILLEGAL_VALUE
        return super().objection(unit, address, raw)

    def heed(self, unit: int, address: int, raw: int, at: int) -> None:
        """Do to the panel, a zone or a point what was asked."""
        if address not in self.layout.zones:
            super().heed(unit, address, raw, at)
            return
        zone = list(self.zones(unit).values())[address - self.layout.zones.start]
        for device in zone:
            self.panels[unit].disable(device.id, raw == DISABLE, at)
