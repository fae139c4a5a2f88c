"""What a camera of another make says, read strictly: stricter than a controller may be.

A controller takes what it can understand; here every member that the maker's documents name must be
there and of its form (sources and marks: docs/devices/dialects.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from controller.interface.bounded import Unreadable, inner, json_object, truth, whole, xml_root
from controller.interface.cameras import axis, hikvision, milesight, onvif
from controller.interface.cameras.telling import Heard

_UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_ZONE = re.compile(r"UTC([+-])(\d{1,2}):(\d\d)")
_LOCAL = "%Y/%m/%d %H:%M:%S"


@dataclass(frozen=True, slots=True)
class Statement:
    """One message. `kind`: its topic or type in the maker's words; `when`: by the camera's clock.

    `heard`: what a controller takes from it; `counts`: every number of people in it, by member;
    `active` and `posts`: an alarm that lasts, and how often it was posted; `members`: keys on which
    a quirk of the make hangs; `begin`: of the interval that it reports.
    """

    kind: str
    when: datetime
    heard: tuple[Heard, ...]
    counts: Mapping[str, int] = field(default_factory=dict)
    active: bool | None = None
    posts: int = -1
    members: frozenset[str] = frozenset()
    begin: datetime | None = None


Read = Callable[[str, bytes, str], Statement]
"""Takes leaf, payload and prefix; Unreadable with what is wrong."""


def of_onvif(leaf: str, payload: bytes, prefix: str) -> Statement:
    """ONVIF Core, JSON events: UtcTime, Source, Data, and a topic that ends in the source."""
    body = json_object(payload)
    when, source, data = (inner(body, name) for name in ("UtcTime", "Source", "Data"))
    if type(when) is not str or not _UTC.fullmatch(when):
        raise Unreadable(f"UtcTime is {when!r:.40}, not a time in UTC")
    topic, mark, tail = leaf.removeprefix("onvif-ej/").partition("/&")
    if type(source) is not dict or type(data) is not dict:
        raise Unreadable("Source and Data are not objects")
    if not mark or tail != "/".join(map(str, source.values())):
        raise Unreadable(f"its topic ends in {tail!r:.60}, its source is {source!r:.90}")
    heard = onvif.decode(leaf, payload)
    counts = {h.point: int(h.value) for h in heard if h.point == "count"}
    return Statement(f"{topic}/{tail}", datetime.fromisoformat(when), heard, counts)


def of_axis(leaf: str, payload: bytes, prefix: str) -> Statement:
    """Axis: topic, timestamp (ms), serial and message, which agree with the topic it came on."""
    body = json_object(payload)
    topic, stamp, serial = (inner(body, name) for name in ("topic", "timestamp", "serial"))
    for name in ("source", "key", "data"):
        if type(inner(body, "message", name)) is not dict:
            raise Unreadable(f"message.{name} is no object")
    if leaf.rpartition("tns:")[2].replace("/", ":", 1) != topic:
        raise Unreadable(f"topic is {topic!r:.90} in the message, it came on {leaf}")
    if prefix.startswith("axis/") and prefix.rpartition("/")[2] != serial:
        raise Unreadable(f"serial is {serial!r:.40} in the message, it came on {prefix}")
    when = datetime.fromtimestamp(whole_ms(stamp) / 1000, UTC)
    heard = axis.decode(leaf, payload)
    counts = {h.point: int(h.value) for h in heard if h.point == "count"}
    active = inner(body, "message", "data").get("active")
    told = None if active is None else truth(active, "active")
    return Statement(leaf.rpartition("/")[2], when, heard, counts, told)


def of_hikvision(leaf: str, payload: bytes, prefix: str) -> Statement:
    """Hikvision: metadata in JSON, or an EventNotificationAlert in XML."""
    heard = hikvision.decode(leaf, payload)
    if payload.lstrip()[:1] == b"<":
        return _alert(payload, heard)
    about = inner(json_object(payload), "Metadata")
    kind, when = inner(about, "subType"), inner(about, "time")
    inner(about, "DevInfo", "channel")
    members = inner(about, "Situation")
    counts = {n: whole(v, n) for n, v in members.items() if n.lower().endswith(("num", "count"))}
    return Statement(str(kind), _dated("time", when), heard, counts)


def _alert(payload: bytes, heard: tuple[Heard, ...]) -> Statement:
    root = xml_root(payload)
    names = ("eventType", "eventState", "activePostCount", "channelID", "dateTime")
    found = {name: root.findtext(name) or "" for name in names}
    for name, text in found.items():
        if not text:
            raise Unreadable(f"{name} is missing")
    posts = whole(found["activePostCount"], "activePostCount")
    active = found["eventState"] == "active"
    when = _dated("dateTime", found["dateTime"])
    return Statement(found["eventType"], when, heard, {}, active, posts)


def of_milesight(leaf: str, payload: bytes, prefix: str) -> Statement:
    """Milesight VS121: local times with the zone beside them, a total, and counts by region."""
    body = json_object(payload)
    for name in ("device_sn", "device_mac"):
        if not str(inner(body, "device_info", name)):
            raise Unreadable(f"device_info.{name} is empty")
    times = inner(body, "time_info")
    zone = _zone(inner(times, "timezone"))
    interval = body.get("report_type") == "interval"
    when = _local(inner(times, "end_time" if interval else "time"), zone)
    begin = _local(inner(times, "start_time"), zone) if interval else None
    most = frozenset(body) & {"max_counted", "Max_counted"}
    counts = {n: whole(inner(body, n), n) for n in ("current_total", *most)}
    regions = body.get("current_counted")
    if regions is not None:
        counts["current_counted"] = sum(whole(n, "current_counted") for n in regions)
    kind = f"{inner(body, 'event')}, {'interval' if interval else 'trigger'}"
    heard = milesight.decode(leaf, payload)
    return Statement(kind, when, heard, counts, members=most, begin=begin)


READS: Mapping[str, Read] = {
    "onvif": of_onvif,
    "axis": of_axis,
    "hikvision": of_hikvision,
    "milesight": of_milesight,
}


def whole_ms(value: Any) -> int:
    """Milliseconds since 1970; Unreadable for anything else."""
    if type(value) is not int or not 0 < value < 10**14:
        raise Unreadable(f"timestamp is {value!r:.40}, not milliseconds since 1970")
    return value


def _dated(name: str, text: Any) -> datetime:
    """A time in ISO 8601 with its offset."""
    try:
        when = datetime.fromisoformat(str(text))
    except ValueError:
        raise Unreadable(f"{name} is {text!r:.40}, not a time") from None
    if when.tzinfo is None:
        raise Unreadable(f"{name} is {text!r:.40}, without an offset")
    return when


def _zone(text: Any) -> timezone:
    found = _ZONE.fullmatch(str(text))
    if found is None:
        raise Unreadable(f"timezone is {text!r:.40}, not as UTC+8:00")
    minutes = 60 * int(found[2]) + int(found[3])
    return timezone(timedelta(minutes=-minutes if found[1] == "-" else minutes))


def _local(text: Any, zone: timezone) -> datetime:
    """A local time without an offset, as the maker writes it."""
    try:
        return datetime.strptime(str(text), _LOCAL).replace(tzinfo=zone)
    except ValueError:
        raise Unreadable(f"{text!r:.40} is not a time as 2022/12/20 18:15:52") from None
