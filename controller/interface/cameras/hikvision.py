"""Hikvision cameras: counts as metadata in JSON, alarms as EventNotificationAlert in XML.

An alarm that lasts is sent again and again: `eventState` active with a growing `activePostCount`,
then once inactive. Every 10 s a heartbeat that looks like an alarm: `videoloss`, inactive, count 0.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from xml.sax.saxutils import escape

from controller.interface.bounded import Unreadable, inner, json_object, truth, whole, xml_root
from controller.interface.cameras.telling import Heard, Message, Plate, Told
from controller.interface.points import Value

LEAF = "event"
EVENTS = {
    "crowd": "personDensityDetection", "line-out": "linedetection", "line-in": "linedetection",
    "intrusion": "fielddetection", "loitering": "loitering",
}  # fmt: skip
LASTING = {"crowd": True, "intrusion": 1, "loitering": 1}
"""What begins and ends, and its value while it lasts: how many people it is about is not told."""

HEARTBEAT = "videoloss"
_SITUATIONS = {
    "framesPeopleCounting": {"count": "personCount"},
    "PeopleCounting": {"line-out": "leaveRegionPeopleNum", "line-in": "enterRegionPeopleNum"},
}
"""Kind of metadata -> point -> the member of its situation that is its value."""

_XML = "http://www.isapi.org/ver20/XMLSchema"


def encode_count(told: Told, plate: Plate) -> Message:
    """People in the picture."""
    return _metadata("framesPeopleCounting", told.when, plate, {"personCount": told.value})


def encode_passed(when: datetime, plate: Plate, leave: int, enter: int) -> Message:
    """People over the line so far, both ways."""
    passed = {"enterRegionPeopleNum": enter, "leaveRegionPeopleNum": leave}
    return _metadata("PeopleCounting", when, plate, passed)


def _metadata(kind: str, when: datetime, plate: Plate, situation: Mapping[str, Value]) -> Message:
    about = {"ipAddress": plate.address, "macAddress": plate.mac, "channel": "1"}
    body = {
        "Metadata": {
            "type": "ruleTarget",
            "subType": kind,
            "time": when.isoformat(timespec="seconds"),
            "DevInfo": about,
            "Situation": situation,
        }
    }
    return Message(LEAF, json.dumps(body, separators=(",", ":")).encode())


def encode_alert(told: Told, plate: Plate, posts: int) -> Message:
    """An alarm, for the `posts`-th time while it lasts; a heartbeat has the count 0."""
    kind = EVENTS.get(told.what, HEARTBEAT)
    members = {
        "ipAddress": plate.address,
        "portNo": "80",
        "protocol": "HTTP",
        "macAddress": plate.mac,
        "channelID": "1",
        "dateTime": told.when.isoformat(timespec="seconds"),
        "activePostCount": str(posts),
        "eventType": kind,
        "eventState": "active" if told.value else "inactive",
        "eventDescription": f"{kind} alarm",
    }
    inside = "".join(f"  <{name}>{escape(text)}</{name}>\n" for name, text in members.items())
    head = f'<EventNotificationAlert version="2.0" xmlns="{_XML}">\n'
    return Message(LEAF, f"{head}{inside}</EventNotificationAlert>\n".encode())


def decode(leaf: str, payload: bytes) -> tuple[Heard, ...]:
    """The values in a message; Unreadable if it is neither metadata nor an alarm."""
    if payload.lstrip()[:1] == b"<":
        return _alert(payload)
    metadata = inner(json_object(payload), "Metadata")
    members = _SITUATIONS.get(str(inner(metadata, "subType")), {})
    return tuple(
        Heard(point, whole(inner(metadata, "Situation", member), member))
        for point, member in members.items()
    )


def _alert(payload: bytes) -> tuple[Heard, ...]:
    root = xml_root(payload)
    kind, state = root.findtext("eventType"), root.findtext("eventState")
    if root.tag != "EventNotificationAlert" or kind is None or state is None:
        raise Unreadable("no EventNotificationAlert with type and state")
    active = truth({"active": True, "inactive": False}.get(state, state), "eventState")
    return tuple(
        Heard(what, value if active else type(value)(0))
        for what, value in LASTING.items()
        if kind == EVENTS[what]
    )
