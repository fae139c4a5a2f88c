"""Levels and patrols of the plan: who may, who does what by when, how a round was walked."""

from __future__ import annotations

import json

import pytest

from controller.interface.files import BadFile
from controller.interface.points import Quality
from controller.site import load
from tests.controller.school import PLAN, School, write

CHECKPOINTS = """
  - {id: cp-1, kind: patrol-checkpoint, at: hall, bus: mqtt, points: {visit: {topic: event/visit, as: text}}}
  - {id: cp-2, kind: patrol-checkpoint, at: hall, bus: mqtt, points: {visit: {topic: event/visit, as: text}}}
  - {id: cp-3, kind: patrol-checkpoint, at: hall, bus: mqtt, points: {visit: {topic: event/visit, as: text}}}
"""  # noqa: E501
DUTIES = (
    PLAN
    + """levels:
  - {id: IV, say: "Attention", raised_by: [guard, head], lowered_by: [guard, head]}
  - id: III
    say: "Heightened"
    raised_by: [guard, head]
    lowered_by: [head]
    steps:
      - {id: watch, say: "Watch the gate", to: duty, within_s: 60, instead: head}
  - id: II
    say: "Serious"
    raised_by: [head]
    lowered_by: [head]
    steps: [{id: close, say: "Close the gate", to: head, within_s: 30}]
utc_offset_h: 0
patrol:
  rounds_a_day: 2
  routes:
    - id: day
      say: "Round"
      window_min: 2
      points: [{at: cp-1, after_min: 1}, {at: cp-2, after_min: 3}, {at: cp-3, after_min: 5}]
      rounds: ["00:01", "00:20"]
"""
)
LEVEL_MATRIX = (
    '  - {id: level-3, say: "III", when: plan, equals: III, priority: 7}\n',
    '  - {id: tell, say: "Desk", outputs: [desk-1.alarm], value: level}\n',
    "  level-3: {tell: X}\n",
)


@pytest.fixture
def folder(tmp_path):
    write(tmp_path, DUTIES)
    points = tmp_path / "points.yaml"
    points.write_text(points.read_text().rstrip("\n") + CHECKPOINTS)
    matrix = (tmp_path / "matrix.yaml").read_text()
    for key, line in zip(("effects:\n", "rows:\n"), LEVEL_MATRIX[:2], strict=True):
        matrix = matrix.replace(key, f"{line}{key}", 1)
    (tmp_path / "matrix.yaml").write_text(matrix.rstrip("\n") + "\n" + LEVEL_MATRIX[2])
    return tmp_path


@pytest.fixture
def school(folder):
    return School(folder)


def visit(school, checkpoint, made_s=None):
    t_ms = school.now if made_s is None else made_s * 1000
    school.decider.intake.now = school.now
    school.decider.intake.event(f"{checkpoint}.visit", "guard-7", Quality.GOOD, t_ms)
    school.at(school.now / 1000)


def walk(school, *visits):
    for second, checkpoint in visits:
        school.at(second)
        visit(school, checkpoint)


def patrol(school):
    return [one for one in school.told("patrol") if one[1] != "begins"]


def test_a_guard_may_raise_to_three_and_not_to_two(school):
    assert school.ask("level", "III").granted
    refused = school.ask("level", "II")
    assert not refused.granted
    assert refused.text == "a guard may not raise to II; head may"
    assert school.decider.image.levels == ("IV", "III")


def test_only_who_may_lower_a_level_lowers_it(school):
    school.ask("level", "III")
    assert school.ask("level", "normal").text == "a guard may not lower from III; head may"
    assert school.ask("level", "normal", "head").granted
    assert school.decider.image.levels == ()


def test_a_level_that_stands_or_is_not_there_is_refused(school):
    assert not school.ask("level", "normal").granted
    assert "no such level: 'V'" in school.ask("level", "V").text


def test_what_a_level_moves_holds_while_it_or_a_higher_one_stands(school):
    def commands():
        return [(r["e"], r["value"]) for r in school.journal.records if r["k"] == "command"]

    school.ask("level", "IV")
    assert commands() == []
    school.ask("level", "II", "head")
    assert commands() == [("desk-1.alarm", "level")]
    school.ask("level", "III", "head")
    assert commands() == [("desk-1.alarm", "level")]
    school.ask("level", "IV", "head")
    assert commands() == [("desk-1.alarm", "level"), ("desk-1.alarm", "")]


def receipt(school, receiver, notice, word):
    school.decider.intake.now = school.now
    school.decider.intake.event(f"{receiver}.receipt", f"{notice} {word}", Quality.GOOD, school.now)
    school.at(school.now / 1000)


def test_a_step_is_told_seen_and_done(school):
    school.at(5)
    school.ask("level", "III")
    ((receiver, notice),) = school.due()
    assert receiver == "duty"
    assert school.text(receiver, notice)["step"] == "watch"
    school.at(10)
    receipt(school, "duty", notice, "acknowledged")
    school.at(40)
    receipt(school, "duty", notice, "done")
    assert [what for _, what in school.told("duty")] == ["told", "acknowledged", "done"]
    school.at(300)
    assert ("watch", "late") not in school.told("duty")


def test_a_step_that_is_not_done_in_time_goes_to_somebody_else(school):
    school.ask("level", "III")
    school.due()
    school.at(60)
    assert school.told("duty") == [
        ("watch", "told"), ("watch", "late"), ("watch", "told"),
    ]  # fmt: skip
    assert [receiver for receiver, _ in school.due()][-1] == "head"
    assert school.ask("done", "watch").granted
    assert school.told("duty")[-1] == ("watch", "done")
    assert not school.ask("done", "watch").granted


def test_a_late_step_that_nobody_else_takes_stays_open(school):
    school.ask("level", "II", "head")
    school.at(31)
    assert ("close", "late") in school.told("duty")
    assert school.ask("done", "close").granted


def test_the_steps_of_a_level_that_is_left_are_over(school):
    school.ask("level", "II", "head")
    school.ask("level", "III", "head")
    assert school.told("duty")[-1] == ("close", "over")
    assert not school.ask("done", "close").granted
    assert school.ask("done", "watch").granted


def test_words_of_strangers_change_nothing(school):
    school.ask("level", "III")
    before = school.told("duty")
    receipt(school, "duty", "n0-99", "acknowledged")
    receipt(school, "duty", "n0-1", "perhaps")
    assert school.told("duty") == before


def test_a_round_in_order_is_complete(school):
    walk(school, (120, "cp-1"), (240, "cp-2"), (360, "cp-3"), (400, "cp-3"))
    school.at(480)
    assert patrol(school) == [
        ("cp-1", "visited"), ("cp-2", "visited"), ("cp-3", "visited"), ("cp-3", "again"),
        ("day", "complete"),
    ]  # fmt: skip


def test_a_checkpoint_that_nobody_visits_is_missed_when_its_round_is_over(school):
    walk(school, (120, "cp-1"), (360, "cp-3"))
    school.at(479.75)
    assert ("cp-2", "missed") not in patrol(school)
    school.at(480)
    assert patrol(school)[-2:] == [("cp-2", "missed"), ("day", "incomplete")]


def test_a_visit_after_its_window_is_late(school):
    walk(school, (120 + 120.25, "cp-1"))
    assert patrol(school) == [("cp-1", "late")]


def test_a_round_that_is_walked_backwards_is_seen(school):
    walk(school, (100, "cp-3"), (120, "cp-2"), (140, "cp-1"))
    assert [what for _, what in patrol(school)] == ["visited", "reversed", "reversed"]


def test_a_visit_told_late_counts_by_its_own_time(school):
    school.at(200)
    visit(school, "cp-1", made_s=120)
    assert patrol(school) == [("cp-1", "told-late"), ("cp-1", "visited")]


def test_a_visit_told_after_the_round_is_found_in_it(school):
    walk(school, (120, "cp-1"), (360, "cp-3"))
    school.at(600)
    visit(school, "cp-2", made_s=240)
    found = [r for r in school.journal.records if r["k"] == "patrol"][-1]
    assert (found["e"], found["what"], found["found"]) == ("cp-2", "visited", True)


def test_a_visit_at_no_time_of_a_round_is_outside(school):
    school.at(1000)
    visit(school, "cp-1")
    assert patrol(school)[-1] == ("cp-1", "outside")


def test_rounds_begin_by_the_timetable_every_day(school):
    school.at(60)
    school.at(1200)
    school.at(86_400 + 60)
    begins = [r["t"] for r in school.journal.records if r.get("what") == "begins"]
    assert begins == [60_000, 1_200_000, 86_460_000]


def test_levels_steps_and_rounds_stand_after_a_restart(school, folder):
    walk(school, (120, "cp-1"), (140, "cp-2"))
    school.ask("level", "III")
    kept = json.loads(json.dumps(school.decider.capture()))
    after = School(folder)
    after.decider.restore(kept, 0)
    after.now = 150_000
    after.at(200)
    visit(after, "cp-2")
    assert after.decider.image.levels == ("IV", "III")
    assert ("watch", "late") in after.told("duty")
    assert ("cp-2", "again") in patrol(after)
    after.at(480)
    assert patrol(after)[-2:] == [("cp-3", "missed"), ("day", "incomplete")]


def test_what_a_new_plan_no_longer_has_is_forgotten_at_a_restart(school, folder):
    walk(school, (120, "cp-1"))
    school.ask("level", "III")
    kept = json.loads(json.dumps(school.decider.capture()))
    (folder / "plan.yaml").write_text("plan: 1\n")
    matrix = (folder / "matrix.yaml").read_text()
    for line in LEVEL_MATRIX:
        matrix = matrix.replace(line, "")
    (folder / "matrix.yaml").write_text(matrix)
    after = School(folder)
    after.decider.restore(kept, 0)
    after.at(600)
    assert after.decider.image.levels == ()
    assert (patrol(after), after.told("duty")) == ([], [])


def test_of_rounds_that_are_over_the_last_are_kept(school):
    for day in range(33):
        school.at(86_400 * day + 60)
        school.at(86_400 * day + 480)
        school.at(86_400 * day + 1200)
        school.at(86_400 * day + 1620)
    assert len(school.plan.capture()["patrols"]["over"]) == 64


def test_operators_may_name_levels_steps_and_buttons(school):
    assert {"normal", "III", "watch", "key-1", "fire-a"} <= set(school.plan.names)


@pytest.mark.parametrize(
    ("was", "wrong", "says"),
    [
        ("id: IV", "id: normal", "'normal' is taken already"),
        ("id: close, say", "id: watch, say", "already the id of another step"),
        ("instead: head}", "instead: haed}", "did you mean 'head'?"),
        ("to: duty, within_s", "to: police, within_s", "cannot say when a step is done"),
        ("id: III\n", "id: VI\n", "the matrix has a cause 'level-3' for a level 'III'"),
        ("rounds_a_day: 2", "rounds_a_day: 5", "2 rounds a day are planned, 5 are asked for"),
        ("at: cp-2, after", "at: cp-9, after", "no such patrol checkpoint: 'cp-9'"),
        ("utc_offset_h: 0\n", "", "`utc_offset_h` is missing: local time is told by patrol"),
        ("at: cp-2, after", "at: cp-1, after", "visited twice in one round"),
        ("after_min: 5", "after_min: 2", "in the order of the walk"),
        ('"00:20"', '"00:09"', "the round before lasts until 9 min after it began"),
        ('"00:20"', '"24:20"', "string should match pattern"),
    ],
)
def test_duties_that_cannot_be_are_refused_with_the_place(folder, was, wrong, says):
    assert was in DUTIES
    (folder / "plan.yaml").write_text(DUTIES.replace(was, wrong, 1))
    with pytest.raises(BadFile) as bad:
        load(folder)
    assert says in str(bad.value)
