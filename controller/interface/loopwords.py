"""What a fire panel's gateway says of one loop device, in the words of each make.

`loop` is the register of Notifier's gateways (LS10015 section 5.2, LS10248 section 7.21);
`loop-gst` two bits of GST's Modbus card; `loop-nk` the compact element word of Siemens NK8237
(A6V10316242 section 2.2.2); `loop-bit` one bit of a table of active elements; `loop-metres` the
overloaded register of Kidde Alarmline II. Sources in docs/devices/dialects.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from controller.interface.quality import Quality

ACK_BLOCK, PREALARM, TROUBLE, INACTIVE = 1 << 15, 1 << 14, 1 << 13, 1 << 12
ACTIVE, ENABLED, DISABLED, ACK_FIRE = 1 << 11, 1 << 10, 1 << 9, 1 << 8
NORMAL_WORD = INACTIVE | ENABLED
"""0x1400: enabled and not active."""

NOT_PROGRAMMED = 0xFF
ALL_ONES = 0xFFFF
"""What some tables have for a point that is not programmed; enabled and disabled at once."""

FIRE_TYPE = 0x01
"""Event type of a fire alarm, in the low byte while ACTIVE stands."""

NORMAL, PRE, ALARM = "normal", "prealarm", "alarm"
"""Values of a point that is read as one of LOOP_TYPES."""

GST_NORMAL, GST_FIRE, GST_FAULT, GST_DISABLED = 0b00, 0b01, 0b10, 0b11
METRES_FAULT, METRES_UNCLEAR, METRES_MOST = 0xFFFF, 1, 0x7FFF


@dataclass(frozen=True, slots=True)
class LoopWord:
    """The meaning of what a gateway says of a loop device."""

    value: str
    quality: Quality


def loop_word(word: int) -> LoopWord:
    """What a loop register says; trouble, disabled and unprogrammed are quality, not value.

    A device is either active or inactive, and either enabled or disabled. A word that does not say
    so, such as the zero of a gateway that has not polled its loop yet, is not knowledge; one that
    is active besides is an alarm all the same, since missing a fire is worse.
    """
    if word == ALL_ONES or (not word & ACTIVE and word & 0xFF == NOT_PROGRAMMED):
        return LoopWord(NORMAL, Quality.UNKNOWN)
    value = ALARM if word & ACTIVE else PRE if word & PREALARM else NORMAL
    if bool(word & ACTIVE) == bool(word & INACTIVE) or bool(word & ENABLED) == bool(
        word & DISABLED
    ):
        return LoopWord(value, Quality.FAULT if word & ACTIVE else Quality.UNKNOWN)
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


def gst_bits(pair: int) -> LoopWord:
    """What two bits of GST's card say: there is no pre-alarm in them."""
    if pair == GST_FIRE:
        return LoopWord(ALARM, Quality.GOOD)
    quality = {GST_FAULT: Quality.FAULT, GST_DISABLED: Quality.DISABLED}.get(pair, Quality.GOOD)
    return LoopWord(NORMAL, quality)


def encode_gst(word: LoopWord) -> int:
    """Two bits for a device; one that is disabled shows neither fire nor fault."""
    if word.quality is Quality.DISABLED:
        return GST_DISABLED
    if word.value == ALARM:
        return GST_FIRE
    return GST_FAULT if word.quality is Quality.FAULT else GST_NORMAL


def element_word(word: int) -> LoopWord:
    """NK8237's compact element: bit 0 fault, bit 1 alarm; being off shows in another table."""
    value = ALARM if word & 2 else NORMAL
    return LoopWord(value, Quality.FAULT if word & 1 else Quality.GOOD)


def encode_element(word: LoopWord) -> int:
    """The compact element word of a device."""
    return (word.quality is Quality.FAULT) | (word.value == ALARM) << 1


def active_bit(bit: int) -> LoopWord:
    """One bit of a table of active elements; their faults stand in a table of their own."""
    return LoopWord(ALARM if bit & 1 else NORMAL, Quality.GOOD)


def metres_word(word: int) -> LoopWord:
    """Alarmline II: 0 no alarm, 65535 fault, else metres to the alarm point.

    1 is a fault and also an alarm at one metre: it is taken for both, since missing a fire is
    worse. 32768 to 65534 mean nothing: a fault.
    """
    if word == 0:
        return LoopWord(NORMAL, Quality.GOOD)
    if word == METRES_UNCLEAR:
        return LoopWord(ALARM, Quality.FAULT)
    return LoopWord(ALARM, Quality.GOOD) if word <= METRES_MOST else LoopWord(NORMAL, Quality.FAULT)


def encode_metres(word: LoopWord, metres: int) -> int:
    """The register of a cable whose alarm point lies at `metres` (1 to 32767)."""
    if word.value == ALARM:
        return metres
    return METRES_FAULT if word.quality is not Quality.GOOD else 0


_READERS: Mapping[str, Callable[[int], LoopWord]] = {
    "loop": loop_word,
    "loop-gst": gst_bits,
    "loop-nk": element_word,
    "loop-bit": active_bit,
    "loop-metres": metres_word,
}
LOOP_TYPES = tuple(_READERS)
"""What a loop device's `state` may be read as."""

LOOP_BITS = {"loop-gst": 2, "loop-bit": 1}
"""Types that take this many bits of a register, from `bit` up; the others take all of it."""


def encode_loop_as(as_type: str, word: LoopWord, metres: int = METRES_UNCLEAR + 1) -> int:
    """What a register (or some bits of it) holds for a state: the inverse of `read_loop`.

    What the make has no word for comes out as the nearest that it has. `metres`: where an alarm is
    on a cable.
    """
    match as_type:
        case "loop":
            return encode_loop(word.value, word.quality)
        case "loop-gst":
            return encode_gst(word)
        case "loop-nk":
            return encode_element(word)
        case "loop-bit":
            return int(word.value == ALARM)
        case _:
            return encode_metres(word, metres)


_ABSENT_ONES = ("loop-gst", "loop-nk")
"""Types for which a register of all ones says nothing: eight devices disabled at once, or bits that
the maker does not define."""


def read_loop(as_type: str, raw: int, bit: int) -> LoopWord:
    """What a register says of a device; `bit` is the lowest of its bits, -1 for the whole."""
    if raw == ALL_ONES and as_type in _ABSENT_ONES:
        return LoopWord(NORMAL, Quality.UNKNOWN)
    return _READERS[as_type](loop_bits(as_type, raw, bit))


def loop_bits(as_type: str, raw: int, bit: int) -> int:
    """The bits of a register that are a device's; `bit` is the lowest, -1 for the whole."""
    return raw >> max(bit, 0) & (1 << LOOP_BITS.get(as_type, 16)) - 1
