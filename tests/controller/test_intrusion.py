"""Guarded zones: hours, delays, two of several, the guard who is asked, restarts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from controller.access.hours import Window, clock_ms
from controller.arbitration import Claim
from controller.image import Image
from controller.interface.files import load
from controller.interface.operation import Operation
from controller.interface.people import PeopleFile
from controller.interface.points import PointList, Quality, Sample
from controller.intrusion.compiled import Guarded, compile_intrusion
from controller.intrusion.desk import IntrusionDesk
from controller.intrusion.entry import IntrusionEntry
from controller.intrusion.zone import Zone
from controller.service import NEVER
from scenarios.catalog import find_site

HALL = find_site("device-hall")
NIGHT, DAY = clock_ms("23:00"), clock_ms("12:00")
YARD = Guarded(
    "yard", ("fence-1",), {"fence-1.alarm": False, "pir-1.alarm": False, "cam-1.line-in": True},
    (Window(clock_ms("22:00"), clock_ms("06:00")),), 30_000, 0, 2, 60_000, ("anna", "ben"), 60_000,
)  # fmt: skip
ENTRY = {
    "desk": "desk-1", "guards": ["anna", "ben"], "ack_s": 60,
    "zones": [{"id": "yard", "say": "The yard", "detectors": ["fence-1", "pir-1"],
               "cameras": ["cam-1.line-in"], "armed": {"periods": ["night"]}, "exit_s": 30}],
}  # fmt: skip


class Night:
    """One zone, told what its sources read."""

    def __init__(self, **changes):
        self.zone, self.reads = Zone(replace(YARD, **changes)), {}

    def at(self, second, day_ms=NIGHT, **reads):
        self.reads |= {
            {"fence": "fence-1.alarm", "pir": "pir-1.alarm", "line": "cam-1.line-in"}[k]: v
            for k, v in reads.items()
        }
        return [what for what, _ in self.zone.step(self.reads.get, day_ms, round(second * 1000))]


@pytest.fixture
def night():
    one = Night()
    one.at(0)
    one.at(30)
    return one


def test_a_zone_is_armed_when_its_hours_begin_and_people_have_had_time_to_leave():
    one = Night()
    assert one.at(0, DAY, fence=True) == []
    assert one.at(1) == ["leaving"]
    assert one.at(20) == [], "whoever leaves is no intruder"
    assert one.at(30, fence=False) == []
    assert one.at(31) == ["armed"]
    assert one.at(40, DAY) == ["disarmed"]


def test_without_hours_it_is_armed_by_hand_only():
    one = Night(hours=())
    assert one.at(0) == []
    assert one.zone.arm(True, 0)
    assert not one.zone.arm(True, 0)
    assert one.at(30) == ["armed"]


def test_one_detector_asks_a_guard_to_look_and_two_are_an_intruder(night):
    assert night.at(40, fence=True) == ["check", "assigned"]
    assert night.zone.guard == "anna"
    assert night.at(45, fence=False) == []
    assert night.at(60, pir=True) == ["alarm"]


def test_two_that_are_too_far_apart_are_two_checks(night):
    night.at(40, fence=True)
    night.at(41, fence=False)
    night.zone.answer()
    assert night.at(101) == ["quiet"]
    assert night.at(110, pir=True) == ["check", "assigned"]


def test_the_same_detector_twice_verifies_nothing(night):
    for second in (40, 42, 44, 46):
        assert "alarm" not in night.at(second, fence=second % 4 == 0)


def test_a_line_counts_when_its_number_grows(night):
    night.at(40, line=7)
    assert night.zone.state == "armed", "what it had counted before"
    assert night.at(41, line=8) == ["check", "assigned"]
    assert night.at(42, line=8) == []
    assert night.at(43, fence=True) == ["alarm"]


def test_a_source_that_is_not_known_sees_nobody(night):
    assert night.at(40, fence=None, pir="?", line=None) == []


def test_who_comes_in_by_the_door_has_time_to_disarm():
    one = Night(entry_ms=20_000)
    one.at(0)
    one.at(30)
    assert one.at(40, fence=True) == ["entered"]
    assert one.zone.arm(False, 50_000)
    assert one.at(61) == []
    assert not one.zone.armed
    assert one.at(70, DAY) == []
    assert one.at(80) == ["leaving"], "by hand until the hours next change"


def test_who_does_not_disarm_in_time_is_looked_for():
    one = Night(entry_ms=20_000)
    one.at(0)
    one.at(30)
    one.at(40, fence=True)
    assert one.at(59) == []
    assert one.at(60) == ["check", "assigned"]


def test_a_guard_who_does_not_answer_is_followed_by_the_next_and_then_by_nobody(night):
    night.at(40, fence=True)
    assert night.at(99) == []
    assert night.at(100) == ["assigned"]
    assert night.zone.guard == "ben"
    assert night.at(160) == ["unanswered"]
    assert night.zone.guard == ""
    assert night.at(300) == []
    assert night.zone.answer(), "late is better than never"


def test_a_guard_who_goes_is_asked_again_when_it_becomes_an_intruder(night):
    assert not night.zone.answer(), "nobody has been asked"
    night.at(40, fence=True)
    assert night.zone.answer()
    assert not night.zone.answer()
    assert night.at(120) == []
    assert night.at(121, pir=True) == ["alarm", "assigned"]


def test_it_knows_when_to_look_again(night):
    assert night.zone.wake_ms == NEVER
    night.at(40, fence=True)
    assert night.zone.wake_ms == 100_000, "the next guard"
    night.at(50, fence=False)
    night.zone.answer()
    assert night.zone.wake_ms == 100_000 or night.zone.wake_ms == 110_000
    entered = Night(verify=3, entry_ms=5000)
    entered.at(0)
    assert entered.zone.wake_ms == 30_000


def test_it_goes_on_after_a_restart(night):
    night.at(40, fence=True)
    after = Zone(YARD)
    after.restore(night.zone.capture(), lambda t: t if t == NEVER else t - 10_000)
    assert (after.state, after.guard, after.ask_ms) == ("check", "anna", 90_000)
    assert after.seen == {"fence-1.alarm": 30_000}


@pytest.fixture(scope="module")
def site():
    points = PointList.load(HALL / "points.yaml")
    return points, load(HALL / "people.yaml", PeopleFile)


class Book:
    def __init__(self):
        self.said = []

    def record(self, t_ms, phase, kind, entity, **data):
        self.said.append((entity, data["what"]))
        return len(self.said)


@pytest.fixture
def desk(site):
    points, people = site
    entry = IntrusionEntry.model_validate(ENTRY)
    assert not list(entry.findings(points, people))
    guarded = compile_intrusion(entry, points, people)
    return IntrusionDesk(guarded, entry.desk, points, Image(None), Book())


def ask(desk, verb, target="yard", now=0):
    operation = Operation("1", "anna", "guard", verb, target, "")
    return desk.operate(operation, now) if desk.owns(operation) else None


def sees(desk, point, value, now):
    desk._image.samples[point] = Sample(point, value, Quality.GOOD, now)
    desk.run(NIGHT, now)


def test_it_arms_its_detectors_and_calls_a_guard_at_the_desk(desk):
    desk.run(NIGHT, 0)
    arm = Claim(True, 6, "intrusion yard", False)
    assert desk.claims == {"fence-1.arm": arm, "pir-1.arm": arm}
    assert desk.wake_ms == 30_000
    desk.run(NIGHT, 30_000)
    sees(desk, "fence-1.alarm", True, 40_000)
    assert desk.claims["desk-1.alarm"].value == "check yard anna"
    assert desk.verified == ()
    sees(desk, "pir-1.mask", True, 41_000)
    assert desk.claims["desk-1.alarm"].value == "alarm yard anna", "a mask counts like an alarm"
    assert desk.verified == ("intrusion-yard",)
    assert ask(desk, "acknowledge", "fence-1") == (True, "anna looks at yard")
    desk.run(NIGHT, 42_000)
    assert desk.claims["desk-1.alarm"].value == "alarm yard"
    assert ask(desk, "acknowledge") == (False, "nobody is asked to look at yard")
    assert not desk.spoke


def test_arming_by_hand_is_an_operation_and_says_what_it_did(desk):
    assert ask(desk, "arm") == (True, "yard armed until its hours next change")
    assert ask(desk, "arm") == (False, "yard is armed already")
    assert ask(desk, "disarm", "pir-1")[0]
    assert ask(desk, "silence") is None
    assert ask(desk, "arm", "roof") is None


def test_its_zones_outlast_a_restart(desk, site):
    desk.run(NIGHT, 0)
    kept = desk.capture()
    points, people = site
    again = ENTRY | {"zones": [*ENTRY["zones"], {"id": "roof", "say": "Roof", "verify": 1,
                     "detectors": ["pir-1"], "armed": {"periods": ["night"]}}]}  # fmt: skip
    guarded = compile_intrusion(IntrusionEntry.model_validate(again), points, people)
    after = IntrusionDesk(guarded, "nowhere", points, Image(None), Book())
    after.restore(kept, lambda t: t)
    assert [zone.state for zone in after.zones.values()] == ["leaving", "disarmed"]
    after.run(NIGHT, 30_000)
    sees(after, "fence-1.alarm", True, 31_000)
    assert not any(output.startswith("nowhere") for output in after.claims)
    unbound = IntrusionDesk(guarded, "nowhere", replace(points, points={}), Image(None), Book())
    unbound.run(NIGHT, 0)
    assert unbound.claims == {}, "a detector that cannot be armed is always on"


ZONE = ENTRY["zones"][0]
WRONG = [
    ({"desk": "desk-9"}, "no such duty desk: 'desk-9'"),
    ({"zones": [ZONE | {"detectors": ["sd-1"]}]}, "no such intrusion detector: 'sd-1'"),
    ({"zones": [ZONE, ZONE | {"id": "b"}]}, "fence-1 is already in yard"),
    ({"zones": [ZONE | {"cameras": ["cam-1.density"]}]}, "no such point of a camera"),
    ({"zones": [ZONE | {"armed": {"periods": ["noon"]}}]}, "no such timetable period: 'noon'"),
    ({"zones": [ZONE | {"verify": 4}]}, "4 of 3 never alarm"),
    ({"guards": ["guard-1", "fitters.p01"]}, "name the guard's post, no person"),
]


@pytest.mark.parametrize(("change", "text"), WRONG)
def test_what_leads_nowhere_is_said_in_one_sentence(site, change, text):
    found = IntrusionEntry.model_validate(ENTRY | change).findings(*site)
    assert any(text in one.message for one in found)
