"""Kidde Alarmline II: one register that says fault, alarm and where, with one value for two things.

A trap for masters: 1 is a fault by the manual's table, and the alarm point at one metre.
"""

from __future__ import annotations

from collections.abc import Sequence

from controller.interface.loopwords import LoopWord, encode_metres
from controller.interface.modbus import GATEWAY_TARGET, READ_INPUT
from controller.interface.points import Binding
from devices.panels.card import PanelCard
from devices.panels.image import PanelImage


class AlarmlineCard(PanelCard):
    """A heat-sensing cable; `alarm-at-m` is where an alarm is found on it."""

    functions = (READ_INPUT,)
    unknown_unit = GATEWAY_TARGET
    identity = ()

    def image(self, unit: int, bindings: Sequence[Binding]) -> PanelImage:
        """One input register (the others of the manual are not emulated)."""
        blocks = {"input": (range(1),)}
        return PanelImage(self.profile(blocks), bindings, blocks, lambda _: 0, lambda _: False)

    def spread(self, image: PanelImage, slot: int, state: LoopWord, word: int) -> None:
        """0, 65535, or metres."""
        image.set("input", 0, encode_metres(state, int(self.settings["alarm-at-m"])))
