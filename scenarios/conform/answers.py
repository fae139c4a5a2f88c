"""Which point of a device on MQTT a test commands, and which one shows that it worked."""

from __future__ import annotations

from collections.abc import Mapping

from controller.interface.kind import Kind, PointRole

ACK, REPORT = "command to ack", "command to report"
"""What the latencies of commands are kept under."""


def states(kind: Kind) -> Mapping[str, PointRole]:
    """Points that a device reports as state."""
    points = kind.points.items()
    return {name: role for name, role in points if not role.write and role.area == "state"}


def commanded(kind: Kind) -> PointRole | None:
    """A point that can be set and stays, else any that can be set; None if there is none."""
    writes = [role for role in kind.points.values() if role.write]
    return next((role for role in writes if not role.pulse), writes[0] if writes else None)


def shown_by(kind: Kind, role: PointRole) -> PointRole | None:
    """The text state that takes the same words as what is commanded; None if there is none."""
    if role.as_type != "text":
        return None
    return next((one for one in states(kind).values() if one.words == role.words
                 and one.as_type == "text"), None)  # fmt: skip
