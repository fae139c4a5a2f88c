"""Reports to authorities by their deadlines, and plans that cannot be."""

from __future__ import annotations

import pytest

from controller.interface.files import BadFile
from controller.site import load
from tests.controller.school import PLAN, School, write


@pytest.fixture
def school(tmp_path):
    return School(write(tmp_path))


def test_a_report_names_who_confirmed_the_measures_and_the_journal(school):
    school.press()
    school.due()
    school.at(20)
    head = school.ask("confirm", "key-1", "head")
    assert head.granted
    school.at(20.25)
    (bureau,) = [notice for receiver, notice in school.due() if receiver == "bureau"]
    said = school.text("bureau", bureau)
    assert (said["kind"], said["issue"], said["of"]) == ("report", "first", "n0-1")
    assert said["confirmed"] == {"by": "head (anna)", "when_ms": 20_000}
    assert "confirm by head (anna)" in [text for _, text in said["measures"]]
    evidence = [r for r in school.journal.records if r["k"] == "evidence"][-1]
    assert said["evidence"] == {"record": evidence["record"], "head": evidence["head"]}


def test_without_a_word_of_anybody_the_report_leaves_before_its_deadline(school):
    school.press()
    school.due()
    school.at(89)
    assert "bureau" not in [receiver for receiver, _ in school.due()]
    school.at(90)
    (bureau,) = [notice for receiver, notice in school.due() if receiver == "bureau"]
    assert school.text("bureau", bureau)["confirmed"] is None


def test_a_report_that_nobody_took_by_its_deadline_is_late(school):
    school.press()
    school.at(90)
    school.due()
    school.at(99.75)
    assert ("bureau", "late") not in school.told("report")
    school.at(100)
    assert ("bureau", "late") in school.told("report")


def test_a_report_that_was_taken_is_not_late(school):
    school.press()
    school.at(90)
    (notice,) = [n for receiver, n in school.due() if receiver == "bureau"]
    school.news("bureau", "taken", notice)
    school.at(101)
    assert school.told("report") == [("bureau", "first"), ("bureau", "taken")]


def test_the_follow_up_leaves_when_it_is_over_and_the_case_is_forgotten(school):
    school.press()
    school.ask("confirm", "key-1")
    school.at(1)
    school.ask("reset", "key-1")
    school.at(2)
    school.at(3)
    assert [what for _, what in school.told("report")] == ["first", "follow-up"]
    assert school.plan.capture()["incidents"]["cases"] == []


def test_two_reports_of_one_incident_keep_their_own_deadlines(tmp_path):
    other = '  - {id: late, say: "Later", incidents: [key], to: [head], first_s: 500}\n'
    school = School(write(tmp_path, PLAN + other))
    school.press()
    school.at(90)
    assert school.told("report") == [("bureau", "first")]
    school.at(450)
    assert ("head", "first") in school.told("report")


def test_of_many_measures_the_first_and_the_last_are_reported(school):
    school.press()
    for number in range(60):
        school.at(number / 4)
        school.ask("acknowledge", "key-1", f"role-{number}")
    (case,) = school.plan.capture()["incidents"]["cases"]
    texts = [text for _, text in case[12]]
    assert len(texts) == 40
    assert texts[0].startswith("told police")
    assert texts[-1].startswith("acknowledge by role-59")


@pytest.mark.parametrize(
    ("was", "wrong", "says"),
    [
        ("role: police}", "role: police, drill: true}", "the police are never called in a drill"),
        ("to: [police, duty]", "to: [polise, duty]", "did you mean 'police'?"),
        ("unless: [duty]", "unless: [head]", "told in no earlier step"),
        ("chain: fires", "chain: fire", "did you mean 'fires'?"),
        ('causes: ["fire*"]', 'causes: ["flood*"]', "no cause of the matrix matches"),
        ('buttons: ["key-*"]', 'buttons: ["kex-*"]', "no panic button matches"),
        ("unless: [duty]}", "unless: [duty]}\n      - {to: [bureau], after_s: 3}", "the order of"),
        ('causes: ["fire*"]', 'buttons: [key-1]', "key-1 already sets off key"),
        ("reports:", "cameras: {key-1: cam-9}\nreports:", "no such camera: 'cam-9'"),
        ("reports:", "cameras: {key-9: cam-1}\nreports:", "no such panic button: 'key-9'"),
        ("follow_up_s: 1000", "follow_up_s: 50", "the follow-up is due after the first report"),
        ("after_s: 30", "after_ms: 30", "unknown key 'after_ms' (did you mean 'after_s'?)"),
        ("to: [head]", "to: [duty]", "told in an earlier step already"),
        ("  duty: {say", "  desk-9: {say", "no such notice-receiver"),
        ('causes: ["fire*"], chain', 'chain', "nothing sets it off"),
        ("{id: fire, say", "{id: key, say", "already the id of another"),
    ],
)  # fmt: skip
def test_a_plan_that_cannot_be_is_refused_with_the_place(tmp_path, was, wrong, says):
    assert was in PLAN
    with pytest.raises(BadFile) as bad:
        load(write(tmp_path, PLAN.replace(was, wrong, 1)))
    assert says in str(bad.value)
    assert "plan.yaml:" in str(bad.value)
