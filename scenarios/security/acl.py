"""The access list of a site's broker, in Mosquitto's own form; the embedded broker reads the same.

A device writes under its own id and reads its own commands; the controller reads what devices say
and writes commands; `observer` reads everything. User name = device id.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from controller.interface.cameras.dialects import camera_filters, prefix_of
from controller.interface.points import Device
from controller.interface.topics import CONTROLLER, DEVICE_LEAVES, EPOCH, PREFIX, matches

CONTROLLER_USER, OBSERVER_USER = "controller", "observer"


@dataclass(frozen=True, slots=True)
class Rule:
    """One line: `user` "" holds for all, `%u` in `topic` is the user's name; `may`: read, write."""

    user: str
    may: str
    topic: str


def site_rules(site: str, devices: Iterable[Device] = ()) -> tuple[Rule, ...]:
    """The rules of a site; cameras of other makes among `devices` write under their own topics."""
    cameras = [device for device in devices if device.dialect]
    own = f"{PREFIX}/{site}/+/%u"
    every = f"{PREFIX}/{site}/+/+"
    itself = "/".join((PREFIX, site, *CONTROLLER))
    return (
        Rule(CONTROLLER_USER, "write", f"{itself}/status"),
        Rule(CONTROLLER_USER, "write", f"{itself}/state/faults"),
        Rule(CONTROLLER_USER, "write", f"{itself}/{EPOCH}"),
        Rule(CONTROLLER_USER, "write", f"{itself}/event/anchor"),
        Rule(CONTROLLER_USER, "write", f"{every}/cmd/#"),
        *(Rule(CONTROLLER_USER, "read", f"{every}/{leaf}") for leaf in DEVICE_LEAVES),
        *(Rule(CONTROLLER_USER, "read", leaf) for leaf in camera_filters(cameras)),
        Rule(OBSERVER_USER, "read", "#"),
        *(Rule(camera.id, "write", f"{prefix_of(camera)}/#") for camera in cameras),
        *(Rule("", "write", f"{own}/{leaf}") for leaf in DEVICE_LEAVES),
        Rule("", "read", f"{own}/cmd/#"),
        Rule("", "read", f"{itself}/{EPOCH}"),
    )


def acl_text(rules: Iterable[Rule]) -> str:
    """The file: named users first, then patterns for all."""
    lines: list[str] = []
    user = ""
    for rule in rules:
        if rule.user and rule.user != user:
            lines += ["", f"user {rule.user}"]
            user = rule.user
        word = "topic" if rule.user else "pattern"
        lines.append(f"{word} {rule.may} {rule.topic}")
    return "\n".join(lines).strip() + "\n"


def parse_acl(text: str) -> tuple[Rule, ...]:
    """The rules in a file that `acl_text` wrote; ValueError for a line that it never writes."""
    rules, user = [], ""
    for line in text.splitlines():
        words = line.split()
        match words:
            case []:
                continue
            case ["user", name]:
                user = name
            case ["topic", ("read" | "write") as may, topic]:
                rules.append(Rule(user, may, topic))
            case ["pattern", ("read" | "write") as may, topic]:
                rules.append(Rule("", may, topic))
            case _:
                raise ValueError(f"not a rule: {line!r}")
    return tuple(rules)


def allows(rules: Iterable[Rule], user: str, may: str, topic: str) -> bool:
    """Whether a user may read or write one topic (not a filter)."""
    return any(
        rule.may == may
        and rule.user in ("", user)
        and matches(rule.topic.replace("%u", user), topic)
        for rule in rules
    )
