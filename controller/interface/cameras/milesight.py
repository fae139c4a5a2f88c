"""Milesight VS121-P: reports of people in regions, in local time without an offset.

The greatest count of an interval is called `max_counted` in the report of occupancy and
`Max_counted` in that of counts (the maker's own page). A report on a change has no interval.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from controller.interface.bounded import inner, json_object, whole
from controller.interface.cameras.telling import Heard, Message, Plate, Told

LEAF = "report"
_TIME = "%Y/%m/%d %H:%M:%S"


def encode_interval(told: Told, plate: Plate, begin: datetime, most: int) -> tuple[Message, ...]:
    """Both reports of an interval from `begin` on: occupancy, then counts by region."""
    times = {"start_time": begin.strftime(_TIME), "end_time": told.when.strftime(_TIME)}
    head = {**_head(told, plate, times), "current_total": told.value}
    head = {"event": head.pop("event"), "report_type": "interval", **head}
    occupied = {"numbering_regions": [1], "occupancy": [int(bool(told.value))]}
    counted = {"numbering_regions": [1], "current_counted": [told.value]}
    return (
        _message({**head, "max_counted": most, "total_mapped_regions": 1, **occupied}),
        _message({**head, "Max_counted": most, "total_mapped_regions": 1, **counted}),
    )


def encode_trigger(told: Told, plate: Plate) -> Message:
    """A report because the count has changed."""
    body = _head(told, plate, {"time": told.when.strftime(_TIME)})
    counted = {"current_counted": [told.value], "numbering_regions": [1]}
    return _message(body | {"current_total": told.value, "total_mapped_regions": 1, **counted})


def decode(leaf: str, payload: bytes) -> tuple[Heard, ...]:
    """The count in a report; Unreadable if it is none."""
    body = json_object(payload)
    if inner(body, "event") != "Region People Counting":
        return ()
    return (Heard("count", whole(inner(body, "current_total"), "current_total")),)


def _head(told: Told, plate: Plate, times: dict[str, str]) -> dict[str, Any]:
    offset = told.when.utcoffset()
    minutes = round(offset.total_seconds() / 60) if offset is not None else 0
    sign, minutes = "-" if minutes < 0 else "+", abs(minutes)
    zone = {"timezone": f"UTC{sign}{minutes // 60}:{minutes % 60:02}", "dst_status": False}
    about = {
        "device": "Workplace Sensor",
        "device_sn": plate.serial,
        "device_mac": plate.mac.upper(),
        "ip_address": plate.address,
    }
    return {
        "event": "Region People Counting",
        "device_info": about,
        "time_info": {**zone, **times},
    }


def _message(body: dict[str, Any]) -> Message:
    return Message(LEAF, json.dumps(body, separators=(",", ":")).encode())
