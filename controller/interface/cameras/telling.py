"""What a camera tells, in no maker's words, and what stands on its type plate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from controller.interface.points import Value


class Message(NamedTuple):
    """One message on its way to the broker; `leaf` is the topic below the camera's prefix."""

    leaf: str
    payload: bytes
    retain: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A camera tells that `what` is `value` at a time by its own clock.

    `what`: `count` (people now); or true and false for what begins and ends: `crowd` (too many
    people per m2), `loitering`, `intrusion`; or just true: `line-out` and `line-in` (somebody
    crosses a line). `rule` names the analytics rule and `object` the person, where there is one.
    """

    what: str
    value: Value
    when: datetime
    rule: str = ""
    object: str = ""


class Heard(NamedTuple):
    """What was understood of a message: `point` has this value.

    With an `object` it says something of that one alone: true and false, that it begins and ends to
    be one of those who are counted; 1, that it is one more. What is told twice counts once.
    """

    point: str
    value: Value
    object: str = ""


@dataclass(frozen=True, slots=True)
class Plate:
    """The type plate of a camera: serial number, hardware address and IP address."""

    serial: str
    mac: str
    address: str


def plate(device: str) -> Plate:
    """The type plate of an emulated camera; it hangs on its id alone."""
    digest = sha256(device.encode()).digest()
    mac = ":".join(f"{byte:02x}" for byte in (0x44, 0x19, 0xB6, *digest[:3]))
    return Plate(
        str(int.from_bytes(digest[:5])).zfill(12)[-12:], mac, f"10.17.{digest[3]}.{digest[4]}"
    )
