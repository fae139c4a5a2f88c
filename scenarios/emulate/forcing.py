"""`--force POINT=VALUE`: a value that stands on the wire whatever the device behind it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from controller.interface.files import nearest
from controller.interface.kinds import KINDS
from controller.interface.loopwords import (
    ALARM,
    LOOP_TYPES,
    NORMAL,
    PRE,
    LoopWord,
    encode_loop_as,
    loop_bits,
    read_loop,
)
from controller.interface.panels import usual
from controller.interface.points import Point, PointList, Quality, Value
from controller.interface.registers import to_raw
from devices.agenda import NEVER
from devices.bank import Bank

LOOP = {
    NORMAL: (NORMAL, Quality.GOOD),
    PRE: (PRE, Quality.GOOD),
    ALARM: (ALARM, Quality.GOOD),
    "trouble": (NORMAL, Quality.FAULT),
    "fault": (NORMAL, Quality.FAULT),
    "disabled": (NORMAL, Quality.DISABLED),
}
"""What a point of a fire panel's loop can be, and the words that say so."""

_WORDS = {"true": True, "on": True, "1": True, "false": False, "off": False, "0": False}


def parse_forces(points: PointList, given: Sequence[str]) -> dict[str, Value]:
    """Return point -> value; ValueError with the nearest name, or with what the point takes."""
    forces: dict[str, Value] = {}
    for text in given:
        name, equals, word = text.partition("=")
        if not equals:
            raise ValueError(f"`--force {text}`: write POINT=VALUE, as sd-1.state=alarm")
        point = points.points.get(name)
        if point is None:
            close = nearest(name, points.points)
            hint = f"; did you mean `{close}`?" if close else ""
            raise ValueError(f"`--force {text}`: no such point: {name!r}{hint}")
        if point.write:
            raise ValueError(f"`--force {text}`: {_reads(points, point)}")
        forces[name] = parse_value(f"--force {text}", point, word)
    return forces


def _reads(points: PointList, point: Point) -> str:
    reads = [p.id for p in points.devices[point.device].points if not p.write]
    instead = f"; force what the device reports: {', '.join(reads)}" if reads else ""
    return f"{point.id} is an output, the controller writes it{instead}"


def parse_value(option: str, point: Point, word: str) -> Value:
    """Return what a word means for a point; ValueError that begins with the option."""
    as_type = point.binding.as_type
    if as_type == "text":
        known = KINDS[point.kind].points[point.name].words
        return _known(option, point, word, known) if known else word
    if as_type in LOOP_TYPES:
        return _loop_value(option, point, word.lower())
    if as_type == "bool":
        return _WORDS[_known(option, point, word.lower(), tuple(_WORDS))]
    try:
        number = float(word)
        value: Value = int(number) if number.is_integer() else number
        if as_type != "number":
            to_raw(point.binding, value)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"`{option}`: {point.id} is a {as_type}: {error}") from None
    return value


def _loop_value(option: str, point: Point, word: str) -> Value:
    """A state that the make's words can say, or the raw bits of the register (0x for base 16)."""
    words = states_of(point)
    try:
        number = int(word, 0)
    except ValueError:
        return _known(option, point, word, words)
    most = loop_bits(point.binding.as_type, 0xFFFF, -1)
    if 0 <= number <= most:
        return number
    said = f"{', '.join(words)}, or a number of 0 to {most}"
    raise ValueError(f"`{option}`: {point.id} is one of {said}")


def states_of(point: Point) -> tuple[str, ...]:
    """The states that a loop device's point can say in the words of its make."""
    as_type = point.binding.as_type
    return tuple(
        word
        for word, state in LOOP.items()
        if read_loop(as_type, encode_loop_as(as_type, LoopWord(*state)), -1) == LoopWord(*state)
    )


def _known(option: str, point: Point, word: str, known: Sequence[str]) -> str:
    if word not in known:
        close = nearest(word, known)
        hint = f"; did you mean `{close}`?" if close else ""
        raise ValueError(f"`{option}`: {point.id} is one of {', '.join(known)}{hint}")
    return word


class Forced:
    """The forced points of a running bank, put into their registers again and again."""

    def __init__(self, points: PointList, bank: Bank, forces: Mapping[str, Value]) -> None:
        self._bank = bank
        chosen = [(points.points[name], value) for name, value in forces.items()]
        self._registers = [
            (points.devices[p.device], p, _raw(points, p, value))
            for p, value in chosen
            if not _mqtt(p)
        ]
        for point, value in chosen:
            if _mqtt(point):
                bank.stations[point.device].force(point.binding.leaf, value)

    def shape(self, now: int) -> int:
        """Set every forced register; machines may have written it since."""
        for device, point, raw in self._registers:
            self._bank.gateways[device.gateway].units[device.unit].put(point.binding, raw)
        return NEVER


def _mqtt(point: Point) -> bool:
    return point.binding.area == "topic"


def _raw(points: PointList, point: Point, value: Value) -> tuple[int, ...]:
    as_type = point.binding.as_type
    if as_type not in LOOP_TYPES:
        return to_raw(point.binding, value)
    if not isinstance(value, str):
        return (int(value),)
    gateway = points.gateways[points.devices[point.device].gateway]
    metres = int(usual(gateway.profile, gateway.settings).get("alarm-at-m", 1))
    return (encode_loop_as(as_type, LoopWord(*LOOP[value]), metres),)
