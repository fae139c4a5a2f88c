"""MANSCDP: what GB/T 28181 says in the bodies of SIP messages, XML in GB2312.

Catalogues go in several messages, each with the number of all channels (`SumNum`), so that a
datagram stays below what a network carries in one piece.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape

from controller.interface.bounded import Unreadable, xml_root

CONTENT_TYPE = "Application/MANSCDP+xml"
CHANNELS_PER_MESSAGE = 2
VIDEO_METHOD = 5
ALARM_TYPES = {"line": 5, "intrusion": 6, "loitering": 8, "crowd": 10}
"""AlarmType for AlarmMethod 5, video: tripwire, intrusion, loitering, density (m)."""

PRIORITIES = {"crowd": 2, "intrusion": 1, "line": 3, "loitering": 3}
"""AlarmPriority: 1 is the most urgent of four; which alarm has which is the site's choice."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A camera on the platform: 20-digit id and name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Query:
    """What the platform wants: `kind` Query, Control, Response or Notify, and which command."""

    kind: str
    command: str
    number: str
    device: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm of a channel, ready to be told; `what` is a key of ALARM_TYPES."""

    channel: str
    what: str
    when: datetime


def read(body: bytes) -> Query | None:
    """The command in a body; None for anything that is not one."""
    try:
        root = xml_root(body)
    except Unreadable:
        return None
    number, device = root.findtext("SN", ""), root.findtext("DeviceID", "")
    command = root.findtext("CmdType", "")
    if not command or not number.isascii() or not number.isdigit() or len(number) > 10:
        return None
    return Query(root.tag, command, number, device)


def keepalive(number: int, device: str) -> bytes:
    """Still there."""
    return _document("Notify", "Keepalive", str(number), device, "<Status>OK</Status>")


def catalogue(
    number: str, device: str, channels: Sequence[tuple[Channel, bool]]
) -> tuple[bytes, ...]:
    """All channels with whether they are on, in as many messages as it takes; one if there are
    none.
    """
    step = CHANNELS_PER_MESSAGE
    parts = [channels[at : at + step] for at in range(0, len(channels), step)] or [()]
    return tuple(
        _document(
            "Response", "Catalog", number, device,
            f'<SumNum>{len(channels)}</SumNum><DeviceList Num="{len(part)}">'
            + "".join(_item(device, *one) for one in part)
            + "</DeviceList>",
        )
        for part in parts
    )  # fmt: skip


def alarm(number: int, told: Alarm) -> bytes:
    """Something happens in front of a camera."""
    inside = (
        f"<AlarmPriority>{PRIORITIES[told.what]}</AlarmPriority>"
        f"<AlarmMethod>{VIDEO_METHOD}</AlarmMethod>"
        f"<AlarmTime>{told.when:%Y-%m-%dT%H:%M:%S}</AlarmTime>"
        f"<AlarmDescription>{told.what}</AlarmDescription>"
        f"<Info><AlarmType>{ALARM_TYPES[told.what]}</AlarmType></Info>"
    )
    return _document("Notify", "Alarm", str(number), told.channel, inside)


def information(number: str, device: str, channels: int) -> bytes:
    """What the device is."""
    inside = (
        "<Result>OK</Result><Manufacturer>campus-twin</Manufacturer><Model>emulated</Model>"
        f"<Firmware>1.0</Firmware><Channel>{channels}</Channel>"
    )
    return _document("Response", "DeviceInfo", number, device, inside)


def state(number: str, device: str) -> bytes:
    """How the device is."""
    inside = "<Result>OK</Result><Online>ONLINE</Online><Status>OK</Status>"
    return _document("Response", "DeviceStatus", number, device, inside)


def refusal(query: Query, device: str) -> bytes:
    """A command that this device does not know."""
    return _document("Response", query.command, query.number, device, "<Result>ERROR</Result>")


def _item(parent: str, channel: Channel, on: bool) -> str:
    members = {
        "DeviceID": channel.id,
        "Name": channel.name,
        "Manufacturer": "campus-twin",
        "Model": "emulated",
        "Owner": "Owner",
        "CivilCode": channel.id[:6],
        "Address": channel.name,
        "Parental": "0",
        "ParentID": parent,
        "SafetyWay": "0",
        "RegisterWay": "1",
        "Secrecy": "0",
        "Status": "ON" if on else "OFF",
    }
    return f"<Item>{''.join(f'<{k}>{escape(v)}</{k}>' for k, v in members.items())}</Item>"


def _document(kind: str, command: str, number: str, device: str, inside: str) -> bytes:
    text = (
        '<?xml version="1.0" encoding="GB2312"?>\r\n'
        f"<{kind}><CmdType>{escape(command)}</CmdType><SN>{number}</SN>"
        f"<DeviceID>{device}</DeviceID>{inside}</{kind}>\r\n"
    )
    return text.encode("gb2312", "xmlcharrefreplace")
