"""Every case of the suite has the verdict that is known of it; planted defects are found."""

import json
import re

import pytest

from evacuation.verification import GROUPS, drill
from evacuation.verification.suite import CASES, run
from tests.verification import defects
from tests.verification.outcomes import named, outcome

FAILS = {}
"""What the engine does not do yet, with the words that must say so."""
NOT_MET = {"R6", "R15", "R16"}
"""Cases that need people with places and bodies."""
STANDARDS = {
    "RiMEA": {str(n) for n in range(1, 17)} | {"12a", "12b", "12c", "12d"},
    "IMO": {str(n) for n in range(1, 13)},
    "NIST": {
        "1.1", *(f"2.{n}" for n in range(1, 11)), "3.1", "3.2", "3.3", "4.1", "5.1", "5.2",
    },
    "ISO": {str(n) for n in range(1, 18)} | {"table 21", "table 22"},
}  # fmt: skip


@pytest.mark.parametrize("one", CASES, ids=lambda one: one.id)
def test_a_case_has_the_verdict_that_is_known_of_it(one):
    result = outcome(one.id)
    expected = "fail" if one.id in FAILS else "not_met" if one.id in NOT_MET else "pass"
    assert result.verdict == expected, f"{result.measured} (expected: {result.expected})"
    assert FAILS.get(one.id, "") in result.measured
    assert result.measured
    assert result.note
    json.dumps(dict(result.values), allow_nan=False)


def test_every_test_of_the_standards_is_answered_by_one_case_or_its_parts():
    answered = [ref for one in CASES for ref in one.refs]
    for standard, tests in STANDARDS.items():
        refs = {re.sub(r" \(.*", "", r)[len(standard) + 1 :] for r in answered if standard in r}
        assert refs == tests
    twice = {ref for ref in answered if answered.count(ref) > 1}
    assert twice == {"NIST 2.2", "ISO 3"}, "only up and down share a test"


def test_ids_are_unique_and_a_pass_by_construction_says_why():
    assert len({one.id for one in CASES}) == len(CASES)
    assert all(one.note for one in CASES if one.by_construction)


def test_a_group_runs_alone_and_twice_the_same():
    assert "counterflow" in GROUPS
    assert run("counterflow") == run("counterflow")


@pytest.mark.parametrize(
    ("defect", "found_by", "value", "least"),
    [
        (defects.QueueCredit, "I4", "peak_over_cap", 1.1),
        (defects.TwiceTheDoor, "I8", "both_over_cap", 1.25),
        (defects.NoFallingBranch, "I12", "bounding dense", 1.2),
        (defects.NoFallingBranch, "ISO13", "N 360", 2.0),
    ],
    ids=["queue credit", "two-way door of 2 C", "no falling branch", "no falling branch, zones"],
)
def test_a_planted_defect_is_found(monkeypatch, defect, found_by, value, least):
    clean = outcome(found_by)
    assert clean.verdict == "pass"
    assert clean.values[value] < least
    monkeypatch.setattr(drill, "Crowd", defect)
    result = named(found_by).run()
    assert result.verdict == "fail"
    assert result.values[value] > least


def test_stepping_alone_is_no_defect(monkeypatch):
    monkeypatch.setattr(drill, "Crowd", defects.StepByStep)
    assert named("I8").run().verdict == "pass"
    assert named("I4").run().verdict == "pass"
