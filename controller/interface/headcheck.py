"""One head seen by two ways: what `same-as` in the I/O list may name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from controller.interface.files import Finding, nearest
from controller.interface.kinds import DETECTORS


class Headed(Protocol):
    """What is looked at of a device entry."""

    id: str
    kind: str
    zone: str
    same_as: str


def head_findings(devices: Sequence[Headed]) -> Iterator[Finding]:
    """A second way leads to a detector of the same zone that is itself not a second way."""
    known = {device.id: device for device in devices}
    for number, device in enumerate(devices):
        if not device.same_as:
            continue
        keys = ("devices", number, "same-as")
        head = known.get(device.same_as)
        if head is None:
            hint = nearest(device.same_as, known)
            yield Finding(keys, f"no such device: {device.same_as!r}", hint)
        elif head.id == device.id or head.same_as:
            yield Finding(keys, f"{head.id} is a second way itself: name the head")
        elif device.kind not in DETECTORS or head.kind not in DETECTORS:
            yield Finding(keys, "only detectors can be seen by two ways")
        elif head.zone != device.zone:
            yield Finding(keys, f"{head.id} is in zone {head.zone!r}, not in {device.zone!r}")
