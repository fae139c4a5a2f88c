"""Siemens NK8237: tables of bits in input registers, commands in holding registers.

Every base address is a setting. A command register keeps the last code that was carried out, not
the state that it led to (A6V10316242 p. 25).
"""

from __future__ import annotations

from collections.abc import Sequence

from controller.interface.loopwords import ALARM, PRE, LoopWord, encode_element
from controller.interface.modbus import (
    GATEWAY_PATH,
    IDENTIFY,
    ILLEGAL_ADDRESS,
    ILLEGAL_FUNCTION,
    ILLEGAL_VALUE,
    READ_HOLDING,
    READ_INPUT,
    WRITE_REGISTER,
    WRITE_REGISTERS,
)
from controller.interface.panels import NK_BITS, NK_COMMANDS, NK_ELEMENT
from controller.interface.points import Binding, Quality
from devices.panels.card import PanelCard
from devices.panels.image import PanelImage

ACKNOWLEDGE, RESET = 12, 14
OFF, ON = 5, 6

ELEMENTS = ((4, 2_500), (3, 3_500), (2, 5_000), (1, 10_000))
"""Clients, and the most detectors with which that many are served (p. 12)."""


def served(elements: int) -> int:
    """How many masters a gateway with that many detectors serves; 0 with more than 10,000."""
    return next((clients for clients, most in ELEMENTS if elements <= most), 0)


class SiemensCard(PanelCard):
    """FS20 panels behind an NK8237."""

    functions = (READ_HOLDING, READ_INPUT, WRITE_REGISTER, WRITE_REGISTERS, IDENTIFY)
    unknown_unit = GATEWAY_PATH
    identity = ((0, "Siemens"), (1, "NK8237"), (2, "1.0"))

    @property
    def clients(self) -> int:
        """Masters that are served: the more detectors, the fewer."""
        listed = sum(len(loop) for loop in self.loops.values())
        return served(listed + int(self.settings["elements"]))

    def image(self, unit: int, bindings: Sequence[Binding]) -> PanelImage:
        """Each table as long as its objects need, and one register at least (m)."""
        elements = max(self.loops.get(unit, {}), default=0) + 1
        zones = len(self.zones(unit))
        tables = [self._table(NK_ELEMENT, elements)]
        for name in NK_BITS:
            count = elements if name.startswith("element") else zones
            tables.append(self._table(name, -(-count // 16) if name[0] in "ez" else 1))
        taken = {"panel-command": 1, "zone-command": zones, "channel-command": elements}
        commands = tuple(self._table(name, taken.get(name, 1)) for name in NK_COMMANDS)
        blocks = {"input": tuple(tables), "holding": commands}
        return PanelImage(self.profile(blocks), bindings, blocks, lambda _: 0, lambda _: True)

    def spread(self, image: PanelImage, slot: int, state: LoopWord, word: int) -> None:
        """The compact word, and one bit in each of three tables."""
        self._bit(image, "element-active", slot, state.value == ALARM)
        self._bit(image, "element-fault", slot, state.quality is Quality.FAULT)
        self._bit(image, "element-off", slot, state.quality is Quality.DISABLED)
        image.set("input", int(self.settings[NK_ELEMENT]) + slot, encode_element(state))

    def summarise(self, unit: int) -> None:
        """Zones: alarm, pre-alarm, not ready (a fault), off where every device is off."""
        image = self.units[unit]
        for number, devices in enumerate(self.zones(unit).values()):
            states = [self.state(device) for device in devices]
            off = all(state.quality is Quality.DISABLED for state in states)
            faulty = any(state.quality is Quality.FAULT for state in states)
            self._bit(image, "zone-alarm", number, any(s.value == ALARM for s in states))
            self._bit(image, "zone-prealarm", number, any(s.value == PRE for s in states))
            self._bit(image, "zone-not-ready", number, faulty)
            self._bit(image, "zone-off", number, off)

    def objection(self, unit: int, address: int, raw: int) -> int:
        """Without the maker's agreement nothing can be written at all (m: exception 1)."""
        if not self.settings["commands"]:
            return ILLEGAL_FUNCTION
        table, number = self._command(address)
        if table == "panel-command" and number == 0:
            return 0 if raw in (ACKNOWLEDGE, RESET) else ILLEGAL_VALUE
        known = {
            "zone-command": number < len(self.zones(unit)),
            "channel-command": number in self.loops.get(unit, {}),
        }
        if not known.get(table):
            return ILLEGAL_ADDRESS
        return 0 if raw in (OFF, ON) else ILLEGAL_VALUE

    def heed(self, unit: int, address: int, raw: int, at: int) -> None:
        """Acknowledge or reset the panel; take a zone or a detector out of service, or back."""
        table, number = self._command(address)
        panel = self.panels[unit]
        if table == "panel-command":
            panel.command("reset" if raw == RESET else "silence", True, at)
        elif table == "zone-command":
            for device in list(self.zones(unit).values())[number]:
                panel.disable(device.id, raw == OFF, at)
        else:
            panel.disable(self.loops[unit][number].id, raw == OFF, at)

    def _command(self, address: int) -> tuple[str, int]:
        """The command table that an address lies in, and its offset there."""
        bases = sorted((int(self.settings[name]), name) for name in NK_COMMANDS)
        below = [(base, name) for base, name in bases if base <= address]
        base, name = below[-1] if below else (address, "")
        return name, address - base

    def _table(self, name: str, registers: int) -> range:
        base = int(self.settings[name])
        return range(base, base + max(1, registers))

    def _bit(self, image: PanelImage, table: str, number: int, on: bool) -> None:
        place = int(self.settings[table]) + number // 16
        image.set_bits("input", place, number % 16, 1, int(on))
