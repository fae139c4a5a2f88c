"""What `twin verify` returns, the page that is generated, and what it says without outside data."""

import json
from pathlib import Path

import pytest

from evacuation.verification import GROUPS
from evacuation.verification.suite import CASES
from scenarios import verifying
from tests.verification.outcomes import outcome

PAGE = Path(__file__).parents[2] / "docs" / "verification.md"


def test_the_committed_page_is_the_generated_one(data, monkeypatch):
    monkeypatch.setenv("CAMPUS_TWIN_DATA", str(data))
    ordered = [outcome(one.id) for name in GROUPS for one in CASES if one.group == name]
    monkeypatch.setattr(verifying, "run", lambda: ordered)
    assert PAGE.read_text("utf-8") == verifying.document(), (
        "run `python -m scenarios.verifying > docs/verification.md`"
    )


def test_the_page_names_every_case_and_says_what_it_does_not_prove():
    text = PAGE.read_text("utf-8")
    assert all(f"| {one.id} |" in text for one in CASES)
    assert "Verified is not validated" in text


def test_a_group_comes_as_rows_with_counts():
    found = verifying.verify("counterflow")
    assert found["passed"] + found["failed"] + found["not_met"] == len(found["tests"]) == 1
    keys = "id group title refs expected measured unit verdict by_construction"
    assert set(keys.split()) <= set(found["tests"][0])
    json.dumps(found, allow_nan=False)
    text = verifying.verify_text(found)
    assert "I8" in text
    assert "1 passed, 0 failed, 0 not met" in text


def test_an_unknown_group_is_answered_with_the_nearest():
    with pytest.raises(ValueError, match="did you mean `counterflow`"):
        verifying.verify("counterflo")


def test_without_the_data_only_published_tables_are_compared_and_that_is_said(monkeypatch):
    monkeypatch.delenv("CAMPUS_TWIN_DATA", raising=False)
    found = verifying.verify("measured")
    assert [test["id"][0] for test in found["tests"]] == ["P"] * len(found["tests"])
    assert "CAMPUS_TWIN_DATA" in found["left_out"]["measured"]
    assert "left out: measured" in verifying.verify_text(found)
    with pytest.raises(ValueError, match="CAMPUS_TWIN_DATA is not set"):
        verifying.document()


def test_a_data_folder_without_the_trajectories_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("CAMPUS_TWIN_DATA", str(tmp_path))
    with pytest.raises(ValueError, match="holds no ped/trajectories"):
        verifying.verify("measured")
