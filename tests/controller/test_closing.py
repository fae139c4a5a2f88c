"""What ends and how: outputs let go in order, feedback that does not come, commands too late."""

from __future__ import annotations

import json

import pytest

from controller import matrix
from controller.arbitration import Claim
from controller.interface import envelope
from controller.interface.points import PointList
from controller.outputs import RELEASE_ORDER, Outputs
from controller.site import load
from tests.controller.conftest import MATRIX, POINTS
from tests.controller.field import Field
from tests.controller.test_scan import commands, fire
from tests.devices.plant import POINTS as PLANT


def test_outputs_are_let_go_in_the_declared_order(tmp_path):
    """What warns first, ways to the outside last, and of them the locks after everything else."""
    (tmp_path / "points.yaml").write_text(PLANT)
    points = PointList.load(tmp_path / "points.yaml")
    writable = [p for p in points.points.values() if p.write and p.name != "reset"]
    outputs = Outputs(points)
    outputs.claim({p.id: Claim(True, 2, "r", False) for p in reversed(writable)}, 0)
    ended = [points.points[c.point].kind for c in outputs.claim({}, 1000)]
    assert len(ended) == len(writable)
    place = {kind: n for n, kinds in enumerate(RELEASE_ORDER) for kind in kinds}
    ranks = [place.get(kind, RELEASE_ORDER.index(())) for kind in ended]
    assert ranks == sorted(ranks)
    assert {"sounder", "door-holder", "door-lock"} <= {*ended}
    assert ended[-1] == "door-lock"


def test_a_reset_silences_first_and_locks_only_after_the_operator(field):
    fire(field)
    field.until(5000)
    field.boards["fire-1"].words.clear()
    field.until(5500)
    field.state("desk-1", "seen", "order reset")
    field.until(5750)
    assert not [c for c in commands(field) if c[0] == 5750], "the input has just cleared"
    field.until(8000)
    field.state("desk-1", "seen", "reset")
    field.until(8250)
    assert [c[1] for c in commands(field) if c[0] == 8250] == [
        "snd-1.on#2", "pa-1.message#2", "desk-1.alarm#2",
    ]  # fmt: skip
    field.state("desk-1", "seen", "release")
    field.until(8500)
    assert [c[1] for c in commands(field) if c[0] == 8500] == ["lock-1.release#2"]


def slow(folder, within_ms):
    """The lock may take so long by the I/O list; its bolt never moves here."""
    text = POINTS.replace("within_ms: 3000", f"within_ms: {within_ms}")
    (folder / "points.yaml").write_text(text)
    return folder


def test_a_control_output_whose_feedback_may_take_longer_than_10_s_is_refused(folder):
    points = PointList.load(slow(folder, 10_001) / "points.yaml")
    (found,) = matrix.check(folder / "matrix.yaml", points)
    assert found.message == (
        "the feedback of lock-1.release may take 10.001 s: at most 10 s (GB 16806-2006 (m))"
    )
    points = PointList.load(slow(folder, 10_000) / "points.yaml")
    assert matrix.check(folder / "matrix.yaml", points) == []


def test_whatever_the_way_takes_missing_feedback_is_a_fault_within_10_s(folder):
    """NFPA 72 says no such time, so the list may say more; the fault comes all the same."""
    (folder / "matrix.yaml").write_text(MATRIX.replace("gb50116", "nfpa72"))
    field = Field(load(slow(folder, 60_000)))
    field.until(0)
    fire(field)
    field.until(30_000)
    ((asked_ms, *_),) = [c for c in commands(field) if c[1] == "lock-1.release#1"]
    ((missed_ms, _, what),) = field.records("feedback")
    assert (what, missed_ms - asked_ms <= 10_000) == ("missing", True)
    assert field.controller.decider.outputs.capture()["lock-1.release"][1] is True
    assert ("lock-1.release", "no-feedback") in faults(field)


def faults(field):
    return {(entity, what) for entity, what, _ in field.controller.decider.intake.faults}


def ack(field, command, result):
    payload = envelope.encode_ack(field.now, field._next(), "b1", command, result, None)
    field.say("desk-1", "ack", payload)


@pytest.fixture
def warned(field):
    """A field whose desk is asked to show a first alarm."""
    field.boards["fire-1"].words[0] = 0x0C01
    field.until(500)
    assert [c[1] for c in commands(field)] == ["desk-1.alarm#1"]
    return field


def sent(field):
    return [json.loads(p)["id"] for topic, p in field.broker.sent if topic.endswith("cmd/alarm")]


def test_a_command_that_came_too_late_is_a_fault_and_is_sent_again(warned):
    ack(warned, "desk-1.alarm#1", "expired")
    warned.until(750)
    assert (750, "desk-1.alarm#1") in [(t, i) for t, _, i in warned.records("ack")]
    assert ("desk-1.alarm", "expired") in faults(warned)
    warned.until(5000)
    assert sent(warned)[:2] == ["desk-1.alarm#1"] * 2
    ack(warned, "desk-1.alarm#1", "ok")
    warned.until(5250)
    assert not faults(warned)


@pytest.mark.parametrize("result", ["rejected", "interlock"])
def test_a_command_that_a_device_refuses_is_a_fault_until_another_is_obeyed(warned, result):
    ack(warned, "desk-1.alarm#1", result)
    warned.until(5000)
    assert ("desk-1.alarm", result) in faults(warned)
    assert sent(warned) == ["desk-1.alarm#1"], "it has heard it"


WATCHED = MATRIX.replace(
    "causes:\n", 'causes:\n  - {id: wrong, say: "Out of order", when: fault, zones: ["*"]}\n'
).replace("rows:\n", "rows:\n  wrong: {voice: X}\n")


@pytest.mark.parametrize("zones", ['zones: ["*"]', "after_s: 0"])
def test_a_device_in_no_zone_reaches_the_row_of_faults(folder, zones):
    (folder / "matrix.yaml").write_text(WATCHED.replace('zones: ["*"]', zones, 1))
    field = Field(load(folder))
    field.until(5000)
    assert not field.records("decision")
    field.beating.remove("cam-1")
    field.until(9000)
    ((_, rule, what),) = field.records("decision")
    assert (rule, what) == ("wrong>voice", "on")
    (cause,) = [r for r in field.journal.records if r["k"] == "decision"]
    assert cause["inputs"] == ["cam-1"]
    field.beating.append("cam-1")
    field.until(12_000)
    assert [what for _, _, what in field.records("decision")] == ["on", "off"]


def test_a_row_of_faults_for_one_zone_hears_of_that_zone_only(folder):
    text = WATCHED.replace('zones: ["*"]', "zones: [b]", 1)
    (folder / "matrix.yaml").write_text(text)
    field = Field(load(folder))
    field.until(5000)
    field.beating.remove("cam-1")
    field.until(9000)
    assert not field.records("decision")
