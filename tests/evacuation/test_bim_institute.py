"""The KIT institute as a site: an imported building that is furnished, heard, and fits together."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from controller import matrix
from twin.plan import Plan
from twin.site import Site
from twin.sound import Sound

FOLDER = Path(__file__).parents[2] / "scenarios" / "sites" / "kit-institute"
PERIODS = ("workday", "evening")


@pytest.fixture(scope="module")
def site() -> Site:
    return Site.load(FOLDER)


def test_the_four_files_agree(site):
    assert matrix.check(site.matrix, site.points) == []
    assert {space for space, _ in site.floor.unreachable()} == {"s3.r402", "s3.r403"}


def test_it_has_one_stair_one_exit_and_82_rooms(site):
    kinds = Counter(space.kind for space in site.floor.spaces.values())
    assert site.floor.exits == ("s0.x117",)
    assert kinds["stair"] == 4
    assert sum(kinds.values()) - kinds["stair"] - kinds["street"] == 82


def test_the_io_list_has_every_kind_of_device_behind_four_gateways(site):
    kinds = Counter(device.kind for device in site.points.devices.values())
    assert len(site.points.points) >= 120
    assert set(site.points.gateways) == {"fire-1", "doors-1", "sounders-1", "lights-1"}
    assert kinds["fire-panel"] == kinds["duty-desk"] == 1
    assert kinds["door-holder"] == 8
    for kind in ("smoke-detector", "call-point", "door-lock", "sounder", "pa-zone", "camera"):
        assert kinds[kind] > 4, kind
    for kind in ("exit-sign", "emergency-light"):
        assert kinds[kind] > 4, kind


def test_every_room_but_the_toilets_has_a_detector(site):
    kinds = ("smoke-detector", "heat-detector")
    watched = {device.at for device in site.points.devices.values() if device.kind in kinds}
    rooms = {
        space.id: space.use
        for space in site.floor_file.spaces
        if space.kind not in ("stair", "street")
    }
    assert {rooms[room] for room in rooms.keys() - watched} == {"toilet"}


def test_everybody_hears_a_sounder_even_with_the_fire_doors_closed(site):
    plan = Plan.of(site.floor_file)
    devices = site.points.devices.values()
    sounding = {one.id: plan.place[one.at] for one in devices if one.kind == "sounder"}
    closed = np.zeros(len(plan.portals), dtype=np.bool_)
    closed[[plan.gate[one.portal] for one in devices if one.kind == "door-holder"]] = True
    heard = {place for places in Sound(plan).heard(sounding, closed).values() for place in places}
    occupied = {group.place(period) for group in site.people.groups for period in PERIODS} - {""}
    assert occupied <= heard


def test_the_day_is_full_and_the_evening_is_not(site):
    count = {
        period: sum(
            group.count + (group.leader.count if group.leader else 0)
            for group in site.people.groups
            if group.place(period)
        )
        for period in PERIODS
    }
    assert 150 <= count["workday"] <= 250
    assert 0 < count["evening"] < count["workday"] / 2


def test_a_confirmed_fire_on_any_storey_moves_everything(site):
    rules = matrix.load(site.matrix, site.points).rules
    effects = {"desk-fire", "sounders", "voice", "locks", "fire-doors", "lights", "signs"}
    for zone in ("b1", "s0", "s1", "s2", "s3", "st1"):
        assert {rule.effect for rule in rules if rule.cause == f"fire-{zone}"} == effects
        assert {rule.effect for rule in rules if rule.cause == f"first-{zone}"} == {"desk-first"}
