"""Single conditions of the decision code that no other test would miss, in the field's words."""

from __future__ import annotations

import json

from controller.arbitration import Claim
from controller.faults import STEADY_MS, UNSTABLE, Faults
from controller.outputs import Outputs
from tests.controller.crowded import Landing
from tests.controller.test_alarm_rules import Site
from tests.controller.test_crowd import stair, stair_matrix, stair_points  # noqa: F401


def test_t_clear_does_not_begin_anew_with_each_normal_reading(points):
    site = Site(points, clear_ms=5000)
    site.say("sd-1", "alarm", 1)
    site.say("sd-1", "normal", 2)
    site.say("sd-1", "normal", 6)
    assert site.alarms.reset(7000) != []


def faults():
    """Faults, and what of them was told."""
    told: list[tuple[str, str, bool]] = []
    return Faults(lambda *what: told.append(what)), told


def test_points_of_a_device_that_fall_together_are_one_fall():
    found, told = faults()
    for at_ms in (1000, 1000, 1000, 2000, 2000):
        found.fell("lock-1", at_ms)
    assert told == []


def test_what_has_been_steady_begins_again_without_its_old_falls():
    found, _ = faults()
    for at_ms in (0, 1000, 2000):
        found.fell("sd-1", at_ms)
    found.settle(2000 + STEADY_MS)
    found.fell("sd-1", 3000 + STEADY_MS)
    assert not found.stands("sd-1", UNSTABLE), "one fall within 300 s of two others before"


def test_after_a_restart_feedback_has_its_time_again(points):
    before, after = Outputs(points), Outputs(points)
    before.claim({"lock-1.release": Claim(True, 2, "fire", False)}, 0)
    after.restore(before.capture(), lambda at_ms: at_ms - 20_000)
    assert after.missing(2999) == [], "the command is sent again, and the bolt takes its time"
    assert [v.what for v in after.missing(3000)] == ["missing"]


def test_a_flow_is_not_judged_before_it_was_watched_for_its_window(stair_points, stair_matrix):  # noqa: F811
    landing = Landing(stair_points, stair_matrix())
    landing.see(density=4.0)
    landing.run(8)
    assert landing.level == "green", "nobody has been counted out yet: that is no breakdown"


def test_a_worse_level_waits_for_an_answer_of_its_own(stair):  # noqa: F811
    stair.see(density=4.0)
    stair.run(12)
    assert stair.level == "amber1"
    assert stair.ask("acknowledge", "stair").granted
    stair.see(fallen=1)
    stair.run(31)
    assert stair.out("desk-1.alarm") == "marshal-missing"


def test_a_fall_is_not_over_because_of_a_restart(stair, stair_points, stair_matrix):  # noqa: F811
    stair.see(fallen=1)
    stair.run(1)
    stair.see(fallen=0)
    stair.run(10)
    later = Landing(stair_points, stair_matrix())
    later.decider.restore(json.loads(json.dumps(stair.decider.capture())), stair.now)
    later.out_per_s = 1.0
    later.see(fallen=0)
    later.run(18)
    assert later.level == "red", "10 s before and 18 s after are 28 s: 30 s nobody must lie"
    later.run(3)
    assert later.level == "green"
