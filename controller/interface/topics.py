"""MQTT topics: `cs/1/<site>/<kind>/<id>/<leaf>[/<point>]`, built and taken apart in one place."""

from __future__ import annotations

from dataclasses import dataclass

from controller.interface.kinds import KINDS
from controller.interface.points import Device

PREFIX = "cs/1"
CONTROLLER = ("ctl", "controller")
"""Kind and id under which the controller itself speaks."""

EPOCH = "state/epoch"
"""Leaf under which the controller of a pair that leads announces its epoch."""

DEVICE_LEAVES = ("ack", "desc", "event/#", "hb", "state/#", "status")
"""What devices send; the controller subscribes to these and to nothing else."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic taken apart; `leaf` keeps its point: `state/playing`, `cmd/show`, `hb`."""

    site: str
    kind: str
    id: str
    leaf: str


def topic(site: str, device: Device, leaf: str) -> str:
    """The topic of a device's leaf."""
    return join(site, KINDS[device.kind].topic, device.id, leaf)


def join(site: str, kind: str, name: str, leaf: str) -> str:
    """A topic from its levels; `leaf` may hold a filter."""
    return f"{PREFIX}/{site}/{kind}/{name}/{leaf}"


def parse_topic(text: str) -> Topic | None:
    """The levels of a topic of ours; None for any other."""
    parts = text.split("/", 5)
    if len(parts) != 6 or parts[0] != "cs" or parts[1] != "1" or not all(parts):
        return None
    return Topic(parts[2], parts[3], parts[4], parts[5])


def controller_filters(site: str) -> tuple[str, ...]:
    """What the controller subscribes to."""
    return tuple(join(site, "+", "+", leaf) for leaf in DEVICE_LEAVES)


def matches(pattern: str, text: str) -> bool:
    """Whether a topic falls under a subscription (`+` one level, `#` this level and all below)."""
    wanted, given = pattern.split("/"), text.split("/")
    for number, level in enumerate(wanted):
        if level == "#":
            return True
        if number >= len(given) or level not in ("+", given[number]):
            return False
    return len(wanted) == len(given)
