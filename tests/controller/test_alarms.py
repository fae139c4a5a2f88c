"""Alarm states in the field's words: first alarm, coincidence, window, latch, reset."""

from __future__ import annotations

import pytest

from controller.alarms import Alarms
from controller.interface.points import PointList, Quality
from controller.matrix import Confirm

GOOD = Quality.GOOD


class Site:
    """Alarms under test; `say` is what a device reports."""

    def __init__(self, points, window_s=300, call_point_counts=True, latch=True):
        self.alarms = Alarms(points, Confirm(window_s * 1000, call_point_counts, latch))
        for device in ("sd-1", "sd-2", "mcp-1", "mcp-2", "sd-3", "sd-4"):
            self.say(device, "normal", 0)

    def say(self, device, value, second, quality=GOOD):
        now = round(second * 1000)
        events = self.alarms.update(f"{device}.state", value, quality, now)
        return [(event.entity, event.what) for event in events]

    @property
    def zone(self):
        return self.alarms.zones["a"]


@pytest.fixture
def site(points):
    return Site(points)


def test_one_detector_is_a_first_alarm_not_a_fire(site):
    assert site.say("sd-1", "alarm", 1) == [("sd-1", "alarm"), ("a", "alarm")]
    assert site.zone.detectors == ("sd-1",)
    assert site.zone.confirmed == ()


def test_two_detectors_of_a_zone_are_a_fire(site):
    site.say("sd-1", "alarm", 1)
    assert ("a", "confirmed") in site.say("sd-2", "alarm", 20)
    assert site.zone.confirmed == ("sd-1", "sd-2")


def test_two_detectors_of_two_zones_are_none(site):
    site.say("sd-1", "alarm", 1)
    assert ("b", "confirmed") not in site.say("sd-3", "alarm", 2)


def test_one_detector_twice_is_one_detector(site):
    site.say("sd-1", "alarm", 1)
    site.say("sd-1", "normal", 2)
    assert ("a", "confirmed") not in site.say("sd-1", "alarm", 3)


def test_a_call_point_confirms_a_detector_but_not_another_call_point(site):
    site.say("mcp-1", "alarm", 1)
    assert ("a", "confirmed") not in site.say("mcp-2", "alarm", 2)
    assert ("a", "confirmed") in site.say("sd-1", "alarm", 3)


def test_a_call_point_need_not_count(points):
    site = Site(points, call_point_counts=False)
    site.say("mcp-1", "alarm", 1)
    assert ("a", "confirmed") not in site.say("sd-1", "alarm", 3)


@pytest.mark.parametrize(("second", "confirms"), [(301, True), (301.001, False)])
def test_the_window_includes_its_end(site, second, confirms):
    site.say("sd-1", "alarm", 1)
    site.say("sd-1", "normal", 2)
    assert (("a", "confirmed") in site.say("sd-2", "alarm", second)) is confirms


def test_two_that_stand_together_confirm_however_late(site):
    site.say("sd-1", "alarm", 1)
    assert ("a", "confirmed") in site.say("sd-2", "alarm", 4000)


def test_an_alarm_latches_until_reset(site):
    site.say("sd-1", "alarm", 1)
    site.say("sd-1", "normal", 9)
    assert site.zone.detectors == ("sd-1",)
    assert [e.what for e in site.alarms.reset(99_000)] == ["reset", "reset"]
    assert site.zone.detectors == ()


def test_reset_is_refused_while_a_device_stands(site):
    site.say("sd-1", "alarm", 1)
    assert site.alarms.reset(99_000) == []


@pytest.mark.parametrize("quality", [Quality.STALE, Quality.FAULT, Quality.UNKNOWN])
def test_unknown_is_not_normal_and_blocks_the_reset(site, quality):
    site.say("sd-1", "alarm", 1)
    site.say("sd-1", "normal", 5)
    site.say("sd-2", "normal", 6, quality)
    assert site.alarms.reset(99_000) == []


def test_a_disabled_device_neither_alarms_nor_blocks(site):
    assert site.say("sd-1", "alarm", 1, Quality.DISABLED) == []
    site.say("sd-2", "alarm", 2)
    site.say("sd-2", "normal", 3)
    assert site.alarms.reset(99_000) != []


def test_an_alarm_from_a_device_in_trouble_counts(site):
    site.say("sd-1", "alarm", 1, Quality.FAULT)
    assert ("a", "confirmed") in site.say("sd-2", "alarm", 2, Quality.FAULT)


def test_after_a_reset_the_first_is_forgotten(site):
    site.say("sd-1", "alarm", 1)
    site.say("sd-1", "normal", 2)
    site.alarms.reset(99_000)
    assert ("a", "confirmed") not in site.say("sd-2", "alarm", 3)


def test_a_device_that_goes_silent_keeps_its_alarm(site):
    site.say("sd-1", "alarm", 1)
    site.say("sd-1", "alarm", 2, Quality.STALE)
    assert ("a", "confirmed") in site.say("sd-2", "alarm", 900)


def test_without_latching_the_zone_follows(points):
    site = Site(points, latch=False)
    site.say("sd-1", "alarm", 1)
    assert site.say("sd-1", "normal", 5) == [("sd-1", "reset"), ("a", "reset")]


def test_prealarm_and_fault_are_told_once(site):
    assert site.say("sd-1", "prealarm", 1) == [("sd-1", "prealarm")]
    assert site.say("sd-1", "prealarm", 2) == []
    assert site.say("sd-1", "prealarm", 3, Quality.FAULT) == [("sd-1", "fault")]
    assert site.zone.faulty == ("sd-1",)


class Counted(list):
    """A zone's devices; counts how often somebody walks through all of them."""

    walks = 0

    def __iter__(self):
        self.walks += 1
        return super().__iter__()


def huge(count: int) -> str:
    """The I/O list of a zone of so many smoke detectors."""
    line = (
        "  - {{id: d{0}, kind: smoke-detector, at: a, zone: z, gateway: g,\n"
        "     points: {{state: {{holding: {0}, as: loop}}}}}}\n"
    )
    head = (
        "points: 1\nsite: huge\nmqtt: {host: 127.0.0.1, port: 11883}\ngateways:\n"
        "  - {id: g, profile: fire-panel, host: 127.0.0.1, port: 15020, at: a}\ndevices:\n"
    )
    return head + "".join(line.format(n) for n in range(count))


@pytest.mark.parametrize("count", [10, 150])
def test_what_a_zone_costs_grows_with_its_devices_not_with_their_square(tmp_path, count):
    (tmp_path / "points.yaml").write_text(huge(count))
    alarms = Alarms(PointList.load(tmp_path / "points.yaml"), Confirm(300_000, True, True))
    zone = alarms.zones["z"]
    zone.devices = devices = Counted(zone.devices)
    for value in ("normal", "prealarm", "alarm", "normal"):
        for number in range(count):
            alarms.update(f"d{number}.state", value, Quality.GOOD, 1000)
    assert zone.confirmed == ("d0", "d1")
    assert devices.walks <= 3, "the first two alarms look for partners, and nobody after them"
    assert (len(zone.detectors), zone.warned, zone.faulty) == (count, (), ())
    assert devices.walks <= 6, "listed once, however often it is asked for"
