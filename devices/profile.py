"""Register layouts of the gateways: which registers exist, and how each answers.

`fire-panel` follows Notifier's MODBUS-GW (LS10015) and Honeywell's CGW-MB (LS10248): one holding
register per loop point, L1D1..L1D159 from 0, L1M1.. from 200, loop 2 from 400 and so on; functions
3, 4, 6 and 43/14 only; registers of points that are not programmed read 0x00FF. The boards are
PLC-like I/O: a full bit and register image per board, spare outputs can be written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from controller.interface.loopwords import NOT_PROGRAMMED
from controller.interface.modbus import (
    GATEWAY_PATH,
    GATEWAY_TARGET,
    IDENTIFY,
    READ_COILS,
    READ_DISCRETE,
    READ_HOLDING,
    READ_INPUT,
    WRITE_COIL,
    WRITE_COILS,
    WRITE_REGISTER,
    WRITE_REGISTERS,
)

BOARD_FUNCTIONS = (
    READ_COILS, READ_DISCRETE, READ_HOLDING, READ_INPUT,
    WRITE_COIL, WRITE_REGISTER, WRITE_COILS, WRITE_REGISTERS, IDENTIFY,
)  # fmt: skip
AREAS = ("coil", "discrete", "holding", "input")


@dataclass(frozen=True, slots=True)
class Profile:
    """What a gateway of this make has.

    `sizes`: least registers per area (coil, discrete, holding, input); an area grows in steps of
    `block` to hold what the I/O list binds. `blank`: what an unbound holding register reads.
    `spares`: whether unbound outputs may be written. `unknown_unit`: exception for a unit id that
    is not there: 0x0A where units are configured, 0x0B where a bus behind is asked and is silent.
    """

    functions: tuple[int, ...]
    sizes: tuple[int, int, int, int]
    block: int
    blank: int
    spares: bool
    unknown_unit: int
    product: str


def _board(bits: int, registers: int, product: str) -> Profile:
    sizes = (bits, bits, registers, registers)
    return Profile(BOARD_FUNCTIONS, sizes, 16, 0, True, GATEWAY_TARGET, product)


PROFILES: Mapping[str, Profile] = {
    "fire-panel": Profile(
        (READ_HOLDING, READ_INPUT, WRITE_REGISTER, IDENTIFY),
        (0, 0, 4000, 16),
        16,
        NOT_PROGRAMMED,
        False,
        GATEWAY_PATH,
        "loop panel gateway",
    ),
    "door-board": _board(16, 16, "door board"),
    "sounder-board": _board(16, 16, "sounder circuits"),
    "light-board": _board(16, 16, "emergency lighting"),
    "gate-board": _board(16, 16, "gate board"),
    "guard-board": _board(16, 16, "guarding board"),
    "air-board": _board(16, 16, "smoke control board"),
    "lift-gateway": _board(16, 16, "lift gateway"),
    "power-board": _board(16, 16, "power supplies"),
}
