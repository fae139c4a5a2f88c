"""What no other test of the decision code meets: with them every branch of it is taken."""

from __future__ import annotations

import pytest

from controller.arbitration import Claim
from controller.faces import BACK_MS, OPENING_MS, Shown, wake_ms
from controller.interface.points import PointList, Quality
from controller.interlocks import interlocks
from controller.operations import REMEMBERED
from controller.outputs import ANSWER_MS, Outputs
from controller.service import NEVER
from tests.controller.conftest import MATRIX
from tests.controller.test_conflicts import HALL, Hall
from tests.controller.test_operations import ORDERED, Desk

BOLLARD = """
points: 1
site: gate
mqtt: {host: 127.0.0.1, port: 11883}
gateways: [{id: g-1, profile: gate-board, host: 127.0.0.1, port: 15020, at: gate}]
devices:
  - {id: b-1, kind: bollard, at: street, portal: gate, gateway: g-1, points: {POINTS}}
"""


@pytest.fixture
def desk(points, compile_matrix):
    return Desk(points, compile_matrix(ORDERED))


@pytest.fixture
def outputs(points):
    return Outputs(points)


def ids(commands):
    return [command.id for command in commands]


def test_answers_are_remembered_for_the_last_512_operations(desk):
    first = desk.ask("resound")
    for _ in range(REMEMBERED):
        desk.ask("resound")
    desk.number = 0
    assert desk.ask("resound") == first
    asked = [r for r in desk.journal.records if r["k"] == "operation" and r["id"] == "op-1"]
    assert len(asked) == 2, "it was decided anew"


def test_a_device_counts_as_its_zone_when_two_operators_meet(desk):
    desk.ask("disable", "sd-1", who="anna")
    assert desk.ask("enable", "sd-1", who="anna").granted
    assert "anna has just asked" in desk.ask("reset", "a", who="ben").text
    assert desk.ask("reset", "b", who="ben").granted


@pytest.mark.parametrize(
    ("verb", "target", "why"),
    [
        ("silence", "a", "silence names no target"),
        ("resound", "", "not silenced"),
        ("reset", "sd-1", "is no zone"),
        ("disable", "desk-1", "neither a detector"),
        ("evacuate", "sd-1", "names a zone or the whole site"),
        ("lockdown", "a", "of the whole site"),
        ("all-clear", "sd-1", "names a zone or the whole site"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_reason(desk, verb, target, why):
    answer = desk.ask(verb, target)
    assert not answer.granted
    assert why in answer.text


def test_a_disablement_says_what_is_left_of_its_zone(points, compile_matrix):
    desk = Desk(
        points, compile_matrix(ORDERED.replace("latch: true", "latch: true, when_disabled: two"))
    )
    devices = [d.id for d in desk.decider.image.alarms.zones["a"].devices]
    told = [desk.ask("disable", name).text for name in devices]
    assert "can no longer be confirmed" in told[-2]
    assert "nothing is left in zone a" in told[-1]
    assert ";" not in desk.ask("disable", "snd-1.on").text, "an output weakens no zone"


def test_a_reset_names_what_cannot_be_known(desk):
    desk.say("sd-1", "alarm")
    desk.at(1)
    desk.say("sd-1", "normal", Quality.STALE)
    assert "sd-1 is not known to be normal (stale)" in desk.ask("reset", "a").text


def test_a_pre_alarm_and_a_fault_can_be_causes(points, compile_matrix):
    text = MATRIX.replace(
        "effects:\n",
        '  - {id: warn, say: "W", when: prealarm, zones: [a]}\n'
        '  - {id: sick, say: "S", when: fault, zones: [b]}\neffects:\n',
        1,
    ).replace("rows:\n", "rows:\n  warn: {desk: X}\n  sick: {desk: X}\n", 1)
    desk = Desk(points, compile_matrix(text))
    desk.say("sd-1", "prealarm")
    desk.at(1)
    assert any(name.startswith("desk-1") for name in desk.decider.claimed)
    desk.say("sd-1", "normal")
    desk.at(2)
    assert desk.decider.claimed == ()
    desk.say("sd-3", "normal", Quality.FAULT)
    desk.at(3)
    assert any(name.startswith("desk-1") for name in desk.decider.claimed)


def test_an_order_that_goes_on_standing_at_the_desk_is_one_operation(desk):
    intake = desk.decider.intake
    intake.now = desk.now
    intake.reading("desk-1.seen", "order drill", Quality.GOOD, desk.now)
    desk.at(1)
    intake.changed = True
    desk.at(2)
    assert [r["what"] for r in desk.journal.records if r["k"] == "operation"] == ["drill"]


def test_a_sign_is_looked_at_again_when_its_wait_is_over():
    assert wake_ms(Shown("left", "left", 0)) == NEVER
    assert wake_ms(Shown("left", "right", 7)) == 7 + OPENING_MS
    assert wake_ms(Shown("left", "right", 7, been=True, barred_ms=9)) == 9 + BACK_MS


@pytest.mark.parametrize(
    ("bound", "opposed", "guarded"),
    [
        ("{lower: {coil: 0, write: true}}", 0, 0),
        ("{lower: {coil: 0, write: true}, efo: {coil: 1, write: true}}", 1, 0),
        ("{efo: {coil: 1, write: true}, loop: {discrete: 2}}", 0, 1),
    ],
)
def test_an_interlock_needs_the_points_of_both_sides(tmp_path, bound, opposed, guarded):
    file = tmp_path / "points.yaml"
    file.write_text(BOLLARD.replace("{POINTS}", bound))
    found = interlocks(PointList.load(file))
    assert (len(found.opposed), len(found.guarded)) == (opposed, guarded)


def test_opposed_outputs_may_both_be_claimed_where_they_agree(tmp_path):
    text = (HALL / "matrix.yaml").read_text()
    lockdown = "outputs: [lock-1.lockdown],  value: true"
    assert lockdown in text
    text = text.replace(lockdown, "outputs: [lock-1.lockdown],  value: false, rest: true")
    hall = Hall(PointList.load(HALL / "points.yaml"), text, tmp_path)
    hall.ask("lockdown")
    hall.say("sd-1", "alarm")
    hall.say("beam-1", "alarm")
    hall.at(1)
    assert {"lock-1.release", "lock-1.lockdown"} <= set(hall.decider.claimed)


def test_a_command_goes_its_way_through_answers_and_reconnections(outputs):
    on = Claim(True, 2, "r", False)
    (command,) = outputs.claim({"snd-1.on": on}, 0)
    (demand,) = outputs.due(0)
    outputs.sent(demand, 0, answers_itself=True)
    assert outputs.answer(command.id, "busy") == command, "it may come again"
    outputs.reconnected(frozenset({"snd-1"}), 5, again=False)
    assert outputs.due(5) == [demand], "what is owed is due with the connection"
    outputs.sent(demand, 5, answers_itself=True)
    outputs.unanswered("snd-1.on#99", 10)
    assert outputs.due(10**6) == [], "somebody else's silence changes nothing"
    outputs.unanswered(command.id, 10)
    assert outputs.due(9 + 2 * ANSWER_MS) == [], "twice as long after the second"
    assert outputs.due(10 + 2 * ANSWER_MS) == [demand]
    assert outputs.answer(command.id, "ok") == command
    assert outputs.answer(command.id, "ok") is None
    outputs.reconnected(frozenset({"lock-1"}), 20, again=True)
    outputs.reconnected(frozenset({"snd-1"}), 20, again=False)
    assert outputs.due(10**6) == [], "answered, and nothing was forgotten"


def test_what_a_pulse_did_is_not_undone_and_comes_again_as_a_new_command(points, outputs):
    pulse = Claim(True, 2, "r", None)
    (first,) = outputs.claim({"snd-1.on": pulse}, 0)
    assert outputs.claim({}, 1000) == []
    again = Outputs(points)
    again.restore({**outputs.capture(), "gone-1.on": [1, True, 2, "r", 0, None, False, NEVER]}, int)
    assert again.due(2000) == [], "a pulse that is over is not owed"
    assert ids(again.claim({"snd-1.on": pulse}, 3000)) != [first.id]
