"""The alarm table and the rule packs, held against what the codes and the field say."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from controller.alarms import Alarms
from controller.alarmtable import (
    LATCHED,
    POINT,
    STANDING,
    ZONE,
    PointEvent,
    PointState,
    ZoneEvent,
    ZoneState,
)
from controller.interface.kinds import KINDS
from controller.interface.points import PointList, Quality
from controller.matrix import Confirm
from controller.rulepacks import PACKS
from tests.controller.conftest import POINTS


class Site:
    """Alarms by a rule pack; `say` is what a device reports at a second."""

    def __init__(self, points, pack="gb50116", **settings):
        confirm = Confirm(300_000, True, True, pack=PACKS[pack])
        self.alarms = Alarms(points, replace(confirm, **settings))
        for device in self.alarms.devices:
            self.say(device, "normal", 0)

    def say(self, device, value, second, quality=Quality.GOOD):
        return self.alarms.update(f"{device}.state", value, quality, round(second * 1000))

    def tick(self, second):
        return [(e.entity, e.what, e.by) for e in self.alarms.tick(round(second * 1000))]

    def zone(self, name="a"):
        return self.alarms.zones[name]


def test_nothing_leaves_alarm_but_by_the_reset():
    for state, event in product(LATCHED, PointEvent):
        step = POINT.get((state, event))
        if step is not None and PointState(step.to) not in LATCHED:
            assert event in (PointEvent.RESET, PointEvent.LETS_GO)


def test_no_point_is_reset_while_its_input_stands():
    assert not [s for s in STANDING if (s, PointEvent.RESET) in POINT]


def test_every_alarm_input_leads_to_a_standing_alarm_from_any_state_without_one():
    for state in set(PointState) - STANDING:
        assert PointState(POINT[state, PointEvent.RISES].to) is PointState.ALARM


def test_a_confirmed_zone_is_left_by_the_reset_only_and_reached_from_everywhere():
    assert [e for s, e in ZONE if s is ZoneState.CONFIRMED] == [ZoneEvent.RESET]
    for state in set(ZoneState) - {ZoneState.CONFIRMED}:
        assert ZONE[state, ZoneEvent.CONFIRMS].to == ZoneState.CONFIRMED


def test_every_state_that_has_a_clock_ends_in_a_fire():
    for state in (ZoneState.WAITING, ZoneState.INVESTIGATING):
        assert ZONE[state, ZoneEvent.CLOCK].to == ZoneState.CONFIRMED


@pytest.mark.parametrize(("pack", "fire"), [("gb50116", False), ("nfpa72", True), ("en54", True)])
def test_a_call_point_alone(points, pack, fire):
    site = Site(points, pack)
    site.say("mcp-1", "alarm", 1)
    assert bool(site.zone().confirmed) is fire
    assert not site.zone().certain, "one device is one device"


def test_gb_counts_a_call_point_as_one_of_two(points):
    site = Site(points)
    site.say("mcp-1", "alarm", 1)
    site.say("sd-1", "alarm", 2)
    assert site.zone().confirmed == ("mcp-1", "sd-1")
    assert site.zone().certain


def test_nfpa_nobody_acknowledges_within_15_s(points):
    site = Site(points, "nfpa72")
    site.say("sd-1", "alarm", 10)
    assert site.tick(24.999) == []
    assert site.tick(25) == [("a", "confirmed", "not acknowledged")]


def test_nfpa_180_s_to_look_from_the_acknowledgement(points):
    site = Site(points, "nfpa72")
    site.say("sd-1", "alarm", 10)
    site.alarms.acknowledge(["a"], 20_000)
    assert site.zone().state is ZoneState.INVESTIGATING
    assert site.tick(199.999) == []
    assert site.tick(200) == [("a", "confirmed", "not dismissed")]


def test_nfpa_a_second_detector_anywhere_ends_the_sequence(points):
    site = Site(points, "nfpa72")
    site.say("sd-1", "alarm", 10)
    site.say("sd-3", "alarm", 12)
    assert (site.zone("a").confirmed, site.zone("b").confirmed) == (("sd-1",), ("sd-3",))


def test_en54_waits_for_nobody_unless_somebody_is_sent(points):
    site = Site(points, "en54")
    site.say("sd-1", "alarm", 10)
    assert site.zone().state is ZoneState.ALARM
    assert site.tick(3600) == []


def test_an_open_window_does_not_count_its_end(points):
    for closed in (True, False):
        site = Site(points, closed=closed)
        site.say("sd-1", "alarm", 1)
        site.say("sd-1", "normal", 2)
        site.say("sd-2", "alarm", 301)
        assert bool(site.zone().confirmed) is closed


def test_an_expired_first_is_no_first_any_more(points):
    site = Site(points)
    site.say("sd-1", "alarm", 1)
    site.say("sd-1", "normal", 2)
    site.say("sd-2", "alarm", 400)
    site.say("sd-2", "normal", 401)
    site.say("mcp-1", "alarm", 450)
    assert site.zone().confirmed == ("sd-2", "mcp-1"), "sd-2 is the first now"


def test_one_head_by_two_ways_is_one_head(tmp_path):
    text = POINTS.replace("id: sd-2, kind", "id: sd-2, same-as: sd-1, kind")
    (tmp_path / "points.yaml").write_text(text)
    site = Site(PointList.load(tmp_path / "points.yaml"))
    site.say("sd-1", "alarm", 1)
    site.say("sd-2", "alarm", 2)
    assert site.zone().confirmed == ()
    site.say("mcp-1", "alarm", 3)
    assert site.zone().confirmed == ("sd-1", "sd-2", "mcp-1")


def test_nfpa_one_head_by_two_ways_does_not_end_its_own_sequence(tmp_path):
    text = POINTS.replace("id: sd-2, kind", "id: sd-2, same-as: sd-1, kind")
    (tmp_path / "points.yaml").write_text(text)
    site = Site(PointList.load(tmp_path / "points.yaml"), "nfpa72")
    site.say("sd-1", "alarm", 1)
    site.say("sd-2", "alarm", 2)
    assert site.zone().confirmed == ()
    assert site.zone().state is ZoneState.WAITING


@pytest.mark.parametrize(("second", "fire"), [(250, True), (251, False)])
def test_the_window_goes_on_over_a_restart(points, second, fire):
    before = Site(points)
    before.say("sd-1", "alarm", 100)
    before.say("sd-1", "normal", 101)
    after = Site(points)
    after.alarms.restore(before.alarms.capture(), lambda at_ms: at_ms - 150_000)
    after.say("sd-2", "alarm", second)
    assert bool(after.zone().confirmed) is fire, "300 s, of which 50 s were over"


def test_t_clear_runs_from_the_last_input_that_became_normal(points):
    site = Site(points, clear_ms=5000)
    site.say("sd-1", "alarm", 1)
    site.say("sd-1", "normal", 2)
    site.say("sd-2", "normal", 3, Quality.FAULT)
    site.say("sd-2", "normal", 4)
    assert site.alarms.reset(8999) == []
    assert site.alarms.reset(9000) != []


def test_one_heat_detector_is_certain(points):
    site = Site(points)
    site.say("sd-3", "alarm", 1)
    assert site.zone("b").certain
    site.say("sd-1", "alarm", 1)
    assert not site.zone("a").certain


def test_the_voice_zones_of_the_catalogue_keep_the_times_of_gb50116():
    pack = PACKS["gb50116"]
    timing = KINDS["pa-zone"].timing
    tone, voice = pack.tone, pack.voice
    assert tone[0].ms <= timing["tone"].low_ms <= timing["tone"].high_ms <= tone[1].ms
    for phrase in ("evacuate", "lockdown", "drill", "test"):
        one = timing[phrase]
        assert voice[0].ms <= one.low_ms <= one.high_ms <= voice[1].ms
