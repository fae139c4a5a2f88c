"""ONVIF events over MQTT as JSON, `onvif-ej` (ONVIF Core specification, annex on JSON events).

Topic = prefix, `/onvif-ej/`, the event's topic without its namespace prefix `tns1:`, `/&` and the
values of its source. A maker's own namespace stays. Values are texts, also numbers; quotes may be
left out, so both are read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from controller.interface.bounded import inner, json_object, truth, whole
from controller.interface.cameras.telling import Heard, Message, Told

TOPICS = {
    "count": "RuleEngine/CountAggregation/OccupancyCounter",
    "crowd": "RuleEngine/ct:CrowdDetector/Crowded",
    "line": "RuleEngine/LineDetector/Crossed",
    "loitering": "RuleEngine/LoiteringDetector/ObjectIsLoitering",
    "intrusion": "RuleEngine/FieldDetector/ObjectsInside",
}
"""Rule topics of ONVIF Analytics; for crowds it has none, so that one is in our own namespace."""

_RULES = {"count": "Occupancy", "crowd": "Crowd"}


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
    rule = told.rule or _RULES.get(told.what, told.what)
    source = {"VideoSource": "1", "AnalyticsConfiguration": "1", "Rule": rule}
    data = {"ObjectId": told.object}
    if told.what == "count":
        data = {"Count": str(told.value)}
    elif told.what == "crowd":
        data = {"IsCrowded": str(bool(told.value)).lower()}
    elif told.what == "intrusion":
        data = {"IsInside": str(bool(told.value)).lower(), "ObjectId": told.object}
    return encode_event(TOPICS[told.what], told.when, source, data)


def decode(leaf: str, payload: bytes) -> tuple[Heard, ...]:
    """The values in a message; Unreadable if it is not what its topic promises."""
    body = json_object(payload)
    topic = leaf.removeprefix("onvif-ej/").partition("/&")[0]
    if topic == TOPICS["count"]:
        return (Heard("count", whole(inner(body, "Data", "Count"), "Count")),)
    if topic == TOPICS["crowd"]:
        return (Heard("crowd", truth(inner(body, "Data", "IsCrowded"), "IsCrowded")),)
    return ()
