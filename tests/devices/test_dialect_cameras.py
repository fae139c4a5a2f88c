"""Cameras of other makes on the broker: what each says of the same people, and how it repeats."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from controller.interface.cameras.dialects import camera_filters, prefix_of
from controller.interface.files import BadFile
from controller.interface.points import PointList
from devices.bank import Bank
from devices.exchange import Exchange
from devices.links import Links
from scenarios.catalog import SITES
from tests.devices.plant import SLICE_MS, World

POINTS = "count: {topic: state/count, as: number}"
CROWD = POINTS + ", crowd: {topic: state/crowd, as: bool}"
SITE = f"""
points: 1
site: makes
mqtt: {{host: 127.0.0.1, port: 11899}}
devices:
  - {{id: cam-o, kind: camera, at: hall, sees: [hall], bus: mqtt, dialect: onvif, prefix: Gate/Cam1,
     points: {{{CROWD}}}}}
  - {{id: cam-a, kind: camera, at: hall, sees: [hall], bus: mqtt, dialect: axis,
     points: {{{CROWD}}}}}
  - {{id: cam-h, kind: camera, at: hall, sees: [hall], bus: mqtt, dialect: hikvision,
     points: {{{CROWD}}}}}
  - {{id: cam-m, kind: camera, at: hall, sees: [hall], bus: mqtt, dialect: milesight,
     points: {{{POINTS}}}}}
"""


class Gallery:
    """The four cameras in motion, and everything that the broker was told."""

    def __init__(self, folder: Path) -> None:
        (folder / "points.yaml").write_text(SITE)
        self.points = PointList.load(folder / "points.yaml")
        self.world = World()
        self.bank = Bank(self.points, self.world, 7, lambda *a, **k: None)
        self.exchange = Exchange()
        self.exchange.connect("all", None, ["#"])
        self.links = Links(self.bank.stations, self.exchange)
        self.now = 0
        self.heard: list[tuple[str, bytes]] = []

    def run(self, seconds: int) -> None:
        for _ in range(seconds * 1000 // SLICE_MS):
            self.bank.advance(self.now)
            self.links.flush(self.now)
            self.heard += self.exchange.take("all")
            self.now += SLICE_MS

    def crowd(self, people: int, density: float) -> None:
        self.world.values["hall", "people"] = people
        self.world.values["hall", "density_per_m2"] = density

    def said(self, device: str) -> list[tuple[str, bytes]]:
        prefix = prefix_of(self.points.devices[device]) + "/"
        return [(t.removeprefix(prefix), p) for t, p in self.heard if t.startswith(prefix)]


@pytest.fixture
def gallery(tmp_path: Path) -> Gallery:
    return Gallery(tmp_path)


def test_nothing_goes_under_our_own_topics(gallery: Gallery) -> None:
    gallery.run(12)
    assert gallery.heard
    assert not [topic for topic, _ in gallery.heard if topic.startswith("cs/")]
    assert {t.split("/")[0] for t, _ in gallery.heard} == {"Gate", "axis", "hikvision", "milesight"}


def test_an_alarm_that_lasts_is_posted_again_and_again(gallery: Gallery) -> None:
    gallery.run(5)
    gallery.crowd(30, 4.0)
    gallery.run(5 + 10)
    gallery.crowd(2, 0.1)
    gallery.run(10)
    alerts = [p for _, p in gallery.said("cam-h") if b"personDensityDetection<" in p]
    counts = [int(p.split(b"<activePostCount>")[1].split(b"<")[0]) for p in alerts]
    assert counts == list(range(1, len(alerts) + 1)), "duplicates that only the count tells apart"
    assert 8 <= len(alerts) <= 14
    states = [b">active<" in p for p in alerts]
    assert states == [True] * (len(alerts) - 1) + [False]
    beats = [p for _, p in gallery.said("cam-h") if b"videoloss" in p]
    assert len(beats) == 3
    assert all(b"<activePostCount>0<" in p and b">inactive<" in p for p in beats)


def test_onvif_says_a_crowd_once_and_counts_as_texts(gallery: Gallery) -> None:
    gallery.run(5)
    gallery.crowd(30, 4.0)
    gallery.run(5 + 5)
    crowds = [json.loads(p) for t, p in gallery.said("cam-o") if "ct:CrowdDetector" in t]
    assert [body["Data"] for body in crowds] == [{"IsCrowded": "true"}]
    counts = [json.loads(p)["Data"]["Count"] for t, p in gallery.said("cam-o") if "Counter" in t]
    assert {type(count) for count in counts} == {str}
    assert 20 <= int(counts[-1]) <= 30


def test_axis_states_stay_in_the_broker_and_others_do_not(gallery: Gallery) -> None:
    gallery.crowd(3, 0.1)
    gallery.run(5)
    late = gallery.exchange
    late.connect("late", None, ["#"])
    kept = {topic.rpartition("/")[2] for topic, _ in late.take("late")}
    assert kept == {"Device1Scenario1", "connection"}


def test_milesight_reports_changes_and_intervals(gallery: Gallery) -> None:
    gallery.crowd(5, 0.1)
    gallery.run(130)
    reports = [json.loads(p) for t, p in gallery.said("cam-m") if t == "report"]
    intervals = [r for r in reports if r.get("report_type") == "interval"]
    assert len(intervals) == 4, "two reports in each of two minutes"
    assert ["max_counted" in r for r in intervals] == [True, False, True, False]
    assert intervals[0]["time_info"]["start_time"].startswith("2025/09/01 08:00:")
    assert len(reports) > len(intervals)


def test_a_will_says_that_it_is_gone(gallery: Gallery) -> None:
    gallery.run(3)
    gallery.bank.fault(gallery.now, "cam-a", "off")
    gallery.run(2)
    told = [p for t, p in gallery.said("cam-a") if t == "connection"]
    assert told == [b'{"connected":true}', b'{"connected":false}']


def test_filters_ask_for_nothing_else(gallery: Gallery) -> None:
    asked = camera_filters(gallery.points.devices.values())
    assert "Gate/Cam1/onvif-ej/RuleEngine/CountAggregation/OccupancyCounter/+/+/+" in asked
    assert not [pattern for pattern in asked if "#" in pattern]


WRONG = [
    ("dialect: axis", "dialect: axs", "no such dialect: 'axs'", "axis"),
    ("dialect: axis", "dialct: axis", "unknown key 'dialct'", "dialect"),
    ("dialect: axis", "prefix: a/b", "a prefix goes with a dialect", ""),
    ("dialect: axis", "dialect: milesight", "does not tell 'crowd'", ""),
    ("dialect: axis", "dialect: axis, prefix: Gate/Cam1", "is already that of cam-o", ""),
    ("dialect: axis", "dialect: axis, prefix: cs/1", "topics under cs/", ""),
]


@pytest.mark.parametrize(("was", "now", "message", "hint"), WRONG)
def test_what_is_wrong_is_told(tmp_path: Path, was: str, now: str, message: str, hint: str) -> None:
    (tmp_path / "points.yaml").write_text(SITE.replace(was, now))
    with pytest.raises(BadFile) as bad:
        PointList.load(tmp_path / "points.yaml")
    found = [p for p in bad.value.problems if message in p.message]
    assert found, str(bad.value)
    assert found[0].suggestion == hint


CHANNELS = [
    ("34020000001320000001", "34020000001180000001", "digits 11 to 13 are 118"),
    ("34020000001320000001", "3402000000132", "should match pattern"),
    ("34020000001320000002", "34020000001320000001", "is already that of cam-onvif"),
    ("host: 127.0.0.1, port: 5060", "host: video.school, port: 5060", "should match pattern"),
    ("keepalive_s: 60", "keepalive_s: 1", "greater than or equal to 5"),
    ("keepalive_s: 60", "keepalives_s: 60", "unknown key 'keepalives_s'"),
]


@pytest.mark.parametrize(("was", "now", "message"), CHANNELS)
def test_what_is_wrong_with_a_platform_is_told(
    tmp_path: Path, was: str, now: str, message: str
) -> None:
    text = (SITES / "vendor-hall" / "points.yaml").read_text("utf-8")
    assert was in text
    (tmp_path / "points.yaml").write_text(text.replace(was, now), "utf-8")
    with pytest.raises(BadFile, match=message):
        PointList.load(tmp_path / "points.yaml")
