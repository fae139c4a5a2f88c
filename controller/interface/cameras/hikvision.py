"""Hikvision cameras: counts as metadata in JSON, alarms as EventNotificationAlert in XML.

An alarm that lasts is sent again and again: `eventState` active with a growing `activePostCount`,
then once inactive. Every 10 s a heartbeat that looks like an alarm: `videoloss`, inactive, count 0.
"""

from __future__ import annotations

import json
from xml.sax.saxutils import escape

from controller.interface.bounded import Unreadable, inner, json_object, truth, whole, xml_root
from controller.interface.cameras.telling import Heard, Message, Plate, Told

LEAF = "event"
EVENTS = {
    "crowd": "personDensityDetection", "line": "linedetection", "intrusion": "fielddetection",
    "loitering": "loitering",
}  # fmt: skip
HEARTBEAT = "videoloss"
MOMENTARY = ("line",)
"""What happens and is over: it is sent once."""

_XML = "http://www.isapi.org/ver20/XMLSchema"


def encode_count(told: Told, plate: Plate) -> Message:
    """People in the picture."""
    about = {"ipAddress": plate.address, "macAddress": plate.mac, "channel": "1"}
    body = {
        "Metadata": {
            "type": "ruleTarget",
            "subType": "framesPeopleCounting",
            "time": told.when.isoformat(timespec="seconds"),
            "DevInfo": about,
            "Situation": {"personCount": told.value},
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
    if inner(metadata, "subType") != "framesPeopleCounting":
        return ()
    return (Heard("count", whole(inner(metadata, "Situation", "personCount"), "personCount")),)


def _alert(payload: bytes) -> tuple[Heard, ...]:
    root = xml_root(payload)
    kind, state = root.findtext("eventType"), root.findtext("eventState")
    if root.tag != "EventNotificationAlert" or kind is None or state is None:
        raise Unreadable("no EventNotificationAlert with type and state")
    if kind != EVENTS["crowd"]:
        return ()
    word = {"active": True, "inactive": False}.get(state, state)
    return (Heard("crowd", truth(word, "eventState")),)
