"""Axis cameras: any event of the camera on MQTT, here those of AXIS Object Analytics.

Topic and frame as in the maker's pages; the members of `data` are from memory. Stateful events are
retained (MQTT publication, retain: property), so a subscriber first hears an old one.
"""

from __future__ import annotations

import json
from typing import Any

from controller.interface.bounded import Unreadable, inner, json_object, truth, whole
from controller.interface.cameras.telling import Heard, Message, Plate, Told

SCENARIOS = {
    "count": "Device1Scenario1", "crowd": "Device1Scenario2", "line-out": "Device1Scenario3",
    "line-in": "Device1Scenario4", "loitering": "Device1Scenario5", "intrusion": "Device1Scenario6",
}  # fmt: skip
"""Scenarios as they are set up: occupancy in an area, the same with a limit, a line crossed one way
and the other, time in area, object in area."""

EVENTS = "event/tns:axis/CameraApplicationPlatform/ObjectAnalytics"


def encode(told: Told, plate: Plate) -> Message:
    """What a camera tells, with its serial number; values are texts."""
    data: dict[str, str] = {"classTypes": "human"}
    if told.what == "count":
        data |= {"active": "1" if told.value else "0", "total": str(told.value)}
    elif told.what == "crowd":
        data |= {"active": "1" if told.value else "0"}
    else:
        data |= {"active": "1" if told.value else "0", "objectId": told.object}
    scenario = SCENARIOS[told.what]
    body: dict[str, Any] = {
        "topic": f"axis:CameraApplicationPlatform/ObjectAnalytics/{scenario}",
        "timestamp": round(told.when.timestamp() * 1000),
        "serial": serial(plate),
        "message": {"source": {}, "key": {}, "data": data},
    }
    return Message(f"{EVENTS}/{scenario}", json.dumps(body, separators=(",", ":")).encode(), True)


def decode(leaf: str, payload: bytes) -> tuple[Heard, ...]:
    """The values in a message; Unreadable if it is not what its topic promises."""
    body = json_object(payload)
    data = inner(body, "message", "data")
    scenario = leaf.rpartition("/")[2]
    if scenario == SCENARIOS["count"]:
        return (Heard("count", whole(inner(data, "total"), "total")),)
    if scenario == SCENARIOS["crowd"]:
        return (Heard("crowd", truth(inner(data, "active"), "active")),)
    for what in ("line-out", "line-in", "loitering", "intrusion"):
        if scenario == SCENARIOS[what]:
            return _of_one(what, data, str(body.get("timestamp", ""))[:40])
    return ()


def _of_one(what: str, data: Any, when: str) -> tuple[Heard, ...]:
    """An event about one object; that a crossing is over says nothing more."""
    active, one = truth(inner(data, "active"), "active"), str(inner(data, "objectId"))
    if not one or len(one) > 64:
        raise Unreadable(f"objectId is {one!r:.40}")
    if what.startswith("line"):
        return (Heard(what, 1, f"{one} {when}"),) if active else ()
    return (Heard(what, active, one),)


def serial(plate: Plate) -> str:
    """The serial number: the maker's block and what is the camera's own."""
    return "ACCC8E" + plate.mac.replace(":", "")[6:].upper()
