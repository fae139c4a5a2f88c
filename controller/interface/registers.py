"""Raw bits and registers <-> values of points, by binding; and the word of a loop device.

The loop word is that of Notifier's Modbus gateways (LS10015 section 5.2, LS10248 section 7.21).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from controller.interface.points import Binding, Quality, Value

ACK_BLOCK, PREALARM, TROUBLE, INACTIVE = 1 << 15, 1 << 14, 1 << 13, 1 << 12
ACTIVE, ENABLED, DISABLED, ACK_FIRE = 1 << 11, 1 << 10, 1 << 9, 1 << 8
NORMAL_WORD = INACTIVE | ENABLED
"""0x1400: enabled and not active."""

NOT_PROGRAMMED = 0xFF
FIRE_TYPE = 0x01
"""Event type of a fire alarm, in the low byte while ACTIVE stands."""

NORMAL, PRE, ALARM = "normal", "prealarm", "alarm"
"""Values of a point that is read `as: loop`."""


@dataclass(frozen=True, slots=True)
class LoopWord:
    """The meaning of a loop device's register."""

    value: str
    quality: Quality


def loop_word(word: int) -> LoopWord:
    """What a loop register says; trouble, disabled and unprogrammed are quality, not value."""
    if not word & ACTIVE and word & 0xFF == NOT_PROGRAMMED:
        return LoopWord(NORMAL, Quality.UNKNOWN)
    value = ALARM if word & ACTIVE else PRE if word & PREALARM else NORMAL
    if word & DISABLED:
        return LoopWord(value, Quality.DISABLED)
    return LoopWord(value, Quality.FAULT if word & TROUBLE else Quality.GOOD)


def encode_loop(value: str, quality: Quality = Quality.GOOD, event: int = FIRE_TYPE) -> int:
    """The register of a loop device: the inverse of `loop_word`."""
    if quality is Quality.UNKNOWN:
        return NOT_PROGRAMMED
    word = ACTIVE | event if value == ALARM else INACTIVE
    word |= DISABLED if quality is Quality.DISABLED else ENABLED
    if value == PRE:
        word |= PREALARM
    return word | (TROUBLE if quality is Quality.FAULT else 0)


def to_value(binding: Binding, raw: Sequence[int]) -> tuple[Value, Quality]:
    """The value in `binding.width` raw bits or registers."""
    if binding.as_type == "loop":
        word = loop_word(raw[0])
        return word.value, word.quality
    if binding.as_type == "bool":
        bit = raw[0] if binding.bit < 0 else raw[0] >> binding.bit & 1
        return bool(bit) != binding.invert, Quality.GOOD
    return _scaled(_number(binding, raw), binding.scale), Quality.GOOD


def to_raw(binding: Binding, value: Value) -> tuple[int, ...]:
    """The raw bits or registers for a value; ValueError if it does not fit."""
    if binding.as_type == "bool":
        return (int(bool(value) != binding.invert),)
    if isinstance(value, str):
        raise ValueError(f"{value!r} is not a number")
    number = round(value / binding.scale)
    low, high = {"s16": (-0x8000, 0x7FFF), "u32": (0, 0xFFFFFFFF)}.get(binding.as_type, (0, 0xFFFF))
    if not low <= number <= high:
        raise ValueError(f"{value!r} does not fit {binding.as_type}")
    if binding.as_type == "u32":
        words = (number >> 16, number & 0xFFFF)
        return words if binding.words == "big" else words[::-1]
    return (number & 0xFFFF,)


def _number(binding: Binding, raw: Sequence[int]) -> int:
    if binding.as_type == "u32":
        high, low = raw[:2] if binding.words == "big" else (raw[1], raw[0])
        return high << 16 | low
    if binding.bit >= 0:
        return raw[0] >> binding.bit & 1
    return raw[0] - 0x10000 if binding.as_type == "s16" and raw[0] > 0x7FFF else raw[0]


def _scaled(number: int, scale: float) -> Value:
    return number if scale == 1.0 else number * scale
