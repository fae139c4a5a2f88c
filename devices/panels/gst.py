"""GST's Modbus card: two bits for each device, the high ones first; it can only be read."""

from __future__ import annotations

from collections.abc import Sequence

from controller.interface.loopwords import LoopWord, encode_gst
from controller.interface.modbus import GATEWAY_TARGET, READ_HOLDING
from controller.interface.panels import gst_place
from controller.interface.points import Binding
from devices.panels.card import PanelCard
from devices.panels.image import PanelImage

DEVICES = 242
"""Addresses of one loop (m); the table is at least that long."""


class GstCard(PanelCard):
    """The sample job's offsets: device 1 at 40031, bits 11 and 10."""

    functions = (READ_HOLDING,)
    unknown_unit = GATEWAY_TARGET
    identity = ()

    def image(self, unit: int, bindings: Sequence[Binding]) -> PanelImage:
        """All registers from 40001 on; those before the first device read 0 (m)."""
        last = max([DEVICES - 1, *self.loops.get(unit, {})])
        blocks = {"holding": (range(gst_place(last)[0] + 1),)}
        return PanelImage(self.profile(blocks), bindings, blocks, lambda _: 0, lambda _: False)

    def spread(self, image: PanelImage, slot: int, state: LoopWord, word: int) -> None:
        """Two bits of a register."""
        register, low = gst_place(slot)
        image.set_bits("holding", register, low, 2, encode_gst(state))
