"""A command of long ago that somebody left retained in the broker."""

from __future__ import annotations

from controller.interface.envelope import encode_command
from controller.interface.points import Point, Value
from devices.exchange import Publication

LEFT, LEFT_TTL_MS = "left-behind", 5000
"""Its id and lifetime."""


def leftover(topic: str, point: Point) -> Publication:
    """The command, from time 0."""
    value: Value = "" if point.binding.as_type == "text" else 1
    return Publication(topic, encode_command(LEFT, value, 2, LEFT_TTL_MS, 0), retain=True)


def nothing_left(topic: str) -> Publication:
    """What takes it away again."""
    return Publication(topic, b"", retain=True)


def left_behind(payload: bytes) -> bool:
    """Whether a command is one that was left in the broker, or takes it away again."""
    return not payload or payload.startswith(b'{"id":"' + LEFT.encode() + b'"')
