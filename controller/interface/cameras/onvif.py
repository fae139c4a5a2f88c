"""ONVIF events over MQTT as JSON, `onvif-ej` (ONVIF Core specification, annex on JSON events).

Topic = prefix, `/onvif-ej/`, the event's topic without its namespace prefix `tns1:`, `/&` and the
values of its source. A maker's own namespace stays. Values are texts, also numbers; quotes may be
left out, so both are read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from controller.interface.bounded import Unreadable, inner, json_object, truth, whole
from controller.interface.cameras.telling import Heard, Message, Told

TOPICS = {
    "count": "RuleEngine/CountAggregation/OccupancyCounter",
    "crowd": "RuleEngine/ct:CrowdDetector/Crowded",
    "line-out": "RuleEngine/LineDetector/Crossed",
    "line-in": "RuleEngine/LineDetector/Crossed",
    "loitering": "RuleEngine/LoiteringDetector/ObjectIsLoitering",
    "intrusion": "RuleEngine/FieldDetector/ObjectsInside",
}
"""Rule topics of ONVIF Analytics; for crowds it has none, so that one is in our own namespace."""

RULES = {
    "count": "Occupancy", "crowd": "Crowd", "line-out": "Out", "line-in": "In",
    "loitering": "Loitering", "intrusion": "Field",
}  # fmt: skip
"""Names of the rules as they are set up; the event of a line says no direction, so there is a rule
for each."""

_STANDING = {"loitering": "IsLoitering", "intrusion": "IsInside"}


def encode_event(
    topic: str, when: datetime, source: Mapping[str, str], data: Mapping[str, str]
) -> Message:
    """Any event of ONVIF as a message."""
    utc = f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{when.microsecond // 1000:03}Z"
    body = {"UtcTime": utc, "Source": dict(source), "Data": dict(data)}
    leaf = f"onvif-ej/{topic}/&{'/'.join(source.values())}"
    return Message(leaf, json.dumps(body, separators=(",", ":")).encode())


def encode(told: Told) -> Message:
    """What a camera tells; it is sent once and not retained."""
    rule = told.rule or RULES[told.what]
    source = {"VideoSource": "1", "AnalyticsConfiguration": "1", "Rule": rule}
    data = {"ObjectId": told.object}
    if told.what == "count":
        data = {"Count": str(told.value)}
    elif told.what == "crowd":
        data = {"IsCrowded": str(bool(told.value)).lower()}
    elif told.what in _STANDING:
        data = {_STANDING[told.what]: str(bool(told.value)).lower(), "ObjectId": told.object}
    return encode_event(TOPICS[told.what], told.when, source, data)


def decode(leaf: str, payload: bytes) -> tuple[Heard, ...]:
    """The values in a message; Unreadable if it is not what its topic promises."""
    body = json_object(payload)
    topic, _, source = leaf.removeprefix("onvif-ej/").partition("/&")
    if topic == TOPICS["count"]:
        return (Heard("count", whole(inner(body, "Data", "Count"), "Count")),)
    if topic == TOPICS["crowd"]:
        return (Heard("crowd", truth(inner(body, "Data", "IsCrowded"), "IsCrowded")),)
    for what in ("line-out", "line-in"):
        if topic == TOPICS[what] and source.rpartition("/")[2] == RULES[what]:
            return (Heard(what, 1, f"{_one(body)} {str(body.get('UtcTime', ''))[:40]}"),)
    for what, member in _STANDING.items():
        if topic == TOPICS[what]:
            return (Heard(what, truth(inner(body, "Data", member), member), _one(body)),)
    return ()


def _one(body: object) -> str:
    """The object that an event is about; ids are texts or numbers."""
    found = str(inner(body, "Data", "ObjectId"))
    if not found or len(found) > 64:
        raise Unreadable(f"ObjectId is {found!r:.40}")
    return found
