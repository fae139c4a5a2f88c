"""JUnit: a failure is the product's, an error is the rig's, skipped never breaks a build."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

from reports.junit import Suite, write_junit


def parsed(tmp_path: Path, *suites: Suite) -> ET.Element:
    return ET.parse(write_junit(tmp_path / "deep" / "out.xml", suites)).getroot()


def suite(*expectations: dict[str, object], error: str = "") -> Suite:
    return Suite("s", expectations, "twin run s --seed 1", error=error)


def expectation(verdict: str, *, must: bool = True) -> dict[str, object]:
    return {
        "id": "E1",
        "say": "Doors open",
        "must": must,
        "verdict": verdict,
        "observed": 12.0,
        "limit": 10.0,
        "unit": "s",
        "clause": "GB 1",
        "why": "lock-1 after 12 s",
    }


def test_a_run_is_one_suite_with_a_case_per_expectation(folder: Path, tmp_path: Path) -> None:
    root = parsed(tmp_path, Suite.of(folder))
    (found,) = root.findall("testsuite")
    assert found.get("name") == "synthetic-fire"
    assert [case.get("name") for case in found.findall("testcase")] == [
        "E1: Evacuation voice within 10 s of the second detector",
        "E2: No stair above 3.5 people/m2",
        "E3: Everybody out in 3 minutes",
    ]
    counts = {key: found.get(key) for key in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "3", "failures": "1", "errors": "0", "skipped": "1"}
    properties = {p.get("name"): p.get("value") for p in found.iter("property")}
    assert properties["seed"] == "7"
    assert properties["journal_sha256"] == "1" * 64
    assert properties["sha256 floor.yaml"] == "ab" * 32


def test_a_failure_ends_with_the_command_to_run_it_again(tmp_path: Path) -> None:
    root = parsed(tmp_path, suite(expectation("fail")))
    failure = root.find(".//failure")
    assert failure is not None
    assert failure.get("message") == "fail: observed 12 s, limit 10 s"
    assert str(failure.text).endswith("again: twin run s --seed 1")
    assert "GB 1" in str(failure.text)


def test_what_should_be_true_breaks_no_build(tmp_path: Path) -> None:
    cases = [expectation("fail", must=False), expectation("inconclusive", must=False)]
    root = parsed(tmp_path, suite(*cases))
    assert (root.get("skipped"), root.get("failures"), root.get("errors")) == ("2", "0", "0")


def test_what_must_be_true_and_cannot_be_judged_is_no_pass(tmp_path: Path) -> None:
    root = parsed(tmp_path, suite(expectation("inconclusive")))
    assert (root.get("errors"), root.get("failures")) == ("1", "0")


def test_a_broken_rig_and_an_empty_scenario_are_errors(tmp_path: Path) -> None:
    root = parsed(tmp_path, suite(error="the broker was stopped"), suite())
    assert root.get("errors") == "2"
    assert root.get("tests") == "2"


def test_a_run_that_left_nothing_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    root = parsed(tmp_path, Suite.of(tmp_path / "run"))
    assert root.get("errors") == "1"
