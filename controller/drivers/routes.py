"""Which topics the controller listens to, and what may come on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from controller.interface import topics
from controller.interface.asking import ANSWER, ASK
from controller.interface.kinds import KINDS
from controller.interface.points import Device, Point, Value

Route = tuple[str, str, Point | None]
CONSOLE = "ctl"
"""Kind of a desk or console in topics."""


def routes(site: str, devices: Iterable[Device]) -> Iterator[tuple[str, Route]]:
    """Every topic the driver listens to; all others are not for it."""
    for device in devices:
        for leaf in ("hb", "status", "ack"):
            yield topics.topic(site, device, leaf), (device.id, leaf, None)
        for point in device.points:
            if not point.write:
                leaf = point.binding.leaf
                yield topics.topic(site, device, leaf), (device.id, leaf, point)


def status_topic(site: str) -> str:
    """Where the controller says how it is; also the topic of its will."""
    return topics.join(site, *topics.CONTROLLER, "status")


def epoch_topic(site: str) -> str:
    """Where the controller of a pair that leads says so, retained."""
    return topics.join(site, *topics.CONTROLLER, topics.EPOCH)


def fitting(value: Value, as_type: str) -> Value | None:
    """A value if it is what the I/O list promises, else None: `"1"` is not 1, 1 is not True."""
    if as_type == "text":
        return value if isinstance(value, str) else None
    if as_type == "bool":
        return value if isinstance(value, bool) else None
    return None if isinstance(value, bool | str) else value


def console_of(site: str, topic: str) -> str:
    """The console that asks something on this topic; "" on any other."""
    if not topic.endswith(ASK):
        return ""
    parts = topics.parse_topic(topic)
    if parts is None or (parts.site, parts.kind, parts.leaf) != (site, CONSOLE, ASK):
        return ""
    return parts.id


def answer_topic(site: str, console: str) -> str:
    """Where a console is answered."""
    return topics.join(site, CONSOLE, console, ANSWER)


def hears_answers(device: Device) -> bool:
    """Whether the I/O list binds the answers to a console's requests."""
    leaves = {point.binding.leaf for point in device.points}
    return KINDS[device.kind].topic == CONSOLE and ANSWER in leaves
