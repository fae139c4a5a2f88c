"""`--force POINT=VALUE`: a value that stands on the wire whatever the device behind it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from controller.interface.files import nearest
from controller.interface.loopwords import ALARM, NORMAL, PRE, encode_loop
from controller.interface.points import Point, PointList, Quality, Value
from controller.interface.registers import to_raw
from devices.agenda import NEVER
from devices.bank import Bank

LOOP = {
    NORMAL: (NORMAL, Quality.GOOD),
    PRE: (PRE, Quality.GOOD),
    ALARM: (ALARM, Quality.GOOD),
    "trouble": (NORMAL, Quality.FAULT),
    "disabled": (NORMAL, Quality.DISABLED),
}
"""What a point of the fire panel's loop can be forced to, and the word that says so."""

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
        return word
    if as_type in ("loop", "bool"):
        known: Mapping[str, object] = LOOP if as_type == "loop" else _WORDS
        if word.lower() not in known:
            close = nearest(word, known)
            hint = f"; did you mean `{close}`?" if close else ""
            raise ValueError(f"`{option}`: {point.id} is one of {', '.join(known)}{hint}")
        return word.lower() if as_type == "loop" else _WORDS[word.lower()]
    try:
        number = float(word)
        value: Value = int(number) if number.is_integer() else number
        if as_type != "number":
            to_raw(point.binding, value)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"`{option}`: {point.id} is a {as_type}: {error}") from None
    return value


class Forced:
    """The forced points of a running bank, put into their registers again and again."""

    def __init__(self, points: PointList, bank: Bank, forces: Mapping[str, Value]) -> None:
        self._bank = bank
        chosen = [(points.points[name], value) for name, value in forces.items()]
        self._registers = [
            (points.devices[p.device], p, _raw(p, value)) for p, value in chosen if not _mqtt(p)
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


def _raw(point: Point, value: Value) -> tuple[int, ...]:
    if point.binding.as_type == "loop":
        return (encode_loop(*LOOP[str(value)]),)
    return to_raw(point.binding, value)
