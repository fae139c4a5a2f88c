"""Messages of cameras of other makes: as their documents print them, and as nobody should send."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controller.interface.bounded import MOST_BYTES, Unreadable, xml_root
from controller.interface.cameras import axis, hikvision, milesight, onvif
from controller.interface.cameras.dialects import CAMERA_DIALECTS, connected, understand
from controller.interface.cameras.telling import Heard, Plate, Told
from controller.interface.points import Value

HERE = timezone(timedelta(hours=8))
NOON = datetime(2025, 9, 1, 12, 0, 0, 321_000, HERE)
PLATE = Plate("369362028335", "44:19:b6:6d:24:85", "10.17.133.46")
COUNT, CROWD = (
    f"onvif-ej/{onvif.TOPICS['count']}/&1/1/O",
    f"onvif-ej/{onvif.TOPICS['crowd']}/&1/1/C",
)
LINE = f"onvif-ej/{onvif.TOPICS['line-out']}"
ALERT = hikvision.encode_alert(Told("crowd", True, NOON), PLATE, 3).payload


def test_the_onvif_example_byte_for_byte() -> None:
    """ONVIF Core specification: a person crosses MyImportantFence1."""
    when = datetime(2008, 10, 10, 14, 24, 57, 321_000, timezone(timedelta(hours=2)))
    source = {"VideoSource": "1", "AnalyticsConfiguration": "2", "Rule": "MyImportantFence1"}
    told = onvif.encode_event("RuleEngine/LineDetector/Crossed", when, source, {"ObjectId": "15"})
    assert told.leaf == "onvif-ej/RuleEngine/LineDetector/Crossed/&1/2/MyImportantFence1"
    assert told.payload.decode() == (
        '{"UtcTime":"2008-10-10T12:24:57.321Z","Source":{"VideoSource":"1",'
        '"AnalyticsConfiguration":"2","Rule":"MyImportantFence1"},"Data":{"ObjectId":"15"}}'
    )


READS = [
    ("onvif", COUNT, '{"Data":{"Count":"12"}}', ("count", 12)),
    ("onvif", COUNT, '{"Data":{"Count":12}}', ("count", 12)),
    ("onvif", CROWD, '{"Data":{"IsCrowded":"true"}}', ("crowd", True)),
    ("onvif", CROWD, '{"Data":{"IsCrowded":false}}', ("crowd", False)),
    ("axis", f"{axis.EVENTS}/Device1Scenario1",
     '{"topic":"axis:x","timestamp":1700000000123,"serial":"ACCC8E012345","message":'
     '{"source":{},"key":{},"data":{"active":"1","classTypes":"human","total":"37"}}}',
     ("count", 37)),
    ("axis", f"{axis.EVENTS}/Device1Scenario2",
     '{"message":{"source":{},"key":{},"data":{"active":"0"}}}', ("crowd", False)),
    ("hikvision", "event",
     '{"Metadata":{"type":"ruleTarget","subType":"framesPeopleCounting",'
     '"time":"2017-01-01T00:00:00+08:00","DevInfo":{"channel":"1"},'
     '"Situation":{"personCount":0}}}', ("count", 0)),
    ("hikvision", "event",
     '<EventNotificationAlert version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema">'
     "<channelID>1</channelID><activePostCount>7</activePostCount><eventType>"
     "personDensityDetection</eventType><eventState>active</eventState>"
     "</EventNotificationAlert>", ("crowd", True)),
    ("onvif", f"{LINE}/&1/2/Out", '{"UtcTime":"12:00","Data":{"ObjectId":"15"}}',
     ("line-out", 1, "15 12:00")),
    ("onvif", f"{LINE}/&1/2/In", '{"Data":{"ObjectId":15}}', ("line-in", 1, "15 ")),
    ("onvif", f"onvif-ej/{onvif.TOPICS['loitering']}/&1/1/L",
     '{"Data":{"ObjectId":"7","IsLoitering":"true"}}', ("loitering", True, "7")),
    ("onvif", f"onvif-ej/{onvif.TOPICS['intrusion']}/&1/1/F",
     '{"Data":{"IsInside":false,"ObjectId":"7"}}', ("intrusion", False, "7")),
    ("axis", f"{axis.EVENTS}/Device1Scenario3",
     '{"timestamp":17,"message":{"data":{"active":"1","objectId":"37"}}}',
     ("line-out", 1, "37 17")),
    ("axis", f"{axis.EVENTS}/Device1Scenario5",
     '{"message":{"data":{"active":"0","objectId":"37"}}}', ("loitering", False, "37")),
    ("hikvision", "event",
     "<EventNotificationAlert><activePostCount>9</activePostCount><eventType>fielddetection"
     "</eventType><eventState>active</eventState></EventNotificationAlert>", ("intrusion", 1)),
    ("hikvision", "event",
     "<EventNotificationAlert><activePostCount>1</activePostCount><eventType>loitering"
     "</eventType><eventState>inactive</eventState></EventNotificationAlert>", ("loitering", 0)),
    ("milesight", "report",
     '{"event":"Region People Counting","report_type":"interval","current_total":10,'
     '"max_counted":12,"total_mapped_regions":2}', ("count", 10)),
    ("milesight", "report",
     '{"event":"Region People Counting","current_total":10,"Max_counted":12,'
     '"current_counted":[5,5]}', ("count", 10)),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "leaf", "payload", "heard"), READS)
def test_read_as_their_documents_print_them(
    dialect: str, leaf: str, payload: str, heard: tuple[str, Value, str]
) -> None:
    assert understand(dialect, leaf, payload.encode()) == (Heard(*heard),)


SILENT = [
    ("onvif", f"{LINE}/&1/2/MyImportantFence1", '{"Data":{"ObjectId":"15"}}'),
    ("axis", f"{axis.EVENTS}/Device1Scenario3",
     '{"message":{"data":{"active":"0","objectId":"37"}}}'),
    ("hikvision", "event",
     "<EventNotificationAlert><activePostCount>1</activePostCount><eventType>linedetection"
     "</eventType><eventState>active</eventState></EventNotificationAlert>"),
    ("hikvision", "event",
     '<EventNotificationAlert><activePostCount>0</activePostCount><eventType>videoloss</eventType>'
     "<eventState>inactive</eventState></EventNotificationAlert>"),
    ("hikvision", "event", '{"Metadata":{"subType":"mixedTargetDetection"}}'),
    ("milesight", "report", '{"event":"Line Crossing People Counting"}'),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "leaf", "payload"), SILENT)
def test_a_heartbeat_is_not_an_alarm(dialect: str, leaf: str, payload: str) -> None:
    assert understand(dialect, leaf, payload.encode()) == ()


WRONG = [
    ("onvif", f"{LINE}/&1/2/Out", b'{"Data":{}}', "'ObjectId' is missing"),
    ("axis", f"{axis.EVENTS}/Device1Scenario3",
     b'{"message":{"data":{"active":"1","objectId":""}}}', "objectId is"),
    ("hikvision", "event",
     b'{"Metadata":{"subType":"PeopleCounting","Situation":{"enterRegionPeopleNum":1}}}',
     "'leaveRegionPeopleNum' is missing"),
    ("onvif", COUNT, b'{"Data":{"Count":"minus"}}', "Count is 'minus', not a count"),
    ("onvif", COUNT, b'{"Data":{"Count":-1}}', "not a count"),
    ("onvif", COUNT, b'{"Data":{"Count":true}}', "not a count"),
    ("onvif", COUNT, b'{"Data":[]}', "'Count' is missing"),
    ("onvif", CROWD, b'{"Data":{"IsCrowded":"2"}}', "not true or false"),
    ("axis", f"{axis.EVENTS}/Device1Scenario1", b"{}", "'message' is missing"),
    ("milesight", "report", b"[" * 100_000, "more than 65536"),
    ("milesight", "report", b"[" * 60_000, "not JSON"),
    ("milesight", "report", b"\xff\xfe", "not JSON"),
    ("hikvision", "event", ALERT[:-20], "not XML"),
    ("hikvision", "event", ALERT[:120], "not XML"),
    ("hikvision", "event", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "not XML|declared"),
    ("hikvision", "event", b"<a>" * 20_000, "not XML"),
    ("hikvision", "event", b"<Other/>", "no EventNotificationAlert"),
    ("hikvision", "event", ALERT.replace(b">active<", b">maybe<"), "not true or false"),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "leaf", "payload", "why"), WRONG)
def test_what_cannot_be_read_is_data(dialect: str, leaf: str, payload: bytes, why: str) -> None:
    said = understand(dialect, leaf, payload)
    assert isinstance(said, str)
    assert any(part in said for part in why.split("|")), said


def test_entities_are_never_expanded() -> None:
    laughs = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">]><l>&a;</l>'
    with pytest.raises(Unreadable, match="declared"):
        xml_root(laughs)
    with pytest.raises(Unreadable, match="bytes are more"):
        xml_root(b"<a>" + b" " * MOST_BYTES + b"</a>")


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(CAMERA_DIALECTS)), st.binary(max_size=300), st.data())
def test_no_bytes_are_an_exception(dialect: str, noise: bytes, data: st.DataObject) -> None:
    leaf = data.draw(st.sampled_from(CAMERA_DIALECTS[dialect].leaves))
    cut = data.draw(st.integers(0, len(ALERT)))
    for payload in (noise, ALERT[:cut] + noise, b'{"message":' + noise, b'{"event":' + noise):
        said = understand(dialect, leaf, payload)
        assert isinstance(said, str) or all(isinstance(one, Heard) for one in said)
        assert connected(payload) in (None, True, False)


def test_milesight_spells_the_greatest_count_in_two_ways_and_has_no_offset() -> None:
    told = Told("count", 10, NOON + timedelta(minutes=1))
    first, second = milesight.encode_interval(told, PLATE, NOON, 12)
    occupancy, counts = json.loads(first.payload), json.loads(second.payload)
    assert (occupancy["max_counted"], counts["Max_counted"]) == (12, 12)
    assert "Max_counted" not in occupancy
    assert "max_counted" not in counts
    assert occupancy["time_info"] == {
        "timezone": "UTC+8:00", "dst_status": False,
        "start_time": "2025/09/01 12:00:00", "end_time": "2025/09/01 12:01:00",
    }  # fmt: skip
    assert list(occupancy)[:2] == ["event", "report_type"]
    assert "report_type" not in json.loads(milesight.encode_trigger(told, PLATE).payload)


def test_hikvision_tells_both_totals_at_once() -> None:
    told = hikvision.encode_passed(NOON, PLATE, leave=12, enter=3).payload
    assert json.loads(told)["Metadata"]["Situation"] == {
        "enterRegionPeopleNum": 3, "leaveRegionPeopleNum": 12,
    }  # fmt: skip
    assert understand("hikvision", "event", told) == (Heard("line-out", 12), Heard("line-in", 3))


def test_hikvision_and_axis_frames() -> None:
    alert = ALERT.decode()
    assert "<dateTime>2025-09-01T12:00:00+08:00</dateTime>" in alert
    assert "<activePostCount>3</activePostCount>" in alert
    body = json.loads(axis.encode(Told("line-out", True, NOON, object="37"), PLATE).payload)
    assert body == {
        "topic": "axis:CameraApplicationPlatform/ObjectAnalytics/Device1Scenario3",
        "timestamp": round(NOON.timestamp() * 1000),
        "serial": "ACCC8E6D2485",
        "message": {"source": {}, "key": {},
                    "data": {"classTypes": "human", "active": "1", "objectId": "37"}},
    }  # fmt: skip
