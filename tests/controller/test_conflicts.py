"""Who wins: interlocks, lockdown against a single alarm, signs and locked doors."""

from __future__ import annotations

import pytest

from controller import matrix
from controller.faces import BACK_MS, NO_ENTRY, OPENING_MS, Faces, show
from controller.interface.points import PointList, Quality, Sample
from scenarios.catalog import find_site
from tests.controller.test_operations import Desk

HALL = find_site("device-hall")


@pytest.fixture(scope="module")
def hall_points():
    return PointList.load(HALL / "points.yaml")


class Hall(Desk):
    """The decisions of the device hall; everything is normal and known at 0."""

    def __init__(self, points, text, tmp_path):
        path = tmp_path / "matrix.yaml"
        path.write_text(text)
        super().__init__(points, matrix.load(path, points))
        self.see("lock-1.bolt", True)
        self.at(0)

    def see(self, point, value):
        intake = self.decider.intake
        intake.now = self.now
        intake.reading(point, value, Quality.GOOD, self.now)


@pytest.fixture
def hall(hall_points, tmp_path):
    text = (HALL / "matrix.yaml").read_text()

    def build(*changes):
        changed = text
        for old, new in changes:
            assert old in changed
            changed = changed.replace(old, new)
        return Hall(hall_points, changed, tmp_path)

    return build


POLICY = "policy: verify_then_fire"
ALWAYS = [
    (f"{name},", f"{name}, in_lockdown: fire_always,") for name in ("when: confirmed", "when: flow")
]


@pytest.mark.parametrize(
    ("changes", "before", "after"),
    [
        ([], "lockdown", "evacuate"),
        ([("at_end: confirm", "at_end: wait")], "lockdown", "lockdown"),
        ([(POLICY, "policy: fire_always")], "evacuate", "evacuate"),
        ([(POLICY, "policy: operator_only"), *ALWAYS], "lockdown", "lockdown"),
    ],
)
def test_a_call_point_in_a_lockdown_by_policy(hall, changes, before, after):
    site = hall(*changes)
    site.ask("lockdown")
    site.at(10)
    site.say("mcp-1", "alarm")
    site.at(10)
    site.at(69.75)
    assert (site.out("pa-1.message"), site.out("desk-1.alarm")) == (before, "fire")
    site.at(70)
    assert site.out("pa-1.message") == after


@pytest.mark.parametrize("changes", [[], [(POLICY, "policy: operator_only"), *ALWAYS]])
def test_two_devices_or_the_operator_end_the_wait(hall, changes):
    for ends in (lambda s: s.say("sd-2", "alarm"), lambda s: s.ask("confirm", "lobby")):
        site = hall(*changes)
        site.ask("lockdown")
        site.say("mcp-1", "alarm")
        site.at(5)
        assert site.out("pa-1.message") == "lockdown"
        ends(site)
        site.at(6)
        assert site.out("pa-1.message") == "evacuate"


def test_the_end_of_a_lockdown_opens_what_waited(hall):
    site = hall()
    site.ask("lockdown")
    site.say("mcp-1", "alarm")
    site.at(5)
    site.ask("all-clear")
    assert site.out("pa-1.message") == "evacuate"


def test_the_wait_goes_on_where_it_was_after_a_restart(hall, hall_points):
    site = hall()
    site.ask("lockdown")
    site.say("mcp-1", "alarm")
    site.at(0)
    site.at(20)
    after = hall()
    after.decider.restore(site.decider.capture(), 20_000)
    after.say("mcp-1", "alarm")
    after.at(39.75)
    assert after.out("pa-1.message") is None
    after.at(40)
    assert after.out("pa-1.message") == "evacuate"


def test_a_lockdown_lets_go_of_the_lock_that_a_fire_opens_and_takes_it_back_after(hall):
    site = hall()
    site.ask("lockdown")
    assert site.out("lock-1.lockdown") is True
    site.ask("evacuate")
    assert (site.out("lock-1.lockdown"), site.out("lock-1.release")) == (False, True)
    site.ask("lockdown")
    assert site.out("lock-1.lockdown") is False
    site.ask("all-clear")
    assert (site.out("lock-1.lockdown"), site.out("lock-1.release")) == (False, False)


def test_a_bollard_does_not_rise_under_a_vehicle(hall):
    site = hall()
    site.see("bollard-1.loop", True)
    site.ask("lockdown")
    assert site.out("bollard-1.efo") is None
    site.at(5)
    site.see("bollard-1.loop", False)
    site.at(6)
    assert site.out("bollard-1.efo") is True


def test_the_firefighters_switch_has_the_last_word(hall):
    site = hall()
    site.ask("lockdown")
    site.see("lock-1.local-key", True)
    site.at(1)
    assert (site.out("lock-1.lockdown"), site.out("lock-1.release")) == (False, True)


def test_the_lift_goes_to_its_other_floor_while_the_lobby_is_in_alarm(hall):
    site = hall()
    site.say("sd-1", "alarm")
    site.say("beam-1", "alarm")
    site.at(1)
    assert site.out("lift-a.recall") == 1
    site.say("sd-2", "alarm")
    site.at(2)
    assert site.out("lift-a.recall") == 2


SIGN = Faces({"left": (), "ahead": ("bolt",), "right": ("far",)})


def seen(shut, far=False, quality=Quality.GOOD):
    return {"bolt": Sample("bolt", shut, quality, 0), "far": Sample("far", far, Quality.GOOD, 0)}


def test_a_sign_waits_for_its_lock_then_points_elsewhere():
    first = show(SIGN, "ahead", seen(True), None, 0)
    assert first.face == ""
    assert show(SIGN, "ahead", seen(True), first, OPENING_MS - 1).face == ""
    late = show(SIGN, "ahead", seen(True), first, OPENING_MS)
    assert late.face == "left"
    assert show(SIGN, "ahead", seen(False), late, OPENING_MS + 1).face == "ahead"


def test_a_sign_leaves_a_door_at_once_and_comes_back_late():
    free = show(SIGN, "ahead", seen(False), None, 0)
    assert free.face == "ahead"
    barred = show(SIGN, "ahead", seen(True), free, 5000)
    assert barred.face == "left"
    assert show(SIGN, "ahead", seen(False), barred, 5000 + BACK_MS - 1).face == "left"
    assert show(SIGN, "ahead", seen(False), barred, 5000 + BACK_MS).face == "ahead"


def test_with_every_door_locked_there_is_no_entry():
    sign = Faces({"ahead": ("bolt",), "right": ("far",)})
    free = show(sign, "ahead", seen(False, far=True), None, 0)
    assert show(sign, "ahead", seen(True, far=True), free, 1).face == NO_ENTRY


def test_an_unknown_door_is_better_than_a_locked_one_and_worse_than_a_free_one():
    sign = Faces({"ahead": ("bolt",), "right": ("far",)})
    free = show(sign, "right", seen(True, far=False), None, 0)
    stale = seen(True, far=True, quality=Quality.STALE)
    assert show(sign, "right", stale, free, 1).face == "ahead"
    assert show(SIGN, "ahead", stale, show(SIGN, "ahead", seen(False), None, 0), 1).face == "left"
