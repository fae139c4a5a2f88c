"""Registers and points: the loop word of the vendor's tables, word order, scale, inversion."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.interface.loopwords import encode_loop, loop_word
from controller.interface.points import Binding, Quality
from controller.interface.registers import to_raw, to_value

# Notifier MODBUS-GW LS10015 section 5.2 and Honeywell LS10248 section 7.21: bits of a point.
WORDS = [
    (0x1400, "normal", Quality.GOOD),  # enabled, inactive
    (0x0C01, "alarm", Quality.GOOD),  # enabled, active, event type 1
    (0x0C2A, "alarm", Quality.GOOD),  # another event type
    (0x0D01, "alarm", Quality.GOOD),  # acknowledged fire
    (0x5400, "prealarm", Quality.GOOD),
    (0x3400, "normal", Quality.FAULT),  # trouble
    (0x1200, "normal", Quality.DISABLED),
    (0x00FF, "normal", Quality.UNKNOWN),  # not programmed
    (0xFFFF & ~0x0800, "normal", Quality.UNKNOWN),  # FFFFh tables, not active
]


@pytest.mark.parametrize(("word", "value", "quality"), WORDS)
def test_loop_words_of_the_vendor(word, value, quality):
    found = loop_word(word)
    assert (found.value, found.quality) == (value, quality)


@pytest.mark.parametrize("value", ["normal", "prealarm", "alarm"])
@pytest.mark.parametrize("quality", [Quality.GOOD, Quality.FAULT, Quality.DISABLED])
def test_loop_words_round_trip(value, quality):
    found = loop_word(encode_loop(value, quality))
    assert (found.value, found.quality) == (value, quality)


def test_70000_in_both_word_orders():
    """The figures that pymodbus gives (of its own codec)."""
    assert to_raw(Binding("input", as_type="u32"), 70000) == (1, 4464)
    little = Binding("input", as_type="u32", words="little")
    assert to_raw(little, 70000) == (4464, 1)
    assert to_value(little, (4464, 1)) == (70000, Quality.GOOD)


@given(st.sampled_from(["u16", "s16", "u32"]), st.sampled_from(["big", "little"]), st.data())
def test_numbers_round_trip(as_type, words, data):
    low, high = {"u16": (0, 65535), "s16": (-32768, 32767), "u32": (0, 2**32 - 1)}[as_type]
    number = data.draw(st.integers(low, high))
    binding = Binding("holding", as_type=as_type, words=words)
    assert to_value(binding, to_raw(binding, number))[0] == number


def test_a_scaled_temperature():
    binding = Binding("input", as_type="s16", scale=0.1)
    assert to_value(binding, (0xFFFF,))[0] == pytest.approx(-0.1)
    assert to_raw(binding, -0.1) == (0xFFFF,)


def test_inversion_and_single_bits():
    assert to_value(Binding("discrete", invert=True), (1,)) == (False, Quality.GOOD)
    assert to_raw(Binding("coil", invert=True), True) == (0,)
    assert to_value(Binding("holding", as_type="bool", bit=3), (0b1000,))[0] is True


@pytest.mark.parametrize("value", [-1, 65536, "evacuate"])
def test_a_value_that_does_not_fit_is_refused(value):
    with pytest.raises(ValueError, match=r"fit|number"):
        to_raw(Binding("holding", as_type="u16"), value)
