"""Operations in the field's words: what each verb does, when it is refused, and by what answer."""

from __future__ import annotations

import pytest

from controller.decider import Decider
from controller.interface.journal import Journal
from controller.interface.operation import VERBS, Operation
from controller.interface.points import Quality
from tests.controller.conftest import MATRIX

ORDERS = """  - {id: evac, say: "Evacuate", when: evacuate, zones: ["*"]}
  - {id: shut, say: "Lockdown", when: lockdown}
  - {id: drill, say: "Drill", when: drill}
effects:
  - {id: police, say: "Police", outputs: ["desk-1.alarm"], value: police, drill: false}
"""
ROWS = """rows:
  evac: {sounders: X, doors: U}
  shut: {voice-shut: X}
  drill: {sounders: X, police: X}
"""
VOICE = '  - {id: voice-shut, say: "V", outputs: ["pa-*.message"], value: lockdown}'
ORDERED = MATRIX.replace("effects:\n", ORDERS).replace("rows:\n", f"{VOICE}\n{ROWS}")


class Desk:
    """A controller's decisions without a field: `say` what devices report, `ask` as an operator."""

    def __init__(self, points, matrix):
        self.points, self.matrix = points, matrix
        self.journal = Journal(None, "0" * 32, {})
        self.decider = Decider(points, matrix, self.journal)
        self.now, self.number = 0, 0
        for device in self.decider.image.alarms.devices:
            self.say(device, "normal")
        self.at(0)

    def say(self, device, value, quality=Quality.GOOD):
        intake = self.decider.intake
        intake.now = self.now
        intake.reading(f"{device}.state", value, quality, self.now)

    def at(self, second):
        self.now = round(second * 1000)
        self.decider.intake.now = self.now
        self.decider.decide(self.now)

    def ask(self, verb, target="", who="anna", lasts_s=0):
        self.number += 1
        name = f"op-{self.number}"
        asked = Operation(name, who, "guard", verb, target, "because", lasts_s * 1000)
        answer = self.decider.operate(asked, self.now)
        self.decider.decide(self.now)
        return answer

    def out(self, output):
        values = [
            r["value"] for r in self.journal.records if r["k"] == "command" and r["e"] == output
        ]
        return values[-1] if values else None

    def zone(self, name="a"):
        return self.decider.image.alarms.zones[name]

    def told(self):
        return [(r["e"], r["what"]) for r in self.journal.records if r["k"] == "alarm"]


@pytest.fixture
def desk(points, compile_matrix):
    return Desk(points, compile_matrix(ORDERED))


@pytest.fixture
def burning(desk):
    desk.at(1)
    desk.say("sd-1", "alarm")
    desk.say("sd-2", "alarm")
    desk.at(2)
    return desk


def test_every_verb_is_understood_and_another_is_refused_with_the_known_ones(desk):
    for verb in VERBS:
        assert "no such verb" not in desk.ask(verb).text
    assert desk.ask("explode").text.startswith("no such verb: 'explode'; known: acknowledge")
    assert not desk.ask("disable", "nothing").granted


def test_the_same_id_is_answered_the_same_and_does_nothing_again(desk):
    asked = Operation("one", "anna", "guard", "lockdown", "", "")
    first = desk.decider.operate(asked, 0)
    desk.at(1)
    desk.ask("all-clear")
    assert desk.decider.operate(asked, 2000) == first
    assert desk.decider.image.orders.lockdown == ""
    assert sum(r["k"] == "operation" for r in desk.journal.records) == 2


def test_acknowledge_silence_and_reset_are_different_things(burning):
    assert burning.out("snd-1.on") is True
    assert burning.ask("acknowledge", "a").text == "acknowledged: sd-1, sd-2"
    assert burning.out("snd-1.on") is True
    assert burning.ask("silence").granted
    assert burning.out("snd-1.on") is False
    assert burning.out("lock-1.release") is True, "a silence leaves the doors open"
    assert burning.ask("resound").granted
    assert burning.out("snd-1.on") is True
    refused = burning.ask("reset", who="anna")
    assert refused.text == "not reset: sd-1 reads alarm; sd-2 reads alarm"


def test_a_reset_is_for_once(desk):
    assert desk.ask("reset").granted
    desk.at(3)
    assert not desk.decider.image.orders.reset


def test_a_further_alarm_sounds_the_silenced_sounders_again(burning):
    burning.ask("silence")
    burning.say("sd-3", "alarm")
    burning.at(5)
    assert burning.out("snd-1.on") is True
    numbers = [r["number"] for r in burning.journal.records if r.get("number")]
    assert numbers == [1, 2, 3], "first alarm first, the others counted"


def test_an_alarm_that_comes_with_the_silence_is_heard(desk):
    desk.at(1)
    desk.say("sd-1", "alarm")
    desk.at(2)
    desk.say("sd-2", "alarm")
    refused = desk.ask("silence")
    assert refused.text.startswith("an alarm has come at this moment")
    desk.at(3)
    assert desk.out("snd-1.on") is True
    assert desk.ask("silence").granted


def test_doors_lock_only_after_the_reset_and_the_all_clear(burning):
    burning.say("sd-1", "normal")
    burning.say("sd-2", "normal")
    burning.at(3)
    assert burning.ask("reset").text == "not reset: zone a must be normal for 1 s more"
    assert not burning.ask("all-clear").granted
    burning.at(4)
    assert burning.ask("reset").granted
    assert burning.zone().confirmed == ()
    assert burning.out("snd-1.on") is False
    assert burning.out("lock-1.release") is True
    assert burning.ask("all-clear").granted
    assert burning.out("lock-1.release") is False


def test_somebody_looks_and_time_runs_out(desk):
    desk.say("sd-1", "alarm")
    desk.at(10)
    assert "is looked at for 60 s" in desk.ask("investigate", "a", lasts_s=60).text
    desk.at(69.75)
    assert desk.zone().confirmed == ()
    desk.at(70)
    assert desk.zone().confirmed == ("sd-1",)
    assert desk.out("lock-1.release") is True


def test_somebody_looks_and_finds_nothing_or_a_fire(desk):
    desk.say("sd-1", "alarm")
    desk.at(10)
    assert not desk.ask("dismiss", "a").granted, "nobody is looking yet"
    desk.ask("investigate", "a")
    assert desk.ask("dismiss", "a").granted
    desk.at(400)
    assert desk.zone().confirmed == ()
    assert desk.ask("confirm", "a").granted
    assert desk.zone().confirmed == ("sd-1",)


def test_a_disablement_ends_by_itself_and_what_stands_counts_then(desk):
    assert "disabled for 60 s" in desk.ask("disable", "sd-1", lasts_s=60).text
    desk.say("sd-1", "alarm")
    desk.at(30)
    assert desk.zone().detectors == ()
    desk.at(60)
    assert desk.zone().detectors == ("sd-1",)
    assert ("sd-1", "enable") in desk.told()


def test_a_disablement_is_no_longer_than_the_site_allows(desk):
    assert "disabled for 28800 s" in desk.ask("disable", "b", lasts_s=999_999).text
    assert desk.ask("enable", "b").granted
    assert not desk.ask("enable", "b").granted


@pytest.mark.parametrize(("rule", "fires"), [("one", True), ("two", False)])
def test_one_of_two_disabled_is_what_the_matrix_says(points, compile_matrix, rule, fires):
    text = ORDERED.replace("latch: true}", f"latch: true, when_disabled: {rule}}}")
    desk = Desk(points, compile_matrix(text))
    assert f"when_disabled: {rule}" in desk.ask("disable", "sd-3").text
    desk.say("sd-4", "alarm")
    assert (desk.zone("b").confirmed == ("sd-4",)) is fires


def test_a_disabled_output_stays_as_it_is(burning):
    burning.ask("disable", "snd-1.on", lasts_s=60)
    burning.ask("silence")
    assert burning.out("snd-1.on") is True
    burning.at(62)
    assert burning.out("snd-1.on") is False


def test_a_zone_in_test_acts_on_nothing_until_a_real_alarm_comes(desk):
    desk.ask("test", "a")
    desk.say("sd-1", "alarm")
    desk.say("sd-2", "alarm")
    desk.at(5)
    assert desk.zone().detectors == ()
    assert desk.out("snd-1.on") is None
    assert ("sd-1", "tested") in desk.told()
    desk.say("sd-3", "alarm")
    desk.at(6)
    assert ("a", "end-test") in desk.told()
    assert desk.zone().confirmed == ("sd-1", "sd-2"), "what stands there counts from now on"


def test_a_test_ends_after_an_hour_without_activity(desk):
    desk.ask("test", "a")
    desk.at(3000)
    desk.say("sd-1", "alarm")
    desk.say("sd-1", "normal")
    desk.at(6599)
    assert "a" in desk.decider.image.alarms.service.tested
    desk.at(6600)
    assert desk.decider.image.alarms.service.tested == {}


def test_no_police_in_a_drill_and_a_real_alarm_ends_it(desk):
    assert desk.ask("drill").granted
    assert (desk.out("snd-1.on"), desk.out("desk-1.alarm")) == (True, None)
    desk.say("sd-1", "alarm")
    desk.at(1)
    assert ("site", "end-drill") in desk.told()
    assert desk.decider.image.alarms.service.drill is None
    assert not desk.ask("drill").granted, "not while an alarm is latched"


def test_of_two_operators_the_safer_wins_in_either_order(desk):
    assert desk.ask("evacuate", "a", who="anna").granted
    refused = desk.ask("all-clear", who="ben")
    assert refused.text == "anna has just asked for evacuate: ask again if it still holds"
    assert desk.out("lock-1.release") is True
    desk.at(4)
    assert desk.ask("all-clear", who="ben").granted
    assert desk.ask("evacuate", "a", who="anna").granted
    assert desk.out("lock-1.release") is True


def test_everything_asked_for_stands_over_a_restart(desk, points):
    desk.ask("lockdown")
    desk.ask("disable", "sd-1", lasts_s=60)
    desk.say("sd-3", "alarm")
    desk.ask("investigate", "b", lasts_s=100)
    desk.at(10)
    after = Desk.__new__(Desk)
    after.journal, after.number = Journal(None, "0" * 32, {}), 90
    after.decider = Decider(points, desk.matrix, after.journal)
    after.decider.restore(desk.decider.capture(), 10_000)
    after.at(0)
    assert after.decider.image.orders.lockdown == "anna"
    after.at(49.75)
    assert after.decider.image.alarms.service.disables("sd-1")
    after.at(50)
    assert not after.decider.image.alarms.service.disables("sd-1")
    after.at(89.75)
    assert after.zone("b").confirmed == ()
    after.at(90)
    assert after.zone("b").confirmed == ("sd-3",), "100 s from the order, not from the restart"
