"""The model beside measured data: the known verdicts, and that they can go the other way."""

from dataclasses import replace

import pytest

from evacuation import LABORATORY
from evacuation.verification import measured, published
from evacuation.verification.likeness import likeness
from scenarios import verifying

OFF = {
    "V3": "off: 1.00-1.80 m curve",
    "V4": "off: 1.80-0.95 m flow",
}
"""Where the model is off today, with words that must say so."""


@pytest.mark.parametrize("one", published.CASES, ids=lambda one: one.id)
def test_published_tables_have_the_verdict_that_is_known(one):
    found = one.run()
    assert found.verdict == ("fail" if one.id in OFF else "pass"), found.measured
    assert OFF.get(one.id, "") in found.measured
    assert one.refs
    assert one.note


def test_experiments_have_the_verdict_that_is_known(data, monkeypatch):
    monkeypatch.setenv("CAMPUS_TWIN_DATA", str(data))
    tests = {test["id"]: test for test in verifying.verify("measured")["tests"]}
    assert set(tests) >= {"V1", "V2", "V3", "V4", "V5", "V6"}
    for name, test in tests.items():
        assert test["verdict"] == ("fail" if name in OFF else "pass"), test["measured"]
        assert OFF.get(name, "") in test["measured"]


def test_a_slower_door_is_told_from_the_one_that_was_published(monkeypatch):
    slow = replace(LABORATORY, door_flow=1.2)
    monkeypatch.setattr(published, "PRESETS", (published.BOUNDING, slow))
    assert published.bottlenecks.run().verdict == "fail"


def test_design_flow_is_never_above_what_was_seen(data):
    for one in measured.BOTTLENECKS:
        found = measured.bottleneck(one, data)
        assert found.values["bounding"] < found.values["experiment"]


def test_the_limits_of_a_good_curve() -> None:
    seen = [float(k) for k in range(100)]
    assert likeness([1.1 * t for t in seen], seen).good
    assert likeness([t + 30.0 for t in seen], seen).good, "counted from the first one"
    assert not likeness([1.3 * t for t in seen], seen).good
    assert not likeness([0.0] * 99 + [99.0], seen).good
