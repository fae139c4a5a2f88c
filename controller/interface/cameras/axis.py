"""Axis cameras: any event of the camera on MQTT, here those of AXIS Object Analytics.

Topic and frame as in the maker's pages; the members of `data` are from memory. Stateful events are
retained (MQTT publication, retain: property), so a subscriber first hears an old one.
"""

from __future__ import annotations

import json
from typing import Any

from controller.interface.bounded import inner, json_object, truth, whole
from controller.interface.cameras.telling import Heard, Message, Plate, Told

SCENARIOS = {"count": "Device1Scenario1", "crowd": "Device1Scenario2", "line": "Device1Scenario3"}
"""Scenarios as they are set up: occupancy in an area, the same with a limit, a crossed line."""

EVENTS = "event/tns:axis/CameraApplicationPlatform/ObjectAnalytics"


def encode(told: Told, plate: Plate) -> Message:
    """What a camera tells, with its serial number; values are texts."""
    data: dict[str, str] = {"classTypes": "human"}
    if told.what == "count":
        data |= {"active": "1" if told.value else "0", "total": str(told.value)}
    elif told.what == "crowd":
        data |= {"active": "1" if told.value else "0"}
    else:
        data |= {"active": "1", "objectId": told.object}
    scenario = SCENARIOS[told.what]
    body: dict[str, Any] = {
        "topic": f"axis:CameraApplicationPlatform/ObjectAnalytics/{scenario}",
        "timestamp": round(told.when.timestamp() * 1000),
        "serial": serial(plate),
        "message": {"source": {}, "key": {}, "data": data},
    }
    retain = told.what in ("count", "crowd")
    return Message(f"{EVENTS}/{scenario}", json.dumps(body, separators=(",", ":")).encode(), retain)


def decode(leaf: str, payload: bytes) -> tuple[Heard, ...]:
    """The values in a message; Unreadable if it is not what its topic promises."""
    data = inner(json_object(payload), "message", "data")
    scenario = leaf.rpartition("/")[2]
    if scenario == SCENARIOS["count"]:
        return (Heard("count", whole(inner(data, "total"), "total")),)
    if scenario == SCENARIOS["crowd"]:
        return (Heard("crowd", truth(inner(data, "active"), "active")),)
    return ()


def serial(plate: Plate) -> str:
    """The serial number: the maker's block and what is the camera's own."""
    return "ACCC8E" + plate.mac.replace(":", "")[6:].upper()
