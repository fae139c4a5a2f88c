"""The school's plan in its own words: who is told, who is spared, what comes after a restart."""

from __future__ import annotations

import json

import pytest

from controller.interface.points import Quality
from tests.controller.school import School, write


@pytest.fixture
def school(tmp_path):
    return School(write(tmp_path))


def test_a_state_from_before_there_was_a_plan_is_taken(school):
    kept = school.decider.capture()
    del kept["plan"]
    school.press()
    school.decider.restore(kept, 0)
    assert ("police", "n0-1") in school.due()


def test_a_pressed_button_tells_police_and_guard_room_in_the_same_scan(school):
    school.at(10)
    school.press("key-2")
    assert school.due() == [("police", "n0-1"), ("duty", "n0-1")]
    said = school.text("police", "n0-1")
    assert (said["kind"], said["where"], said["drill"]) == ("alarm", "a.r1", False)
    assert said["camera"] == "cam-1"
    assert said["clip"]["to_ms"] - said["clip"]["from_ms"] == 30_000
    assert said["clip"]["to_ms"] == said["when_ms"] == 10_000


def test_the_principal_is_told_when_nobody_in_the_guard_room_answers(school):
    school.press()
    school.due()
    school.at(29.75)
    assert ("head", "due") not in school.told("notice")
    school.at(30)
    assert ("head", "escalated") in school.told("notice")
    assert ("head", "n0-1") in school.due()


@pytest.mark.parametrize("how", ["receipt", "operator"])
def test_who_acknowledges_spares_the_principal(school, how):
    school.press()
    school.due()
    school.at(10)
    if how == "receipt":
        school.news("duty", "taken", "n0-1")
        school.decider.intake.event("duty.receipt", "n0-1 acknowledged", Quality.GOOD, 10_000)
    else:
        assert school.ask("acknowledge", "key-1").granted
    school.at(30)
    assert ("head", "spared") in school.told("notice")
    assert "head" not in [receiver for receiver, _ in school.due()]


def test_a_receipt_of_the_police_does_not_spare_the_principal(school):
    school.press()
    school.due()
    school.news("police", "acknowledged", "n0-1")
    school.at(30)
    assert ("head", "escalated") in school.told("notice")


def test_a_notice_is_sent_again_under_its_id_until_it_is_taken(school):
    school.press()
    assert ("police", "n0-1") in school.due()
    school.news("police", "refused", "n0-1")
    assert school.due() == []
    for second in (1, 3, 7, 15, 30):
        school.at(second)
        assert ("police", "n0-1") in school.due(), second
        school.news("police", "refused", "n0-1")
    school.at(45)
    school.due()
    school.news("police", "taken", "n0-1")
    school.at(200)
    assert ("police", "n0-1") not in school.due()


def test_a_guard_room_that_comes_back_gets_what_waited_at_once(school):
    school.press()
    school.due()
    school.at(1)
    school.decider.intake.returned(frozenset({"duty"}), again=False)
    assert ("duty", "n0-1") in school.due()


def test_in_a_drill_the_police_are_not_called(school):
    assert school.ask("drill", "").granted
    school.press()
    assert ("police", "quiet") in school.told("notice")
    assert school.due() == [("duty", "n0-1")]
    assert school.text("duty", "n0-1")["drill"] is True
    school.at(120)
    assert school.told("report") == [], "a drill is reported to nobody"


def test_a_drill_that_turns_real_calls_the_police_when_it_is_confirmed(school):
    school.ask("drill", "")
    school.press()
    school.due()
    assert school.ask("confirm", "key-1").granted
    assert ("police", "n0-2") in school.due()
    assert school.text("police", "n0-2")["drill"] is False


def test_a_second_push_is_on_record_and_tells_nobody_again(school):
    school.press()
    school.due()
    school.say("key-1.alarm", False)
    school.at(1)
    school.press()
    assert school.told("incident") == [("key-1", "open"), ("key-1", "again")]
    assert school.due() == []


def test_a_button_in_doubt_neither_rises_nor_falls(school):
    school.press()
    school.say("key-1.alarm", True, Quality.STALE)
    school.at(1)
    school.say("key-1.alarm", True)
    school.at(2)
    assert school.told("incident") == [("key-1", "open")]


def test_a_dismissed_alarm_is_told_as_such_to_whoever_was_told(school):
    school.press()
    school.due()
    assert school.ask("dismiss", "key-1").granted
    assert school.due() == [("police", "n0-2"), ("duty", "n0-2")]
    said = school.text("police", "n0-2")
    assert (said["kind"], said["of"]) == ("clear", "n0-1")
    assert not school.ask("dismiss", "key-1").granted


def test_a_reset_lets_the_button_go_and_the_next_push_is_another_incident(school):
    school.press()
    school.ask("reset", "key-1")
    commands = [(r["e"], r["value"]) for r in school.journal.records if r["k"] == "command"]
    assert commands == [("key-1.reset", True)]
    school.say("key-1.alarm", False)
    school.at(2)
    school.press()
    assert school.told("incident")[-1] == ("key-1", "open")
    assert school.told("incident").count(("key-1", "open")) == 2


def test_a_button_without_a_reset_output_is_closed_all_the_same(school):
    school.press("key-2")
    assert school.ask("reset", "key-2").granted
    school.say("key-2.alarm", False)
    school.at(1)
    school.press("key-2")
    assert school.told("incident").count(("key-2", "open")) == 2


def test_a_fire_of_the_matrix_is_an_incident_until_it_is_reset(school):
    school.say("sd-1.state", "alarm")
    school.say("sd-2.state", "alarm")
    school.at(1)
    assert ("duty", "n0-1") in school.due()
    assert school.told("incident") == [("fire-a", "open")]
    school.say("sd-1.state", "normal")
    school.say("sd-2.state", "normal")
    school.at(5)
    school.ask("reset", "a")
    school.at(8)
    assert school.told("incident") == [("fire-a", "open"), ("fire-a", "closed")]


def test_what_was_not_told_is_told_after_a_restart(school, tmp_path):
    school.press()
    school.due()
    school.news("duty", "taken", "n0-1")
    kept = json.loads(json.dumps(school.decider.capture()))
    after = School(tmp_path, keys=())
    after.decider.restore(kept, 0)
    after.at(1)
    assert after.due() == [("police", "n0-1")]
    after.say("key-1.alarm", True)
    after.at(2)
    assert after.told("incident") == [], "the button was down before"
    after.at(30)
    assert ("head", "escalated") in after.told("notice")


def test_a_broker_that_is_away_keeps_the_notice_until_it_returns(school):
    school.press()
    (sending,) = [one for one in school.plan.due(school.now) if one.receiver == "duty"]
    school.plan.outbox.hold(sending)
    school.at(100)
    assert "duty" not in [receiver for receiver, _ in school.due()]
    school.decider.intake.returned(frozenset({"duty"}), again=False)
    assert ("duty", "n0-1") in school.due()


def test_a_receiver_over_http_is_asked_until_somebody_has_seen_it(school):
    school.press()
    school.due()
    school.news("police", "taken", "n0-1")
    for second in (2, 4):
        school.at(second)
        (asked,) = [one for one in school.plan.due(school.now) if one.receiver == "police"]
        assert asked.query
        school.news("police", "asked", "n0-1")
        school.news("police", "timeout", "n0-1")
    school.at(6)
    school.news("police", "acknowledged", "n0-1")
    school.at(60)
    assert [one for one in school.plan.due(school.now) if one.receiver == "police"] == []


def test_what_is_over_need_not_be_seen_by_anybody(school):
    school.press()
    school.due()
    school.news("police", "taken", "n0-1")
    school.news("duty", "taken", "n0-1")
    school.ask("reset", "key-1")
    assert school.plan.outbox.open == {}


def test_who_has_not_had_a_notice_gets_it_although_it_is_over(school):
    school.press()
    school.due()
    school.news("police", "refused", "n0-1")
    school.ask("reset", "key-1")
    school.at(5)
    assert ("police", "n0-1") in school.due()
    school.news("police", "taken", "n0-1")
    school.news("duty", "taken", "n0-1")
    assert school.plan.outbox.open == {}


def test_a_receipt_that_comes_when_the_case_is_forgotten_changes_nothing(school):
    school.press()
    school.due()
    school.ask("dismiss", "key-1")
    school.at(1)
    school.news("duty", "acknowledged", "n0-1")
    school.news("police", "acknowledged", "n0-2")
    assert school.plan.capture()["incidents"]["cases"] == []


def test_news_of_what_nobody_waits_for_changes_nothing(school):
    school.news("police", "taken", "n0-99")
    assert school.told("notice") == []
