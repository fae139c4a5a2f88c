"""Which writes a board takes: registers that exist, are outputs, and values that fit them."""

from __future__ import annotations

from collections.abc import Mapping

from controller.interface.modbus import ILLEGAL_ADDRESS, ILLEGAL_VALUE, Request
from devices.registers import RegisterImage

Limits = Mapping[tuple[int, str, int], int]
"""The highest value by unit, area and address of each output."""


def objection(
    image: RegisterImage, limits: Limits, spares: bool, unit: int, area: str, request: Request
) -> int:
    """The exception code that a write deserves; 0 if it is all right. `spares`: unbound outputs
    may be written."""
    if not image.has(area, request.address, len(request.values)):
        return ILLEGAL_ADDRESS
    for address, raw in enumerate(request.values, request.address):
        limit = limits.get((unit, area, address))
        if limit is None and (not spares or image.bound(area, address)):
            return ILLEGAL_ADDRESS
        if limit is not None and raw > limit:
            return ILLEGAL_VALUE
    return 0
