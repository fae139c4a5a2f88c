"""Raw bits and registers <-> values of points, by binding."""

from __future__ import annotations

from collections.abc import Sequence

from controller.interface.loopwords import ALL_ONES, LOOP_TYPES, read_loop
from controller.interface.points import Binding, Quality, Value


def to_value(binding: Binding, raw: Sequence[int]) -> tuple[Value, Quality]:
    """The value in `binding.width` raw bits or registers."""
    if binding.as_type in LOOP_TYPES:
        word = read_loop(binding.as_type, raw[0], binding.bit)
        return word.value, word.quality
    quality = Quality.UNKNOWN if _absent(binding, raw) else Quality.GOOD
    if binding.code >= 0:
        return raw[0] == binding.code, quality
    if binding.as_type == "bool":
        bit = raw[0] if binding.bit < 0 else raw[0] >> binding.bit & 1
        return bool(bit) != binding.invert, quality
    return _scaled(_number(binding, raw), binding.scale), quality


def to_raw(binding: Binding, value: Value) -> tuple[int, ...]:
    """The raw bits or registers for a value; ValueError if it does not fit."""
    if binding.code >= 0:
        return (binding.code if value else 0,)
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


def _absent(binding: Binding, raw: Sequence[int]) -> bool:
    """Whether registers are all ones, as gateways fill those that are not there.

    -1 of a signed register looks the same; it is taken for the number that it is.
    """
    whole = binding.area in ("holding", "input") and binding.as_type != "s16"
    return whole and all(word == ALL_ONES for word in raw)


def _number(binding: Binding, raw: Sequence[int]) -> int:
    if binding.as_type == "u32":
        high, low = raw[:2] if binding.words == "big" else (raw[1], raw[0])
        return high << 16 | low
    if binding.bit >= 0:
        return raw[0] >> binding.bit & 1
    return raw[0] - 0x10000 if binding.as_type == "s16" and raw[0] > 0x7FFF else raw[0]


def _scaled(number: int, scale: float) -> Value:
    return number if scale == 1.0 else number * scale
